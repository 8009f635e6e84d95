"""A year of duties of a company with many outlets: opened, done, overdue, passed up, counted month by month.

One command: `OUTLETS=500 DAYS=365 HISTORY=1,10 ENGINES=sqlite,postgres python -m benchmarks.duties_year` makes its own databases
under var/bench and writes its section of docs/benchmarks.md, named by the outlets. `OUTLETS=10 DAYS=40 ENGINES=sqlite` takes a
minute. The year ends today, so that pages are asked of a server that knows no other day.
With DATABASE_URL set, `… duties_year live|statements|history …` is one part of it on one database and prints JSON.
"""

import datetime as dt
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import __main__ as bench
from benchmarks import report, sections
from benchmarks.client import Client
from zhangfa.core.periods import month_after

START = dt.date.fromisoformat(os.environ.get("BEGINS", "2026-01-01"))
POSTS = {"gm": "GM", "am": "administration", "hs": "department manager", "sup": "supervisor", "oa": "outlet manager"}
DONE = "benchmark.duty.done"
# How dutiful people are: so many in a hundred in time, so many afterwards, the rest never.
IN_TIME, LATER = 88, 8
WORKERS, OUTLETS_OF_A_SUPERVISOR = 6, 20


# The daily archive is owed by what was served; here the clock brings it, once for each outlet and working day.
EVERY_DAY: dict[str, Any] = {
    "rhythm": "rhythm", "subject": "seat", "due": {"key": "archive.entry"}, "opens": (), "again": False, "place": "", "on": "", "closes": (DONE,),
}  # fmt: skip


def begin() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    import django

    django.setup()


def lived(outlets: int, days: int) -> dict[str, Any]:
    """The year itself; then who signs in and asks what."""
    begin()
    from benchmarks.volume import _session
    from zhangfa.config import upgrading
    from zhangfa.config.demonstration import hasty_writes
    from zhangfa.duties.models import Occurrence
    from zhangfa.organisation.models import Holding, User

    upgrading.migrate()
    sessions = {}
    with hasty_writes():
        company(outlets)
        switch_on()
        ticks, deeds, months = live(days)
        days = len(ticks)
        for post in POSTS:
            person = Holding.objects.filter(seat__post_id=post).select_related("person").order_by("pk")[0].person
            sessions[post] = _session(User.objects.create(username=f"bench-{post}", person=person))
    return {
        "outlets": outlets, "post_holders": Holding.objects.count(), "days": days, "occurrences": Occurrence.objects.count(),
        "by_state": states(), "tick": spread(ticks), "evidence": spread(deeds), "month_end_report": spread(months),
        "busy": busiest(ticks), "sessions": sessions, "pages": asked(days),
    }  # fmt: skip


def aged(days: int, factors: list[int]) -> dict[str, Any]:
    """The same week's ticks with a year, ten, a hundred behind it."""
    begin()
    from zhangfa.config.demonstration import hasty_writes

    with hasty_writes():
        switch_on()
        return {f"{factor}x": with_history(factor, days, step) for step, factor in enumerate(factors)}


def asked(days: int) -> dict[str, tuple[str, str]]:
    """Which page is asked for by whom."""
    last = START + dt.timedelta(days=days - 1)
    month = f"{last:%Y-%m}" if last.day > 3 else f"{last.replace(day=1) - dt.timedelta(days=1):%Y-%m}"
    found = {}
    for post, name in POSTS.items():
        found[f"workbench, {name}"] = (post, "/")
        found[f"list of compliance, {name}"] = (post, f"/duties/standing/?month={month}")
        found[f"list of duties, {name}"] = (post, f"/duties/occurrences/?from_on={month}-01")
        found[f"list of one's own duties, {name}"] = (post, "/duties/")
    found["list of compliance with its year, GM"] = ("gm", f"/duties/standing/?month={month}&part=year")
    found["list of compliance of a post, GM"] = ("gm", f"/duties/standing/post/oa/?month={month}")
    found["list of compliance, the month's report"] = ("gm", f"/duties/reports/{month}/")
    return found


