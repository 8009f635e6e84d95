"""Who sees a paper: its app decides; holders of a full copy see the paper they were sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade
from zhangfa.records.models import Attachment, Concern, Record
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


def _people(by: Actor) -> set[int | None]:
    return {by.person_id, *(seat.person_id for seat in by.seats if seat.is_delegated)}


def add_files(record: Record, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Files are added by those who write the paper."""
    if not may_write(by, record):
        yield Refusal("not_yours", _("您只能查看这张单据，不能添加附件。"))


def remove_file(file: Attachment, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A file is taken off by who added it, or by the paper's handlers."""
    if not _people(by) & {file.created_by_id, *handlers_of(file.record)}:
        yield Refusal("not_yours", _("只有上传人和经办人可以删除这个附件。"))


def open_original(file: Attachment, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """An original may say where somebody lives: for who added it, the paper's handlers, and managers."""
    if not may_open(file, by, handlers_of(file.record)):
        yield Refusal("original", _("原件只对上传人、经办人和管理人员开放；请查看图片的副本。"))


def may_open(file: Attachment, by: Actor, handlers: frozenset[int]) -> bool:
    manages = any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats)
    return manages or bool(_people(by) & {file.created_by_id, *handlers})


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
