"""The installed command `zhangfa`: each word loads only what it needs."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

# word → (module with `add_arguments(parser)` and `run(options) -> exit code`, one line of help)
COMMANDS = {
    "serve": ("zhangfa.config.serving", "run the web server and the worker"),
    "worker": ("zhangfa.config.working", "run jobs, alarms and seals alone"),
    "demo": ("zhangfa.config.demonstration", "fill an empty database with an invented company"),
    "init": ("zhangfa.config.founding", "set up an empty company and its first administrator"),
    "migrate": ("zhangfa.config.upgrading", "bring the database up to this version"),
    "doctor": ("zhangfa.config.doctor", "check the installation; exit 1 with the mend in words"),
    "token": ("zhangfa.config.tokens", "print an API token for an account"),
    "audit": ("zhangfa.config.auditing", "verify the trail of events"),
    "backup": ("zhangfa.config.backup", "copy database, files and seals into a folder"),
    "restore": ("zhangfa.config.restore", "bring a backup back into an empty database"),
}
# These read `key=value` words and their own switches themselves.
PASSED_ON = {
    "explain": ("zhangfa.policy.explain", "explain_command", "say who decides, by which clause and figure"),
    "handbook": ("zhangfa.policy.handbook", "handbook_command", "print every clause and what the program does for it"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in PASSED_ON:
        module, function, _ = PASSED_ON[arguments[0]]
        start_django()
        return int(getattr(import_module(module), function)(arguments[1:]) or 0)
    word = arguments[0] if arguments else ""
    options = build_parser(word).parse_args(arguments)
    if options.run_command is None:
        build_parser("").print_help()
        return 2
    from django.db import DatabaseError

    try:
        return int(options.run_command(options) or 0)
    except DatabaseError:
        if behind := tables_missing():
            print(behind, file=sys.stderr)
            return 1
        raise


def tables_missing() -> str:
    """What to say when a command met a database that was never brought up to this version; empty if it was."""
    from .upgrading import pending_migrations

    count = len(pending_migrations())
    return f"The database is behind by {count} migrations: run `zhangfa migrate`." if count else ""


def build_parser(word: str) -> argparse.ArgumentParser:
    """Describe all commands, and the arguments of the one that is asked for."""
    parser = argparse.ArgumentParser(prog="zhangfa", description="章法: order and method for a home-service company")
    parser.set_defaults(run_command=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, (module, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == word:
            loaded = import_module(module)
            loaded.add_arguments(command)
            command.set_defaults(run_command=loaded.run)
    for name, (_module, _function, text) in PASSED_ON.items():
        commands.add_parser(name, help=text)
    return parser


def start_django() -> None:
    """Load the apps and speak the language of the terminal."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    # All that is loaded stays: the collector would walk through it time and again and find nothing.
    gc.disable()
    try:
        django.setup()
    finally:
        gc.freeze()
        gc.enable()
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    translation.activate("zh-hans" if spoken.lower().startswith("zh") else "en")


if __name__ == "__main__":
    sys.exit(main())
