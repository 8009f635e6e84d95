"""The work of an import in short transactions: staging, checking again, writing a chunk, taking back. Each step is whole or not at all.

A step reads and prepares before its transaction, then locks the import and looks whether it still stands where it stood: two
workers at the same import, or one that comes back after a crash, never do a step twice.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import Min

from zhangfa.core import bulk
from zhangfa.core.decisions import Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.imports import books, drafts, origins, queries
from zhangfa.imports.actions.reading import lines_of
from zhangfa.imports.actions.turns import Turns
from zhangfa.imports.models import Import, Result, Row
from zhangfa.imports.permissions import import_rows
from zhangfa.imports.rules import CLAUSE, MOST_ROWS, UNREADABLE
from zhangfa.imports.target import Draft, Setting, Target
from zhangfa.imports.targets import TARGETS
from zhangfa.organisation.actor import Actor, actor_for, actor_for_person
from zhangfa.organisation.models import Person, User

S, State = Import.Status, Row.State
STAGED = 1_000
RowLine, ResultLine = bulk.line_of(Row), bulk.line_of(Result)
WAITING = (State.READY, State.DOUBLED)


class Moved(Exception):
    """Somebody else took the step, or the import was stopped meanwhile."""


def step(batch_id: int, *, at: dt.datetime, turns: Turns | None = None) -> bool:
    """One step of whatever the import is at; False when there is nothing left to do for now.

    `turns` keeps the file open from one step to the next; without it the file is opened again.
    """
    batch = Import.objects.filter(pk=batch_id).first()
    # Of an emptied import nobody knows any more what was made and what was only filled in.
    if batch is None or batch.is_purged or batch.status not in STEPS:
        return False
    turns = turns or Turns()
    setting = Setting(batch, _actor(batch, at), at, batch.options, turns.remembered())
    try:
        return STEPS[batch.status](setting, TARGETS[batch.target], turns)
    except Moved:
        return Import.objects.filter(pk=batch_id, status__in=STEPS).exclude(version=batch.version).exists()
    except Refused as refused:
        if batch.status == S.APPLYING:
            # Somebody wrote between the judging and the writing: judge again, once.
            return _again(Setting(batch, setting.by, at, batch.options))
        _stop(batch, refused.refusals[0].text if refused.refusals else "")
        return False
    except books.Unreadable as error:
        _stop(batch, UNREADABLE[error.why])
        return False


def _again(setting: Setting) -> bool:
    """The chunk once more, with what has come into the house meanwhile."""
    try:
        return _apply(setting, TARGETS[setting.batch.target], Turns())
    except Refused as refused:
        _stop(Import.objects.get(pk=setting.batch.pk), refused.refusals[0].text if refused.refusals else "")
        return False


def _actor(batch: Import, at: dt.datetime) -> Actor:
    """Who acts: the person who brought it in, with what they may do now."""
    if batch.made_user_id is not None:
        return actor_for(User.objects.get(pk=batch.made_user_id), at)
    return actor_for_person(Person.objects.get(pk=batch.made_by_id), at)


def _stop(batch: Import, why: str) -> None:
    """Say why the work stands still; whoever looks may have it go on."""
    Import.objects.filter(pk=batch.pk, version=batch.version).update(trouble=why[:200])


def break_off(batch_id: int) -> None:
    """The program failed where nobody foresaw it: whoever looks sees that it stands still, while the worker tries again."""
    batch = Import.objects.filter(pk=batch_id, status__in=STEPS).first()
    if batch is not None:
        _stop(batch, _("程序出错，停在这里；系统会自动再试几次。仍不行的，请点“继续”，或告诉系统管理员。"))


def _locked(batch: Import) -> Import:
    """The import under its lock, where it still stands as it stood. Raises Moved."""
    locked = Import.objects.lock(batch.pk)
    if locked.version != batch.version or locked.status != batch.status:
        raise Moved
    locked.version += 1
    locked.trouble = ""
    return locked


def shift(batch: Import, change: dict[str, int]) -> None:
    """Count rows from state to state."""
    counts = dict(batch.counts)
    for state, count in change.items():
        counts[state] = counts.get(state, 0) + count
    batch.counts = {state: count for state, count in counts.items() if count}


def _read(setting: Setting, _target: Target, turns: Turns) -> bool:
    """A large file's first look."""
    from zhangfa.imports.actions.uploading import inspect

    with turns.turn():
        inspect(_locked(setting.batch))
    return False


