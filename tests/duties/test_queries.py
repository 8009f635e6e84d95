"""Who sees whose duties, and what the numbers say."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.duties.switched import done, lent
from tests.houses import MONDAY
from zhangfa.duties import actions, compliance, kept
from zhangfa.duties.models import Occurrence
from zhangfa.runtime import worker

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]


@pytest.fixture
def month(house):
    """March with the outlets' daily archive and monthly expenses: east keeps it, west is late or misses."""
    with lent("D-OA-01", "D-OA-03"):
        for number in range(10):
            worker.tick(MONDAY + number * DAY)
            done(house, "oa", "D-OA-01", MONDAY + number * DAY + HOUR, thing=house.people[list(house.people)[number]])
        done(house, "oa2", "D-OA-01", MONDAY + 5 * DAY, thing=house.people["gm"])
        yield MONDAY + 9 * DAY + 2 * HOUR


def sees(house, name):
    rows = Occurrence.objects.visible_to(house.actor(name, MONDAY + 9 * DAY)).values_list("seat__unit__code", flat=True)
    return sorted(set(rows))


def test_each_their_own_superiors_their_part_the_gm_all(house, month):
    assert sees(house, "oa") == ["east"]
    assert sees(house, "sup") == ["east", "west"]
    assert sees(house, "hs") == ["east", "west"]
    assert sees(house, "ls") == ["site"]
    assert sees(house, "gm") == sees(house, "am") == sees(house, "dgm") == ["east", "site", "west"]
    assert sees(house, "cc") == sees(house, "sw") == []


@pytest.mark.parametrize("name", ["gm", "dgm", "hs", "sup", "oa", "cc"])
def test_the_branches_of_a_list_are_what_may_be_seen(house, month, name):
    actor = house.actor(name, MONDAY + 9 * DAY)
    rows = Occurrence.objects.visible_to(actor)
    parts = [pk for part in Occurrence.objects.branches(actor) for pk in part.values_list("pk", flat=True)]
    assert sorted(parts) == sorted(rows.values_list("pk", flat=True))


def test_the_numbers_add_up_and_late_is_not_green(house, month):
    rows = compliance.due_in(Occurrence.objects.all(), dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    march = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
    people = kept.Live(Occurrence.objects.all(), month, ["person"]).split(*march)["person"]
    by_person = {shown.name: tally for _key, shown, tally in compliance.lines(people, "person")}
    east, west = by_person["人oa"], by_person["人oa2"]
    assert (east.done, east.late, east.missed, east.open, east.share) == (8, 0, 0, 1, Decimal("100.0"))
    # One of the past days was made up for late; late and missed both count against the share.
    assert (west.done, west.late, west.missed, west.share) == (0, 1, 6, Decimal("0.0"))
    total = compliance.sum_of(compliance.tallies(rows, "due_on", month).values())
    assert total == compliance.sum_of(by_person.values())
    figures = kept.draw(dt.date(2026, 3, 1), month)
    assert figures["total"]["done"] == total.done
    assert kept.draw(dt.date(2026, 3, 1), month) == figures
    assert compliance.tally_of(figures["total"]) == total


def test_a_due_day_ends_at_midnight(house):
    with lent("D-OA-03"):
        actions.generate(MONDAY)
    row = Occurrence.objects.filter(duty__code="D-OA-03").first()
    assert row.due_on == dt.date(2026, 3, 31)
    march = compliance.due_in(Occurrence.objects.all(), dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    april = compliance.due_in(Occurrence.objects.all(), dt.date(2026, 4, 1), dt.date(2026, 4, 30))
    assert row in march and row not in april
