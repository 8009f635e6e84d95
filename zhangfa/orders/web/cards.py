"""Prepaid cards: the list, one with every movement, selling; packages on the price list."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.orders import actions
from zhangfa.orders.card_rules import is_over
from zhangfa.orders.models import Card, CardEntry, Package
from zhangfa.orders.permissions import read_cards, read_prices, sell_cards
from zhangfa.orders.web.forms import CARD_FORMS, SellCardForm
from zhangfa.orders.wording import plain
from zhangfa.ui import display
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link


def owner(row: Card, page: Any) -> Any:
    return row.customer.name if row.customer else _("不记名卡")


def kind(row: Card, page: Any) -> Any:
    return row.package.shown_name if row.package else _("储值卡")


def is_card_over(row: Card, page: Any) -> bool:
    """Its days are over, and money is still on it."""
    is_kept = row.status == Card.Status.ACTIVE and row.balance > 0
    return is_kept and is_over(expires_on=row.expires_on, today=clock.local_date(page.at))


def status_of(row: Card, page: Any) -> Any:
    """An expired balance is extended or returned, so the list says so (domain.md C20)."""
    return Status(_("已到期"), "red") if is_card_over(row, page) else display.status_of(row, "status")


class CardFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=Card.Status.choices, empty_label=_("全部"))
    due = df.ChoiceFilter(label=_("有效期"), choices=[("over", _("已到期，余额未退"))], method="by_due")

    def by_due(self, rows: Any, _name: str, _value: str) -> Any:
        today = clock.local_date(clock.now())
        return rows.filter(status=Card.Status.ACTIVE, balance__gt=0, expires_on__lt=today)


class Cards(ListPage):
    model, permission, title, nav = Card, read_cards, _("预付卡"), "cards"
    columns = [
        Column("number", _("卡号"), kind="no", link=True),
        Column("customer", _("客户"), value=owner, phone="title"),
        Column("kind", _("种类"), value=kind),
        Column("balance", _("余额"), kind="money"),
        Column("expires_on", _("有效期至"), kind="date"),
        Column("outlet.shown_name", _("售卡网点")),
        Column("status", _("状态"), kind="status", phone="badge", value=status_of),
    ]
    sorts = {"new": (_("最新售出"), "-id")}
    filterset_class = CardFilter
    select_related = ["customer", "package", "outlet"]
    links = [
        Link("orders:card-new", _("售卡"), icon="plus", permission=sell_cards),
        Link("orders:packages", _("套餐"), is_primary=False),
    ]
    empty = Empty(_("没有预付卡"), _("客户买套餐或储值，从“售卡”开始。"), "credit-card")


def entries_part(page: Any, card: Card) -> tuple[str, dict[str, Any]]:
    rows = CardEntry.objects.filter(card=card).select_related("order", "by").order_by("-pk")[:100]
    return "orders/parts/entries.html", {"entries": rows}


class CardPage(RecordPage):
    model, permission, template_name, nav = Card, read_cards, "orders/card.html", "cards"
    do_url = "orders:card-do"
    select_related = ["customer", "package__product", "outlet", "sold_by"]
    facts = [
        Column("customer", _("客户"), value=owner), Column("kind", _("种类"), value=kind), Column("balance", _("余额"), kind="money"),
        Column("expires_on", _("有效期至"), kind="date"), Column("outlet.shown_name", _("售卡网点")), Column("sold_at", _("售卡时间"), kind="when"),
        Column("sold_by.shown_name", _("售卡人")),
    ]  # fmt: skip
    parts = [Part("entries", _("余额变动"), entries_part, open=True)]

    def page_title(self) -> Any:
        return kind(self.object, self)

    def next_step(self) -> Any:
        """What the law asks for now: an expired balance is extended or returned, a return is paid out."""
        if self.object.status == Card.Status.REFUNDING:
            return _("财务部退回余额")
        return _("已到期：为客户延期，或退回余额") if is_card_over(self.object, self) else ""


class CardNew(CreatePage):
    permission, title, form_class, nav = sell_cards, _("售卡"), SellCardForm, "cards"
    back_url = "/cards/"

    def act(self, form: Any) -> Card:
        return actions.sell_card(**form.params(), by=self.actor, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        seat = self.actor.seat_for("oa", "sl")
        asked = self.request.GET.get("customer", "")[:20]
        return {"outlet": seat.unit_id if seat else "", **({"customer": asked} if asked else {})}


class CardDo(TransitionPage):
    record_page, forms, nav = CardPage, CARD_FORMS, "cards"

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.subject().expires_on} if self.transition.name == "extend_card" else {}


class Packages(ListPage):
    model, permission, title, nav = Package, read_prices, _("套餐"), "prices"
    columns = [
        Column("code", _("代码"), kind="no", phone="badge"),
        Column("shown_name", _("名称"), phone="title"),
        Column("product.shown_name", _("服务产品")),
        Column("quantity", _("数量"), value=lambda row, page: f"{plain(row.quantity)} {row.product.unit}"),
        Column("price", _("套餐价"), kind="money"),
        Column("unit_price", _("单价"), kind="money"),
        Column("months", _("有效月数"), kind="number"),
    ]
    sorts = {"code": (_("代码"), "code")}
    select_related = ["product"]
    empty = Empty(_("没有套餐"), _("套餐价不得超过预付卡的法定上限。"), "tags")
