"""Being away, and who acts meanwhile (domain.md A-41)."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.organisation.permissions import set_absence
from zhangfa.organisation.rules import Span, refuse_absence, refuse_cancelling


def enter(
    person: Person,
    *,
    from_at: dt.datetime,
    to_at: dt.datetime,
    delegate: Person | None = None,
    reason: str = "",
    by: Actor,
    at: dt.datetime,
) -> Absence:
    """Note that a person is away; the delegate acts in their seats from the first instant to the last."""
    with change(set_absence, person, by=by, at=at):
        around = Absence.objects.filter(cancelled_at=None, from_at__lt=to_at, to_at__gt=from_at)
        rows = list(around.values_list("person_id", "delegate_id", "from_at", "to_at"))
        demand(
            refuse_absence(
                person_id=person.pk, delegate_id=delegate.pk if delegate else None, span=Span(from_at, to_at),
                own=[Span(start, end) for owner, _delegate, start, end in rows if owner == person.pk],
                ways={owner: stands_in for owner, stands_in, _start, _end in rows if stands_in},
                delegate_away=[Span(start, end) for owner, _delegate, start, end in rows if delegate and owner == delegate.pk],
                delegate_grade=_grade(delegate, from_at) if delegate else None,
                is_delegate_staff=delegate is None or delegate.kind == Person.Kind.STAFF,
            )
        )  # fmt: skip
        absence = Absence.objects.create(person=person, from_at=from_at, to_at=to_at, delegate=delegate, reason=reason)
        codes = {"person": person.pk, "delegate": absence.delegate_id, "from_at": from_at, "to_at": to_at}
        tell("absence.announced", absence, _("登记离岗"), by=by, at=at, codes=codes, values={"reason": reason})
    return absence


def cancel(absence: Absence, *, by: Actor, at: dt.datetime) -> Absence:
    """The person stays, or is back early; the delegation ends at once."""
    with change(set_absence, absence, by=by, at=at):
        absence = Absence.objects.select_for_update().get(pk=absence.pk)
        demand(refuse_cancelling(to_at=absence.to_at, at=at, is_cancelled=absence.cancelled_at is not None))
        absence.cancelled_at = at
        absence.save(update_fields=["cancelled_at"])
        tell("absence.cancelled", absence, _("取消离岗"), by=by, at=at, codes={"person": absence.person_id})
    return absence


def _grade(person: Person, at: dt.datetime) -> int | None:
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=person, seat__is_active=True)
    return rows.order_by("-seat__post__grade").values_list("seat__post__grade", flat=True).first()
