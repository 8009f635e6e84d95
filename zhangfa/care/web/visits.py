"""Pages of visits: the list, one visit from the check to the sheet, and visits written down afterwards (CS-W3.2, HS-D6)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions, queries
from zhangfa.care.actions import take_back
from zhangfa.care.models import Visit
from zhangfa.care.rules import CHECKLIST, SCORES
from zhangfa.care.web.common import PaperPage, customer_link, customer_of
from zhangfa.care.web.forms import plans as forms
from zhangfa.care.wording import updates_shown
from zhangfa.customers.permissions import read_customers
from zhangfa.organisation.web.common import Doings, doing
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import is_open
from zhangfa.ui.display import badge
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S = Visit.Status
STATUSES = {
    S.PREPARED.value: Status(S.PREPARED.label, "amber"), S.ARRIVED.value: Status(S.ARRIVED.label, "blue"), S.RETURNED.value: Status(S.RETURNED.label, "amber"),
    S.WRITTEN.value: Status(S.WRITTEN.label, "green"), S.CANCELLED.value: Status(S.CANCELLED.label),
}  # fmt: skip


def punctual(visit: Visit, _page: Any = None) -> Any:
    """In time or not, with the minutes."""
    if visit.is_on_time is None:
        return ""
    text = gettext("按时（%(minutes)s 分钟）") if visit.is_on_time else gettext("迟到（%(minutes)s 分钟）")
    return badge(text % {"minutes": visit.delay_minutes}, "green" if visit.is_on_time else "red")


def interviewee(visit: Visit, page: Any) -> str:
    """Whom they met: for those who read the archive."""
    if not visit.interviewee:
        return ""
    shown = visit.interviewee if is_open(read_customers, by=page.actor, at=page.at) else f"{visit.interviewee[:1]}*"
    return " · ".join(filter(None, (str(shown), visit.title, visit.get_level_display())))


def scores_shown(visit: Visit, _page: Any = None) -> str:
    return gettext("、").join(
        f"{gettext(SCORES[code])} {score}" for code, score in visit.checks.items() if code in SCORES
    )


def checklist_shown(visit: Visit, _page: Any = None) -> str:
    return gettext("、").join(gettext(CHECKLIST[code]) for code in visit.checklist if code in CHECKLIST)


class VisitFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("访问类型"), choices=Visit.Kind.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    needs_action = df.ChoiceFilter(label=_("有问题"), choices=[("1", _("有")), ("0", _("没有"))], method="by_problem")
    since = DayFrom("written_at", label=_("填表日期从"))
    until = DayTo("written_at", label=_("填表日期到"))

    def by_problem(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(needs_action=value == "1")


class Visits(ListPage):
    model, permission, title, nav = Visit, permissions.read_care, _("客户访问"), "visits"
    columns = [
        Column(
            "record.number",
            _("编号"),
            kind="no",
            link=True,
            value=lambda row, page: row.record.number or gettext("未填表"),
        ),
        Column("customer", _("客户"), value=customer_of, phone="title"),
        Column("get_kind_display", _("访问类型")),
        Column("visitor.shown_name", _("访问人")),
        Column("arrived_at", _("到达时间"), kind="when"),
        Column("is_on_time", _("按时到达"), kind="status", value=punctual),
        Column("satisfaction", _("满意度"), kind="number"),
        Column("outlet.shown_name", _("网点"), optional=True),
        Column("needs_action", _("有问题"), kind="bool", optional=True),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = VisitFilter
    select_related = ["record", "customer", "visitor", "outlet"]
    links = [
        Link("care:visit-new", _("登记访问"), icon="notebook", permission=permissions.visit_customers),
        Link("care:visit-prepare", _("去访问"), icon="walk", permission=permissions.visit_customers, is_primary=False),
    ]
    empty = Empty(_("还没有访问"), _("从关怀时间表出发，或把走访过的客户登记下来。"), "home-heart")


def gifts_part(page: Any, visit: Visit) -> tuple[str, dict[str, Any]]:
    may_take_back = not any(take_back.refuse_now(visit, by=page.actor, at=page.at))
    givings = visit.givings.select_related("item").order_by("pk")
    return "care/parts/givings.html", {"givings": givings, "visit": visit, "may_take_back": may_take_back}


def problem_shown(visit: Visit, _page: Any = None) -> str:
    """Kind of the problem and how grave it is."""
    return " · ".join(filter(None, (str(visit.get_problem_display()), str(visit.get_severity_display()))))


def thread_shown(visit: Visit, _page: Any = None) -> str:
    return queries.thread_line(visit)


def recheck_shown(visit: Visit, page: Any) -> str:
    return queries.recheck_line(visit, page.actor)


class VisitPage(PaperPage):
    model, permission, nav, do_url = Visit, permissions.read_care, "visits", "care:visit-do"
    select_related = [
        "record",
        "customer",
        "visitor",
        "outlet",
        "order__product",
        "plan__offer",
        "pitched",
        "bundle__record",
        "thread__record",
    ]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("get_kind_display", _("访问类型")), Column("visitor.shown_name", _("访问人")),
        Column("outlet.shown_name", _("网点")), Column("order", _("订单"), value=lambda row, page: queries.order_line(row.order)),
        Column("get_mode_display", _("方式")), Column("checklist", _("出发前检查"), value=checklist_shown, wide=True),
        Column("is_notified", _("事先告知网点"), kind="bool"), Column("service_started_at", _("服务开始"), kind="when"),
        Column("arrived_at", _("到达时间"), kind="when"), Column("is_on_time", _("按时到达"), kind="status", value=punctual),
        Column("place", _("到达地点")), Column("left_at", _("离开时间"), kind="when"), Column("sheet_due_at", _("填表期限"), kind="when"),
        Column("written_at", _("填表时间"), kind="when"), Column("interviewee", _("受访人"), value=interviewee),
        Column("satisfaction", _("满意度"), kind="number"), Column("recommend", _("推荐意愿（0–10）"), kind="number"),
        Column("checks", _("服务质量"), value=scores_shown, wide=True), Column("opinion", _("意见"), wide=True), Column("suggestion", _("建议"), wide=True),
        Column("wish", _("新需求"), wide=True), Column("pitched.shown_name", _("推介产品")), Column("competitor", _("竞争信息")),
        Column("problem", _("问题类别"), value=problem_shown, wide=True), Column("problem_text", _("问题"), wide=True),
        Column("thread", _("问题处理"), value=thread_shown, wide=True), Column("recheck", _("真实性核实"), value=recheck_shown, wide=True), Column("bundle.record.number", _("周汇总"), wide=True),
        Column("profile_updates", _("已写入档案"), value=updates_shown, wide=True),
        Column("profile_note", _("档案的其他情况"), wide=True),
        Column("cancelled_for", _("取消原因"), wide=True),
    ]  # fmt: skip
    parts = [
        Part("gifts", _("优惠券和礼品"), gifts_part),
        *records_parts("files", "signatures", "copies", "comments", "trail"),
    ]

    def crumbs(self) -> tuple[str, Any]:
        return "care:visits", _("客户访问")

    def page_title(self) -> Any:
        return gettext("访问%(name)s") % {"name": customer_of(self.object, self)}

    def next_step(self) -> Any:
        return {S.PREPARED: _("到达后点“到达”"), S.ARRIVED: _("离开后点“返回”，随即填表"), S.RETURNED: _("填写访问登记表")}.get(S(self.object.status), "")  # fmt: skip

    def holder(self) -> Any:
        return self.object.visitor.shown_name if self.object.status in (S.PREPARED, S.ARRIVED, S.RETURNED) else ""

    def doings(self) -> Doings:
        visit, found = self.object, Doings()
        if thread := getattr(visit, "thread", None):
            found.append(doing(_("问题处理"), "care:thread", self, permissions.read_care, thread))
        if visit.plan_id:
            found.append(doing(_("关怀计划"), "care:plan", self, permissions.read_care, visit.plan))
        return found


class VisitDo(TransitionPage):
    record_page, nav, template_name = VisitPage, "visits", "care/transition.html"
    forms = {
        "arrive": forms.ArriveForm, "come_back": forms.ReturnForm, "write_sheet": forms.SheetForm, "cancel": forms.ReasonForm, "give": forms.GiveForm,
        "take_back": forms.TakeBackForm,
    }  # fmt: skip

    def get_initial(self) -> dict[str, Any]:
        """The gift beside which the reader pressed."""
        asked = self.request.GET.get("giving", "")[:19]
        return {"giving": asked} if self.kwargs["name"] == "take_back" and asked else super().get_initial()

    @property
    def form_template(self) -> str:
        return "care/parts/sheet.html" if self.kwargs["name"] == "write_sheet" else ""


class VisitPrepare(CreatePage):
    permission, title, form_class, nav = permissions.visit_customers, _("去访问"), forms.PrepareForm, "visits"
    submit_label, help = _("出发"), _("出发前检查仪表、记录本和礼品；到达后在访问页上点“到达”。")

    def act(self, form: Any) -> Visit:
        return actions.prepare(**form.params(), by=self.actor, at=self.at)


class VisitNew(CreatePage):
    """A visit that is over, with its sheet."""

    permission, title, form_class, nav = permissions.visit_customers, _("登记访问"), forms.VisitForm, "visits"
    template_name, form_template = "care/form.html", "care/parts/sheet.html"

    def get_initial(self) -> dict[str, Any]:
        """The customer from whose page one came."""
        return {"customer": self.request.GET.get("customer", "")[:20]}

    def act(self, form: Any) -> Visit:
        return actions.record_visit(**form.params(), by=self.actor, at=self.at)
