"""Typed searches: cases, and the people who can take a case over."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.organisation.models import Holding, Person
from zhangfa.policy.wording import post_name
from zhangfa.ui.registry import Choice, Lookup
from zhangfa.ui.words import join

LIMIT = 12
HANDLING = ("cc", "oa", "sl", "cs")


def _case_choice(case: Case) -> Choice:
    who = case.customer.name if case.customer else case.reporter
    return Choice(str(case.pk), f"{case.record.number} {who}", case.record.title)


def _find_cases(actor: Any, q: str, at: dt.datetime) -> list[Choice]:
    rows = Case.objects.visible_to(actor).search(q).select_related("record", "customer").order_by("-pk")
    return [_case_choice(case) for case in rows[:LIMIT]]


def _get_case(actor: Any, value: str, at: dt.datetime) -> Choice | None:
    try:
        pk = UUID(value)
    except ValueError:
        return None
    case = Case.objects.visible_to(actor).filter(pk=pk).select_related("record", "customer").first()
    return _case_choice(case) if case else None


def _handlers(at: dt.datetime) -> Any:
    held = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), seat__post_id__in=HANDLING, seat__is_active=True
    )
    return Person.objects.filter(pk__in=held.values("person_id"), left_on=None), held


def _person_choice(person: Person, posts: list[str]) -> Choice:
    return Choice(str(person.pk), f"{person.shown_name} {person.no}", join(posts))


def _find_handlers(actor: Any, q: str, at: dt.datetime) -> list[Choice]:
    people, held = _handlers(at)
    found = list(people.search(q).order_by("no")[:LIMIT])
    posts: dict[int, list[str]] = {}
    for row in held.filter(person__in=found).select_related("seat__unit"):
        posts.setdefault(row.person_id, []).append(f"{row.seat.unit.shown_name} · {post_name(row.seat.post_id)}")
    return [_person_choice(person, posts.get(person.pk, [])) for person in found]


def _get_handler(actor: Any, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        return None
    person = _handlers(at)[0].filter(pk=int(value)).first()
    return _person_choice(person, []) if person else None


CASES = Lookup(_find_cases, _get_case)
HANDLERS = Lookup(_find_handlers, _get_handler)
