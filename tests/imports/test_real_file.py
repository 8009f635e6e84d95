"""A shop's real transactions, which none of us made: a text file without commas, days as 19970101, gifts that cost nothing.

The file ships in a registry package (see pyproject: data) and is read from there.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from importlib.metadata import files

import pytest

from tests.houses import MONDAY
from tests.imports.workbooks import brought, checked, guessed, undone, work_off, written
from zhangfa.customers.models import Customer
from zhangfa.imports import actions
from zhangfa.imports.models import Import, Row
from zhangfa.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W3")]
LINES = 2_500


def transactions() -> bytes:
    """The head of the file as it is, up to a whole line."""
    found = next(path for path in files("lifetimes") or () if path.name == "CDNOW_master.txt")
    return b"\n".join(found.locate().read_bytes().split(b"\n")[:LINES]) + b"\n"


def independent(data: bytes) -> list[tuple[str, str, int, Decimal]]:
    """The same rows by nothing but splitting: customer, day, pieces, sum."""
    rows = [line.split() for line in data.decode().splitlines()[1:] if line.strip()]
    return [(ref, day, int(pieces), Decimal(amount)) for ref, day, pieces, amount in rows]


def test_a_real_transaction_file_goes_through_and_back(house):
    data = transactions()
    rows = independent(data)
    # The shop's customers have numbers and nothing else: names and telephones are ours, the numbers theirs.
    refs = sorted({ref for ref, *_rest in rows})
    people = "会员号,姓名,电话,网点\n" + "".join(f"{ref},顾客{ref},1390{int(ref):07d},east单位\n" for ref in refs)
    batch = written(house, checked(house, brought(house, people.encode("gbk"), name="会员.csv")))
    assert batch.counts == {"applied": len(refs)}

    before = Order.objects.count()
    batch = brought(house, data, "orders", name="CDNOW_master.txt")
    assert batch.kind == "csv"
    found = guessed(batch)
    assert {found["0"], found["1"]} == {"customer_ref", "served_on"}
    batch = checked(
        house, batch, columns={"0": "customer_ref", "1": "served_on", "2": "quantity", "3": "amount"},
        constants={"product": "DC01", "worker": "T020"}, year=None,
    )  # fmt: skip
    gifts = sum(amount == 0 for *_rest, amount in rows)
    # The same customer, day, pieces and sum twice can't be told from a line copied by mistake: it is shown, not written.
    again = sum(count - 1 for row, count in Counter(rows).items() if row[3] > 0)
    assert batch.counts.get("wrong", 0) == gifts
    assert batch.counts.get("skipped", 0) == again
    assert batch.count("ready") == len(rows) - gifts - again

    batch = written(house, batch)
    ours = Order.objects.filter(pk__gt=0).order_by("pk")[before:]
    wanted = Counter(row for row in dict.fromkeys(rows) if row[3] > 0)
    names = dict(Customer.objects.values_list("pk", "name"))
    got = Counter(
        (
            names[o.customer_id].removeprefix("顾客"),
            f"{o.served_from.astimezone(MONDAY.tzinfo):%Y%m%d}",
            int(o.quantity),
            o.amount,
        )
        for o in ours
    )
    assert got == wanted
    assert sum(o.paid for o in ours) == sum(amount for *_rest, amount in wanted)

    # A gift is no served order that was paid: said once for all, it comes as cancelled.
    batch = work_off(
        actions.replace(batch, field="state", old="", new="取消", by=house.actor("cs"), at=MONDAY)
        if batch.status == Import.Status.CHECKED
        else batch
    )
    undone(house, batch)
    assert Order.objects.count() == before
    assert not Row.objects.filter(batch=batch, state="applied").exists()
