"""The demo's year of duties: what the other parts did is its evidence; administration publishes the months."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.periods import month_after, month_of
from zhangfa.duties import actions
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Seat
from zhangfa.organisation.queries import holder_of
from zhangfa.records.actions import receive_copy
from zhangfa.records.models import Publication


def build(*, seed: int, scale: str, at: dt.datetime) -> None:
    """Open what the rhythms owe by now, and publish every month that is over on the third of the next."""
    actions.generate(at)
    first = Occurrence.objects.order_by("due_at").first()
    seat = Seat.objects.filter(post_id="am", is_active=True).first()
    person = holder_of(seat, at) if seat else None
    if first is None or person is None:
        return
    month = month_of(first.due_on)
    while month_after(month) <= clock.local_date(at) - dt.timedelta(days=3):
        day = clock.day_start(month_after(month)) + dt.timedelta(days=2, hours=10)
        paper = actions.publish_month(month, by=actor_for_person(person, day), at=day)
        month = month_after(month)
        if month_after(month) <= clock.local_date(at):
            _receive(paper, day + dt.timedelta(hours=5))


def _receive(paper: Publication, at: dt.datetime) -> None:
    """Those who got a copy have read it by now; only the newest month still waits for them."""
    for copy in paper.record.copies.select_related("person"):
        receive_copy(copy, by=actor_for_person(copy.person, at), at=at)
