"""The chart as it stood on a day: units and seats with their dates, and what changed between two days (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from zhangfa.organisation.models import Holding, Person, Post, Seat, SeatPlacement, Unit, UnitPlacement


@dataclass(frozen=True)
class UnitThen:
    """A unit as it was called and where it hung on the day."""

    id: int
    kind: str
    code: str
    name: str
    name_en: str
    parent: int | None

    @property
    def shown_name(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


@dataclass(frozen=True)
class SeatThen:
    """A seat with its post, its unit and the seat above on the day."""

    id: int
    post: str
    unit: int
    above: int | None


@dataclass
class ChartThen:
    """All of it on one day."""

    day: dt.date
    units: dict[int, UnitThen] = field(default_factory=dict)
    seats: dict[int, SeatThen] = field(default_factory=dict)


@dataclass(frozen=True)
class ChartChange:
    """One difference between two days: what happened to which unit or seat, with both sides."""

    kind: str
    unit: int | None = None
    seat: int | None = None
    before: UnitThen | SeatThen | None = None
    after: UnitThen | SeatThen | None = None


def chart_on(day: dt.date, *, units: Collection[int] | None = None) -> ChartThen:
    """The units and seats that stood on the day; `units` narrows the seats to those of some units. Four queries."""
    chart = ChartThen(day, _units_on(day))
    stood = _on(day)
    rows = SeatPlacement.objects.filter(stood)
    never = Seat.objects.filter(~Exists(SeatPlacement.objects.filter(seat=OuterRef("pk"))), is_active=True)
    if units is not None:
        rows, never = rows.filter(unit_id__in=units), never.filter(unit_id__in=units)
    for seat, post, unit, above in (
        *rows.values_list("seat_id", "seat__post_id", "unit_id", "reports_to_id"),
        *never.values_list("pk", "post_id", "unit_id", "reports_to_id"),
    ):
        chart.seats[seat] = SeatThen(seat, post, unit, above)
    return chart


def _on(day: dt.date) -> Q:
    return Q(from_on__lte=day) & (Q(to_on=None) | Q(to_on__gte=day))


def _units_on(day: dt.date) -> dict[int, UnitThen]:
    placed = {row.unit_id: row for row in UnitPlacement.objects.filter(_on(day))}
    known = set(placed) | set(UnitPlacement.objects.order_by().values_list("unit_id", flat=True).distinct())
    found: dict[int, UnitThen] = {}
    for unit in Unit.objects.order_by("kind", "code").only(
        "id", "kind", "code", "name", "name_en", "parent_id", "is_active"
    ):
        row = placed.get(unit.pk)
        if row is None and (unit.pk in known or not unit.is_active):
            continue
        named = row if row is not None and row.name else unit
        parent = row.parent_id if row is not None else unit.parent_id
        found[unit.pk] = UnitThen(unit.pk, unit.kind, unit.code, named.name, named.name_en, parent)
    return found


@dataclass
class PostThen:
    """The seats of one post in a unit on the day, with who sat there."""

    post: Post
    seats: list[SeatThen]
    people: list[Person]

    @property
    def empty(self) -> int:
        return max(0, len(self.seats) - len(self.people))


@dataclass
class NodeThen:
    unit: UnitThen
    groups: list[PostThen] = field(default_factory=list)
    children: list[NodeThen] = field(default_factory=list)
    hidden: int = 0
    is_top: bool = False


def tree_on(day: dt.date, *, root: int | None = None, limit: int) -> NodeThen | None:
    """The part of the chart under a unit as it stood on the day, breadth first up to the limit."""
    units = _units_on(day)
    below: dict[int | None, list[UnitThen]] = {}
    for unit in units.values():
        below.setdefault(unit.parent, []).append(unit)
    first = (
        units.get(root) if root is not None else next((one for one in units.values() if one.kind == "company"), None)
    )
    if first is None:
        return None
    top = NodeThen(first, is_top=True)
    nodes, queue = {first.id: top}, [top]
    while queue:
        node = queue.pop(0)
        children = below.get(node.unit.id, [])
        if len(nodes) + len(children) > limit and not node.is_top:
            node.hidden = len(children)
            continue
        for child in children[: limit if node.is_top else None]:
            made = NodeThen(child)
            nodes[child.id] = made
            node.children.append(made)
            queue.append(made)
    _seat(nodes, chart_on(day, units=nodes).seats.values(), day)
    return top


def _seat(nodes: dict[int, NodeThen], seats: Iterable[SeatThen], day: dt.date) -> None:
    posts = {post.pk: post for post in Post.objects.all()}
    rows = sorted(seats, key=lambda seat: (-posts[seat.post].grade, posts[seat.post].order, seat.id))
    held = Holding.objects.filter(Holding.valid_q(day), seat_id__in=[seat.id for seat in rows])
    people: dict[int, list[Person]] = {}
    for holding in held.select_related("person").order_by("from_on", "pk"):
        people.setdefault(holding.seat_id, []).append(holding.person)
    for seat in rows:
        groups = nodes[seat.unit].groups
        group = next((one for one in groups if one.post.pk == seat.post), None)
        if group is None:
            group = PostThen(posts[seat.post], [], [])
            groups.append(group)
        group.seats.append(seat)
        group.people += people.get(seat.id, [])


def changes_between(before: ChartThen, after: ChartThen) -> list[ChartChange]:
    """What changed from one day to the other: units first, then seats, each in the order of their ids."""
    found = [
        _unit_change(key, before.units.get(key), after.units.get(key)) for key in sorted({*before.units, *after.units})
    ]
    found += [
        _seat_change(key, before.seats.get(key), after.seats.get(key)) for key in sorted({*before.seats, *after.seats})
    ]
    return [change for changes in found for change in changes]


def _unit_change(key: int, old: UnitThen | None, new: UnitThen | None) -> list[ChartChange]:
    if old is None or new is None:
        return [ChartChange("unit_opened" if old is None else "unit_closed", unit=key, before=old, after=new)]
    kinds = []
    if (old.name, old.name_en) != (new.name, new.name_en):
        kinds.append("unit_renamed")
    if old.parent != new.parent:
        kinds.append("unit_moved")
    return [ChartChange(kind, unit=key, before=old, after=new) for kind in kinds]


def _seat_change(key: int, old: SeatThen | None, new: SeatThen | None) -> list[ChartChange]:
    if old is None or new is None:
        return [ChartChange("seat_added" if old is None else "seat_closed", seat=key, before=old, after=new)]
    kinds = []
    if old.unit != new.unit:
        kinds.append("seat_moved")
    if old.above != new.above:
        kinds.append("seat_line")
    return [ChartChange(kind, seat=key, before=old, after=new) for kind in kinds]
