"""What an occurrence is about: where it is done, and by which number people know it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.urls import NoReverseMatch

from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.records.models import Record

ELSEWHERE = "/duties/"


def address(row: Occurrence) -> str:
    """Where the duty is done: its own page, else its paper."""
    known = catalogue().by_key.get(row.duty_id)
    if known and known.url:
        return known.url.format(period=row.period)
    if row.record and row.record.url:
        return str(row.record.url)
    found = getattr(_thing(row.subject_key), "get_absolute_url", None)
    try:
        return str((found and found()) or ELSEWHERE)
    except (NoReverseMatch, ObjectDoesNotExist):
        # It lives on the page of something else, which the key doesn't tell.
        return ELSEWHERE


def number_on(row: Occurrence) -> str:
    """What an occurrence is known by: its paper, the thing that it is about, else its period."""
    if row.record:
        return number_of(row.record)
    try:
        return str(getattr(_thing(row.subject_key), "number", "") or row.period)
    except ObjectDoesNotExist:
        # Its paper is gone.
        return str(row.period)


def number_of(record: Record) -> str:
    """The paper's number; one that has none yet is known by the paper it belongs to."""
    return record.number or (record.parent.number if record.parent else None) or ""


def _thing(subject_key: str) -> Any:
    """The row that an occurrence is about where it is no paper, an order or a correction, known by its key alone.

    After the key may stand which round, year or department of the thing is meant.
    """
    label, _colon, pk = subject_key.partition(":")
    if label.count(".") != 1 or not pk:
        return None
    try:
        model = apps.get_model(label)
        return model(pk=model._meta.pk.to_python(pk.partition("/")[0]))
    except (LookupError, ValidationError, ValueError):
        return None
