"""Imports as pages and jobs ask for them: what was built on a row since, which rows need a hand, where something came from."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, Q, prefetch_related_objects
from django.db.models.functions import Coalesce

from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.relations import pointers
from zhangfa.core.text import _
from zhangfa.imports import origins, registry
from zhangfa.imports.models import Import, Result, Row
from zhangfa.imports.rules import KEEP_DAYS
from zhangfa.policy.queries import value

# Rows that belong to what was made and go with it.
OWN = {
    "customers.customer": {"customers.consent", "customers.profile"},
    "organisation.unit": {"organisation.unitplacement"},
}
# Rows that belong to another row which may have been made, too: they go with that one.
THROUGH = {"organisation.seatplacement": ("seat", "organisation.seat")}
# What the making itself tells of.
MAKING = (
    "organisation.person.added",
    "organisation.unit.created",
    "organisation.seat.added",
    "organisation.holding.begun",
)
GROUPED_FROM = 3_000
SHOWN_GROUPS = 30


def built_on(
    label: str, keys: Sequence[int], batch: Import, kept: Collection[int] = ()
) -> dict[int, list[dict[str, Any]]]:
    """For each of these rows why it can't simply be removed: who points to it, or that it was changed since.

    What the same import made goes, too, and hinders nothing, unless its line is among the `kept`.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    if not keys:
        return found
    going, made_labels = _going(batch, kept), _made_labels(batch)
    for relation in hindering(label):
        name, field = relation.related_model._meta.label_lower, relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{field}__in": keys})
        if name in registry.trailing:
            rows = rows.filter(~Exists(rows.filter(registry.trailing[name], pk=OuterRef("pk"))))
        if name in made_labels:
            rows = rows.filter(~Exists(going.filter(label=name, key=OuterRef("pk"))))
        if name in THROUGH:
            by, owner = THROUGH[name]
            rows = rows.filter(~Exists(going.filter(label=owner, key=OuterRef(f"{by}_id"))))
        for key in rows.order_by().values_list(f"{field}_id", flat=True).distinct():
            found.setdefault(key, []).append({"code": "used", "by": name})
    for key in changed(label, keys):
        found.setdefault(key, []).append({"code": "changed", "by": label})
    return found


def hindering(label: str) -> list[Any]:
    """The columns that may point to such a row and then hold it: not what belongs to it, mirrors it or goes with it."""
    found = []
    for relation in pointers(apps.get_model(label)):
        other = relation.related_model._meta
        name = other.label_lower
        goes_along = name in OWN.get(label, ()) or name in registry.mirrors or registry.trailing.get(name) == Q()
        if other.managed and not goes_along:
            found.append(relation)
    return found


def changed(label: str, keys: Sequence[int]) -> list[int]:
    """Which of these rows somebody has touched since they were made: by their trail."""
    if not keys:
        return []
    chains = {f"{label}:{key}": key for key in keys}
    events = Event.objects.filter(chain__in=chains).exclude(name__in=MAKING)
    return [chains[chain] for chain in events.order_by().values_list("chain", flat=True).distinct()]


def _going(batch: Import, kept: Collection[int]) -> Any:
    """What the import made and takes along: all of it but what stands in lines that stay."""
    rows = Result.objects.filter(batch=batch, undone_at=None).exclude(n__in=kept)
    return rows.filter(~Exists(Row.objects.filter(batch=batch, n=OuterRef("n"), state=Row.State.KEPT)))


def _made_labels(batch: Import) -> Collection[str]:
    from zhangfa.imports.targets import TARGETS

    return TARGETS[batch.target].labels


def why_stuck(results: Sequence[Result], batch: Import) -> dict[int, list[dict[str, Any]]]:
    """By result: why it can't be taken back. A line stays whole, and what it stands on stays with it: looked at until nothing more is found."""
    kept: set[int] = set()
    while True:
        found = _stuck(results, batch, kept)
        more = {row.n for row in results if row.pk in found} - kept
        if not more:
            return found
        kept |= more


