"""Months, visits, gifts and accounts in any state."""

import datetime as dt
from decimal import Decimal as D

from tests.houses import MONDAY
from tests.orders import stages as orders
from zhangfa.care import actions
from zhangfa.care.models import CarePlan
from zhangfa.orders.models import Order, Product

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MARCH = dt.date(2026, 3, 1)
SHEET = {
    "interviewee": "林女士", "level": "household", "satisfaction": 5, "opinion": "擦得很干净", "suggestion": "无", "profile_note": "无",
    "scores": {"result": 5, "appearance": 5, "attitude": 5, "skill": 4, "safety": 5},
}  # fmt: skip
TROUBLE = {
    "needs_action": True,
    "problem": "quality",
    "severity": "middle",
    "problem_text": "油烟机上面没有擦到，上次也没有擦",
}
PROBLEM = {**SHEET, "satisfaction": 2, **TROUBLE}


def good_customer(house):
    """A customer whose paid orders put them on the list."""
    Order.objects.filter(pk=house.order.pk).update(amount=D(150_000), paid=D(150_000), payment="paid", satisfaction=5)
    for number, code in enumerate(("HC02", "WN01", "AP01"), 1):
        Product.objects.get_or_create(
            code=code, defaults={"name": f"产品{number}", "category": "cleaning", "unit": "次"}
        )
    return house.customer


def drawn(house, at=MONDAY):
    good_customer(house)
    return actions.draw(MARCH, by=house.actor("cs"), at=at)


def issued(house, at=MONDAY):
    return actions.issue(drawn(house, at), by=house.actor("cs"), at=at)


def confirmed(house, day=None, at=MONDAY):
    """The plan of the house's customer, confirmed for the day of an order that is booked for tomorrow."""
    issued(house, at)
    plan = CarePlan.objects.get(customer=house.customer)
    product = Product.objects.get(code="WN01")
    facts = {
        "found": "每周保洁，想擦外窗，家里有老人",
        "offer": product,
        "planned_on": day or (MONDAY + DAY).date(),
        "advice": "老人在家，动作轻一些",
    }
    return actions.confirm(plan, by=house.actor("cm"), at=at, **facts)


def under_way(house, minutes=20):
    """The service has begun and the account manager is there so many minutes later."""
    order = orders.assigned(house)
    plan = confirmed(house)
    order = actions_start(house, order)
    visit = leave(house, plan, order.started_at)
    at = order.started_at + dt.timedelta(minutes=minutes)
    return actions.arrive(visit, by=house.actor("cm", at), at=at, place="客户家")


def actions_start(house, order):
    from zhangfa.orders import actions as order_actions

    return order_actions.start(
        order, by=house.actor("sw", order.served_from), at=order.served_from, no_photo_reason="客户不同意拍照"
    )


def leave(house, plan, at):
    return actions.prepare(
        plan.customer, plan=plan, checklist=["appearance", "notebook", "gift"], by=house.actor("cm", at), at=at
    )


def returned(house, minutes=20):
    visit = under_way(house, minutes)
    at = visit.arrived_at + HOUR
    return actions.come_back(visit, by=house.actor("cm", at), at=at, left_at=at - dt.timedelta(minutes=20))


def written(house, **sheet):
    visit = returned(house)
    at = visit.returned_at + HOUR
    return actions.write_sheet(visit, by=house.actor("cm", at), at=at, **{**SHEET, **sheet})


def gift(house, count=10, value="30"):
    cs = house.actor("cs")
    item = actions.add_item(kind="gift", name=f"抹布{value}", value=D(value), by=cs, at=MONDAY)
    return actions.stock(item, kind="received", count=count, by=cs, at=MONDAY)


def division_visit(house, name="oa", at=MONDAY, **sheet):
    facts = {**SHEET, "scores": {}, **sheet}
    return actions.record_visit(
        house.customer, arrived_at=at - HOUR, left_at=at, mode="onsite", by=house.actor(name, at), at=at, **facts
    )


def company(house, name="甬江实业", outlet="east"):
    customer = house.make_customer(name, outlet)
    customer.kind = "enterprise"
    customer.save()
    return customer


def paid(house, customer, amount, at=MONDAY - 30 * DAY):
    order = house.make_order(customer)
    Order.objects.filter(pk=order.pk).update(
        amount=D(amount), paid=D(amount), payment="paid", served_from=at, served_to=at + HOUR
    )
    return order


def account(house, amount="100000", owner="cm"):
    from zhangfa.care.models import KeyAccount

    customer = company(house)
    paid(house, customer, amount)
    actions.count_accounts(by=house.actor("cs"), at=MONDAY)
    row = KeyAccount.objects.get(customer=customer)
    return actions.assign_owner(
        row, by=house.actor("cs"), at=MONDAY, owner=house.people[owner], procedure="每月走访，季度复核"
    )


def feedback(house, row, roles=("leader", "purchaser", "handler"), at=MONDAY):
    return actions.give_feedback(
        row, roles=list(roles), visited_on=at.date(), satisfaction=4, opinion="希望周末也能来", suggestion="无", category="time", interviewees="王一（科长）",
        product=house.product, solution="排周末班", reply="visit", responsible=house.units["home"],
        owner=house.people["hs"], due_on=at.date() + 5 * DAY, by=house.actor("cm", at), at=at,
    )  # fmt: skip
