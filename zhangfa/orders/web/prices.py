"""The price list: products with today's price, one product with its prices over time, surcharges."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.orders import actions, prices
from zhangfa.orders.models import Price, Product, Surcharge
from zhangfa.orders.permissions import keep_prices, read_prices
from zhangfa.orders.price_rules import price_on
from zhangfa.orders.web.forms.prices import CrewForm, PriceForm, ProductForm, SurchargeForm
from zhangfa.orders.wording import plain, plan_words, scope_words
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.ui.display import money
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage
from zhangfa.ui.tables import Column, Empty, Link


def today_price(product: Product, page: Any) -> Any:
    """The general price in force, read once for the whole page."""
    if not hasattr(page, "listed"):
        page.listed = prices.listed_on(clock.local_date(page.at))
    row = page.listed.get(product.pk)
    return row.unit_price if row else None


def least(product: Product, page: Any) -> str:
    """The least charge: a quantity, a sum, or nothing."""
    today_price(product, page)
    row = page.listed.get(product.pk)
    if row is None:
        return ""
    quantity = f"{plain(row.minimum_quantity)} {product.unit}" if row.minimum_quantity else ""
    return quantity or (money(row.minimum_amount) if row.minimum_amount else "")


class ProductFilter(FilterSet):
    category = df.ChoiceFilter(label=_("类别"), choices=Product.Category.choices, empty_label=_("全部"))
    is_active = df.BooleanFilter(label=_("在售"))


class PriceList(ListPage):
    model, permission, title, nav = Product, read_prices, _("价目表"), "prices"
    columns = [
        Column("code", _("代码"), kind="no", link=True, phone="badge"),
        Column("shown_name", _("服务产品"), link=True, phone="title"),
        Column("get_category_display", _("类别")),
        Column("price", _("现价"), kind="money", value=today_price),
        Column("unit", _("计价单位")),
        Column("least", _("起订"), value=least),
        Column("hours", _("通常时长（小时）"), kind="number", value=lambda row, page: plain(row.hours), optional=True),
        Column("crew", _("服务人数"), kind="number", optional=True),
        Column("is_at_height", _("高处作业"), kind="bool", optional=True),
    ]
    sorts = {"code": (_("代码"), "code")}
    per_page = 50
    filterset_class = ProductFilter
    links = [
        Link("orders:product-new", _("新增产品"), icon="plus", permission=keep_prices),
        Link("orders:surcharges", _("附加费"), is_primary=False),
    ]
    empty = Empty(_("没有产品"), _("由服务中心经理从“新增产品”开始。"), "tags")


class ProductPage(RecordPage):
    model, permission, template_name, nav = Product, read_prices, "orders/product.html", "prices"
    facts = [
        Column("get_category_display", _("类别")), Column("unit", _("计价单位")), Column("price", _("现价"), kind="money", value=today_price),
        Column("least", _("起订"), value=least), Column("hours", _("通常时长"), value=lambda row, page: plan_words(row)),
        Column("is_home_visit", _("上门服务"), kind="bool"), Column("is_at_height", _("高处作业"), kind="bool"),
    ]  # fmt: skip

    def number(self) -> str:
        return str(self.object.code)

    def page_title(self) -> Any:
        return self.object.shown_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        product, day = self.object, clock.local_date(self.at)
        rows = list(
            Price.objects.filter(product=product).select_related("region", "made_by").order_by("-from_on", "-pk")[:200]
        )
        standing = [prices.row_of(row) for row in rows if row.withdrawn_at is None]
        shown = [self.line(row, standing, day) for row in rows]
        new = doing(_("定新价"), "orders:price-new", self, keep_prices, product)
        crew = doing(_("改服务人数"), "orders:product-crew", self, keep_prices, product)
        return super().get_context_data(
            coming=[line for line in shown if line["state"] == "coming"], past=[line for line in shown if line["state"] in ("past", "withdrawn")],
            present=[line for line in shown if line["state"] == "now"], doings=Doings([new, crew]), may_keep=not new.refusals, **kwargs,
        )  # fmt: skip

    def line(self, row: Price, standing: list[Any], day: Any) -> dict[str, Any]:
        """One price with where it stands today."""
        if row.withdrawn_at:
            state = "withdrawn"
        elif row.from_on > day:
            state = "coming"
        else:
            same = [one for one in standing if one.region == row.region_id and one.kind == row.customer_kind]
            best = price_on(same, region=row.region_id, kind=row.customer_kind, day=day)
            state = "now" if best is not None and best.id == row.pk else "past"
        quantity = plain(row.minimum_quantity) if row.minimum_quantity else ""
        return {"row": row, "state": state, "scope": scope_words(row.region, row.customer_kind), "quantity": quantity}


class ProductNew(CreatePage):
    permission, title, form_class, nav = keep_prices, _("新增产品"), ProductForm, "prices"

    def act(self, form: Any) -> Product:
        return actions.add_product(**form.params(), by=self.actor, at=self.at)

    def get_initial(self) -> dict[str, Any]:
        return {"from_on": clock.local_date(self.at)}


class CrewPlan(OnePage):
    model, permission, title, form_class, nav = Product, keep_prices, _("改服务人数"), CrewForm, "prices"
    submit_label = _("保存")
    help = _("还没派齐的订单按新的人数提示；已经派好的人不变。")

    def page_title(self) -> Any:
        return f"{self.subject().shown_name} · {self.title}"

    def act(self, form: Any) -> Product:
        product: Product = actions.plan_crew(self.subject(), **form.params(), by=self.actor, at=self.at)
        return product

    def get_initial(self) -> dict[str, Any]:
        return {"crew": self.subject().crew}


class PriceNew(OnePage):
    model, permission, title, form_class, nav = Product, keep_prices, _("定新价"), PriceForm, "prices"

    def page_title(self) -> Any:
        return f"{self.subject().shown_name} · {self.title}"

    def act(self, form: Any) -> Product:
        actions.set_price(self.subject(), **form.params(), by=self.actor, at=self.at)
        return self.subject()

    def get_initial(self) -> dict[str, Any]:
        row = prices.listed_on(clock.local_date(self.at), [self.subject().pk]).get(self.subject().pk)
        kept = {"minimum_quantity": row.minimum_quantity, "minimum_amount": row.minimum_amount} if row else {}
        return {name: value for name, value in kept.items() if value}


def _withdraw(price: Any = None, *, by: Any, at: Any) -> Any:
    return keep_prices(price.product if price else None, by=by, at=at)


class PriceWithdraw(OnePage):
    """A price that has not begun."""

    model, permission, title, form_class, nav = Price, _withdraw, _("撤回价格"), ReasonForm, "prices"
    is_dangerous = True

    def rows(self) -> Any:
        return Price.objects.select_related("product")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("orders:product", args=[self.subject().product_id])

    def act(self, form: Any) -> Product:
        price = actions.withdraw_price(self.subject(), **form.params(), by=self.actor, at=self.at)
        return price.product


def surcharge_rate(row: Surcharge, page: Any) -> str:
    return money(row.amount) if row.percent is None else f"{plain(row.percent)}%"


class Surcharges(ListPage):
    model, permission, title, nav = Surcharge, read_prices, _("附加费"), "prices"
    columns = [
        Column("code", _("代码"), kind="no", phone="badge"),
        Column("shown_name", _("名称"), phone="title"),
        Column("rate", _("加收"), value=surcharge_rate),
        Column("shown_reason", _("公布的原因"), wide=True),
        Column("from_on", _("生效日期"), kind="date"),
        Column("to_on", _("截止日期"), kind="date"),
    ]
    sorts = {"code": (_("代码"), "code")}
    links = [Link("orders:surcharge-new", _("公布附加费"), icon="plus", permission=keep_prices)]
    empty = Empty(_("没有附加费"), _("加收的钱先写明原因公布，再向客户收取。"), "tags")


class SurchargeNew(CreatePage):
    permission, title, form_class, nav = keep_prices, _("公布附加费"), SurchargeForm, "prices"

    def act(self, form: Any) -> Surcharge:
        return actions.add_surcharge(**form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return reverse("orders:surcharges")
