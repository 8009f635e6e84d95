"""Writes beside the sink: the catalogue's table, the rhythm's occurrences, escalation, holders that moved (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.duties import engine, rules
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Seat
from zhangfa.organisation.queries import holders
from zhangfa.policy import queries as policy
from zhangfa.runtime import alarms

CLAUSE = "X-1"
SECOND = "escalation.second_days"
# An installation that stood still fills at most this much; what is older tells nobody anything.
LONGEST_GAP = dt.timedelta(days=400)


def load_catalogue() -> int:
    """Write the catalogue's rows into their table; a row that left the file stays for its occurrences, inactive."""
    rows = [
        Duty(
            key=row.key, code=row.code, stage=row.stage, version=row.version, post=row.post, clause=row.clause, rhythm=row.rhythm,
            name=row.zh, name_en=row.en, evidence=row.evidence_zh, evidence_en=row.evidence_en,
            rule={"due": dict(row.due), "opens": row.opens, "closes": row.closes, "copies": row.copies},
        )
        for row in catalogue().rows
    ]  # fmt: skip
    columns = [f.name for f in Duty._meta.concrete_fields if not f.primary_key]
    Duty.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=columns)
    Duty.objects.exclude(key__in=[row.key for row in rows]).update(is_active=False)
    return len(rows)


def generate(at: dt.datetime) -> int:
    """Open what the rhythms owe by now, filled in after a standstill; the same call again adds nothing. Returns how many."""
    with work():
        made = 0
        for duty in catalogue().rhythmic:
            seat = engine.seat_of_post(duty.post, at)
            if seat is None:
                continue
            figures = [policy.figure(key, at).as_json() for key in duty.figures]
            for period in _periods(duty, at):
                made += (
                    engine.create(duty, seat, "company", period.name, period.opens_at, period.due_at, figures=figures)
                    is not None
                )
        return made


def _periods(duty: DutyRow, at: dt.datetime) -> Iterator[rules.Period]:
    """The periods since the last that was opened, whoever owed it; on a new installation only the newest."""
    last = Occurrence.objects.filter(duty__code=duty.code, duty__stage=duty.stage).order_by("-opened_at").first()
    since = max(last.opened_at, at - LONGEST_GAP) if last else at - LONGEST_GAP
    found: list[rules.Period] = []
    value = policy.value(duty.due["key"], at)
    if duty.rhythm == "weekly":
        found = list(rules.weekly_periods(str(value), since, at))
    else:
        found = list(rules.fortnight_periods(policy.value(duty.due["anchor"], at), int(value), since, at))
    return iter(found if last else found[-1:])


def move_holders(at: dt.datetime) -> int:
    """Open duties follow the seat: whoever holds it now owes them. Returns how many changed hands."""
    rows = list(Occurrence.objects.open().only("pk", "seat_id", "person_id"))
    held = holders({row.seat_id for row in rows}, at)
    moved = 0
    for row in rows:
        people = [person.pk for person in held.get(row.seat_id, [])]
        if people and row.person_id not in people:
            moved += Occurrence.objects.filter(pk=row.pk, state=Occurrence.State.OPEN).update(person_id=people[0])
    return moved


def escalate(occurrence_id: int, *, by: Any, at: dt.datetime) -> Occurrence | None:
    """Overdue: the superior is told, after `escalation.second_days` the superior's superior; each once (X-1)."""
    with work():
        rows = Occurrence.objects.select_for_update(of=("self",)).select_related("duty", "seat")
        occurrence = rows.filter(pk=occurrence_id).first()
        if occurrence is None or not occurrence.is_open or occurrence.due_at > at or occurrence.rung >= 2:
            return None
        start = occurrence.escalated_to if occurrence.rung else occurrence.seat
        above, people = _above(start, at, but={occurrence.person_id})
        occurrence.rung += 1
        occurrence.escalated_at = at
        if above is not None:
            occurrence.escalated_to = above
        occurrence.save(update_fields=["rung", "escalated_at", "escalated_to"])
        if occurrence.rung == 1:
            wait = dt.timedelta(days=int(policy.value(SECOND, at)))
            alarms.set_alarm(engine.alarm_subject(occurrence), engine.OVERDUE, at + wait, rung=1)
            _tell([occurrence.person_id], "duties.overdue", occurrence, at)
        _tell(people, "duties.escalated", occurrence, at)
        announce(
            "duties.occurrence.escalated", occurrence, by=by, at=at, label=_("职责逾期上报"), record_id=occurrence.record_id,
            codes={"duty": occurrence.duty_id, "seat": occurrence.seat_id, "to": above.pk if above else None, "rung": occurrence.rung},
            clause=occurrence.duty.clause,
        )  # fmt: skip
        return occurrence


def _above(start: Seat | None, at: dt.datetime, but: Iterable[int | None]) -> tuple[Seat | None, list[int]]:
    """The next seat upward that somebody else holds, with its people."""
    seat, seen, skipped = start.reports_to if start else None, set(), set(but)
    while seat is not None and seat.pk not in seen:
        seen.add(seat.pk)
        people = [person.pk for person in holders([seat.pk], at).get(seat.pk, []) if person.pk not in skipped]
        if people:
            return seat, people
        seat = seat.reports_to
    return None, []


def _tell(people: Iterable[int | None], code: str, occurrence: Occurrence, at: dt.datetime) -> None:
    record = occurrence.record
    params = {
        "duty": occurrence.duty_id,
        "number": (record.number or "") if record else occurrence.period,
        "due": occurrence.due_at,
    }
    notify(
        people, code, params, at=at, record_id=occurrence.record_id, url=record.url if record and record.url else "/duties/",
        clause=occurrence.duty.clause,
    )  # fmt: skip
