"""One form field as JSON: its schema, and the strict way from a JSON value to what the field reads.

The form still decides; here a value of the wrong kind is turned away before the form would guess at it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import django_filters as df
from django import forms
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from zhangfa.ui.forms import TEXT_ERRORS, LookupField, PhotosField, SignatureField

FILES = (forms.FileField, PhotosField)
YEARS = range(1900, 2200)
SURROGATE = re.compile("[\ud800-\udfff]")
DEFAULT_LENGTH = 4000


class Wrong(ValueError):
    """The value does not fit; the message is for the caller."""


@dataclass(frozen=True)
class Shape:
    """A field in JSON: its schema, and how a value becomes form data (name suffix → value)."""

    schema: dict[str, Any]
    read: Callable[[Any], Any]
    is_required: bool = False
    is_list: bool = False
    parts: tuple[str, ...] = ()


def is_file(field: Any) -> bool:
    return isinstance(field, FILES)


def shape_of(field: forms.Field, *, label: Any = None) -> Shape | None:
    """The shape of a form field; None for files, which have operations of their own."""
    if is_file(field):
        return None
    schema, read, more = _kind(field)
    if title := label or field.label:
        # The words of the source; the description is translated when it is asked for.
        with translation.override(None):
            schema["description"] = str(title)
    # What a page fills in beforehand, a program may leave out.
    if field.required and field.initial is not None and not callable(field.initial):
        schema["default"] = _plain_default(schema, field.initial)
    return Shape(schema, read, field.required and "default" not in schema, **more)


def _plain_default(schema: dict[str, Any], initial: Any) -> Any:
    return initial if schema["type"] in ("integer", "boolean", "array") else str(initial)


def _kind(field: forms.Field) -> tuple[dict[str, Any], Callable[[Any], Any], dict[str, Any]]:
    if isinstance(field, SignatureField):
        return _signature(field), _signed, {"parts": ("drawn", "password")}
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return {"type": "boolean"}, _boolean, {}
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        # Rows of the database are no enumeration: they differ from company to company.
        values = [] if isinstance(field, forms.ModelMultipleChoiceField) else _values(field)
        item = {"type": "string", **({"enum": values} if values else {"maxLength": 100})}
        return {"type": "array", "items": item, "maxItems": 100, "uniqueItems": True}, _many(values), {"is_list": True}
    if isinstance(field, forms.ModelChoiceField | LookupField):
        # Answers give keys as numbers: what was read may be sent back as it is.
        bounds = {"minLength": 1, "maxLength": 100, "minimum": 0, "maximum": 2**63 - 1}
        return {"type": ["string", "integer"], **bounds}, _key, {}
    if isinstance(field, forms.ChoiceField):
        # What differs from company to company is no enumeration either: the form itself refuses what isn't there.
        values = _values(field) if getattr(field, "is_enumerated", True) else []
        if values and all(isinstance(value, int) for value, _label in _choices(field)):
            return {"type": "integer", "enum": [int(value) for value in values]}, _integer, {}
        return {"type": "string", **({"enum": values} if values else {"maxLength": 100})}, _one_of(values), {}
    if isinstance(field, forms.DecimalField):
        return *_decimal(field), {}
    if isinstance(field, forms.IntegerField):
        low: Any = field.min_value if field.min_value is not None else -(2**31)
        high: Any = field.max_value if field.max_value is not None else 2**31 - 1
        return {"type": "integer", "minimum": int(low), "maximum": int(high)}, _integer, {}
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}, _instant, {}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}, _day, {}
    if isinstance(field, forms.UUIDField):
        return {"type": "string", "format": "uuid"}, _uuid, {}
    limit = getattr(field, "max_length", None) or DEFAULT_LENGTH
    least = {"minLength": 1} if field.required else {}
    return {"type": "string", "maxLength": limit, **least}, text_reader(limit), {}


def _choices(field: Any) -> list[tuple[Any, Any]]:
    return list(field.choices)


def _values(field: Any) -> list[str]:
    found: list[str] = []
    for value, label in _choices(field):
        inner = [entry for entry, _label in label] if isinstance(label, list | tuple) else [value]
        found += [str(entry) for entry in inner if entry not in ("", None)]
    return found


def _string(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise Wrong(_("应为文字。"))
    if "\x00" in value:
        raise Wrong(str(TEXT_ERRORS["nul"]))
    if SURROGATE.search(value):
        raise Wrong(str(TEXT_ERRORS["surrogate"]))
    if len(value) > limit:
        raise Wrong(str(TEXT_ERRORS["too_long"]))
    return value


def text_reader(limit: int) -> Callable[[Any], str]:
    return lambda value: _string(value, limit)


def _one_of(values: list[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _string(value, 100)
        if values and text not in values:
            raise Wrong(_("不在可选范围之内。"))
        return text

    return read


def _many(values: list[str]) -> Callable[[Any], list[str]]:
    one = _one_of(values)

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > 100:
            raise Wrong(_("应为列表，最多 100 项。"))
        found = [one(entry) for entry in value]
        if len(set(found)) != len(found):
            raise Wrong(_("列表中有重复的项。"))
        return found

    return read


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise Wrong(_("应为 true 或 false。"))
    return "true" if value else "false"


def _integer(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)  # to JSON, 3.0 is the integer 3
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise Wrong(_("应为整数。"))
    return str(value)


def _key(value: Any) -> str:
    return _integer(value) if isinstance(value, int | float) and not isinstance(value, bool) else _string(value, 100)


def _decimal(field: forms.DecimalField) -> tuple[dict[str, Any], Callable[[Any], str]]:
    places = field.decimal_places or 0
    digits = max((field.max_digits or 12) - places, 1)
    low: Any = field.min_value
    sign = "-?" if low is None or Decimal(low) < 0 else ""
    pattern = f"^{sign}[0-9]{{1,{digits}}}" + (f"(\\.[0-9]{{1,{places}}})?" if places else "") + "$"
    fits = re.compile(pattern.removesuffix("$") + r"\Z", re.ASCII)

    def read(value: Any) -> str:
        text = _string(value, 40)
        if not fits.match(text):
            raise Wrong(_('应为写在引号里的数字，最多 %(places)s 位小数，例如 "12.50"。') % {"places": places})
        return text

    return {"type": "string", "pattern": pattern}, read


def _instant(value: Any) -> str:
    text = _string(value, 40)
    try:
        # A day alone is no instant, although the parser would take midnight for it.
        found = parse_datetime(text) if len(text) > len("2025-11-03T") else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS or abs(found.utcoffset() or dt.timedelta()) > dt.timedelta(hours=15):
        raise Wrong(_("应为 ISO 8601 的时间，例如 2025-11-03T09:30:00+08:00。"))
    return found.isoformat()


def _day(value: Any) -> str:
    text = _string(value, 40)
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Wrong(_("应为日期，例如 2025-11-03。"))
    return found.isoformat()


def _uuid(value: Any) -> str:
    try:
        return str(UUID(_string(value, 36)))
    except ValueError:
        raise Wrong(_("应为 UUID。")) from None


def _signature(field: SignatureField) -> dict[str, Any]:
    drawn = {"type": "string", "maxLength": 300_000, "description": "data:image/png;base64,…"}
    properties = {"drawn": drawn, "password": {"type": "string", "maxLength": 200}}
    if not getattr(field.widget, "password", True):
        properties.pop("password")
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _signed(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {"drawn", "password"}:
        raise Wrong(_('应为 {"drawn": …} 或 {"password": …}。'))
    return {key: _string(entry, 300_000 if key == "drawn" else 200) for key, entry in value.items()}


def query_shape(field: forms.Field, filter_: df.Filter | None = None) -> Shape | None:
    """The shape of a filter in an address: everything arrives as text there."""
    shape = shape_of(field, label=getattr(filter_, "label", None) or field.label)
    if shape is None:
        return None
    if shape.schema["type"] == "boolean":
        return Shape(shape.schema, _query_boolean)
    if shape.schema["type"] == "integer":
        return Shape(shape.schema, _query_integer)
    # An empty filter narrows nothing, as on the page.
    schema = {key: value for key, value in shape.schema.items() if key != "minLength"}
    return Shape(schema, shape.read, is_list=shape.is_list)


def _query_boolean(value: Any) -> str:
    if value not in ("true", "false"):
        raise Wrong(_("应为 true 或 false。"))
    return str(value)


def _query_integer(value: Any) -> str:
    text = _string(value, 20)
    if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise Wrong(_("应为整数。"))
    return text
