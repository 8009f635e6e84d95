"""My copies: what was sent to me, and the receipt for it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.records import actions, permissions, queries
from zhangfa.records.models import Copy
from zhangfa.records.registry import forms
from zhangfa.ui.access import everyone
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, ListPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty
from zhangfa.ui.words import text


def _state(row: Copy, page: Any) -> Status:
    return Status(_("已签收"), "green") if row.received_at else Status(_("待签收"), "amber")


class MyCopies(ListPage):
    """The copies that were sent to me."""

    model, permission, title, nav = Copy, everyone, _("我的副本"), "copies"
    columns = [
        Column("record.number", _("编号"), link=True, phone="title"),
        Column("form", _("表单"), value=lambda row, page: text(forms.get(row.record.form_code).title)),
        Column("record.unit.shown_name", _("单位")),
        Column("state", _("状态"), kind="status", value=_state, phone="badge"),
        Column("sent_at", _("发送时间"), kind="when"),
        Column("received_at", _("签收时间"), kind="when"),
    ]
    select_related = ["record__unit"]
    is_searchable = False
    empty = Empty(_("没有副本"), _("抄送给您的表单会出现在这里，打开后可签收。"), "copy")

    def rows(self) -> Any:
        return queries.copies_for(self.actor)

    def row_url(self, row: Copy) -> str:
        return reverse("records:copy", kwargs={"pk": row.pk})


class CopyPage(FormPage):
    """One copy: the paper to read, and the receipt."""

    permission, nav, form_class, submit_label = everyone, "copies", Form, _("签收")
    template_name = "records/copy.html"

    def subject(self) -> Copy:
        if not hasattr(self, "_copy"):
            rows = Copy.objects.filter(person_id=self.actor.person_id).select_related("record__unit", "person")
            self._copy = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._copy

    def page_title(self) -> Any:
        record = self.subject().record
        return f"{text(forms.get(record.form_code).title)} {record.number or ''}".strip()

    def act(self, form: Any) -> Any:
        return actions.receive_copy(self.subject(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("已签收。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        copy = self.subject()
        form = forms.get(copy.record.form_code)
        can_read = not copy.is_extract and permissions.is_visible(self.actor, copy.record)
        opens = form.visible(self.actor, copy.record)
        return super().get_context_data(
            copy=copy, record=copy.record, paper=form, has_print=can_read and form.build is not None,
            paper_url=copy.record.url if opens else "", **kwargs,
        )  # fmt: skip
