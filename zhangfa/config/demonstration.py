"""`zhangfa demo`: an invented company with a year behind it, for looking around and for tests."""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path

from .cli import start_django
from .storehouse import SEALS

# Bottom to top, duties last, for what the others did is their evidence: each adds its part of the same company and year.
PARTS = (
    "zhangfa.organisation.demo.company",
    "zhangfa.policy.demo",
    "zhangfa.customers.demo",
    "zhangfa.people.demo",
    "zhangfa.people.affairs_demo",
    "zhangfa.orders.demo",
    "zhangfa.claims.demo",
    "zhangfa.regulations.demo",
    "zhangfa.planning.demo",
    "zhangfa.meetings.demo",
    "zhangfa.claims.demo.chain",
    "zhangfa.people.training_demo",
    "zhangfa.customers.demo.archive",
    "zhangfa.calls.demo",
    "zhangfa.reports.demo",
    "zhangfa.inspections.demo",
    "zhangfa.care.demo",
    "zhangfa.tasks.demo",
    "zhangfa.administration.coordination_demo",
    "zhangfa.administration.revision_demo",
    "zhangfa.imports.demo",
    "zhangfa.duties.demo",
)
SCALES = ("small", "medium", "large")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let the size and the dice be chosen; the same seed gives the same company."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument(
        "--at", type=datetime.fromisoformat, help="the moment at which the year ends; now, if not given"
    )
    parser.add_argument("--if-empty", action="store_true", help="do nothing where a company exists already")


def run(options: argparse.Namespace) -> int:
    """Fill an empty database, or say why not."""
    start_django()
    from django.core.management import call_command

    from zhangfa.policy import queries as policy

    from .upgrading import build_static, migrate, pending_migrations

    if pending_migrations():
        migrate()
    build_static()
    unfinished = marker()
    if unfinished.exists() and is_demo():
        print("The last demo was not finished: starting over.", flush=True)
        call_command("flush", interactive=False, verbosity=0)
    if has_company():
        if options.if_empty:
            return 0
        print("The database holds a company already; a demo needs an empty one.", file=sys.stderr)
        return 1
    set_seals_aside()
    unfinished.touch()
    began = time.monotonic()
    with hasty_writes(), policy.one_reading():
        build(options.seed, options.scale, options.at)
    unfinished.unlink()
    print(f"The demo company stands after {time.monotonic() - began:.0f} s.", flush=True)
    return 0


def marker() -> Path:
    """Name the file that lies in the home folder while the demo of this database is being built."""
    from django.conf import settings

    name = hashlib.sha256(settings.DATABASE_URL.encode()).hexdigest()[:12]
    return Path(settings.ZHANGFA_HOME) / f"demo-{name}.unfinished"


def set_seals_aside() -> None:
    """Keep the seals of a former database under another name: a new trail begins with its own."""
    from django.conf import settings

    path = Path(settings.ZHANGFA_HOME) / SEALS
    if path.exists():
        path.rename(path.with_name(f"{SEALS}.{int(time.time())}"))


@contextmanager
def hasty_writes() -> Iterator[None]:
    """Let the database answer before its disk does while rows are invented: they can be invented again."""
    from django.db import connection

    sqlite = connection.vendor == "sqlite"
    hasty, careful = (
        ("PRAGMA synchronous=OFF", "PRAGMA synchronous=FULL")
        if sqlite
        else ("SET synchronous_commit TO OFF", "RESET synchronous_commit")
    )
    with connection.cursor() as cursor:
        cursor.execute(hasty)
        try:
            yield
        finally:
            cursor.execute(careful)
            if sqlite:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def build(seed: int, scale: str, at: datetime | None = None) -> None:
    """Let every app add its part of the year that ends at a moment; the company writes Chinese, whatever is spoken here."""
    from django.utils import translation

    from zhangfa.core import clock

    at = at or clock.now()
    with translation.override("zh-hans"):
        for module in PARTS:
            print(f"  {module.split('.')[1]} …", flush=True)
            import_module(module).build(seed=seed, scale=scale, at=at)


def has_company() -> bool:
    """Say whether this database belongs to a company already."""
    from zhangfa.organisation.models import Company

    return bool(Company.objects.exists())


def is_demo() -> bool:
    """Say whether the accounts and their password are public knowledge."""
    from zhangfa.organisation.models import Company

    return bool(Company.objects.filter(is_demo=True).exists())


def accounts() -> list[tuple[str, str]]:
    """List the demo accounts with the name of their post."""
    from django.contrib.auth import get_user_model
    from django.utils import translation

    from zhangfa.organisation.posts import POSTS

    there = set(get_user_model().objects.filter(username__in=POSTS).values_list("username", flat=True))
    english = translation.get_language() == "en"
    return [(code, post.en if english else post.zh) for code, post in POSTS.items() if code in there]


def second_accounts() -> list[str]:
    """List the accounts of further people in a post, where a flow needs another person, and of the technical administrator."""
    from django.contrib.auth import get_user_model

    from zhangfa.organisation.posts import POSTS

    names = get_user_model().objects.exclude(username__in=POSTS).order_by("username").values_list("username", flat=True)
    return list(names[:30])


def password() -> str:
    """Give the one password of all demo accounts."""
    from zhangfa.organisation.demo.company import PASSWORD

    return PASSWORD
