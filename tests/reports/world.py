"""The reports of the tests' world, drawn and published, and who opens them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.houses import MONDAY
from tests.reports.invented import invent
from tests.worlds import DAY, World
from zhangfa.organisation.actor import system_actor
from zhangfa.reports import actions as reports
from zhangfa.reports import rollup


def opened_reports(world: World) -> Any:
    """Who opens which report: drawn, published with copies, a table decided on, a trial reckoned, calls and outlets of a week."""
    house, month, name = world.house, 202602, "2026-02"
    invent(house, 11, 25, 250, DAY - dt.timedelta(days=2))
    rollup.fill()
    by, cs, at = system_actor("test", MONDAY), house.actor("cs"), MONDAY
    reports.draw_pack(month, by=by, at=at, prefer="database")
    reports.draw_satisfaction(month, by=by, at=at)
    reports.publish_list(
        month, by=cs, at=at, analysis="一次性客户", strategy="一周内回访", instructions="准时上门，先问候"
    )
    mix = reports.publish_mix(month, by=cs, at=at, analysis="多买养护", suggestion="增加套餐")
    reports.publish_analysis(month, by=cs, at=at, direction="家电带动")
    reports.publish_satisfaction(month, by=cs, at=at)
    reports.publish_calls(DAY - dt.timedelta(days=7), by=house.actor("ops"), at=at)
    other = {
        "share": Decimal(40),
        "months": 6,
        "key_amount": 100_000,
        "loyal_orders": 2,
        "satisfaction": 3,
        "years": 1,
        "plan_months": 3,
    }
    trial, waiting = (reports.ask_trial(each, other, by=cs, at=at) for each in (month, 202601))
    reports.carry_trial(trial.pk, at=at, prefer="database")
    home = house.units["home"].pk
    for page in (
        "", f"list/{name}/", f"list/{name}/publish/", f"draw/{name}/", f"mix/{name}/", f"mix/{name}/?class=loyal", f"mix/{name}/publish/",
        f"data/{name}/all/", f"data/{name}/publish/", f"satisfaction/{name}/", f"satisfaction/{name}/publish/", "trial/", f"trial/{trial.pk}/",
        f"trial/{waiting.pk}/", "calls/", "calls/2026-02-23/", "calls/2026-03-02/", f"outlets/2026-02-23/{home}/",
    ):  # fmt: skip
        yield "cs", f"/reports/{page}"
    yield from (
        ("gm", f"/reports/mix/{name}/"), ("gm", f"/reports/mix/{name}/decide/"), ("oa", f"/reports/list/{name}/"), ("hs", f"/reports/data/{name}/{home}/"),
        ("hs", "/reports/outlets/"), ("hs", f"/reports/outlets/2026-02-23/{home}/publish/"), ("ops", "/reports/calls/2026-02-16/publish/"),
        ("gm", f"/records/{mix.pk}/"),
    )  # fmt: skip
