"""The analytic mirror: the roll-up as Parquet, one file a month, for DuckDB where it is installed (ADR 26).

A file is written beside its place and moved there; its name says which state of the month it holds, so that a file is
either whole and current or not used. Without DuckDB, or while the mirror lags, the database answers itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from zhangfa.core.money import to_fen
from zhangfa.reports import rollup
from zhangfa.reports.models import Month, MonthSum

MEMORY, THREADS = "512MB", 2
COLUMNS = (
    "customer_id",
    "month",
    "product_id",
    "department_id",
    "orders",
    "amount",
    "rated",
    "score",
    "owed",
    "first_on",
    "last_on",
)
TYPES = (
    "{'customer_id':'BIGINT','month':'INTEGER','product_id':'VARCHAR','department_id':'BIGINT','orders':'INTEGER','amount':'BIGINT',"
    "'rated':'INTEGER','score':'INTEGER','owed':'INTEGER','first_on':'DATE','last_on':'DATE'}"
)


def folder() -> Path:
    """One folder for each database: two companies on one machine never read each other's figures."""
    known = connection.settings_dict
    name = "|".join(str(known.get(part) or "") for part in ("HOST", "PORT", "NAME"))
    return Path(settings.ZHANGFA_HOME) / "mirror" / hashlib.sha256(name.encode()).hexdigest()[:12]


def is_installed() -> bool:
    """The engine is optional: without it plain SQL answers. It is loaded when it is first used, for it takes 40 MB."""
    return importlib.util.find_spec("duckdb") is not None


def file_of(month: int, changes: int) -> Path:
    return folder() / f"{month}-{changes}.parquet"


def refresh() -> list[int]:
    """Write the months that changed since; each is checked by count and sum before it counts. Returns them."""
    if not is_installed():
        return []
    folder().mkdir(parents=True, exist_ok=True)
    stale = [
        (month, changes)
        for month, changes, mirrored in Month.objects.order_by("month").values_list("month", "changes", "mirrored")
        if changes != mirrored or not file_of(month, changes).exists()
    ]
    files = [] if stale else _files()
    if not stale and (not files or _sums_file(files).exists()):
        return []
    written = []
    # The numbers are read first: what changes while a file is written makes it old at once, never wrong.
    with contextlib.closing(_link()) as link, tempfile.TemporaryDirectory(dir=folder()) as place:
        source = _gathered(link, [month for month, _changes in stale], Path(place))
        told = _told(stale)
        for month, changes in stale:
            if write(link, month, changes, source, told.get(month)):
                Month.objects.filter(pk=month).update(mirrored=changes)
                written.append(month)
                _sweep(month, changes)
        _write_sums(link, is_new=bool(written))
    return written


Told = tuple[int, int, int]


def _told(stale: Sequence[tuple[int, int]]) -> dict[int, Told]:
    """What the database says of these months as they are carried: customers, orders and money."""
    carried = set(Month.objects.filter(summed=F("changes")).values_list("month", "changes"))
    wanted = [month for month, changes in stale if (month, changes) in carried]
    rows = MonthSum.objects.filter(month__in=wanted, department_id=rollup.WHOLE, product_id="")
    found = {
        month: (customers, orders, to_fen(amount))
        for month, customers, orders, amount in rows.values_list("month", "customers", "orders", "amount")
    }
    return {month: found.get(month, NOTHING) for month in wanted}


NOTHING: Told = (0, 0, 0)
# From so many months on, one walk over the whole roll-up is cheaper than the index of each.
MANY = 4


def _gathered(link: Any, months: Sequence[int], place: Path) -> str:
    """The rows of these months as something to read from: memory stays flat however many there are."""
    if not months:
        return ""
    raw, ready = place / "rows.csv", place / "rows.parquet"
    _export(f"{'' if len(months) < MANY else '+'}month IN ({', '.join(map(str, months))})", raw)
    link.execute(
        f"COPY (SELECT * FROM read_csv('{raw}', auto_detect=false, header=false, delim=',', columns={TYPES}) ORDER BY month)"
        f" TO '{ready}' (FORMAT parquet)"
    )
    raw.unlink()
    return str(ready)


def _write_sums(link: Any, *, is_new: bool) -> None:
    """Since when each customer is served: reckoned from the files themselves, under a name that says from which."""
    if not (files := _files()) or ((place := _sums_file(files)).exists() and not is_new):
        return
    ready = place.with_suffix(".new")
    link.execute(
        f"COPY (SELECT customer_id, MIN(first_on) AS first_on FROM {_read(files)} GROUP BY customer_id) TO '{ready}' (FORMAT parquet)"
    )
    ready.replace(place)
    for old in folder().glob("sums-*.parquet"):
        if old != place:
            with contextlib.suppress(OSError):
                old.unlink()


