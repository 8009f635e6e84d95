"""Pages of key accounts, their opinions and the monthly table (CS-W4, RPT-15)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import django_filters as df
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import account_table, actions, permissions
from zhangfa.care.account_rules import VISITED
from zhangfa.care.actions.feedback import met_in
from zhangfa.care.actions.reports import KIND
from zhangfa.care.bought import bought_by
from zhangfa.care.models import Feedback, KeyAccount, Visit
from zhangfa.care.permissions import MONEY_POSTS
from zhangfa.care.web.common import PaperPage, customer_link, customer_of
from zhangfa.care.web.forms import more as forms
from zhangfa.care.wording import ROLES
from zhangfa.claims.web import published
from zhangfa.core import clock
from zhangfa.core.periods import month_after
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.records.exports import Column as Sheets
from zhangfa.records.exports import Sheet
from zhangfa.records.models import Publication
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.addresses import month_in
from zhangfa.ui.display import due, when
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, ListPage, Page, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S, F = KeyAccount.Status, Feedback.Status
STATUSES = {
    S.FOUND.value: Status(S.FOUND.label, "amber"),
    S.ACTIVE.value: Status(S.ACTIVE.label, "green"),
    S.DROPPED.value: Status(S.DROPPED.label),
}
FEEDBACK = {F.OPEN.value: Status(F.OPEN.label, "amber"), F.ANSWERED.value: Status(F.ANSWERED.label, "blue"), F.CLOSED.value: Status(F.CLOSED.label, "green")}  # fmt: skip
MOST = 50


def _money(name: str) -> Any:
    return lambda row, page: getattr(row, name) if page.actor.holds(*MONEY_POSTS) else None


class AccountFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    level = df.ChoiceFilter(label=_("客户等级"), choices=KeyAccount.Level.choices)


class Accounts(ListPage):
    model, permission, title, nav = KeyAccount, permissions.read_accounts, _("大客户"), "accounts"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer", _("客户"), value=customer_of, phone="title"),
        Column("amount", _("年度金额"), kind="money", value=_money("amount")),
        Column("owner.shown_name", _("主管责任人")),
        Column("outlet.shown_name", _("网点")),
        Column("renews_on", _("续约日期"), kind="date"),
        Column("is_filed", _("档案已填"), kind="bool", optional=True),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = AccountFilter
    select_related = ["record", "customer", "owner", "outlet"]
    links = [
        Link("care:feedback-list", _("意见建议反映表"), icon="message-2", is_primary=False),
        Link(
            "care:account-reports",
            _("大客户月报"),
            icon="report",
            permission=permissions.read_account_reports,
            is_primary=False,
        ),
        Link("care:account-count", _("重新核算"), icon="refresh", permission=permissions.find_accounts),
    ]
    empty = Empty(
        _("还没有大客户"),
        _("系统每天从订单和合同核算：企业和机构十二个月内已付和签约达到标准的，会出现在这里。"),
        "building-skyscraper",
    )


def deciders_part(page: Any, account: KeyAccount) -> tuple[str, dict[str, Any]]:
    is_clear = page.actor.is_any_of([account.owner_id]) or page.actor.holds("cs")
    return "care/parts/deciders.html", {
        "deciders": account.deciders.order_by("role", "pk"), "is_clear": is_clear, "members": account.members.select_related("customer").order_by("pk"),
        "buys": account.group_buys.select_related("product").order_by("-bought_on", "-pk")[:MOST] if page.actor.holds(*MONEY_POSTS) else [],
    }  # fmt: skip


def bought_part(page: Any, account: KeyAccount) -> tuple[str, dict[str, Any]]:
    return "care/parts/bought.html", {
        "bought": bought_by(account, page.at),
        "is_money": page.actor.holds(*MONEY_POSTS),
    }


def feedback_part(page: Any, account: KeyAccount) -> tuple[str, dict[str, Any]]:
    rows = account.feedback.select_related("record", "visitor").order_by("-pk")[:MOST]
    met = met_in(account, clock.local_date(page.at), page.at)
    return "care/parts/feedback.html", {
        "rows": rows, "met": [(ROLES[role], role in met) for role in VISITED], "month": f"{clock.local_date(page.at):%Y-%m}",
    }  # fmt: skip


class AccountPage(PaperPage):
    model, permission, nav, do_url = KeyAccount, permissions.read_accounts, "accounts", "care:account-do"
    select_related = ["record", "customer", "owner", "outlet"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("outlet.shown_name", _("网点")), Column("owner.shown_name", _("主管责任人")),
        Column("get_level_display", _("客户等级")), Column("amount", _("年度金额"), kind="money", value=_money("amount")),
        Column("paid", _("其中已付"), kind="money", value=_money("paid")), Column("contracted", _("其中合同"), kind="money", value=_money("contracted")),
        Column("counted_on", _("核算日期"), kind="date"), Column("quarters_below", _("连续未达标季度"), kind="number"),
        Column("parent_org", _("上级单位")), Column("get_purchase_mode_display", _("采购方式")), Column("purchase_months", _("采购或预算月份")),
        Column("drivers", _("大客户动因"), wide=True), Column("potential", _("潜在需求"), wide=True), Column("competitors", _("竞争供应商")),
        Column("risks", _("风险"), wide=True), Column("target", _("年度目标"), kind="money", value=_money("target")),
        Column("credit_amount", _("信用额度"), kind="money", value=_money("credit_amount")), Column("credit_days", _("账期（天）"), kind="number"), Column("renews_on", _("续约日期"), kind="date"),
        Column("procedure", _("标准关怀程序"), wide=True), Column("is_gift_rule_read", _("已阅读礼品合规要求"), kind="bool"), Column("reviewed_at", _("档案复核"), kind="when"),
    ]  # fmt: skip
    parts = [
        Part("feedback", _("走访与意见"), feedback_part, open=True), Part("deciders", _("决策人、集团与团购"), deciders_part, open=True),
        Part("bought", _("在用产品、合同与应收"), bought_part),
        *records_parts("files", "signatures", "comments", "trail"),
    ]  # fmt: skip

    def crumbs(self) -> tuple[str, Any]:
        return "care:accounts", _("大客户")

    def page_title(self) -> Any:
        return customer_of(self.object, self)

    def next_step(self) -> Any:
        if self.object.status == S.FOUND:
            return _("部门经理指定负责人")
        return "" if self.object.is_filed or self.object.status == S.DROPPED else _("负责人填写大客户档案")

    def holder(self) -> Any:
        return self.object.owner.shown_name if self.object.owner and self.object.status == S.ACTIVE else ""

    def doings(self) -> Doings:
        if self.object.status != S.ACTIVE:
            return Doings()
        return Doings([doing(_("走访后填反映表"), "care:feedback-new", self, permissions.own_account, self.object)])


class AccountDo(TransitionPage):
    record_page, nav = AccountPage, "accounts"
    forms = {
        "assign_owner": forms.AssignForm, "save_file": forms.FileForm, "add_decider": forms.DeciderForm, "drop_decider": forms.DropDeciderForm,
        "link_member": forms.MemberForm, "add_group_buy": forms.GroupBuyForm,
    }  # fmt: skip


class AccountCount(FormPage):
    permission, title, form_class, nav = permissions.find_accounts, _("重新核算大客户"), Form, "accounts"
    submit_label, success_url = _("核算"), "/care/accounts/"
    help = _("按今天往前十二个月已付和签约的金额重新核算；集团成员合并计算，合同下的订单不重复算。")

    def act(self, form: Any) -> Any:
        return actions.count_accounts(by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("核算完成，新增大客户 %(count)s 家。") % {"count": outcome}


class FeedbackFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=F.choices)
    priority = df.ChoiceFilter(label=_("紧急程度"), choices=Feedback.Priority.choices)


def account_customer(row: Feedback, page: Any) -> str:
    return customer_of(row.account, page)


def answer_due(row: Feedback, _page: Any = None) -> dt.datetime | None:
    """Until when the answer is owed; none once it was given."""
    return clock.day_start(row.due_on + dt.timedelta(days=1)) if row.status == F.OPEN else None


def due_shown(row: Feedback, page: Any) -> Any:
    owed = answer_due(row)
    return due(owed, page.at) if owed else when(row.due_on, page.at)


class FeedbackList(ListPage):
    model, permission, title, nav = Feedback, permissions.read_accounts, _("大客户意见建议反映表"), "accounts"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("account", _("大客户"), value=account_customer, phone="title"),
        Column("visited_on", _("走访日期"), kind="date"),
        Column("get_priority_display", _("紧急程度")),
        Column("owner.shown_name", _("责任人")),
        Column("due", _("答复期限"), kind="due", value=answer_due),
        Column("answered_at", _("答复时间"), kind="when"),
        Column("due_on", _("约定的答复日期"), kind="date", optional=True),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = FeedbackFilter
    is_searchable = False
    select_related = ["record", "account__customer", "owner"]
    empty = Empty(_("还没有反映表"), _("每次走访大客户后填写，副本送部门经理、营销部和行政部。"), "message-2")


def met_shown(row: Feedback, _page: Any = None) -> str:
    return gettext("、").join(str(ROLES[role]) for role in row.roles if role in ROLES)


def category_shown(row: Feedback, _page: Any = None) -> Any:
    return dict(Visit.Problem.choices).get(row.category, "")


def met_names(row: Feedback, page: Any) -> str:
    """Whom they met by name: for who went there, who answers and the centre's manager; others see the first sign."""
    is_clear = page.actor.is_any_of([row.visitor_id, row.owner_id]) or page.actor.holds("cs")
    names = row.interviewees or ""
    return names if is_clear or not names else f"{names[:1]}*"


