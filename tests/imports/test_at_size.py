"""What is looked up for each chunk of an import stands on an index, however much was brought in before."""

import pytest
from django.apps import apps
from django.db import connection

from zhangfa.core.relations import pointers
from zhangfa.customers.models import Customer
from zhangfa.imports.models import Result, Row
from zhangfa.imports.targets import TARGETS

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


# What grows with every order, customer and day. Of customers and orders millions may go: nothing that points to them is read whole.
# Whatever else points to somebody stays small enough.
LARGE = {
    "orders.order", "orders.crewmember", "orders.revisit", "orders.cardentry", "finance.receipt", "customers.customer", "customers.consent",
    "customers.profile", "customers.archiveentry", "customers.place", "customers.contact", "customers.customerclass", "customers.classchange",
    "calls.call", "care.visit", "care.careplan", "reports.listed", "notices.notice", "records.record",
    "records.signature", "records.attachment", "records.copy", "duties.occurrence", "approvals.step", "people.roster",
}  # fmt: skip
# Units that a list made are few when they go, and these are read for each of them.
READ_FOR_UNITS = {"reports.listed", "records.record", "duties.occurrence"}


@pytest.mark.clause("X-5")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by how many rows there are")
@pytest.mark.parametrize("label", sorted({label for target in TARGETS.values() for label in target.labels}))
def test_no_large_table_is_read_to_see_who_points_to_what_goes(label):
    large = LARGE - READ_FOR_UNITS if label == "organisation.unit" else LARGE
    is_many = label in ("customers.customer", "orders.order")
    for relation in pointers(apps.get_model(label)):
        other, field = relation.related_model, relation.field.name
        if other._meta.managed and (is_many or other._meta.label_lower in large):
            plan = other._default_manager.filter(**{f"{field}__in": [1, 2]}).order_by().values(field).explain()
            # The database asks the same for each row that is removed.
            alone = other._default_manager.filter(**{field: 1}).order_by().values(field).explain()
            assert "SCAN" not in plan + alone, (other, field, plan)
