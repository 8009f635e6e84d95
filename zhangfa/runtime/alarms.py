"""Alarms: set one for an instant, and its handler runs then, once in effect, however many workers there are."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction

from zhangfa.core.bulk import write
from zhangfa.runtime.models import Alarm

Handler = Callable[[Alarm, dt.datetime], None]

log = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
BATCH = 200
_SET = ", ".join(f"{column} = EXCLUDED.{column}" for column in ("next_alarm_at", "rung", "tries"))
# An alarm that is set already is moved.
AGAIN = f"(subject, kind) DO UPDATE SET {_SET}"
FIRST_RETRY = dt.timedelta(minutes=1)
LONGEST_RETRY = dt.timedelta(hours=6)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens when an alarm of this kind is due; to be called again it sets the alarm anew."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def set_alarm(subject: str, kind: str, at: dt.datetime, rung: int = 0) -> None:
    """Set the alarm, or move the one that is set; part of the caller's transaction."""
    set_alarms([Alarm(subject=subject, kind=kind, next_alarm_at=at, rung=rung)])


def set_alarms(rows: Iterable[Alarm]) -> None:
    """The same for several at once."""
    write(list(rows), conflict=AGAIN)


def clear(subject: str, kind: str | None = None) -> None:
    alarms = Alarm.objects.filter(subject=subject)
    (alarms if kind is None else alarms.filter(kind=kind)).delete()


def fire_due(at: dt.datetime, limit: int = 5_000) -> int:
    """Handle what is due at the instant, earliest first, what the handlers set for the past included. Returns how many worked."""
    fired = seen = 0
    while seen < limit:
        due = list(
            Alarm.objects.filter(next_alarm_at__lte=at)
            .order_by("next_alarm_at", "pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not due:
            break
        worked = [_fire(pk, at) for pk in due]
        fired += worked.count(True)
        seen += len(due)
        if all(outcome is None for outcome in worked):
            break  # another worker holds them all
    return fired


def _fire(pk: int, at: dt.datetime) -> bool | None:
    """Handle one alarm in one transaction; None where another worker has it."""
    with transaction.atomic():
        alarm = Alarm.objects.select_for_update(skip_locked=True).filter(pk=pk, next_alarm_at__lte=at).first()
        if alarm is None:
            return None
        try:
            with transaction.atomic():
                Alarm.objects.filter(pk=pk).delete()
                _handlers[alarm.kind](alarm, at)
        except Exception:
            # One broken subject must not hold up the others; the rung stays, the next try comes later.
            log.exception("alarm %s of %s failed, try %d", alarm.kind, alarm.subject, alarm.tries + 1)
            wait = min(FIRST_RETRY * 2 ** min(alarm.tries, 12), LONGEST_RETRY)
            Alarm.objects.filter(pk=pk).update(next_alarm_at=at + wait, tries=alarm.tries + 1)
            return False
        return True
