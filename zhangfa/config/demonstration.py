"""`zhangfa demo`: an invented company with a year behind it, for looking around and for tests."""

import argparse
import sys
import time

from .cli import start_django

PASSWORD = "zhangfa-demo"  # noqa: S105  known to all: the server stays on loopback with it
SCALES = ("small", "medium", "large")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let the size and the dice be chosen; the same seed gives the same company."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--if-empty", action="store_true", help="do nothing where a company exists already")


def run(options: argparse.Namespace) -> int:
    """Fill an empty database, or say why not."""
    start_django()
    from .upgrading import build_static, migrate, pending_migrations

    if pending_migrations():
        migrate()
    build_static()
    if has_company():
        if options.if_empty:
            return 0
        print("The database holds a company already; a demo needs an empty one.", file=sys.stderr)
        return 1
    began = time.monotonic()
    from zhangfa.claims import demo
    from zhangfa.core import clock

    demo.build(seed=options.seed, scale=options.scale, at=clock.now(), password=PASSWORD, say=print)
    print(f"The demo company stands after {time.monotonic() - began:.0f} s.")
    return 0


def has_company() -> bool:
    """Say whether this database belongs to a company already."""
    from zhangfa.organisation.models import Unit

    return bool(Unit.objects.exists())


def accounts() -> list[tuple[str, str]]:
    """List the demo accounts with the name of their post."""
    from django.contrib.auth import get_user_model
    from django.utils import translation

    from zhangfa.organisation.posts import POSTS

    there = set(get_user_model().objects.filter(username__in=POSTS).values_list("username", flat=True))
    english = translation.get_language() == "en"
    return [(code, post.en if english else post.zh) for code, post in POSTS.items() if code in there]


def is_demo() -> bool:
    """Say whether anybody could sign in with the printed password: the accounts and it are public."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(username="gm").first()
    return user is not None and bool(user.check_password(PASSWORD))
