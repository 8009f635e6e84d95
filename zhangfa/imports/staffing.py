"""People of a staff list into units and seats: found where they are there, made where they are missing (X-5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from zhangfa.core import clock
from zhangfa.core.relations import pointers
from zhangfa.core.text import _, search_key
from zhangfa.core.transitions import announce
from zhangfa.imports import origins, registry
from zhangfa.imports.drafts import blame
from zhangfa.imports.headers import bare
from zhangfa.imports.lookups import Names
from zhangfa.imports.target import Draft, Made, Setting
from zhangfa.organisation.actions import holdings, people, seats, units
from zhangfa.organisation.actions.chart import change
from zhangfa.organisation.models import Holding, Person, Seat, SeatPlacement, Unit, UnitPlacement
from zhangfa.organisation.permissions import edit_chart, from_books
from zhangfa.organisation.rules import refuse_person

UNIT, SEAT, PERSON, HOLDING = "organisation.unit", "organisation.seat", "organisation.person", "organisation.holding"
K = Unit.Kind
EVERYWHERE = ("gm", "dgm")
PERSON_FIELDS = ("phone", "name_en", "left_on")


def judge_place(draft: Draft, setting: Setting) -> None:
    """A person belongs to a department or an outlet; the general manager and the deputies to the company."""
    v = draft.values
    _settle_place(v, setting)
    if not v["department"] and not v["outlet"] and v["post"].pk not in EVERYWHERE:
        draft.blame("department", "required")
    if v["outlet"] and not v["department"] and _unit(v["outlet"], (K.OUTLET, K.SITE)) is None:
        draft.blame("department", "department_of_outlet", value=v["outlet"])
    if not Unit.objects.filter(kind=K.COMPANY).exists():
        draft.blame("department", "no_company")


def _names(setting: Setting) -> dict[str, set[str]]:
    """What the units of each kind are called; read once for an import."""
    known: dict[str, set[str]] | None = setting.memory.get("unit names")
    if known is None:
        known = setting.memory["unit names"] = unit_names()
    return known


def unit_names() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"department": set(), "outlet": set(), "region": set()}
    kinds = {K.DEPARTMENT: "department", K.OUTLET: "outlet", K.SITE: "outlet", K.REGION: "region"}
    for kind, *words in Unit.objects.filter(is_active=True, kind__in=kinds).values_list(
        "kind", "name", "name_en", "code"
    ):
        found[kinds[K(kind)]] |= {bare(word) for word in words if word}
    return found


def _settle_place(v: dict[str, Any], setting: Setting) -> None:
    """One column for department or outlet, as staff lists have it: an outlet's name is the outlet, not a new department."""
    if v["department"] and not v["outlet"] and is_outlet(v["department"], _names(setting)):
        v["outlet"], v["department"] = v["department"], None


def is_outlet(name: str, known: dict[str, set[str]]) -> bool:
    return bare(name) not in known["department"] and bare(name) in known["outlet"]


def missing_units(cells: Iterable[dict[str, str]]) -> list[str]:
    """Units that the rows name and nobody knows: writing the list would make them, so a slip of the pen is seen before."""
    known, found = unit_names(), dict[str, None]()
    for row in cells:
        for kind in ("region", "department", "outlet"):
            name = (row.get(kind) or "").strip()
            if name and bare(name) not in known[kind] and not (kind == "department" and is_outlet(name, known)):
                found[name] = None
    return list(found)


def judge_superior(draft: Draft, above: Names, setting: Setting) -> None:
    """The superior is on the staff already, or stands in the same list."""
    word = draft.values["superior"]
    _row, is_several = above.get(word)
    if is_several:
        draft.blame("superior", "superior_several", value=word)


