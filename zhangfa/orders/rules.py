"""Who may be sent to an order and why not, what a booking must say, what a step asks for (domain.md 2.2, U23)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.people.rules import (
    BACKGROUND,
    HEALTH,
    HEIGHT,
    NO_CODE,
    RED,
    SKILL,
    YELLOW,
    Paper,
    has_valid,
    last_day,
    trust_code,
)

CLAUSE = "HS-W3"
CARE = "care"
LONGEST = dt.timedelta(days=31)


@dataclass(frozen=True)
class Task:
    """What is to be served: when, where, and what it asks of the worker."""

    served_from: dt.datetime
    served_to: dt.datetime
    category: str
    outlet_id: int
    department_id: int | None
    compound: str = ""
    is_home_visit: bool = True
    is_at_height: bool = False
    wished_id: int | None = None
    customer_id: int | None = None

    @property
    def day(self) -> dt.date:
        return clock.local_date(self.served_from)


@dataclass(frozen=True)
class Busy:
    """An order that a worker has already."""

    number: str
    served_from: dt.datetime
    served_to: dt.datetime
    compound: str = ""


@dataclass(frozen=True)
class Worker:
    """A worker as the rules see them on one day."""

    id: int
    name: str
    outlet_id: int | None = None
    department_id: int | None = None
    outlet_name: str = ""
    is_away: bool = False
    is_preferred: bool = False  # the customer asks for them in general
    is_blocked: bool = False  # the customer doesn't want them again
    busy: tuple[Busy, ...] = ()
    papers: tuple[Paper, ...] = ()
    done: int = 0  # orders of this kind of service in the last months
    visits: int = 0  # how often this customer was served by them
    rating: Decimal | None = None
    ratings: int = 0
    week_hours: Decimal = field(default=Decimal(0))


@dataclass(frozen=True)
class Reason:
    """One ground for or against sending somebody: a code with figures, and whether it speaks for them."""

    code: str
    params: dict[str, object]
    is_good: bool


@dataclass(frozen=True)
class Suggestion:
    """A worker with every reason; `refusals` stand in the way."""

    worker: Worker
    reasons: tuple[Reason, ...]
    refusals: tuple[Refusal, ...]
    order: tuple[object, ...]


def clock_of(instant: dt.datetime) -> str:
    return f"{instant.astimezone(clock.TZ):%H:%M}"


def span(hours: Decimal) -> dt.timedelta:
    """So many hours, to the minute."""
    return dt.timedelta(minutes=int(hours * 60))


def refuse_worker(worker: Worker, task: Task, *, blocks_yellow: bool) -> Iterator[Refusal]:
    """HS-W3, H9, H10, H12, H18: who can't be sent to this order, with every reason."""
    who = {"name": worker.name}
    if worker.department_id is None or worker.department_id != task.department_id:
        yield Refusal("dispatch.seat", _("%(name)s 当天不在本部门的服务员岗位上。"), who, CLAUSE, "worker")
    if worker.is_blocked:
        yield Refusal("dispatch.blocked", _("客户要求不再派 %(name)s。"), who, CLAUSE, "worker")
    if worker.is_away:
        yield Refusal("dispatch.away", _("%(name)s 当时不在岗。"), who, CLAUSE, "worker")
    yield from _refuse_double(worker, task)
    yield from refuse_papers(worker, task, blocks_yellow=blocks_yellow)


def _refuse_double(worker: Worker, task: Task) -> Iterator[Refusal]:
    for busy in worker.busy:
        if busy.served_from < task.served_to and task.served_from < busy.served_to:
            facts = {
                "name": worker.name, "number": busy.number, "from": clock_of(busy.served_from), "to": clock_of(busy.served_to),
            }  # fmt: skip
            yield Refusal(
                "dispatch.double", _("%(name)s %(from)s—%(to)s 已有订单 %(number)s，不能重复派工。"), facts, CLAUSE, "worker"
            )  # fmt: skip


