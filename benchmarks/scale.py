"""Customers, orders and the day board at the size of a national company, and how the figures grow from a hundredth to it.

`python -m benchmarks.scale`: CUSTOMERS=1000000 and ORDERS=10000000 choose the size, ENGINES=sqlite,postgres the engines; writes
its section of docs/benchmarks.md. Data is kept in var/bench between runs.
"""

import json
import os
import sys
from typing import Any

from benchmarks import __main__ as bench
from benchmarks import carry, report, sections
from benchmarks.client import Client, Times
from benchmarks.market import FRAGMENTS

CUSTOMERS = int(os.environ.get("CUSTOMERS", "1000000"))
ORDERS = int(os.environ.get("ORDERS", "10000000"))
SHARES = tuple(int(share) for share in os.environ.get("SHARES", "100,1").split(","))
COUNT = int(os.environ.get("COUNT", "60"))


def main() -> int:
    """Measure a hundredth, then the whole, on each engine."""
    results: dict[tuple[str, int], Any] = {}
    for engine in os.environ.get("ENGINES", "sqlite,postgres").split(","):
        for share in SHARES:
            customers, orders = CUSTOMERS // share, ORDERS // share
            if engine == "postgres":
                carry.ensure(orders)
            with bench.database(engine, f"market-{orders}", f"postgres-market-{orders}") as (floor_url, url):
                results[engine, orders] = measure(engine, floor_url, url, customers, orders)
    write(results)
    return 0


def measure(engine: str, floor_url: str, url: str, customers: int, orders: int) -> dict[str, Any]:
    """Fill where nothing is, then floor, pages, floor."""
    floor = bench._filled(["floor"], floor_url)
    run = [sys.executable, "-m", "benchmarks.market", str(customers), str(orders)]
    facts = json.loads(bench._run(run, url).strip().splitlines()[-1])
    before = bench._floor(floor_url, floor["session"])
    with bench._gunicorn("zhangfa.config.wsgi:application", url, "zhangfa.config.settings") as port:
        pages = list(ask(port, facts))
    after = bench._floor(floor_url, floor["session"])
    base = {name: (before[name].p50 + after[name].p50) / 2 for name in before}
    counted = bench._run([sys.executable, "-m", "benchmarks.market", "statements", json.dumps(facts)], url)
    return {"floor": base, "pages": pages, "statements": json.loads(counted.strip().splitlines()[-1]), "facts": facts}


def ask(port: int, facts: dict[str, Any]) -> list[Times]:
    """Each page as the person who opens it most."""
    cookie = os.environ.get("SESSION_COOKIE", "sessionid")
    clients = {name: Client(port, session, cookie) for name, session in facts["sessions"].items()}
    return [
        clients[who].time(name, path, COUNT, **FRAGMENTS.get(name, {})) for name, (who, path) in facts["pages"].items()
    ]


def write(results: dict[tuple[str, int], Any]) -> None:
    """Both sizes as tables, then the growth of each page."""
    lines = [
        "## Customers and orders",
        "",
        f"`python -m benchmarks.scale`. Machine: {bench.machine()}; load {os.getloadavg()[1]:.1f} at the end.",
        "",
    ]
    for (engine, orders), found in results.items():
        name = "SQLite" if engine == "sqlite" else "PostgreSQL"
        lines += [
            f"### {name}, {orders * CUSTOMERS // ORDERS:,} customers, {orders:,} orders",
            "",
            *report.table(engine, found),
            "",
        ]
    engines = list(dict.fromkeys(engine for engine, _orders in results))
    sizes = sorted({orders for _engine, orders in results})
    if len(sizes) > 1:
        lines += [
            "### Growth: p50 at full size over p50 at a hundredth of it",
            "",
            f"| page | {' | '.join(engines)} |",
            f"| --- |{' --- |' * len(engines)}",
        ]
        for n, page in enumerate(results[engines[0], sizes[0]]["pages"]):
            grown = [results[e, sizes[-1]]["pages"][n].p50 / results[e, sizes[0]]["pages"][n].p50 for e in engines]
            lines.append(f"| {page.name} | {' | '.join(f'{value:.2f}' for value in grown)} |")
    sections.put("scale", lines)


if __name__ == "__main__":
    sys.exit(main())
