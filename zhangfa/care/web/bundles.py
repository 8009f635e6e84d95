"""Pages of the weekly bundles and of the threads that begin with a problem (CS-W3.3, CS-W3.4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters as df
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions
from zhangfa.care.actions.bundles import due_of
from zhangfa.care.chain import SOURCE
from zhangfa.care.models import Bundle, Thread
from zhangfa.care.web.common import PaperPage, customer_link, customer_of, week_shown
from zhangfa.care.web.forms import more as forms
from zhangfa.care.wording import name_of
from zhangfa.claims.models import Talk
from zhangfa.core import clock
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.permissions import call_meetings
from zhangfa.meetings.wording import withheld
from zhangfa.organisation.web.common import Doing, Doings, doing
from zhangfa.records.web.parts import records_parts
from zhangfa.regulations.permissions import draft_regulations
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S, T = Bundle.Status, Thread.Status
STATUSES = {S.SENT.value: Status(S.SENT.label, "amber"), S.PASSED.value: Status(S.PASSED.label, "blue"), S.CONCLUDED.value: Status(S.CONCLUDED.label, "green")}  # fmt: skip
THREADS = {
    T.OPEN.value: Status(T.OPEN.label, "amber"), T.MET.value: Status(T.MET.label, "amber"), T.RULED.value: Status(T.RULED.label, "blue"),
    T.ANSWERED.value: Status(T.ANSWERED.label, "green"),
}  # fmt: skip
MOST = 300


class Bundles(ListPage):
    model, permission, title, nav = Bundle, permissions.read_bundles, _("访问汇总"), "visit-bundles"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("week_on", _("周"), value=week_shown, phone="title"),
        Column("all", _("访问表"), kind="number", value=lambda row, page: row.figures.get("all", 0)),
        Column("problems", _("有问题"), kind="number", value=lambda row, page: row.figures.get("problems", 0)),
        Column("score", _("平均满意度"), value=lambda row, page: row.figures.get("score", "")),
        Column("sent_at", _("送出时间"), kind="when"),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": ("", "-week_on", "-pk")}
    is_searchable = False
    select_related = ["record"]
    links = [Link("care:bundle-new", _("送出访问登记表"), icon="send", permission=permissions.send_bundles)]
    empty = Empty(
        _("还没有送出过"),
        _("每周一中午前，客服中心把上周的访问登记表送行政部，由行政部汇总转交分管副总经理。"),
        "mailbox",
    )


def visits_part(page: Any, bundle: Bundle) -> tuple[str, dict[str, Any]]:
    rows = bundle.visits.select_related("record", "customer", "visitor", "outlet").order_by("kind", "pk")[:MOST]
    start, end = clock.day_start(bundle.week_on), clock.day_end(clock.day_start(bundle.ends_on))
    talks = Talk.objects.filter(archived_at__gte=start, archived_at__lt=end).select_related(
        "case__record", "case__customer", "by"
    )
    return "care/parts/bundle.html", {
        "lines": [(row, customer_of(row, page)) for row in rows],
        "talks": [(one, name_of(one.case.customer, page) if one.case.customer else "") for one in talks.order_by("pk")[:MOST]],
    }  # fmt: skip


class BundlePage(PaperPage):
    model, permission, nav, do_url = Bundle, permissions.read_bundles, "visit-bundles", "care:bundle-do"
    select_related = ["record", "sent_by", "passed_by", "concluded_by"]
    facts = [
        Column("week_on", _("周"), value=lambda row, page: f"{row.week_on} – {row.ends_on}"),
        *[
            Column(key, label, kind="number", value=lambda row, page, key=key: row.figures.get(key, 0))
            for key, label in (
                ("all", _("访问表")), ("care", _("关怀访问")), ("complaint", _("投诉维护访问")), ("division", _("部门访问")), ("talks", _("案件沟通记录")),
                ("on_time", _("按时到达")), ("late", _("填表逾期")), ("problems", _("有问题")),
            )
        ],
        Column("score", _("平均满意度"), value=lambda row, page: row.figures.get("score", "")),
        Column("sent_by.shown_name", _("送出人")), Column("sent_at", _("送出时间"), kind="when"),
        Column("pass_due", _("汇总期限"), kind="when", value=lambda row, page: due_of(row.week_on, "visit.bundle_admin", row.sent_at)),
        Column("conclude_due", _("结论期限"), kind="when", value=lambda row, page: due_of(row.week_on, "visit.conclusion", row.sent_at)),
        Column("note", _("客服中心说明"), wide=True), Column("summary", _("行政部汇总"), wide=True), Column("passed_by.shown_name", _("汇总人")),
        Column("passed_at", _("汇总时间"), kind="when"), Column("conclusion", _("分析结论"), wide=True), Column("concluded_by.shown_name", _("作结论人")),
        Column("concluded_at", _("结论时间"), kind="when"),
    ]  # fmt: skip
    parts = [Part("visits", _("这一周的访问表"), visits_part, open=True), *records_parts("copies", "comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:bundles", _("访问汇总")

    def page_title(self) -> Any:
        return gettext("%(from)s 至 %(to)s 访问汇总") % {"from": self.object.week_on, "to": self.object.ends_on}

    def next_step(self) -> Any:
        return {S.SENT: _("行政部经理汇总转交"), S.PASSED: _("分管副总经理作出结论")}.get(S(self.object.status), "")


class BundleDo(TransitionPage):
    record_page, nav = BundlePage, "visit-bundles"
    forms = {"pass_on": forms.SummaryForm, "conclude": forms.ConclusionForm}


class BundleNew(CreatePage):
    permission, title, form_class, nav = (
        permissions.send_bundles,
        _("送出访问登记表"),
        forms.BundleForm,
        "visit-bundles",
    )
    help = _("送出后这一周的访问表不再变动，行政部经理收到副本并签收。没有访问的一周也要送出，说明没有。")

    def act(self, form: Any) -> Bundle:
        return actions.send_bundle(**form.params(), by=self.actor, at=self.at)


class ThreadFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=T.choices)


def due_now(thread: Thread, _page: Any = None) -> Any:
    """The deadline of the step that waits."""
    return {T.OPEN: thread.meeting_due_at, T.MET: thread.rule_due_at, T.RULED: thread.answer_due_at}.get(
        T(thread.status)
    )


class Threads(ListPage):
    model, permission, title, nav = Thread, permissions.read_care, _("访问问题处理"), "visit-threads"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer", _("客户"), value=customer_of, phone="title"),
        Column("visit.get_problem_display", _("问题类别")),
        Column("outlet.shown_name", _("网点")),
        Column("raised_at", _("提出时间"), kind="when"),
        Column("due", _("期限"), kind="due", value=due_now),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = ThreadFilter
    is_searchable = False
    select_related = ["record", "customer", "visit", "outlet"]
    empty = Empty(
        _("没有待处理的问题"),
        _("访问登记表里勾选“有问题需要公司处理”的，会出现在这里：七日内开会、次日出制度、再次日答复客户。"),
        "message-report",
    )


def decided(row: Thread, page: Any) -> str:
    """What the meeting decided, for those who may read its minutes: who sees the problem needn't have been there."""
    if row.held_meeting_id is None or Meeting.objects.visible_to(page.actor).filter(pk=row.held_meeting_id).exists():
        return row.decision
    return withheld()


