"""What is looked up for each chunk of an import stands on an index, however much was brought in before."""

import pytest
from django.db import connection

from zhangfa.customers.models import Customer
from zhangfa.imports.models import Result, Row

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by how many rows there are")
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (Result.objects.filter(label="customers.customer", ref__among={"V1", "V2"}, undone_at=None), "import_result_ref"),
        (Row.objects.filter(batch_id=1, key__among={"a", "b"}).exclude(state__in=("wrong", "undone")), "import_row_key"),
        (Customer.objects.filter(profile__alt_phone_hash__among={"a", "b"}).exclude(status="erased").order_by("pk"), "profile_alt_phone"),
        (Customer.objects.filter(profile__alt_phone_hash="a"), "profile_alt_phone"),
        (Customer.objects.filter(profile__text_key="a").exclude(pk=1), "profile_text"),
    ],
)  # fmt: skip
def test_what_a_chunk_asks_for_is_found_by_an_index(rows, index):
    plan = rows.explain()
    assert index in plan and "SCAN customers" not in plan and "SCAN imports" not in plan, plan
