"""Review and approval by level, promulgation, and repeal (AM-W2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import steps_of
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Grade, Person
from zhangfa.organisation.queries import seated_in
from zhangfa.policy.actions import renew
from zhangfa.policy.queries import figure
from zhangfa.records.actions import comment, concern
from zhangfa.records.models import Record
from zhangfa.regulations import queries, rules
from zhangfa.regulations.actions import figures
from zhangfa.regulations.actions.drafting import refuse_figure, tell_source
from zhangfa.regulations.choices import Level, Period, Status
from zhangfa.regulations.models import Execution, Receipt, Regulation
from zhangfa.regulations.permissions import administration, after_decision, drafter
from zhangfa.regulations.rules import CLAUSE

S = Status
REVIEW, APPROVE, REPEAL = "regulations.review", "regulations.approve", queries.REPEAL
REPORT_DAYS, URGENT_DAYS = "regulation.execution_report_days", "regulation.urgent_days"


def _guard_submit(regulation: Regulation, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    if regulation.policy_key and (regulation.expires_on or regulation.is_urgent or regulation.period == Period.SPAN):
        # Written before this was asked of a draft.
        yield Refusal("regulation.policy_for_a_time", rules.FOR_A_TIME, {}, "X-2")
    yield from rules.refuse_unconsulted(
        vital=regulation.vital, is_urgent=regulation.is_urgent, is_consulted=regulation.consulted_on is not None
    )


@arrow(
    Regulation, sources=[S.DRAFT, S.RETURNED], target=None, label=_("提交审批"), event="submitted", permit=drafter, guard=_guard_submit,
    clause=CLAUSE, hint=_("公司级：行政部经理审核，总经理批准；部门级：部门经理审核，行政部经理批准。"),
)  # fmt: skip
def submit(regulation: Regulation, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Hand the draft in: reviewed first, unless its drafter is the reviewer or a next-day rule has no time for it."""
    is_reviewed = not regulation.is_fast and not _is_reviewer(regulation, by)
    regulation.status = S.REVIEW if is_reviewed else S.DECIDING
    _mark(regulation, Record.Status.SUBMITTED)
    _ask(regulation, REVIEW if is_reviewed else APPROVE, by=by, at=at)
    return {"codes": {"is_fast": regulation.is_fast}}


def _is_reviewer(regulation: Regulation, by: Any) -> bool:
    if regulation.level == Level.COMPANY:
        return bool(by.holds("am"))
    return any(
        seat.grade >= Grade.DEPARTMENT_MANAGER and regulation.department_id in (seat.department_id, seat.unit_id)
        for seat in by.seats
    )


def authority_for(regulation: Regulation, kind: str) -> str:
    """Who reviews and who decides, by the level that issues it."""
    if kind == REVIEW:
        return "am" if regulation.level == Level.COMPANY else "head"
    return "gm" if regulation.level == Level.COMPANY else "am"


def _ask(regulation: Regulation, kind: str, *, by: Any, at: dt.datetime) -> None:
    request_step(
        regulation.record, kind=kind, authority=authority_for(regulation, kind), unit=regulation.unit, by=by, at=at,
        applicant_person_id=regulation.drafted_by_id, clause=CLAUSE,
        facts={"title": regulation.title, "level": regulation.level, "edition": regulation.edition},
    )  # fmt: skip


