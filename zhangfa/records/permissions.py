"""Who sees a paper: its app decides; holders of a full copy see the paper they were sent."""

from __future__ import annotations

from typing import Any

from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Concern, Record
from zhangfa.records.registry import forms
from zhangfa.records.sensitive import HIDDEN


def is_visible(actor: Actor, record: Record) -> bool:
    """Whether the actor may see the paper and what hangs on it; a technical administrator sees none."""
    if actor.person_id is None:
        return False
    if forms.get(record.form_code).visible(actor, record):
        return True
    return record.copies.filter(person_id=actor.person_id, is_extract=False).exists()


def may_write(actor: Actor, record: Record) -> bool:
    """Whether the actor may add attachments; without a rule of the form, the handlers."""
    rule = forms.get(record.form_code).may_write
    if rule is not None:
        return rule(actor, record)
    return actor.is_any_of(handlers_of(record))


def handlers_of(record: Record) -> frozenset[int]:
    """The people who handle the paper: its writer and those concerned as handler."""
    rule = forms.get(record.form_code).handlers
    if rule is not None:
        return rule(record)
    people = set(Concern.objects.filter(record=record, role="handler").values_list("person_id", flat=True))
    if record.created_by_id is not None:
        people.add(record.created_by_id)
    return frozenset(people)


def concealed(actor: Actor, record: Record, obj: Any = None) -> frozenset[int]:
    """The people whose names this reader doesn't get on the paper; `obj` is its domain object where it is at hand."""
    return forms.get(record.form_code).conceals(actor, record, obj)


def name_for(person: Any, hidden: frozenset[int]) -> str:
    """The person's name, or the mask."""
    if person is None:
        return ""
    return HIDDEN if person.pk in hidden else person.shown_name
