"""Pages of the alliances, the 2:8 plan and the quarter's review (CS-D4)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions
from zhangfa.care.models import Alliance, PlanReview
from zhangfa.care.web.common import PaperPage
from zhangfa.care.web.forms import more as forms
from zhangfa.core import clock
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S = Alliance.Status
STATUSES = {S.RUNNING.value: Status(S.RUNNING.label, "blue"), S.ENDED.value: Status(S.ENDED.label)}


class AllianceFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=Alliance.Kind.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)


class Alliances(ListPage):
    model, permission, title, nav = Alliance, permissions.read_alliances, _("联盟和二八计划"), "alliances"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("partner", _("合作方或对象"), phone="title"),
        Column("get_kind_display", _("类别")),
        Column("owner.shown_name", _("负责人")),
        Column("from_on", _("开始日期"), kind="date"),
        Column("to_on", _("结束日期"), kind="date"),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = AllianceFilter
    select_related = ["record", "owner"]
    links = [
        Link("care:reviews", _("季度检查"), icon="checklist", is_primary=False),
        Link("care:alliance-new", _("制定计划"), icon="plus", permission=permissions.keep_alliances),
    ]
    empty = Empty(
        _("还没有计划"), _("与哪些行业互惠合作、前部客户和其余客户各怎么应对，都写成带时间表的计划。"), "affiliate"
    )


def steps_part(page: Any, row: Alliance) -> tuple[str, dict[str, Any]]:
    return "care/parts/steps.html", {"steps": row.steps.order_by("due_on", "pk"), "today": clock.local_date(page.at)}


class AlliancePage(PaperPage):
    model, permission, nav, do_url = Alliance, permissions.read_alliances, "alliances", "care:alliance-do"
    select_related = ["record", "owner"]
    facts = [
        Column("get_kind_display", _("类别")), Column("trade", _("行业")), Column("owner.shown_name", _("负责人")), Column("from_on", _("开始日期"), kind="date"),
        Column("to_on", _("结束日期"), kind="date"), Column("aim", _("目标"), wide=True), Column("offer", _("互惠内容或对策"), wide=True),
        Column("result", _("结果"), wide=True),
    ]  # fmt: skip
    parts = [Part("steps", _("时间表"), steps_part, open=True), *records_parts("files", "comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:alliances", _("联盟和二八计划")


class AllianceDo(TransitionPage):
    record_page, nav = AlliancePage, "alliances"
    forms = {"add_step": forms.StepForm, "finish_step": forms.StepDoneForm, "end_alliance": forms.EndForm}


class AllianceNew(CreatePage):
    permission, title, form_class, nav = permissions.keep_alliances, _("制定计划"), forms.AllianceForm, "alliances"

    def act(self, form: Any) -> Alliance:
        return actions.plan_alliance(**form.params(), by=self.actor, at=self.at)


class Reviews(ListPage):
    model, permission, title, nav = PlanReview, permissions.read_alliances, _("季度检查"), "alliances"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("quarter_on", _("季度"), value=lambda row, page: str(row), phone="title"),
        Column("made_by.shown_name", _("检查人")),
        Column("made_at", _("检查时间"), kind="when"),
    ]
    sorts = {"new": ("", "-quarter_on", "-pk")}
    is_searchable = False
    select_related = ["record", "made_by"]
    links = [Link("care:review-new", _("检查本季度"), icon="checklist", permission=permissions.review_plans)]
    empty = Empty(_("还没有检查"), _("客服中心经理每季度检查联盟计划和二八计划，报总经理。"), "checklist")


class ReviewPage(PaperPage):
    model, permission, nav = PlanReview, permissions.read_alliances, "alliances"
    select_related = ["record", "made_by"]
    facts = [
        Column("made_by.shown_name", _("检查人")), Column("made_at", _("检查时间"), kind="when"), Column("alliances", _("联盟执行情况"), wide=True),
        Column("top", _("前部客户情况"), wide=True), Column("base", _("其余客户是谁、怎么应对"), wide=True), Column("next_steps", _("下一步安排"), wide=True),
    ]  # fmt: skip
    parts = [*records_parts("copies", "comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:reviews", _("季度检查")

    def page_title(self) -> Any:
        return gettext("%(quarter)s 联盟和二八计划检查") % {"quarter": str(self.object)}


class ReviewNew(CreatePage):
    permission, title, form_class, nav = permissions.review_plans, _("检查本季度"), forms.ReviewForm, "alliances"

    def act(self, form: Any) -> PlanReview:
        return actions.review(**form.params(), by=self.actor, at=self.at)
