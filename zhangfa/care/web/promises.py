"""Pages of the promise register, and of authenticity checks that check whether records are true."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.care import actions, permissions
from zhangfa.care.actions.rechecks import refuse_draw
from zhangfa.care.models import Promise, Recheck
from zhangfa.care.originals import original_lines
from zhangfa.care.web.common import PaperPage, customer_link, customer_of, week_shown
from zhangfa.care.web.forms import more as forms
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.customers.permissions import read_customers
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import DayTo, FilterSet
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import CreatePage, ListPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S, R = Promise.Status, Recheck.Status
RECHECKS = {
    R.DRAWN.value: Status(R.DRAWN.label, "amber"), R.TRUE.value: Status(R.TRUE.label, "green"), R.DOUBTFUL.value: Status(R.DOUBTFUL.label, "amber"),
    R.FALSE.value: Status(R.FALSE.label, "red"), R.OBJECTED.value: Status(R.OBJECTED.label, "amber"), R.UPHELD.value: Status(R.UPHELD.label, "red"),
    R.LIFTED.value: Status(R.LIFTED.label, "green"),
}  # fmt: skip


def promise_status(row: Promise) -> Status:
    """Open, kept or broken, and whether the hour is past."""
    if row.status == S.OPEN:
        return Status(_("逾期未兑现"), "red") if row.is_late(clock.now()) else Status(S.OPEN.label, "amber")
    if row.status == S.KEPT:
        return Status(_("逾期兑现"), "amber") if row.is_late(clock.now()) else Status(S.KEPT.label, "green")
    return Status(S(row.status).label, "red" if row.status == S.BROKEN else "grey")


class PromiseFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    until = DayTo("due_at", label=_("兑现期限到"))


class Promises(ListPage):
    model, permission, title, nav = Promise, permissions.read_promises, _("对客户的承诺"), "promises"
    columns = [
        Column("text", _("承诺内容"), link=True, wide=True, phone="title"),
        Column("customer", _("客户"), value=customer_of),
        Column("owner.shown_name", _("兑现责任人")),
        Column("made_by.shown_name", _("承诺人"), optional=True),
        Column("due_at", _("兑现期限"), kind="when"),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = PromiseFilter
    select_related = ["customer", "owner", "made_by"]
    links = [Link("care:promise-new", _("登记承诺"), icon="plus", permission=permissions.make_promises)]
    empty = Empty(_("没有承诺"), _("答应客户的事登记在这里，下一位联系客户的人会看到。"), "heart-handshake")


def source_link(row: Promise, _page: Any = None) -> Any:
    if not row.source_url:
        return row.source_title
    return format_html('<a href="{}">{}</a>', row.source_url, row.source_title or gettext("打开"))


class PromisePage(PaperPage):
    model, permission, nav, do_url = Promise, permissions.read_promises, "promises", "care:promise-do"
    select_related = ["customer", "owner", "made_by", "settled_by"]
    facts = [
        Column("customer", _("客户"), value=customer_link), Column("owner.shown_name", _("兑现责任人")), Column("due_at", _("兑现期限"), kind="when"),
        Column("made_by.shown_name", _("承诺人")), Column("made_at", _("承诺时间"), kind="when"), Column("source", _("来源"), value=source_link),
        Column("text", _("承诺内容"), wide=True), Column("settled_at", _("办结时间"), kind="when"), Column("settled_by.shown_name", _("办结人")),
        Column("result", _("结果"), wide=True),
    ]  # fmt: skip

    def number(self) -> str:
        return ""

    def crumbs(self) -> tuple[str, Any]:
        return "care:promises", _("对客户的承诺")

    def holder(self) -> Any:
        return self.object.owner.shown_name if self.object.status == S.OPEN else ""


class PromiseDo(TransitionPage):
    record_page, nav = PromisePage, "promises"
    forms = {
        "keep": forms.ResultForm,
        "break_it": forms.ResultForm,
        "release": forms.ResultForm,
        "hand_promise": forms.OwnerForm,
    }


class PromiseNew(CreatePage):
    permission, title, form_class, nav = permissions.make_promises, _("登记承诺"), forms.PromiseForm, "promises"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("customer", "")
        if (
            asked.isascii()
            and asked.isdigit()
            and len(asked) < 19
            and Customer.objects.visible_to(self.actor).filter(pk=asked).exists()
        ):
            return {"customer": asked}
        return {}

    def act(self, form: Any) -> Promise:
        return actions.promise(**form.params(), by=self.actor, at=self.at)


class RecheckFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=R.choices)
    kind = df.ChoiceFilter(label=_("抽查对象"), choices=Recheck.Kind.choices)


class Rechecks(ListPage):
    model, permission, title, nav = Recheck, permissions.read_rechecks, _("真实性回访"), "rechecks"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer", _("客户"), value=customer_of, phone="title"),
        Column("get_kind_display", _("抽查对象")),
        Column("subject_title", _("原记录"), kind="no"),
        Column("concerned.shown_name", _("记录人")),
        Column("outlet.shown_name", _("网点"), optional=True),
        Column("week_on", _("周"), value=week_shown),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = RecheckFilter
    is_searchable = False
    select_related = ["record", "customer", "concerned", "outlet"]
    links = [
        Link(
            "care:recheck-draw",
            _("抽取本周样本"),
            icon="dice",
            permission=permissions.draw_rechecks,
            why_not=refuse_draw,
        )
    ]
    empty = Empty(
        _("还没有抽查"),
        _("每周由系统从网点的访问、回访和档案登记中抽样，由部门经理或别的人回访客户核实。"),
        "user-search",
    )


def due_shown(row: Recheck, _page: Any = None) -> Any:
    """Until when the customer is asked; once it is done, the deadline is history."""
    return row.due_at if row.status == R.DRAWN else None


def original_part(page: Any, row: Recheck) -> tuple[str, dict[str, Any]]:
    """What the record says, to be asked about, and the way to the customer's number."""
    may_call = is_open(read_customers, by=page.actor, at=page.at)
    phone_url = reverse("customers:reveal", args=[row.customer_id, "phone"]) if may_call else ""
    return "care/parts/original.html", {"lines": original_lines(row), "phone_url": phone_url}


