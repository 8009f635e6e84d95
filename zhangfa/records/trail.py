"""The trail of a paper: what happened and what was said, with the values that the reader may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, JSONField
from django.utils.dateparse import parse_date, parse_datetime

from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.fields import EncryptedTextField, MoneyField
from zhangfa.organisation.models import Person
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.wording import post_name
from zhangfa.records import permissions, sensitive
from zhangfa.records.models import Comment, Record
from zhangfa.records.registry import forms

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

LIMIT = 50
SKIPPED = {"status", "search_key", "version", "updated_at"}


@dataclass(frozen=True)
class Change:
    """One field that an event changed, in words; `old` is empty where only a value was given."""

    label: Any
    old: str
    new: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the trail: an event or a comment."""

    at: dt.datetime
    label: str
    who: str
    post: str = ""
    principal: str = ""
    clause: str = ""
    paper: str = ""
    text: str = ""
    changes: tuple[Change, ...] = ()
    is_comment: bool = False
    codes_event: str = ""


def timeline(
    record: Record, actor: Actor, *, limit: int = LIMIT, obj: Any = None, has_papers: bool = True
) -> list[Entry]:
    """What happened to a paper and the papers under it, newest first, as far as this person sees them.

    `obj` is the domain object of the record; without it sensitive values stay hidden. At most five
    queries, whatever the length.
    """
    papers = {record.pk: record}
    if has_papers:
        for paper in Record.objects.filter(parent=record)[:100]:
            if forms.get(paper.form_code).follows_parent or permissions.is_visible(actor, paper):
                papers[paper.pk] = paper
    events = list(Event.objects.filter(record_id__in=papers).select_related("detail").order_by("-pk")[:limit])
    notes = list(Comment.objects.filter(record_id__in=papers).select_related("person").order_by("-pk")[:limit])
    people_ids = {e.person_id for e in events} | {e.principal_id for e in events}
    people = Person.objects.in_bulk(people_ids - {None})
    hidden = permissions.concealed(actor, record, obj)
    entries = [
        Entry(
            at=event.at, label=event.label or event.name, clause=event.clause,
            who=_name(people, event.person_id, hidden), principal=_name(people, event.principal_id, hidden),
            post=post_name(event.post) if event.post in POSTS else "",
            paper=_paper(papers, event.record_id, record), codes_event=event.name,
            changes=tuple(_changes(event, actor, obj)),
        )
        for event in events
        if event.name != "records.comment.added"
    ]  # fmt: skip
    entries += [
        Entry(
            at=note.at, label="", who=permissions.name_for(note.person, hidden), text=note.text,
            is_comment=True, paper=_paper(papers, note.record_id, record),
        )
        for note in notes
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def _name(people: dict[Any, Person], pk: int | None, hidden: frozenset[int]) -> str:
    return permissions.name_for(people.get(pk), hidden)


def _paper(papers: dict[Any, Record], pk: Any, own: Record) -> str:
    return "" if pk == own.pk else str(papers[pk])


def _changes(event: Event, actor: Actor, obj: Any) -> list[Change]:
    detail = getattr(event, "detail", None)
    if detail is None or detail.erased_at is not None:
        return []
    app, _dot, rest = event.name.partition(".")
    try:
        model: Any = apps.get_model(app, rest.partition(".")[0])
    except (LookupError, ValueError):
        return []
    found = []
    for name, value in detail.values.items():
        field = _field(model, name)
        if field is None or name in SKIPPED:
            continue
        old, new = value if isinstance(value, list) and len(value) == 2 else (None, value)
        if _is_hidden(model, field, actor, obj):
            found.append(Change(field.verbose_name, "", sensitive.HIDDEN, is_hidden=True))
        else:
            found.append(Change(field.verbose_name, _words(field, old), _words(field, new)))
    return found


def _is_hidden(model: Any, field: Field[Any, Any], actor: Actor, obj: Any) -> bool:
    """Whether this reader gets no values of the field; what rests encrypted is hidden even undeclared."""
    if sensitive.find(model._meta.label_lower, field.name) is None:
        return isinstance(field, EncryptedTextField)
    return obj is None or obj._meta.model is not model or not sensitive.is_clear(actor, obj, field.name)


def _field(model: Any, name: str) -> Field[Any, Any] | None:
    """The model's field where its value means something to a reader; keys and documents don't."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if field.is_relation or isinstance(field, ForeignKey | JSONField) or not field.concrete:
        return None
    # A field without its own words is the program's business.
    return field if field.verbose_name != field.name.replace("_", " ") else None


def _words(field: Field[Any, Any], value: Any) -> str:
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, MoneyField):
        return f"¥{Decimal(str(value)):,.2f}"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, str) and field.get_internal_type() == "DateTimeField":
        instant = parse_datetime(value)
        return f"{instant.astimezone(clock.TZ):%Y-%m-%d %H:%M}" if instant else value
    if isinstance(value, str) and field.get_internal_type() == "DateField":
        return str(parse_date(value) or value)
    return str(value)[:300]
