"""A month of calls of the invented company, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random

from zhangfa.calls.models import Call, Kind, Paper
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.organisation.demo import names
from zhangfa.organisation.models import Holding

COUNTS = {"small": 360, "medium": 6_000, "large": 20_000}
DAYS = 30
# Calls come with the day: few at noon, most in the morning.
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17, 18, 19)
SHARES = {"order": 30, "enquiry": 26, "change": 14, "complaint": 4, "accident": 1, "revisit": 18, "marketing": 7}
WORDS = {
    "order": "要做保洁，已说明价格和三项承诺。", "enquiry": "问价格和可约时间，已答复。", "change": "改约时间，已确认服务员有空。",
    "complaint": "对服务不满意，已转专员。", "accident": "报告损坏，已转专员。", "revisit": "回访上次服务，客户满意。", "marketing": "介绍擦窗服务。",
}  # fmt: skip
FIRST_STRANGER = 60_000_000


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write calls of the last month; the newest are still to be written up. Returns how many."""
    rng = random.Random(f"{seed}:calls")
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id__in=("op", "ops"))
    operators = sorted(set(held.values_list("person_id", flat=True)))
    customers = list(Customer.objects.order_by("pk")[: COUNTS[scale] * 4])
    if not operators or not customers:
        return 0
    calls = [_call(rng, n, at, operators, customers) for n in range(COUNTS[scale])]
    calls.sort(key=lambda call: call.started_at)
    for call in calls:
        call.prepare()
    Call.objects.bulk_create(calls, batch_size=1000)
    _hang_orders(rng, calls)
    return len(calls)


def _hang_orders(rng: random.Random, calls: list[Call]) -> None:
    """Two calls in three that ask for a service end with the customer's latest order."""
    asked = [call for call in calls if call.kind == Kind.ORDER and call.operator_id and rng.random() < 0.66]
    rows = Order.objects.filter(customer__in=[call.customer_id for call in asked]).order_by("pk")
    latest: dict[int | None, Order] = {order.customer_id: order for order in rows}
    papers = []
    for call in asked:
        if order := latest.get(call.customer_id):
            call.result = Call.Result.ORDERED
            papers.append(
                Paper(
                    call=call,
                    kind=Paper.Kind.ORDER,
                    subject=f"order:{order.pk}",
                    title=str(order),
                    url=order.get_absolute_url(),
                )
            )
    Paper.objects.bulk_create(papers)
    Call.objects.bulk_update(calls, ["result"], batch_size=500)


def _call(rng: random.Random, n: int, at: dt.datetime, operators: list[int], customers: list[Customer]) -> Call:
    day = clock.local_date(at) - dt.timedelta(days=rng.randint(1, DAYS))
    started = clock.day_start(day) + dt.timedelta(hours=rng.choice(HOURS), seconds=rng.randint(0, 3599))
    customer = rng.choice(customers) if rng.random() < 0.82 else None
    kind = rng.choices(list(SHARES), list(SHARES.values()))[0] if customer else Kind.ENQUIRY.value
    waited = min(95, int(rng.lognormvariate(2.2, 0.7)))
    call = Call(
        started_at=started, phone=customer.phone if customer else names.phone(FIRST_STRANGER + n), customer=customer, wait_seconds=waited,
        direction=Call.Direction.OUT if kind in ("revisit", "marketing") else Call.Direction.IN,
    )  # fmt: skip
    if rng.random() < 0.04:
        # Called back the same day, all but the newest.
        call.status = Call.Status.MISSED if day == clock.local_date(at) - dt.timedelta(days=1) else Call.Status.DONE
    else:
        call.status, call.answered_at = Call.Status.DONE, started + dt.timedelta(seconds=waited)
        call.operator_id = rng.choice(operators)
    call.ended_at = started + dt.timedelta(seconds=waited + rng.randint(25, 420))
    if call.status == Call.Status.DONE:
        call.kind, call.content = kind, WORDS[kind]
        call.result = Call.Result.ANSWERED if call.operator_id else Call.Result.NOTHING
    return call