def _check(setting: Setting, target: Target, turns: Turns) -> bool:
    if setting.options.get("clear"):
        return _clear(setting, turns)
    if setting.options.get("again"):
        return _judge_again(setting, target, turns)
    return _stage(setting, target, turns)


def _clear(setting: Setting, turns: Turns) -> bool:
    """What was staged by another mapping goes first."""
    keys = list(Row.objects.filter(batch=setting.batch).order_by().values_list("pk", flat=True)[: STAGED * 2])
    with turns.turn():
        locked = _locked(setting.batch)
        Row.objects.filter(pk__among=keys)._raw_delete("default")  # type: ignore[attr-defined]
        if len(keys) < STAGED * 2:
            locked.options = {**locked.options, "clear": False}
        locked.read_to, locked.counts, locked.rows_left_out = 0, {}, 0
        locked.save(update_fields=["options", "read_to", "counts", "rows_left_out", "version", "trouble"])
    return True


def _stage(setting: Setting, target: Target, turns: Turns) -> bool:
    """The next rows of the file: read, judged and put on the stage."""
    batch = setting.batch
    if turns.at != batch.read_to:
        turns.lines = itertools.islice(lines_of(batch), batch.read_to, None)
    count = min(STAGED, 2 * turns.chunk)
    taken = list(itertools.islice(turns.lines, count))
    turns.at = batch.read_to + len(taken)
    rows, found = [], []
    for n, (sheet, number, cells) in enumerate(taken, start=batch.read_to + 1):
        if cells is None:
            continue
        rows.append(RowLine(batch=batch, batch_id=batch.pk, n=n, sheet=sheet, line=number))
        found.append(Draft(n, cells))
    drafts.read_cells(found, target, year=setting.options.get("year"))
    judge(found, setting, target)
    for row, draft in zip(rows, found, strict=True):
        _write_on(row, draft)
    with turns.turn():
        locked = _locked(batch)
        bulk.insert(Row, rows)
        shift(locked, _counted(rows))
        locked.read_to = turns.at
        locked.rows_left_out += len(taken) - len(rows)
        locked.total = max(locked.total, locked.read_to)
        is_over = len(taken) < count or locked.read_to >= MOST_ROWS
        if is_over:
            locked.status, locked.total = S.CHECKED, locked.read_to
            _tell("checked", locked, _("检查完成"), setting, codes=dict(locked.counts))
        locked.save(update_fields=["counts", "read_to", "rows_left_out", "total", "status", "version", "trouble"])
    return not is_over


def judge(found: Sequence[Draft], setting: Setting, target: Target) -> None:
    """What the target and the file itself say to these rows; each draft then knows its twin, `draft.values["__twin"]`."""
    if not found:
        return
    target.judge(found, setting)
    keys = {draft.key for draft in found if draft.key}
    first = Row.objects.filter(batch=setting.batch, key__among=keys).exclude(state__in=(State.WRONG, State.UNDONE))
    earlier: dict[str, int] = dict(first.values_list("key").annotate(Min("n")))
    for draft in sorted(found, key=lambda one: one.n):
        twin = earlier.get(draft.key) if draft.key else None
        draft.values["__twin"] = twin if twin is not None and twin < draft.n else None
        if draft.key and not draft.issues:
            earlier[draft.key] = min(draft.n, earlier.get(draft.key, draft.n))


def _write_on(row: Row, draft: Draft) -> None:
    """The judgement on the staged row."""
    batch = row.batch
    twin = draft.values.get("__twin")
    row.state = drafts.settle(
        draft, twin=twin, usual=batch.options.get("on_known", "skip"), target=TARGETS[batch.target]
    )
    row.cells = json.dumps(draft.cells, ensure_ascii=False)
    row.issues = [issue.as_json() for issue in draft.issues]
    row.key, row.rank, row.known, row.twin, row.choice = draft.key, draft.rank, draft.known_label, twin, draft.choice


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.state)] = counts.get(str(row.state), 0) + 1
    return counts