class FeedbackPage(PaperPage):
    model, permission, nav, do_url = Feedback, permissions.read_accounts, "accounts", "care:feedback-do"
    select_related = [
        "record",
        "account__customer",
        "account__record",
        "account__owner",
        "owner",
        "visitor",
        "responsible",
        "product",
    ]
    facts = [
        Column("account", _("大客户"), value=account_customer), Column("visited_on", _("走访日期"), kind="date"), Column("visitor.shown_name", _("走访人")),
        Column("roles", _("受访人"), value=met_shown), Column("interviewees", _("受访人姓名和职务"), value=met_names), Column("product.shown_name", _("使用产品")), Column("satisfaction", _("满意度"), kind="number"),
        Column("category", _("意见类别"), value=category_shown), Column("get_priority_display", _("紧急程度")), Column("opinion", _("意见"), wide=True), Column("suggestion", _("建议"), wide=True),
        Column("competitor", _("竞争动态"), wide=True), Column("solution", _("解决方法"), wide=True), Column("get_reply_display", _("传递方式")),
        Column("responsible.shown_name", _("责任部门")), Column("owner.shown_name", _("责任人")), Column("due_on", _("答复期限"), value=due_shown),
        Column("answered_at", _("答复时间"), kind="when"), Column("answer", _("答复内容"), wide=True), Column("closed_at", _("关闭时间"), kind="when"),
        Column("result", _("结果"), wide=True),
    ]  # fmt: skip
    parts = [*records_parts("files", "signatures", "copies", "comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:feedback-list", _("大客户意见建议反映表")

    def page_title(self) -> Any:
        return gettext("%(name)s的意见") % {"name": account_customer(self.object, self)}

    def next_step(self) -> Any:
        return {F.OPEN: _("责任人答复客户"), F.ANSWERED: _("请客户确认后关闭")}.get(F(self.object.status), "")

    def holder(self) -> Any:
        """Who was named answers; whether the customer accepts it is asked by the account's owner."""
        row = self.object
        who = {F.OPEN: row.owner, F.ANSWERED: row.account.owner or row.owner}.get(F(row.status))
        return who.shown_name if who else ""


class FeedbackDo(TransitionPage):
    record_page, nav = FeedbackPage, "accounts"
    forms = {
        "answer_feedback": forms.FeedbackAnswerForm,
        "close_feedback": forms.CloseForm,
        "reopen_feedback": forms.PlainReasonForm,
    }


class FeedbackNew(OnePage):
    model, permission, title, form_class, nav = (
        KeyAccount,
        permissions.own_account,
        _("大客户意见建议反映表"),
        forms.FeedbackForm,
        "accounts",
    )

    def rows(self) -> Any:
        return KeyAccount.objects.visible_to(self.actor).select_related("customer", "owner", "outlet")

    def act(self, form: Any) -> Feedback:
        return actions.give_feedback(self.subject(), **form.params(), by=self.actor, at=self.at)


KINDS = {"amount": "money", "visits": "number", "open": "number"}


def _cell(name: str, value: Any) -> Any:
    """A number in the sheet is a number there too, so that it can be summed; a frozen amount was kept as a text."""
    return Decimal(str(value)) if name == "amount" else value


class Reports(Page):
    """The months, newest first."""

    permission, title, nav, template_name = (
        permissions.read_account_reports,
        _("大客户月报"),
        "accounts",
        "care/account_reports.html",
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = published.months(KIND, self.at, 12)
        return super().get_context_data(rows=rows, **kwargs)


class Report(FormPage):
    """One month of key accounts: drawn now until it is frozen."""

    permission, nav, template_name = permissions.read_account_reports, "accounts", "care/account_report.html"
    form_class, submit_label = forms.MonthForm, _("发布并发送")

    @cached_property
    def month_on(self) -> dt.date:
        return month_in(self.kwargs["month"], until=clock.local_date(self.at))

    @cached_property
    def paper(self) -> Publication | None:
        return published.latest(KIND, [self.kwargs["month"]]).get(self.kwargs["month"])

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """As frozen; before that as they stand. An owner or a department sees its own."""
        rows = self.paper.figures["rows"] if self.paper else account_table.draw(self.month_on)
        seen = {str(pk) for pk in KeyAccount.objects.visible_to(self.actor).values_list("pk", flat=True)}
        mine = [row for row in rows if str(row["account"]) in seen]
        return [{**row, "met_words": gettext("、").join(str(ROLES[role]) for role in row["met"])} for row in mine]

    def page_title(self) -> Any:
        return gettext("%(month)s 大客户月报") % {"month": self.kwargs["month"]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def export(self) -> HttpResponse:
        heads = [
            _("编号"),
            _("客户"),
            _("网点"),
            _("主管责任人"),
            _("年度金额"),
            _("走访次数"),
            _("见到的人"),
            _("未关闭意见"),
            _("续约日期"),
        ]
        names = (
            "number",
            "customer",
            "outlet_name",
            "owner_name",
            "amount",
            "visits",
            "met_words",
            "open",
            "renews_on",
        )
        sheet = Sheet(
            str(self.page_title()),
            [Sheets(head, KINDS.get(name, "text")) for head, name in zip(heads, names, strict=True)],
            [[_cell(name, row[name]) for name in names] for row in self.rows],
        )
        return published.spreadsheet(self, [sheet], subject="care.accounts", name=str(self.page_title()))

    def act(self, form: Any) -> Any:
        return actions.publish_accounts(self.month_on, **form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.request.path

    def done_message(self, outcome: Any) -> str:
        return gettext("大客户月报已发布。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_over = clock.local_date(self.at) >= month_after(self.month_on)
        may = not list(permissions.publish_accounts(by=self.actor, at=self.at))
        return super().get_context_data(
            rows=self.rows, may_publish=is_over and may, note=self.paper.figures.get("note", "") if self.paper else "",
            as_of=self.paper.published_at if self.paper else self.at, **published.papers(self, self.paper), **kwargs,
        )  # fmt: skip
