"""From a proposal to its execution: the person is heard, somebody else decides, administration carries it out (HS-W1.9, HS-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.money import ZERO
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.inspections import merit_rules as rules
from zhangfa.inspections.merit_permissions import executor, person_concerned, propose_merits, proposer, witness
from zhangfa.inspections.merit_rules import CLAUSE
from zhangfa.inspections.models import Finding, Merit
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.policy.queries import value
from zhangfa.records.actions import assign_number, concern_many, open_record
from zhangfa.records.models import Record
from zhangfa.regulations.models import Receipt, Regulation

S = Merit.Status
FORM, KIND, APPEAL = "U33", "inspections.merit", "inspections.merit_appeal"
DECIDER, APPEALS_TO = "am", "gm"
REWARD_CAP = "reward.yearly_cap"
NOT_GIVEN = (S.REFUSED, S.WITHDRAWN, S.LIFTED)


def propose_merit(
    *, kind: str, measure: str, person: Person, fact: str, ground: Regulation | None = None, clause: str = "", amount: Decimal | None = None,
    finding: Finding | None = None, by: Actor, at: dt.datetime, id: UUID | None = None,
) -> Merit:  # fmt: skip
    """Hand in a proposal; a penalty waits for the person's own word first, a reward goes to be decided. `amount` in CNY.

    Raises `Refused`.
    """
    demand(propose_merits(person, by=by, at=at))
    demand(_refuse(kind, measure, person, fact, ground, clause, amount, finding, at))
    held = (
        Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=person, seat__is_active=True)
        .select_related("seat__unit")
        .order_by("-seat__post__grade", "pk")
        .first()
    )
    if held is None:
        raise Refused([Refusal("merit.left", _("这个人现在没有任职。"), {}, CLAUSE, "person")])
    with work():
        if amount is not None:
            _within_budget(held.seat.unit, amount, at)
        record = open_record(
            FORM, unit=held.seat.unit, by=by, at=at, title=str(person.no), id=id, retention="R1", url=lambda pk: f"/merits/{pk}/"
        )  # fmt: skip
        row = Merit(
            record=record, kind=kind, measure=measure, amount=amount, person=person, unit=held.seat.unit, fact=fact, ground=ground, clause=clause,
            finding=finding, proposed_by_id=by.person_id, proposed_at=at, status=S.PROPOSED if kind == Merit.Kind.PENALTY else S.DECIDING,
        )  # fmt: skip
        row.save(force_insert=True)
        concern_many(record, [(person.pk, "person"), *([(by.person_id, "proposer")] if by.person_id else [])])
        assign_number(record, at=at)
        announce(
            "inspections.merit.proposed", row, by=by, at=at, label=_("提出奖惩意见"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"kind": kind, "measure": measure, "person": person.pk, "finding": finding.pk if finding else None}, values={"fact": fact},
        )  # fmt: skip
        if kind == Merit.Kind.PENALTY:
            _tell(row, [person.pk], "inspections.merit_hearing", at)
        else:
            _ask(row, KIND, DECIDER, by=by, at=at)
        return row


def _refuse(
    kind: str, measure: str, person: Person, fact: str, ground: Regulation | None, clause: str, amount: Decimal | None, finding: Finding | None,
    at: dt.datetime,
) -> Iterator[Refusal]:  # fmt: skip
    today = clock.local_date(at)
    binds = ground is not None and Regulation.objects.in_force(today).filter(pk=ground.pk).exists()
    read = ground is not None and Receipt.objects.filter(regulation=ground, person=person, at__isnull=False).exists()
    yield from rules.refuse_proposal(
        kind=kind, measure=measure, amount=amount, fact=fact, has_ground=binds, clause=clause, was_acknowledged=read,
        finding_state=finding.status if finding else "",
    )  # fmt: skip
    if finding is not None and finding.person_id != person.pk:
        yield Refusal("merit.other", _("这项表单情况不是关于这个人的。"), {}, CLAUSE, "person")


def _within_budget(unit: Unit, amount: Decimal, at: dt.datetime) -> None:
    """What a department has proposed of its year's budget counts from the proposal on; two at once follow each other."""
    cap = value(REWARD_CAP, at)
    if not cap:
        return
    department = Unit.objects.select_for_update().get(pk=unit.department_id or unit.pk)
    year = dt.date(clock.local_date(at).year, 1, 1)
    rows = Merit.objects.filter(proposed_at__gte=clock.day_start(year)).exclude(status__in=NOT_GIVEN)
    given = rows.filter(Q(unit=department) | Q(unit__department=department)).aggregate(sum=Sum("amount"))["sum"]
    demand(rules.refuse_budget(amount=amount, given=given or ZERO, cap=Decimal(cap)))


def _ask(row: Merit, kind: str, authority: str, *, by: Actor, at: dt.datetime) -> None:
    """To administration's manager, an appeal to the general manager: never the person, the proposer, or who decided before."""
    involved = [row.person_id, row.proposed_by_id, row.decided_by_id]
    request_step(
        row.record, kind=kind, authority=authority, unit=row.unit, by=by, at=at, applicant_person_id=row.proposed_by_id, involved_person_ids=involved,
        clause=CLAUSE, facts={"kind": row.kind, "measure": row.measure, "number": row.record.number or ""},
    )  # fmt: skip