def company(outlets: int) -> None:
    """Everybody in a seat: outlets with their manager and workers under supervisors, and the posts of the head office once."""
    from zhangfa.organisation.actions.seats import install_posts
    from zhangfa.organisation.models import Company, Holding, Person, Seat, Unit
    from zhangfa.policy.actions import install_preset

    install_preset("ningbo", at=dt.datetime.combine(START, dt.time(), dt.UTC))
    install_posts()
    Company.objects.create(name="Benchmark")
    units: dict[str, Unit] = {}

    def unit(code: str, kind: str, parent: str | None) -> Unit:
        made = Unit(code=code, name=code, kind=kind, parent=units.get(parent or ""))
        made.save()
        made.place()
        made.save()
        units[code] = made
        return made

    def seat(post: str, where: Unit, above: Seat | None) -> Seat:
        made = Seat.objects.create(post_id=post, unit=where, reports_to=above)
        person = Person(no=f"B{made.pk:06}", name=f"P{made.pk}")
        person.save()
        Holding.objects.create(person=person, seat=made, from_on=START)
        return made

    top = unit("company", "company", None)
    gm = seat("gm", top, None)
    dgm = seat("dgm", top, gm)
    for code, post, above in (
        ("admin", "am", gm), ("finance", "fin", gm), ("marketing", "mk", gm), ("service", "cs", dgm), ("facility", "ls", dgm),
    ):  # fmt: skip
        seat(post, unit(code, "department", "company"), above)
    hs = seat("hs", unit("home", "department", "company"), dgm)
    seat("hr", units["admin"], gm)
    supervisor = hs
    for number in range(outlets):
        if number % OUTLETS_OF_A_SUPERVISOR == 0:
            supervisor = seat("sup", units["home"], hs)
        manager = seat("oa", unit(f"outlet{number}", "outlet", "home"), supervisor)
        for _worker in range(WORKERS):
            seat("sw", manager.unit, manager)


def switch_on() -> None:
    """Every rhythm of the catalogue, as if the papers that prove it were in the program; the outlets have served somebody on every working day."""
    from zhangfa.duties import catalogue
    from zhangfa.duties.actions import load_catalogue

    rows = [replace(row, **EVERY_DAY) if row.code == "D-OA-01" else row for row in catalogue.from_files().rows]
    known = catalogue.made_of(
        row if row.is_on and row.closes else replace(row, off="", closes=(DONE,), match={"duty": row.code})
        for row in rows if row.rhythm not in ("event", "plan")
    )  # fmt: skip
    catalogue.lend(lambda: known)
    load_catalogue()


def live(days: int) -> tuple[list[float], list[float], list[float]]:
    """Day after day: what the clock brings at midnight, what people do until the evening, the report at a month's end."""
    from zhangfa.core import clock
    from zhangfa.duties import kept

    dice = random.Random(1)
    ticks, deeds, months = [], [], []
    until = time.monotonic() + 60 * float(os.environ.get("MINUTES", "100000"))
    for number in range(days):
        if time.monotonic() > until:
            break
        day = START + dt.timedelta(days=number)
        midnight = clock.day_start(day)
        ticks.append(timed(lambda at=midnight: tick(at)))
        deeds.append(timed(lambda day=day, at=midnight: do(day, at + dt.timedelta(hours=15), dice)))
        if day.day == 1 and number:
            print(f"{day} {time.process_time():.0f} s", file=sys.stderr, flush=True)
            months.append(timed(lambda day=day, at=midnight: kept.draw(month_after(day, -1), at)))
    return ticks, deeds, months


def tick(at: dt.datetime) -> None:
    """A minute of the worker at midnight, and the one after it."""
    from zhangfa.runtime import worker

    worker.tick(at)
    worker.tick(at + dt.timedelta(minutes=1))


def do(day: dt.date, at: dt.datetime, dice: random.Random) -> None:
    """What is due on the day is done, or made up for, or left; noted as evidence is in life."""
    from django.db import transaction

    from zhangfa.core.work import work
    from zhangfa.duties import evidence
    from zhangfa.duties.catalogue import catalogue
    from zhangfa.duties.models import Occurrence

    known = catalogue().by_key
    owed = Occurrence.objects.open().filter(due_on__in=[day, day - dt.timedelta(days=1)])
    with transaction.atomic(), work():
        for row in owed.order_by("pk").iterator():
            chance = dice.randrange(100)
            wanted = chance < IN_TIME if row.due_on == day else chance < LATER * 100 // (100 - IN_TIME)
            if wanted:
                duty = known[row.duty_id]
                evidence.prove([row], source=f"thing:{row.pk}:{day}", event=duty.closes[0], at=at, amount=row.needed)


