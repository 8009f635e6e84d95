"""Who sees which cases (CC-D3): what a person is to them, as conditions that each stand on an index."""

from __future__ import annotations

import functools
import operator
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from zhangfa.core import clock
from zhangfa.core.compiled import Compiled, for_shape, samples
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Charge, Holding, Unit
from zhangfa.records.models import Concern

ALL_CASES = ("gm", "cs")
BY_DEPARTMENT = ("hs", "ls")
BY_UNIT = ("oa", "sl")
CALLING = ("op", "ops")
# Signed, and nobody has asked the customer yet: any operator makes the call, never the handler (CC-W1.6).
TO_CALL_BACK = Q(status="signed", satisfaction=None)
FEW = 200


def _charged_departments(actor: Actor) -> list[int]:
    """The departments that a deputy GM is in charge of on the actor's day, by themselves or through their region."""
    seats = [seat.id for seat in actor.seats if seat.post == "dgm"]
    if not seats:
        return []
    charged = Charge.objects.filter(Holding.valid_q(clock.local_date(actor.at)), seat_id__in=seats).values("unit_id")
    reach = Q(pk__in=charged) | Q(region_id__in=charged)
    return list(Unit.objects.filter(reach, kind=Unit.Kind.DEPARTMENT).values_list("pk", flat=True))


class Reach(NamedTuple):
    """One way to see cases; of many cases the newest are found by walking the table, few are listed from an index."""

    condition: Q
    is_many: bool = False


class Standing(NamedTuple):
    """What an actor is to cases, in ids: from it follows what they may see."""

    people: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    is_calling: bool = False
    is_paying: bool = False
    is_everywhere: bool = False

    @classmethod
    def of(cls, actor: Actor) -> Standing:
        if actor.is_system or actor.holds(*ALL_CASES):
            return cls(is_everywhere=True)
        if actor.person_id is None:
            return cls()
        people = {actor.person_id} | {seat.person_id for seat in actor.seats if seat.is_delegated}
        units = {seat.unit_id for seat in actor.seats if seat.post in BY_UNIT}
        departments = {s.department_id for s in actor.seats if s.post in BY_DEPARTMENT and s.department_id}
        departments.update(_charged_departments(actor))
        return cls(
            tuple(sorted(people)), tuple(sorted(units)), tuple(sorted(departments)), actor.holds(*CALLING), actor.holds("fin")
        )  # fmt: skip

    def reach(self, *, is_list: bool = False) -> list[Reach]:
        """The ways in which they see cases (CC-D3), finance's apart; a list asks first whether they are few."""
        if not self.people:
            return [Reach(Q(pk__in=[]))]
        found = []
        if self.units:
            found.append(Reach(Q(unit_id__in=self.units)))
        if self.departments:
            found.append(Reach(Q(department_id__in=self.departments), is_many=True))
        if self.is_calling:
            found.append(Reach(TO_CALL_BACK))
        # The dearest comes last: what the others give may be enough for a count.
        return [*found, _concerning(self.people, is_list=is_list)]

    @property
    def shape(self) -> tuple[Any, ...]:
        """The kind of actor: everything but the ids."""
        return (tuple(self.ids), self.is_calling, self.is_paying, self.is_everywhere)

    @property
    def ids(self) -> dict[str, int]:
        named = {"person": self.people, "unit": self.units, "department": self.departments}
        return {f"{name}_{n}": one for name, many in named.items() for n, one in enumerate(many)}

    def with_ids(self, ids: Mapping[str, int]) -> Standing:
        """The same kind of actor with other ids, as `ids` names them."""
        people, units, departments = (
            tuple(ids[f"{name}_{n}"] for n in range(len(many)))
            for name, many in (("person", self.people), ("unit", self.units), ("department", self.departments))
        )
        return self._replace(people=people, units=units, departments=departments)


def seen(rows: Any, pk: Any, actor: Actor, loads: Sequence[str]) -> Any | None:
    """The one row of a case or settlement if the actor may see it, with what is loaded beside it.

    Every page and step of a case begins with this query: it is put into words once for each kind of actor.
    """
    standing = Standing.of(actor)
    ids = standing.ids

    def build(key: Any, **named: int) -> Any:
        return rows.seen_from(standing.with_ids(named)).filter(pk=key).select_related(*loads)

    def declare() -> Compiled:
        return Compiled(build, key=(uuid.UUID(int=7_700_001), uuid.UUID(int=7_700_002)), **samples(ids))

    if not (standing.people or standing.is_everywhere):
        return None
    shape = (rows.model, tuple(loads), standing.shape)
    return next(iter(for_shape(shape, declare)(key=uuid.UUID(str(pk)), **ids)), None)


def any_of(ways: list[Reach]) -> Q:
    return functools.reduce(operator.or_, (reach.condition for reach in ways))


def _concerning(people: Sequence[int], *, is_list: bool) -> Reach:
    """Cases that concern one of these people: as worker, handler, reporter, signer."""
    mine = Concern.objects.filter(person_id__in=people)
    if is_list:
        few = list(mine.values_list("record_id", flat=True)[: FEW + 1])
        if len(few) <= FEW:
            return Reach(Q(pk__in=few))
    return Reach(Q(models.Exists(mine.filter(record_id=models.OuterRef("pk")))), is_many=True)
