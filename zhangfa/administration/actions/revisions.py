"""Drafting a revision of the chart or of a post's description, and the way through review and approval (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Max

from zhangfa.administration import revision_rules as rules
from zhangfa.administration import revisions as reads
from zhangfa.administration.actions import receipts
from zhangfa.administration.models import Description, Revision, RevisionLine
from zhangfa.administration.permissions import followed
from zhangfa.administration.revision_permissions import author, draft_chart, draft_post, sender_back
from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import steps_of
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Transition, announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.organisation.models import Company, Post, Seat, Unit
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S, K, L = Revision.Status, Revision.Kind, RevisionLine.Kind
CLAUSE = rules.CLAUSE
REVIEW, APPROVAL = "administration.revision_review", "administration.revision_approval"
CHART_FORM, POST_FORM = "JG", "U41"
OPEN = [S.DRAFT, S.RETURNED]


def draft_chart_revision(
    *, title: str, reason: str, effective_on: dt.date, by: Any, at: dt.datetime, id: UUID | None = None
) -> Revision:
    """Begin a revision of the chart; its lines are added one by one."""
    demand(draft_chart(by=by, at=at))
    return _draft(K.CHART, None, title=title, reason=reason, effective_on=effective_on, by=by, at=at, id=id)


def draft_post_revision(
    *, post: Post, title: str, reason: str, effective_on: dt.date, by: Any, at: dt.datetime, id: UUID | None = None
) -> Revision:
    """Begin a revision of a post's description; it starts from the version in force, else from the handbook's clauses."""
    demand(draft_post(by=by, at=at))
    return _draft(K.POST, post, title=title, reason=reason, effective_on=effective_on, by=by, at=at, id=id)


def _refuse_second(post: Post | None) -> Iterator[Refusal]:
    rows = Revision.objects.filter(post=post, status__in=Revision.RUNNING).select_related("record")
    running = rows.first() if post is not None else None
    if running is not None:
        yield Refusal(
            "revision.running", _("这个岗位已有一份修订 %(number)s 在办理。"), {"number": str(running)}, CLAUSE, "post"
        )


def _draft(
    kind: str,
    post: Post | None,
    *,
    title: str,
    reason: str,
    effective_on: dt.date,
    by: Any,
    at: dt.datetime,
    id: UUID | None,
) -> Revision:
    demand(rules.refuse_words(title=title, reason=reason))
    demand(rules.refuse_day(effective_on=effective_on, today=clock.local_date(at)))
    with work():
        one_at_a_time()
        demand(_refuse_second(post))
        company = Unit.objects.get(kind=Unit.Kind.COMPANY)
        form = CHART_FORM if kind == K.CHART else POST_FORM
        record = open_record(form, unit=company, by=by, at=at, title=title[:120], id=id, retention="R5", url=_url)
        row = Revision(
            record=record, kind=kind, post=post, title=title, reason=reason, effective_on=effective_on, drafted_at=at,
            drafted_by_id=by.person_id,
        )  # fmt: skip
        row.save(force_insert=True)
        if post is not None:
            texts = reads.starting_texts(post, at)
            superior = texts.pop("superior") or None
            Description.objects.create(revision=row, superior_id=superior, **texts)
        if by.person_id is not None:
            concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        announce(
            "administration.revision.drafted", row, by=by, at=at, label=_("起草修订"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"kind": kind, "post": post.pk if post else "", "effective_on": effective_on.isoformat()}, values={"title": title, "reason": reason},
        )  # fmt: skip
        return row


def _url(pk: UUID) -> str:
    return f"/revisions/{pk}/"


def _guard_words(
    row: Revision, *, by: Any, at: dt.datetime, title: str, reason: str, effective_on: dt.date
) -> Iterator[Refusal]:
    yield from rules.refuse_words(title=title, reason=reason)
    yield from rules.refuse_day(effective_on=effective_on, today=clock.local_date(at))


@arrow(
    Revision,
    sources=OPEN,
    target=None,
    label=_("修改名称、理由和日期"),
    event="reworded",
    permit=author,
    guard=_guard_words,
    clause=CLAUSE,
)
def reword(row: Revision, *, by: Any, at: dt.datetime, title: str, reason: str, effective_on: dt.date) -> None:
    """What it is about, why, and from which day."""
    row.title, row.reason, row.effective_on = title, reason, effective_on


def _add(row: Revision, kind: str, **facts: Any) -> dict[str, Any]:
    seq = 1 + (row.lines.aggregate(last=Max("seq"))["last"] or 0)
    RevisionLine.objects.create(revision=row, seq=seq, kind=kind, **facts)
    return {"codes": {"line": seq, "kind": kind}}


def _guard_room(row: Revision, *, by: Any, at: dt.datetime, **more: Any) -> Iterator[Refusal]:
    if row.lines.count() >= rules.MOST_LINES:
        yield Refusal("revision.many", _("一份修订最多 %(most)s 行。"), {"most": rules.MOST_LINES}, CLAUSE)


def _guard_place(row: Revision, *, by: Any, at: dt.datetime, **more: Any) -> Iterator[Refusal]:
    yield from _guard_room(row, by=by, at=at)
    for existing, new, field in (("parent", "new_unit", "parent"), ("unit", "new_unit", "unit")):
        if existing in more and more[existing] is None and not more.get(new):
            yield Refusal("revision.place", _("请选择现有单位，或写明本单第几行新设的单位。"), {}, CLAUSE, field)


def line_arrow(label: Any, event: str, guard: Any = _guard_room) -> Callable[[Callable[..., Any]], Transition]:
    """A button of a chart revision that is still being written."""
    return arrow(
        Revision, sources=OPEN, target=None, label=label, event=event, permit=author, guard=guard, clause=CLAUSE,
        applies=lambda row: row.kind == K.CHART,
    )  # fmt: skip


@line_arrow(_("新设单位"), "unit_opening_added", _guard_place)
def open_unit(
    row: Revision, *, by: Any, at: dt.datetime, unit_kind: str, code: str, name: str, name_en: str = "", parent: Unit | None = None, new_unit: int = 0
) -> dict[str, Any]:  # fmt: skip
    """A unit is opened under one that stands, or under one that this paper opens."""
    return _add(
        row, L.OPEN_UNIT, unit_kind=unit_kind, code=code, name=name, name_en=name_en, parent=parent, new_unit=new_unit
    )


@line_arrow(_("新设席位"), "seat_adding_added", _guard_place)
def add_seat(
    row: Revision, *, by: Any, at: dt.datetime, post: Post, unit: Unit | None = None, new_unit: int = 0, above: Seat | None = None, new_above: int = 0
) -> dict[str, Any]:  # fmt: skip
    """A seat of a post comes into a unit, reporting to a seat."""
    return _add(row, L.ADD_SEAT, post=post, unit=unit, new_unit=new_unit, above=above, new_above=new_above)


def _guard_move(row: Revision, *, by: Any, at: dt.datetime, seat: Seat, **more: Any) -> Iterator[Refusal]:
    yield from _guard_room(row, by=by, at=at)
    if not any(more.values()):
        yield Refusal("revision.nothing", _("请写明换到哪个单位，或改由谁直接管理。"), {}, CLAUSE, "unit")


@line_arrow(_("调整席位"), "seat_moving_added", _guard_move)
def move_seat(
    row: Revision, *, by: Any, at: dt.datetime, seat: Seat, unit: Unit | None = None, new_unit: int = 0, above: Seat | None = None, new_above: int = 0
) -> dict[str, Any]:  # fmt: skip
    """A seat goes to another unit or reports to another seat, with whoever holds it."""
    return _add(row, L.MOVE_SEAT, seat=seat, unit=unit, new_unit=new_unit, above=above, new_above=new_above)


@line_arrow(_("停用席位"), "seat_closing_added")
def close_seat(
    row: Revision, *, by: Any, at: dt.datetime, seat: Seat, moves_to: Seat | None = None, new_moves_to: int = 0
) -> dict[str, Any]:
    """A seat goes out of use; who sits there moves to another."""
    return _add(row, L.CLOSE_SEAT, seat=seat, moves_to=moves_to, new_moves_to=new_moves_to)


@line_arrow(_("调整上级单位"), "unit_moving_added", _guard_place)
def move_unit(
    row: Revision, *, by: Any, at: dt.datetime, unit: Unit, parent: Unit | None = None, new_unit: int = 0
) -> dict[str, Any]:
    """A unit hangs under another one, with everything below it."""
    return _add(row, L.MOVE_UNIT, unit=unit, parent=parent, new_unit=new_unit)


@line_arrow(_("单位改名"), "unit_renaming_added")
def rename_unit(row: Revision, *, by: Any, at: dt.datetime, unit: Unit, name: str, name_en: str = "") -> dict[str, Any]:
    return _add(row, L.RENAME_UNIT, unit=unit, name=name, name_en=name_en)


@line_arrow(_("停用单位"), "unit_closing_added")
def close_unit(row: Revision, *, by: Any, at: dt.datetime, unit: Unit) -> dict[str, Any]:
    return _add(row, L.CLOSE_UNIT, unit=unit)


def _guard_drop(row: Revision, *, by: Any, at: dt.datetime, line: int) -> Iterator[Refusal]:
    if not row.lines.filter(seq=line).exists():
        yield Refusal("revision.no_line", _("没有这一行。"), {}, CLAUSE, "line")


@line_arrow(_("去掉一行"), "line_dropped", _guard_drop)
def drop_line(row: Revision, *, by: Any, at: dt.datetime, line: int) -> dict[str, Any]:
    """The other lines keep their numbers, because they may point to each other."""
    row.lines.filter(seq=line).delete()
    return {"codes": {"line": line}}


@arrow(
    Revision, sources=OPEN, target=None, label=_("填写岗位说明"), event="described", permit=author, clause=CLAUSE,
    applies=lambda row: row.kind == K.POST,
)  # fmt: skip
def describe(row: Revision, *, by: Any, at: dt.datetime, superior: Post | None = None, **texts: str) -> dict[str, Any]:
    """The texts of the description as they are to be."""
    description = row.description
    for name, text in texts.items():
        setattr(description, name, text)
    description.superior = superior
    description.save()
    return {
        "values": dict(texts),
        "codes": {"superior": superior.pk if superior else ""},
    }


def _guard_submit(row: Revision, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_day(effective_on=row.effective_on, today=clock.local_date(at))
    if row.kind == K.CHART:
        found = reads.problems_of(row, at)
        yield from rules.refuse_lines(found, count=row.lines.count(), is_first=reads.in_force() is None)
    else:
        before = reads.description_in_force(row.post_id or "")
        texts = row.description.texts()
        yield from rules.refuse_description(texts, before=before.texts() if before else {})


@arrow(
    Revision, sources=OPEN, target=S.REVIEW, label=_("提交审核"), event="submitted", permit=author, guard=_guard_submit, clause=CLAUSE,
    hint=_("先审核，后由总经理批准；到生效日自动执行。"),
)  # fmt: skip
def submit(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """Hand it in: reviewed by administration or the executive in charge, then approved by the GM."""
    _mark(row, Record.Status.SUBMITTED)
    _ask(row, REVIEW, "dgm" if by.holds("am") else "am", by=by, at=at)


def _ask(row: Revision, kind: str, authority: str, *, by: Any, at: dt.datetime, involved: Any = ()) -> None:
    request_step(
        row.record, kind=kind, authority=authority, unit=row.record.unit, by=by, at=at, applicant_person_id=row.drafted_by_id, clause=CLAUSE,
        involved_person_ids=involved, facts={"title": row.title, "kind": row.kind, "effective_on": row.effective_on.isoformat(), "lines": row.lines.count()},
    )  # fmt: skip


@arrow(
    Revision, sources=[S.REVIEW], target=S.PROPOSED, label=_("审核通过"), event="reviewed", permit=followed("agreed"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def reviewed(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """Reviewed: the GM approves, or whoever decides in their place; never the reviewer again."""
    _ask(row, APPROVAL, "gm", by=by, at=at, involved=(by.person_id,))


@arrow(
    Revision, sources=[S.REVIEW, S.PROPOSED], target=S.APPROVED, label=_("批准"), event="approved", permit=followed("agreed"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def approved(row: Revision, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Approved: it takes effect on its day, or tomorrow where its day has passed meanwhile; those whom it concerns are told."""
    from zhangfa.administration.actions.revision_effect import tell_readers

    row.approved_at, row.trouble = at, []
    row.effective_on = max(row.effective_on, clock.local_date(at) + dt.timedelta(days=1))
    _mark(row, Record.Status.APPROVED)
    count = tell_readers(row, by=by, at=at)
    return {"codes": {"effective_on": row.effective_on.isoformat(), "readers": count}}


