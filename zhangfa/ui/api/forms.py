"""The forms of the pages as bodies of the interface: one validation for both.

A body is an object with exactly the form's names; an unknown name is refused, so nothing can be assigned that
the form does not offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from zhangfa.ui import forms
from zhangfa.ui.api.call import Call, InvalidInput
from zhangfa.ui.api.fields import Shape, Wrong, is_file, query_shape, shape_of

FormClass = type[django_forms.Form]
EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}


def schema_of(form_class: FormClass | None) -> dict[str, Any]:
    """The JSON schema of a form's body."""
    if form_class is None:
        return EMPTY
    shapes = _shapes(_fields(form_class))
    required = sorted(name for name, shape in shapes.items() if shape.is_required)
    schema = {
        "type": "object",
        "properties": {name: shape.schema for name, shape in shapes.items()},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _fields(form_class: FormClass) -> Mapping[str, django_forms.Field]:
    """The fields of an empty form: some forms add fields when they are made."""
    return form_class().fields


def _shapes(fields: Mapping[str, django_forms.Field]) -> dict[str, Shape]:
    found = {name: shape_of(field) for name, field in fields.items()}
    return {name: shape for name, shape in found.items() if shape is not None}


def filled(form_class: FormClass, body: Mapping[str, Any], call: Call, target: Any = None) -> Any:
    """The valid form of a body. Raises InvalidInput with the form's own messages."""
    kwargs = {"actor": call.actor, "at": call.at, "target": target} if issubclass(form_class, forms.Form) else {}
    shapes = _shapes(form_class(**kwargs).fields)
    body = {name: shape.schema["default"] for name, shape in shapes.items() if "default" in shape.schema} | dict(body)
    data, mistakes = _read(body, shapes)
    form = form_class(MultiValueDict(data), **kwargs)
    if hasattr(form, "request"):
        form.request = call.request
    files: list[Any] = [field for field in form.fields.values() if is_file(field)]
    for field in files:
        # Files come through their own operation; what the rules demand of them, the action demands.
        field.required, field.minimum = False, 0
    form.is_valid()
    for name, errors in form.errors.items():
        if name not in mistakes:
            mistakes[name] = [str(error) for error in errors]
    if mistakes:
        whole = mistakes.pop(NON_FIELD_ERRORS, [])
        raise InvalidInput(mistakes, whole)
    return form


def empty(body: Mapping[str, Any]) -> None:
    """Refuse any content where an operation takes none."""
    _data, mistakes = _read(body, {})
    if mistakes:
        raise InvalidInput(mistakes)


def _read(body: Mapping[str, Any], shapes: Mapping[str, Shape]) -> tuple[dict[str, list[Any]], dict[str, list[str]]]:
    data: dict[str, list[Any]] = {}
    mistakes: dict[str, list[str]] = {}
    for name, value in body.items():
        shape = shapes.get(name)
        if shape is None:
            mistakes[_name(name)] = [_("没有这个输入项。")]
            continue
        try:
            read = shape.read(value)
        except Wrong as wrong:
            mistakes[name] = [str(wrong)]
            continue
        if shape.parts:
            data |= {f"{name}_{part}": [entry] for part, entry in read.items()}
        else:
            data[name] = read if shape.is_list else [read]
    return data, mistakes


def _name(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:80]


def filter_shapes(filterset_class: Any, model: Any) -> dict[str, Shape]:
    """The filters of a list as they stand in its address."""
    if filterset_class is None:
        return {}
    made = filterset_class({}, queryset=model._default_manager.none())
    found = {name: query_shape(field, made.filters.get(name)) for name, field in made.form.fields.items()}
    return {name: shape for name, shape in found.items() if shape is not None}


def checked_query(data: QueryDict, shapes: Mapping[str, Shape], known: Mapping[str, Shape]) -> None:
    """Refuse names that the list doesn't know and values of the wrong kind: a filter that is misspelt must not show everything."""
    mistakes: dict[str, list[str]] = {}
    every = {**shapes, **known}
    for name in data:
        shape = every.get(name)
        if shape is None:
            mistakes[_name(name)] = [_("没有这个参数。")]
            continue
        try:
            shape.read(data.getlist(name) if shape.is_list else data[name])
        except Wrong as wrong:
            mistakes[name] = [str(wrong)]
    if mistakes:
        raise InvalidInput(mistakes)


def form_query(form_class: FormClass) -> dict[str, Shape]:
    """A form as parameters of an address."""
    found = {name: query_shape(field) for name, field in _fields(form_class).items()}
    return {name: shape for name, shape in found.items() if shape is not None}


def read_query(form_class: type[forms.Form], call: Call) -> Any:
    """The valid form of an address whose values have been checked. Raises InvalidInput."""
    form = form_class(call.request.GET, actor=call.actor, at=call.at)
    if not form.is_valid():
        raise InvalidInput({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return form