def _stuck(results: Sequence[Result], batch: Import, kept: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What is gone already needs nothing."""
    found: dict[int, list[dict[str, Any]]] = {}
    by_label: dict[str, list[Result]] = {}
    for result in results:
        by_label.setdefault(result.label, []).append(result)
    for label, rows in by_label.items():
        objects = _objects(label, [row for row in rows if row.is_filled])
        made = [row for row in rows if not row.is_filled]
        reasons = built_on(label, [row.key for row in made], batch, kept)
        for row in made:
            if row.key in reasons:
                found[row.pk] = reasons[row.key]
        for row in rows:
            if row.is_filled and not _is_as_filled(objects.get(row.key), row):
                found[row.pk] = [{"code": "changed", "by": label}]
    return found


def moved_since(results: Sequence[Result]) -> bool:
    """Whether somebody touched one of these since they were looked at: asked under the lock, in few questions.

    Who began to use one is stopped by the database itself.
    """
    by_label: dict[str, list[Result]] = {}
    for result in results:
        by_label.setdefault(result.label, []).append(result)
    for label, rows in by_label.items():
        filled = [row for row in rows if row.is_filled]
        if changed(label, [row.key for row in rows if not row.is_filled]) or not _are_as_filled(label, filled):
            return True
    return False


def _are_as_filled(label: str, results: Sequence[Result]) -> bool:
    objects = _objects(label, results) if results else {}
    return all(_is_as_filled(objects.get(result.key), result) for result in results)


def _objects(label: str, results: Sequence[Result]) -> dict[int, Any]:
    """What the import touched, with what it filled beside it."""
    model: Any = apps.get_model(label)
    found: dict[int, Any] = model._default_manager.in_bulk([row.key for row in results])
    beside = {name.partition(".")[0] for row in results for name in origins.values_of(row.after) if "." in name}
    prefetch_related_objects(list(found.values()), *beside)
    return found


def _is_as_filled(obj: Any, result: Result) -> bool:
    return obj is not None and all(
        _standing(obj, name) == value for name, value in origins.values_of(result.after).items()
    )


def _standing(obj: Any, path: str) -> Any:
    """What stands there now: `profile.pets` beside the row itself."""
    for name in path.split("."):
        obj = getattr(obj, name, None)
    return obj.isoformat() if isinstance(obj, dt.date) else obj or ""


# What a row is called by, and what is read along for it.
NAMED_BY = {
    "customers.customer": ((), lambda row: row.no), "orders.order": ((), lambda row: row.number), "organisation.unit": ((), str),
    "organisation.person": ((), str), "organisation.seat": (("unit", "post"), str),
    "organisation.holding": (("person",), lambda row: row.person.shown_name),
}  # fmt: skip


def called(label: str, keys: Sequence[int]) -> dict[int, str]:
    """What people call these rows, in one question."""
    beside, name = NAMED_BY[label]
    rows = apps.get_model(label)._default_manager.select_related(*beside).in_bulk(list(keys))
    return {key: name(row) for key, row in rows.items()}


def groups_of(batch: Import) -> list[dict[str, Any]]:
    """The mistakes that many rows share, most first: field, code and the cell, so that they can be mended at once."""
    rows = Row.objects.filter(batch=batch, state=Row.State.WRONG).order_by("rank", "n")[:GROUPED_FROM]
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        cells = json.loads(row.cells) if row.cells else {}
        for issue in row.issues:
            params = json.dumps(issue["params"], ensure_ascii=False, sort_keys=True)
            counted[(issue["field"], issue["code"], cells.get(issue["field"], ""), issue["text"] + "\n" + params)] += 1
    return [
        {"field": field, "code": code, "cell": cell, "text": said.split("\n")[0], "params": json.loads(said.split("\n")[1]), "count": count}
        for (field, code, cell, said), count in counted.most_common(SHOWN_GROUPS)
    ]  # fmt: skip


def next_wrong(batch: Import, after: int) -> Row | None:
    """The next row that needs a hand."""
    rows = Row.objects.filter(batch=batch, state=Row.State.WRONG)
    return rows.filter(n__gt=after).order_by("n").first() or rows.order_by("n").first()


def origin(page: Any, obj: Any) -> tuple[str, dict[str, Any]]:
    """Where a customer or an order came from, for the panel on its page."""
    rows = Result.objects.filter(label=obj._meta.label_lower, key=obj.pk, undone_at=None)
    results = list(rows.select_related("batch__made_by").order_by("pk")[:SHOWN_GROUPS])
    batches = {result.batch_id for result in results}
    seen = set(Import.objects.visible_to(page.actor).filter(pk__in=batches).values_list("pk", flat=True))
    return "imports/of_row.html", {"results": [(result, result.batch_id in seen) for result in results]}


def brought(customers: Sequence[int], at: dt.datetime) -> dict[int, tuple[dt.date, dt.date]]:
    """When a list brought these files into the house, and until when it can be taken back: told to the archive (R3)."""
    days = dt.timedelta(days=int(value(KEEP_DAYS, at)))
    rows = Result.objects.filter(label="customers.customer", key__in=customers, undone_at=None, is_filled=None)
    # An import that is still running, or was stopped on the way, has brought what it has brought.
    found = rows.order_by().values_list("key").annotate(came=Max(Coalesce("batch__applied_at", "batch__made_at")))
    return {key: (clock.local_date(when), clock.local_date(when) + days) for key, when in found}


def kept_files(hashes: Sequence[str]) -> set[str]:
    """Pieces of files that an import still names: told to the vault's sweeper."""
    wanted = set(hashes)
    named = Import.objects.exclude(pieces=[]).values_list("pieces", flat=True)
    return {sha for pieces in named.iterator() for sha in pieces if sha in wanted}


def doubles(rows: Any) -> Any:
    return rows.filter(Q(twin__isnull=False) | ~Q(known=""))


WORDS = {"used": _("已被使用"), "changed": _("导入后又改过")}
