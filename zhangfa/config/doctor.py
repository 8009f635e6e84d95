"""`zhangfa doctor`: what an installation needs, and for each lack the mend in words."""

import argparse
import importlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from .cli import start_django

Check = Callable[[], Iterable[str]]
CHECKS: dict[str, Check] = {}
ENOUGH_DISK = 500 * 1024 * 1024
# Apps that look at their own rows.
DATA = ("organisation", "customers", "orders", "records", "duties", "claims", "reports")
RARE_NAMES = "㛃䶮喆翀"
WORKER_SILENT = timedelta(minutes=2)


class Note(str):
    """Worth knowing, nothing broken: it doesn't change the exit code."""


def check(name: str) -> Callable[[Check], Check]:
    """Register a check: a function that yields one sentence per problem."""

    def keep(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return keep


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The rows are looked at only when asked for: on a large company that takes minutes."""
    parser.add_argument("--data", action="store_true", help="also check that the books agree with themselves")
    parser.add_argument("--mend", action="store_true", help="count anew what is kept as counts, where it differs")
    parser.add_argument("--list", action="store_true", help="name the checks and stop")


def run(options: argparse.Namespace) -> int:
    """Run the checks in order; exit 1 if one of them found something."""
    start_django()
    from django.db import connection

    if options.list:
        print("\n".join(CHECKS))
        return 0
    if options.mend:
        from zhangfa.duties import counting

        print("Counted anew." if counting.mend() else "All counts are right.")
        return 0
    found = 0
    for name, function in CHECKS.items():
        if name == "data" and not options.data:
            continue
        problems = list(_run(function))
        broken = [problem for problem in problems if not isinstance(problem, Note)]
        print(f"{'no ' if broken else 'ok '} {name}")
        for problem in problems:
            print(f"      {problem}")
        found += len(broken)
        if name == "database" and connection.connection is None:
            break
    print("Everything is in order." if not found else f"{found} to mend.")
    return 1 if found else 0


def _run(function: Check) -> Iterator[str]:
    try:
        yield from function()
    except Exception as error:  # noqa: BLE001  a check that can't run is itself a finding
        yield f"The check could not run: {type(error).__name__}: {error}"


@check("configuration")
def configuration() -> Iterator[str]:
    """The home folder can be written and is nobody else's, and there is room in it."""
    from django.conf import settings

    home = Path(settings.ZHANGFA_HOME)
    if not os.access(home, os.W_OK):
        yield f"{home} can't be written: create it for this user, or point ZHANGFA_HOME elsewhere."
        return
    for name in ("secret_key", "keys/ring.json"):
        path = home / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path} can be read by others: chmod 600 {path}"
    if (free := shutil.disk_usage(home).free) < ENOUGH_DISK:
        yield f"Only {free // 1024 // 1024} MB are free in {home}: make room before writes fail."