@arrow(
    Regulation, sources=[S.REVIEW], target=S.DECIDING, label=_("审核通过"), event="reviewed", permit=after_decision("agreed", REVIEW),
    clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def pass_on(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """The reviewer agrees: now it lies before whoever issues it."""
    _ask(regulation, APPROVE, by=by, at=at)


@arrow(
    Regulation, sources=[S.DECIDING], target=S.APPROVED, label=_("批准"), event="approved", permit=after_decision("agreed", APPROVE),
    clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def approve(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """Approved: administration promulgates it."""
    _mark(regulation, Record.Status.APPROVED)


def _decided(state: str) -> Any:
    def permit(obj: Any, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
        kind = REVIEW if obj.status == S.REVIEW else APPROVE
        yield from after_decision(state, kind)(obj, by=by, at=at)

    return permit


@arrow(
    Regulation, sources=[S.REVIEW, S.DECIDING], target=S.REFUSED, label=_("不同意"), event="refused", permit=_decided("refused"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def refuse(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """It is not issued."""
    _mark(regulation, Record.Status.REFUSED)


@arrow(
    Regulation, sources=[S.REVIEW, S.DECIDING], target=S.RETURNED, label=_("退回修改"), event="returned", permit=_decided("returned"),
    clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def send_back(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """The drafter mends it and hands it in again."""
    _mark(regulation, Record.Status.RETURNED)


@arrow(
    Regulation, sources=[S.DRAFT, S.RETURNED, S.REVIEW, S.DECIDING, S.APPROVED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn",
    permit=drafter, clause=CLAUSE,
)  # fmt: skip
def withdraw(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """Take the draft back before it binds anybody."""
    void_steps(regulation.record, by=by, at=at, reason="withdrawn")
    _mark(regulation, Record.Status.VOID)


def _guard_reopen(regulation: Regulation, *, by: Any, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    if len(reason.strip()) < rules.SHORTEST:
        yield Refusal(
            "regulation.short", _("请写清楚，至少 %(count)s 个字。"), {"count": rules.SHORTEST}, CLAUSE, "reason"
        )


@arrow(
    Regulation, sources=[S.APPROVED], target=S.RETURNED, label=_("退回起草人"), event="reopened", permit=administration, guard=_guard_reopen,
    clause=CLAUSE, hint=_("批准后情况有变、不能照原样颁布时退回修改，改好后重新审批。"),
)  # fmt: skip
def reopen(regulation: Regulation, *, by: Any, at: dt.datetime, reason: str) -> None:
    """What was approved can't come out as it is: its drafter mends it and hands it in again. The reason stands with the remarks."""
    comment(regulation.record, text=reason, by=by, at=at)
    _mark(regulation, Record.Status.RETURNED)
    facts = {"title": regulation.title, "number": regulation.record.number or ""}
    people = {regulation.drafted_by_id} - {None, by.person_id}
    notify(people, "regulations.reopened", facts, at=at, record_id=regulation.record_id, url=regulation.get_absolute_url(), clause=CLAUSE)  # fmt: skip


def _guard_promulgate(
    regulation: Regulation, *, by: Any, at: dt.datetime, supervisor: Person, effective_on: dt.date, expires_on: dt.date | None = None
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_dates(
        effective_on=effective_on, today=clock.local_date(at), is_urgent=regulation.is_urgent and not regulation.consulted_on,
        expires_on=_expiry(regulation, expires_on), urgent_days=int(figure(URGENT_DAYS, at).value),
        has_policy=bool(regulation.policy_key),
    )  # fmt: skip
    if not queries.supervisors(at).filter(pk=supervisor.pk).exists():
        yield Refusal("regulation.supervisor", _("请选择在岗的管理人员监督执行。"), {}, CLAUSE, "supervisor")
    if regulation.policy_key:
        # The day may have passed, or another change have come first, while the paper waited.
        for refusal in refuse_figure(regulation.policy_key, regulation.policy_value, at, effective_on, may_repeat=True):
            # On which day and beside which limits it stands is judged when the version before has gone.
            if refusal.code not in ("value.date", "value.order"):
                yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause)


def _expiry(regulation: Regulation, expires_on: dt.date | None) -> dt.date | None:
    """The day that the draft names, unless another is given; a figure goes with none, so that the draft's may be left out."""
    return expires_on if regulation.policy_key else expires_on or regulation.expires_on


@arrow(
    Regulation, sources=[S.APPROVED], target=S.IN_FORCE, label=_("颁布"), event="promulgated", permit=administration, guard=_guard_promulgate,
    clause=CLAUSE, hint=_("颁布后通知涉及的每名员工签收，各执行部门按期报告。"),
)  # fmt: skip
def promulgate(
    regulation: Regulation, *, by: Any, at: dt.datetime, supervisor: Person, effective_on: dt.date, expires_on: dt.date | None = None
) -> dict[str, Any]:  # fmt: skip
    """Publish it: the version before ends, everybody concerned is asked to acknowledge, every department to report."""
    gone = _replace(regulation, effective_on, by=by, at=at)
    regulation.supervisor, regulation.effective_on, regulation.promulgated_at = supervisor, effective_on, at
    regulation.expires_on = _expiry(regulation, expires_on)
    due = clock.day_end(at + dt.timedelta(days=int(figure(REPORT_DAYS, at).value)))
    regulation.report_due_at = due
    people = queries.affected(regulation, at)
    Receipt.objects.bulk_create(
        Receipt(regulation=regulation, person_id=person, unit_id=unit, department_id=department, asked_at=at)
        for person, unit, department in people
    )
    departments = queries.executing(department for _person, _unit, department in people)
    Execution.objects.bulk_create(
        Execution(regulation=regulation, department=department, due_at=due) for department in departments
    )
    if departments:
        announce(
            "regulations.execution.asked", regulation, by=by, at=at, label=_("请各部门报告执行情况"), record_id=regulation.record_id,
            clause=CLAUSE, codes={"departments": [department.pk for department in departments], "due_at": due},
        )  # fmt: skip
    else:
        # Nobody has to report: the file is closed with the promulgation.
        _close(regulation, by=by, at=at)
    figures.begin(regulation, gone, by=by, at=at, approved_by=_approver(regulation))
    renew(at)
    concern(regulation.record, supervisor.pk, "supervisor")
    _tell_all(regulation, {person for person, _unit, _department in people}, [d.pk for d in departments], at)
    tell_source("promulgated", regulation, _("颁布制度"), by=by, at=at)
    return {
        "codes": {
            "handler": by.person_id, "supervisor": supervisor.pk, "effective_on": effective_on, "people": len(people),
            "departments": [d.pk for d in departments], "due_at": due, "edition": regulation.edition,
        }
    }  # fmt: skip


def _replace(regulation: Regulation, effective_on: dt.date, *, by: Any, at: dt.datetime) -> Regulation | None:
    """The version before ends with the day of this one; returned where it will never have bound anybody."""
    found = queries.before(regulation)
    last = Regulation.objects.lock(found.pk) if found is not None else None
    if last is None or last.status != S.IN_FORCE:
        return None
    is_gone = figures.never_binds(last, effective_on)
    last.status, last.ended_on, last.version = S.REPLACED, effective_on, last.version + 1
    last.save(update_fields=["status", "ended_on", "version"])
    announce(
        "regulations.regulation.replaced", last, by=by, at=at, label=_("由新版接替"), record_id=last.record_id, clause=CLAUSE,
        codes={"by": regulation.pk, "edition": regulation.edition, "ended_on": effective_on},
    )  # fmt: skip
    return last if is_gone else None


def _tell_all(regulation: Regulation, people: set[int], departments: list[int], at: dt.datetime) -> None:
    """Who reads and acknowledges it, who supervises, and the heads whose departments report on it."""
    day, due = regulation.effective_on, regulation.report_due_at
    assert day is not None and due is not None
    facts = {"title": regulation.title, "number": regulation.record.number or "", "day": day.isoformat()}
    seated = seated_in(Q(unit__in=departments, post__grade=Grade.DEPARTMENT_MANAGER), at) if departments else {}
    heads = {person.pk for found in seated.values() for person in found}
    url, by_when = regulation.get_absolute_url(), {"due": clock.local_date(due - dt.timedelta(seconds=1)).isoformat()}
    for code, told, where in (
        ("promulgated", people, f"{url}read/"), ("supervised", {regulation.supervisor_id}, url),
        ("to_report", heads, f"{url}?part=executions"),
    ):  # fmt: skip
        notify(
            told, f"regulations.{code}", facts | (by_when if code == "to_report" else {}), at=at, record_id=regulation.record_id,
            url=where, clause=CLAUSE,
        )  # fmt: skip


def _approver(regulation: Regulation) -> int | None:
    """Who approved it; administration only promulgates."""
    steps = [one for one in steps_of(regulation.record_id) if one.kind == APPROVE and one.state == Step.State.AGREED]
    return steps[-1].decided_by_id if steps else None


def _ask_once(regulation: Regulation, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from administration(regulation, by=by, at=at)
    if regulation.repeal_reason and queries.repeal_waiting(regulation):
        yield Refusal("regulation.repeal_waiting", _("已经提请废止，正等待批准。"), {}, CLAUSE)


def _guard_repeal(regulation: Regulation, *, by: Any, at: dt.datetime, repeal_reason: str) -> Iterator[Refusal]:
    if len(repeal_reason.strip()) < rules.SHORTEST:
        yield Refusal("regulation.short", _("请写清楚，至少 %(count)s 个字。"), {"count": rules.SHORTEST}, CLAUSE, "repeal_reason")  # fmt: skip


@arrow(
    Regulation, sources=[S.IN_FORCE], target=None, label=_("提请废止"), event="repeal_asked", permit=_ask_once, guard=_guard_repeal,
    clause=CLAUSE, hint=_("由颁发的一级批准后废止；条文和历次版本保留。"),
)  # fmt: skip
def ask_repeal(regulation: Regulation, *, by: Any, at: dt.datetime, repeal_reason: str) -> None:
    """Ask the level that issued it to end it; the text stays as it was."""
    regulation.repeal_reason = repeal_reason
    request_step(
        regulation.record, kind=REPEAL, authority=authority_for(regulation, REPEAL), unit=regulation.unit, by=by, at=at,
        applicant_person_id=by.person_id, clause=CLAUSE,
        facts={"title": regulation.title, "level": regulation.level, "edition": regulation.edition},
    )  # fmt: skip


@arrow(
    Regulation, sources=[S.IN_FORCE], target=S.REPEALED, label=_("废止"), event="repealed", permit=after_decision("agreed", REPEAL),
    clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def repeal(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    """It binds nobody from tomorrow on; whoever still owed an acknowledgement or a report owes none."""
    regulation.ended_on = clock.local_date(at) + dt.timedelta(days=1)
    figures.end(regulation, _bring_back(regulation, by=by, at=at), by=by, at=at)
    regulation.executions.filter(reported_at=None).delete()
    renew(at)
    owed = Receipt.objects.filter(regulation=regulation, at=None)
    people = set(owed.values_list("person_id", flat=True))
    owed.delete()
    facts = {"title": regulation.title, "number": regulation.record.number or ""}
    notify(
        people, "regulations.repealed", facts, at=at, record_id=regulation.record_id, url=regulation.get_absolute_url()
    )
    if regulation.executed_at is None:
        _close(regulation, by=by, at=at)


def _bring_back(regulation: Regulation, *, by: Any, at: dt.datetime) -> Regulation | None:
    """A version that ends before its day has replaced nothing: the one before it binds on."""
    if regulation.effective_on is None or regulation.effective_on <= clock.local_date(at):
        return None
    found = queries.replaced_by(regulation)
    if found is None:
        return None
    last = Regulation.objects.lock(found.pk)
    last.status, last.ended_on, last.version = S.IN_FORCE, None, last.version + 1
    last.save(update_fields=["status", "ended_on", "version"])
    announce(
        "regulations.regulation.brought_back", last, by=by, at=at, label=_("恢复执行"), record_id=last.record_id, clause=CLAUSE,
        codes={"instead_of": regulation.pk, "edition": regulation.edition},
    )  # fmt: skip
    return last


def _close(regulation: Regulation, *, by: Any, at: dt.datetime) -> None:
    regulation.executed_at = at
    announce(
        "regulations.regulation.closed", regulation, by=by, at=at, label=_("制度归档"), record_id=regulation.record_id,
        clause=CLAUSE,
    )  # fmt: skip


FOLLOWS = {
    REVIEW: {Step.State.AGREED: pass_on, Step.State.REFUSED: refuse, Step.State.RETURNED: send_back},
    APPROVE: {Step.State.AGREED: approve, Step.State.REFUSED: refuse, Step.State.RETURNED: send_back},
    REPEAL: {Step.State.AGREED: repeal},
}


def lock_regulation(step: Step) -> Regulation:
    return Regulation.objects.lock(step.record_id)


def follow(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What the decision brings about, in its own transaction."""
    arrow_to = FOLLOWS[step.kind].get(Step.State(step.state))
    if arrow_to is not None:
        arrow_to(Regulation.objects.lock(step.record_id), by=by, at=at)


def _mark(regulation: Regulation, status: str) -> None:
    Record.objects.filter(pk=regulation.record_id).update(status=status)
    regulation.record.status = status