def refuse_papers(worker: Worker, task: Task, *, blocks_yellow: bool) -> Iterator[Refusal]:
    """H9, H10, H12, H18: papers that hold on the day; asked when somebody is sent, and again when the work begins."""
    who, day = {"name": worker.name}, task.day
    if not has_valid(worker.papers, HEALTH, day):
        if ended := last_day(worker.papers, HEALTH, day):
            facts = {**who, "day": ended.isoformat()}
            yield Refusal("dispatch.health", _("%(name)s 的健康证已于 %(day)s 到期。"), facts, CLAUSE, "worker")
        else:
            yield Refusal("dispatch.health", _("%(name)s 没有健康证。"), who, CLAUSE, "worker")
    code = trust_code(worker.papers, day) if task.is_home_visit else ""
    if task.is_home_visit and code == NO_CODE:
        yield Refusal("dispatch.code", _("%(name)s 没有安心码，不能上门服务。"), who, CLAUSE, "worker")
    elif code == RED:
        yield Refusal("dispatch.red", _("%(name)s 的安心码是红码，不能上门服务。"), who, CLAUSE, "worker")
    elif code == YELLOW and blocks_yellow:
        yield Refusal("dispatch.yellow", _("%(name)s 的安心码是黄码，公司规定不能上门服务。"), who, CLAUSE, "worker")
    if task.is_at_height and not has_valid(worker.papers, HEIGHT, day):
        yield Refusal("dispatch.height", _("%(name)s 没有有效的登高作业证，不能做高处作业。"), who, CLAUSE, "worker")
    if task.category == CARE and not has_valid(worker.papers, BACKGROUND, day):
        yield Refusal("dispatch.background", _("%(name)s 没有有效的背景核查，不能做照护。"), who, CLAUSE, "worker")


def reasons_for(worker: Worker, task: Task) -> Iterator[Reason]:
    """HS-W3, PIPL 24: every ground that puts one worker before another; there is no score behind them."""
    if task.wished_id == worker.id:
        yield Reason("wish", {}, True)
    elif worker.is_preferred:
        yield Reason("preferred", {}, True)
    if worker.visits:
        yield Reason("visits", {"n": worker.visits}, True)
    is_skilled = any(p.kind == SKILL and p.category == task.category and p.holds_on(task.day) for p in worker.papers)
    if is_skilled:
        yield Reason("skill", {}, True)
    yield Reason("done" if worker.done else "new", {"n": worker.done}, bool(worker.done))
    near = sum(1 for busy in worker.busy if busy.compound and busy.compound == task.compound and _same_day(busy, task))
    if near:
        yield Reason("near", {"n": near, "compound": task.compound}, True)
    elif worker.outlet_id == task.outlet_id:
        yield Reason("home", {"outlet": worker.outlet_name}, True)
    else:
        yield Reason("neighbour", {"outlet": worker.outlet_name}, False)
    today = [busy for busy in worker.busy if _same_day(busy, task)]
    yield Reason("free" if not today else "load", {"n": len(today), "hours": worker.week_hours}, not today)
    if worker.rating is not None:
        yield Reason("rating", {"score": worker.rating, "n": worker.ratings}, worker.rating >= 4)
    if task.is_home_visit and trust_code(worker.papers, task.day) == YELLOW:
        yield Reason("yellow", {}, False)


def _same_day(busy: Busy, task: Task) -> bool:
    return clock.local_date(busy.served_from) == task.day


def suggest(workers: Sequence[Worker], task: Task, *, blocks_yellow: bool) -> list[Suggestion]:
    """Workers in the order in which they are proposed: first who can be sent, then by the reasons in their fixed order.

    Wish for this order, wish in general, known to the customer, skill, nearness, load of the day, rating, experience, load of the week (HS-W3).
    """
    found = []
    for worker in workers:
        reasons = {reason.code: reason for reason in reasons_for(worker, task)}
        refusals = tuple(refuse_worker(worker, task, blocks_yellow=blocks_yellow))
        load = reasons["load"].params["n"] if "load" in reasons else 0
        rating = worker.rating if worker.rating is not None else Decimal(4)
        order = (
            bool(refusals), "wish" not in reasons, "preferred" not in reasons, -worker.visits, "skill" not in reasons,
            "near" not in reasons, "neighbour" in reasons, load, -rating, -worker.done, worker.week_hours, worker.id,
        )  # fmt: skip
        found.append(Suggestion(worker, tuple(reasons.values()), refusals, order))
    return sorted(found, key=lambda one: one.order)


def refuse_booking(
    *, served_from: dt.datetime, served_to: dt.datetime, at: dt.datetime, is_on_sale: bool, is_closed: bool, is_own: bool
) -> Iterator[Refusal]:  # fmt: skip
    """HS-W3: an order lies ahead, is for a customer we serve, and a product that is sold."""
    if not is_own:
        yield Refusal("order.outlet", _("只能为本网点的客户下单。"), {}, CLAUSE, "customer", ("op", "cs"))
    if is_closed:
        yield Refusal("order.customer", _("这位客户的档案已停用。"), {}, CLAUSE, "customer")
    if not is_on_sale:
        yield Refusal("order.product", _("这项服务已停售。"), {}, CLAUSE, "product")
    yield from refuse_times(served_from=served_from, served_to=served_to, at=at)


