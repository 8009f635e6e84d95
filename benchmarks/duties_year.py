"""A year of duties of a company with many outlets: opened, done, overdue, passed up, counted month by month.

One command: `OUTLETS=500 DAYS=365 HISTORY=1,10,100 ENGINES=sqlite,postgres python -m benchmarks.duties_year` makes its own databases
under var/bench and writes docs/benchmarks-duties.md. `OUTLETS=10 DAYS=40 HISTORY=1,10 ENGINES=sqlite` takes a minute.
With DATABASE_URL set, `… duties_year [outlets] [days] [history,…]` works on that one database, which must be empty, and prints JSON.
"""

import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

START = dt.date(2026, 1, 1)
DONE = "benchmark.duty.done"
# How dutiful people are: so many in a hundred in time, so many afterwards, the rest never.
IN_TIME, LATER = 88, 8
WORKERS, OUTLETS_OF_A_SUPERVISOR = 6, 20


def main(outlets: int, days: int, factors: list[int]) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from zhangfa.config.demonstration import hasty_writes
    from zhangfa.duties.models import Occurrence
    from zhangfa.organisation.models import Holding

    call_command("migrate", verbosity=0)
    with hasty_writes():
        company(outlets)
        switch_on()
        ticks, deeds, months = live(days)
        found: dict[str, Any] = {
            "outlets": outlets, "post_holders": Holding.objects.count(), "days": days, "occurrences": Occurrence.objects.count(),
            "by_state": states(), "tick": spread(ticks), "evidence": spread(deeds), "month_end_report": spread(months),
        }  # fmt: skip
        found["tick_by_history"] = {
            f"{factor}x": with_history(factor, days, step) for step, factor in enumerate(factors)
        }
        found["pages"] = pages(days)
    return found


