"""What is nobody's mistake: the disk is full, the database restarts or is busy. It passes, and the same may be sent again."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError

FULL, AWAY = "full", "away"
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
# SQLite's result codes: no room; and busy, locked, out of memory, read-only, disk error, file gone, locking protocol.
SQLITE_FULL, SQLITE_AWAY = 13, {5, 6, 7, 8, 10, 14, 15}
# PostgreSQL's classes: connection, resources, rollback by others, lock not to be had, operator's hand, system.
POSTGRES_FULL, POSTGRES_AWAY = "53100", ("08", "53", "40", "55", "57", "58")


def trouble_of(error: BaseException | None) -> str:
    """`full` or `away`, also where other errors followed from it; nothing for a fault of the program."""
    while error is not None:
        if found := _kind(error):
            return found
        error = error.__cause__ or error.__context__
    return ""


def _kind(error: BaseException) -> str:
    if isinstance(error, OSError):
        return FULL if error.errno in NO_SPACE else ""
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    driver = error.__cause__
    if (code := getattr(driver, "sqlite_errorcode", None)) is not None:
        # Extended codes carry their kind in the last byte.
        return FULL if code & 0xFF == SQLITE_FULL else AWAY if code & 0xFF in SQLITE_AWAY else ""
    if hasattr(driver, "sqlstate"):
        state = driver.sqlstate
        # Without a state there was nobody left to send one.
        return FULL if state == POSTGRES_FULL else AWAY if state is None or state.startswith(POSTGRES_AWAY) else ""
    return ""
