"""One piece of work: a transaction that takes each lock once and writes its trail in one go at its end.

An action opens it with `work()`. Inside, `held` gives a row that is locked already instead of reading it again, and what
is handed to `owe` is written together just before the commit: all or nothing, as before, with far fewer statements.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import transaction

Writer = Callable[[list[Any]], object]
Row = TypeVar("Row")


class Work:
    """What one transaction holds under lock and what it still owes to the database."""

    def __init__(self) -> None:
        self.held: dict[Hashable, Any] = {}
        self.owed: list[tuple[int, Writer, Any]] = []
        self.is_joined = False

    def settle(self) -> None:
        """Write what is owed, in the order of locks; a writer gets all its rows in the order in which they came."""
        while self.owed:
            owed, self.owed = self.owed, []
            for order, write in sorted({(order, write) for order, write, _row in owed}, key=lambda entry: entry[0]):
                write([row for known, by, row in owed if (known, by) == (order, write)])


_current: ContextVar[Work | None] = ContextVar("zhangfa_work", default=None)


@contextmanager
def work(*, is_part: bool = True) -> Iterator[None]:
    """A transaction; inside of another piece of work a part of it, which may fail alone.

    `is_part=False`: it refuses before it writes anything, so there is nothing that a savepoint would have to take back.
    """
    outer = _current.get()
    if outer is not None and (outer.is_joined or not is_part):
        outer.is_joined = False
        yield
        return
    if outer is not None:
        with _part(outer):
            yield
        return
    with transaction.atomic():
        mine = Work()
        token = _current.set(mine)
        try:
            yield
            mine.settle()
        finally:
            _current.reset(token)


@contextmanager
def joined() -> Iterator[None]:
    """What is called inside is the whole of the work around it: its failure ends both, so it needs no savepoint of its own."""
    outer = _current.get()
    if outer is None:
        yield
        return
    outer.is_joined = True
    try:
        yield
    finally:
        outer.is_joined = False


@contextmanager
def _part(outer: Work) -> Iterator[None]:
    held, owed = dict(outer.held), len(outer.owed)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        # What the part locked and meant to write is undone with it.
        outer.held = held
        del outer.owed[owed:]
        raise


def owe(order: int, write: Writer, *rows: Any) -> None:
    """Have `write` called with these rows and the others of the same work at its end; outside of any work, at once."""
    mine = _current.get()
    if mine is None:
        write(list(rows))
    else:
        mine.owed.extend((order, write, row) for row in rows)


def held(key: Hashable, lock: Callable[[], Row]) -> Row:
    """The row as this work locked it; the first to ask locks it."""
    mine = _current.get()
    if mine is None:
        return lock()
    if key not in mine.held:
        mine.held[key] = lock()
    row: Row = mine.held[key]
    return row


def hold(key: Hashable, row: Any) -> None:
    """A row that this work has just made is its own: nobody else sees it yet."""
    mine = _current.get()
    if mine is not None:
        mine.held[key] = row


def let_go(key: Hashable) -> None:
    """Others of its columns were written past the row in hand: read it again."""
    mine = _current.get()
    if mine is not None:
        mine.held.pop(key, None)
