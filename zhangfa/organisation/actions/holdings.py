"""Who sits where, and which executive is in charge of what: both with dates."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Charge, Holding, Person, Seat, Unit
from zhangfa.organisation.permissions import edit_chart
from zhangfa.organisation.rules import Period, refuse_charge, refuse_holding, refuse_holding_end


def hold(
    *, person: Person, seat: Seat, from_on: dt.date, to_on: dt.date | None = None, by: Actor, at: dt.datetime
) -> Holding:
    """Put a person into a seat from a day on."""
    with change(edit_chart, seat, by=by, at=at):
        others = [(row.person_id, Period(row.from_on, row.to_on)) for row in Holding.objects.filter(seat=seat)]
        demand(
            refuse_holding(
                period=Period(from_on, to_on), grade=seat.post.grade, person_kind=person.kind, person_left_on=person.left_on,
                is_seat_active=seat.is_active, others=others, person_id=person.pk, by_person_id=by.person_id,
            )
        )  # fmt: skip
        holding = Holding.objects.create(person=person, seat=seat, from_on=from_on, to_on=to_on)
        codes = {"person": person.pk, "seat": seat.pk, "from_on": from_on, "to_on": to_on}
        tell("holding.begun", holding, _("任职"), by=by, at=at, codes=codes)
    return holding


def end(holding: Holding, *, to_on: dt.date, by: Actor, at: dt.datetime) -> Holding:
    """The last day of a holding."""
    with change(edit_chart, holding, by=by, at=at):
        holding = Holding.objects.select_for_update().get(pk=holding.pk)
        demand(refuse_holding_end(from_on=holding.from_on, to_on=to_on, old_to_on=holding.to_on))
        holding.to_on = to_on
        holding.save(update_fields=["to_on"])
        tell(
            "holding.ended",
            holding,
            _("离任"),
            by=by,
            at=at,
            codes={"person": holding.person_id, "seat": holding.seat_id, "to_on": to_on},
        )
    return holding


def take_charge(*, seat: Seat, unit: Unit, from_on: dt.date, by: Actor, at: dt.datetime) -> Charge:
    """Assign the executive in charge of a department or region (domain.md A-04); the former one's charge ends the day before."""
    with change(edit_chart, unit, by=by, at=at):
        running = Charge.objects.filter(unit=unit).exclude(to_on__lt=from_on)
        demand(
            refuse_charge(
                grade=seat.post.grade,
                is_seat_active=seat.is_active,
                unit_kind=unit.kind,
                is_charged=running.filter(from_on__gte=from_on).exists(),
            )
        )
        running.update(to_on=from_on - dt.timedelta(days=1))
        charge = Charge.objects.create(seat=seat, unit=unit, from_on=from_on)
        tell(
            "charge.begun",
            charge,
            _("分管"),
            by=by,
            at=at,
            codes={"seat": seat.pk, "unit": unit.pk, "from_on": from_on},
        )
    return charge


def end_charge(charge: Charge, *, by: Actor, at: dt.datetime) -> Charge:
    """End a charge with yesterday: from today on the rule for units without one applies."""
    with change(edit_chart, charge, by=by, at=at):
        charge = Charge.objects.select_for_update().get(pk=charge.pk)
        charge.to_on = clock.local_date(at) - dt.timedelta(days=1)
        charge.save(update_fields=["to_on"])
        tell(
            "charge.ended",
            charge,
            _("结束分管"),
            by=by,
            at=at,
            codes={"seat": charge.seat_id, "unit": charge.unit_id, "to_on": charge.to_on},
        )
    return charge
