"""The roll-up of duties: triggers keep it in the transaction of whatever changes an occurrence, a job folds it (ADR 29).

A trigger adds a row that says one more or one fewer; nobody waits for a counter that somebody else holds.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, connections, transaction

from zhangfa.core import bulk
from zhangfa.duties.models import Count, DayCount, Occurrence, PersonCount

TABLE = "duties_occurrence"
MODELS: tuple[type[Count], ...] = (DayCount, PersonCount)
# So many loose rows are folded at once.
MOST, FEW = 20_000, 400
# What a kind is made of, as an occurrence says it; `{0}` is where its columns are found.
SAID = {
    "due_on": "{0}.due_on", "duty": "{0}.duty_id", "state": "{0}.state", "department": "COALESCE({0}.department_id, 0)",
    "person": "COALESCE({0}.person_id, 0)", "post": "COALESCE((SELECT post_id FROM organisation_seat WHERE id = {0}.seat_id), '')",
}  # fmt: skip
MONTH = {
    "sqlite": "date({0}.due_on, 'start of month')",
    "postgresql": "CAST(date_trunc('month', {0}.due_on) AS date)",
}
LISTENS = ("state", "due_on", "department_id", "person_id", "seat_id", "duty_id")
COUNTS = "{0}.state <> 'void'"


def ensure(sender: Any, using: str, **_rest: Any) -> None:
    """After migrations: make the triggers if they are missing, and count what stands already."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if not {TABLE, *(model._meta.db_table for model in MODELS)} <= set(
            connection.introspection.table_names(cursor)
        ):
            return
        wanted = triggers(using)
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass",
            [TABLE],
        )
        known = {row[0] for row in cursor.fetchall()}
        if known >= set(wanted):
            if not Occurrence.objects.using(using).exists():
                # A database that was emptied table by table.
                for model in MODELS:
                    model._default_manager.using(using).all().delete()
            return
        for name, words in wanted.items():
            if name not in known:
                cursor.execute(words)
    recount()


def triggers(using: str = "default") -> dict[str, str]:
    """Their names, with the words that make each."""
    return dict(_sqlite() if connections[using].vendor == "sqlite" else _postgres())


def _columns(model: type[Count]) -> str:
    return ", ".join((model.SPAN, *model.KIND, "n", "is_loose"))


def _values(model: type[Count], row: str, vendor: str) -> str:
    said = {**SAID, "month": MONTH[vendor]}
    return ", ".join(said[name].format(row) for name in (model.SPAN, *model.KIND))


def _sqlite() -> Iterator[tuple[str, str]]:
    def add(row: str, n: int) -> str:
        return " ".join(
            f"INSERT INTO {model._meta.db_table} ({_columns(model)}) SELECT {_values(model, row, 'sqlite')}, {n}, 1"
            f" WHERE {COUNTS.format(row)};"
            for model in MODELS
        )

    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in LISTENS)
    for name, when, body in (
        ("added", "AFTER INSERT", add("new", 1)),
        ("removed", "AFTER DELETE", add("old", -1)),
        ("changed", f"AFTER UPDATE OF {', '.join(LISTENS)}", add("old", -1) + " " + add("new", 1)),
    ):
        condition = f"WHEN {changed}" if name == "changed" else ""
        yield (
            f"duties_count_{name}",
            f"CREATE TRIGGER duties_count_{name} {when} ON {TABLE} {condition} BEGIN {body} END",
        )


def _postgres() -> Iterator[tuple[str, str]]:
    parts = {"added": (("fresh", 1),), "removed": (("gone", -1),), "changed": (("gone", -1), ("fresh", 1))}
    events = {
        "added": "INSERT ON {0} REFERENCING NEW TABLE AS fresh", "removed": "DELETE ON {0} REFERENCING OLD TABLE AS gone",
        "changed": "UPDATE ON {0} REFERENCING OLD TABLE AS gone NEW TABLE AS fresh",
    }  # fmt: skip
    needed = ", ".join(LISTENS)
    for name, tables in parts.items():
        rows = " UNION ALL ".join(f"SELECT {needed}, {n} AS sign FROM {table}" for table, n in tables)
        body = "".join(
            f"INSERT INTO {model._meta.db_table} ({_columns(model)}) SELECT {_values(model, 'o', 'postgresql')}, SUM(o.sign), true"
            f" FROM ({rows}) o WHERE {COUNTS.format('o')} GROUP BY {', '.join(str(n + 1) for n in range(len(model.KIND) + 1))}"
            " HAVING SUM(o.sign) <> 0;"
            for model in MODELS
        )
        trigger = f"duties_count_{name}"
        yield (
            trigger,
            (
                f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;"
                f" CREATE TRIGGER {trigger} AFTER {events[name].format(TABLE)} FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()"
            ),
        )


