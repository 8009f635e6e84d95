"""Pages of the customers' rights: requests and their answers, holds, and who exported what."""

from __future__ import annotations

from functools import cache
from typing import Any

import django_filters as df
from django import forms as base
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import get_resolver
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, privacy
from zhangfa.customers.models import Customer, PersonalRequest
from zhangfa.customers.permissions import answer_requests, edit_customers, read_exports, read_requests
from zhangfa.customers.wording import grounds_words
from zhangfa.organisation.web.common import OnePage
from zhangfa.records.models import Export
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.exports import XLSX
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.forms import Form, TextField
from zhangfa.ui.pages import ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty

S = PersonalRequest.Status
STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"),
    S.DONE.value: Status(S.DONE.label, "green"),
    S.RESTRICTED.value: Status(S.RESTRICTED.label, "blue"),
    S.DECLINED.value: Status(S.DECLINED.label, "grey"),
}


class RequestForm(Form):
    kind = base.ChoiceField(label=_("请求"), choices=PersonalRequest.Kind.choices)
    identity = TextField(
        label=_("身份核对"), max_length=200, help_text=_("例如本人到店出示身份证，或用登记的手机回拨核对。")
    )
    wish = TextField(label=_("客户的要求"), max_length=500, multiline=True, required=False)


class OutcomeForm(Form):
    outcome = TextField(label=_("答复"), max_length=500, multiline=True)


class HoldForm(Form):
    reason = TextField(label=_("保留原因"), max_length=200)


class RequestFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)


