"""Drafting a regulation with the handbook's questions, the consultation with staff, and the short test (AM-W2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.queries import SOURCE as MEETING
from zhangfa.meetings.queries import of_source as meetings_of
from zhangfa.organisation.models import Unit
from zhangfa.policy.actions import refuse_enact
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.regulations import queries, rules
from zhangfa.regulations.actions.figures import never_binds
from zhangfa.regulations.choices import POST_CODES, Level, Status
from zhangfa.regulations.models import Clause, Regulation
from zhangfa.regulations.permissions import draft_regulations, drafter
from zhangfa.regulations.registry import source_of
from zhangfa.regulations.rules import CLAUSE, Draft, clauses_in

FORM = "GF"
S = Status
# What the form of a draft fills; the rest follows from these or from later steps.
ANSWERS = (
    "kind", "topic", "title", "summary", "reason", "problem", "references", "posts", "how", "done_by", "period", "from_on", "to_on", "vital", "is_urgent",
    "expires_on", "policy_key", "policy_value", "is_fast", "effective_on",
)  # fmt: skip


def draft(
    *, title: str, kind: str, topic: str, summary: str, reason: str, problem: str, clauses: str | Sequence[str], posts: Sequence[str],
    level: str = Level.COMPANY, department: Unit | None = None, references: str = "", how: str = "", done_by: dt.date | None = None,
    period: str = "daily", from_on: dt.date | None = None, to_on: dt.date | None = None, vital: Sequence[str] = (), is_urgent: bool = False,
    expires_on: dt.date | None = None, policy_key: str = "", policy_value: str = "", is_fast: bool = False, effective_on: dt.date | None = None,
    source_kind: str = "", source_id: Any = "", revises: Regulation | None = None, by: Any, at: dt.datetime, id: UUID | None = None,
) -> Regulation:  # fmt: skip
    """Begin a regulation, or the next version of one. `source_kind`, `source_id` say what it was born of. Raises `Refused`."""
    answers = {
        "kind": kind, "topic": topic, "title": title, "summary": summary, "reason": reason, "problem": problem, "references": references,
        "posts": list(posts), "how": how, "done_by": done_by, "period": period, "from_on": from_on, "to_on": to_on, "vital": list(vital),
        "is_urgent": is_urgent, "expires_on": expires_on, "policy_key": policy_key, "policy_value": policy_value, "is_fast": is_fast,
        "effective_on": effective_on,
    }  # fmt: skip
    lines = clauses_in(clauses) if isinstance(clauses, str) else list(clauses)
    unit = _unit(level, department, by)
    demand(draft_regulations(by=by, at=at))
    demand([*_refuse_answers(answers, level, lines, at, revises), *_refuse_place(level, unit)])
    demand([*_refuse_source(source_kind, str(source_id or ""), by, at), *_refuse_fast(is_fast, source_kind, is_urgent)])
    with work():
        if revises is not None:
            # Two who write the next version take turns.
            Regulation.objects.lock(revises.first_id_or_own)
        demand(_refuse_revision(revises))
        record = open_record(
            FORM, unit=unit, by=by, at=at, title=title[:120], id=id, retention="R5", url=lambda pk: f"/regulations/{pk}/"
        )  # fmt: skip
        first = revises.first_id_or_own if revises else None
        edition = queries.editions(revises).first().edition + 1 if revises else 1  # type: ignore[union-attr]
        regulation = Regulation(
            record=record, first_id=first, edition=edition, level=level, unit=unit, department_id=unit.department_id, source_kind=source_kind,
            source_id=str(source_id or ""), drafted_by_id=by.person_id, drafted_at=at, **answers,
        )  # fmt: skip
        regulation.save(force_insert=True)
        if by.person_id is not None:
            concern(record, by.person_id, "drafter")
        assign_number(record, at=at)
        write_clauses(regulation, lines)
        announce(
            "regulations.regulation.drafted", regulation, by=by, at=at, label=_("起草制度"), record_id=record.pk, clause=CLAUSE,
            codes={"kind": kind, "level": level, "edition": edition, "source_kind": source_kind, "source": str(source_id or "")}, is_new=True,
        )  # fmt: skip
        tell_source("drafted", regulation, _("提交制度草案"), by=by, at=at)
    return regulation


def _unit(level: str, department: Unit | None, by: Any) -> Unit:
    if level == Level.COMPANY:
        return Unit.objects.get(kind=Unit.Kind.COMPANY)
    own = department.pk if department else next((s.department_id for s in by.seats if s.department_id), None)
    return Unit.objects.filter(pk=own).first() or Unit.objects.get(kind=Unit.Kind.COMPANY)


def _refuse_place(level: str, unit: Unit) -> Iterator[Refusal]:
    if level == Level.DEPARTMENT and unit.kind != Unit.Kind.DEPARTMENT:
        yield Refusal("regulation.department", _("部门级制度请选择部门。"), {}, CLAUSE, "department")


def _refuse_revision(revises: Regulation | None) -> Iterator[Refusal]:
    if revises is None:
        return
    if not revises.is_public:
        yield Refusal("regulation.revises", _("只有颁布过的制度才能修订。"), {}, CLAUSE, "revises")
    waiting = (
        queries.editions(revises)
        .filter(status__in=(S.DRAFT, S.REVIEW, S.DECIDING, S.RETURNED, S.APPROVED))
        .select_related("drafted_by")
        .first()
    )
    if waiting:
        facts = {
            "number": waiting.record.number or "",
            "name": waiting.drafted_by.shown_name if waiting.drafted_by else "",
        }
        words = _("%(name)s已在起草这份制度的新版 %(number)s，请在那一份上修改。")
        yield Refusal("regulation.waiting", words, facts, CLAUSE, "revises")


def _refuse_source(kind: str, source_id: str, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """What it is born of exists, and the drafter may see it."""
    known = source_of(kind)
    if kind and (known is None or (not by.is_system and known.find(by, source_id, at) is None)):
        words = _("没有找到引出这份制度的会议、事故或客户问题，或者您不能查看。请从那一页重新起草，或另行起草。")
        yield Refusal("regulation.source", words, {}, CLAUSE)


def _refuse_fast(is_fast: bool, source_kind: str, is_urgent: bool) -> Iterator[Refusal]:
    if is_fast and not source_kind and not is_urgent:
        yield Refusal(
            "regulation.fast", _("快速办理只用于会议、事故或客户问题引出的次日制度和紧急指令。"), {}, "CS-W3.4", "is_fast"
        )  # fmt: skip


def _refuse_answers(
    answers: dict[str, Any], level: str, lines: Sequence[str], at: dt.datetime, other: Regulation | None
) -> Iterator[Refusal]:
    """`other`: any version of the same regulation, where there is one."""
    names = (
        "kind",
        "title",
        "summary",
        "reason",
        "problem",
        "posts",
        "how",
        "done_by",
        "period",
        "from_on",
        "to_on",
        "is_urgent",
    )
    has_policy = bool(answers["policy_key"])
    yield from rules.refuse_draft(
        Draft(level=level, clauses=lines, has_policy=has_policy, **{name: answers[name] for name in names})
    )
    if any(code not in POST_CODES for code in answers["posts"]):
        yield Refusal("regulation.posts", _("请写明对哪些岗位。"), {}, CLAUSE, "posts")
    if has_policy and answers["expires_on"] is not None:
        yield Refusal("regulation.policy_for_a_time", rules.FOR_A_TIME, {}, "X-2", "expires_on")
    today, planned = clock.local_date(at), answers["effective_on"]
    if planned is not None and planned < today:
        yield Refusal("regulation.past", _("生效日期不能早于今天。"), {}, CLAUSE, "effective_on")
    elif planned == today and has_policy:
        yield Refusal("regulation.tomorrow", _("修改章程的制度最早从明天起生效。"), {}, "X-2", "effective_on")
    elif has_policy:
        day = planned or today + dt.timedelta(days=1)
        last = queries.editions(other).filter(status=S.IN_FORCE).first() if other else None
        # What the version before would change may be said again, or set back, while its day hasn't come.
        is_coming = last is not None and last.policy_key == answers["policy_key"] and never_binds(last, day)
        yield from refuse_figure(answers["policy_key"], answers["policy_value"], at, day, may_repeat=is_coming)


def refuse_figure(
    key: str, value: str, at: dt.datetime, day: dt.date, *, may_repeat: bool = False
) -> Iterator[Refusal]:
    """A figure that a regulation changes keeps to the legal limits like any other (X-2)."""
    for refusal in refuse_enact(key, value, day, at, may_repeat=may_repeat):
        field = {"value": "policy_value", "key": "policy_key"}.get(refusal.field, refusal.field)
        yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause, field)


def write_clauses(regulation: Regulation, lines: Sequence[str]) -> None:
    """The clauses as rows: compared with the version before; a question stays with a clause that kept its words."""
    changed = rules.changed_seqs(queries.texts(queries.before(regulation)), lines)
    kept = {row.text: row for row in regulation.clauses.exclude(question="")}
    regulation.clauses.all().delete()
    Clause.objects.bulk_create(
        Clause(
            regulation=regulation, seq=seq, text=text, is_changed=seq in changed, search_key=_key(regulation, seq, text),
            **({"question": kept[text].question, "options": kept[text].options, "answer": kept[text].answer} if text in kept else {}),
        )
        for seq, text in enumerate(lines, 1)
    )  # fmt: skip


def _key(regulation: Regulation, seq: int, text: str) -> str:
    """Every character spaced, and the Latin words whole; the title is found with the first clause."""
    text = f"{regulation.title} {regulation.summary} {text}" if seq == 1 else text
    words = [word for word in text.lower().split() if word.isascii() and len(word) > 1]
    return f" {' '.join(char for char in text.lower() if char.strip())} {' '.join(words)} "


def _guard_revise(regulation: Regulation, *, by: Any, at: dt.datetime, clauses: str | Sequence[str], **answers: Any) -> Iterator[Refusal]:  # fmt: skip
    lines = clauses_in(clauses) if isinstance(clauses, str) else list(clauses)
    full = {name: answers.get(name, getattr(regulation, name)) for name in ANSWERS}
    yield from _refuse_answers(full, regulation.level, lines, at, regulation)
    yield from _refuse_fast(full["is_fast"], regulation.source_kind, full["is_urgent"])


@arrow(
    Regulation, sources=[S.DRAFT, S.RETURNED], target=None, label=_("修改草案"), event="revised", permit=drafter, guard=_guard_revise, clause=CLAUSE,
)  # fmt: skip
def revise(regulation: Regulation, *, by: Any, at: dt.datetime, clauses: str | Sequence[str], **answers: Any) -> None:
    """Write the draft anew; questions of unchanged clauses stay."""
    for name in ANSWERS:
        if name in answers:
            setattr(regulation, name, list(answers[name]) if name in ("posts", "vital") else answers[name])
    write_clauses(regulation, clauses_in(clauses) if isinstance(clauses, str) else list(clauses))


def _guard_consult(
    regulation: Regulation, *, by: Any, at: dt.datetime, consulted_on: dt.date, consulted_how: str, consulted_count: int, consulted_result: str
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_consultation(
        on=consulted_on, today=clock.local_date(at), count=consulted_count, result=consulted_result
    )


@arrow(
    Regulation, sources=[S.DRAFT, S.RETURNED], target=None, label=_("登记员工协商"), event="consulted", permit=drafter, guard=_guard_consult,
    clause=CLAUSE, applies=lambda row: bool(row.vital), hint=_("涉及员工切身利益的制度，先与职工代表或全体员工讨论，再提交审批。"),
)  # fmt: skip
def consult(
    regulation: Regulation, *, by: Any, at: dt.datetime, consulted_on: dt.date, consulted_how: str, consulted_count: int, consulted_result: str
) -> dict[str, Any]:  # fmt: skip
    """Note how the rule was discussed with staff and what came of it (LCL 4)."""
    regulation.consulted_on, regulation.consulted_how = consulted_on, consulted_how
    regulation.consulted_count, regulation.consulted_result = consulted_count, consulted_result
    return {"codes": {"vital": regulation.vital, "count": consulted_count}}


def _guard_question(
    regulation: Regulation, *, by: Any, at: dt.datetime, seq: int, question: str, options: str | Sequence[str], answer: int
) -> Iterator[Refusal]:  # fmt: skip
    if not regulation.clauses.filter(seq=seq, is_changed=True).exists():
        yield Refusal("quiz.clause", _("考题针对本版新增或修改的条文，请填写它的序号。"), {}, CLAUSE, "seq")
    yield from rules.refuse_question(question=question, options=_lines(options), answer=answer)


@arrow(
    Regulation, sources=[S.DRAFT, S.RETURNED, S.REVIEW, S.DECIDING, S.APPROVED], target=None, label=_("出考题"), event="question_written",
    permit=drafter, guard=_guard_question, clause=CLAUSE, hint=_("员工签收前要答对本版改动条文的考题。"),
)  # fmt: skip
def ask_question(
    regulation: Regulation, *, by: Any, at: dt.datetime, seq: int, question: str, options: str | Sequence[str], answer: int
) -> dict[str, Any]:  # fmt: skip
    """A question on a changed clause, which everybody answers before acknowledging."""
    regulation.clauses.filter(seq=seq).update(question=question, options=_lines(options), answer=answer - 1)
    return {"codes": {"seq": seq}}


def _lines(options: str | Iterable[str]) -> list[str]:
    return clauses_in(options) if isinstance(options, str) else list(options)


def tell_source(verb: str, regulation: Regulation, label: str, *, by: Any, at: dt.datetime) -> None:
    """The same news to the papers that the regulation was born of: their duties listen there."""
    for record_id in subjects_of(regulation):
        announce(
            f"regulations.source.{verb}", regulation, by=by, at=at, label=label, record_id=regulation.record_id, clause=CLAUSE,
            codes={"subject": f"record:{record_id}", "source_kind": regulation.source_kind, "source": regulation.source_id, "regulation": regulation.pk},
        )  # fmt: skip


def subjects_of(regulation: Regulation) -> list[Any]:
    """The papers behind it: what it was born of, and the meetings about that, or what its meeting was about."""
    pairs = [(regulation.source_kind, regulation.source_id)]
    if regulation.source_kind == MEETING:
        pairs += [(m.source_kind, m.source_id) for m in Meeting.objects.filter(pk=regulation.source_id)]
        found: list[Any] = [UUID(regulation.source_id)]
    else:
        found = [m.pk for m in meetings_of(regulation.source_kind, regulation.source_id)]
    for kind, source_id in pairs:
        known = source_of(kind)
        record_id = known.record_of(source_id) if known and kind != MEETING else None
        if record_id is not None:
            found.append(record_id)
    return list(dict.fromkeys(found))
