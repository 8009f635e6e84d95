"""Pages of coupons and gifts: what lies in stock and every movement (CS-W3.2)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions
from zhangfa.care.models import GiftItem
from zhangfa.care.web.common import PaperPage
from zhangfa.care.web.forms import more as forms
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column, Empty, Link

MOST = 200


class GiftFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=GiftItem.Kind.choices)


class Gifts(ListPage):
    model, permission, title, nav = GiftItem, permissions.read_gifts, _("优惠券和礼品"), "gifts"
    columns = [
        Column("name", _("名称"), link=True, phone="title"),
        Column("get_kind_display", _("类别"), phone="badge"),
        Column("value", _("单件价值"), kind="money"),
        Column("on_hand", _("库存"), kind="number"),
        Column("is_active", _("使用中"), kind="bool", optional=True),
    ]
    sorts = {"new": ("", "-pk")}
    filterset_class = GiftFilter
    links = [Link("care:gift-new", _("新增礼品"), icon="gift", permission=permissions.keep_gifts)]
    empty = Empty(_("还没有礼品"), _("先新增一种优惠券或礼品，再入库；访问时从库存赠送。"), "gift")


def moves_part(page: Any, item: GiftItem) -> tuple[str, dict[str, Any]]:
    return "care/parts/moves.html", {
        "moves": item.moves.select_related("giving__visit__record", "by").order_by("-pk")[:MOST]
    }


class GiftPage(PaperPage):
    model, permission, nav = GiftItem, permissions.read_gifts, "gifts"
    facts = [
        Column("get_kind_display", _("类别")), Column("value", _("单件价值"), kind="money"), Column("on_hand", _("库存"), kind="number"),
        Column("is_active", _("使用中"), kind="bool"),
    ]  # fmt: skip
    parts = [Part("moves", _("出入库"), moves_part, open=True)]

    def number(self) -> str:
        return ""

    def crumbs(self) -> tuple[str, Any]:
        return "care:gifts", _("优惠券和礼品")

    def doings(self) -> Doings:
        return Doings([doing(_("登记出入库"), "care:gift-stock", self, permissions.keep_gifts, self.object)])


class GiftNew(CreatePage):
    permission, title, form_class, nav = permissions.keep_gifts, _("新增礼品"), forms.GiftForm, "gifts"

    def act(self, form: Any) -> GiftItem:
        return actions.add_item(**form.params(), by=self.actor, at=self.at)


class GiftStock(OnePage):
    model, permission, title, form_class, nav = (
        GiftItem,
        permissions.keep_gifts,
        _("登记出入库"),
        forms.StockForm,
        "gifts",
    )

    def act(self, form: Any) -> GiftItem:
        return actions.stock(self.subject(), **form.params(), by=self.actor, at=self.at)
