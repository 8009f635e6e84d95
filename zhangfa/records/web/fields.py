"""Form fields that do their slow work while the form is checked, before the action's transaction."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.records.actions import Prepared, prepare
from zhangfa.ui import forms, widgets, words
from zhangfa.ui.visitor import knows_password

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,application/pdf,video/mp4,video/quicktime,.heic,.pdf,.mp4,.mov"


class FilesField(forms.PhotosField):
    """Uploaded files, checked, copied and in the vault: `cleaned_data` holds `Prepared` for `actions.attach`."""

    def __init__(self, *, accept: str = ACCEPT, camera: bool = True, **kwargs: Any):
        kwargs.setdefault("widget", widgets.Photos({"multiple": True}, accept=accept, camera=camera))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Prepared]:
        ready, errors = [], []
        for file in super().clean(value):
            try:
                ready.append(prepare(file))
            except Refused as refused:
                errors += [ValidationError(words.say(r), code=r.code) for r in refused.refusals]
        if errors:
            raise ValidationError(errors)
        return ready


class SigningForm(forms.Form):
    """A form with a signature: `way()` gives what `actions.sign` needs. The page sets `request`."""

    request: Any = None
    signature = forms.SignatureField(label=_("签字"))

    def clean_signature(self) -> Any:
        signed = self.cleaned_data["signature"]
        if signed and signed.kind == "password" and not knows_password(self.request, signed.password):
            raise ValidationError(_("密码不对，没有签字。"), code="password")
        return signed

    def way(self) -> dict[str, Any]:
        """How the person signed; the password itself goes no further."""
        signed = self.cleaned_data["signature"]
        if signed.kind == "drawn":
            return {"method": "drawn", "drawing": signed.png}
        return {"method": "password", "is_verified": True}
