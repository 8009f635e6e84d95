"""The printed paper, its preview, and comments on it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.audit.actions import look
from zhangfa.records import actions, permissions, prints, vault
from zhangfa.records.models import Record, Signature
from zhangfa.records.registry import forms
from zhangfa.records.web.common import OfRecord, pdf, signed_in, visible_record
from zhangfa.records.web.forms import CommentForm
from zhangfa.ui.access import everyone
from zhangfa.ui.pages import FormPage


@signed_in
def print_pdf(request: Any, actor: Any, at: dt.datetime, pk: UUID) -> HttpResponse:
    """The form as this person may read it, in their language; printing is a look."""
    record = visible_record(actor, pk)
    if not forms.get(record.form_code).has_print:
        raise Http404
    data = prints.print_of(record, actor=actor, at=at, language=get_language() or "zh-hans")
    look(person_id=actor.person_id, record_id=record.pk, kind="print", at=at)
    return pdf(data, _name(record))


@signed_in
def signed_pdf(request: Any, actor: Any, at: dt.datetime, pk: UUID) -> HttpResponse:
    """The form as it was kept at its last signature: for those who handled or signed it."""
    record = visible_record(actor, pk)
    signers = record.signatures.filter(state=Signature.State.SIGNED).values_list("signer_id", flat=True)
    if not actor.is_any_of({*signers, *permissions.handlers_of(record)}):
        raise Http404
    kept = record.prints.order_by("-version", "pk").first()
    if kept is None:
        raise Http404
    look(person_id=actor.person_id, record_id=record.pk, kind="signed", at=at)
    return pdf(vault.get(kept.sha256), _name(record))


@signed_in
def preview(request: Any, actor: Any, at: dt.datetime, pk: UUID, page: int) -> HttpResponse:
    """One page of the form as a picture, for reading before signing."""
    record = visible_record(actor, pk)
    has_print = forms.get(record.form_code).has_print
    pages = prints.render_png(prints.form_of(record, actor=actor, at=at), ppi=110) if has_print else []
    if not 1 <= page <= len(pages):
        raise Http404
    headers = {"Cache-Control": "private, no-store", "X-Pages": str(len(pages))}
    return HttpResponse(pages[page - 1], content_type="image/png", headers=headers)


def _name(record: Record) -> str:
    return record.number or str(record.pk)


class CommentPage(OfRecord, FormPage):
    """Leave a remark; the form stands in the paper's own page and here for browsers without scripts."""

    permission, title, form_class, submit_label = everyone, _("留言"), CommentForm, _("发表")

    def act(self, form: Any) -> Any:
        return actions.comment(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("留言已发表。")

    def done_url(self, outcome: Any) -> str:
        return self.back("comments")
