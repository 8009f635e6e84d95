"""The roll-up of duties is kept by whatever changes an occurrence, folded any number of times, and mended where it is wrong."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from hypothesis import given
from hypothesis import strategies as st

from tests.duties.counted import agrees
from tests.duties.switched import lent
from tests.duties.test_reference import FEW
from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.duties import counting, doctor, kept
from zhangfa.duties.models import DayCount, Occurrence, PersonCount
from zhangfa.runtime import worker

DAY = dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
# What may happen to an occurrence, in bulk and one by one, also what the program does not do today.
STEPS = st.lists(
    st.tuples(st.sampled_from(["state", "person", "day", "seat", "place", "delete", "insert", "fold", "again"]), st.integers(0, 40), st.integers(0, 5)),
    max_size=15,
)  # fmt: skip


@pytest.fixture
def month(house):
    with lent("D-OA-01", "D-OA-03", "D-HS-04"):
        for number in range(6):
            worker.tick(MONDAY + number * DAY)
        yield house


def change(house, what, number, to):
    rows = Occurrence.objects.filter(pk__in=Occurrence.objects.order_by("pk").values("pk")[number : number + 1 + to])
    if what == "state":
        rows.update(state=Occurrence.State.values[to])
    elif what == "person":
        rows.update(person=[None, *list(house.people.values())][to])
    elif what == "day":
        due = clock.day_end(MONDAY + to * 9 * DAY)
        rows.update(due_at=due, due_on=due.astimezone(clock.TZ).date() - DAY)
    elif what == "seat":
        rows.update(seat=house.seats[["oa", "oa2", "sup", "hs", "gm", "cc"][to]], subject_key=Cast("pk", CharField()))
    elif what == "place":
        rows.update(department=[None, house.units["home"], house.units["service"]][to % 3])
    elif what == "delete":
        rows.delete()
    elif what == "insert":
        copies = list(rows)
        for copy in copies:
            copy.pk, copy.subject_key = None, f"copy {number}"
        Occurrence.objects.bulk_create(copies, ignore_conflicts=True)
    elif what == "fold":
        counting.fold()
    else:
        counting.recount()


@FEW
@given(steps=STEPS)
def test_whatever_happens_to_occurrences_the_roll_up_counts_them(month, steps):
    with transaction.atomic():
        for what, number, to in steps:
            change(month, what, number, to)
        agrees(month, MONDAY + 6 * DAY + dt.timedelta(hours=11))
        agrees(month, MONDAY + 40 * DAY)
        transaction.set_rollback(True)


def test_folding_leaves_one_row_of_a_kind_and_the_same_sums(month):
    Occurrence.objects.filter(duty__code="D-OA-01").update(state="done")
    march = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
    before = kept.Kept(kept.ALL, MONDAY + 9 * DAY, ["duty", "person"]).split(*march)
    assert counting.fold() > 0
    for model in counting.MODELS:
        kinds = list(model.objects.values_list(model.SPAN, *model.KIND))
        assert len(kinds) == len(set(kinds)) and not model.objects.filter(is_loose=True).exists()
    assert counting.fold() == 0
    assert kept.Kept(kept.ALL, MONDAY + 9 * DAY, ["duty", "person"]).split(*march) == before
    assert counting.wrong() == []


def test_a_wrong_count_is_found_named_and_mended(month):
    counting.fold()
    row = DayCount.objects.order_by("pk").first()
    DayCount.objects.filter(pk=row.pk).update(n=row.n + 1)
    PersonCount.objects.all().delete()
    found = list(doctor.data_problems())
    assert any(str(row.due_on) in line for line in found) and any("2026-03-01" in line for line in found)
    assert counting.mend(MONDAY.date()) is True
    assert list(doctor.data_problems()) == [] and counting.mend() is False


def test_the_triggers_are_made_again_where_a_table_lost_them(month):
    from django.db import connection

    with connection.cursor() as cursor:
        for name in counting.triggers():
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {counting.TABLE}"))
    Occurrence.objects.filter(duty__code="D-OA-01").update(state="late")
    assert counting.wrong()
    counting.ensure(None, "default")
    assert counting.wrong() == []
    Occurrence.objects.filter(duty__code="D-OA-01").update(state="done")
    assert counting.wrong() == []
