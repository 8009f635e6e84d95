"""The steps of an import take the lock turn by turn: how long each held it sizes the next, and between two the others get in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from zhangfa.core.work import work

LARGEST_CHUNK, SMALLEST_CHUNK = 500, 100
# Where a turn at SQLite's one lock took longer the next chunk is smaller, so that nobody waits for half a second; each chunk costs
# its forty statements, however small it is.
LONG, SHORT = 0.2, 0.1
# SQLite has one writer, and who waits for it looks again every few hundredths of a second: so long it stays free at least.
BREATH = 0.02
FORGET = 20


class Turns:
    """One process at one import: its place in the file, the size of its chunks, its turns at the lock."""

    def __init__(self) -> None:
        self.chunk, self.at, self._freed = LARGEST_CHUNK, -1, 0.0
        self.lines: Iterator[Any] = iter(())
        self._memory: dict[str, Any] = {}
        self._steps = 0

    def remembered(self) -> dict[str, Any]:
        """What was looked up for the last steps (outlets, products); looked up anew from time to time."""
        if self._steps % FORGET == 0:
            self._memory = {}
        self._steps += 1
        return self._memory

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A transaction at a moment when the others had their chance."""
        if connection.vendor == "sqlite":
            # What was read and judged since the last turn counts: mostly that was long enough.
            time.sleep(max(0.0, self._freed + BREATH - time.monotonic()))
        began = time.monotonic()
        try:
            with work():
                yield
        finally:
            self._freed = time.monotonic()
            if connection.vendor == "sqlite":
                self.resize(self._freed - began)

    def size(self, most: int) -> int:
        """How many rows the next chunk of a target has whose largest is `most`: rows that take long shrink with the others."""
        return max(1, most * self.chunk // LARGEST_CHUNK)

    def resize(self, held: float) -> None:
        if held > LONG:
            self.chunk = max(SMALLEST_CHUNK, self.chunk // 2)
        elif held < SHORT:
            self.chunk = min(LARGEST_CHUNK, self.chunk + SMALLEST_CHUNK)
