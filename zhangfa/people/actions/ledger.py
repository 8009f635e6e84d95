"""The ledger of leave: days used and given back by the papers, granted and corrected by personnel with a reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.models import Person, Unit
from zhangfa.people import leave as facts_of
from zhangfa.people import leave_kinds, leave_rules
from zhangfa.people.leave_rules import CLAUSE
from zhangfa.people.models import Leave, LeaveEntry, Roster, ServiceBasis
from zhangfa.people.permissions import keep_balances, keep_rosters


def write_use(leave: Leave, first: int, last: int, *, sign: int, by: Any, at: dt.datetime) -> int:
    """Take the half days of a span from the balance (`sign` -1), or give them back (+1), year by year. Returns their sum."""
    kind = leave.kind_facts
    works = facts_of.counting(kind, leave.person_id, leave.unit)
    why = LeaveEntry.Why.USE if sign < 0 else LeaveEntry.Why.RELEASE
    by_year = leave_rules.counted_by_year(first, last, works)
    LeaveEntry.objects.bulk_create(
        LeaveEntry(
            person_id=leave.person_id, kind=leave.kind, year=year, halves=sign * halves, why=why, leave=leave, made_by_id=by.person_id,
            made_at=at,
        )
        for year, halves in by_year.items()
    )  # fmt: skip
    return sign * sum(by_year.values())


def correct(
    person: Person,
    *,
    kind: str,
    year: int,
    days: Decimal,
    reason: str,
    is_grant: bool = False,
    by: Any,
    at: dt.datetime,
) -> LeaveEntry:
    """Enter days that somebody has a right to, or correct a balance; the reason stays in the ledger."""
    with work():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        demand(keep_balances(person, by=by, at=at))
        halves = int(days * 2) if (days * 2) == int(days * 2) else 0
        demand(leave_rules.refuse_correction(halves=halves, reason=reason, is_own=by.is_any_of([person.pk])))
        demand(_refuse_grant(kind, is_grant, halves))
        entry = LeaveEntry.objects.create(
            person=person, kind=kind, year=year, halves=halves, reason=reason, made_by_id=by.person_id, made_at=at,
            why=LeaveEntry.Why.GRANT if is_grant else LeaveEntry.Why.CORRECTION,
        )  # fmt: skip
        codes = {"person": person.pk, "kind": kind, "year": year, "halves": halves, "is_grant": is_grant}
        announce(
            "people.leaveentry.written", person, by=by, at=at, label=_("登记假期余额"), codes=codes, values={"reason": reason}, clause=CLAUSE
        )  # fmt: skip
        return entry


def settle(
    person: Person, *, kind: str, year: int, days: Decimal, how: str, reason: str, by: Any, at: dt.datetime
) -> LeaveEntry:  # fmt: skip
    """What is left of a year that is over: carried into the next, paid, or given up; each with its ground in the ledger (E16)."""
    with work():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        demand(keep_balances(person, by=by, at=at))
        about = leave_kinds.kind_of(kind)
        if not about.is_kept:
            demand([Refusal("leave.settle_kind", _("这种假没有余额。"), {}, CLAUSE, "kind")])
        halves = int(days * 2) if (days * 2) == int(days * 2) else 0
        left = facts_of.balance_of(person, about, year, at).left
        demand(
            leave_rules.refuse_settlement(
                halves=halves, left=left, year=year, this_year=clock.local_date(at).year, how=how,
                carried_in=facts_of.carried_into(person, about, year), is_service=about.per == leave_kinds.SERVICE, reason=reason,
                is_own=by.is_any_of([person.pk]),
            )
        )  # fmt: skip
        facts = {
            "person": person,
            "kind": kind,
            "reason": reason,
            "why": how,
            "made_by_id": by.person_id,
            "made_at": at,
        }
        entry = LeaveEntry.objects.create(**facts, year=year, halves=-halves)
        if how == leave_rules.CARRY:
            LeaveEntry.objects.create(**facts, year=year + 1, halves=halves)
        codes = {"person": person.pk, "kind": kind, "year": year, "halves": halves, "how": how}
        announce(
            "people.leaveentry.settled", person, by=by, at=at, label=_("结清假期余额"), codes=codes, values={"reason": reason}, clause=CLAUSE
        )  # fmt: skip
        return entry


def _refuse_grant(kind: str, is_grant: bool, halves: int) -> Any:
    if is_grant and leave_kinds.kind_of(kind).per != leave_kinds.GRANT:
        yield Refusal("leave.grant", _("只有按人登记的假才登记额度；年休假由工龄自动计算。"), {}, CLAUSE, "kind")
    if is_grant and halves < 0:
        yield Refusal("leave.grant_sign", _("额度不能是负数，减少请用更正。"), {}, CLAUSE, "days")


def set_service(
    person: Person, *, prior_months: int, is_continuous: bool, ground: str, by: Any, at: dt.datetime
) -> ServiceBasis:
    """Enter what somebody worked before joining: annual leave counts it (E16)."""
    with work():
        demand(keep_balances(person, by=by, at=at))
        demand(leave_rules.refuse_correction(halves=1, reason=ground, is_own=by.is_any_of([person.pk])))
        facts = {"prior_months": prior_months, "is_continuous": is_continuous, "ground": ground, "made_by_id": by.person_id, "made_at": at}  # fmt: skip
        basis, _is_new = ServiceBasis.objects.update_or_create(person=person, defaults=facts)
        codes = {"person": person.pk, "prior_months": prior_months, "is_continuous": is_continuous}
        announce("people.servicebasis.set", person, by=by, at=at, label=_("登记累计工龄"), codes=codes, values={"ground": ground}, clause=CLAUSE)  # fmt: skip
        return basis


def set_roster(
    *, unit: Unit | None = None, person: Person | None = None, weekdays: str, works_holidays: bool = False, from_on: dt.date, by: Any,
    at: dt.datetime,
) -> Roster:  # fmt: skip
    """A unit or a person works on these weekdays from a day on; the roster before it ends the day before."""
    with work():
        demand(keep_rosters(person or unit, by=by, at=at))
        demand(_refuse_roster(unit, person, weekdays))
        # Two rosters of one unit or person take turns, also where there is none yet to lock.
        whose: Any = Person.objects.filter(pk=person.pk) if person else Unit.objects.filter(pk=unit.pk if unit else 0)
        whose.select_for_update(no_key=True).get()
        before = Roster.objects.select_for_update().filter(unit=unit, person=person, to_on=None)
        demand(
            Refusal(
                "roster.order", _("已有一份从 %(day)s 起的排班，由%(name)s登记，新的要更晚开始。"),
                {"day": row.from_on.isoformat(), "name": row.made_by.shown_name if row.made_by else ""}, CLAUSE, "from_on",
            )
            for row in before
            if row.from_on >= from_on
        )  # fmt: skip
        before.update(to_on=from_on - dt.timedelta(days=1))
        row = Roster.objects.create(
            unit=unit, person=person, weekdays=weekdays, works_holidays=works_holidays, from_on=from_on, made_by_id=by.person_id, made_at=at
        )  # fmt: skip
        codes = {"unit": unit.pk if unit else None, "person": person.pk if person else None, "weekdays": weekdays}
        announce("people.roster.set", row, by=by, at=at, label=_("登记排班"), codes=codes, clause=CLAUSE)
        return row


def _refuse_roster(unit: Unit | None, person: Person | None, weekdays: str) -> Any:
    if (unit is None) == (person is None):
        yield Refusal("roster.whose", _("请选择一个单位或一个人，二者选一。"), {}, CLAUSE, "unit")
    if not weekdays or len(set(weekdays)) != len(weekdays) or set(weekdays) - set("1234567"):
        yield Refusal("roster.days", _("请选择每周上班的日子。"), {}, CLAUSE, "weekdays")