class Requests(ListPage):
    model, permission, title, nav = PersonalRequest, read_requests, _("个人信息请求"), "requests"
    is_searchable = is_exportable = False
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("customer.name", _("客户"), phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("get_kind_display", _("请求")),
        Column("taken_at", _("受理时间"), kind="when"),
        Column("due_at", _("答复期限"), kind="when"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = RequestFilter
    select_related = ["record", "customer"]
    empty = Empty(
        _("没有个人信息请求"), _("客户要查阅、更正或删除自己的信息时，在客户页面点“受理信息请求”。"), "shield-lock"
    )


class RequestCreate(OnePage):
    """What the customer asks for."""

    model, permission, title, form_class, nav = Customer, edit_customers, _("受理信息请求"), RequestForm, "requests"

    def act(self, form: Any) -> PersonalRequest:
        return actions.take_request(self.object, **form.params(), by=self.actor, at=self.at)


class RequestPage(RecordPage):
    model, permission, nav, do_url = PersonalRequest, read_requests, "requests", "customers:request-do"
    template_name = "customers/request.html"
    select_related = ["record__unit", "customer", "taken_by", "answered_by"]
    parts = records_parts("comments", "trail")
    facts = [
        Column("customer.no", _("客户编号")), Column("get_kind_display", _("请求")), Column("due_at", _("答复期限"), kind="when"),
        Column("identity", _("身份核对"), wide=True), Column("wish", _("客户的要求"), wide=True), Column("taken_by.shown_name", _("受理人")),
        Column("copied_at", _("副本导出时间"), kind="when"), Column("answered_by.shown_name", _("答复人")), Column("answered_at", _("答复时间"), kind="when"),
        Column("is_late", _("超期答复"), kind="bool"), Column("outcome", _("答复"), wide=True),
        Column("grounds", _("保留什么、为什么"), wide=True, value=lambda row, page: grounds_words(row)),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("%(customer)s：%(kind)s") % {
            "customer": self.object.customer.name,
            "kind": self.object.get_kind_display(),
        }

    def next_step(self) -> Any:
        return _("客服中心经理答复") if self.object.status == S.OPEN else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_access = self.object.kind == PersonalRequest.Kind.ACCESS and self.object.status == S.OPEN
        may_copy = is_access and not any(answer_requests(self.object, by=self.actor, at=self.at))
        is_deletion = self.object.kind == PersonalRequest.Kind.DELETION and self.object.status == S.OPEN
        found = privacy.planned(privacy.family(self.object.customer), self.at) if is_deletion else []
        planned = [(one, gettext(one.text) % one.params) for one in found]
        return super().get_context_data(may_copy=may_copy, planned=planned, **kwargs)


class RequestDo(TransitionPage):
    record_page, nav = RequestPage, "requests"
    forms = {"fulfil": OutcomeForm, "decline_request": OutcomeForm}


class RequestCopy(OnePage):
    """The copy for the customer: asked for by a button, for it is logged."""

    model, permission, title, form_class, nav = PersonalRequest, answer_requests, _("导出副本"), Form, "requests"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = get_object_or_404(PersonalRequest.objects.visible_to(self.actor), pk=self.kwargs["pk"])
        try:
            data = actions.copy_out(row, by=self.actor, at=self.at)
        except Refused as refused:
            form = self.get_form()
            form.is_valid()
            form.refuse(refused.refusals)
            return self.show(form, status=422)
        name = content_disposition_header(True, f"{row.customer.no}.xlsx")
        return HttpResponse(data, XLSX, headers={"Content-Disposition": name, "Cache-Control": "private, no-store"})


class CustomerHold(OnePage):
    """A dispute: nothing of this file goes."""

    model, permission, title, form_class, nav = Customer, answer_requests, _("设保留"), HoldForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.hold(self.object, **form.params(), by=self.actor, at=self.at)


class CustomerRelease(OnePage):
    model, permission, title, form_class, nav = Customer, answer_requests, _("解除保留"), Form, "customers"

    def act(self, form: Any) -> Customer:
        return actions.release(self.object, by=self.actor, at=self.at)


class RestoreForm(Form):
    reason = TextField(
        label=_("客户的要求"), max_length=200, help_text=_("例如客户来电要求重新上门。营销和关怀的同意要另行征求。")
    )


class CustomerRestore(OnePage):
    """Only kept until now; the customer wants to be served again."""

    model, permission, title, form_class, nav = Customer, answer_requests, _("恢复使用"), RestoreForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.restore(self.object, **form.params(), by=self.actor, at=self.at)


SUBJECTS = {
    "reports.mix": _("产品使用比例"), "reports.data": _("客户数据分析"), "reports.marks": _("满意度"), "reports.calls": _("话务周报"),
    "reports.outlets": _("网点质量周报"), "reports.listed": _("优秀客户汇总"), "claims.totals": _("理赔总额表"), "claims.effect": _("事故制度效果"),
    "claims.bundle": _("改正意见"), "care.accounts": _("大客户月报"), "people.hours": _("培训学时台账"), "imports.row": _("导入的错误表"),
}  # fmt: skip


@cache
def list_titles() -> dict[str, Any]:
    """What the lists of each model are called; all pages are known once the addresses are."""
    get_resolver().url_patterns  # noqa: B018 loads every page
    found: dict[str, Any] = {}
    waiting = list(ListPage.__subclasses__())
    while waiting:
        page = waiting.pop()
        waiting += page.__subclasses__()
        if getattr(page, "title", "") and getattr(page, "model", None) and page.is_exportable:
            found.setdefault(page.model._meta.label_lower, page.title)
    return found


def subject_words(subject: str) -> Any:
    """What an export held, in the reader's language; a code that nobody declares stays a code."""
    return SUBJECTS.get(subject) or list_titles().get(subject) or subject


class ExportFilter(FilterSet):
    since = DayFrom("at")
    until = DayTo("at")


class Exports(ListPage):
    """Every list that left the house."""

    model, permission, title, nav = Export, read_exports, _("导出记录"), "exports"
    is_searchable = is_exportable = False
    columns = [
        Column("at", _("时间"), kind="when"),
        Column("person.shown_name", _("谁"), phone="title"),
        Column("subject", _("导出了什么"), value=lambda row, page: subject_words(row.subject)),
        Column("filters", _("筛选"), wide=True),
        Column("rows", _("行数"), kind="number"),
        Column("is_masked", _("个人信息已遮盖"), kind="bool", phone="badge"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = ExportFilter
    select_related = ["person"]
    empty = Empty(_("没有导出过"), _("谁在什么时候导出了哪些列表，会出现在这里。"), "file-export")

    def rows(self) -> Any:
        return Export.objects.all()