def judge_leaving(drafts: Sequence[Draft], setting: Setting) -> None:
    """Somebody known who is to have left: by the chart's own rule, so that the writing doesn't come to a stop at it."""
    usual = setting.options.get("on_known", "skip")
    leaving = [d for d in drafts if d.known is not None and d.values["left_on"] and (d.choice or usual) == "fill"]
    leaving = [draft for draft in leaving if draft.known.left_on is None]
    held: dict[int, list[dt.date | None]] = {}
    rows = (
        Holding.objects.filter(person__in=[draft.known.pk for draft in leaving]) if leaving else Holding.objects.none()
    )
    for person, to_on in rows.values_list("person_id", "to_on"):
        held.setdefault(person, []).append(to_on)
    for draft in leaving:
        left_on = draft.values["left_on"]
        longer = [to_on for to_on in held.get(draft.known.pk, ()) if to_on is None or to_on > left_on]
        found = refuse_person(is_no_taken=False, joined_on=draft.known.joined_on, left_on=left_on, holdings=len(longer))
        blame(draft, found)


@from_books()
def seat_person(draft: Draft, setting: Setting) -> list[Made]:
    """The unit, the seat, the person and the holding of one row, each by its own action."""
    facts = {"by": setting.by, "at": setting.at}
    made: list[Made] = []

    def note(label: str, obj: Any, ref: str = "", before: Any = None, after: Any = None) -> None:
        made.append(Made(draft.n, label, obj.pk, ref, before, after))

    v = draft.values
    unit = _place(v, setting, note)
    person = draft.known or Person.objects.filter(no=v["no"]).first()
    if person is None:
        kind = Person.Kind.WORKER if v["post"].pk == "sw" else Person.Kind.STAFF
        person = people.add(
            no=v["no"],
            name=v["name"],
            kind=kind,
            phone=v["phone"] or "",
            name_en=v["name_en"] or "",
            joined_on=v["joined_on"],
            left_on=v["left_on"],
            **facts,
        )
        note(PERSON, person, v["no"])
    else:
        new = {name: v[name] for name in PERSON_FIELDS if v[name] and not getattr(person, name)}
        if new:
            before = {name: getattr(person, name) for name in new}
            person = people.edit(person, **new, **facts)
            note(PERSON, person, v["no"], before, new)
    if v["left_on"]:
        return made
    today = clock.local_date(setting.at)
    if Holding.objects.filter(Holding.valid_q(today), person=person, seat__unit=unit, seat__post=v["post"]).exists():
        return made
    seat = _seat(v, unit, setting, note)
    start = min(max(v["joined_on"] or today, dt.date(1990, 1, 1)), today)
    note(HOLDING, holdings.hold(person=person, seat=seat, from_on=start, **facts))
    return made


def _unit(name: str, kinds: Sequence[str], parent: Unit | None = None) -> Unit | None:
    """The unit in use that goes by the name, below the parent where one is given."""
    word = bare(name)
    rows = Unit.objects.filter(kind__in=kinds, is_active=True).order_by("pk")
    found = [row for row in rows if word in (bare(row.name), bare(row.name_en), bare(row.code))]
    if parent is not None and len(found) > 1:
        found = [row for row in found if row.parent_id == parent.pk] or found
    return found[0] if found else None


def _place(v: dict[str, Any], setting: Setting, note: Any) -> Unit:
    """The unit of a row, with those above it that are missing."""
    unit = Unit.objects.get(kind=K.COMPANY)
    steps = (
        ("region", (K.REGION,), K.REGION),
        ("department", (K.DEPARTMENT,), K.DEPARTMENT),
        ("outlet", (K.OUTLET, K.SITE), K.OUTLET),
    )
    for name, kinds, kind in steps:
        if not v[name]:
            continue
        found = _unit(v[name], kinds, unit)
        if found is None:
            is_site = name == "outlet" and "驻" in v[name]
            found = units.create(
                kind=K.SITE if is_site else kind,
                code=_code(v[name]),
                name=v[name],
                parent=unit,
                by=setting.by,
                at=setting.at,
            )
            note(UNIT, found)
        unit = found
    return unit