class ThreadPage(PaperPage):
    model, permission, nav, do_url = Thread, permissions.read_care, "visit-threads", "care:thread-do"
    select_related = ["record", "customer", "visit__record", "outlet", "raised_by", "answered_by"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("outlet.shown_name", _("网点")), Column("visit.get_problem_display", _("问题类别")),
        Column("visit.get_severity_display", _("严重程度")), Column("visit.problem_text", _("问题"), wide=True), Column("raised_by.shown_name", _("提出人")),
        Column("raised_at", _("提出时间"), kind="when"), Column("meeting_due_at", _("开会期限"), kind="when"), Column("met_at", _("开会时间"), kind="when"),
        Column("meeting", _("会议"), wide=True), Column("decision", _("会议决定"), value=lambda row, page: decided(row, page), wide=True), Column("rule_due_at", _("出台期限"), kind="when"),
        Column("ruled_at", _("出台时间"), kind="when"), Column("rule", _("制度或措施"), wide=True), Column("answer_due_at", _("答复期限"), kind="when"),
        Column("answered_at", _("答复时间"), kind="when"), Column("answered_by.shown_name", _("答复人")), Column("answer", _("答复内容"), wide=True),
    ]  # fmt: skip
    parts = [*records_parts("files", "comments", "trail")]

    def crumbs(self) -> tuple[str, Any]:
        return "care:threads", _("访问问题处理")

    def page_title(self) -> Any:
        return gettext("%(name)s提出的问题") % {"name": customer_of(self.object, self)}

    def next_step(self) -> Any:
        return {
            T.OPEN: _("客服中心经理召集会议"),
            T.MET: _("行政部经理出台制度"),
            T.RULED: _("客服中心经理答复客户"),
        }.get(T(self.object.status), "")

    def status_context(self) -> dict[str, Any]:
        # The way on is the meeting called here and the rule drafted here; to link another one is the exception.
        return super().status_context() | {"is_quiet_head": self.object.status in (T.OPEN, T.MET)}

    def doings(self) -> Doings:
        found = Doings()
        if (onward := self.onward()) is not None:
            found.append(onward)
        found.append(doing(_("打开访问记录"), "care:visit", self, permissions.read_care, self.object.visit))
        found.append(Doing(_("看整条线"), reverse("regulations:thread", args=[SOURCE, self.object.pk])))
        return found

    def onward(self) -> Doing | None:
        """The page on which the thread's next step is taken."""
        origin = {"source_kind": SOURCE, "source_id": self.object.pk}
        if self.object.status == T.OPEN:
            about = urlencode({**origin, "kind": "problem"})
            refused = tuple(call_meetings(by=self.actor, at=self.at))
            return Doing(_("召集问题会议"), f"{reverse('meetings:new')}?{about}", refused, is_main=True)
        if self.object.status == T.MET:
            refused = tuple(draft_regulations(by=self.actor, at=self.at))
            return Doing(_("起草制度"), f"{reverse('regulations:new')}?{urlencode(origin)}", refused, is_main=True)
        return None


class ThreadDo(TransitionPage):
    record_page, nav = ThreadPage, "visit-threads"
    forms = {"hold_meeting": forms.MeetingForm, "promulgate": forms.RuleForm, "answer": forms.AnswerForm}
