"""RPT-01: the week of a department's outlets, live, frozen, printed, exported, sent, and its duty (HS-W1.2, HS-W1.3)."""

import datetime as dt

import pytest

from tests.administration.test_pages_coordination import signed_in
from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import generate, load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.orders.models import Order, Revisit
from zhangfa.records.models import Publication
from zhangfa.reports import actions, quality
from zhangfa.runtime import tokens
from zhangfa.tasks import actions as tasks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("HS-W1.2", "HS-W1.3")]
DAY = dt.timedelta(days=1)
WEEK = dt.date(2026, 3, 2)
NEXT = MONDAY + 7 * DAY
SUMMARY = "西店人手不足，本周从东店借两人"


def filled(house):
    """Three orders in the east, one in the west, an accident, a complaint, two revisits, a problem."""
    for worker, outlet in (("sw", "east"), ("sw", "east"), ("sw2", "west")):
        customer = house.make_customer(f"客户{outlet}{Order.objects.count()}", outlet=outlet)
        order = house.make_order(customer, worker)
        Revisit.objects.create(order=order, outlet=order.outlet, department=order.department, due_at=MONDAY + 2 * DAY)
    Revisit.objects.filter(outlet=house.units["east"]).update(status="done", done_at=MONDAY + DAY)
    house.report("1800")
    house.report("0", kind="complaint", channel="phone", category="quality")
    tasks.raise_problem(
        kind="staff", text="周末忙不过来，缺两个人", outlet=house.units["west"], by=house.actor("oa2"), at=MONDAY
    )


@pytest.mark.postgres
def test_the_table_counts_by_outlet_and_shares_add_up(house):
    filled(house)
    figures, used = quality.draw(house.units["home"], WEEK, NEXT)
    lines = {row["unit_id"]: row for row in quality.lines_of(figures)}
    east, west = lines[house.units["east"].pk], lines[house.units["west"].pk]
    assert (east["orders"], west["orders"]) == (3, 1) and (str(east["share"]), str(west["share"])) == ("75.0", "25.0")
    assert (east["accidents"], east["complaints"], str(east["accident_rate"])) == (1, 1, "333.33")
    assert (east["due"], east["done"], west["due"], west["done"]) == (2, 2, 1, 0) and str(
        east["revisit_rate"]
    ) == "100.0"
    assert (west["raised"], west["open"]) == (1, 1) and figures["problems"][0]["text"] == "周末忙不过来，缺两个人"
    assert str(quality.total_of(figures)["revenue"]) == "3600.00" and "revisit.after_service_days" in used
    assert quality.draw(house.units["home"], WEEK, NEXT + 30 * DAY)[0] == figures


@pytest.mark.parametrize(
    ("orders", "shares"), [((1, 1, 1), ["33.4", "33.3", "33.3"]), ((0, 0), ["0.0", "0.0"]), ((2, 1), ["66.7", "33.3"])]
)
def test_shares_add_up_to_a_hundred(orders, shares):
    assert [str(share) for share in quality.shares([{"orders": n} for n in orders])] == shares


def test_it_is_published_once_the_week_is_over_and_settles_the_duty(house):
    filled(house)
    load_catalogue()
    generate(MONDAY)
    owed = Occurrence.objects.get(duty__code="D-HS-17", seat=house.seats["hs"])
    sunday = MONDAY + 6 * DAY
    with pytest.raises(Refused) as caught:
        actions.publish_quality(WEEK, house.units["home"], by=house.actor("hs", sunday), at=sunday, summary=SUMMARY)
    assert [one.code for one in caught.value.refusals] == ["quality.running"]
    last = dt.date(2026, 2, 23)
    paper = actions.publish_quality(last, house.units["home"], by=house.actor("hs"), at=MONDAY, summary=SUMMARY)
    owed.refresh_from_db()
    assert owed.state == "done"
    people = {copy.person for copy in paper.record.copies.all()}
    assert people == {house.people[name] for name in ("oa", "oa2", "sup", "dgm")}
    again = actions.publish_quality(last, house.units["home"], by=house.actor("hs"), at=MONDAY, summary=SUMMARY)
    assert again.pk == paper.pk
    assert (
        actions.publish_quality(
            last, house.units["home"], by=house.actor("hs"), at=MONDAY, summary="另行安排两人支援"
        ).revision
        == 1
    )


def test_pages_print_and_interface(client, house):
    filled(house)
    with clock.at(NEXT):
        page = signed_in(client, house, "hs")
        address = f"/reports/outlets/2026-03-02/{house.units['home'].pk}/"
        assert "2026-03-02" in page.get("/reports/outlets/").content.decode()
        assert "周末忙不过来" in page.get(address).content.decode()
        bad = page.post(f"{address}publish/", {"summary": "无"})
        assert bad.status_code == 422 and "请写明网点的问题和要求" in bad.content.decode()
        page.post(f"{address}publish/", {"summary": SUMMARY})
        paper = Publication.objects.get(kind="RPT-01")
        assert page.get(f"/records/{paper.pk}/print.pdf").status_code == 200
        assert page.get(f"{address}?export=xlsx").headers["Content-Type"].startswith("application/vnd")
        for who, status in (("oa", 200), ("sup", 200), ("dgm", 200), ("ls", 404), ("sw", 404), ("cs", 200)):
            assert signed_in(client, house, who).get(address).status_code == status, who
        assert SUMMARY in signed_in(client, house, "oa").get(address).content.decode()
        token = tokens.issue(house.user("hs"), at=NEXT)
        head = {"HTTP_AUTHORIZATION": f"Bearer {token}", "content_type": "application/json"}
        got = client.get(f"/api/v1{address}".rstrip("/"), **head).json()
        assert got["is_published"] and got["figures"]["total"]["orders"] == 4
        sent = client.post(f"/api/v1{address}".rstrip("/"), {"summary": "改为借调三人支援西店"}, **head)
        assert sent.status_code == 201 and sent.json()["revision"] == 1
