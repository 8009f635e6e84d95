"""Lists among millions: what few rows have is found by an index of its own, a name that many have is not collected first."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.core.names import NEWEST, PREFIXES
from zhangfa.customers.models import Customer
from zhangfa.customers.models import customer as of_customers
from zhangfa.customers.web.pages import CustomerFilter
from zhangfa.orders.board import DAY, elsewhere, of_day
from zhangfa.orders.crews import served_by
from zhangfa.orders.models import Order
from zhangfa.orders.rules import LONGEST
from zhangfa.orders.web.pages import OrderFilter

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3"), pytest.mark.postgres]
NAMES = ("王小明", "王明", "汪洋", "李四")
TYPED = ("王", "wang", "wm", "李四", "nobody", "13800000000")


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def customers(house):
    return [house.make_customer(name) for name in NAMES]


@pytest.mark.parametrize("typed", TYPED)
def test_every_way_of_looking_for_a_name_finds_the_same(customers, typed, monkeypatch):
    wanted = set(Customer.objects.search(typed))
    assert set(Customer.objects.search(typed, newest=True)) == wanted
    assert set(Customer.objects.search_first(typed)) == wanted
    for few, near in ((of_customers.FEW, 0), (0, of_customers.NEAR), (0, 0)):
        monkeypatch.setattr(of_customers, "FEW", few)
        monkeypatch.setattr(of_customers, "NEAR", near)
        assert set(Customer.objects.filter(Customer.objects.all().matching(typed))) == wanted
    assert of_customers.FEW < NEWEST


@pytest.mark.parametrize(("few", "near"), [(300, 0), (0, 20_000), (0, 0)])
def test_orders_are_found_by_number_and_by_whom_they_are_for(house, customers, few, near, monkeypatch):
    monkeypatch.setattr("zhangfa.orders.models.order.FEW", few)
    monkeypatch.setattr("zhangfa.orders.models.order.NEAR", near)
    orders = [house.make_order(customer) for customer in customers]
    assert set(Order.objects.search("wang")) == set(orders[:3])
    assert set(Order.objects.search(orders[3].number.lower())) == {orders[3]}
    assert set(Order.objects.search("李四")) == {orders[3]}
    assert not Order.objects.search("nobody").exists()


@pytest.mark.parametrize("few", [300, 0])
def test_the_pages_find_them_too_with_a_filter_and_on_the_next_page(house, customers, client, few, monkeypatch):
    for path in ("zhangfa.orders.models.order.FEW", "zhangfa.customers.models.customer.FEW"):
        monkeypatch.setattr(path, few)
    order = house.make_order(customers[0])
    client.force_login(house.user("cs"))
    for address in (
        "/customers/?q=wang",
        "/customers/?q=wang&kind=household&sort=no",
        "/orders/?q=wang",
        f"/orders/?q={order.number}",
    ):
        page = client.get(address).content.decode()
        assert "王小明" in page and "李四" not in page, address


@pytest.mark.parametrize(
    ("filters", "rows", "asked", "index"),
    [
        (OrderFilter, Order, {"payment": "refunding"}, "order_rare_payment"),
        (OrderFilter, Order, {"status": "planned"}, "order_rare_status"),
        (CustomerFilter, Customer, {"status": "erased"}, "customer_rare_status"),
        (CustomerFilter, Customer, {"kind": "institution"}, "customer_rare_kind"),
    ],
)
def test_what_few_are_has_an_index_that_the_question_fits(filters, rows, asked, index):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")
    assert index in filters(asked, queryset=rows.objects.all()).qs.explain()
    # In the scope of one outlet the outlet's own index narrows more.
    assert index not in filters(asked, queryset=rows.objects.filter(outlet_id__in=[1])).qs.explain()


def test_an_outlet_finds_what_is_owed_by_the_index_of_that():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by how many rows there are")
    rows = Order.objects.filter(outlet_id__in=[1])
    assert "order_owed" in OrderFilter({"payment": "unpaid"}, queryset=rows).qs.explain()
    assert "order_open" in OrderFilter({"status": "planned"}, queryset=rows).qs.explain()


def test_a_list_is_narrowed_to_an_outlet_and_a_worker_by_their_own_index(house):
    request = SimpleNamespace(actor=house.actor("op"))
    east, worker = house.units["east"].pk, house.people["sw"].pk

    def plan(given):
        return OrderFilter(given, queryset=Order.objects.all(), request=request).qs.explain()

    if connection.vendor == "sqlite":
        assert "order_outlet" in plan({"outlet": east}) and "order_worker" in plan({"worker": worker})
        assert "order_open" in plan({"outlet": east, "status": "planned"})
    found = CustomerFilter({"outlet": house.units["west"].pk}, queryset=Customer.objects.all(), request=request).qs
    assert not found.filter(pk=house.customer.pk).exists() and Customer.objects.filter(pk=house.customer.pk).exists()


def test_what_is_finished_is_not_looked_for_among_what_is_booked(house, customers):
    with clock.at(MONDAY):
        found = OrderFilter({"status": "finished"}, queryset=Order.objects.order_by("-served_from", "-id")).qs
        assert "served_from<" in found.explain() or connection.vendor != "sqlite"


def test_only_codes_are_written_into_a_statement():
    with pytest.raises(ValueError, match="not codes"):
        str(Order.objects.filter(status__listed=["a' OR 1=1"]).query)


def plan_of(rows):
    """How the database goes about it; PostgreSQL has to say so as if the tables were large."""
    if connection.vendor == "sqlite":
        return rows.explain()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        return rows.explain()


def is_scanned(plan, table):
    """Whether a table is read from end to end."""
    if connection.vendor != "sqlite":
        return f"Seq Scan on {table}" in plan
    return any(line.strip().startswith(f"SCAN {table}") and "VIRTUAL" not in line for line in plan.splitlines())


def test_a_telephone_and_what_an_outlet_is_owed_are_found_without_reading_everything(house, customers):
    phone = house.customer.phone
    for rows in (Customer.objects.search(phone), Customer.objects.search_first(phone).standing(phone)):
        plan = plan_of(rows)
        assert "phone_hash" in plan and not is_scanned(plan, "customers_customer"), plan
    assert not is_scanned(plan_of(Order.objects.search(phone)), "orders_order")
    owed = OrderFilter({"payment": "unpaid"}, queryset=Order.objects.filter(outlet_id__in=[1])).qs
    assert not is_scanned(plan_of(owed.order_by("-served_from", "-id")), "orders_order")


def test_a_name_leads_to_its_customers_or_is_tested_on_the_way(house, customers, monkeypatch):
    """Some thousands are named so: the index of names leads. Very many: the key in the row is read, no list of them is made."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has one index of names for both")
    monkeypatch.setattr(of_customers, "FEW", 0)
    rows = Customer.objects.filter(status="dormant").order_by("-pk")
    assert "VIRTUAL TABLE" not in rows.filter(rows.matching("wang")).explain()
    monkeypatch.setattr(of_customers, "NEAR", 0)
    assert "VIRTUAL TABLE" in rows.filter(rows.matching("wang")).explain()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'customers_customer_names'")
        assert f"prefix='{PREFIXES}'" in cursor.fetchone()[0], "a surname in pinyin is one entry of the index"


def test_a_crew_is_found_by_the_worker_and_never_by_reading_the_orders(house):
    sw, east = house.people["sw"].pk, house.units["east"]
    begins = clock.day_start(MONDAY.date())
    mine = Order.objects.filter(served_by([sw], begins - LONGEST, begins + DAY))
    for rows in (
        of_day(mine, begins), mine.order_by("served_from", "pk"), elsewhere([sw], east, begins),
        Order.objects.filter(crew__worker_id=sw).order_by("-served_from", "-id")[:26],
        Order.objects.visible_to(house.actor("sw")).filter(pk=house.order.pk),
    ):  # fmt: skip
        plan = plan_of(rows)
        assert not is_scanned(plan, "orders_order") and not is_scanned(plan, "orders_crewmember"), plan
    assert "crew_worker" in plan_of(mine)
