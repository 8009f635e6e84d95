"""A query that is put into words once answers as the plain one does."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, Q

from tests.houses import MONDAY, House
from zhangfa.claims.models import Case
from zhangfa.core import compiled
from zhangfa.core.bulk import FEW, write
from zhangfa.core.compiled import Compiled, CompiledUpdate
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Holding, Person, User
from zhangfa.runtime.models import Alarm

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_other_values_give_other_rows(house: House):
    by_number = Compiled(lambda no: Person.objects.filter(no=no).select_related(), no=("sample-1", "sample-2"))
    for person in Person.objects.all()[:5]:
        found = by_number(no=person.no)
        assert found == [person] and found[0].name == person.name
    assert by_number(no="nobody") == []


def test_related_rows_and_values_lists_come_as_ever(house: House):
    samples = dt.date(1901, 1, 2), dt.date(1902, 3, 4)
    held = Compiled(
        lambda day: Holding.objects.filter(Holding.valid_q(day)).order_by("pk").values_list("person__no", "seat__post_id"),
        day=samples,
    )  # fmt: skip
    day = MONDAY.date()
    plain = Holding.objects.filter(Holding.valid_q(day)).order_by("pk").values_list("person__no", "seat__post_id")
    assert held(day=day) == list(plain) != []
    assert held(day=dt.date(1999, 1, 1)) == []


def test_text_that_depends_on_its_values_is_refused(house: House):
    careless = Compiled(lambda pks: Person.objects.filter(pk__in=range(pks)), pks=(2, 3))
    with pytest.raises(ValueError, match="must not depend"):
        careless(pks=2)


def test_a_value_that_stands_nowhere_is_refused(house: House):
    careless = Compiled(lambda pk: User.objects.all(), pk=(7_700_001, 7_700_002))
    with pytest.raises(ValueError, match="must not depend"):
        careless(pk=1)


def test_who_acts_and_what_is_locked_stay_the_same_the_second_time(house: House, django_assert_num_queries):
    person = house.people["cs"]
    first = actor_for_person(person, MONDAY)
    with django_assert_num_queries(1):
        again = actor_for_person(person, MONDAY)
    assert again == first and first.holds("cs")
    cases = [house.report("1800"), house.report("90")]
    for case in cases:
        locked = Case.objects.lock(case.pk)
        assert (locked.pk, locked.record.number, locked.customer) == (case.pk, case.record.number, case.customer)


def test_rows_that_are_changed_are_put_into_words_once_too(house: House):
    renamed = CompiledUpdate(
        lambda no, name: Person.objects.filter(no=no), lambda no, name: {"name": name},
        no=("sample-1", "sample-2"), name=("name-1", "name-2"),
    )  # fmt: skip
    one, other = Person.objects.order_by("pk")[:2]
    for name in ("林知夏", "㛃䶮"):
        assert renamed(no=one.no, name=name) == 1
        assert Person.objects.get(pk=one.pk).name == name
    assert Person.objects.get(pk=other.pk).name == other.name
    assert renamed(no="nobody", name="x") == 0


def test_a_row_that_is_looked_at_comes_with_what_is_beside_it(house: House, django_assert_num_queries):
    with_post = Compiled(
        lambda person: Holding.objects.filter(person=person).select_related("seat__unit").annotate(code=F("seat__post_id")),
        person=(7_700_001, 7_700_002),
    )  # fmt: skip
    who = house.people["cs"]
    plain = Holding.objects.filter(person=who).select_related("seat__unit")
    with django_assert_num_queries(1):
        found = with_post(person=who.pk)
        assert [(row.seat.unit.name, row.code) for row in found if not row.seat.unit._state.adding]
    assert found == list(plain)


def test_a_few_rows_are_written_as_ever_and_get_their_keys(house: House):
    at = MONDAY
    rows = [Alarm(subject=f"s{n}", kind="k", next_alarm_at=at) for n in range(FEW + 5)]
    write(rows)
    assert [Alarm.objects.get(pk=row.pk).subject for row in (rows[0], rows[-1])] == ["s0", f"s{FEW + 4}"]
    assert len({row.pk for row in rows}) == FEW + 5
    later = at + dt.timedelta(hours=1)
    again = Alarm(subject="s0", kind="k", next_alarm_at=later)
    write([again], conflict="(subject, kind) DO UPDATE SET next_alarm_at = EXCLUDED.next_alarm_at")
    assert again.pk == rows[0].pk and Alarm.objects.get(subject="s0").next_alarm_at == later
    write([])


def test_what_never_changes_stands_in_the_words_on_postgres(house: House):
    likely = Compiled(
        lambda person: Holding.objects.filter(person=person, seat__post__code__startswith="c", seat__is_active=True),
        person=(7_700_001, 7_700_002),
    )  # fmt: skip
    who = house.people["cs"]
    assert likely(person=who.pk) == list(Holding.objects.filter(person=who, seat__post_id="cs"))
    text, params = likely._filled({"person": who.pk}, connection)
    if connection.vendor == "postgresql":
        assert params == (who.pk,) and "'c%%'" in text.sql


def _with_names(which, day):
    return Holding.objects.filter(which, Holding.valid_q(day)).select_related("person").order_by("pk")


def test_a_condition_is_taken_apart_and_asked_with_other_values(house: House, django_assert_num_queries):
    day = MONDAY.date()
    conditions = [
        Q(seat__post="cs"), Q(seat__post="oa"), Q(seat__unit=house.order.outlet) | ~Q(seat__post__in=["cs", "gm"]), Q(seat__is_active=False),
        Q(seat__post__in=()), Q(seat__post="cs", person__left_on=None), Q(seat__post__grade=50), Q(seat__post__grade__gte=20, seat__post="cs"),
    ]  # fmt: skip
    for which in conditions:
        plain = list(_with_names(which, day))
        compiled.rows(_with_names, which=which, day=day)
        with django_assert_num_queries(0 if which == Q(seat__post__in=()) else 1):
            assert compiled.rows(_with_names, which=which, day=day) == plain
    assert compiled.rows(_with_names, which=conditions[0], day=day) != compiled.rows(
        _with_names, which=conditions[1], day=day
    )


def _numbered(pks):
    return Person.objects.filter(pk__in=pks).order_by("pk")


def test_lists_of_any_length_and_no_row_at_all(house: House):
    people = list(Person.objects.order_by("pk"))
    for count in (0, 1, 2, len(people)):
        assert compiled.rows(_numbered, pks={person.pk for person in people[:count]}) == people[:count]
    assert compiled.rows(_numbered, pks=range(1, compiled.LONGEST + 5)) == [
        p for p in people if p.pk < compiled.LONGEST + 5
    ]
    assert compiled.one(_numbered, pks=[people[0].pk]) == people[0]
    with pytest.raises(Person.DoesNotExist):
        compiled.one(_numbered, pks=[0])
