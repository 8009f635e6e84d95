"""The desk where calls come in, the list, one call, the wording and the figures (CS-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import django_filters as df
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.calls import actions, queries
from zhangfa.calls import registry as lent
from zhangfa.calls.models import Call, Kind
from zhangfa.calls.permissions import DESK, read_calls, simulate_calls, take_calls, word_scripts
from zhangfa.calls.web.forms import FollowForm, ScriptForm, TakeForm, WriteUpForm
from zhangfa.claims.models import Case
from zhangfa.claims.web.access import report_cases
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers.permissions import edit_customers
from zhangfa.orders.models import Order, Revisit
from zhangfa.orders.permissions import book_orders, make_revisits
from zhangfa.organisation.web.common import Doing, Doings, OnePage
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.forms import PeriodForm
from zhangfa.ui.pages import CreatePage, FormPage, ListPage, Page, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = Call.Status
STATUSES = {
    S.RINGING.value: Status(S.RINGING.label, "amber"), S.SPEAKING.value: Status(S.SPEAKING.label, "blue"),
    S.ENDED.value: Status(S.ENDED.label, "amber"), S.MISSED.value: Status(S.MISSED.label, "red"),
    S.DONE.value: Status(S.DONE.label, "green"),
}  # fmt: skip
NEXT = {
    S.RINGING: _("接听"), S.SPEAKING: _("按标准用语接听，挂断后登记"), S.ENDED: _("登记通话内容和结果"),
    S.MISSED: _("回拨并登记"),
}  # fmt: skip
RECENT = 3
DAYS_SHOWN = 29


def seconds(value: int | None) -> str:
    """A stretch of time on the telephone, as people say it."""
    if value is None:
        return ""
    if value < 60:
        return gettext("%(n)s 秒") % {"n": value}
    return gettext("%(m)s 分 %(s)s 秒") % {"m": value // 60, "s": value % 60}


def talk(call: Call, page: Any) -> str:
    if call.answered_at is None or call.ended_at is None:
        return ""
    return seconds(max(0, int((call.ended_at - call.answered_at).total_seconds())))


class CallFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("来电类型"), choices=Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=Call.Status.choices, empty_label=_("全部"))
    since = DayFrom("started_at", label=_("来电日期从"))
    until = DayTo("started_at", label=_("来电日期到"))


class Calls(ListPage):
    """Every call in the reader's scope."""

    model, permission, title, nav = Call, read_calls, _("通话记录"), "calls"
    columns = [
        Column("number", _("通话"), value=lambda row, page: str(row), link=True),
        Column("who", _("来电人"), phone="title", link=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_kind_display", _("来电类型")),
        Column("get_result_display", _("结果")),
        Column("started_at", _("来电时间"), kind="when"),
        Column("wait_seconds", _("等待"), value=lambda row, page: seconds(row.wait_seconds)),
        Column("operator.shown_name", _("接听人")),
        Column("masked_phone", _("来电号码"), optional=True),
        Column("get_direction_display", _("方向"), optional=True),
        Column("talk", _("通话时长"), value=talk, optional=True),
        Column("unit.shown_name", _("网点"), optional=True),
    ]
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = CallFilter
    select_related = ["customer", "operator", "unit"]
    links = [
        Link("calls:desk", _("接听台"), icon="headset", permission=take_calls),
        Link("calls:report", _("话务统计"), icon="chart-bar", is_primary=False),
        Link("calls:scripts", _("标准用语"), icon="file-text", is_primary=False),
    ]
    empty = Empty(_("没有通话"), _("电话打进来，或在接听台登记一通电话后，会出现在这里。"), "phone")


class Desk(Page):
    """What rings and what is mine, looked at anew every few seconds."""

    permission, template_name, title, nav = take_calls, "calls/desk.html", _("接听台"), "desk"
    fragment_template = "calls/parts/waiting.html"

    def get_template_names(self) -> Any:
        is_part = self.is_fragment and self.request.headers.get("HX-Target") == "waiting"
        return self.fragment_template if is_part else self.template_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = queries.waiting(self.actor)
        notes = lent.caller_notes(self.actor, {call.customer_id for call in calls if call.customer_id}, self.at)
        return super().get_context_data(
            calls=[(call, STATUSES[call.status], notes.get(call.customer_id, [])) for call in calls],
            links=desk_links(self.actor, self.at),
            **kwargs,
        )


def desk_links(actor: Any, at: dt.datetime) -> list[Link]:
    links = [
        Link("calls:list", _("通话记录"), icon="list"), Link("calls:scripts", _("标准用语"), icon="file-text"),
        Link("calls:report", _("话务统计"), icon="chart-bar"),
        Link("calls:simulate", _("模拟来电"), icon="phone-ringing", permission=simulate_calls),
    ]  # fmt: skip
    return [link for link in links if link.is_open(actor, at)]


class Take(CreatePage):
    """登记一通电话: where no telephone system reports it."""

    permission, title, form_class, nav = take_calls, _("接听电话"), TakeForm, "calls"
    submit_label, back_url = _("开始通话"), "/calls/desk/"

    def act(self, form: Any) -> Call:
        return actions.take(**form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("通话 %(id)s 已开始。") % {"id": outcome}


class Simulate(CreatePage):
    """模拟来电: the same report that a telephone system would send."""

    permission, title, form_class, nav = simulate_calls, _("模拟来电"), TakeForm, "calls"
    submit_label, back_url = _("让电话响起"), "/calls/desk/"
    success_url = "/calls/desk/"

    def act(self, form: Any) -> None:
        actions.simulate(**form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("电话正在响。")


class CallPage(RecordPage):
    """One call: who it is, what to say, and one step to the order, the case or the customer's file."""

    model, permission, template_name, nav = Call, read_calls, "calls/call.html", "calls"
    select_related = ["customer__outlet", "operator", "unit"]
    do_url = "calls:do"
    facts = [
        Column("masked_phone", _("来电号码")), Column("get_direction_display", _("方向")), Column("started_at", _("来电时间"), kind="when"),
        Column("wait_seconds", _("等待"), value=lambda row, page: seconds(row.wait_seconds)), Column("talk", _("通话时长"), value=talk),
        Column("operator.shown_name", _("接听人")), Column("get_kind_display", _("来电类型")), Column("get_result_display", _("结果")),
        Column("follow_up_at", _("再次联系时间"), kind="when"), Column("content", _("内容与答复"), wide=True),
    ]  # fmt: skip

    def number(self) -> str:
        return str(self.object)

    def page_title(self) -> Any:
        return self.object.who

    def next_step(self) -> Any:
        if self.object.status == S.DONE and self.object.follow_up_at and not self.object.followed_at:
            return _("再次联系客户")
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        return self.object.operator.shown_name if self.object.operator and self.next_step() else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        is_open = call.status in (S.RINGING, S.SPEAKING, S.ENDED, S.MISSED) and self.actor.holds(*DESK)
        context: dict[str, Any] = {"papers": queries.papers_of(call), "is_open": is_open}
        if is_open:
            context |= {"handovers": self._handovers(), "scripts": self._scripts()}
        if call.customer:
            context |= self._known(call)
        elif is_open:
            context["candidates"] = queries.callers(call.phone or "")
        return super().get_context_data(**context, **kwargs)

    def _handovers(self) -> Doings:
        """One step from the call to what the caller wants; who and where go along."""
        call = self.object
        about = {"customer": call.customer_id} if call.customer_id else {}
        found = [
            self._doing(_("下单"), "orders:new", book_orders, about),
            self._doing(_("登记事故"), "claims:new", report_cases, about),
            self._doing(_("登记投诉"), "claims:new-complaint", report_cases, about),
        ]
        if call.customer_id:
            due = Revisit.objects.visible_to(self.actor).filter(
                order__customer_id=call.customer_id, status=Revisit.Status.DUE
            )
            found += [
                Doing(
                    gettext("登记回访 %(number)s") % {"number": revisit.order.number}, reverse("orders:revisit", args=[revisit.pk]),
                    tuple(make_revisits(revisit, by=self.actor, at=self.at)),
                )
                for revisit in due.select_related("order").order_by("due_at", "pk")[:RECENT]
            ]  # fmt: skip
        else:
            found.append(self._doing(_("登记客户"), "customers:new", edit_customers, {}))
        found.append(Doing(_("查看来电号码"), reverse("calls:reveal", args=[call.pk])))
        return Doings(found)

    def _doing(self, label: Any, url: str, permission: Any, about: dict[str, Any]) -> Doing:
        address = reverse(url) + (f"?{urlencode(about)}" if about else "")
        return Doing(label, address, tuple(permission(by=self.actor, at=self.at)))

    def _scripts(self) -> list[tuple[Any, str, bool]]:
        words = queries.scripts()
        return [(kind.label, words[kind.value], kind.value == self.object.kind) for kind in Kind]

    def _known(self, call: Call) -> dict[str, Any]:
        """What the person on the telephone is known for: the last orders and what is still open."""
        orders = Order.objects.visible_to(self.actor).filter(customer=call.customer).select_related("product", "worker")
        cases = Case.objects.visible_to(self.actor).filter(customer=call.customer).select_related("record")
        return {
            "promised": lent.caller_notes(self.actor, {call.customer_id}, self.at).get(call.customer_id, []),
            "orders": list(orders.order_by("-pk")[:RECENT]),
            "cases": list(cases.exclude(status__in=(Case.Status.CLOSED, Case.Status.VOID)).order_by("-pk")[:RECENT]),
            "earlier": list(
                Call.objects.filter(customer=call.customer).exclude(pk=call.pk).select_related("operator").order_by("-pk")[:RECENT]
            ),
        }  # fmt: skip


class CallDo(TransitionPage):
    """Pick up, hang up, write up, call again."""

    record_page = CallPage
    forms = {"write_up": WriteUpForm, "follow": FollowForm}
    nav = "calls"

    def get_initial(self) -> dict[str, Any]:
        call = self.subject()
        return {"customer": call.customer_id or "", "kind": call.kind, "content": call.content}


class Reveal(OnePage):
    """The caller's number, once, to somebody with a reason."""

    model, permission, title, form_class, nav = Call, read_calls, _("查看来电号码"), ReasonForm, "calls"
    submit_label = _("查看")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            value = actions.reveal(self.subject(), reason=form.cleaned_data["reason"], by=self.actor, at=self.at)
        except Refused as refused:
            form.refuse(refused.refusals)
            return self.show(form, status=422)
        template = "organisation/revealed.html" if self.is_fragment else "organisation/revealed_page.html"
        return self.response_class(request, template, self.get_context_data(form=form, value=value))


class Scripts(Page):
    """标准用语: what is said for each kind of call."""

    permission, template_name, title, nav = read_calls, "calls/scripts.html", _("标准用语"), "calls"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = queries.scripts()
        rows = [(kind, words[kind.value]) for kind in Kind]
        may_word = not any(True for _refusal in word_scripts(by=self.actor, at=self.at))
        return super().get_context_data(rows=rows, may_word=may_word, **kwargs)


class ScriptEdit(FormPage):
    """The company's own wording for one kind of call."""

    permission, form_class, nav, back_url = word_scripts, ScriptForm, "calls", "/calls/scripts/"
    success_url = "/calls/scripts/"

    def subject(self) -> Any:
        if self.kwargs["kind"] not in Kind.values:
            raise Http404
        return None

    def page_title(self) -> Any:
        return gettext("标准用语：%(kind)s") % {"kind": Kind(self.kwargs["kind"]).label}

    def get_initial(self) -> dict[str, Any]:
        return dict(queries.script_to_edit(self.kwargs["kind"]))

    def act(self, form: Any) -> None:
        actions.word(kind=self.kwargs["kind"], **form.params(), by=self.actor, at=self.at)


class Report(Page):
    """话务统计 (RPT-20): calls by kind and hour, answered in time, turned into orders."""

    permission, template_name, title, nav = read_calls, "calls/report.html", _("话务统计"), "calls"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        usual = {"since": today - dt.timedelta(days=DAYS_SHOWN), "until": today}
        asked = {name: self.request.GET.get(name) or usual[name] for name in usual}
        form = PeriodForm(asked, actor=self.actor, at=self.at)
        period = form.cleaned_data if form.is_valid() else usual
        return super().get_context_data(
            form=form, period=period, **queries.report(period["since"], period["until"], self.at), **kwargs
        )
