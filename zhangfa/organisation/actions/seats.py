"""Seats: adding, reporting lines, retiring."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Charge, Holding, Post, Seat, SeatPlacement, Unit
from zhangfa.organisation.permissions import edit_structure
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.rules import BEGINNING, refuse_reporting, refuse_retirement


def install_posts() -> None:
    """Write the posts of the handbook into the table; names that a company changed stay."""
    rows = [
        Post(code=kind.code, name=kind.zh, name_en=kind.en, grade=kind.grade, order=n)
        for n, kind in enumerate(POSTS.values())
    ]
    Post.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["grade", "order"])


def add(*, post: Post, unit: Unit, reports_to: Seat | None, by: Actor, at: dt.datetime) -> Seat:
    """A new seat of a post in a unit."""
    with change(edit_structure, by=by, at=at):
        _demand_line(None, post.grade, reports_to)
        seat = Seat.objects.create(post=post, unit=unit, reports_to=reports_to)
        SeatPlacement.objects.create(seat=seat, unit=unit, reports_to=reports_to, from_on=clock.local_date(at))
        codes = {"post": post.pk, "unit": unit.pk, "reports_to": seat.reports_to_id}
        tell("seat.added", seat, _("新设席位"), by=by, at=at, codes=codes)
    return seat


def set_superior(seat: Seat, *, reports_to: Seat | None, by: Actor, at: dt.datetime) -> Seat:
    """Whom the seat reports to from now on; escalation and approval follow the line."""
    with change(edit_structure, seat, by=by, at=at):
        seat = Seat.objects.select_related("post", "unit").select_for_update(of=("self",)).get(pk=seat.pk)
        _demand_line(seat.pk, seat.post.grade, reports_to)
        old, seat.reports_to = seat.reports_to_id, reports_to
        seat.save(update_fields=["reports_to"])
        _place(seat, unit_id=seat.unit_id, reports_to_id=old, today=clock.local_date(at))
        tell(
            "seat.line_changed", seat, _("改变汇报关系"), by=by, at=at, codes={"reports_to": [old, seat.reports_to_id]}
        )
    return seat


def move(seat: Seat, *, unit: Unit, reports_to: Seat | None, by: Actor, at: dt.datetime) -> Seat:
    """The seat stands in another unit from today on, with whoever holds it; papers keep the unit in which they were made."""
    with change(edit_structure, seat, by=by, at=at):
        seat = Seat.objects.select_related("post", "unit").select_for_update(of=("self",)).get(pk=seat.pk)
        _demand_line(seat.pk, seat.post.grade, reports_to)
        old, above = seat.unit_id, seat.reports_to_id
        seat.unit, seat.reports_to = unit, reports_to
        seat.save(update_fields=["unit", "reports_to"])
        _place(seat, unit_id=old, reports_to_id=above, today=clock.local_date(at))
        codes = {"unit": [old, unit.pk], "reports_to": [above, seat.reports_to_id]}
        tell("seat.moved", seat, _("调整席位所在单位"), by=by, at=at, codes=codes)
    return seat


def retire(seat: Seat, *, by: Actor, at: dt.datetime) -> Seat:
    """Take a seat out of use; its papers keep naming it."""
    with change(edit_structure, seat, by=by, at=at):
        seat = Seat.objects.select_related("post", "unit").select_for_update(of=("self",)).get(pk=seat.pk)
        today = clock.local_date(at)
        still = Holding.objects.filter(seat=seat).exclude(to_on__lt=today)
        demand(
            refuse_retirement(
                holders=still.count(), subordinates=Seat.objects.filter(reports_to=seat, is_active=True).count(),
                charges=Charge.objects.filter(seat=seat).exclude(to_on__lt=today).count(),
            )
        )  # fmt: skip
        seat.is_active = False
        seat.save(update_fields=["is_active"])
        # From today on it stands no more.
        _running(seat, seat.unit_id, seat.reports_to_id).update(to_on=today - dt.timedelta(days=1))
        tell("seat.retired", seat, _("停用席位"), by=by, at=at, codes={"post": seat.post_id, "unit": seat.unit_id})
    return seat


def _running(seat: Seat, unit_id: int, reports_to_id: int | None) -> QuerySet[SeatPlacement]:
    """Where it stands now; one that never moved has stood so since the beginning."""
    rows = SeatPlacement.objects.filter(seat=seat, to_on=None)
    if not rows.exists():
        SeatPlacement.objects.create(seat=seat, unit_id=unit_id, reports_to_id=reports_to_id, from_on=BEGINNING)
    return rows


def _place(seat: Seat, *, unit_id: int, reports_to_id: int | None, today: dt.date) -> None:
    """Keep where it stood until yesterday; what held for less than a day leaves no trace."""
    rows = _running(seat, unit_id, reports_to_id)
    if not rows.filter(from_on__gte=today).update(unit=seat.unit, reports_to=seat.reports_to):
        rows.update(to_on=today - dt.timedelta(days=1))
        SeatPlacement.objects.create(seat=seat, unit=seat.unit, reports_to=seat.reports_to, from_on=today)


def _demand_line(seat_id: int | None, grade: int, superior: Seat | None) -> None:
    demand(
        refuse_reporting(
            seat_id=seat_id, grade=grade, superior_id=superior.pk if superior else None,
            superior_grade=superior.post.grade if superior else None, reports_to=dict(Seat.objects.values_list("pk", "reports_to_id")),
            is_superior_active=superior is None or superior.is_active,
        )
    )  # fmt: skip
