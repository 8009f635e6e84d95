"""Keyset paging: a page is found by the sort values of the row before it, so page 4,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import F, Field, Model, Q, QuerySet

from zhangfa.core.compiled import reader

COUNT_LIMIT = 500
# Words are looked for row by row: whoever finds more than this types another word instead of turning pages.
SEARCH_LIMIT = 100


@dataclass(frozen=True)
class Key:
    """One sort column: an ORM path, its direction and its field."""

    path: str
    descending: bool
    field: Field[Any, Any]

    def order(self, backwards: bool) -> Any:
        descending = self.descending != backwards
        if not self.field.null:
            return f"-{self.path}" if descending else self.path
        # Rows without a value come last, and first when read backwards.
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.path).desc(**nulls) if descending else F(self.path).asc(**nulls)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """Rows that come strictly after the value in this reading direction."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=[])
        operator = "lt" if self.descending != backwards else "gt"
        later = Q(**{f"{self.path}__{operator}": value})
        return later | Q(**{f"{self.path}__isnull": True}) if self.field.null and not backwards else later

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def compare(self, left: Any, right: Any) -> int:
        if left == right:
            return 0
        if left is None or right is None:
            return 1 if left is None else -1
        return (-1 if left < right else 1) * (-1 if self.descending else 1)


@dataclass(frozen=True)
class Window:
    rows: list[Any]
    before: str  # token of the previous page, "" where there is none
    after: str
    count: int
    is_counted: bool  # False: there are at least `count`


def keys_for(model: type[Model], sort: Sequence[str]) -> list[Key]:
    """The sort declaration as keys; its last column must tell rows apart."""
    keys = []
    for name in sort:
        path = name.removeprefix("-")
        owner: type[Model] = model
        for step in path.split("__")[:-1]:
            owner = owner._meta.get_field(step).related_model  # type: ignore[assignment]
        last = path.split("__")[-1]
        keys.append(Key(path, name.startswith("-"), owner._meta.pk if last == "pk" else owner._meta.get_field(last)))  # type: ignore[arg-type]
    return keys