def subject_link(row: Recheck, _page: Any = None) -> Any:
    return (
        format_html('<a href="{}">{}</a>', row.subject_url, row.subject_title) if row.subject_url else row.subject_title
    )


class RecheckPage(PaperPage):
    model, permission, nav, do_url = Recheck, permissions.read_rechecks, "rechecks", "care:recheck-do"
    select_related = ["record", "customer", "concerned", "outlet", "checker", "decided_by"]
    facts = [
        Column("get_kind_display", _("抽查对象")), Column("subject", _("原记录"), value=subject_link), Column("customer", _("客户"), value=customer_link),
        Column("outlet.shown_name", _("网点")), Column("concerned.shown_name", _("记录人")), Column("drawn_at", _("抽取时间"), kind="when"),
        Column("due", _("核查期限"), kind="due", value=due_shown),
        Column("checker.shown_name", _("核查人")), Column("checked_at", _("核查时间"), kind="when"), Column("evidence", _("核查情况与依据"), wide=True),
        Column("service_opinion", _("对服务的意见"), wide=True), Column("management_opinion", _("对管理的意见"), wide=True),
        Column("objection", _("异议"), wide=True), Column("decision", _("复核意见"), wide=True), Column("decided_by.shown_name", _("复核人")),
    ]  # fmt: skip
    parts = [
        Part("original", _("原记录写了什么"), original_part, open=True),
        *records_parts("files", "comments", "trail"),
    ]

    def crumbs(self) -> tuple[str, Any]:
        return "care:rechecks", _("真实性回访")

    def page_title(self) -> Any:
        return gettext("核查%(kind)s") % {"kind": self.object.get_kind_display()}

    def next_step(self) -> Any:
        steps = {
            R.DRAWN: _("联系客户核实"),
            R.DOUBTFUL: _("记录人可以提出异议"),
            R.FALSE: _("记录人可以提出异议"),
            R.OBJECTED: _("行政部经理复核"),
        }
        return steps.get(R(self.object.status), "")


class RecheckDo(TransitionPage):
    record_page, nav = RecheckPage, "rechecks"
    forms = {
        "confirm_true": forms.TruthForm, "note_doubt": forms.TruthForm, "note_false": forms.TruthForm, "object_to": forms.ObjectionForm,
        "uphold": forms.DecisionForm, "lift": forms.DecisionForm,
    }  # fmt: skip


class RecheckDraw(CreatePage):
    """The program draws; nobody picks."""

    permission, title, form_class, nav = permissions.draw_rechecks, _("抽取本周样本"), Form, "rechecks"
    submit_label, success_url = _("抽取"), "/care/rechecks/"
    help = _("系统从近两周本部门网点的访问、回访和档案登记中抽样，谁也不能挑选。核查人要是记录人以外的人。")

    def act(self, form: Any) -> Any:
        return actions.draw_sample(by=self.actor, at=self.at)
