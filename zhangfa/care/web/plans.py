"""Pages of the care plans: the months, the timetable, one customer's plan (CS-W3.1)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions, queries
from zhangfa.care.models import CarePlan, MonthPlan
from zhangfa.care.web.common import PaperPage, customer_link, customer_of
from zhangfa.care.web.forms import plans as forms
from zhangfa.care.wording import classes_shown, products_of, reasons_shown
from zhangfa.core import clock
from zhangfa.organisation.models import Holding, Person
from zhangfa.organisation.web.common import Doings, OnePage, doing
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.forms import DateField
from zhangfa.ui.pages import CreatePage, ListPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S, M = CarePlan.Status, MonthPlan.Status
MONTH_STATUSES = {M.DRAWN.value: Status(M.DRAWN.label, "amber"), M.ISSUED.value: Status(M.ISSUED.label, "green")}
MOST = 300


def plan_status(plan: CarePlan) -> Status:
    """The status, and whether the day is over without a visit."""
    tones = {S.DRAFT: "grey", S.PLANNED: "amber", S.CONFIRMED: "blue", S.VISITED: "green", S.DROPPED: "grey"}
    if plan.status in (S.PLANNED, S.CONFIRMED) and plan.planned_on < clock.local_date(clock.now()):
        return Status(_("逾期未访问"), "red")
    return Status(S(plan.status).label, tones[S(plan.status)])


def managers(request: Any = None) -> Any:
    """Account managers of today, for a filter."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(clock.now())), seat__post_id="cm").values(
        "person_id"
    )
    return Person.objects.filter(pk__in=held).order_by("pk")


def counted(name: str) -> Any:
    """One figure of the month; all are counted once per page."""

    def value(month: MonthPlan, page: Any) -> int:
        if not hasattr(page, "counts"):
            page.counts = queries.counts_of(month, page.at)
        return int(page.counts[name])

    return value


class Day(df.DateFilter):
    field_class = DateField


class PlanFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    manager = df.ModelChoiceFilter(label=_("客户经理"), queryset=managers)
    since = Day(field_name="planned_on", lookup_expr="gte", label=_("计划访问日从"))
    until = Day(field_name="planned_on", lookup_expr="lte", label=_("计划访问日到"))


class Plans(ListPage):
    model, permission, title, nav = CarePlan, permissions.read_care, _("关怀时间表"), "care-plans"
    columns = [
        Column("planned_on", _("计划访问日"), kind="date", link=True),
        Column("customer", _("客户"), value=customer_of, phone="title"),
        Column("classes", _("客户分类"), value=classes_shown),
        Column("offer.shown_name", _("推介产品")),
        Column("order.number", _("对应订单"), kind="no"),
        Column("manager.shown_name", _("客户经理")),
        Column("outlet.shown_name", _("网点"), optional=True),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"day": (_("最近的访问日"), "-planned_on", "-id"), "old": (_("最早的访问日"), "planned_on", "id")}
    filterset_class = PlanFilter
    select_related = ["customer", "offer", "order", "manager", "outlet"]
    empty = Empty(_("没有关怀计划"), _("客服中心经理月初从优秀客户名单编制，下达后出现在这里。"), "heart-handshake")

    @property
    def links(self) -> list[Link]:  # type: ignore[override]
        """An account manager comes to the timetable of their own with one tap."""
        found = [Link("care:months", _("各月计划"), icon="calendar-month", is_primary=False)]
        if self.actor.holds("cm"):
            own = {"manager": self.actor.person_id, "since": clock.local_date(self.at).isoformat(), "sort": "old"}
            found.insert(0, OwnLink("care:plans", _("我的时间表"), icon="user", kwargs=tuple(own.items())))
        return found


class OwnLink(Link):
    """A link to a list with filters of its own."""

    @property
    def url(self) -> str:
        return f"{reverse(self.url_name)}?{urlencode(dict(self.kwargs))}"


