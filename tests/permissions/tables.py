"""A permission table as text: per operation, what happens to whom. Written once, compared ever after, read in reviews."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import transaction
from django.template.base import Template
from django.test import Client

from tests.houses import SEATS
from tests.worlds import BYSTANDERS, TECHNICAL, World

ANONYMOUS = "anonymous"
# Every post once, a second outlet manager (the stranger from next door), and those who had a post or stand in for one.
EVERYBODY = (ANONYMOUS, TECHNICAL, *(name for name in SEATS if name not in ("cc2", "fin2", "sw2")), *BYSTANDERS)
WRITE = "ZHANGFA_WRITE"
OPEN = "ok"
Outcomes = Mapping[str, Mapping[str, str]]


def render(outcomes: Outcomes) -> str:
    """One block per operation, one line per outcome, those who may first."""
    blocks = []
    for name, by_person in outcomes.items():
        groups: dict[str, list[str]] = {}
        for person in EVERYBODY:
            groups.setdefault(by_person[person], []).append(person)
        lines = [
            f"  {outcome:<28} {' '.join(people)}"
            for outcome, people in sorted(groups.items(), key=lambda g: (g[0] != OPEN, g[0]))
        ]
        blocks.append("\n".join([name, *lines]))
    return "\n".join(blocks) + "\n"


def compare(path: Path, text: str) -> None:
    """Fail where the table on file differs; with ZHANGFA_WRITE=1 write it anew for the next review."""
    if os.environ.get(WRITE):
        path.write_text(text, encoding="utf-8")
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    changed = sorted(set(text.splitlines()) ^ set(known.splitlines()))
    assert text == known, f"who may do what has changed; look at it, then run with {WRITE}=1:\n" + "\n".join(
        changed[:40]
    )


def outcome(response: Any) -> str:
    """What an answer means for the caller: open, sent to sign in, hidden, or refused with which reason."""
    status = response.status_code
    if status in (301, 302, 303):
        return "sign-in" if "/accounts/login/" in response["Location"] else OPEN
    # An empty form that is read at all has passed every question about the person.
    if status in (200, 201, 204, 304, 415, 422):
        return OPEN
    if status in (403, 409) and response.headers.get("Content-Type") == "application/json":
        return f"{status} {response.json()['refusals'][0]['code']}"
    return str(status)


def clients(world: World) -> dict[str, Client]:
    """A signed-in browser for everybody, and one of a stranger."""
    found = {ANONYMOUS: Client()}
    for name, user in world.users.items():
        found[name] = Client()
        found[name].force_login(user)
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """Thousands of refusals are no news for the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def unwatched() -> Iterator[None]:
    """Quiet, and without Django's note for tests of which template was drawn with what: of no use here and an eighth of the time."""
    with quiet(), mock.patch.object(Template, "_render", lambda self, context: self.nodelist.render(context)):
        yield


def undone(call: Any) -> Any:
    """The answer of a call whose effects are taken back."""
    with transaction.atomic():
        answer = call()
        transaction.set_rollback(True)
    return answer


def who(outcomes: Outcomes, wanted: str, names: Iterable[str]) -> dict[str, str]:
    """The operations and people that break a rule."""
    return {
        f"{name} {person}": row[person] for name, row in outcomes.items() for person in names if row[person] != wanted
    }
