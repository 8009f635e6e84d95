"""Inputs that a plain browser lacks; each also works without scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


class Photos(forms.FileInput):
    """Several files and the phone's camera under one name; scripts add previews and collect several shots."""

    template_name = "ui/widgets/photos.html"
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, accept: str = "image/*,.pdf", camera: bool = True):
        super().__init__({"accept": accept, **(attrs or {})})
        self.camera = camera

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["camera"] = self.camera
        return context

    def value_from_datadict(self, data: Any, files: MultiValueDict[str, Any], name: str) -> list[Any]:
        # A FileInput's two siblings (files and camera) post under the same name.
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []


class Signature(forms.MultiWidget):
    """A drawn signature, or the signer's password where drawing is not possible."""

    template_name = "ui/widgets/signature.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, password: bool = True):
        self.password = password
        parts: dict[str, Any] = {"drawn": forms.HiddenInput({"data-sign": "data"})}
        if password:
            parts["password"] = forms.PasswordInput({"autocomplete": "current-password"})
        super().__init__(parts, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [value, None]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_password" if id_ and self.password else ""


class LookupInput(forms.Widget):
    """Typed search over many choices: type, see the list, pick one; without scripts the button does the search."""

    template_name = "ui/widgets/lookup.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, source: str, placeholder: Any = ""):
        super().__init__(attrs)
        self.source, self.placeholder = source, placeholder
        self.actor: Any = None
        self.at: Any = None
        self.typed = ""
        self.found: list[Any] | None = None
        # What the page has read already needs no second look.
        self.known: Any = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        from zhangfa.ui import registry

        context = super().get_context(name, value, attrs)
        lookup = registry.lookups.get(self.source)
        is_known = self.known is not None and self.known.value == str(value)
        chosen = self.known if is_known else None
        if not is_known and value not in (None, "") and lookup:
            chosen = lookup.get(self.actor, str(value), self.at)
        if self.typed and self.found is None and not chosen and lookup:
            # A form that comes back for mending still shows what was found for the words in the box.
            self.found = list(lookup.find(self.actor, self.typed, self.at))[:20]
        context["widget"].update(
            source=self.source, placeholder=self.placeholder, typed=self.typed, found=self.found, chosen=chosen
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.typed = str(data.get(f"{name}-q", ""))[:100]
        return data.get(name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-q" if id_ else ""
