"""Who comes while a year is running owes their part of its quotas, whenever it is entered and however long nobody looked (X-1)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.duties import reference
from tests.duties.switched import lent
from tests.houses import START
from zhangfa.core import clock
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actions import holdings
from zhangfa.organisation.models import Holding, Person, Seat
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BEGIN = dt.datetime(2026, 11, 20, 10, tzinfo=clock.TZ)
LENGTH = 70
FEW = settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hours = st.integers(1, 24 * LENGTH - 1)
# At which hour it is entered, from how many days before or after it counts, in which seat, and for how many days.
hires = st.lists(
    st.tuples(hours, st.integers(-9, 9), st.sampled_from(["sw", "oa2", "cm"]), st.none() | st.integers(0, 20)), max_size=6
)  # fmt: skip
QUOTAS = {"D-AM-09": (None, 72), "D-HS-11": (("sw",), 48), "D-CC-06": (("cs", "hs", "ls", "sup", "oa", "sl"), 100)}


def entered(house, number, hire):
    """Somebody is put into a seat; what would be entered after its year is over is entered in time."""
    hour, shift, seat, stay = hire
    at = BEGIN + hour * HOUR
    from_on = clock.local_date(at) + shift * DAY
    if from_on.year < at.astimezone(clock.TZ).year:
        from_on = clock.local_date(at)
    person = Person(no=f"N{number}", name=f"新人{number}", kind="worker" if seat == "sw" else "staff")
    person.prepare()
    person.save()
    to_on = None if stay is None else from_on + stay * DAY
    like = house.seats[seat]
    place = Seat.objects.create(post_id=like.post_id, unit=like.unit, reports_to=like.reports_to)

    def enter():
        holdings.hold(person=person, seat=place, from_on=from_on, to_on=to_on, by=house.actor("am", at), at=at)

    return at, enter, (person.pk, like.post_id, from_on, to_on)


@settings(FEW, max_examples=12)
@given(hires=hires, ticks=st.lists(hours, max_size=6))
# Entered after the clock had come by that day; nobody looked for weeks, over the turn of the year; gone again before anybody looked.
@example(hires=[(1, 0, "sw", None)], ticks=[2, 30])
@example(hires=[(100, -3, "oa2", None), (300, 2, "sw", None)], ticks=[90])
@example(hires=[(24 * 20, 3, "cm", 5), (24 * 35, 8, "sw", 12)], ticks=[24 * 10])
def test_quotas_of_those_who_join_are_the_plain_references(house, hires, ticks):
    with transaction.atomic(), lent(*QUOTAS):
        worker.tick(BEGIN)
        steps = [entered(house, number, hire) for number, hire in enumerate(hires)]
        script = [(at, enter) for at, enter, _span in steps] + [(BEGIN + hour * HOUR, None) for hour in ticks]
        for at, enter in sorted(script, key=lambda step: step[0]):
            if enter is not None:
                enter()
            else:
                worker.tick(at)
        end = BEGIN + LENGTH * DAY
        worker.tick(end)
        held = [(row.person_id, row.seat.post_id, START, None) for row in _founders(house)]
        held += [span for _at, _enter, span in steps]
        found = {
            (row.duty.code, row.subject_key, row.period): (row.needed, clock.local_date(row.opened_at))
            for row in Occurrence.objects.select_related("duty")
        }
        assert found == {
            (code, f"person:{person}", period): facts
            for code, (posts, needed) in QUOTAS.items()
            for (person, period), facts in reference.quotas(held, posts, Decimal(needed), BEGIN, end).items()
        }
        transaction.set_rollback(True)


def _founders(house):
    return Holding.objects.filter(from_on=START).select_related("seat")