def refuse_history(
    *, served_from: dt.datetime, served_to: dt.datetime, at: dt.datetime, is_finished: bool, amount: Decimal, paid: Decimal,
    satisfaction: int | None, customer_status: str, worker_kind: str, has_worker: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """HS-W3: what an earlier book hands over is over, was served by a worker, cost something and was not paid twice."""
    if served_to > at:
        yield Refusal("history.past", _("历史订单的服务时间应在今天之前。"), {}, CLAUSE, "served_on")
    elif not served_from < served_to <= served_from + LONGEST:
        yield Refusal("order.hours", _("时长须大于零，最长一个月。"), {}, CLAUSE, "hours")
    if is_finished and amount <= 0:
        yield Refusal("history.amount", _("已完成的订单金额须大于零。"), {}, CLAUSE, "amount")
    if paid > amount or paid < 0:
        yield Refusal("history.paid", _("实收不能超过服务金额。"), {}, CLAUSE, "paid")
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        yield Refusal("history.score", _("满意度应为 1 到 5。"), {}, CLAUSE, "satisfaction")
    if customer_status in ("merged", "erased"):
        yield Refusal("history.customer", _("这位客户的档案已合并或已匿名。"), {}, CLAUSE, "customer")
    if worker_kind != "worker":
        yield Refusal("history.worker", _("提供服务的应是服务员。"), {}, CLAUSE, "worker")
    if is_finished and not has_worker:
        yield Refusal("history.no_worker", _("已完成的订单须写明服务员。"), {}, CLAUSE, "worker")


def refuse_times(*, served_from: dt.datetime, served_to: dt.datetime, at: dt.datetime) -> Iterator[Refusal]:
    """HS-W3: an order lies ahead and ends within a month."""
    if served_from < at:
        yield Refusal("order.past", _("服务时间不能早于现在。"), {}, CLAUSE, "served_from")
    if not served_from < served_to <= served_from + LONGEST:
        yield Refusal("order.hours", _("时长须大于零，最长一个月。"), {}, CLAUSE, "hours")


def refuse_start(*, served_from: dt.datetime, at: dt.datetime, early: dt.timedelta, photos: int, needed: int, reason: str) -> Iterator[Refusal]:  # fmt: skip
    """HS-W3: work begins about its hour, with the place photographed before it is touched, or the reason why not."""
    if at < served_from - early:
        yield Refusal(
            "order.early", _("还没到服务时间，最早 %(hour)s 开始。"), {"hour": clock_of(served_from - early)}, CLAUSE
        )
    if photos < needed and not reason.strip():
        facts = {"needed": needed, "photos": photos}
        yield Refusal(
            "order.photos",
            _("开工前要拍 %(needed)s 张现场照片，现在有 %(photos)s 张；拍不了请写明原因。"),
            facts,
            CLAUSE,
            "photos",
        )


def payment_for(*, amount: Decimal, paid: Decimal, refunded: Decimal, is_refunding: bool) -> str:
    """Where an order stands with its money (HS-W3)."""
    if is_refunding:
        return "refunding"
    if refunded > 0:
        return "refunded"
    return "unpaid" if paid == 0 else "paid" if paid >= amount else "part"


def owes_revisit(*, is_first: bool, number: int, share: Decimal) -> bool:
    """HS-W1.3: every first order of a customer, and a fixed share of the others drawn by their number."""
    return is_first or Decimal(number * 37 % 100) < share


def refuse_revisit(
    *, is_done: bool, is_server: bool, is_reached: bool, satisfaction: int | None, note: str
) -> Iterator[Refusal]:
    """HS-W1.3: somebody other than the worker asks, and writes down what was said."""
    if is_done:
        yield Refusal("revisit.done", _("这次回访已经完成。"), {}, "HS-W1.3")
    if is_server:
        yield Refusal("revisit.own", _("服务员不能回访自己的订单，请由他人办理。"), {}, "HS-W1.3")
    if is_reached and satisfaction is None:
        yield Refusal("revisit.score", _("请选择客户的满意度。"), {}, "HS-W1.3", "satisfaction")
    if is_reached and satisfaction is not None and satisfaction <= 3 and not note.strip():
        yield Refusal("revisit.note", _("客户不满意时，请写明意见。"), {}, "HS-W1.3", "note")