def recount() -> None:
    """Everything anew from the occurrences; who writes one meanwhile waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")
        for model in MODELS:
            model._default_manager.all().delete()
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({_columns(model)}) SELECT {_values(model, 'o', connection.vendor)}, COUNT(*), false"
                f" FROM {TABLE} o WHERE {COUNTS.format('o')} GROUP BY {', '.join(str(n + 1) for n in range(len(model.KIND) + 1))}"
            )


def fold(limit: int = MOST) -> int:
    """Add up what came since the last time; the same again changes nothing. Returns how many loose rows there were.

    Each worker adds up what it could lock, so two at once make two rows of a kind, never a wrong sum.
    """
    return sum(_fold(model, limit) for model in MODELS)


def _fold(model: type[Count], limit: int) -> int:
    loose = list(model._default_manager.filter(is_loose=True).order_by("pk").values_list(*_folded_by(model))[:limit])
    spans: dict[Any, set[Any]] = {}
    for span, *more in loose:
        spans.setdefault(span, set()).update(more)
    for span, people in sorted(spans.items()):
        if model is DayCount:
            _fold_kind(model, {"due_on": span})
        for start in range(0, len(people), FEW):
            _fold_kind(model, {"month": span, "person__in": sorted(people)[start : start + FEW]})
    return len(loose)


def _folded_by(model: type[Count]) -> tuple[str, ...]:
    """A day at once; of a month only the people of whom something changed."""
    return ("due_on",) if model is DayCount else ("month", "person")


def _fold_kind(model: type[Count], which: dict[str, Any]) -> None:
    names = (model.SPAN, *model.KIND)
    with transaction.atomic():
        rows = model._default_manager.select_for_update(skip_locked=True).filter(**which)
        found = list(rows.values_list("pk", "n", "is_loose", *names))
        sums: Counter[tuple[Any, ...]] = Counter()
        for _pk, n, _is_loose, *kind in found:
            sums[tuple(kind)] += n
        if len(found) == len(sums) and not any(is_loose for _pk, _n, is_loose, *_kind in found):
            return
        keys = [row[0] for row in found]
        for start in range(0, len(keys), FEW):
            model._default_manager.filter(pk__in=keys[start : start + FEW]).delete()
        made = bulk.line_of(model)
        lines = [made(**dict(zip(names, kind, strict=True)), n=n, is_loose=False) for kind, n in sums.items() if n]
        bulk.insert(model, lines)


def wrong(since: dt.date | None = None) -> list[str]:
    """The days and months (from `since` on) whose counts differ from their occurrences, in the order of time; one pass over each."""
    found: list[str] = []
    for model in MODELS:
        names = (model.SPAN, *model.KIND)
        asked = _grouped(
            f"SELECT {_values(model, 'o', connection.vendor)}, COUNT(*) FROM {TABLE} o WHERE {COUNTS.format('o')}",
            len(names), "o.due_on", since,
        )  # fmt: skip
        kept = _grouped(
            f"SELECT {', '.join(names)}, SUM(n) FROM {model._meta.db_table} WHERE 1 = 1", len(names), model.SPAN, since
        )
        found += sorted({key[0] for key in asked.keys() | kept.keys() if asked.get(key, 0) != kept.get(key, 0)})
    return found


def _grouped(words: str, width: int, column: str, since: dt.date | None) -> dict[tuple[Any, ...], int]:
    groups = ", ".join(str(n + 1) for n in range(width))
    with connection.cursor() as cursor:
        params: Sequence[Any] = [] if since is None else [since]
        cursor.execute(f"{words}{f' AND {column} >= %s' if params else ''} GROUP BY {groups}", params)
        return {(str(row[0]), *row[1:-1]): int(row[-1]) for row in cursor.fetchall() if row[-1]}


def mend(since: dt.date | None = None) -> bool:
    """Count anew if something differs. Returns whether it did."""
    if not wrong(since):
        return False
    recount()
    return True
