"""《公司优秀客户汇总表》 RPT-09 of a month, with concentration and Pareto point, and its publication (CS-W2.2)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.money import to_fen
from zhangfa.customers.models import CustomerClass
from zhangfa.customers.models.adverse import NEED_TO_KNOW
from zhangfa.orders.models import Product
from zhangfa.reports import actions, charts
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Listed
from zhangfa.reports.rules import advice_for
from zhangfa.reports.rules_figures import rate
from zhangfa.reports.web.common import CLASS_NAMES, OfMonth, yuan_of
from zhangfa.reports.wording import ADVICE, rfm_of
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import Form, TextField
from zhangfa.ui.pages import FormPage, ListPage
from zhangfa.ui.registry import Figure
from zhangfa.ui.tables import Column, Empty
from zhangfa.ui.words import join

FLAGS = {"premium": "is_premium", "key": "is_key", "loyal": "is_loyal", "long_term": "is_long_term"}
BANDS = {1: lazy("只服务过一次"), 2: lazy("二至五次"), 3: lazy("六次以上")}


class ListedFilter(FilterSet):
    segment = df.ChoiceFilter(label=lazy("类别"), choices=CustomerClass.Code.choices, method="in_segment")

    def in_segment(self, rows: Any, _name: str, code: str) -> Any:
        return rows.filter(**{FLAGS[code]: True})


def _amount(name: str) -> Any:
    """Outlets see who is on the list, not what they pay."""
    return lambda row, page: None if page.is_extract else getattr(row, name)


def _share(name: str) -> Any:
    """A part of the revenue of all, in percent."""
    return lambda row, page: (
        None if page.is_extract else rate(to_fen(getattr(row, name)), page.figures.get("amount") or 0)
    )


def _known(name: str) -> Any:
    """Adverse records are for those who need to know (A-34)."""
    return lambda row, page: getattr(row, name) if page.knows_conduct else None


class GoodList(OfMonth, ListPage):
    model, permission, kind, nav = Listed, may.read_list, "RPT-09", "reports"
    template_name = "reports/list.html"
    columns = [
        Column("place", lazy("名次"), kind="number", phone="badge"),
        Column("customer.name", lazy("客户"), link=True, phone="title"),
        Column("classes", lazy("类别"), value=lambda row, page: join(str(CLASS_NAMES[code]) for code in row.codes)),
        Column("outlet.shown_name", lazy("网点")),
        Column("amount", lazy("近十二个月实付"), kind="money", value=_amount("amount")),
        Column("orders", lazy("订单数"), kind="number"),
        Column("share", lazy("占收入"), kind="pct", value=_share("amount"), optional=True),
        Column("products", lazy("主要产品"), value=lambda row, page: page.product_names(row)),
        Column("last_on", lazy("最近服务"), kind="date"),
        Column("visited_on", lazy("最近拜访"), kind="date"),
        Column("rfm", lazy("RFM 得分"), value=lambda row, page: None if page.is_extract else rfm_of(row)),
        Column(
            "advice",
            lazy("维护建议"),
            value=lambda row, page: ADVICE[advice_for(row.recency, row.frequency, row.volume)],
        ),
        Column("score", lazy("满意度"), value=lambda row, page: f"{row.score / row.rated:.1f}" if row.rated else None),
        Column("manager.shown_name", lazy("维护人")),
        Column("accidents", lazy("事故"), kind="number", value=lambda row, page: row.accidents or None),
        Column("complaints", lazy("投诉"), kind="number", value=lambda row, page: row.complaints or None),
        Column("has_adverse", lazy("不良消费记录"), kind="bool", value=_known("has_adverse"), optional=True),
        Column("is_unpaid", lazy("未付账单"), kind="bool", value=_amount("is_unpaid"), optional=True),
        Column("running", lazy("累计金额"), kind="money", value=_amount("running"), optional=True),
        Column("running_share", lazy("累计占比"), kind="pct", value=_share("running"), optional=True),
        Column("first_on", lazy("首次服务"), kind="date", optional=True),
        Column("customer.no", lazy("客户编号"), optional=True),
    ]
    sorts = {"place": (lazy("名次"), "place", "id")}
    filterset_class = ListedFilter
    select_related = ["customer", "outlet", "manager"]
    empty = Empty(lazy("名单上没有客户"), lazy("这个月还没有出数，或者没有客户符合条件。"), "users-group")

    @property
    def is_extract(self) -> bool:
        return may.is_outlet_only(self.actor)

    @property
    def knows_conduct(self) -> bool:
        return bool(self.actor.holds(*NEED_TO_KNOW))

    def rows(self) -> Any:
        return Listed.objects.filter(draw_id=self.draw_id)

    @cached_property
    def products(self) -> dict[str, str]:
        return {product.pk: product.shown_name for product in Product.objects.all()}

    def product_names(self, row: Listed) -> str:
        return join(self.products.get(code, code) for code in row.products.split(",") if code)

    @property
    def draw_id(self) -> int:
        """The lines that were frozen: of the revision shown, else of the newest draw."""
        if self.shown is not None:
            return int(self.shown.figures["draw"])
        return self.drawn.pk if self.drawn else 0

    def page_title(self) -> Any:
        return _("优秀客户汇总 %(month)s") % {"month": self.period}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = {} if self.is_extract else self.figures
        return super().get_context_data(
            **self.standing(), is_extract=self.is_extract, cards=cards(figures), chart=chart(figures), classes=classes(figures), others=others(figures),
            may_publish=bool(self.figures) and is_open(may.publish_pack, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip


def chart(figures: dict[str, Any]) -> charts.Chart | None:
    if not figures:
        return None
    return charts.concentration(
        figures["curve"], figures["active"], figures["amount"], top=figures["top"], pareto=figures["pareto"]
    )


def cards(figures: dict[str, Any]) -> list[Figure]:
    if not figures:
        return []
    active, amount = figures["active"], figures["amount"]
    return [
        Figure(_("活跃客户"), active, note=_("近十二个月有服务或付款")),
        Figure(_("近十二个月实付"), yuan_of(amount), kind="money"),
        Figure(_("前部客户"), figures["top"], note=_("带来 %(share)s%% 的收入") % {"share": rate(figures["top_amount"], amount) or 0}),
        Figure(_("八成收入来自"), figures["pareto"], note=_("占活跃客户的 %(share)s%%") % {"share": rate(figures["pareto"], active) or 0}),
    ]  # fmt: skip


def classes(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Each class with its number and its part of the revenue; classes overlap, so these parts don't add up."""
    if not figures:
        return []
    return [
        {
            "label": CLASS_NAMES[code],
            "count": row["count"],
            "amount": yuan_of(row["amount"]),
            "share": rate(row["amount"], figures["amount"]),
        }
        for code, row in ((code, figures["classes"][code]) for code in FLAGS)
    ]


