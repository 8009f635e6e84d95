"""How form controls become HTML: Django's templates, but for the one that a page holds by the dozen lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """A list of choices is written at once: two templates for each of fifty lines took a third of a page."""

    def render(self, template_name: str, context: Any, request: Any = None) -> SafeString:
        if template_name == SELECT:
            return select(context["widget"])
        return SafeString(super().render(template_name, context, request))


def select(widget: Mapping[str, Any]) -> SafeString:
    """The same as Django's own template says."""
    lines = "".join(_lines(widget["optgroups"]))
    return SafeString(
        f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>{lines}\n</select>'
    )


def _lines(groups: Any) -> Iterator[str]:
    for name, options, _index in groups:
        if name:
            yield f'\n  <optgroup label="{conditional_escape(localize(name))}">'
        for option in options:
            value, label = conditional_escape(str(option["value"])), conditional_escape(localize(option["label"]))
            yield f'\n  <option value="{value}"{_attributes(option["attrs"])}>{label}</option>'
        if name:
            yield "\n  </optgroup>"


def _attributes(attributes: Mapping[str, Any]) -> str:
    shown = ((name, value) for name, value in attributes.items() if value is not False)
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"' for name, value in shown
    )
