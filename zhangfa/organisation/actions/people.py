"""People: taking on the file, changing it, and showing a number to somebody with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.audit.actions import look
from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import assign, change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Person
from zhangfa.organisation.permissions import edit_people, reveal_phone
from zhangfa.organisation.rules import refuse_person

FIELDS = ("no", "name", "name_en", "phone", "joined_on", "left_on")


def add(
    *, no: str, name: str, kind: str = Person.Kind.STAFF, phone: str = "", name_en: str = "", joined_on: dt.date | None = None,
    left_on: dt.date | None = None, by: Actor, at: dt.datetime,
) -> Person:  # fmt: skip
    """Enter a person who is employed or sent out."""
    with change(edit_people, by=by, at=at):
        person = Person(
            no=no, name=name, kind=kind, phone=phone, name_en=name_en, joined_on=joined_on or clock.local_date(at),
            left_on=left_on,
        )  # fmt: skip
        demand(_refusals(person))
        person.prepare()
        person.save()
        tell("person.added", person, _("登记人员"), by=by, at=at, codes={"no": no, "kind": kind}, values={"name": name})
    return person


def edit(person: Person, *, by: Actor, at: dt.datetime, **fields: Any) -> Person:
    """Change what stands in the file."""
    with change(edit_people, person, by=by, at=at):
        person = Person.objects.select_for_update().get(pk=person.pk)
        changes = assign(person, {name: fields[name] for name in FIELDS if name in fields})
        demand(_refusals(person))
        person.prepare()
        person.save()
        tell(
            "person.edited", person, _("修改人员资料"), by=by, at=at, codes={"fields": sorted(changes)}, values=changes
        )
    return person


def reveal(person: Person, *, reason: str, by: Actor, at: dt.datetime) -> str:
    """The person's phone number in clear; who looked, when and why is kept (domain.md 2.4)."""
    demand(reveal_phone(person, by=by, at=at))
    if by.person_id is not None and by.person_id != person.pk:
        look(person_id=by.person_id, record_id=None, kind="person", field=f"phone:{person.pk}", at=at, reason=reason)
    return person.phone or ""


def _refusals(person: Person) -> Any:
    held = (
        Holding.objects.filter(person=person).exclude(to_on__lte=person.left_on).count()
        if person.pk and person.left_on
        else 0
    )
    return refuse_person(
        is_no_taken=Person.objects.filter(no=person.no).exclude(pk=person.pk).exists(), joined_on=person.joined_on,
        left_on=person.left_on, holdings=held,
    )  # fmt: skip