@check("database")
def database() -> Iterator[str]:
    """The database answers, is new enough, and sorts and searches Chinese text."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield f"No connection: {error}. Start the database or correct DATABASE_URL."
        return
    yield from _postgres() if connection.vendor == "postgresql" else _sqlite()


def _postgres() -> Iterator[str]:
    from django.apps import apps
    from django.db import connection

    from zhangfa.core import names

    if connection.pg_version < 150000:  # type: ignore[attr-defined]
        yield "PostgreSQL is older than 15: upgrade the server."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname=current_database()"
        )
        encoding, ctype = cursor.fetchone()
        if encoding != "UTF8":
            yield f"The encoding is {encoding}: create the database with ENCODING 'UTF8'."
        if ctype in {"C", "POSIX"}:
            yield "LC_CTYPE is C, so search by trigram sees no Chinese: create the database with LC_CTYPE 'C.UTF-8'."
        if lacking := names.missing(connection, apps.get_models()):
            yield f"Search by name reads every row, for {', '.join(lacking)} is missing: install the extension pg_trgm, then run `zhangfa migrate`."
        cursor.execute("SHOW fsync")
        if cursor.fetchone()[0] != "on":
            yield "fsync is off: an acknowledged write can be lost; set fsync = on."


def _sqlite() -> Iterator[str]:
    import sqlite3

    from django.db import connection

    if sqlite3.sqlite_version_info < (3, 35):
        yield f"SQLite {sqlite3.sqlite_version} is too old: use Python built with 3.35 or newer."
    with connection.cursor() as cursor:
        for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2)):
            value = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            if value != wanted:
                yield f"{pragma} is {value}, not {wanted}: is the file on a network disk? Keep it on a local one."


@check("migrations")
def migrations() -> Iterator[str]:
    """The tables are those of this version."""
    from .upgrading import pending_migrations

    if pending := pending_migrations():
        yield f"{len(pending)} migrations are missing ({pending[0]} …): run `zhangfa migrate`."


@check("keys")
def keys() -> Iterator[str]:
    """The key ring opens, and what is encrypted today can be read tomorrow."""
    from zhangfa.core import crypto

    if not crypto.ring_path().exists():
        yield (
            f"There is no key ring at {crypto.ring_path()}: unpack the file of `zhangfa backup --keys` into {crypto.ring_path().parents[1]};"
            " only a new company gets one from `zhangfa init`."
        )
    elif crypto.decrypt(crypto.encrypt("章法")) != "章法":
        yield "The key ring doesn't open what it closed: restore it from its own copy."


@check("fonts")
def fonts() -> Iterator[str]:
    """The official forms have a font for every name that a person may bear."""
    from zhangfa.records import fonts as forms

    try:
        lacking = [name for name in RARE_NAMES if ord(name) not in forms.coverage()]
    except forms.FontMissing:
        yield "No Chinese font for the forms: install manimgx-fonts-cjk or the system package fonts-noto-cjk."
        return
    if lacking:
        yield f"The fonts lack {'、'.join(lacking)}: install fonts-noto-cjk, or point ZHANGFA_FONTS at a fuller font."


@check("languages")
def languages() -> Iterator[str]:
    """Both languages show whole sentences."""
    from django.conf import settings

    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            if not source.with_suffix(".mo").exists():
                yield f"{source.parent.parent.name} isn't compiled: run `make setup`."


@check("jobs alive")
def jobs_alive() -> Iterator[str]:
    """A worker has shown itself lately: without one, time stands still."""
    from zhangfa.core import clock
    from zhangfa.runtime import queries

    now = clock.now()
    seen = queries.worker_seen(now)
    if seen is None or now - seen > WORKER_SILENT:
        yield "No worker is alive: deadlines, notices and seals stand still; start `zhangfa worker` or `zhangfa serve`."


@check("holiday table")
def holiday_table() -> Iterator[str]:
    """Working days are known to the end of next year, from November on."""
    from zhangfa.core import clock
    from zhangfa.organisation import calendar

    today = clock.local_date(clock.now())
    years = [today.year] + ([today.year + 1] if today.month >= 11 else [])
    known = calendar.known_years()
    for year in years:
        if year not in known:
            text = f"The holidays of {year} are not entered: until then every weekday of it counts as worked."
            yield text if year == today.year else Note(text)


@check("static files")
def static_files() -> Iterator[str]:
    """Pages find their styles and scripts, all from this host."""
    from django.contrib.staticfiles import finders

    if finders.find("vendor/tabler.min.css") is None:
        yield "The front-end files are missing: run `make setup`, or install a released package."


@check("security")
def security() -> Iterator[str]:
    """Passwords aren't the public ones, and beyond loopback everything travels encrypted."""
    from django.conf import settings
    from django.core import checks

    from zhangfa.organisation.models import Post
    from zhangfa.organisation.second_factor import TECHNICAL

    from .demonstration import is_demo
    from .serving import is_loopback

    if unknown := set(settings.SECOND_FACTOR_POSTS) - {TECHNICAL} - set(Post.objects.values_list("code", flat=True)):
        yield f"ZHANGFA_SECOND_FACTOR names no post of this company: {', '.join(sorted(unknown))}."
    if settings.DEBUG:
        yield "Debug pages are on and show settings to visitors: unset ZHANGFA_DEBUG."
    beyond = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host.strip("[]"))]
    if not beyond:
        return
    if is_demo():
        yield "Demo accounts with a public password can be reached from outside: use an own database for the company."
    if not settings.BEHIND_TLS:
        yield "Cookies and passwords travel openly: put a TLS proxy in front and set ZHANGFA_TLS=1."
    for finding in checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security]):
        yield f"{finding.msg.split('.')[0]} ({finding.id})"


@check("data")
def data() -> Iterator[str]:
    """The books agree with themselves: what each app says about its own rows."""
    for app in DATA:
        yield from importlib.import_module(f"zhangfa.{app}.doctor").data_problems()
