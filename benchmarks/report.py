"""The page of figures: ratios against the floor of the same sitting, with the budgets beside them."""

from typing import Any

from benchmarks import sections
from benchmarks.start import LIMITS

# name begins with: floor page, times the floor, statements, KB
BUDGETS = (
    ("list as a fragment", "list", 3, 8, 40),
    ("list", "list", 4, 10, 60),
    ("day board", "list", 6, 10, 80),
    ("record", "hello", 10, 12, 40),
    ("settlement", "hello", 10, 12, 40),
    ("transition", "approve", {"sqlite": 6, "postgres": 4}, 15, None),
    ("workbench", "hello", 15, 15, 40),
    ("official form", "hello", 31, None, None),
)
# A form may take 50 ms; on a slower machine as many hellos as that was where the budget was set (1.6 ms each).
FORM_MS = 50


def write(results: dict[str, Any], others: dict[str, float], machine: str) -> None:
    """Write the pages' section of docs/benchmarks.md from what was measured."""
    lines = [
        "## Pages of a case",
        "",
        "Written by `make bench`. Gunicorn with two workers on loopback, one signed-in user, 50th percentile; the floor is the bare",
        "project in `benchmarks/floor`, measured before and after the product in the same sitting. Budgets are those of the quality page.",
        f"Machine: {machine}. ✗ marks what is over its budget.",
        "",
    ]
    for engine, found in results.items():
        lines += [
            f"### {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}, {found['cases']:,} cases",
            "",
            *table(engine, found),
            "",
        ]
    lines += ["### Starting, first view, memory", "", "| what | figure | budget |", "| --- | --- | --- |"]
    for name, value in others.items():
        limit = LIMITS.get(name)
        over = " ✗" if limit is not None and value > limit else ""
        lines.append(f"| {name}{over} | {value:.1f} | {limit if limit is not None else '–'} |")
    sections.put("pages", lines)


def table(engine: str, found: dict[str, Any]) -> list[str]:
    """The pages of one sitting against its floor."""
    base = found["floor"]
    return [
        f"Floor: hello {base['hello']:.1f} ms, list {base['list']:.1f} ms, approve {base['approve']:.1f} ms.",
        "",
        "| page | p50 ms | p95 ms | × floor | budget | SQL | HTML KB | answers/s, 4 clients |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_row(engine, page, base, found["statements"]) for page in found["pages"]),
    ]


def _row(engine: str, page: Any, base: dict[str, float], statements: dict[str, int]) -> str:
    _name, floor, times, most, kilobytes = next(b for b in BUDGETS if page.name.startswith(b[0]))
    limit = times[engine] if isinstance(times, dict) else times
    sql = statements.get(page.name)
    ratio = page.p50 / base[floor]
    is_form = page.name.startswith("official form")
    over = [
        ratio > limit and not (is_form and page.p50 <= FORM_MS),
        sql is not None and most is not None and sql > most,
        kilobytes is not None and page.size > kilobytes * 1024,
        page.status >= 400,
    ]
    budget = f"{FORM_MS} ms or {limit} × {floor}" if is_form else f"{limit} × {floor}"
    cells = [
        page.name + (" ✗" if any(over) else ""), f"{page.p50:.1f}", f"{page.p95:.1f}", f"{ratio:.1f}", budget,
        str(sql) if sql is not None else "–", f"{page.size / 1024:.0f}", f"{page.per_second:.0f}" if page.per_second else "–",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"
