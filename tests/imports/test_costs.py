"""What the pages of an import cost in statements: within the budget, and the same when the list is longer."""

import pytest

from tests.customers.test_costs import LIST, RECORD, cost
from tests.houses import MONDAY
from tests.imports import workbooks
from tests.imports.workbooks import brought, checked, written
from zhangfa.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
FORM = 12


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def listed(count):
    """Half of the rows are wrong."""
    return workbooks.messy_customers(
        [
            [n, f"客户{n}", f"1390000{n:04d}" if n % 2 else "没有", f"听松苑{n}幢", "east单位", "2024-03-05", ""]
            for n in range(1, count + 1)
        ]
    )


def costs_of(client, house, count):
    batch = checked(house, brought(house, listed(count)))
    url = f"/imports/{batch.pk}/"
    pages = {"page": "", "rows": "rows/", "wrong": "rows/?state=wrong", "row": "rows/2/"}
    found = {name: cost(lambda path=path: client.get(url + path)) for name, path in pages.items()}
    written(house, batch)
    return found | {
        "list": cost(lambda: client.get("/imports/")),
        "written": cost(lambda: client.get(url)),
        "stuck": cost(lambda: client.get(f"{url}stuck/")),
    }


def test_pages_cost_the_same_for_a_long_list(client, house):
    client.force_login(house.user("cs"))
    client.get("/imports/")
    short, long = costs_of(client, house, 110), costs_of(client, house, 240)
    assert short == long
    assert max(long[name] for name in ("list", "rows", "wrong", "stuck")) <= LIST
    assert max(long[name] for name in ("page", "written")) <= RECORD
    assert long["row"] <= FORM


def test_the_mapping_costs_the_same_for_a_long_list(client, house):
    client.force_login(house.user("cs"))
    client.get("/imports/")
    short, long = brought(house, listed(6)), brought(house, listed(120))
    first = cost(lambda: client.get(f"/imports/{short.pk}/do/check/"))
    assert first == cost(lambda: client.get(f"/imports/{long.pk}/do/check/")) <= FORM