def _code(name: str) -> str:
    """A code from the initials, with a number where it is taken."""
    initials = search_key(name).split()[-1].upper() if name.strip() else "U"
    base = "".join(char for char in initials if char.isascii() and char.isalnum())[:12] or "U"
    taken = set(Unit.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base}{n}") not in taken)


def _seat(v: dict[str, Any], unit: Unit, setting: Setting, note: Any) -> Seat:
    """A free seat of the post in the unit, or a new one; workers of an outlet share theirs."""
    rows = Seat.objects.filter(unit=unit, post=v["post"], is_active=True).select_related("post", "unit").order_by("pk")
    if v["post"].pk != "sw":
        held = Holding.objects.exclude(to_on__lt=clock.local_date(setting.at)).values("seat_id")
        rows = rows.exclude(pk__in=held)
    seat = rows.first()
    if seat is None:
        seat = seats.add(
            post=v["post"], unit=unit, reports_to=_superior(v, unit, setting), by=setting.by, at=setting.at
        )
        seat = Seat.objects.select_related("post", "unit").get(pk=seat.pk)
        note(SEAT, seat)
    return seat


def _superior(v: dict[str, Any], unit: Unit, setting: Setting) -> Seat | None:
    """The named superior's seat; else the lowest higher seat in the unit or the next one above it that has any."""
    today = clock.local_date(setting.at)
    held = Seat.objects.filter(is_active=True, post__grade__gt=v["post"].grade).select_related("post")
    if v["superior"]:
        whom = Person.objects.filter(Q(no=v["superior"]) | Q(name=v["superior"]))[:2]
        if len(whom) == 1:
            sits = Holding.objects.filter(Holding.valid_q(today), person=whom[0]).values("seat_id")
            if found := held.filter(pk__in=sits).order_by("post__grade").first():
                return found
    place: Unit | None = unit
    while place is not None:
        if found := held.filter(unit=place).order_by("post__grade", "pk").first():
            return found
        place = place.parent
    return None


def take_back(results: Sequence[Any], setting: Setting) -> None:
    """Remove what was made, from the holding up to the unit, under the chart's lock; filled fields are emptied again."""
    with change(edit_chart, by=setting.by, at=setting.at):
        _take_back(results, setting)


def _take_back(results: Sequence[Any], setting: Setting) -> None:
    by_label: dict[str, list[int]] = {}
    for result in results:
        if result.is_filled:
            person = Person.objects.get(pk=result.key)
            people.edit(person, **origins.values_of(result.before), by=setting.by, at=setting.at)
        else:
            by_label.setdefault(result.label, []).append(result.key)
    announce(
        "organisation.chart.taken_back",
        setting.batch,
        by=setting.by,
        at=setting.at,
        label=_("撤销导入的单位和人员"),
        codes={k: list(v) for k, v in by_label.items()},
    )
    for model, label in ((Holding, HOLDING), (Person, PERSON), (Seat, SEAT), (Unit, UNIT)):
        _drop_trailing(model, by_label.get(label, ()))
    seats, made = by_label.get(SEAT, []), by_label.get(UNIT, [])
    gone = (
        Holding.objects.filter(pk__in=by_label.get(HOLDING, ())), Person.objects.filter(pk__in=by_label.get(PERSON, ())),
        SeatPlacement.objects.filter(seat__in=seats), Seat.objects.filter(pk__in=seats),
        UnitPlacement.objects.filter(unit__in=made), Unit.objects.filter(pk__in=made),
    )  # fmt: skip
    for rows in gone:
        # Whoever calls has looked who points to them, and the database looks again: not a third time for each of them.
        rows._raw_delete("default")


def _drop_trailing(model: Any, keys: Sequence[int]) -> None:
    """What the house began for somebody who goes again and nobody touched: notices, rules to acknowledge, duties not yet due."""
    for relation in pointers(model) if keys else ():
        other = relation.related_model
        untouched = registry.trailing.get(other._meta.label_lower)
        if untouched is not None:
            rows = other._default_manager.filter(untouched, **{f"{relation.field.name}__in": keys})
            other._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
