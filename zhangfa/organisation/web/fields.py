"""Typed searches that give the object itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Holding, Person, Seat, Unit
from zhangfa.ui import forms, words
from zhangfa.ui.registry import Choice, Lookup

LIMIT = 20
BY_NAME = _("输入姓名、拼音、工号或手机后四位")


class ObjectField(forms.LookupField):
    """A looked-up choice that cleans to the row, not to its key."""

    def __init__(self, source: str, model: Any, **kwargs: Any):
        self.model = model
        super().__init__(source, **kwargs)

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return self.model.objects.get(pk=key) if key else None


def person_field(source: str = "people", **kwargs: Any) -> ObjectField:
    return ObjectField(source, Person, placeholder=BY_NAME, **kwargs)


def seat_field(**kwargs: Any) -> ObjectField:
    return ObjectField("seats", Seat, placeholder=_("输入单位、岗位或任职人姓名"), **kwargs)


def unit_field(source: str = "units", **kwargs: Any) -> ObjectField:
    return ObjectField(source, Unit, placeholder=_("输入单位名称、拼音或代码"), **kwargs)


def _key(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def _person_choice(person: Person, posts: str = "") -> Choice:
    return Choice(str(person.pk), f"{person.shown_name} {person.no}", posts)


def _people(kind: str = "", *, in_seat: bool = False, least: int = 0) -> Lookup:
    def rows(actor: Actor) -> Any:
        found = Person.objects.visible_to(actor).filter(left_on=None)
        return found.filter(kind=kind) if kind else found

    def find(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
        people = rows(actor).search(q)
        if in_seat:
            today = Holding.valid_q(clock.local_date(at), "holdings__")
            people = people.filter(today, holdings__seat__post__grade__gte=least).distinct()
        people = list(people.order_by("no")[:LIMIT])
        posts = seats_held([person.pk for person in people], at)
        return [_person_choice(person, words.join(str(seat) for seat in posts.get(person.pk, []))) for person in people]

    def get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
        person = rows(actor).filter(pk=_key(value)).first()
        return _person_choice(person) if person else None

    return Lookup(find, get)


def seats_held(person_ids: list[int], at: dt.datetime) -> dict[int, list[Seat]]:
    """The seats that the people hold on that day."""
    found: dict[int, list[Seat]] = {}
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id__in=person_ids, seat__is_active=True)
    for row in rows.select_related("seat__post", "seat__unit").order_by("-seat__post__grade", "pk"):
        found.setdefault(row.person_id, []).append(row.seat)
    return found


def _units(*kinds: str) -> Lookup:
    def rows(actor: Actor) -> Any:
        found = Unit.objects.visible_to(actor).filter(is_active=True)
        return found.filter(kind__in=kinds) if kinds else found

    def find(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
        return [
            Choice(str(unit.pk), unit.shown_name, unit.code) for unit in rows(actor).search(q).order_by("code")[:LIMIT]
        ]

    def get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
        unit = rows(actor).filter(pk=_key(value)).first()
        return Choice(str(unit.pk), unit.shown_name, unit.code) if unit else None

    return Lookup(find, get)


def _find_seats(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person__search_key__named=q).values("seat_id")
    match = (
        Q(unit__search_key__named=q)
        | Q(post__name__contains=q.strip())
        | Q(post__code__iexact=q.strip())
        | Q(pk__in=held)
    )
    found = Seat.objects.visible_to(actor).filter(match, is_active=True).select_related("unit", "post")
    rows = list(found.order_by("-post__grade", "pk")[:LIMIT])
    names: dict[int, list[str]] = {}
    for holding in Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__in=rows).select_related(
        "person"
    ):
        names.setdefault(holding.seat_id, []).append(holding.person.shown_name)
    return [Choice(str(seat.pk), str(seat), words.join(names.get(seat.pk, [])[:3])) for seat in rows]


def _get_seat(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    seat = Seat.objects.visible_to(actor).filter(pk=_key(value), is_active=True).select_related("unit", "post").first()
    return Choice(str(seat.pk), str(seat)) if seat else None


LOOKUPS = {
    "people": _people(), "staff": _people("staff"), "delegates": _people("staff", in_seat=True), "workers": _people("worker"),
    "managers": _people("staff", in_seat=True, least=Grade.LINE_MANAGER),
    "units": _units(), "outlets": _units("outlet", "site"), "regions": _units("region"), "seats": Lookup(_find_seats, _get_seat),
}  # fmt: skip
