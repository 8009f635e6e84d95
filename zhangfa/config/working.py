"""`zhangfa worker`: jobs, alarms, schedules and seals, without the web server."""

import argparse

from .cli import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The worker needs no arguments: several may run side by side."""


def run(options: argparse.Namespace) -> int:
    """Work until told to stop."""
    start_django()
    from zhangfa.runtime import worker

    worker.run()
    return 0
