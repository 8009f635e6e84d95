"""The lists of cases and settlements."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.web import access
from zhangfa.claims.web.filters import CaseFilter, SettlementFilter
from zhangfa.claims.web.state import PLANS, due_of
from zhangfa.policy.wording import post_name
from zhangfa.ui.pages import ListPage
from zhangfa.ui.tables import Column, Empty, Link


def estimate(row: Case, page: Any) -> Any:
    """What an accident was thought to cost when it was reported; nobody estimates a complaint."""
    return row.estimate if row.kind == Case.Kind.ACCIDENT else None


class CaseList(ListPage):
    """案件: what was reported, where it stands, who has it."""

    model = Case
    permission = access.read_cases
    title, nav = pgettext_lazy("list", "案件"), "cases"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True, phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("kind", _("类型"), value=lambda row, page: row.get_kind_display(), phone="hide"),
        Column("customer", _("客户"), value=lambda row, page: row.customer.name if row.customer else row.reporter),
        Column("unit", _("网点"), value=lambda row, page: row.unit.shown_name),
        Column("estimate", _("初估损失"), kind="money", value=estimate),
        Column("handler", _("经办人"), value=lambda row, page: row.handler.shown_name if row.handler else ""),
        Column("due", _("期限"), kind="due", value=lambda row, page: due_of(row)),
        Column("reported_at", _("报告时间"), kind="when", phone="hide"),
        Column("summary", _("情况"), value=lambda row, page: row.record.title, wide=True, optional=True),
        Column("guarantee", _("承诺类别"), value=lambda row, page: row.get_guarantee_display(), optional=True),
        Column("handled_by", _("处理方"), value=lambda row, page: row.get_handled_by_display(), optional=True),
        Column("promised_on", _("承诺日期"), kind="date", optional=True),
        Column("assessed_loss", _("认定损失"), kind="money", optional=True),
        Column("satisfaction", _("满意度"), kind="number", optional=True),
        Column("closed_at", _("结案时间"), kind="when", optional=True),
    ]
    sorts = {
        "new": (_("最新登记"), "-pk"),
        "old": (_("最早登记"), "pk"),
        "promised": (_("承诺日期最近"), "promised_on", "-pk"),
    }
    filterset_class = CaseFilter
    select_related = ["record", "customer", "unit", "handler"]
    only = [
        "kind", "status", "reporter", "estimate", "reported_at", "promised_on", "acknowledge_due_at", "arrive_due_at",
        "record__number", "customer__name", "unit__name", "unit__name_en", "handler__name", "handler__name_en",
    ]  # fmt: skip
    prefetch_related = [PLANS]
    links = [Link("claims:new", _("登记案件"), icon="plus", permission=access.report_cases)]
    empty = Empty(
        _("没有案件"), _("电话里报来的事故，从“登记案件”开始。"), "clipboard-list", access.report_cases, _("与您有关的案件会出现在这里。")
    )  # fmt: skip


class SettlementList(ListPage):
    """理赔方案: to approve, to sign, to pay."""

    model = Settlement
    permission = access.read_settlements
    title, nav = _("理赔"), "settlements"
    columns = [
        Column("case.record.number", _("案件"), kind="no", link=True, phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("record.number", _("处理表编号"), kind="no", phone="hide"),
        Column(
            "customer",
            _("客户"),
            value=lambda row, page: row.case.customer.name if row.case.customer else row.case.reporter,
        ),
        Column("unit", _("网点"), value=lambda row, page: row.case.unit.shown_name),
        Column("total", _("理赔总额"), kind="money"),
        Column("approved_total", _("批准金额"), kind="money"),
        Column("authority", _("审批级别"), value=lambda row, page: post_name(row.authority), phone="hide"),
        Column("proposed_by", _("经办人"), value=lambda row, page: row.proposed_by.shown_name),
        Column(
            "form_due_at",
            _("签署期限"),
            kind="due",
            value=lambda row, page: row.form_due_at if row.status == "accepted" else None,
        ),
        Column("proposed_at", _("提交时间"), kind="when", phone="hide"),
        Column("paid_at", _("付款时间"), kind="when", optional=True),
        Column("claimant", _("赔付对象"), value=lambda row, page: row.get_claimant_display(), optional=True),
    ]
    sorts = {"new": (_("最新提交"), "-pk"), "old": (_("最早提交"), "pk")}
    filterset_class = SettlementFilter
    select_related = ["record", "case__record", "case__customer", "case__unit", "proposed_by"]
    empty = Empty(_("没有理赔方案"), _("案件认定损失后，在案件页上提交理赔方案。"), icon="receipt-yuan")