def company(outlets: int) -> None:
    """Everybody in a seat: outlets with their manager and workers under supervisors, and the posts of the head office once."""
    from zhangfa.organisation.actions.seats import install_posts
    from zhangfa.organisation.models import Company, Holding, Person, Seat, Unit
    from zhangfa.policy.actions import install_preset

    install_preset("ningbo", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
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
    """Every rhythm of the catalogue, as if the papers that prove it were in the program."""
    from zhangfa.duties import catalogue
    from zhangfa.duties.actions import load_catalogue

    rows = [row for row in catalogue.from_files().rows if row.rhythm not in ("event", "plan")]
    known = catalogue.made_of(
        row if row.is_on else replace(row, off="", closes=(DONE,), match={"duty": row.code}) for row in rows
    )
    catalogue.lend(lambda: known)
    load_catalogue()


def live(days: int) -> tuple[list[float], list[float], list[float]]:
    """Day after day: what the clock brings at midnight, what people do until the evening, the report at a month's end."""
    from zhangfa.core import clock
    from zhangfa.duties import compliance, kept

    dice = random.Random(1)
    ticks, deeds, months = [], [], []
    for number in range(days):
        day = START + dt.timedelta(days=number)
        midnight = clock.day_start(day)
        ticks.append(timed(lambda at=midnight: tick(at)))
        deeds.append(timed(lambda day=day, at=midnight: do(day, at + dt.timedelta(hours=15), dice)))
        if day.day == 1 and number:
            months.append(timed(lambda day=day, at=midnight: kept.draw(compliance.month_after(day, -1), at)))
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

    wanted = factor * Occurrence.objects.exclude(period__startswith="old").count()
    for rows in batches(wanted - Occurrence.objects.count(), step):
        Occurrence.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    week = [clock.day_start(START + dt.timedelta(days=days + 7 * step + number)) for number in range(7)]
    seconds = [timed(lambda at=at: tick(at)) for at in week]
    return {"occurrences": Occurrence.objects.count(), "week": spread(seconds)}


def batches(count: int, step: int) -> Iterator[list[Any]]:
    """Closed rows of former years, like those that are there."""
    from zhangfa.duties.models import Occurrence

    pattern = list(Occurrence.objects.exclude(state="open").exclude(period__startswith="old").order_by("pk")[:20_000])
    done = 0
    while pattern and done < count:
        rows = pattern[: count - done]
        for row in rows:
            row.pk, row.period = None, f"old{step}-{done // len(pattern)}"
            row.subject_key = f"{row.subject_key[:60]}:{row.due_on}"
        yield rows
        done += len(rows)


def pages(days: int) -> dict[str, Any]:
    """What the workbench and the pages about duties cost a reader at this size: statements and milliseconds, warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhangfa.core import clock
    from zhangfa.organisation.models import Holding, User

    at = clock.day_start(START + dt.timedelta(days=days - 1)) + dt.timedelta(hours=10)
    month = f"{START + dt.timedelta(days=days - 1):%Y-%m}"
    found = {}
    for post in ("gm", "am", "hs", "sup", "oa"):
        person = Holding.objects.filter(seat__post_id=post).select_related("person").order_by("pk").first().person  # type: ignore[union-attr]
        user, _made = User.objects.get_or_create(username=f"bench-{post}", defaults={"person": person})
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        for path in (
            "/",
            "/duties/",
            "/duties/plan/",
            f"/duties/standing/?month={month}",
            f"/duties/occurrences/?from_on={month}-01",
        ):
            with clock.at(at):
                client.get(path)
                with CaptureQueriesContext(connection) as statements:
                    answer = client.get(path)
                    asked = len(statements)
                seconds = [timed(lambda path=path, client=client: client.get(path)) for _ in range(5)]
            found[f"{post} {path.partition('?')[0]}"] = {
                "status": answer.status_code, "sql": asked, "ms": round(statistics.median(seconds) * 1000, 1),
                "kb": round(len(answer.content) / 1024),
            }  # fmt: skip
    return found


def states() -> dict[str, int]:
    from django.db.models import Count

    from zhangfa.duties.models import Occurrence

    return dict(Occurrence.objects.order_by().values_list("state").annotate(Count("pk")))


def timed(run: Any) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {
        "median": round(statistics.median(seconds), 3), "worst": round(max(seconds), 3), "sum": round(sum(seconds), 1)
    }  # fmt: skip


def every_engine() -> int:
    """Each engine in a process and a database of its own; then the page of the documents."""
    root = Path(__file__).resolve().parents[1]
    home = root / "var" / "bench"
    home.mkdir(parents=True, exist_ok=True)
    outlets, days, history = (
        os.environ.get(name, usual) for name, usual in (("OUTLETS", "500"), ("DAYS", "365"), ("HISTORY", "1,10,100"))
    )
    results = {}
    for engine in os.environ.get("ENGINES", "sqlite,postgres").split(","):
        with empty_database(engine, home) as url:
            environment = {**os.environ, "DATABASE_URL": url, "ZHANGFA_HOME": str(home)}
            command = [sys.executable, "-m", "benchmarks.duties_year", outlets, days, history]
            done = subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.PIPE, text=True)
            if done.returncode:
                return done.returncode
            results[engine] = json.loads(done.stdout[done.stdout.index("{") :])
    (root / "docs" / "benchmarks-duties.md").write_text(page(results), encoding="utf-8")
    return 0


@contextmanager
def empty_database(engine: str, home: Path) -> Iterator[str]:
    if engine == "sqlite":
        path = home / "duties-year.sqlite3"
        for old in home.glob("duties-year.sqlite3*"):
            old.unlink()
        yield f"sqlite:///{path}"
        return
    from tests import postgres

    folder = postgres.binaries()
    if folder is None:
        raise SystemExit("No PostgreSQL binaries (initdb) were found: install PostgreSQL 15 or newer.")
    server = postgres.Server(folder, durable=True).start()
    try:
        yield server.create("duties_year")
    finally:
        server.stop()


def page(results: dict[str, Any]) -> str:
    """The tables as the documents show them."""
    from benchmarks.__main__ import machine

    lines = [
        "# A year of duties", "",
        "Written by `python -m benchmarks.duties_year`. Every rhythm of the catalogue is switched on; people do 88 in a hundred in time and make",
        f"up for 8. A tick is one minute of the worker at midnight and the next one. Machine: {machine()}.", "",
    ]  # fmt: skip
    for engine, found in results.items():
        lines += [f"## {engine}", "", f"{found['outlets']} outlets, {found['post_holders']} holders of posts, {found['days']} days, {found['occurrences']:,} occurrences: "
                  + ", ".join(f"{count:,} {state}" for state, count in sorted(found["by_state"].items())) + ".", ""]  # fmt: skip
        lines += ["| what | median s | worst s | sum s |", "| --- | --- | --- | --- |"]
        lines += [f"| {name} | {row['median']} | {row['worst']} | {row['sum']} |" for name, row in (
            ("a day's tick", found["tick"]), ("a day's evidence", found["evidence"]), ("the month's report", found["month_end_report"])) if row]  # fmt: skip
        lines += ["", "| history | occurrences | a day's tick, median s | worst s |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {factor} | {row['occurrences']:,} | {row['week']['median']} | {row['week']['worst']} |"
            for factor, row in found["tick_by_history"].items()
        ]
        lines += ["", "| page | SQL | ms | KB |", "| --- | --- | --- | --- |"]
        lines += [f"| {name} | {row['sql']} | {row['ms']} | {row['kb']} |" for name, row in found["pages"].items()]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    if "DATABASE_URL" not in os.environ:
        sys.exit(every_engine())
    given = sys.argv[1:]
    outlets, days = int(given[0]) if given else 500, int(given[1]) if len(given) > 1 else 365
    factors = [int(text) for text in (given[2] if len(given) > 2 else "1,10,100").split(",")]
    print(json.dumps(main(outlets, days, factors), ensure_ascii=False, indent=1))
