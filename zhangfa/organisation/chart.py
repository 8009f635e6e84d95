"""The chart as pages show it: units as a tree, seats with who sits in them, vacancies, absences, executives in charge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from zhangfa.core import clock
from zhangfa.organisation.models import Absence, Charge, Holding, Person, Post, Seat, Unit
from zhangfa.organisation.queries import holders

# More units than this are reached by opening a part of the tree, so that the page costs the same in a large company.
SHOWN_UNITS = 40
SHOWN_NAMES = 3


@dataclass
class Sitter:
    """Somebody in a seat, and the absence that runs, if any."""

    person: Person
    absence: Absence | None = None


@dataclass
class SeatNode:
    seat: Seat
    sitters: list[Sitter] = field(default_factory=list)

    @property
    def shown(self) -> list[Sitter]:
        return self.sitters[:SHOWN_NAMES]

    @property
    def more(self) -> int:
        return max(0, len(self.sitters) - SHOWN_NAMES)

    @property
    def is_empty(self) -> bool:
        return not self.sitters


@dataclass
class PostGroup:
    """The seats of one post in a unit, on one line of the chart."""

    post: Post
    nodes: list[SeatNode]


@dataclass
class UnitNode:
    """A unit with its seats and, as far as the page shows them, the units below."""

    unit: Unit
    seats: list[SeatNode] = field(default_factory=list)
    children: list[UnitNode] = field(default_factory=list)
    executive: Person | None = None
    hidden: int = 0
    depth: int = 1

    @property
    def groups(self) -> list[PostGroup]:
        found: dict[str, PostGroup] = {}
        for node in self.seats:
            found.setdefault(node.seat.post_id, PostGroup(node.seat.post, [])).nodes.append(node)
        return list(found.values())


def tree(root: Unit, at: dt.datetime, limit: int = SHOWN_UNITS) -> UnitNode:
    """The part of the chart under a unit, breadth first up to the limit; five queries whatever its size."""
    below: dict[int, list[Unit]] = {}
    for unit in (
        Unit.objects.filter(is_active=True)
        .order_by("kind", "code")
        .only("id", "kind", "code", "name", "name_en", "parent_id", "department_id")
    ):
        if unit.parent_id is not None:
            below.setdefault(unit.parent_id, []).append(unit)
    top = UnitNode(root, depth=0)
    nodes, queue = {root.pk: top}, [top]
    while queue:
        node = queue.pop(0)
        children = below.get(node.unit.pk, [])
        if len(nodes) + len(children) > limit and node is not top:
            node.hidden = len(children)
            continue
        for child in children[: limit if node is top else None]:
            made = UnitNode(child)
            nodes[child.pk] = made
            node.children.append(made)
            queue.append(made)
    for seat_node in seat_nodes(Seat.objects.filter(unit_id__in=list(nodes), is_active=True), at):
        nodes[seat_node.seat.unit_id].seats.append(seat_node)
    _put_executives(nodes, at)
    return top


def seat_nodes(seats: Iterable[Seat], at: dt.datetime) -> list[SeatNode]:
    """The seats with their holders of the day, highest grade first."""
    rows = list(seats.select_related("post", "unit").order_by("-post__grade", "post__order", "pk"))  # type: ignore[attr-defined]
    people = holders([seat.pk for seat in rows], at)
    away = absences_of({person.pk for found in people.values() for person in found}, at)
    return [
        SeatNode(seat, [Sitter(person, away.get(person.pk)) for person in people.get(seat.pk, [])]) for seat in rows
    ]


def absences_of(person_ids: Iterable[int], at: dt.datetime) -> dict[int, Absence]:
    """Who of them is away at that instant."""
    running = Absence.objects.filter(person_id__in=list(person_ids), cancelled_at=None, from_at__lte=at, to_at__gt=at)
    return {absence.person_id: absence for absence in running.select_related("delegate")}


def line_above(seat: Seat) -> list[Seat]:
    """The seats above, nearest first; a loop ends where it began."""
    found: list[Seat] = []
    seen = {seat.pk}
    above = seat.reports_to_id
    while above is not None and above not in seen:
        seen.add(above)
        superior = Seat.objects.select_related("post", "unit").get(pk=above)
        found.append(superior)
        above = superior.reports_to_id
    return found


def _put_executives(nodes: dict[int, UnitNode], at: dt.datetime) -> None:
    day = clock.local_date(at)
    charges = Charge.objects.filter(Holding.valid_q(day), unit_id__in=list(nodes)).values_list("unit_id", "seat_id")
    by_unit = dict(charges)
    # Most executives sit in a unit that is shown: those are known already.
    people = {
        seat.seat.pk: [sitter.person for sitter in seat.sitters] for node in nodes.values() for seat in node.seats
    }
    if others := set(by_unit.values()) - set(people):
        people |= holders(others, at)
    for unit_id, seat_id in by_unit.items():
        nodes[unit_id].executive = next(iter(people.get(seat_id, [])), None)
