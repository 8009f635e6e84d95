"""Prices, orders, their steps, revisits and refunds in the caller's scope."""

from __future__ import annotations

from ninja import Router

from zhangfa.core.text import _
from zhangfa.orders import actions
from zhangfa.orders.api import day
from zhangfa.orders.api.shapes import (
    CardOut,
    OrderOut,
    ProductOut,
    RefundOut,
    RevisitOut,
    SeriesOut,
    card_line,
    product_line,
    refund_line,
    revisit_line,
    series_line,
    shown,
    with_prices,
)
from zhangfa.orders.models import Card, Order, Revisit, Series
from zhangfa.orders.permissions import book_orders, make_revisits, read_cards, read_orders, read_revisits, sell_cards
from zhangfa.orders.web.after import Refunds, Revisits
from zhangfa.orders.web.board import Whereabouts
from zhangfa.orders.web.cards import Cards
from zhangfa.orders.web.forms import (
    CARD_FORMS,
    ORDER_FORMS,
    SERIES_FORMS,
    BookForm,
    ContractForm,
    RevisitForm,
    SellCardForm,
    SeriesForm,
)
from zhangfa.orders.web.pages import JOINED, Orders
from zhangfa.orders.web.prices import PriceList
from zhangfa.orders.web.series import SeriesList
from zhangfa.ui.api import Call, creates, lists, reads, transitions, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()


def find_series(call: Call) -> Series:
    found: Series = call.one(Series.objects.visible_to(call.actor), number=str(call.path["key"]).upper())
    call.check(read_revisits, found)
    return found


def _series(call: Call, row: Series) -> SeriesOut:
    return series_line(call, Series.objects.get(pk=row.pk))


def _agree(given: Input) -> Series:
    return actions.agree_series(**given.params, by=given.call.actor, at=given.call.at)


def find_card(call: Call) -> Card:
    found: Card = call.one(Card.objects.visible_to(call.actor), number=str(call.path["key"]).upper())
    call.check(read_cards, found)
    return found


def _card(call: Call, row: Card) -> CardOut:
    return card_line(call, Card.objects.get(pk=row.pk))


def _sell(given: Input) -> Card:
    return actions.sell_card(**given.params, by=given.call.actor, at=given.call.at)


def find_order(call: Call) -> Order:
    """By id or by number."""
    key = str(call.path["key"])
    is_id = key.isascii() and key.isdigit() and len(key) < 19
    rows = Order.objects.visible_to(call.actor).select_related(*JOINED)
    found: Order = call.one(rows, **({"pk": int(key)} if is_id else {"number": key.upper()}))
    call.check(read_orders, found)
    return found


def _one(call: Call) -> OrderOut:
    return shown(call, find_order(call))


def _after(call: Call, order: Order) -> OrderOut:
    """The order as it stands after a step."""
    return shown(call, Order.objects.select_related(*JOINED).get(pk=order.pk))


def _book(given: Input) -> Order:
    return actions.book(**given.params, by=given.call.actor, at=given.call.at)


def _find_revisit(call: Call) -> Revisit:
    rows = Revisit.objects.visible_to(call.actor).select_related("order")
    found: Revisit = call.one(rows, pk=call.path["id"])
    return found


def _revisit(given: Input) -> Revisit:
    return actions.record_revisit(given.target, **given.params, by=given.call.actor, at=given.call.at)


ORDER = "/orders/{key}"
lists(
    router,
    "/prices",
    id="prices",
    summary=_("价目表"),
    page=PriceList,
    line=product_line,
    out=ProductOut,
    prepare=with_prices,
    about="HS-W3",
)
lists(router, "/orders", id="orders", summary=_("订单"), page=Orders, line=shown, out=OrderOut)
creates(
    router, "/orders", id="order_book", summary=_("下单"), form=BookForm, act=_book, show=_after, out=OrderOut, permission=book_orders,
    about="HS-W3",
)  # fmt: skip
lists(
    router, "/whereabouts", id="whereabouts", summary=_("今日去向"), page=Whereabouts, line=shown, out=OrderOut, about="HS-W1.7"
)  # fmt: skip
day.register(router)
reads(router, ORDER, id="order", summary=_("一张订单"), give=_one, out=OrderOut)
transitions(router, ORDER, model=Order, noun="order", forms_of=ORDER_FORMS, find=find_order, show=_after, out=OrderOut)
lists(
    router, "/revisits", id="revisits", summary=_("服务后回访"), page=Revisits, line=revisit_line, out=RevisitOut, about="HS-W1.3"
)  # fmt: skip
writes(
    router, "/revisits/{id}", id="revisit_record", summary=_("登记回访"), find=_find_revisit, form=RevisitForm, act=_revisit,
    show=revisit_line, out=RevisitOut, ids={"id": Number}, permission=make_revisits, about="HS-W1.3",
)  # fmt: skip
lists(router, "/refunds", id="refunds", summary=_("退款"), page=Refunds, line=refund_line, out=RefundOut, about="HS-W3")

lists(
    router,
    "/series",
    id="series_list",
    summary=_("长期服务"),
    page=SeriesList,
    line=series_line,
    out=SeriesOut,
    about="HS-W3",
)
for _id, _path, _summary, _form in (
    ("series_agree", "/series", _("约定周期服务"), SeriesForm), ("contract_agree", "/series/contracts", _("签服务合同"), ContractForm),
):  # fmt: skip
    creates(
        router,
        _path,
        id=_id,
        summary=_summary,
        form=_form,
        act=_agree,
        show=_series,
        out=SeriesOut,
        permission=book_orders,
        about="HS-W3",
    )
transitions(
    router,
    "/series/{key}",
    model=Series,
    noun="series",
    forms_of=SERIES_FORMS,
    find=find_series,
    show=_series,
    out=SeriesOut,
)

lists(router, "/cards", id="cards", summary=_("预付卡"), page=Cards, line=card_line, out=CardOut, about="HS-W3")
creates(
    router, "/cards", id="card_sell", summary=_("售卡"), form=SellCardForm, act=_sell, show=_card, out=CardOut, permission=sell_cards,
    about="HS-W3",
)  # fmt: skip
transitions(
    router, "/cards/{key}", model=Card, noun="card", forms_of=CARD_FORMS, find=find_card, show=_card, out=CardOut
)