def _judge_again(setting: Setting, target: Target, turns: Turns) -> bool:
    """Rows that were wrong, or all that wait, anew: after a value was replaced, or something was added to the house."""
    batch, todo = setting.batch, dict(setting.options["again"])
    rows = list(
        Row.objects.filter(batch=batch, state__in=todo["states"], n__gt=todo["from"]).order_by("n")[: STAGED // 2]
    )
    found = [drafts.draft_of(row) for row in rows]
    for draft in found:
        if todo.get("field") and draft.cells.get(todo["field"], "") == todo["old"]:
            draft.cells[todo["field"]] = todo["new"]
        if (draft_cells := todo.get("cells", {}).get(str(draft.n))) is not None:
            draft.cells.update(draft_cells)
    drafts.read_cells(found, target, year=setting.options.get("year"))
    judge(found, setting, target)
    with turns.turn():
        locked = _locked(batch)
        judged(locked, rows, found)
        is_over = len(rows) < STAGED // 2
        locked.options = {**locked.options, "again": None if is_over else {**todo, "from": rows[-1].n}}
        if is_over:
            locked.status = S.CHECKED
        locked.save(update_fields=["counts", "options", "status", "version", "trouble"])
    return not is_over


def judged(locked: Import, rows: Sequence[Row], found: Sequence[Draft]) -> None:
    """Keep what was said of rows when they were judged again; the caller holds the import's lock and saves its counts."""
    before = _counted(rows)
    for row, draft in zip(rows, found, strict=True):
        row.batch = locked
        _write_on(row, draft)
    bulk.update(Row, rows, ["cells", "issues", "state", "key", "rank", "known", "twin", "choice"])
    shift(locked, {state: -count for state, count in before.items()})
    shift(locked, _counted(rows))


def _apply(setting: Setting, target: Target, turns: Turns) -> bool:
    """Write the next chunk: all of it or nothing, with its trail."""
    batch = setting.batch
    size = turns.size(min(target.chunk, int(setting.options.get("chunk", target.chunk))))
    before: dict[str, int] = {}
    found = []
    for n, state, cells, choice in _waiting(batch, size):
        before[state] = before.get(state, 0) + 1
        found.append(Draft(n, json.loads(cells) if cells else {}, choice=choice))
    drafts.read_cells(found, target, year=setting.options.get("year"))
    # Before the lock: the writing asks the house's rules again, and is tried once more where somebody came between.
    target.judge(found, setting)
    good = [draft for draft in found if _is_good(draft, setting)]
    if target.prepare is not None:
        target.prepare(good, setting)
    with turns.turn():
        locked = _locked(batch)
        setting.batch = locked
        demand(import_rows(batch.target, by=setting.by, at=setting.at))
        made = target.write(good, setting) if good else []
        results = [
            ResultLine(
                batch_id=locked.pk, n=one.n, label=one.label, key=one.key, ref=one.ref, before=origins.text_of(one.before),
                after=origins.text_of(one.after), is_filled=True if one.after is not None else None,
            )
            for one in made
        ]  # fmt: skip
        bulk.insert(Result, results)
        good_ns = {draft.n for draft in good}
        Row.objects.filter(batch=locked, n__among=good_ns).update(state=State.APPLIED)
        others = {draft.n: draft for draft in found if draft.n not in good_ns}
        left = [(row, others[row.n]) for row in Row.objects.filter(batch=locked, n__among=others)] if others else []
        for row, draft in left:
            row.batch = locked
            _write_on(row, draft)
        bulk.update(Row, [row for row, _d in left], ["issues", "state", "known", "choice"])
        shift(locked, {state: -count for state, count in before.items()})
        shift(locked, {State.APPLIED: len(good), **_counted([row for row, _draft in left])})
        is_over = len(found) < size
        if is_over:
            locked.status, locked.applied_at = S.APPLIED, setting.at
        _tell(
            "applied",
            locked,
            _("写入一批"),
            setting,
            codes={"rows": sorted(good_ns), "left": [row.n for row, _d in left]},
        )
        locked.save(update_fields=["counts", "status", "applied_at", "version", "trouble"])
    return not is_over


def _waiting(batch: Import, size: int) -> list[tuple[int, str, str, str]]:
    """The next rows to be written. Each state on its own, for then the index has them in order, however many there are."""
    found: list[tuple[int, int, str, str, str]] = []
    for state in WAITING:
        rows = Row.objects.filter(batch=batch, state=state).order_by("rank", "n")
        found += rows.values_list("rank", "n", "state", "cells", "choice")[:size]
    return [one[1:] for one in sorted(found, key=lambda one: one[:2])[:size]]


def _is_good(draft: Draft, setting: Setting) -> bool:
    """Whether a row is written now: nothing is wrong with it, and it was settled what becomes of what is known."""
    if draft.issues:
        return False
    if draft.known is not None and not draft.choice:
        # It came into the house after the check.
        draft.choice = setting.options.get("on_known", "skip")
        return draft.choice != "skip"
    return draft.choice != "skip"


def _plan(setting: Setting, _target: Target, turns: Turns) -> bool:
    """Look at what was written, a chunk at a time: what can't be taken back, and why."""
    batch = setting.batch
    looked_to = int(setting.options.get("looked_to", 0))
    rows = Result.objects.filter(batch=batch, undone_at=None, pk__gt=looked_to)
    results = list(rows.order_by("pk")[:STAGED])
    reasons = queries.why_stuck(results, batch)
    changed = [result for result in results if result.stuck != reasons.get(result.pk, [])]
    for result in changed:
        result.stuck = reasons.get(result.pk, [])
    with turns.turn():
        locked = _locked(batch)
        bulk.update(Result, changed, ["stuck"])
        shift(locked, {"stuck": len({result.n for result in results if result.stuck})})
        is_over = len(results) < STAGED
        locked.options = {**locked.options, "looked_to": 0 if is_over else results[-1].pk}
        if is_over:
            locked.status = S.PLANNED
        locked.save(update_fields=["counts", "options", "status", "version", "trouble"])
    return not is_over


def _undo(setting: Setting, target: Target, turns: Turns) -> bool:
    """Take the last chunk back that can be; the newest first, so that nothing is left hanging."""
    batch = setting.batch
    size = turns.size(target.chunk)
    rows = Row.objects.filter(batch=batch, state=State.APPLIED).order_by("-rank", "-n")
    ns = list(rows.values_list("n", flat=True)[:size])
    results = list(Result.objects.filter(batch=batch, n__among=ns, undone_at=None).order_by("pk"))
    try:
        _take_back(setting, target, turns, ns, results, is_over=len(ns) < size)
    except IntegrityError:
        # Somebody began to use one of them between the looking and the removing: the second look finds it.
        setting.batch = batch
        _take_back(setting, target, turns, ns, results, is_over=len(ns) < size)
    return len(ns) == size


def _take_back(setting: Setting, target: Target, turns: Turns, ns: Sequence[int], results: Sequence[Result], *, is_over: bool) -> None:  # fmt: skip
    """These lines, each whole or not at all: a person who stays keeps seat and outlet."""
    # Looked at again, for somebody may have gone on working since the plan; before the lock, for that is hundreds of questions.
    reasons = queries.why_stuck(results, setting.batch)
    with turns.turn():
        locked = _locked(setting.batch)
        setting.batch = locked
        demand(import_rows(locked.target, by=setting.by, at=setting.at))
        if queries.moved_since([result for result in results if result.pk not in reasons]):
            reasons = queries.why_stuck(results, locked)
        kept = {result.n for result in results if result.pk in reasons}
        free = [result for result in results if result.n not in kept]
        if free:
            target.remove(free, setting)
        Result.objects.filter(pk__among=[result.pk for result in free]).update(undone_at=setting.at)
        bound = [result for result in results if result.pk in reasons]
        for result in bound:
            result.stuck = reasons[result.pk]
        bulk.update(Result, bound, ["stuck"])
        undone = [n for n in ns if n not in kept]
        Row.objects.filter(batch=locked, n__among=undone).update(state=State.UNDONE, key="")
        Row.objects.filter(batch=locked, n__among=kept).update(state=State.KEPT)
        shift(locked, {State.APPLIED: -len(ns), State.UNDONE: len(undone), State.KEPT: len(kept)})
        if is_over:
            locked.status, locked.undone_at = S.UNDONE, setting.at
            locked.counts = {state: count for state, count in locked.counts.items() if state != "stuck"}
        _tell("taken_back", locked, _("撤销一批"), setting, codes={"rows": sorted(undone), "kept": sorted(kept)})
        locked.save(update_fields=["counts", "status", "undone_at", "version", "trouble"])


def _tell(event: str, batch: Import, label: str, setting: Setting, *, codes: dict[str, Any]) -> None:
    announce(f"imports.import.{event}", batch, by=setting.by, at=setting.at, label=label, clause=CLAUSE, codes=codes)


STEPS: dict[str, Callable[[Setting, Target, Turns], bool]] = {
    S.READING: _read, S.CHECKING: _check, S.APPLYING: _apply, S.PLANNING: _plan, S.UNDOING: _undo,
}  # fmt: skip
