"""`zhangfa init`: an empty company with its posts, its handbook and one administrator."""

import argparse
import getpass
import sys

from .cli import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What isn't given is asked for at the terminal."""
    parser.add_argument("--name", help="name of the company")
    parser.add_argument("--administrator", help="account name of the technical administrator")
    parser.add_argument("--manager", default="", help="name of the administration manager, who keeps the chart")
    parser.add_argument("--second-decider", help="name of who decides what the general manager applied for")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    from zhangfa.policy.catalogue import preset_names

    parser.add_argument("--preset", help="handbook figures to start from", default="ningbo", choices=preset_names())


def run(options: argparse.Namespace) -> int:
    """Found the company in an empty database."""
    start_django()
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from .demonstration import has_company, set_seals_aside
    from .upgrading import build_static, migrate

    migrate()
    build_static()
    if has_company():
        print("The database holds a company already.", file=sys.stderr)
        return 1
    name = options.name or input("Name of the company: ").strip()
    administrator = options.administrator or input("Account name of the administrator: ").strip()
    second = options.second_decider
    if second is None:
        second = "" if options.password_stdin else input("Name of the second decider (may be empty): ").strip()
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else getpass.getpass("Password: ")
    try:
        validate_password(password)
    except ValidationError as error:
        print("\n".join(error.messages), file=sys.stderr)
        return 1
    from zhangfa.core import clock
    from zhangfa.core.decisions import Refused
    from zhangfa.organisation.actions.founding import found
    from zhangfa.policy.actions import install_preset
    from zhangfa.policy.rules import SECOND_DECIDER_KEY
    from zhangfa.ui.words import say

    at = clock.now()
    set_seals_aside()
    try:
        founded = found(
            name=name,
            administrator=administrator,
            password=password,
            preset=options.preset,
            manager_name=options.manager,
            second_decider_name=second,
            at=at,
        )
    except Refused as refused:
        print("\n".join(say(refusal) for refusal in refused.refusals), file=sys.stderr)
        return 1
    named = founded.second_decider
    install_preset(options.preset, at=at, own={SECOND_DECIDER_KEY: str(named.pk)} if named else None)
    print(f"{name}: sign in as {administrator}. Then run `zhangfa doctor`.")
    return 0
