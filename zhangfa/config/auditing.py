"""`zhangfa audit verify`: the trail holds, or here is the first place where it does not."""

import argparse
import sys

from .cli import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One thing can be done with the trail from outside: verify it."""
    parser.add_argument("what", choices=["verify"])


def run(options: argparse.Namespace) -> int:
    """Exit 1 at the first broken link."""
    start_django()
    from zhangfa.audit import models, seals

    broken = next(iter(seals.verify()), None)
    if broken is not None:
        print(f"Broken: {broken.chain} event {broken.n}: {broken.what}", file=sys.stderr)
        return 1
    events, sealed = models.Event.objects.count(), models.Seal.objects.count()
    print(f"The trail holds: {events} events, {sealed} seals.")
    return 0
