"""kill -9 of web processes while people send: what was acknowledged is there once, what was not can be sent again."""

from __future__ import annotations

import io
import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.hardship.books import assert_in_order, assert_swept
from tests.hardship.web import Answer, Somebody, Web, kills, report_body, report_fields, wait_until
from zhangfa.claims.models import Case, Talk
from zhangfa.records import vault
from zhangfa.records.models import Attachment

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.clause("X-3"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the processes are found by /proc"),
]  # fmt: skip
SEED, KILLS, SENDERS, TRIES = 20261123, 6, 3, 30
DONE = {200, 201, 303}


@dataclass
class Errand:
    """One thing to be done once: how it is sent, and the rows that it makes."""

    send: Callable[[], Answer | None]
    rows: Any
    answer: Answer | None = field(default=None)
    sent: int = 0

    def run(self) -> None:
        """Send it with its key until somebody answers."""
        while self.answer is None and self.sent < TRIES:
            self.sent += 1
            self.answer = self.send()


def errands(house, web, who: int) -> Iterator[Errand]:
    """An endless day: reports, calls and photos, by page and by interface."""
    op, oa = Somebody(house, "op"), Somebody(house, "oa")
    # A paper takes twenty files: the more is killed, the more papers.
    cases = [house.report("300").pk for _n in range(1 + kills(KILLS) // 20)]
    kinds: list[tuple[Callable[[str, Any], Answer | None], Callable[[str], Any]]] = [
        (lambda name, case: op.api(web, "/cases", report_body(house, name), name), reports),
        (lambda name, case: op.page(web, "/cases/new/", report_fields(house, name), name), reports),
        (lambda name, case: oa.api(web, f"/cases/{case}/transitions/log_call", {"content": name}, name), talks),
        (lambda name, case: oa.page(web, f"/cases/{case}/do/log_call/", {"content": name}, name), talks),
        (lambda name, case: oa.upload(web, f"/records/{case}/attachments", picture(name), name), photos),
    ]
    for n in itertools.count():
        name, (send, rows) = f"errand-{who}-{n}", kinds[n % len(kinds)]
        yield Errand(partial(send, name, cases[n // len(kinds) % len(cases)]), rows(name))


def reports(name: str) -> Any:
    return Case.objects.filter(summary=name)


def talks(name: str) -> Any:
    return Talk.objects.filter(content=name)


def photos(name: str) -> Any:
    return Attachment.objects.filter(sha256=vault.sha_of(picture(name)))


def picture(name: str) -> bytes:
    """A photo like no other."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 90, 60)).save(out, "JPEG", comment=name.encode())
    return out.getvalue()


def test_web_processes_killed_at_any_moment_lose_nothing_and_repeat_nothing(house, start_zhangfa):
    web, dice, done, over = Web(start_zhangfa), random.Random(SEED), [], threading.Event()

    def work(mine: Iterator[Errand]) -> None:
        while not over.is_set():
            errand = next(mine)
            errand.run()
            done.append(errand)

    days = [errands(house, web, who) for who in range(SENDERS)]
    firsts = [next(day) for day in days]  # the rows of the house are made here, before anybody sends
    days = [itertools.chain([first], day) for first, day in zip(firsts, days, strict=True)]
    threads = [threading.Thread(target=work, args=(day,)) for day in days]
    for thread in threads:
        thread.start()
    try:
        for _n in range(kills(KILLS)):
            reached = len(done) + SENDERS
            wait_until(lambda reached=reached: len(done) >= reached, what="an answer")
            # Any moment of a request; whatever it hits, the same must hold.
            time.sleep(dice.random() / 20)
            os.kill(dice.choice(wait_until(web.workers, what="a web process")), signal.SIGKILL)
    finally:
        over.set()
        for thread in threads:
            thread.join(120)
    for errand in done:
        assert errand.answer is not None and errand.answer.status in DONE, errand.answer
        if errand.sent > 1 or errand in done[-SENDERS:]:
            again = errand.send()
            assert again is not None and (again.status, again.text) == (errand.answer.status, errand.answer.text)
        assert errand.rows.count() == 1
    assert_in_order()
    assert_swept()
