"""Forms around papers: files, comments, signatures, refusals, reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.records.models import Attachment, Signature
from zhangfa.records.web.fields import FilesField, SigningForm
from zhangfa.ui import forms as ui


class UploadForm(ui.Form):
    files = FilesField(  # type: ignore[assignment]
        label=_("照片或文件"), minimum=1, help_text=_("照片、pdf 或 mp4，每个不超过 20 MB。")
    )
    kind = forms.ChoiceField(label=_("类别"), choices=Attachment.Kind.choices, initial=Attachment.Kind.SCENE)
    place = ui.TextField(label=_("位置"), max_length=120, required=False)


class CommentForm(ui.Form):
    text = ui.TextField(label=_("留言"), max_length=1000, multiline=True)


class ReasonForm(ui.Form):
    reason = ui.TextField(label=_("理由"), max_length=200)


class RefusalForm(ui.Form):
    reason = ui.TextField(
        label=_("拒签理由"), max_length=400, multiline=True, help_text=_("写明对方为什么不签，至少5个字。")
    )


class SignForm(SigningForm):
    """One role: agree or not, an opinion, and the signature."""

    result = forms.ChoiceField(
        label=_("结果"), choices=Signature.Result.choices, widget=forms.RadioSelect, initial=Signature.Result.AGREE
    )
    opinion = ui.TextField(
        label=_("意见"), max_length=400, required=False, multiline=True, help_text=_("不同意时必填，至少5个字。")
    )
    seen = ui.TextField(max_length=64, required=False, widget=forms.HiddenInput)
    field_order = ["result", "opinion", "signature", "seen"]

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"result": data["result"], "opinion": data["opinion"] or "", "seen": data["seen"] or "", **self.way()}


class BatchForm(SigningForm):
    """Several papers, each chosen by itself, and one signature for all that were chosen."""

    papers = forms.MultipleChoiceField(
        label=_("要签的单据"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选一张单据。")}
    )
    field_order = ["papers", "signature"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["papers"].choices = [(str(line["key"]), line["label"]) for line in self.target or []]  # type: ignore[attr-defined]
