"""Units, seats and people: who answers for what; numbers stay masked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from ninja import Router

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.organisation.permissions import read_chart, read_people
from zhangfa.organisation.queries import holders
from zhangfa.organisation.web.people import People
from zhangfa.ui.api import Call, Schema, lists, reads
from zhangfa.ui.api.operations import Number
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import ListPage

router = Router()


class SeatRef(Schema):
    """A seat as it is named beside a person."""

    id: int
    post: str
    unit: int
    unit_name: str


class MeOut(Schema):
    """Who the token stands for, and from which seats."""

    user: str
    person: int | None
    name: str
    posts: list[str]
    seats: list[ActingSeat]
    is_technical: bool


class ActingSeat(Schema):
    id: int
    post: str
    unit: int
    is_delegated: bool


class UnitOut(Schema):
    id: int
    code: str
    kind: str
    name: str
    parent: int | None
    department: int | None
    region: int | None
    is_active: bool


class HolderOut(Schema):
    id: int
    no: str
    name: str


class SeatOut(Schema):
    id: int
    post: str
    grade: int
    unit: int
    unit_name: str
    reports_to: int | None
    is_active: bool
    holders: list[HolderOut]


class PersonOut(Schema):
    id: int
    no: str
    name: str
    kind: str
    phone: str
    joined_on: dt.date | None
    left_on: dt.date | None
    seats: list[SeatRef]


class UnitFilter(FilterSet):
    kind = df.ChoiceFilter(choices=Unit.Kind.choices)
    parent = df.NumberFilter(min_value=1, max_value=2**31 - 1)
    is_active = df.BooleanFilter()

    class Meta:
        model = Unit
        fields: list[str] = []


class Units(ListPage):
    is_exportable = False
    model, permission, filterset_class = Unit, read_chart, UnitFilter
    sorts = {"code": (_("代码"), "code"), "new": (_("最新"), "-id")}


class SeatFilter(FilterSet):
    post = df.CharFilter(field_name="post_id", max_length=8)
    unit = df.NumberFilter(field_name="unit_id", min_value=1, max_value=2**31 - 1)
    is_active = df.BooleanFilter()

    class Meta:
        model = Seat
        fields: list[str] = []


class Seats(ListPage):
    is_exportable = False
    model, permission, filterset_class = Seat, read_chart, SeatFilter
    sorts = {"new": (_("最新"), "-id"), "old": (_("最早"), "id")}
    select_related = ("post", "unit")
    is_searchable = False


def _me(call: Call) -> MeOut:
    actor = call.actor
    return MeOut(
        user=call.request.user.get_username(), person=actor.person_id, name=actor.name, posts=sorted(actor.posts),
        seats=[ActingSeat(id=s.id, post=s.post, unit=s.unit_id, is_delegated=s.is_delegated) for s in actor.seats],
        is_technical=actor.is_technical,
    )  # fmt: skip


def _unit(_call: Call, unit: Unit) -> UnitOut:
    return UnitOut(
        id=unit.pk, code=unit.code, kind=unit.kind, name=unit.shown_name, parent=unit.parent_id, department=unit.department_id,
        region=unit.region_id, is_active=unit.is_active,
    )  # fmt: skip


def _with_holders(call: Call, seats: Any) -> None:
    """Who sits in the seats of one page, in one query."""
    found = holders([seat.pk for seat in seats], call.at)
    for seat in seats:
        seat.sitting = found.get(seat.pk, [])


def _seat(_call: Call, seat: Any) -> SeatOut:
    return SeatOut(
        id=seat.pk, post=seat.post_id, grade=seat.post.grade, unit=seat.unit_id, unit_name=seat.unit.shown_name,
        reports_to=seat.reports_to_id, is_active=seat.is_active,
        holders=[HolderOut(id=person.pk, no=person.no, name=person.shown_name) for person in seat.sitting],
    )  # fmt: skip


def _person(_call: Call, person: Any) -> PersonOut:
    return PersonOut(
        id=person.pk, no=person.no, name=person.shown_name, kind=person.kind, phone=person.masked_phone, joined_on=person.joined_on,
        left_on=person.left_on,
        seats=[
            SeatRef(id=h.seat_id, post=h.seat.post_id, unit=h.seat.unit_id, unit_name=h.seat.unit.shown_name) for h in person.current
        ],
    )  # fmt: skip


def _one_unit(call: Call) -> UnitOut:
    call.check(read_chart)
    return _unit(call, call.one(Unit.objects.visible_to(call.actor), pk=call.path["id"]))


def _one_seat(call: Call) -> SeatOut:
    call.check(read_chart)
    seat = call.one(Seat.objects.visible_to(call.actor).select_related("post", "unit"), pk=call.path["id"])
    _with_holders(call, [seat])
    return _seat(call, seat)


def _one_person(call: Call) -> PersonOut:
    person = call.one(Person.objects.visible_to(call.actor), pk=call.path["id"])
    call.check(read_people, person)
    now = Holding.objects.filter(Holding.valid_q(clock.local_date(call.at)), person=person)
    person.current = list(now.select_related("seat__post", "seat__unit"))
    return _person(call, person)


reads(router, "/me", id="me", summary=_("我是谁"), give=_me, out=MeOut)
lists(router, "/units", id="units", summary=_("单位"), page=Units, line=_unit, out=UnitOut, about="X-5")
reads(router, "/units/{id}", id="unit", summary=_("一个单位"), give=_one_unit, out=UnitOut, ids={"id": Number})
lists(
    router,
    "/seats",
    id="seats",
    summary=_("席位"),
    page=Seats,
    line=_seat,
    out=SeatOut,
    prepare=_with_holders,
    about="X-5",
)
reads(router, "/seats/{id}", id="seat", summary=_("一个席位"), give=_one_seat, out=SeatOut, ids={"id": Number})
lists(router, "/people", id="people", summary=_("人员"), page=People, line=_person, out=PersonOut)
reads(router, "/people/{id}", id="person", summary=_("一个人"), give=_one_person, out=PersonOut, ids={"id": Number})
