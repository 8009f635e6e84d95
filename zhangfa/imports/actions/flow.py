"""What people decide about an import: the columns, the writing, the stopping, the taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.imports.models import Import, Remembered, Row
from zhangfa.imports.permissions import carry_import
from zhangfa.imports.rules import CLAUSE, refuse_apply, refuse_mapping, refuse_undo
from zhangfa.imports.targets import TARGETS
from zhangfa.organisation.actor import Actor

S, State = Import.Status, Row.State


def _guard_check(
    batch: Import, *, by: Actor, at: dt.datetime, columns: dict[str, str], constants: dict[str, str], sheets: list[str], on_known: str,
    source: str = "", year: int | None = None,
) -> Iterator[Refusal]:  # fmt: skip
    target = TARGETS[batch.target]
    given = [name for name in columns.values() if name]
    filled = {*given, *(name for name, value in constants.items() if value)}
    yield from refuse_mapping(
        required=[field.name for field in target.fields if field.required], mapped=filled,
        doubled={name for name in given if given.count(name) > 1}, names={field.name: str(field.zh) for field in target.fields},
        source=source, asks_source=target.asks_source,
    )  # fmt: skip


@transition(
    Import, sources=[S.MAPPING], target=S.CHECKING, label=_("对应列并检查"), event="mapped", permit=carry_import, guard=_guard_check,
    clause=CLAUSE, hint=_("只检查，不写入。检查完可以逐行修改，确认后再写入。"),
)  # fmt: skip
def check(
    batch: Import, *, by: Actor, at: dt.datetime, columns: dict[str, str], constants: dict[str, str], sheets: list[str], on_known: str,
    source: str = "", year: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What each column is; remembered for the next workbook with the same heading."""
    kept = {n: name for n, name in columns.items() if name}
    same = {name: value for name, value in constants.items() if value}
    batch.mapping = {"columns": kept, "constants": same, "sheets": sheets}
    batch.options = {"on_known": on_known, "year": year, "clear": bool(batch.counts or batch.read_to)}
    batch.source = source
    heights = {sheet["name"]: sheet["height"] for sheet in batch.shape["sheets"]}
    batch.total = sum(heights.get(name, 0) for name in sheets)
    signature = next((s["signature"] for s in batch.shape["sheets"] if s["name"] in sheets and s["signature"]), "")
    if signature:
        Remembered.objects.update_or_create(
            target=batch.target, signature=signature,
            defaults={"columns": kept, "constants": same, "used_at": at, "used_by_id": by.person_id},
        )  # fmt: skip
    return {"codes": {"columns": kept, "on_known": on_known}, "values": {"source": source}}


@transition(
    Import, sources=[S.MAPPING], target=None, label=_("换表头行"), event="reread", permit=carry_import, clause=CLAUSE,
)  # fmt: skip
def reread(batch: Import, *, by: Actor, at: dt.datetime, sheet: str, head: int) -> None:
    """Another row of the sheet is the heading, or none is (0)."""
    from zhangfa.imports.actions.uploading import inspect

    # In a row of its own: what the sheet holds is no news for the trail.
    inspect(Import.objects.get(pk=batch.pk), heads={sheet: head})


@transition(
    Import, sources=[S.CHECKED], target=S.MAPPING, label=_("重新对应列"), event="remapped", permit=carry_import, clause=CLAUSE,
    applies=lambda batch: not batch.count(State.APPLIED),
)  # fmt: skip
def remap(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """The columns were read wrongly: begin again, what was mended by hand is lost."""


def _guard_apply(batch: Import, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from refuse_apply(ready=batch.count(State.READY, State.DOUBLED))


@transition(
    Import, sources=[S.CHECKED, S.APPLIED, S.CANCELLED], target=S.APPLYING, label=_("写入"), event="confirmed", permit=carry_import,
    guard=_guard_apply, clause=CLAUSE, applies=lambda batch: batch.count(State.READY, State.DOUBLED) > 0 and not batch.is_purged,
    hint=_("没有错误的行写入系统；有错误的行留下，改好后可以再写入。写入后可以整体撤销。"),
)  # fmt: skip
def apply(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """What is right is written, chunk by chunk."""


@transition(
    Import, sources=[S.MAPPING, S.CHECKING, S.CHECKED, S.APPLYING], target=S.CANCELLED, label=_("停止导入"), event="cancelled",
    permit=carry_import, clause=CLAUSE, hint=_("还没写入的行不再写入；已写入的留着，可以另行撤销。"),
)  # fmt: skip
def cancel(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """Stop after the chunk that is being written."""


def _guard_plan(batch: Import, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from refuse_undo(applied=batch.count(State.APPLIED), is_purged=batch.is_purged)


@transition(
    Import, sources=[S.APPLIED, S.CANCELLED, S.CHECKED], target=S.PLANNING, label=_("撤销导入"), event="undo_planned", permit=carry_import,
    guard=_guard_plan, clause=CLAUSE, applies=lambda batch: batch.count(State.APPLIED) > 0,
    hint=_("先核对哪些能撤销、哪些不能和原因，确认后才动数据。"),
)  # fmt: skip
def plan_undo(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """Look first what can be taken back."""
    batch.options = {**batch.options, "looked_to": 0}
    batch.counts = {state: count for state, count in batch.counts.items() if state != "stuck"}


@transition(
    Import, sources=[S.PLANNED], target=S.UNDOING, label=_("确认撤销"), event="undo_confirmed", permit=carry_import, guard=_guard_plan,
    clause=CLAUSE, applies=lambda batch: not batch.is_purged, hint=_("能撤销的行全部撤销，不能撤销的行保留。"),
)  # fmt: skip
def undo(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """Take back what can be."""


@transition(
    Import, sources=[S.PLANNED], target=S.APPLIED, label=_("不撤销"), event="undo_dropped", permit=carry_import, clause=CLAUSE,
)  # fmt: skip
def keep(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """Leave everything as it is."""


@transition(
    Import, sources=[S.CHECKED], target=S.CHECKING, label=_("再检查一次"), event="rechecked", permit=carry_import, clause=CLAUSE,
    applies=lambda batch: batch.count(State.WRONG) > 0, hint=_("补建了网点、产品、服务员或客户以后，重新检查有错误的行。"),
)  # fmt: skip
def replace(
    batch: Import,
    *,
    by: Actor,
    at: dt.datetime,
    field: str = "",
    old: str = "",
    new: str = "",
    cells: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Judge the wrong rows again; with a field, first put one value for another in all of them."""
    batch.options = {
        **batch.options,
        "again": {"states": [State.WRONG], "from": 0, "field": field, "old": old, "new": new, "cells": cells or {}},
    }
    return {"codes": {"field": field, "mended": len(cells or {})}}


@transition(
    Import, sources=[S.READING, S.CHECKING, S.APPLYING, S.PLANNING, S.UNDOING], target=None, label=_("继续"), event="resumed",
    permit=carry_import, clause=CLAUSE, applies=lambda batch: bool(batch.trouble) and not batch.is_purged,
)  # fmt: skip
def resume(batch: Import, *, by: Actor, at: dt.datetime) -> None:
    """Go on after what stopped it was put right."""
    batch.trouble = ""
