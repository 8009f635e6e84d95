"""Overdue goes up: to the superior, after `escalation.second_days` to the superior's superior; each once (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.duties import due, seats
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.notices.actions import notify
from zhangfa.policy import queries as policy

CLAUSE = "X-1"
SECOND_DAYS = "escalation.second_days"
# So much in one transaction; more is taken up again at once.
MOST = 200
S = Occurrence.State


def escalate_due(instant: dt.datetime, *, by: Any, at: dt.datetime) -> int:
    """What fell due at one instant and is not done: who owes it and the superior are told. Returns how much it was."""
    return _raise(Q(due_at=instant, rung=0, state=S.OPEN), instant, by=by, at=at)


def escalate_further(escalated_at: dt.datetime, *, by: Any, at: dt.datetime) -> int:
    """What was passed to the superior at one instant and is still owed: one step further up."""
    return _raise(Q(escalated_at=escalated_at, rung=1, state__in=[S.OPEN, S.MISSED]), escalated_at, by=by, at=at)


def _raise(which: Q, instant: dt.datetime, *, by: Any, at: dt.datetime) -> int:
    with work(), policy.one_reading():
        rows = Occurrence.objects.select_for_update(of=("self",)).filter(which, due_at__lte=at)
        found = list(rows.select_related("duty", "record").order_by("pk")[: MOST + 1])
        if not found:
            return 0
        rows, is_more = found[:MOST], len(found) > MOST
        first = rows[0].rung == 0
        up = seats.above(
            {row.pk: (row.seat_id if first else row.escalated_to_id or row.seat_id, row.person_id) for row in rows}, at
        )
        known = catalogue().by_key
        for row in rows:
            row.rung, row.escalated_at = row.rung + 1, at
            row.escalated_to_id = up[row.pk][0] if row.pk in up else row.escalated_to_id
            if row.is_open and row.duty_id in known and known[row.duty_id].is_counted:
                # Its time is over: what comes later counts for a later period.
                row.state = S.MISSED
            announce(
                "duties.occurrence.escalated", row, by=by, at=at, label=_("职责逾期上报"), record_id=row.record_id,
                codes={"duty": row.duty_id, "seat": row.seat_id, "to": row.escalated_to_id, "rung": row.rung},
                clause=row.duty.clause,
            )  # fmt: skip
        Occurrence.objects.bulk_update(rows, ["rung", "escalated_at", "escalated_to", "state"])
        if first:
            due.ring_again(at, at + dt.timedelta(days=int(policy.value(SECOND_DAYS, at))))
            _tell("duties.overdue", ((row.person_id, row) for row in rows), at)
        _tell("duties.escalated", ((person, row) for row in rows for person in up.get(row.pk, (0, []))[1]), at)
        if is_more:
            _take_up_again(instant, at, first)
        return len(rows)


def _take_up_again(instant: dt.datetime, at: dt.datetime, first: bool) -> None:
    if first:
        due.ring([instant])
    else:
        due.ring_again(instant, at)


def _tell(code: str, owed: Iterable[tuple[int | None, Occurrence]], at: dt.datetime) -> None:
    """Each person once: one duty in its own words, several as a count."""
    mine: dict[int, list[Occurrence]] = {}
    for person, row in owed:
        if person is not None:
            mine.setdefault(person, []).append(row)
    single: dict[int, list[int]] = {}
    many: dict[int, list[int]] = {}
    for person, rows in mine.items():
        if len(rows) == 1:
            single.setdefault(rows[0].pk, []).append(person)
        else:
            many.setdefault(len(rows), []).append(person)
    by_key = {row.pk: row for rows in mine.values() for row in rows}
    for key, people in single.items():
        _tell_one(code, people, by_key[key], at)
    for count, people in many.items():
        notify(people, f"{code}_many", {"count": count}, at=at, url="/duties/", clause=CLAUSE)


def _tell_one(code: str, people: Iterable[int], row: Occurrence, at: dt.datetime) -> None:
    record = row.record
    params = {"duty": row.duty_id, "number": (record.number or "") if record else row.period, "due": row.due_at}
    notify(
        people, code, params, at=at, record_id=row.record_id, url=record.url if record and record.url else "/duties/",
        clause=row.duty.clause,
    )  # fmt: skip
