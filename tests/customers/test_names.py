"""Finding a name: the same rows on both databases, whatever is typed, at once after every change."""

import pytest

from tests.houses import House
from zhangfa.core import names
from zhangfa.core.text import search_key, search_term
from zhangfa.customers.models import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5"), pytest.mark.postgres]

PEOPLE = [
    "王小明",
    "王明",
    "小王子餐厅",
    "曾国良",
    "㛃䶮",
    "𠮷野家",
    "A.B 物业公司",
    "O'Hara",
    '引"号',
    "百分%号_线",
    "Müller",
    "重庆路 12 号住户",
]
TYPED = [
    "王", "王小", "小明", "明", "wang", "wangx", "xiaoming", "wxm", "wm", "zeng", "ceng", "zgl", "㛃", "䶮", "𠮷", "A.B", "a.b物", "wuye", "o'h", "O'Hara",
    '引"', "100%", "百分%", "%", "_", "-", '"', "*", "NEAR(", "a OR b", "王 AND", "mü", "muller", "12", "chong", "zhong", "王小明明", "  王明  ", "^", "{", ":",
]  # fmt: skip


@pytest.fixture
def customers():
    house = House()
    return {name: house.make_customer(name) for name in PEOPLE}


def expected(typed):
    """What a plain look through every key finds; a text without a letter or digit finds nobody by name."""
    term = search_term(typed)
    return {name for name in PEOPLE if term in search_key(name)} if any(char.isalnum() for char in typed) else None


@pytest.mark.parametrize("typed", TYPED)
def test_a_name_is_found_by_what_a_plain_look_would_find(customers, typed):
    found = {row.name for row in Customer.objects.filter(search_key__named=typed)} & set(PEOPLE)
    wanted = expected(typed)
    assert wanted is None or found == wanted


def test_a_changed_and_a_removed_name_are_found_no_more(customers):
    row = customers["王小明"]
    row.name = "李小明"
    row.prepare()
    row.save()
    assert not Customer.objects.filter(search_key__named="王小").exists()
    assert Customer.objects.get(search_key__named="李小") == row
    Customer.objects.filter(pk=row.pk).delete()
    assert not Customer.objects.filter(search_key__named="李小").exists()


def test_the_index_is_made_again_after_a_table_was_rebuilt(customers):
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER customers_customer_names_added")
        else:
            cursor.execute("DROP INDEX customers_customer_names")
            assert names.missing(connection, [Customer]) == ["customers_customer_names"]
    customers["王明"].pk, customers["王明"].no = None, "K-neu"
    customers["王明"].save()
    # Rows that wait for their keys to be checked would stop an index from being made.
    connection.check_constraints()
    names.ensure(apps.get_app_config("customers"), "default")
    assert {row.no for row in Customer.objects.filter(search_key__named="王明")} >= {"K-neu"}
    assert names.missing(connection, [Customer]) == []