def encode(values: Sequence[Any]) -> str:
    plain = [v.isoformat() if isinstance(v, dt.date) else v if v is None else str(v) for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(token: str, keys: Sequence[Key]) -> list[Any] | None:
    """The sort values of a token, or None for anything that is not one of ours: then the first page is shown."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(token[:2000] + "=" * (-len(token) % 4)))
        if not isinstance(plain, list) or len(plain) != len(keys):
            return None
        values = [
            None if value is None else key.field.to_python(str(value)) for key, value in zip(keys, plain, strict=True)
        ]
    except (ValueError, ValidationError, TypeError, ArithmeticError):
        return None
    fits = all(
        (value is not None or key.field.null) and not (isinstance(value, int) and abs(value) >= 2**63)
        for key, value in zip(keys, values, strict=True)
    )
    return values if fits else None


def _after(keys: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    condition = Q(pk__in=[])
    same = Q()
    for key, value in zip(keys, values, strict=True):
        condition |= same & key.beyond(value, backwards)
        same &= key.same(value)
    return condition


def window(
    branches: Sequence[QuerySet[Any]],
    rows: QuerySet[Any],
    keys: Sequence[Key],
    size: int,
    *,
    after: str = "",
    before: str = "",
    is_searched: bool = False,
    is_narrowed: bool = False,
) -> Window:
    """One page out of at most three branches, each sorted and limited by the database before they are merged.

    A search finds rows that no index has in order: their keys alone are sorted, and only those of the page are read in full.
    What is narrowed may be found after long looking: it is counted only where a page does not hold all of it.
    """
    backwards = bool(before)
    token = before or after
    start = decode(token, keys) if token else None
    backwards = backwards and start is not None
    order = [key.order(backwards) for key in keys]
    cut = [
        (branch if start is None else branch.filter(_after(keys, start, backwards))).order_by(*order)[: size + 1]
        for branch in branches
    ]
    paths = [key.path for key in keys]
    counted: int | None = None
    if len(cut) > 1:
        lines, counted = _lines(cut, paths, [] if is_searched or is_narrowed else branches)
        found = _merge(lines, keys, backwards)
        by_pk = {row.pk: row for row in rows.filter(pk__in=[line[0] for line in found[:size]])}
        ordered = [(line[1:], by_pk[line[0]]) for line in found[:size] if line[0] in by_pk]
        is_more = len(found) > size
    else:
        listed = list(
            rows.filter(pk__in=cut[0].values("pk")).order_by(*order)
            if is_searched
            else (rows if start is None else rows.filter(_after(keys, start, backwards))).order_by(*order)[: size + 1]
        )
        ordered = [([_value(row, path) for path in paths], row) for row in listed[:size]]
        is_more = len(listed) > size
    if backwards:
        ordered.reverse()
    has_next, has_previous = (True, is_more) if backwards else (is_more, start is not None)
    first = encode(ordered[0][0]) if ordered and has_previous else ""
    last = encode(ordered[-1][0]) if ordered and has_next else ""
    limit = SEARCH_LIMIT if is_searched else COUNT_LIMIT
    if not has_next and not has_previous:
        counted, limit = len(ordered), len(ordered) + 1
    elif counted is None:
        # By its key alone a search walks the rows as it did for the page: from anywhere else it would read far more.
        is_walked = is_searched and len(keys) == 1
        ordered_alike = [branch.order_by(*order) for branch in branches] if is_walked else branches
        counted, _is_all = bounded_count(ordered_alike, limit, in_order=is_walked)
    return Window([row for _values, row in ordered], first, last, counted, counted < limit)


def _lines(
    cut: Sequence[QuerySet[Any]], paths: Sequence[str], counted: Sequence[QuerySet[Any]]
) -> tuple[list[Any], int | None]:
    """Keys and sort values of what each branch has for the page, and how many rows `counted` have together: one question."""
    parts = [part.values_list("pk", *paths) for part in cut]
    read: Any = None
    texts: list[tuple[str, Any]] = []
    for part in parts:
        compiler: Any = part.query.get_compiler(connection=connection)
        try:
            texts.append(compiler.as_sql())
        except EmptyResultSet:
            continue
        read = read or reader(part, compiler)
    if not texts:
        return [], None
    words, values = _together(texts)
    beside = ""
    if counted:
        beside, more = _counting(counted, COUNT_LIMIT)
        beside, values = f", ({beside}) beside", [*values, *more]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({words}) found{beside}", values)  # noqa: S608 Django's own words
        found = cursor.fetchall()
    return read(found), found[0][-1] if counted and found else None


def _together(texts: Sequence[tuple[str, Any]]) -> tuple[str, list[Any]]:
    """What each of the texts finds, put together in one."""
    words = " UNION ALL ".join(f"SELECT * FROM ({text}) part_{n}" for n, (text, _values) in enumerate(texts))  # noqa: S608
    return words, [value for _text, values in texts for value in values]


def bounded_count(branches: Sequence[QuerySet[Any]], limit: int, in_order: bool = False) -> tuple[int, bool]:
    """How many rows the branches have together, and whether that is all: counted no further than the limit."""
    words, values = _counting(branches, limit, in_order)
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        count = int(cursor.fetchone()[0])
    return count, count < limit


def _counting(branches: Sequence[QuerySet[Any]], limit: int, in_order: bool = False) -> tuple[str, list[Any]]:
    """No key leaves the database, and what the first branches give is enough at the limit."""
    texts = []
    for branch in branches:
        try:
            some = (branch if in_order else branch.order_by()).values("pk")[:limit]
            texts.append(some.query.sql_with_params())
        except EmptyResultSet:
            continue
    if not texts:
        return "SELECT 0", []
    words, values = _together(texts)
    if len(texts) > 1:
        words = f"SELECT DISTINCT * FROM ({words}) found LIMIT {limit}"  # noqa: S608
    return f"SELECT COUNT(*) FROM ({words}) counted", values  # noqa: S608


def _merge(lines: list[Any], keys: Sequence[Key], backwards: bool) -> list[Any]:
    unique = {line[0]: line for line in lines}

    def compare(left: Any, right: Any) -> int:
        for index, key in enumerate(keys, start=1):
            if outcome := key.compare(left[index], right[index]):
                return -outcome if backwards else outcome
        return 0

    return sorted(unique.values(), key=cmp_to_key(compare))


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = row.pk if step == "pk" else getattr(row, step, None)
    return row