def _files() -> list[Path]:
    """The files of the months as they stand in the mirror; empty where one is missing or behind."""
    found = []
    for month, changes, mirrored in Month.objects.order_by("month").values_list("month", "changes", "mirrored"):
        path = file_of(month, changes)
        if changes != mirrored or not path.exists():
            return []
        found.append(path)
    return found


def _sums_file(files: Sequence[Path]) -> Path:
    name = hashlib.sha256("|".join(path.name for path in files).encode()).hexdigest()[:12]
    return folder() / f"sums-{name}.parquet"


def _read(files: Sequence[Path]) -> str:
    names = ", ".join(f"'{path}'" for path in files)
    return f"read_parquet([{names}])"


def write(link: Any, month: int, changes: int, source: str, told: Told | None) -> bool:
    """One month as Parquet; False where it isn't what the database told, because rows came meanwhile: the next round writes it."""
    place = file_of(month, changes)
    ready = place.with_suffix(".new")
    link.execute(
        f"COPY (SELECT * FROM read_parquet('{source}') WHERE month = {int(month)} ORDER BY customer_id)"
        f" TO '{ready}' (FORMAT parquet, COMPRESSION zstd)"
    )
    held = link.execute(
        "SELECT count(DISTINCT customer_id), coalesce(sum(orders), 0)::BIGINT, coalesce(sum(amount), 0)::BIGINT"
        f" FROM read_parquet('{ready}')"
    ).fetchone()
    if told != held:
        ready.unlink()
        return False
    ready.replace(place)
    return True


def _export(chosen: str, path: Path) -> None:
    """Rows as text, straight from the cursor."""
    text = f"SELECT {', '.join(COLUMNS)} FROM reports_use WHERE {chosen}"
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with path.open("wb") as out, connection.connection.cursor() as cursor, cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:  # fmt: skip
            for block in copy:
                out.write(block)
        return
    # The driver's own cursor, and each row a line already: millions pass, none needs a converter or a writer.
    line = " || ',' || ".join(QUOTED if column == "product_id" else column for column in COLUMNS)
    connection.ensure_connection()
    with (
        path.open("w", newline="", encoding="utf-8") as out,
        contextlib.closing(connection.connection.cursor()) as cursor,
    ):
        cursor.execute(f"SELECT {line} FROM reports_use WHERE {chosen}")
        while rows := cursor.fetchmany(10_000):
            out.writelines(f"{row}\n" for (row,) in rows)


QUOTED = """'"' || replace(product_id, '"', '""') || '"'"""


def _sweep(month: int, changes: int) -> None:
    for old in folder().glob(f"{month}-*.parquet"):
        if old != file_of(month, changes):
            with contextlib.suppress(OSError):
                old.unlink()


def opened() -> Any:
    """A link to a current mirror, or None: then the database answers itself."""
    if not is_installed():
        return None
    files = _files()
    if not files or not _sums_file(files).exists():
        return None
    link = _link()
    link.execute(f"CREATE VIEW uses AS SELECT * FROM {_read(files)}")
    if not _agrees(link):
        link.close()
        return None
    link.execute(f"CREATE VIEW sums AS SELECT * FROM {_read([_sums_file(files)])}")
    return link


def _agrees(link: Any) -> bool:
    """Whether orders and money of every month are those of the database: files of another day (a restored backup) don't count."""
    rows = MonthSum.objects.filter(department_id=rollup.WHOLE, product_id="").values_list("month", "orders", "amount")
    told = {month: (orders, to_fen(amount)) for month, orders, amount in rows}
    link_rows = link.execute(
        "SELECT month, sum(orders)::BIGINT, sum(amount)::BIGINT FROM uses GROUP BY month"
    ).fetchall()
    return told == {month: (orders, amount) for month, orders, amount in link_rows}


def _link() -> Any:
    import duckdb

    link = duckdb.connect(":memory:")
    link.execute(f"SET memory_limit = '{MEMORY}'")
    link.execute(f"SET threads = {THREADS}")
    return link


def months() -> Iterator[tuple[int, bool]]:
    """Each month and whether the mirror holds it as it is."""
    for month, changes, mirrored in Month.objects.order_by("month").values_list("month", "changes", "mirrored"):
        yield month, changes == mirrored
