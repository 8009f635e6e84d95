"""Every report page costs the same number of statements whether it speaks of twenty customers or of a hundred (X-9)."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.houses import House
from tests.reports.invented import invent
from tests.reports.test_pages import MONTH, NOON, UNTIL, draw, house, sign_in  # noqa: F401
from zhangfa.reports import actions, rollup
from zhangfa.reports.models import Touched, Trial

PAGES = {
    "cs": (
        "/reports/", "/reports/list/2026-02/?live=1", "/reports/mix/2026-02/?live=1", "/reports/mix/2026-02/?live=1&class=loyal", "/reports/data/2026-02/all/?live=1",
        "/reports/satisfaction/2026-02/?live=1", "/reports/trial/", "/reports/calls/", "/reports/calls/2026-02-23/", "/care/account-reports/", "/care/account-reports/2026-02/",
    ),
    "oa": ("/reports/list/2026-02/?live=1",),
    "hs": ("/reports/satisfaction/2026-02/?live=1", "/reports/outlets/"),
}  # fmt: skip
OTHER = {"months": 6, "key_amount": 100_000, "loyal_orders": 2, "satisfaction": 3, "years": 1, "plan_months": 3}


def costs(house: House, client: Any) -> dict[tuple[str, str], int]:  # noqa: F811
    found = {}
    trial = Trial.objects.latest("pk").get_absolute_url()
    outlets = f"/reports/outlets/2026-02-23/{house.units['home'].pk}/"
    for who, pages in PAGES.items():
        sign_in(client, house, who)
        for page in (*pages, *((trial, outlets) if who == "cs" else ())):
            client.get(page)
            with CaptureQueriesContext(connection) as made:
                assert client.get(page).status_code == 200, page
            found[who, page.rstrip("0123456789/")] = len(made)
    return found


def more(house: House, seed: int) -> None:  # noqa: F811
    invent(house, seed, 150, 1500, UNTIL)
    Touched.objects.all().delete()
    rollup.fill()
    draw(house)


def test_statements_do_not_grow(house: House, client: Any) -> None:  # noqa: F811
    from decimal import Decimal

    def tried(share: str) -> None:
        trial = actions.ask_trial(MONTH, {"share": Decimal(share), **OTHER}, by=house.actor("cs"), at=NOON)
        actions.carry_trial(trial.pk, at=NOON, prefer="database")

    # More than one page of the list from the start: a list that fits needs no count.
    more(house, 13)
    tried("40")
    few = costs(house, client)
    more(house, 12)
    tried("60")
    tried("70")
    many = costs(house, client)
    assert many == few
    assert max(many.values()) <= 40, many
