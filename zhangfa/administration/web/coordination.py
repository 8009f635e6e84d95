"""Requests between departments and notices of the company (AM-D4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions
from zhangfa.administration.coordination_permissions import (
    issue_bulletins,
    make_requests,
    read_bulletins,
    read_requests,
)
from zhangfa.administration.models import Bulletin, DeptRequest, Reader
from zhangfa.administration.registry import rolled_out, words_for
from zhangfa.administration.web.coordination_forms import BULLETIN_FORMS, REQUEST_FORMS, BulletinForm, RequestForm
from zhangfa.organisation.queries import company
from zhangfa.policy.wording import post_name
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import BoundFilterSet, LookupFilter
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S, BS = DeptRequest.Status, Bulletin.Status
REQUEST_STATUSES = {
    S.SENT.value: Status(S.SENT.label, "amber"), S.ACKNOWLEDGED.value: Status(S.ACKNOWLEDGED.label, "blue"),
    S.ANSWERED.value: Status(S.ANSWERED.label, "blue"), S.CLOSED.value: Status(S.CLOSED.label, "green"),
    S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}  # fmt: skip
BULLETIN_STATUSES = {
    BS.ISSUED.value: Status(BS.ISSUED.label, "blue"),
    BS.WITHDRAWN.value: Status(BS.WITHDRAWN.label, "grey"),
}
NEXT = {S.SENT: _("协作部门接收"), S.ACKNOWLEDGED: _("协作部门答复"), S.ANSWERED: _("发出部门确认了结，或再请办理")}
MOST = 200


class RequestFilter(BoundFilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    from_unit = LookupFilter("from_unit", source="units", label=_("发出部门"))
    to_unit = LookupFilter("to_unit", source="units", label=_("协作部门"))

    class Meta:
        model = DeptRequest
        fields: list[str] = []


class RequestList(ListPage):
    model, permission, title, nav = DeptRequest, read_requests, _("部门协作"), "dept-requests"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("title", _("请求"), link=True, phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"), Column("from_unit.shown_name", _("发出部门")),
        Column("to_unit.shown_name", _("协作部门")), Column("asked_at", _("发出时间"), kind="when", optional=True),
        Column("answer_due_at", _("答复期限"), kind="when"), Column("get_outcome_display", _("结论"), optional=True),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = RequestFilter
    select_related = ["record", "from_unit", "to_unit"]
    links = [Link("administration:request-new", _("请其他部门协作"), icon="plus", permission=make_requests)]
    empty = Empty(_("没有协作单"), _("要其他部门配合的事，点“请其他部门协作”，对方限时接收和答复。"), "send")


class RequestCreate(CreatePage):
    permission, title, form_class, nav = make_requests, _("请其他部门协作"), RequestForm, "dept-requests"
    back_url, submit_label = "/requests/", _("发出")

    def act(self, form: Any) -> DeptRequest:
        return actions.ask(**form.params(), by=self.actor, at=self.at)


class RequestRecord(RecordPage):
    model, permission, nav, do_url = DeptRequest, read_requests, "dept-requests", "administration:request-do"
    template_name = "administration/request.html"
    select_related = [
        "record__unit",
        "from_unit",
        "to_unit",
        "asked_by",
        "acknowledged_by",
        "answered_by",
        "seat__post",
        "seat__unit",
    ]
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("details", _("具体内容"), wide=True), Column("from_unit.shown_name", _("发出部门")), Column("to_unit.shown_name", _("协作部门")),
        Column("asked_by.shown_name", _("发出人")), Column("asked_at", _("发出时间"), kind="when"), Column("ack_due_at", _("接收期限"), kind="when"),
        Column("acknowledged_at", _("接收时间"), kind="when"), Column("acknowledged_by.shown_name", _("接收人")),
        Column("answer_due_at", _("答复期限"), kind="when"), Column("answered_at", _("答复时间"), kind="when"),
        Column("answered_by.shown_name", _("答复人")), Column("get_outcome_display", _("结论")), Column("answer", _("答复"), wide=True),
        Column("opinion", _("意见"), wide=True), Column("closed_at", _("了结时间"), kind="when"),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        if self.object.status in (S.SENT, S.ACKNOWLEDGED):
            return self.object.to_unit.shown_name
        return self.object.from_unit.shown_name if self.object.status == S.ANSWERED else ""


class RequestDo(TransitionPage):
    record_page, forms, nav = RequestRecord, REQUEST_FORMS, "dept-requests"


class BulletinList(ListPage):
    model, permission, title, nav = Bulletin, read_bulletins, _("公司通知"), "bulletins"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("title", _("标题"), link=True, phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"), Column("unit.shown_name", _("发给哪个单位")),
        Column("read_by_at", _("最晚阅读时间"), kind="when"), Column("issued_by.shown_name", _("发出人")), Column("issued_at", _("发出时间"), kind="when"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    select_related = ["record", "unit", "issued_by"]
    links = [Link("administration:bulletin-new", _("发通知"), icon="speakerphone", permission=issue_bulletins)]
    empty = Empty(_("没有通知"), _("发给您的公司通知会列在这里，请在最晚阅读时间前确认。"), "speakerphone")


class BulletinCreate(CreatePage):
    permission, title, form_class, nav = issue_bulletins, _("发通知"), BulletinForm, "bulletins"
    back_url, submit_label = "/bulletins/", _("发出")

    def get_initial(self) -> dict[str, Any]:
        """A paper that is to be rolled out brings its words along."""
        try:
            record = rolled_out(UUID(self.request.GET.get("about", "")), self.actor)
        except ValueError:
            record = None
        if record is None:
            return {}
        title, text = words_for(record)
        house = company()
        return {"about": record.pk, "title": title, "text": text, "unit": house.pk if house else None}

    def act(self, form: Any) -> Bulletin:
        return actions.issue(**form.params(), by=self.actor, at=self.at)


class BulletinRecord(RecordPage):
    model, permission, nav, do_url = Bulletin, read_bulletins, "bulletins", "administration:bulletin-do"
    template_name = "administration/bulletin.html"
    select_related = ["record__unit", "unit", "issued_by", "about"]
    parts = records_parts("files", "trail")
    facts = [
        Column("text", _("内容"), wide=True), Column("about.number", _("推行什么")), Column("unit.shown_name", _("发给哪个单位")),
        Column("posts", _("哪些岗位"), value=lambda row, page: join(str(post_name(code)) for code in row.posts) or _("全部岗位")),
        Column("read_by_at", _("最晚阅读时间"), kind="when"), Column("issued_by.shown_name", _("发出人")),
        Column("issued_at", _("发出时间"), kind="when"), Column("opinion", _("撤回原因"), wide=True),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        readers = Reader.objects.filter(bulletin=self.object)
        unread = readers.filter(read_at=None).select_related("person", "unit").order_by("person__no")
        may_see = self.actor.is_any_of([self.object.issued_by_id]) or self.actor.holds("am", "hr", "gm", "dgm")
        return super().get_context_data(
            total=readers.count(),
            done=readers.exclude(read_at=None).count(),
            unread=list(unread[:MOST]) if may_see else [],
            may_see=may_see,
            **kwargs,
        )


class BulletinDo(TransitionPage):
    record_page, forms, nav = BulletinRecord, BULLETIN_FORMS, "bulletins"
