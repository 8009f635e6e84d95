"""Mending a staged row in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.imports import drafts
from zhangfa.imports.actions.engine import judge, judged
from zhangfa.imports.models import Import, Row
from zhangfa.imports.permissions import carry_import
from zhangfa.imports.rules import CLAUSE
from zhangfa.imports.target import Setting
from zhangfa.imports.targets import TARGETS
from zhangfa.organisation.actor import Actor

S, State = Import.Status, Row.State
OPEN = (S.CHECKED, S.APPLIED, S.CANCELLED)


def _refuse(batch: Import, row: Row) -> Iterator[Refusal]:
    if batch.status not in OPEN or batch.is_purged:
        yield Refusal("import.closed", _("导入正在进行或已经结束，不能修改行。"), {}, CLAUSE)
    elif row.state in (State.APPLIED, State.UNDONE, State.KEPT):
        yield Refusal("import.written", _("这一行已经写入，请到档案里修改。"), {}, CLAUSE)


def mend(row: Row, *, cells: dict[str, str], choice: str = "", by: Actor, at: dt.datetime) -> Row:
    """Put other words into a row, or settle what becomes of it; it is judged at once."""
    with work():
        batch = Import.objects.lock(row.batch_id)
        row = Row.objects.select_for_update().get(pk=row.pk)
        demand([*carry_import(batch, by=by, at=at), *_refuse(batch, row)])
        target = TARGETS[batch.target]
        draft = drafts.draft_of(row)
        changed = sorted(name for name, cell in cells.items() if draft.cells.get(name, "") != cell)
        draft.cells = {**draft.cells, **cells}
        draft.choice = choice
        drafts.read_cells([draft], target, year=batch.options.get("year"))
        judge([draft], Setting(batch, by, at, batch.options), target)
        judged(batch, [row], [draft])
        batch.version += 1
        batch.save(update_fields=["counts", "version"])
        announce(
            "imports.import.mended", batch, by=by, at=at, label=_("修改导入行"), clause=CLAUSE,
            codes={"row": row.n, "fields": changed, "choice": row.choice, "state": row.state},
        )  # fmt: skip
    return row
