"""Orders in any state, workers with their papers."""

import datetime as dt
from decimal import Decimal as D

from tests.houses import MONDAY
from zhangfa.orders import actions
from zhangfa.people.actions import add_paper

TODAY = MONDAY.date()
NEXT = MONDAY + dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
YEAR = dt.timedelta(days=365)


def with_papers(house, name, *kinds):
    """Give a worker valid papers of these kinds; without any, all that a home visit needs."""
    for kind in kinds or ("identity", "health", "insurance"):
        add_paper(
            person=house.people[name], kind=kind, number=f"{kind}-{name}", valid_from=TODAY - dt.timedelta(days=30), valid_to=TODAY + YEAR,
            category="cleaning" if kind == "skill" else "", by=house.actor("hr"), at=MONDAY,
        )  # fmt: skip


def booked(house, *, served_from=NEXT, by="op", quantity="100", hours="3", **more):
    facts = {"customer": house.customer, "product": house.product, "quantity": D(quantity), "hours": D(hours)}
    return actions.book(**(facts | more), served_from=served_from, by=house.actor(by), at=MONDAY)


def assigned(house, worker="sw", **more):
    if not house.people[worker].certificates.exists():
        with_papers(house, worker)
    return actions.assign(booked(house, **more), by=house.actor("oa"), at=MONDAY, worker=house.people[worker])


def started(house, **more):
    order = assigned(house, **more)
    by = house.actor("sw", order.served_from)
    return actions.start(order, by=by, at=order.served_from, no_photo_reason="客户不同意拍照")


def finished(house, **more):
    order = started(house, **more)
    return actions.finish(order, by=house.actor("sw", order.served_to), at=order.served_to)
