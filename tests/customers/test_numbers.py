"""Numbers that were stored with a prefix before it was known are found by what people dial."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, House
from zhangfa.calls import actions as calls
from zhangfa.calls.models import Call
from zhangfa.core import clock, crypto, numbers
from zhangfa.customers.models import Contact, Customer, Profile
from zhangfa.customers.queries import known_by

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-D1")]
MIGRATIONS = ("customers.migrations.0011", "calls.migrations.0002", "organisation.migrations.0004")


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def migrate():
    for name in MIGRATIONS:
        importlib.import_module(f"zhangfa.{name}_numbers_without_prefix").rewrite(apps, None)


def as_before(row, number, key, stored):
    """As the archive wrote it before it knew the prefix."""
    setattr(row, number, stored)
    setattr(row, key, crypto.fingerprint(stored))
    row.save()


@pytest.mark.parametrize("stored", ["+8615400001111", "008615400001111", "015400001111", "8615400001111"])
def test_each_way_to_write_a_number_is_found_by_what_is_dialled(house, stored):
    one, other, third = house.customer, house.make_customer("林二"), house.make_customer("林三")
    as_before(one, "phone", "phone_hash", stored)
    as_before(Contact(customer=other, name="林母", title="母亲", role="family"), "phone", "phone_hash", stored)
    as_before(Profile(customer=third, updated_at=MONDAY), "alt_phone", "alt_phone_hash", stored)
    call = calls.take(phone="15400002222", by=house.actor("op"), at=MONDAY)
    as_before(call, "phone", "phone_hash", stored)
    as_before(house.people["cs"], "phone", "phone_hash", stored)
    assert not known_by("15400001111")
    for _again in range(2):
        migrate()
        assert {row.pk for row in known_by("15400001111")} == {one.pk, other.pk, third.pk}
    assert Call.objects.search("15400001111").get() == call
    assert type(house.people["cs"]).objects.search("15400001111").get() == house.people["cs"]
    assert Customer.objects.get(pk=one.pk).phone == "15400001111"


def test_a_second_run_writes_nothing_and_batches_grow_with_the_rows_alone(house, monkeypatch):
    monkeypatch.setattr(numbers, "BATCH", 2)
    rows = [house.customer, *(house.make_customer(f"林{n}") for n in range(4))]
    for n, row in enumerate(rows):
        as_before(row, "phone", "phone_hash", f"+861540000333{n}")
    assert numbers.rewrite_numbers(Customer) == 5
    with CaptureQueriesContext(connection) as made:
        assert numbers.rewrite_numbers(Customer) == 0
    assert len(made) == 4 and not [one for one in made if not one["sql"].startswith("SELECT")]
