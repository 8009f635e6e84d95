"""Company files, contacts outside, and the statutory calendar (AM-D1, AM-D6)."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions
from zhangfa.administration.actions.files import SOURCE, window_of
from zhangfa.administration.coordination_permissions import keep_files, read_calendar, read_contacts, read_files
from zhangfa.administration.models import CompanyFile, Filing, OutsideContact, StatutoryDate
from zhangfa.administration.models.files import KEEPERS, Use
from zhangfa.administration.web.coordination_forms import (
    CONTACT_FORMS,
    FILE_FORMS,
    STATUTORY_FORMS,
    ContactForm,
    FileForm,
    FilingForm,
    StatutoryForm,
)
from zhangfa.core import clock
from zhangfa.organisation.web.common import OnePage
from zhangfa.records.web.parts import records_parts
from zhangfa.tasks.queries import of_source
from zhangfa.ui.filters import BoundFilterSet, LookupFilter
from zhangfa.ui.pages import CreatePage, KnownFacts, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = CompanyFile.Status
FILE_STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"), S.CLOSED.value: Status(S.CLOSED.label, "green"), S.KEPT.value: Status(S.KEPT.label, "grey"),
}  # fmt: skip

USE_STATUSES = {Use.ACTIVE.value: Status(Use.ACTIVE.label, "green"), Use.CLOSED.value: Status(Use.CLOSED.label, "grey")}


class FileFilter(BoundFilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=CompanyFile.Kind.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)
    owner = LookupFilter("owner", source="staff", label=_("负责人"))

    class Meta:
        model = CompanyFile
        fields: list[str] = []


class FileList(ListPage):
    model, permission, title, nav = CompanyFile, read_files, _("公司文件"), "files"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("title", _("名称"), link=True, phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"), Column("get_kind_display", _("类别")), Column("owner.shown_name", _("负责人")),
        Column("due_at", _("办结期限"), kind="when"), Column("source", _("来源或文号"), optional=True), Column("closed_at", _("办结时间"), kind="when", optional=True),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = FileFilter
    select_related = ["record", "owner"]
    links = [
        Link("administration:file-new", _("登记文件"), icon="plus", permission=keep_files),
        Link(
            "administration:calendar",
            _("法定事项日历"),
            icon="calendar-event",
            permission=read_calendar,
            is_primary=False,
        ),
        Link(
            "administration:contacts", _("对外联系人"), icon="address-book", permission=read_contacts, is_primary=False
        ),
    ]
    empty = Empty(_("没有文件"), _("制度、决定、文件、公司优势和形象问题登记在这里，要办的一直督办到办结。"), "folder")


class FileCreate(CreatePage):
    permission, title, form_class, nav = keep_files, _("登记文件"), FileForm, "files"
    back_url = "/files/"

    def act(self, form: Any) -> CompanyFile:
        return actions.keep_file(**form.params(), by=self.actor, at=self.at)


class FileRecord(RecordPage):
    model, permission, nav, do_url = CompanyFile, read_files, "files", "administration:file-do"
    template_name = "administration/file.html"
    select_related = ["record__unit", "owner", "filed_by"]
    parts = records_parts("files", "comments", "trail")
    facts = [
        Column("text", _("内容"), wide=True), Column("get_kind_display", _("类别")), Column("source", _("来源或文号")),
        Column("owner.shown_name", _("负责人")), Column("due_at", _("办结期限"), kind="when"), Column("filed_by.shown_name", _("登记人")),
        Column("filed_at", _("登记时间"), kind="when"), Column("result", _("办理结果"), wide=True), Column("closed_at", _("办结时间"), kind="when"),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        return _("督办到办结，写明结果") if self.object.status == S.OPEN else ""

    def holder(self) -> Any:
        return self.object.owner.shown_name if self.object.status == S.OPEN else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(tasks=list(of_source(SOURCE, self.object.pk)), **kwargs)


class FileDo(TransitionPage):
    record_page, forms, nav = FileRecord, FILE_FORMS, "files"

    def get_initial(self) -> dict[str, Any]:
        row = self.subject()
        return {"title": row.title, "details": row.text} if self.kwargs["name"] == "follow_up" else {}


class ContactFilter(BoundFilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=OutsideContact.Kind.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=Use.choices)

    class Meta:
        model = OutsideContact
        fields: list[str] = []


class ContactList(ListPage):
    model, permission, title, nav = OutsideContact, read_contacts, _("对外联系人"), "files"
    columns = [
        Column("organisation", _("单位"), link=True, phone="title"), Column("get_kind_display", _("类别")), Column("name", _("姓名")),
        Column("title", _("职务")), Column("masked_phone", _("电话")), Column("matters", _("办理什么"), wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = ContactFilter
    links = [Link("administration:contact-new", _("登记联系人"), icon="plus", permission=keep_files)]
    empty = Empty(_("没有联系人"), _("主管机关和合作单位的经办人登记在这里。"), "address-book")


class ContactCreate(CreatePage):
    permission, title, form_class, nav = keep_files, _("登记联系人"), ContactForm, "files"
    back_url = success_url = "/contacts/"

    def act(self, form: Any) -> None:
        actions.note_contact(**form.params(), by=self.actor, at=self.at)


class ContactRecord(KnownFacts):
    model, permission, nav, do_url = OutsideContact, read_contacts, "files", "administration:contact-do"
    template_name = "administration/contact.html"
    parts = records_parts("trail")
    facts = [
        Column("organisation", _("单位")), Column("get_kind_display", _("类别")), Column("name", _("姓名")), Column("title", _("职务")),
        Column("phone", _("电话"), value=lambda row, page: row.phone if page.actor.holds(*KEEPERS) else row.masked_phone),
        Column("matters", _("办理什么"), wide=True), Column("noted_at", _("登记时间"), kind="when"), Column("why_closed", _("停用原因"), wide=True),
    ]  # fmt: skip

    def page_title(self) -> Any:
        return str(self.object)


class ContactDo(TransitionPage):
    record_page, forms, nav = ContactRecord, CONTACT_FORMS, "files"

    def get_initial(self) -> dict[str, Any]:
        return _as_it_stands(self, "change_contact", ContactForm)


def _as_it_stands(page: Any, step: str, form: Any) -> dict[str, Any]:
    row = page.subject()
    return {name: getattr(row, name) for name in form.base_fields} if page.kwargs["name"] == step else {}


def _window(row: StatutoryDate, page: Any) -> str:
    opens, last = window_of(row, page.year)
    return f"{opens} – {last}"


def _state(row: StatutoryDate, page: Any) -> Status:
    """How the matter stands this year."""
    if not row.is_active:
        return Status(_("已停用"), "grey")
    filing = page.filed.get(row.pk)
    if filing is not None:
        return Status(_("逾期办理"), "amber") if filing.is_late else Status(_("已办理"), "green")
    opens, last = window_of(row, page.year)
    today = clock.local_date(page.at)
    if today > last:
        return Status(_("逾期未办"), "red")
    if (last - today).days <= row.remind_days:
        return Status(_("临近截止"), "amber")
    return Status(_("办理期内"), "blue") if today >= opens else Status(_("未到办理期"), "grey")


class StatutoryFilter(BoundFilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=Use.choices)

    class Meta:
        model = StatutoryDate
        fields: list[str] = []


class Calendar(ListPage):
    """法定事项日历: every matter of the year with its days and how it stands."""

    model, permission, title, nav = StatutoryDate, read_calendar, _("法定事项日历"), "files"
    columns = [
        Column("name", _("事项"), link=True, phone="title"), Column("state", _("本年情况"), kind="status", value=_state, phone="badge"),
        Column("window", _("办理期间"), value=_window), Column("authority", _("主管机关")), Column("alias", _("旧称")),
        Column("basis", _("依据"), optional=True), Column("remind_days", _("提前多少天提醒"), kind="number", optional=True),
    ]  # fmt: skip
    sorts = {"day": (_("截止日"), "to_month", "to_day", "id")}
    links = [
        Link("administration:statutory-new", _("增加法定事项"), icon="plus", permission=keep_files),
        Link("administration:calendar-print", _("打印"), icon="printer", permission=read_calendar, is_primary=False),
    ]
    filterset_class = StatutoryFilter
    empty = Empty(_("没有法定事项"), "", "calendar-event")

    @property
    def year(self) -> int:
        return clock.local_date(self.at).year

    @property
    def filed(self) -> dict[int, Filing]:
        if not hasattr(self, "_filed"):
            self._filed = {row.matter_id: row for row in Filing.objects.filter(year=self.year)}
        return self._filed

    def rows(self) -> Any:
        rows = StatutoryDate.objects.visible_to(self.actor)
        return rows if self.request.GET.get("status") else rows.filter(status=Use.ACTIVE)


class StatutoryCreate(CreatePage):
    permission, title, form_class, nav = keep_files, _("增加法定事项"), StatutoryForm, "files"
    back_url = "/statutory/"

    def act(self, form: Any) -> StatutoryDate:
        return actions.add_statutory(**form.params(), by=self.actor, at=self.at)


class StatutoryRecord(KnownFacts):
    model, permission, nav, do_url = StatutoryDate, read_calendar, "files", "administration:statutory-do"
    template_name = "administration/statutory.html"
    parts = records_parts("trail")
    facts = [
        Column("alias", _("旧称")), Column("authority", _("主管机关")), Column("basis", _("依据")), Column("window", _("办理期间"), value=_window),
        Column("remind_days", _("提前多少天提醒")), Column("why_closed", _("停用原因"), wide=True),
    ]  # fmt: skip
    year = Calendar.year

    @property
    def may_file(self) -> bool:
        return self.object.is_active and not any(True for _refusal in keep_files(by=self.actor, at=self.at))

    def status_context(self) -> dict[str, Any]:
        # What is wanted here is that it is filed, not that its entry is changed.
        return super().status_context() | {"is_quiet_head": self.may_file}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Filing.objects.visible_to(self.actor).filter(matter=self.object).select_related("record", "entered_by")
        return super().get_context_data(filings=list(rows.order_by("-year")[:20]), may_file=self.may_file, **kwargs)


class StatutoryDo(TransitionPage):
    record_page, forms, nav = StatutoryRecord, STATUTORY_FORMS, "files"

    def get_initial(self) -> dict[str, Any]:
        return _as_it_stands(self, "change_statutory", StatutoryForm)


class FilingCreate(OnePage):
    """Enter that it was filed."""

    model, permission, title, form_class, nav = StatutoryDate, keep_files, _("登记办理记录"), FilingForm, "files"

    def act(self, form: Any) -> Filing:
        return actions.file_matter(self.subject(), **form.params(), by=self.actor, at=self.at)
