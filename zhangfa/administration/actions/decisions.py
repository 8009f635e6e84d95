"""Deciding at once in the company's name, revoking for the future, and the weekly list to the GM (AM-W4.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from zhangfa.administration import activity_rules as rules
from zhangfa.administration.activity_rules import DECISIONS
from zhangfa.administration.models import DecisionList, InstantDecision
from zhangfa.administration.named import people_in
from zhangfa.administration.permissions import answer_for, decide_instantly
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import week_of
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.queries import grades_of, holder_of, seats_with_post
from zhangfa.records.actions import assign_number, concern_many, open_record
from zhangfa.records.models import Concern, Record

S, L = InstantDecision.Status, DecisionList.Status
M = InstantDecision.Matter
FORM, LIST = "U06", "U06L"
TWO_UNITS = (M.SECONDMENT, M.DISPUTE)


def decide_at_once(
    *, matter: str, facts: str, decision: str, effect: str, ground: str, people: str, unit: Unit | None = None, other_unit: Unit | None = None,
    amount: Decimal | None = None, due_on: dt.date | None = None, by: Any, at: dt.datetime, id: UUID | None = None,
) -> InstantDecision:  # fmt: skip
    """Decide and let it take effect at this instant; those concerned and the GM are told. Raises `Refused`."""
    demand(decide_instantly(by=by, at=at))
    # Who stands in for the administration manager decides as they would: not about them either.
    by = by.from_seat(by.seat_for("am"))
    concerned = people_in(people, field="people")
    gm = _gm(at)
    demand(
        rules.refuse_instant(
            matter=matter, facts=facts, decision=decision, effect=effect, ground=ground, has_people=bool(concerned),
            grades=list(grades_of([p.pk for p in concerned], at).values()), is_own=by.is_any_of([p.pk for p in concerned]), has_gm=gm is not None,
            other_needed=matter in TWO_UNITS and (unit is None or other_unit is None or unit == other_unit), amount=amount,
        )
    )  # fmt: skip
    assert gm is not None
    company = Unit.objects.get(kind=Unit.Kind.COMPANY)
    with work():
        record = open_record(
            FORM, unit=unit or company, by=by, at=at, title=str(decision)[:120], id=id, retention="R4", url=_url
        )
        row = InstantDecision.objects.create(
            record=record, matter=matter, facts=facts, decision=decision, effect=effect, ground=ground, amount=amount, due_on=due_on, unit=unit,
            other_unit=other_unit, responsible=gm, decided_by_id=by.person_id, decided_at=at,
        )  # fmt: skip
        concern_many(
            record, {(p.pk, "concerned") for p in concerned} | {(gm.pk, "responsible"), (by.person_id, "handler")}
        )
        assign_number(record, at=at)
        Record.objects.filter(pk=record.pk).update(status=Record.Status.APPROVED)
        announce(
            "administration.instantdecision.decided", row, by=by, at=at, label=_("即时决定"), record_id=record.pk, clause=DECISIONS,
            codes={"matter": matter, "people": sorted(p.pk for p in concerned), "responsible": gm.pk, "amount": amount},
        )  # fmt: skip
        heads = _heads({unit, other_unit}, at)
        told = {p.pk for p in concerned} | {gm.pk, *heads}
        notify(told - {by.person_id}, "administration.instant_decided", {"number": str(record)}, at=at, record_id=record.pk, url=row.get_absolute_url(), clause=DECISIONS)  # fmt: skip
        return row


def _url(pk: UUID) -> str:
    return f"/decisions/{pk}/"


def _gm(at: dt.datetime) -> Person | None:
    return next((person for seat in seats_with_post("gm") if (person := holder_of(seat, at))), None)


def _heads(units: set[Unit | None], at: dt.datetime) -> set[int]:
    from zhangfa.organisation.queries import manager_seat_of

    found = set()
    for unit in units - {None}:
        seat = manager_seat_of(unit) if unit is not None else None
        person = holder_of(seat, at) if seat else None
        if person:
            found.add(person.pk)
    return found


def _guard_revoke(
    row: InstantDecision, *, by: Any, at: dt.datetime, from_on: dt.date, reason: str
) -> Iterator[Refusal]:
    yield from rules.refuse_revocation(from_on=from_on, today=clock.local_date(at), reason=reason)


@arrow(
    InstantDecision, sources=[S.IN_FORCE], target=S.REVOKED, label=_("撤销"), event="revoked", permit=answer_for, guard=_guard_revoke,
    clause=DECISIONS, hint=_("只对以后有效，到那天为止已经办的仍然有效。"),
)  # fmt: skip
def revoke(row: InstantDecision, *, by: Any, at: dt.datetime, from_on: dt.date, reason: str) -> None:
    """The GM takes the effect away from a day on; everybody concerned is told."""
    row.revoked_from, row.revoke_reason = from_on, reason
    people = set(Concern.objects.filter(record_id=row.pk).values_list("person_id", flat=True))
    facts = {"number": str(row.record), "day": from_on.isoformat()}
    notify(people - {by.person_id}, "administration.instant_revoked", facts, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=DECISIONS)  # fmt: skip


def send_list(*, week_on: dt.date, by: Any, at: dt.datetime) -> DecisionList:
    """Send the GM what was decided in a week, also when it was nothing; once a week (D-AM-16)."""
    demand(decide_instantly(by=by, at=at))
    monday, today = week_of(week_on), clock.local_date(at)
    demand(_refuse_list(monday, today))
    company = Unit.objects.get(kind=Unit.Kind.COMPANY)
    with work():
        record = open_record(LIST, unit=company, by=by, at=at, title=_("即时决定周清单"), retention="R4", url=_list_url)
        row = DecisionList.objects.create(record=record, week_on=monday, sent_by_id=by.person_id, sent_at=at)
        until = clock.day_start(monday + dt.timedelta(days=7))
        decided = InstantDecision.objects.filter(decided_at__lt=until, on_list=None)
        count = decided.update(on_list=row)
        gm = _gm(at)
        concern_many(
            record,
            {(pk, role) for pk, role in ((by.person_id, "handler"), (gm.pk if gm else None, "responsible")) if pk},
        )
        assign_number(record, at=at)
        announce(
            "administration.decisionlist.sent", row, by=by, at=at, label=_("报送即时决定周清单"), record_id=record.pk, clause=DECISIONS,
            codes={"period": monday.isoformat(), "count": count},
        )  # fmt: skip
        notify([gm.pk if gm else None], "administration.decisions_sent", {"number": str(record), "count": count}, at=at, record_id=record.pk, url=row.get_absolute_url(), clause=DECISIONS)  # fmt: skip
        return row


def _list_url(pk: UUID) -> str:
    return f"/decisions/lists/{pk}/"


def _refuse_list(monday: dt.date, today: dt.date) -> Iterator[Refusal]:
    if monday > today:
        yield Refusal("instant.list_future", _("这一周还没有开始。"), {}, DECISIONS, "week_on")
    if DecisionList.objects.filter(week_on=monday).exists():
        yield Refusal("instant.list_sent", _("这一周的清单已经报送。"), {}, DECISIONS, "week_on")


@arrow(
    DecisionList, sources=[L.SENT], target=L.NOTED, label=_("已阅"), event="noted", permit=answer_for, clause=DECISIONS
)
def note_list(row: DecisionList, *, by: Any, at: dt.datetime, opinion: str = "") -> None:
    """The GM has read the list and answers for it."""
    row.noted_at, row.opinion = at, opinion