def others(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Who the customers outside the top set are (CS-D4)."""
    if not figures:
        return []
    return [{**row, "label": BANDS[row["band"]], "amount": yuan_of(row["amount"])} for row in figures["others"]]


class ListPublishForm(Form):
    analysis = TextField(
        label=lazy("其余客户构成分析"),
        max_length=1000,
        multiline=True,
        help_text=lazy("前部以外的客户是些什么人，为什么买得少。"),
    )
    strategy = TextField(label=lazy("应对策略"), max_length=1000, multiline=True)
    instructions = TextField(
        label=lazy("对网点的要求"),
        max_length=1000,
        multiline=True,
        help_text=lazy("随名单发到网点，服务员接单时也能看到；不要写金额。"),
    )


class ListPublish(OfMonth, FormPage):
    """Freeze the list and send it."""

    permission, kind, nav, form_class = may.publish_pack, "RPT-09", "reports", ListPublishForm
    submit_label = lazy("发布并发送")
    help = lazy("发布后数字冻结；总经理、行政、客户经理和各部门各收一份，网点收到本网点客户的名单和要求，不含金额。")

    def page_title(self) -> Any:
        return _("发布优秀客户汇总表 %(month)s") % {"month": self.period}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("reports:list", args=[self.period])

    def get_initial(self) -> dict[str, Any]:
        last = self.revisions[-1].figures if self.revisions else {}
        return {name: last.get(name, "") for name in ("analysis", "strategy", "instructions")}

    def act(self, form: Any) -> Any:
        return actions.publish_list(self.month, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("优秀客户汇总表已发布。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url
