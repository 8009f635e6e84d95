"""Attachments in the browser: adding, looking at copies, opening originals with a reason, taking off."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.records import actions, permissions, vault
from zhangfa.records.files import SUFFIXES
from zhangfa.records.models import Attachment
from zhangfa.records.web.common import FILE_HEADERS, OfRecord, signed_in, visible_record
from zhangfa.records.web.forms import ReasonForm, UploadForm
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage


def _attachment(actor: Any, pk: UUID) -> Attachment:
    row = get_object_or_404(Attachment.objects.filter(forgotten_at=None).select_related("record"), pk=pk)
    visible_record(actor, row.record_id)
    return row


def _copy(request: Any, actor: Any, pk: UUID, field: str) -> HttpResponse:
    row = _attachment(actor, pk)
    sha = getattr(row, field)
    if not sha:
        raise Http404
    # The name of the content is its tag: a phone fetches each picture once, but asks again.
    headers = {**FILE_HEADERS, "Cache-Control": "private, no-cache", "ETag": f'"{sha}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    headers["Content-Disposition"] = "inline"
    return HttpResponse(vault.get(sha), content_type="image/jpeg", headers=headers)


@signed_in
def view(request: Any, actor: Any, at: dt.datetime, pk: UUID) -> HttpResponse:
    return _copy(request, actor, pk, "view_sha256")


@signed_in
def thumb(request: Any, actor: Any, at: dt.datetime, pk: UUID) -> HttpResponse:
    return _copy(request, actor, pk, "thumb_sha256")


class Upload(OfRecord, FormPage):
    """Add photos or files to a paper."""

    permission, title, form_class, submit_label = permissions.add_files, _("添加照片或文件"), UploadForm, _("上传")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.back("files")

    def act(self, form: Any) -> Any:
        data = form.cleaned_data
        facts = {"kind": data["kind"], "place": data["place"] or ""}
        actions.attach_many(self.subject(), data["files"], **facts, by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("附件已保存。")

    def done_url(self, outcome: Any) -> str:
        return self.back("files")


class OfFile(OfRecord):
    """Mixed into a page of one attachment; its paper decides who sees it."""

    _file: Attachment

    def file(self) -> Attachment:
        if not hasattr(self, "_file"):
            self._file = _attachment(self.actor, self.kwargs["pk"])
        return self._file

    def subject(self) -> Any:
        return self.file().record

    def check(self, obj: Any) -> None:
        super().check(self.file())  # type: ignore[misc]


class Original(OfFile, FormPage):
    """Open an original: say why, the look is logged, then the file comes as a download."""

    permission, title, form_class = permissions.open_original, _("查看原件"), ReasonForm
    template_name, submit_label = "records/original.html", _("下载原件")
    help = _("原件可能含有拍摄地点等信息。打开原件会以您的名义记录在案。")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        row = self.file()
        try:
            data = actions.reveal(row, by=self.actor, at=self.at, reason=form.cleaned_data["reason"])
        except Refused as refused:
            Form.refuse(form, refused.refusals)
            return self.show(form, status=422)
        name = _download_name(row)
        headers = {
            **FILE_HEADERS, "Cache-Control": "private, no-store",
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
        }  # fmt: skip
        return HttpResponse(data, content_type=row.content_type, headers=headers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(file=self.file(), back=self.back("files"), **kwargs)


def _download_name(row: Attachment) -> str:
    """The name with the ending of what the file really is."""
    suffix = SUFFIXES.get(row.content_type, "")
    stem = row.name.rpartition(".")[0] or row.name or "file"
    return row.name if row.name.lower().endswith(suffix) and suffix else stem + suffix


class Remove(OfFile, FormPage):
    """Take a file off a paper that is still being written."""

    permission, title, form_class = permissions.remove_file, _("删除附件"), ReasonForm
    submit_label, is_dangerous = _("删除"), True
    help = _("附件从单据上移除，但仍留档备查。")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.back("files")

    def act(self, form: Any) -> Any:
        actions.remove(self.file(), by=self.actor, at=self.at, reason=form.cleaned_data["reason"])

    def done_message(self, outcome: Any) -> str:
        return gettext("附件已删除。")

    def done_url(self, outcome: Any) -> str:
        return self.back("files")
