"""The line to the typesetter: begun when the first form is asked for, begun again when it has ended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import zhangfa
from zhangfa.records.fonts import FontMissing

# Longer than the longest list takes, shorter than a visitor is kept waiting by the web server.
PATIENCE_SECONDS = 30
COMMAND = [sys.executable, "-m", "zhangfa.records.typesetter"]
HOME = Path(zhangfa.__file__).parents[1]


class PrintFailed(RuntimeError):
    """The form could not be set as it must look; nothing is printed rather than something wrong."""


class Typesetter:
    """One process that sets forms for this one, asked by one thread at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, order: dict[str, Any]) -> dict[str, Any]:
        """The pages, and what no font has. Raises PrintFailed, FontMissing."""
        with self._turn:
            answer = self._ask(order) or self._ask(order)
        if answer is None:
            raise PrintFailed("the typesetter ended twice over this form")
        if "font" in answer:
            raise FontMissing(answer["font"])
        if "failed" in answer:
            raise PrintFailed(answer["failed"])
        return answer

    def _ask(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """The answer, or None if the typesetter has ended: idle, after many forms, or killed. Setting changes nothing,
        so it may be asked for again."""
        line = self._line or self._begin()
        try:
            line.send(order)
            if line.poll(PATIENCE_SECONDS):
                return dict(line.recv())
        except (EOFError, OSError):
            self.end()
            return None
        self.end()
        raise PrintFailed(f"the form was not set within {PATIENCE_SECONDS} seconds")

    def _begin(self) -> Connection:
        mine, theirs = socket.socketpair()
        with theirs:
            # A session of its own: Ctrl-C lets the process that asks finish what it prints.
            self._process = subprocess.Popen(
                [*COMMAND, str(theirs.fileno())], cwd=HOME, pass_fds=[theirs.fileno()], start_new_session=True,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        # Whenever it ends, somebody takes note, or it would stay in the table of processes.
        threading.Thread(target=self._process.wait, name="typesetter", daemon=True).start()
        self._line = Connection(mine.detach())
        return self._line

    def end(self) -> None:
        """Let it go, whatever it is doing."""
        self.leave()
        if self._process is not None:
            self._process.kill()
        self._process = None

    def leave(self) -> None:
        """Close this process's end of the line."""
        if self._line is not None:
            self._line.close()
        self._line = None

    @property
    def pid(self) -> int | None:
        """The process that sets, if one was begun."""
        return self._process.pid if self._process else None


_typesetter = Typesetter()


def typesetter() -> Typesetter:
    """The one of this process."""
    return _typesetter


def _divided() -> None:
    """A child of this process begins its own; with its parent's line both would read each other's forms."""
    global _typesetter
    _typesetter.leave()
    _typesetter = Typesetter()


os.register_at_fork(after_in_child=_divided)
