"""Proposing an activity, what follows from the decision, committing and settling its cost (AM-D7, AM-W4.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from zhangfa.administration import activity_rules as rules
from zhangfa.administration.activity import AGGREGATE, authority_of, ceiling_of, parts_of, share_of, spent_on, theme_key
from zhangfa.administration.activity_rules import CLAUSE, EVENTS
from zhangfa.administration.models import Activity, ActivityGuest, ActivityLine
from zhangfa.administration.named import people_in
from zhangfa.administration.permissions import followed, organiser, pays_activities, propose_activity
from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.finance.actions import pay as pay_out
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Company, Unit
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.records.actions import assign_number, concern, concern_many, open_record
from zhangfa.records.models import Record

S = Activity.Status
KIND, AGAIN, FORM = "administration.activity", "administration.activity_overspend", "U08"
Lines = Sequence[tuple[str, Decimal]]


def propose_one(
    *, title: str, theme: str, purpose: str, begins_on: dt.date, ends_on: dt.date, people: int, lines: Lines, place: str = "", by: Any,
    at: dt.datetime, id: UUID | None = None,
) -> Activity:  # fmt: skip
    """Hand in a proposal; the parts of one event together decide who approves it. Raises `Refused`."""
    demand(propose_activity(by=by, at=at))
    demand(_refuse(purpose=purpose, begins_on=begins_on, ends_on=ends_on, people=people, lines=lines, at=at))
    unit = _unit_of(by)
    with work():
        _one_at_a_time()
        record = open_record(FORM, unit=unit, by=by, at=at, title=title, id=id, retention="R4", url=_url)
        activity = Activity(
            record=record, title=title, theme=theme, theme_key=theme_key(theme), purpose=purpose, place=place, begins_on=begins_on,
            ends_on=ends_on, people=people, amount=_sum(lines), total=ZERO, unit=unit, department_id=unit.department_id or unit.pk,
            proposed_by_id=by.person_id, proposed_at=at,
        )  # fmt: skip
        activity.total = activity.amount + parts_of(activity, at).total
        activity.save(force_insert=True)
        _write_lines(activity, ActivityLine.Kind.BUDGET, lines, by, at)
        concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        codes = {"theme": activity.theme_key, "amount": activity.amount, "total": activity.total}
        announce("administration.activity.proposed", activity, by=by, at=at, label=_("提交活动方案"), record_id=record.pk, codes=codes, clause=EVENTS)  # fmt: skip
        _ask(activity, activity.amount, KIND, by=by, at=at)
        return activity


def _url(pk: UUID) -> str:
    return f"/activities/{pk}/"


def _unit_of(by: Any) -> Unit:
    seat = by.own_seats[0] if by.own_seats else None
    if seat is None:
        raise Refused([Refusal("activity.seat", _("您现在没有任职，不能提交活动方案。"), {}, EVENTS)])
    return Unit.objects.get(pk=seat.unit_id)


def _one_at_a_time() -> None:
    """Proposals take turns, so that two parts of one event handed in together see each other."""
    list(Company.objects.select_for_update().values_list("pk", flat=True))


def _sum(lines: Lines) -> Decimal:
    return sum((amount for _label, amount in lines), ZERO)


def _refuse(
    *, purpose: str, begins_on: dt.date, ends_on: dt.date, people: int, lines: Lines, at: dt.datetime
) -> Iterator[Refusal]:
    yield from rules.refuse_activity(
        purpose=purpose, begins_on=begins_on, ends_on=ends_on, today=clock.local_date(at), lines=lines, people=people
    )


def _write_lines(activity: Activity, kind: str, lines: Lines, by: Any, at: dt.datetime) -> None:
    ActivityLine.objects.bulk_create(
        ActivityLine(activity=activity, kind=kind, label=label, amount=amount, made_at=at, made_by_id=by.person_id)
        for label, amount in lines
    )


def _ask(activity: Activity, amount: Decimal, kind: str, *, by: Any, at: dt.datetime) -> None:
    parts = parts_of(activity, at)
    answer = authority_of(amount, amount + parts.total, at)
    request_step(
        activity.record, kind=kind, authority=answer.authority, unit=activity.unit, by=by, at=at, applicant_person_id=activity.proposed_by_id,
        clause=CLAUSE, policy=(*answer.policy, AGGREGATE), amount=amount,
        facts={
            "title": activity.title, "total": amount + parts.total, "parts": list(parts.numbers), "why": {"zh": answer.why.zh, "en": answer.why.en},
            "authority": answer.authority,
        },
    )  # fmt: skip


@arrow(
    Activity, sources=[S.PROPOSED, S.RETURNED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=organiser, clause=EVENTS,
)  # fmt: skip
def withdraw_activity(activity: Activity, *, by: Any, at: dt.datetime) -> None:
    """Taken back before it is decided."""
    void_steps(activity.record, by=by, at=at, reason="withdrawn")
    _mark(activity, Record.Status.VOID)


def _guard_again(
    activity: Activity, *, by: Any, at: dt.datetime, title: str, theme: str, purpose: str, begins_on: dt.date, ends_on: dt.date, people: int,
    lines: Lines, place: str = "",
) -> Iterator[Refusal]:  # fmt: skip
    yield from _refuse(purpose=purpose, begins_on=begins_on, ends_on=ends_on, people=people, lines=lines, at=at)


@arrow(
    Activity, sources=[S.RETURNED], target=S.PROPOSED, label=_("修改后重新提交"), event="proposed_again", permit=organiser, guard=_guard_again,
    clause=EVENTS,
)  # fmt: skip
def propose_activity_again(
    activity: Activity, *, by: Any, at: dt.datetime, title: str, theme: str, purpose: str, begins_on: dt.date, ends_on: dt.date, people: int,
    lines: Lines, place: str = "",
) -> None:  # fmt: skip
    """Mended and handed in anew: the figures of now decide."""
    _one_at_a_time()
    given = {
        "title": title,
        "theme": theme,
        "purpose": purpose,
        "begins_on": begins_on,
        "ends_on": ends_on,
        "people": people,
        "place": place,
    }
    for name, value in given.items():
        setattr(activity, name, value)
    activity.theme_key, activity.amount, activity.proposed_at = theme_key(theme), _sum(lines), at
    activity.total = activity.amount + parts_of(activity, at).total
    activity.lines.filter(kind=ActivityLine.Kind.BUDGET).delete()
    _write_lines(activity, ActivityLine.Kind.BUDGET, lines, by, at)
    _mark(activity, Record.Status.SUBMITTED)
    _ask(activity, activity.amount, KIND, by=by, at=at)


@arrow(
    Activity, sources=[S.PROPOSED], target=S.APPROVED, label=_("批准"), event="approved", permit=followed("agreed"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def approve_activity(activity: Activity, *, by: Any, at: dt.datetime) -> None:
    """The budget stands: from now on money may be committed up to it."""
    activity.approved_amount = activity.amount
    _mark(activity, Record.Status.APPROVED)


@arrow(
    Activity, sources=[S.PROPOSED], target=S.REFUSED, label=_("不同意"), event="refused", permit=followed("refused"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def refuse_it(activity: Activity, *, by: Any, at: dt.datetime) -> None:
    """Not agreed."""
    _mark(activity, Record.Status.REFUSED)


@arrow(
    Activity, sources=[S.PROPOSED], target=S.RETURNED, label=_("退回修改"), event="returned", permit=followed("returned"), clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def send_activity_back(activity: Activity, *, by: Any, at: dt.datetime) -> None:
    """The organiser is to mend it."""
    _mark(activity, Record.Status.RETURNED)


def _guard_commit(activity: Activity, *, by: Any, at: dt.datetime, label: str, amount: Decimal) -> Iterator[Refusal]:
    yield from rules.refuse_spending(
        spent=spent_on(activity) + amount, approved=activity.approved_amount, share=share_of(activity), ceiling=ceiling_of(activity),
        field="amount",
    )  # fmt: skip


@arrow(
    Activity, sources=[S.PROPOSED, S.APPROVED], target=None, label=_("登记支出或承诺"), event="committed", permit=organiser, guard=_guard_commit,
    clause=CLAUSE, hint=_("订场地、买东西前先登记；没有批准、或超过批准金额加允许比例的，登记不了。"),
)  # fmt: skip
def commit(activity: Activity, *, by: Any, at: dt.datetime, label: str, amount: Decimal) -> dict[str, Any]:
    """Money is spent or promised within what was approved."""
    _write_lines(activity, ActivityLine.Kind.COST, [(label, amount)], by, at)
    return {"codes": {"amount": amount}, "values": {"label": label}}


@arrow(
    Activity, sources=[S.APPROVED], target=None, label=_("登记到场的人"), event="attended", permit=organiser, clause=EVENTS,
)  # fmt: skip
def attend(activity: Activity, *, by: Any, at: dt.datetime, people: str) -> dict[str, Any]:
    """Who was there, by number or name; those noted already stay."""
    found = people_in(people, field="people")
    rows = [ActivityGuest(activity=activity, person=person) for person in found]
    ActivityGuest.objects.bulk_create(rows, ignore_conflicts=True)
    concern_many(activity.record, [(person.pk, "guest") for person in found])
    return {"codes": {"people": sorted(person.pk for person in found)}}


def _finance(at: dt.datetime) -> list[int]:
    """Those who pay: whoever sits in finance."""
    found = holders(list({seat.pk for seat in seats_with_post("fin")}), at)
    return sorted({person.pk for people in found.values() for person in people})


def _guard_settle(
    activity: Activity, *, by: Any, at: dt.datetime, actual_amount: Decimal, summary: str
) -> Iterator[Refusal]:
    yield from rules.refuse_spending(
        spent=actual_amount, approved=activity.approved_amount, share=share_of(activity), ceiling=ceiling_of(activity)
    )
    yield from rules.refuse_settlement(
        summary=summary, ends_on=activity.ends_on, today=clock.local_date(at), came=activity.guests.count()
    )


@arrow(
    Activity, sources=[S.APPROVED], target=S.SETTLED, label=_("结算"), event="settled", permit=organiser, guard=_guard_settle, clause=EVENTS,
    hint=_("实际金额与批准金额核对；超过允许比例的要先重新报批。"),
)  # fmt: skip
def settle_activity(
    activity: Activity, *, by: Any, at: dt.datetime, actual_amount: Decimal, summary: str
) -> dict[str, Any]:
    """The cost is compared with what was approved."""
    activity.actual_amount, activity.summary = actual_amount, summary
    activity.settled_by_id, activity.settled_at = by.person_id, at
    if actual_amount > ZERO:
        payer = _finance(at)
        params = {"number": activity.record.number or ""}
        notify(
            payer,
            "administration.activity_to_pay",
            params,
            at=at,
            record_id=activity.pk,
            url=activity.get_absolute_url(),
            clause=CLAUSE,
        )
    return {"codes": {"actual": actual_amount, "approved": activity.approved_amount}}


@arrow(
    Activity, sources=[S.SETTLED], target=S.PAID, label=_("付款"), event="paid", permit=pays_activities, clause=CLAUSE,
    applies=lambda activity: (activity.actual_amount or ZERO) > ZERO,
    hint=_("只凭批准并结算过的活动请示单付款，金额与结算一致；提交人、批准人和结算人不能付款。"),
)  # fmt: skip
def pay_activity(
    activity: Activity, *, by: Any, at: dt.datetime, amount: Decimal, payee: str, method: str, voucher_no: str
) -> dict[str, Any]:
    """Finance pays what the settlement says, once; whoever asked, approved or settled does not pay (domain.md A-43)."""
    decided = Step.objects.filter(record_id=activity.record_id, state=Step.State.AGREED).values_list(
        "decided_by_id", flat=True
    )
    pay_out(
        record=activity.record, amount=yuan(amount), approved=activity.actual_amount or ZERO, payee=payee, method=method, voucher_no=voucher_no,
        by=by, at=at, approver_ids={*decided, activity.proposed_by_id, activity.settled_by_id} - {None}, papers=(Record.Status.APPROVED,),
    )  # fmt: skip
    notify(
        {activity.proposed_by_id, activity.settled_by_id}, "administration.activity_paid", {"number": activity.record.number or ""},
        at=at, record_id=activity.pk, url=activity.get_absolute_url(), clause=CLAUSE,
    )  # fmt: skip
    return {"codes": {"amount": amount, "method": method}}


def _guard_overspend(
    activity: Activity, *, by: Any, at: dt.datetime, actual_amount: Decimal, reason: str
) -> Iterator[Refusal]:
    yield from rules.refuse_overspend(
        spent=actual_amount, approved=activity.approved_amount or ZERO, share=share_of(activity), reason=reason,
        ceiling=ceiling_of(activity),
    )  # fmt: skip


@arrow(
    Activity, sources=[S.APPROVED], target=S.OVERSPENT, label=_("超支重新报批"), event="overspent", permit=organiser, guard=_guard_overspend,
    clause=CLAUSE,
)  # fmt: skip
def ask_overspend(
    activity: Activity, *, by: Any, at: dt.datetime, actual_amount: Decimal, reason: str
) -> dict[str, Any]:
    """More than the share above the approval: the whole amount is decided anew, by whoever it belongs to now."""
    _one_at_a_time()
    activity.overspend_reason = reason
    _ask(activity, actual_amount, AGAIN, by=by, at=at)
    return {"codes": {"asked": actual_amount}}


@arrow(
    Activity, sources=[S.OVERSPENT], target=S.APPROVED, label=_("超支审批有了结果"), event="overspend_decided",
    permit=followed("agreed", "refused", "returned"), clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def overspend_decided(activity: Activity, *, by: Any, at: dt.datetime, amount: Decimal | None = None) -> None:
    """Agreed: the new amount is what was approved. Otherwise the old one stays, and the rest isn't the company's."""
    if amount is not None:
        activity.approved_amount = amount
        activity.total = max(activity.total, amount)


@arrow(
    Activity, sources=[S.APPROVED], target=S.CANCELLED, label=_("取消活动"), event="cancelled", permit=organiser, clause=EVENTS,
)  # fmt: skip
def cancel_activity(activity: Activity, *, by: Any, at: dt.datetime, reason: str) -> dict[str, Any]:
    """It doesn't take place."""
    return {"values": {"cancel_reason": reason}}


FOLLOWS = {Step.State.AGREED: approve_activity, Step.State.REFUSED: refuse_it, Step.State.RETURNED: send_activity_back}


def lock_activity(step: Step) -> Activity:
    return Activity.objects.lock(step.record_id)


def follow_activity(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What the decision brings about, in its own transaction."""
    FOLLOWS[Step.State(step.state)](lock_activity(step), by=by, at=at)


def follow_overspend(step: Step, *, by: Any, at: dt.datetime) -> None:
    amount = step.amount if step.state == Step.State.AGREED else None
    overspend_decided(lock_activity(step), by=by, at=at, amount=amount)


def _mark(activity: Activity, status: str) -> None:
    Record.objects.filter(pk=activity.record_id).update(status=status)
    activity.record.status = status