class Months(ListPage):
    model, permission, title, nav = MonthPlan, permissions.read_care, _("各月关怀计划"), "care-plans"
    columns = [
        Column("record.number", _("编号"), kind="no", value=lambda row, page: row.record.number or "", optional=True),
        Column("month_on", _("月份"), value=lambda row, page: f"{row.month_on:%Y-%m}", link=True, phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("drawn_at", _("编制时间"), kind="when"),
        Column("issued_at", _("下达时间"), kind="when"),
    ]
    sorts = {"new": ("", "-month_on", "-pk")}
    is_searchable = False
    select_related = ["record"]
    links = [Link("care:draw", _("编制关怀计划"), icon="calendar-plus", permission=permissions.draw_months)]
    empty = Empty(
        _("还没有编制过"), _("每月从优秀客户名单编制一次，为每位优质和忠诚客户定下访问日和推介产品。"), "calendar-heart"
    )


def lines_part(page: Any, month: MonthPlan) -> tuple[str, dict[str, Any]]:
    rows = (
        CarePlan.objects.visible_to(page.actor)
        .filter(month=month)
        .select_related("customer", "offer", "order", "manager")
    )
    plans = list(rows.order_by("planned_on", "pk")[: MOST + 1])
    names = products_of(plans)
    lines = [(row, customer_of(row, page), classes_shown(row), reasons_shown(row, products=names)) for row in plans]
    return "care/parts/lines.html", {"lines": lines[:MOST], "is_more": len(lines) > MOST, "month": month}


class MonthPage(PaperPage):
    model, permission, nav, do_url = MonthPlan, permissions.read_care, "care-plans", "care:month-do"
    select_related = ["record", "drawn_by", "issued_by"]
    facts = [
        Column("drawn_at", _("编制时间"), kind="when"), Column("drawn_by.shown_name", _("编制人")),
        Column("issued_at", _("下达时间"), kind="when"), Column("issued_by.shown_name", _("下达人")),
        Column("plans", _("计划数"), kind="number", value=counted("all")),
        Column("visited", _("已访问"), kind="number", value=counted("visited")),
        Column("on_time", _("按时到达"), kind="number", value=counted("on_time")),
        Column("late", _("逾期未访问"), kind="number", value=counted("late")),
        Column("note", _("说明"), wide=True),
    ]  # fmt: skip
    parts = [Part("lines", _("时间表"), lines_part, open=True), *records_parts("comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:months", _("各月关怀计划")

    def page_title(self) -> Any:
        return gettext("%(month)s 关怀计划") % {"month": f"{self.object.month_on:%Y-%m}"}

    def next_step(self) -> Any:
        return _("客服中心经理核对后下达") if self.object.status == M.DRAWN else ""


class MonthDo(TransitionPage):
    record_page, forms, nav = MonthPage, {}, "care-plans"


class Draw(CreatePage):
    permission, title, form_class, nav = permissions.draw_months, _("编制关怀计划"), forms.DrawForm, "care-plans"
    help = _(
        "系统按优秀客户名单为每位优质和忠诚客户编一行：客户经理、访问日（有订单的对上订单）和推介产品及理由。再编一次只补缺的。"
    )

    def act(self, form: Any) -> MonthPlan:
        return actions.draw(**form.params(), by=self.actor, at=self.at)


class PlanPage(PaperPage):
    model, permission, nav, do_url = CarePlan, permissions.read_care, "care-plans", "care:plan-do"
    select_related = ["customer__outlet", "offer", "order", "manager", "outlet", "month__record"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("classes", _("客户分类"), value=classes_shown),
        Column("manager.shown_name", _("客户经理")), Column("outlet.shown_name", _("网点")), Column("planned_on", _("计划访问日"), kind="date"),
        Column("order", _("对应订单"), value=lambda row, page: queries.order_line(row.order)), Column("offer.shown_name", _("推介产品")),
        Column("reasons", _("推介理由"), value=reasons_shown, wide=True), Column("found", _("摸底情况"), wide=True),
        Column("advice", _("关怀要求"), wide=True), Column("dropped_for", _("取消原因"), wide=True),
    ]  # fmt: skip

    def number(self) -> Any:
        return f"{self.object.month.month_on:%Y-%m}"

    def page_title(self) -> Any:
        return gettext("关怀%(name)s") % {"name": customer_of(self.object, self)}

    def crumbs(self) -> tuple[str, Any]:
        return "care:plans", _("关怀时间表")

    def next_step(self) -> Any:
        steps = {
            S.DRAFT: _("客服中心经理下达"), S.PLANNED: _("客户经理摸底并确定产品和日期"), S.CONFIRMED: _("服务开始后按时到达"), S.VISITED: "", S.DROPPED: "",
        }  # fmt: skip
        return steps[S(self.object.status)]

    def holder(self) -> Any:
        return self.object.manager.shown_name if self.object.status in (S.PLANNED, S.CONFIRMED) else ""

    def doings(self) -> Doings:
        plan = self.object
        visit = queries.visit_of(plan)
        if visit is not None:
            return Doings([doing(_("打开访问记录"), "care:visit", self, permissions.read_care, visit)])
        if plan.status in (S.PLANNED, S.CONFIRMED):
            return Doings([doing(_("去访问（出发前检查）"), "care:plan-visit", self, permissions.edit_plans, plan)])
        return Doings()


class PlanDo(TransitionPage):
    record_page, nav = PlanPage, "care-plans"
    forms = {
        "confirm": forms.ConfirmForm,
        "replan": forms.PlannedForm,
        "hand_over": forms.ManagerForm,
        "drop": forms.ReasonForm,
    }


class PlanVisit(OnePage):
    """Before leaving: dress, notebook, gift."""

    model, permission, title, form_class, nav = (
        CarePlan,
        permissions.edit_plans,
        _("出发前检查"),
        forms.ChecklistForm,
        "care-plans",
    )
    submit_label = _("出发")

    def rows(self) -> Any:
        return CarePlan.objects.visible_to(self.actor).select_related("customer__outlet", "manager", "order")

    def act(self, form: Any) -> Any:
        plan = self.subject()
        return actions.prepare(plan.customer, plan=plan, **form.params(), by=self.actor, at=self.at)