def _tell(row: Merit, people: list[int | None], code: str, at: dt.datetime) -> None:
    notify(
        [pk for pk in people if pk], code, {"number": row.record.number or ""}, at=at, record_id=row.record_id, url=row.get_absolute_url(),
        clause=CLAUSE,
    )  # fmt: skip


def _guard_state(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> Iterator[Refusal]:
    yield from rules.refuse_statement(text)


@arrow(
    Merit, sources=[S.PROPOSED], target=S.DECIDING, label=_("本人陈述"), event="stated", permit=person_concerned, guard=_guard_state, clause=CLAUSE,
    hint=_("写明您的说法，决定人会看到；没有异议请写“无异议”。"),
)  # fmt: skip
def state(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> None:
    """The person is heard; then it goes to be decided."""
    row.statement, row.stated_at = text, at
    _ask(row, KIND, DECIDER, by=by, at=at)


def _guard_silence(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> Iterator[Refusal]:
    yield from rules.refuse_reason(text)


@arrow(
    Merit, sources=[S.PROPOSED], target=S.DECIDING, label=_("登记已告知、不陈述"), event="heard", permit=witness, guard=_guard_silence, clause=CLAUSE,
    hint=_("已当面告知本人，本人不作陈述；写明何时何地告知、有谁在场。"),
)  # fmt: skip
def note_silence(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> None:
    """Told before a witness, the person says nothing."""
    row.statement, row.stated_at, row.heard_by_id = text, at, by.person_id
    _ask(row, KIND, DECIDER, by=by, at=at)


@arrow(
    Merit, sources=[S.PROPOSED, S.DECIDING], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=proposer, clause=CLAUSE,
)  # fmt: skip
def withdraw_merit(row: Merit, *, by: Actor, at: dt.datetime) -> None:
    """Taken back before it is decided."""
    void_steps(row.record, by=by, at=at, reason="withdrawn")
    Record.objects.filter(pk=row.record_id).update(status=Record.Status.VOID)
    _tell(row, [row.person_id], "inspections.merit_over", at)


def lock_merit(step: Step) -> Merit:
    return Merit.objects.lock(step.record_id)


def follow_merit(step: Step, *, by: Actor, at: dt.datetime) -> None:
    """The decision: to be carried out, or not."""
    row = Merit.objects.lock(step.record_id)
    agreed = step.state == Step.State.AGREED
    row.status = S.AGREED if agreed else S.REFUSED
    row.decided_at, row.decided_by_id, row.opinion = at, step.decided_by_id, step.opinion
    _decided(row, agreed=agreed, by=by, at=at)


def follow_appeal(step: Step, *, by: Actor, at: dt.datetime) -> None:
    """An appeal that is upheld lifts the penalty; otherwise it stands as it stood."""
    row = Merit.objects.lock(step.record_id)
    upheld = step.state == Step.State.AGREED
    standing = S.DONE if row.done_on else S.AGREED
    row.status = S.LIFTED if upheld else standing
    row.opinion = step.opinion or row.opinion
    _decided(row, agreed=not upheld, by=by, at=at)


def _decided(row: Merit, *, agreed: bool, by: Actor, at: dt.datetime) -> None:
    row.version += 1
    row.save()
    status = Record.Status.APPROVED if agreed else Record.Status.REFUSED
    Record.objects.filter(pk=row.record_id).update(status=status)
    announce(
        f"inspections.merit.{row.status}", row, by=by, at=at, label=_("决定奖惩意见"), record_id=row.record_id, clause=CLAUSE,
        codes={"kind": row.kind, "measure": row.measure, "person": row.person_id, "status": row.status},
    )  # fmt: skip
    _tell(row, [row.person_id], "inspections.merit_decided", at)


@arrow(
    Merit, sources=[S.AGREED], target=S.DONE, label=_("登记已执行"), event="done", permit=executor, clause="HS-D4",
)  # fmt: skip
def carry_out(row: Merit, *, by: Actor, at: dt.datetime) -> None:
    """Administration has carried it out."""
    row.done_on, row.done_by_id = clock.local_date(at), by.person_id


def _guard_appeal(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> Iterator[Refusal]:
    yield from rules.refuse_reason(text)
    if row.kind != Merit.Kind.PENALTY:
        yield Refusal("merit.reward", _("只有处罚可以申诉。"), {}, CLAUSE)
    if row.appealed_at is not None:
        yield Refusal("merit.appealed", _("已经申诉过一次。"), {}, CLAUSE)


@arrow(
    Merit, sources=[S.AGREED, S.DONE], target=S.APPEALED, label=_("申诉"), event="appealed", permit=person_concerned, guard=_guard_appeal, clause=CLAUSE,
    hint=_("由总经理重新决定，原决定人不参加。"),
)  # fmt: skip
def appeal(row: Merit, *, by: Actor, at: dt.datetime, text: str) -> None:
    """The person asks the general manager to look again, once."""
    row.appeal, row.appealed_at = text, at
    _ask(row, APPEAL, APPEALS_TO, by=by, at=at)