@arrow(
    Revision, sources=[S.REVIEW, S.PROPOSED], target=S.REFUSED, label=_("不同意"), event="refused", permit=followed("refused"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def refused(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """Everything stays as it is."""
    _mark(row, Record.Status.REFUSED)


@arrow(
    Revision, sources=[S.REVIEW, S.PROPOSED], target=S.RETURNED, label=_("退回修改"), event="returned", permit=followed("returned"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def returned(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """The author is to mend it."""
    _mark(row, Record.Status.RETURNED)


@arrow(
    Revision, sources=[S.DRAFT, S.RETURNED, S.REVIEW, S.PROPOSED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=author,
    clause=CLAUSE,
)  # fmt: skip
def withdraw_revision(row: Revision, *, by: Any, at: dt.datetime) -> None:
    """Taken back before it is approved."""
    if any(step.state == Step.State.WAITING for step in steps_of(row.record_id)):
        void_steps(row.record, by=by, at=at, reason="withdrawn")
    _mark(row, Record.Status.VOID)


def _guard_back(row: Revision, *, by: Any, at: dt.datetime, opinion: str) -> Iterator[Refusal]:
    if len(opinion.strip()) < rules.SHORTEST:
        yield Refusal(
            "revision.opinion",
            _("请写明退回的原因（不少于 %(count)s 个字）。"),
            {"count": rules.SHORTEST},
            CLAUSE,
            "opinion",
        )


@arrow(
    Revision, sources=[S.APPROVED], target=S.RETURNED, label=_("生效前退回"), event="called_back", permit=sender_back, guard=_guard_back,
    clause=CLAUSE,
)  # fmt: skip
def call_back(row: Revision, *, by: Any, at: dt.datetime, opinion: str) -> dict[str, Any]:
    """Before its day, or where it could not take effect: the GM or the author takes it back for mending; approved anew it goes on."""
    _mark(row, Record.Status.RETURNED)
    receipts.release(row, by=by, at=at)
    row.readers.all().delete()
    return {"values": {"opinion": opinion}}


AFTER_REVIEW = {Step.State.AGREED: reviewed, Step.State.REFUSED: refused, Step.State.RETURNED: returned}
AFTER_APPROVAL = {Step.State.AGREED: approved, Step.State.REFUSED: refused, Step.State.RETURNED: returned}


def lock_revision(step: Step) -> Revision:
    return Revision.objects.lock(step.record_id)


def follow_review(step: Step, *, by: Any, at: dt.datetime) -> None:
    """Where nobody stands between administration and the GM, the GM reviews and approves in one."""
    is_last = step.seat is not None and step.seat.post_id == "gm" and step.state == Step.State.AGREED
    (approved if is_last else AFTER_REVIEW[Step.State(step.state)])(lock_revision(step), by=by, at=at)


def follow_approval(step: Step, *, by: Any, at: dt.datetime) -> None:
    AFTER_APPROVAL[Step.State(step.state)](lock_revision(step), by=by, at=at)


def _mark(row: Revision, status: str) -> None:
    Record.objects.filter(pk=row.pk).update(status=status)
    row.record.status = status


def one_at_a_time() -> None:
    """Versions are numbered one after the other: the chart's own lock."""
    list(Company.objects.select_for_update().values_list("pk", flat=True))
