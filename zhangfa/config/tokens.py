"""`zhangfa token USER`: a token for the API, shown once; `--revoke` ends all that were given."""

import argparse
import sys
from datetime import timedelta

from .cli import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A token acts as the account that it is made for."""
    parser.add_argument("user")
    parser.add_argument("--label", default="command line")
    parser.add_argument("--days", type=int, default=365, help="how long it holds")
    parser.add_argument("--revoke", action="store_true", help="end all tokens of the account instead of making one")


def run(options: argparse.Namespace) -> int:
    """Print a new token for an account that may sign in."""
    start_django()
    from django.contrib.auth import get_user_model

    from zhangfa.core import clock
    from zhangfa.runtime import tokens

    user = get_user_model().objects.filter(username=options.user).first()
    if user is None or not (user.is_active or options.revoke):
        print(f"No active account is called {options.user}.", file=sys.stderr)
        return 1
    if options.revoke:
        print(f"{tokens.revoke_all(user, at=clock.now())} revoked.")
        return 0
    at = clock.now()
    print(tokens.issue(user, label=options.label, at=at, expires_at=at + timedelta(days=options.days)))
    return 0
