"""Tags and filters of the shell's templates."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhangfa.ui import display, words

register = template.Library()

register.filter("money", display.money)
register.filter("pct", display.pct)
register.filter("when", display.when)
register.filter("due", display.due)
register.filter("mask", display.mask)
register.filter("say", words.say)
register.filter("who_could", words.who_could)
register.filter("words", words.text)
register.simple_tag(display.icon, name="icon")
register.simple_tag(display.status, name="status")
register.simple_tag(display.badge, name="badge")


@register.filter
def shown(value: Any, kind: str) -> Any:
    from zhangfa.core import clock

    return display.shown(value, kind, clock.now())


@register.simple_tag(takes_context=True)
def menu(context: template.Context, name: str) -> SafeString:
    return context["shell"].menu(name, str(context.get("nav", "")))


@register.simple_tag
def clause(code: str) -> SafeString:
    """A clause by its ID, as a link to its text where the handbook is there."""
    if not code:
        return SafeString("")
    if url := words.clause_url(code):
        return format_html('<a class="clause" href="{}" title="{}">{}</a>', url, _("查看条款"), code)
    return format_html('<span class="clause">{}</span>', code)


INPUT = "form-control"
CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.SelectMultiple, "form-select"),
    (forms.HiddenInput, ""),
    (forms.MultiWidget, ""),
]


def _dress(widget: forms.Widget) -> None:
    name = next((name for kind, name in CLASSES if isinstance(widget, kind)), INPUT)
    classes = widget.attrs.get("class", "").split()
    if name and name not in classes:
        widget.attrs["class"] = " ".join([*classes, name])


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return (
        "fieldset" if getattr(widget, "use_fieldset", False) and not isinstance(widget, forms.MultiWidget) else "plain"
    )


def _is_needed(bound: forms.BoundField, rule: str) -> bool:
    """Whether the answer beside which a field is compulsory (`data-needed-for="kind problem"`) is given, here or in the record."""
    name, *answers = rule.split() or [""]
    form = bound.form
    given = form[name].value() if name in form.fields else getattr(getattr(form, "target", None), name, "")
    every = given if isinstance(given, list | tuple) else ["on" if given is True else given]
    return any(str(one) in answers for one in every)


@register.simple_tag
def field(bound: forms.BoundField, label: str = "", mark: bool = True, help: bool = True) -> SafeString:
    """A field with its label, help and errors, tied together for screen readers; `mark` says 选填 where it applies."""
    _dress(bound.field.widget)
    if not help:
        bound.help_text = ""
    if bound.is_hidden:
        return SafeString(str(bound))
    if bound.errors:
        bound.field.widget.attrs["class"] = bound.field.widget.attrs.get("class", "") + " is-invalid"
    needed_for = bound.field.widget.attrs.pop("data-needed-for", "")
    is_optional = not bound.field.required and bound.name not in getattr(bound.form, "asked", ())
    context = {
        "field": bound, "kind": _kind(bound.field.widget), "label": label or bound.label, "mark": mark and is_optional, "unit": bound.field.widget.attrs.pop("data-unit", ""),
        "needed_for": needed_for, "is_needed": bool(needed_for) and _is_needed(bound, needed_for),
    }  # fmt: skip
    return SafeString(render_to_string("ui/parts/field.html", context))


_empty_fields: dict[tuple[type[Any], str, str], SafeString] = {}


@register.simple_tag
def filter_field(filterset: Any, bound: forms.BoundField) -> SafeString:
    """A field beside a list; an empty one looks the same to everyone and is drawn once a language."""
    # Choices that come from a table may change from one request to the next.
    is_alike = not isinstance(bound.field, forms.ModelChoiceField)
    if not is_alike or bound.errors or bound.data not in (None, "", [], False):
        return field(bound, mark=False)
    key = (type(filterset), bound.name, get_language() or "")
    if key not in _empty_fields:
        _empty_fields[key] = field(bound, mark=False)
    return _empty_fields[key]


@register.filter
def visible_errors(form: Any) -> list[tuple[str, str, str]]:
    """Errors for the summary at the top: where (an id), the label, the message."""
    found = [("", "", str(error)) for error in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        # A label that asks has a colon put after it, as all have: its own mark would stand before that.
        found += [(str(target), str(bound.label).rstrip("？?"), str(error)) for error in bound.errors]
    return found
