"""Who may see, book, send out, serve and be paid for orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers.models import BY_DEPARTMENT, BY_OUTLET
from zhangfa.customers.permissions import READERS
from zhangfa.orders.price_rules import KEEPERS
from zhangfa.organisation.actor import Actor

BOOKERS_EVERYWHERE = ("op", "ops", "cs", "cc", "cm")
BOOKERS = (*BOOKERS_EVERYWHERE, *BY_OUTLET)
DISPATCHERS_EVERYWHERE = ("op", "ops", "cs")
DISPATCHERS = (*DISPATCHERS_EVERYWHERE, "sup", *BY_DEPARTMENT, *BY_OUTLET)
REVISITORS = ("op", "ops", "cs", "cc", "cm", *BY_OUTLET)
SELLERS = ("op", "ops", "cs", *BY_OUTLET)
# How long before and after the service a worker sees where it is.
AROUND = dt.timedelta(hours=24)


def read_orders(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who serve customers, each in their scope; a worker those they served; finance for the money."""
    if not (by.is_system or by.holds(*READERS, "sw", "fin")):
        yield Refusal("orders.read", _("订单只对服务和管理客户的岗位开放。"), clause="HS-D10", who=READERS)


def read_prices(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Prices are public to whoever works here (H17)."""
    if not (by.is_system or by.person_id is not None):
        yield Refusal("prices.read", _("价目表只对公司人员开放。"), clause="HS-W3")


def keep_prices(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each centre its own products, the general manager all."""
    keepers = price_keepers(obj)
    if not (by.is_system or by.holds(*keepers)):
        yield Refusal("prices.keep", _("价格由所属服务中心经理或总经理制定。"), clause="HS-W3", who=keepers)


def price_keepers(product: Any = None) -> tuple[str, ...]:
    """The posts that set this product's price."""
    if product is None:
        return KEEPERS
    return ("ls", "gm") if product.category == "facility" else ("hs", "gm")


def _is_at(by: Actor, order: Any, everywhere: tuple[str, ...]) -> bool:
    """In one of the posts for everybody, at the order's outlet, or at the head of its department."""
    return (
        by.holds(*everywhere)
        or by.holds(*BY_OUTLET, unit_id=order.outlet_id)
        or (order.department_id is not None and by.holds(*BY_DEPARTMENT, department_id=order.department_id))
    )


def book_orders(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Operators and those who look after customers everywhere, outlets their own."""
    if not (by.is_system or by.holds(*BOOKERS)):
        yield Refusal("orders.book", _("订单由话务、客户维护人员和网点登记。"), {}, "HS-W3", "", BOOKERS)


def dispatch_orders(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who sends workers out: the outlet its own, operators and supervisors beside it."""
    if not by.holds(*DISPATCHERS):
        yield Refusal("orders.dispatch", _("派工由网点、话务和部门主管办理。"), {}, "HS-W3", "", DISPATCHERS)
    elif obj is not None and not _is_at(by, obj, (*DISPATCHERS_EVERYWHERE, "sup")):
        yield Refusal("orders.outlet", _("只能办理本网点的订单。"), {}, "HS-W3", "", ("op", "oa"))


def change_order(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who books orders, and who sends workers out."""
    if not by.holds(*BOOKERS, *DISPATCHERS):
        yield Refusal("orders.book", _("订单由话务、客户维护人员和网点登记。"), {}, "HS-W3", "", BOOKERS)
    elif not _is_at(by, order, (*BOOKERS_EVERYWHERE, "sup")):
        yield Refusal("orders.outlet", _("只能办理本网点的订单。"), {}, "HS-W3", "", ("op", "oa"))


def goes(order: Any, by: Actor) -> bool:
    """Whether they are sent to this order, in charge of it or along."""
    if by.person_id is None or by.person_id == order.worker_id:
        return by.person_id is not None
    return by.holds("sw") and by.person_id in order.people


def photograph_order(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody who is sent; the outlet for those without a telephone."""
    if not goes(order, by) and not by.holds(*BY_OUTLET, unit_id=order.outlet_id):
        yield Refusal("orders.photos", _("照片由上门的人或网点管理员拍。"), {}, "HS-W3", "", ("oa", "sl"))


def serve_order(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The worker who was sent; the outlet for a worker without a telephone."""
    is_own = by.person_id is not None and by.person_id == order.worker_id
    if not is_own and not by.holds(*BY_OUTLET, unit_id=order.outlet_id):
        name = order.worker.shown_name if order.worker else ""
        yield Refusal(
            "orders.serve", _("这一步由服务员%(name)s或网点管理员办理。"), {"name": name}, "HS-W3", "", ("oa", "sl")
        )


def stop_work(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """H16: whoever is there says that a place is not safe, everybody of a crew for all of it."""
    if not goes(order, by):
        yield Refusal("orders.stop", _("现场是否安全由服务员本人判断。"), {}, "HS-W3", "", ("sw",))


def collect_money(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever meets the customer, and finance."""
    if by.person_id is not None and by.person_id == order.worker_id:
        return
    if not (by.holds("op", "ops", "fin") or by.holds(*BY_OUTLET, unit_id=order.outlet_id)):
        yield Refusal(
            "orders.collect", _("收款由服务员本人、网点、话务或财务办理。"), {}, "HS-W3", "", ("oa", "sl", "op", "fin")
        )


def ask_refunds(order: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The outlet and those who answer customers; never the worker."""
    if not (by.holds("ops", "cs", "cc") or by.holds(*BY_OUTLET, unit_id=order.outlet_id)):
        yield Refusal("orders.refund", _("退款由网点或客服申请。"), {}, "HS-W3", "", ("oa", "sl", "ops", "cs", "cc"))


def pay_refunds(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Finance pays; who asked is checked beside (domain.md A-43)."""
    if not by.holds("fin"):
        yield Refusal("refund.post", _("只有财务部可以退款。"), {}, "HS-W3", "", ("fin",))


def read_refunds(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Finance, the executives, and those who may ask for one."""
    posts = ("fin", "gm", "dgm", "cs", "cc", "ops", *BY_OUTLET)
    if not (by.is_system or by.holds(*posts)):
        yield Refusal("refund.read", _("退款只对财务、管理层和申请人开放。"), {}, "HS-W3", "", posts)


def read_revisits(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who serve customers; not the workers."""
    if not (by.is_system or by.holds(*READERS)):
        yield Refusal("orders.read", _("订单只对服务和管理客户的岗位开放。"), clause="HS-D10", who=READERS)


def make_revisits(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Operators, customer care and the outlet; who is the worker is checked beside."""
    if not by.holds(*REVISITORS):
        yield Refusal("revisit.post", _("回访由话务、客服和网点办理。"), {}, "HS-W1.3", "", REVISITORS)


def is_serving(order: Any, by: Actor, at: dt.datetime) -> bool:
    """Whoever is sent, from a day before the service to a day after it (domain.md 2.4)."""
    if order.status == "cancelled" or not goes(order, by):
        return False
    return order.served_from - AROUND <= at <= (order.finished_at or order.served_to) + AROUND


def serve_orders(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Workers: their own orders."""
    if not by.holds("sw"):
        yield Refusal("orders.worker", _("这个页面给服务员看自己的订单。"), {}, "HS-W3", "", ("sw",))


def read_board(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who sends workers out, and who must know where they are (HS-W1.7)."""
    posts = (*DISPATCHERS, "gm", "dgm", "cm", "cc")
    if not by.holds(*posts):
        yield Refusal("orders.board", _("派工板对派工和管理服务员的岗位开放。"), {}, "HS-W3", "", DISPATCHERS)


def sell_cards(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Operators and customer service everywhere, outlets their own."""
    if not by.holds(*SELLERS):
        yield Refusal("cards.sell", _("预付卡由话务、客服和网点办理。"), {}, "HS-W3", "", SELLERS)
    elif obj is not None and not by.holds("op", "ops", "cs") and not by.holds(*BY_OUTLET, unit_id=obj.outlet_id):
        yield Refusal("cards.outlet", _("只能办理本网点的卡。"), {}, "HS-W3", "", SELLERS)


def read_cards(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who serve customers, and finance."""
    if not (by.is_system or by.holds(*READERS, "fin")):
        yield Refusal("orders.read", _("订单只对服务和管理客户的岗位开放。"), clause="HS-D10", who=READERS)
