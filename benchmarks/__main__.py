"""`make bench`: floor and product on one database engine after the other, in one sitting; writes docs/benchmarks.md.

CASES=100000 chooses the volume, ENGINES=sqlite,postgres the engines. Data is kept in var/bench between runs.
"""

import datetime as dt
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import report, start
from benchmarks.client import Client, Times, throughput

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "var" / "bench"
CASES = int(os.environ.get("CASES", "100000"))
COUNT = int(os.environ.get("COUNT", "200"))
WARM = 24


def main() -> int:
    """Measure each engine and write the page."""
    results = {}
    for engine in os.environ.get("ENGINES", "sqlite,postgres").split(","):
        with database(engine) as (floor_url, product_url):
            results[engine] = measure(engine, floor_url, product_url)
    others = start.measure(_environment(""), _free_port())
    report.write(results, others, machine())
    return 0


def measure(engine: str, floor_url: str, product_url: str) -> dict[str, Any]:
    """Floor, product, floor again: the mean of both floors stands under the ratios."""
    floor = _filled(["floor"], floor_url)
    facts = _filled(["product", str(CASES)], product_url)
    print(f"{engine}: {facts['cases']} cases (written in {facts['built_seconds']} s)", flush=True)
    before = _floor(floor_url, floor["session"])
    with _gunicorn("zhangfa.config.wsgi:application", product_url, "zhangfa.config.settings") as port:
        pages = _product(port, facts)
    after = _floor(floor_url, floor["session"])
    base = {name: (before[name].p50 + after[name].p50) / 2 for name in before}
    statements = json.loads(_run([sys.executable, "-m", "benchmarks.statements", json.dumps(facts)], product_url))
    return {
        "floor": base,
        "pages": pages,
        "statements": statements,
        "cases": facts["cases"],
        "built": facts["built_seconds"],
    }


def _floor(url: str, session: str) -> dict[str, Times]:
    with _gunicorn("benchmarks.floor.wsgi:application", url, "benchmarks.floor.settings") as port:
        client = Client(port, session)
        return {name: client.time(name, f"/{name}", COUNT) for name in ("hello", "list", "approve")}


def _product(port: int, facts: dict[str, Any]) -> list[Times]:
    cookie = os.environ.get("SESSION_COOKIE", "sessionid")
    client = Client(port, facts["sessions"]["cs"], cookie)
    number = facts["number"]
    fragment = {"HX-Request": "true", "HX-Target": "list"}
    pages = [
        client.time("list, first page", "/cases/", COUNT),
        client.time("list, filtered", "/cases/?status=closed", COUNT),
        client.time("list, searched by number", f"/cases/?q={number}", COUNT),
        client.time("list, searched by name", f"/cases/?q={_quoted(facts['name'])}", COUNT),
        client.time("list as a fragment", "/cases/", COUNT, **fragment),
        Client(port, facts["sessions"]["oa"], cookie).time("list, outlet manager", "/cases/", COUNT),
        Client(port, facts["sessions"]["cc"], cookie).time("list, specialist", "/cases/", COUNT),
        client.time("record with its timeline", f"/cases/{facts['case']}/", COUNT),
        client.time("settlement", f"/settlements/{facts['settlement']}/", COUNT),
        client.time("workbench, CS manager", "/", COUNT),
        Client(port, facts["sessions"]["cc"], cookie).time("workbench, specialist", "/", COUNT),
        client.time("official form as PDF", f"/settlements/{facts['settlement']}/f11.pdf", max(20, COUNT // 5)),
    ]
    handler = Client(port, facts["sessions"]["bench-handler"], cookie)
    paths = [f"/cases/{pk}/do/arrive/" for pk in facts["waiting"]]
    fields = {"place": "客户家门口", "no_photo_reason": "光线太暗，手机无法对焦"}
    place = {"HX-Request": "true", "HX-Target": "act"}
    # Each step can be taken once only: some are spent on what the other pages have after a hundred requests, kept plans and words.
    warm = min(WARM, len(paths) // 2)
    handler.time_forms("warm", paths[:warm], fields, **place)
    pages.append(handler.time_forms("transition (arrive)", paths[warm:][: max(20, COUNT // 4)], fields, **place))
    for page, path in ((pages[0], "/cases/"), (pages[7], f"/cases/{facts['case']}/")):
        page.per_second = throughput(port, facts["sessions"]["cs"], cookie, path)
    return pages


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def machine() -> str:
    """What the figures were taken on."""
    cores = len(os.sched_getaffinity(0))
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}, {dt.datetime.now(dt.UTC):%Y-%m-%d}"


def _filled(arguments: list[str], url: str) -> Any:
    return json.loads(_run([sys.executable, "-m", "benchmarks.volume", *arguments], url).strip().splitlines()[-1])


def _run(command: list[str], url: str) -> str:
    done = subprocess.run(command, cwd=ROOT, env=_environment(url), check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout


def _environment(url: str, settings: str = "zhangfa.config.settings") -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "ZHANGFA_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _gunicorn(application: str, url: str, settings: str) -> Iterator[int]:
    """Two workers, loopback; ended by its own process id."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        "2",
        "--preload",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen([*command, "--no-control-socket"], cwd=ROOT, env=_environment(url, settings))
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _try in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


@contextmanager
def database(engine: str, name: str = f"product-{CASES}", kept: str = f"postgres-{CASES}") -> Iterator[tuple[str, str]]:
    """The addresses of floor and product on one engine; data stays between runs."""
    HOME.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield f"sqlite:///{HOME / 'floor.sqlite3'}", f"sqlite:///{HOME / f'{name}.sqlite3'}"
        return
    from tests import postgres

    folder = postgres.binaries()
    if folder is None:
        raise SystemExit("No PostgreSQL binaries (initdb) were found: install PostgreSQL 15 or newer.")
    home = HOME / kept
    is_new = not (home / "data").exists()
    server = postgres.Server(folder, durable=True, kept=home).start()
    try:
        floor, product = (server.create(name) if is_new else server.address(name) for name in ("floor", "product"))
        server.warm("product")
        yield floor, product
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