def with_history(factor: int, days: int, step: int) -> dict[str, Any]:
    """The ticks of one more week, with so many times as much behind it."""
    from django.db import connection

    from zhangfa.core import clock
    from zhangfa.duties.models import Occurrence

    add_years(factor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    week = [clock.day_start(START + dt.timedelta(days=days + 7 * step + number)) for number in range(7)]
    seconds = [timed(lambda at=at: tick(at)) for at in week]
    return {"occurrences": Occurrence.objects.count(), "week": spread(seconds)}


def add_years(factor: int) -> None:
    """Closed rows of former years like those that are there, until there are so many times as many; made by the database itself."""
    from django.db import connection

    from zhangfa.duties import counting
    from zhangfa.duties.models import Occurrence

    names = [field.column for field in Occurrence._meta.concrete_fields if not field.primary_key]
    day, instant = {
        "sqlite": ("date({0}, '-{1} days')", "datetime({0}, '-{1} days')"),
        "postgresql": ("({0} - {1})", "({0} - interval '{1} days')"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        # Counted once at the end: so much at once is never written in life.
        for name in counting.triggers():
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {counting.TABLE}"))
        for number in range(1, factor):
            period = f"old{number}"
            if Occurrence.objects.filter(period__startswith=f"{period}-").exists():
                continue
            said = {name: name for name in names} | {"period": f"'{period}-' || period"}
            said |= {"due_on": day.format("due_on", 365 * number)}
            said |= {
                name: instant.format(name, 365 * number) for name in ("opened_at", "due_at", "done_at", "escalated_at")
            }
            cursor.execute(
                f"INSERT INTO duties_occurrence ({', '.join(names)}) SELECT {', '.join(said.values())} FROM duties_occurrence"
                " WHERE state <> 'open' AND period NOT LIKE 'old%'",
                [],
            )
    counting.ensure(None, "default")


def states() -> dict[str, int]:
    from django.db.models import Count

    from zhangfa.duties.models import Occurrence

    return dict(Occurrence.objects.order_by().values_list("state").annotate(Count("pk")))


def timed(run: Any) -> float:
    """Seconds: of the processor where the database works within this process, for others may use the machine; else of the clock."""
    from django.db import connection

    now = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    began = now()
    run()
    return now() - began


def spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {
        "median": round(statistics.median(seconds), 3), "worst": round(max(seconds), 3), "sum": round(sum(seconds), 1)
    }  # fmt: skip


def busiest(ticks: list[float]) -> list[dict[str, Any]]:
    """Ticks by how much opened on the day: quarters of the days, from the quietest on."""
    from django.db.models import Count

    from zhangfa.core import clock
    from zhangfa.duties.models import Occurrence

    opened = dict(Occurrence.objects.order_by().values_list("opened_at").annotate(n=Count("pk")))
    days = sorted((opened.get(clock.day_start(START + dt.timedelta(days=n)), 0), took) for n, took in enumerate(ticks))
    size = max(1, len(days) // 4)
    parts = [days[start : start + size] for start in range(0, size * 4, size)]
    return [
        {"opened": round(statistics.mean(n for n, _took in part)), "tick": round(statistics.mean(took for _n, took in part), 3)}
        for part in parts if part
    ]  # fmt: skip


def every_engine() -> int:
    """Each engine in a database of its own: the year, the pages of a server on it, the years before it."""
    outlets, days = os.environ.get("OUTLETS", "500"), int(os.environ.get("DAYS", "365"))
    history = os.environ.get("HISTORY", "1,10")
    os.environ["BEGINS"] = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=days - 1)).isoformat()
    results = {}
    for engine in os.environ.get("ENGINES", "sqlite,postgres").split(","):
        bench.HOME.mkdir(parents=True, exist_ok=True)
        with empty_database(engine, bench.HOME) as (floor_url, url):
            found = _part(url, "live", outlets, str(days))
            print(json.dumps({name: value for name, value in found.items() if name != "sessions"}), flush=True)
            floor = bench._filled(["floor"], floor_url)
            before = bench._floor(floor_url, floor["session"])
            cookie = os.environ.get("SESSION_COOKIE", "sessionid")
            with bench._gunicorn("zhangfa.config.wsgi:application", url, "zhangfa.config.settings") as port:
                clients = {who: Client(port, session, cookie) for who, session in found["sessions"].items()}
                pages = [clients[who].time(name, path, 40) for name, (who, path) in found["pages"].items()]
            after = bench._floor(floor_url, floor["session"])
            base = {name: (before[name].p50 + after[name].p50) / 2 for name in before}
            given = json.dumps({name: found[name] for name in ("sessions", "pages")})
            results[engine] = found | {
                "floor": base, "pages": pages, "statements": _part(url, "statements", given),
                "tick_by_history": _part(url, "history", str(found["days"]), history),
            }  # fmt: skip
            sections.put(f"duties of {outlets} outlets", section(results, outlets))
    return 0


def _part(url: str, *words: str) -> Any:
    done = bench._run([sys.executable, "-m", "benchmarks.duties_year", *words], url)
    return json.loads(done.strip().splitlines()[-1])


@contextmanager
def empty_database(engine: str, home: Path) -> Iterator[tuple[str, str]]:
    if engine == "sqlite":
        path = home / "duties-year.sqlite3"
        for old in home.glob("duties-year.sqlite3*"):
            old.unlink()
        yield f"sqlite:///{home / 'floor.sqlite3'}", f"sqlite:///{path}"
        return
    from tests import postgres

    folder = postgres.binaries()
    if folder is None:
        raise SystemExit("No PostgreSQL binaries (initdb) were found: install PostgreSQL 15 or newer.")
    server = postgres.Server(folder, durable=True).start()
    try:
        yield server.create("floor"), server.create("duties_year")
    finally:
        server.stop()


def section(results: dict[str, Any], outlets: str) -> list[str]:
    """The tables as the documents show them."""
    lines = [
        f"## Duties of {outlets} outlets, day after day", "",
        "`python -m benchmarks.duties_year`. Every rhythm of the catalogue is switched on; people do 88 in a hundred in time and make up for 8.",
        "A tick is one minute of the worker at midnight and the next one, all its work included. Seconds are the processor's on SQLite, where the",
        f"database works in the same process, and the clock's on PostgreSQL. In the weeks after more history nobody does anything, so all goes up. Machine: {bench.machine()}; load {os.getloadavg()[0]:.1f} at the end.", "",
    ]  # fmt: skip
    for engine, found in results.items():
        by_state = ", ".join(f"{count:,} {state}" for state, count in sorted(found["by_state"].items()))
        lines += [
            f"### {'SQLite' if engine == 'sqlite' else 'PostgreSQL'}", "",
            f"{found['outlets']} outlets, {found['post_holders']:,} holders of posts, {found['days']} days, {found['occurrences']:,} occurrences: {by_state}.", "",
            "| what | median s | worst s | sum s |", "| --- | --- | --- | --- |",
            *(f"| {name} | {row['median']} | {row['worst']} | {row['sum']} |" for name, row in (
                ("a day's tick", found["tick"]), ("a day's evidence", found["evidence"]), ("the month's report", found["month_end_report"])) if row),
            "", "| days, quietest quarter first | occurrences opened a day | a day's tick, mean s |", "| --- | --- | --- |",
            *(f"| {n} | {row['opened']:,} | {row['tick']} |" for n, row in enumerate(found["busy"], 1)),
            "", "| history | occurrences | a day's tick, median s | worst s |", "| --- | --- | --- | --- |",
            *(f"| {factor} | {row['occurrences']:,} | {row['week']['median']} | {row['week']['worst']} |" for factor, row in found["tick_by_history"].items()),
            "", *report.table(engine, found), "",
        ]  # fmt: skip
    return lines


def main(words: list[str]) -> Any:
    """One part of it, on the database that is set."""
    match words:
        case ["live", outlets, days]:
            return lived(int(outlets), int(days))
        case ["history", days, factors]:
            return aged(int(days), [int(text) for text in factors.split(",")])
        case ["statements", given]:
            begin()
            from benchmarks.statements import count

            facts = json.loads(given)
            return count(facts["sessions"], facts["pages"])
    raise SystemExit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(every_engine())
    print(json.dumps(main(sys.argv[1:]), ensure_ascii=False))
