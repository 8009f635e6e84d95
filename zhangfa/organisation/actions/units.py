"""Creating, renaming, moving and closing units; where a unit hung is kept with its dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import assign, change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Seat, Unit, UnitPlacement
from zhangfa.organisation.permissions import edit_structure
from zhangfa.organisation.rules import BEGINNING, refuse_unit, refuse_unit_closing


def create(
    *, kind: str, code: str, name: str, name_en: str = "", parent: Unit | None, by: Actor, at: dt.datetime
) -> Unit:
    """Open a unit under its parent from today on."""
    with change(edit_structure, by=by, at=at):
        unit = Unit(kind=kind, code=code, name=name, name_en=name_en, parent=parent)
        demand(_refusals(unit))
        _keep(unit)
        UnitPlacement.objects.create(unit=unit, parent=parent, from_on=clock.local_date(at))
        tell(
            "unit.created",
            unit,
            _("新设单位"),
            by=by,
            at=at,
            codes={"kind": kind, "code": code, "parent": unit.parent_id},
            values={"name": name},
        )
    return unit


def edit(unit: Unit, *, by: Actor, at: dt.datetime, **fields: Any) -> Unit:
    """Change the code or the names."""
    with change(edit_structure, unit, by=by, at=at):
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        before = unit.name, unit.name_en
        changes = assign(unit, {name: fields[name] for name in ("code", "name", "name_en") if name in fields})
        demand(_refusals(unit))
        _keep(unit)
        if before != (unit.name, unit.name_en):
            _remember_name(unit, before, clock.local_date(at))
        tell("unit.edited", unit, _("修改单位"), by=by, at=at, codes={"code": unit.code}, values=changes)
    return unit


def move(unit: Unit, *, parent: Unit, by: Actor, at: dt.datetime) -> Unit:
    """Hang the unit under another parent from today on; everything below moves with it."""
    with change(edit_structure, unit, by=by, at=at):
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        old, unit.parent = unit.parent_id, parent
        demand(_refusals(unit))
        if old == parent.pk:
            return unit
        today = clock.local_date(at)
        yesterday = today - dt.timedelta(days=1)
        if not UnitPlacement.objects.filter(unit=unit, to_on=None).update(to_on=yesterday) and old is not None:
            UnitPlacement.objects.create(unit=unit, parent_id=old, from_on=BEGINNING, to_on=yesterday)
        UnitPlacement.objects.create(unit=unit, parent=parent, from_on=today)
        _keep(unit)
        tell("unit.moved", unit, _("调整上级单位"), by=by, at=at, codes={"parent": [old, parent.pk]})
    return unit


def close(unit: Unit, *, by: Actor, at: dt.datetime) -> Unit:
    """Close a unit that nothing stands in any more; its history stays."""
    with change(edit_structure, unit, by=by, at=at):
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        demand(
            refuse_unit_closing(
                children=Unit.objects.filter(parent=unit, is_active=True).count(),
                seats=Seat.objects.filter(unit=unit, is_active=True).count(),
            )
        )
        unit.is_active = False
        unit.save(update_fields=["is_active"])
        # From today on it stands no more.
        UnitPlacement.objects.filter(unit=unit, to_on=None).update(to_on=clock.local_date(at) - dt.timedelta(days=1))
        tell("unit.closed", unit, _("停用单位"), by=by, at=at, codes={"code": unit.code})
    return unit


def _remember_name(unit: Unit, before: tuple[str, str], today: dt.date) -> None:
    """What it was called until yesterday stays with those days; a name of less than a day leaves no trace."""
    running = UnitPlacement.objects.filter(unit=unit, to_on=None)
    if running.filter(from_on__lt=today).update(to_on=today - dt.timedelta(days=1), name=before[0], name_en=before[1]):
        UnitPlacement.objects.create(unit=unit, parent=unit.parent, from_on=today)
    elif not running.exists():
        yesterday = today - dt.timedelta(days=1)
        UnitPlacement.objects.create(
            unit=unit, parent=unit.parent, from_on=BEGINNING, to_on=yesterday, name=before[0], name_en=before[1]
        )
        UnitPlacement.objects.create(unit=unit, parent=unit.parent, from_on=today)


def _refusals(unit: Unit) -> Any:
    others = Unit.objects.exclude(pk=unit.pk)
    return refuse_unit(
        unit_id=unit.pk, kind=unit.kind, parent_kind=unit.parent.kind if unit.parent else None, parent_id=unit.parent_id,
        parents=dict(Unit.objects.values_list("pk", "parent_id")), is_code_taken=others.filter(code=unit.code).exists(),
        has_company=others.filter(kind=Unit.Kind.COMPANY).exists(),
    )  # fmt: skip


def _keep(unit: Unit) -> None:
    """Save the unit with the department and region it lies in, then the units below it."""
    if unit.pk is None:
        unit.place()
        unit.save()
    unit.place()
    unit.save()
    for child in Unit.objects.filter(parent=unit):
        child.parent = unit
        _keep(child)
