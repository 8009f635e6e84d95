"""Lists as files that the worker writes: asked for, waited for, taken by their maker alone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms as base
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.audit.actions import look
from zhangfa.records import actions, asking, whole
from zhangfa.records.models import ListFile
from zhangfa.records.web.common import signed_in
from zhangfa.ui import exports
from zhangfa.ui.access import everyone
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, ListPage, Page
from zhangfa.ui.tables import Column, Empty

TYPES = {"xlsx": exports.XLSX, "csv": "text/csv; charset=utf-8"}


class ListForm(Form):
    kind = base.ChoiceField(label=_("格式"), choices=ListFile.Format.choices, initial="xlsx")


class NewList(FormPage):
    """Ask for the whole list behind an address: its filters, columns and order as they are there."""

    permission, title, form_class, nav = everyone, _("导出整个列表"), ListForm, "list-files"
    submit_label, template_name = _("开始生成"), "records/list_new.html"
    help = _("列表较长，在后台生成，可以离开页面；完成后会通知您。文件只有您能下载，三天后删除，导出会留下记录。")

    @property
    def address(self) -> str:
        return self.request.GET.get("from", "")[:2000]

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.address

    @cached_property
    def list_page(self) -> Any:
        found = exports.reopened(self.address, self.request.user, self.actor, self.at)
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.list_page
        return super().get_context_data(list_title=page.page_title(), in_words=exports.in_words(page), **kwargs)

    def act(self, form: Any) -> ListFile:
        return actions.ask_list(
            self.list_page, kind=form.cleaned_data["kind"], language=get_language() or "zh-hans", enqueue=asking.write_list, by=self.actor, at=self.at
        )  # fmt: skip

    def done_message(self, outcome: Any) -> str:
        return ""


class Lists(ListPage):
    """Everybody's own files."""

    model, permission, title, nav = ListFile, everyone, _("我导出的列表"), "list-files"
    is_searchable = is_exportable = False
    columns = [
        Column("asked_at", _("时间"), kind="when"),
        Column("title", _("列表"), link=True, phone="title"),
        Column("filters", _("筛选"), wide=True),
        Column("format", _("格式")),
        Column("rows", _("行数"), kind="number"),
        Column("state", _("状态"), kind="status", phone="badge"),
        Column("expires_at", _("保留到"), kind="when"),
    ]
    sorts = {"new": ("", "-asked_at", "-id")}
    empty = Empty(_("没有导出过长列表"), _("列表超过两万行时，在后台生成文件，放在这里。"), "table-export")

    def rows(self) -> Any:
        return ListFile.objects.filter(user_id=self.actor.user_id)


def own(user_id: int | None, pk: UUID) -> ListFile:
    found: ListFile = get_object_or_404(ListFile, pk=pk, user_id=user_id)
    return found


class ListFilePage(Page):
    """How far a file is; then the way to take it."""

    permission, nav = everyone, "list-files"

    @cached_property
    def file(self) -> ListFile:
        return own(self.actor.user_id, self.kwargs["pk"])

    def page_title(self) -> Any:
        return self.file.title

    @property
    def is_progress(self) -> bool:
        return self.is_fragment and self.request.headers.get("HX-Target") == "progress"

    def get_template_names(self) -> Any:
        return ["records/parts/list_progress.html" if self.is_progress else "records/list_file.html"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_progress and not self.file.is_working:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(file=self.file, back=reverse("records:lists"), **kwargs)


@signed_in
def take_list(request: Any, actor: Any, at: dt.datetime, pk: UUID) -> Any:
    """The file itself."""
    found = delivered(own(actor.user_id, pk), actor, at)
    if found is None:
        raise Http404
    return found


def delivered(file: ListFile, actor: Any, at: dt.datetime) -> StreamingHttpResponse | None:
    """The file block by block, each taking noted; None while it is not there, or any more."""
    is_over = file.expires_at is not None and file.expires_at <= at
    if file.state != ListFile.State.DONE or is_over or not whole.path_of(file.pk).exists():
        return None
    if actor.person_id is not None:
        look(person_id=actor.person_id, record_id=file.pk, kind="list", at=at)
    headers = {
        "Content-Disposition": content_disposition_header(True, file.name), "Content-Length": str(file.size),
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    }  # fmt: skip
    return StreamingHttpResponse(whole.opened(file.pk), content_type=TYPES[file.format], headers=headers)
