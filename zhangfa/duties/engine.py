"""The sink: events open and close occurrences in the transaction of what happened (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Q, Value, When

from zhangfa.core import clock
from zhangfa.core.compiled import SAMPLE_INSTANTS, Compiled, CompiledUpdate, for_shape
from zhangfa.core.transitions import Happened
from zhangfa.core.work import owe
from zhangfa.duties import due, evidence, rules, seats, turning
from zhangfa.duties.catalogue import DutyRow, catalogue, is_heard
from zhangfa.duties.models import Occurrence
from zhangfa.duties.seats import Place
from zhangfa.organisation.calendar import is_working
from zhangfa.policy import queries as policy

ORDER = 50  # before the trail
# A case given to another handler takes its open duties with it.
HANDED_OVER = frozenset({"claims.case.reassigned", "claims.case.handed_over", "claims.case.taken_over"})
# Somebody comes into a seat or leaves it: what the seat owes follows at once.
BEGUN = "organisation.holding.begun"
SEATED = frozenset({BEGUN, "organisation.holding.ended"})
# Who else follows it in the same transaction: the lists of what is handed over.
seated: list[Callable[[Happened], object]] = []


def receive(happened: Happened) -> None:
    """Close, end, move and open what listens to the event; an event that nobody listens to costs nothing."""
    if happened.event in HANDED_OVER | SEATED or is_heard(happened.event):
        owe(ORDER, follow, happened)
    if happened.record_id is not None and catalogue().by_form:
        owe(ORDER, evidence.receive_papers, happened)


def follow(happenings: Sequence[Happened]) -> None:
    """What one transaction closed and opened, in the order in which it happened; what it opens is inserted together."""
    known = catalogue()
    opening: list[tuple[DutyRow, Happened]] = []
    come: set[int] = set()
    for happened in happenings:
        event = happened.event
        if event in HANDED_OVER or any(event in table for table in (known.closes, known.voids, known.moves)):
            _open(opening)
            opening = []
        if event in HANDED_OVER:
            _hand_over(happened)
        if event in SEATED:
            seats.follow({int(happened.codes["seat"])}, happened.at)
            for hear in seated:
                hear(happened)
            if event == BEGUN and happened.codes["from_on"] <= clock.local_date(happened.at):
                come.add(int(happened.codes["person"]))
        closing = known.closes.get(event, ())
        _end([duty for duty in closing if duty.is_eventful], happened, is_done=True)
        for duty in closing:
            if not duty.is_eventful:
                evidence.receive(duty, happened)
        ending = known.voids.get(event, ())
        _end([duty for duty in ending if duty.is_eventful], happened, is_done=False)
        for duty in ending:
            if not duty.is_eventful:
                evidence.waive(duty, happened)
        for duty in known.moves.get(event, ()):
            _move(duty, happened)
        opening += [
            (duty, happened)
            for duty in known.opens.get(event, ())
            if duty.covers(happened.at) and _is_owed(duty, happened)
        ]
    _open(opening)
    if come:
        turning.welcome(come, happenings[-1].at)


def _is_owed(duty: DutyRow, happened: Happened) -> bool:
    """Some events owe something only now and then: where they say by when."""
    return not duty.due.get("stated") or rules.instant(happened.codes.get(duty.due["code"])) is not None


def subject_of(duty: DutyRow, happened: Happened) -> str:
    """What the occurrence is about; the same for the event that opens it and the one that closes it."""
    if duty.subject == "day":
        return f"unit:{happened.codes.get(duty.place)}:{happened.codes.get(duty.on)}"
    if stated := happened.codes.get("subject"):
        return str(stated)
    if duty.subject == "record" and happened.record_id:
        return f"record:{happened.record_id}"
    return f"{happened.obj._meta.label_lower}:{happened.obj.pk}"


# A step names few duties; what a whole import ends or opens at once is rare, and put into words each time.
FEW = 8


def _about(duty: DutyRow, happened: Happened) -> Q:
    """The occurrences of the duty, in any version, that the event is about."""
    return Q(subject_key=subject_of(duty, happened), duty__key__startswith=duty.stem)


def _about_each(stems: Sequence[str], subjects: Iterable[str]) -> Q:
    pairs = zip(stems, subjects, strict=True)
    return reduce(or_, (Q(subject_key=subject, duty__key__startswith=stem) for stem, subject in pairs))


def _named(subjects: Sequence[str]) -> dict[str, str]:
    return {f"subject_{n}": subject for n, subject in enumerate(subjects)}


def _samples(count: int) -> dict[str, tuple[str, str]]:
    return {f"subject_{n}": (f"sample:{n}:1", f"sample:{n}:2") for n in range(count)}


def _standing(pairs: Sequence[tuple[DutyRow, Happened]]) -> list[Occurrence]:
    """The occurrences that these duties have about these subjects, in any version and state."""
    asked = dict.fromkeys((duty.stem, subject_of(duty, happened)) for duty, happened in pairs)
    stems, subjects = tuple(stem for stem, _subject in asked), [subject for _stem, subject in asked]

    def build(**named: str) -> Any:
        return Occurrence.objects.filter(_about_each(stems, named.values()))

    if len(stems) > FEW:
        return list(Occurrence.objects.filter(_about_any(zip(stems, subjects, strict=True))))
    return for_shape(("duties.standing", stems), lambda: Compiled(build, **_samples(len(stems))))(**_named(subjects))


def _about_any(pairs: Iterable[tuple[str, str]]) -> Q:
    """One branch for each duty, however many things it is about: hundreds of entries are handed in at once."""
    subjects: dict[str, set[str]] = {}
    for stem, subject in pairs:
        subjects.setdefault(stem, set()).add(subject)
    return reduce(or_, (Q(subject_key__in=keys, duty__key__startswith=stem) for stem, keys in subjects.items()))


def _in_time_or_late(at: dt.datetime) -> Case:
    """`rules.state_when_done`, for rows that are not read: late stays late (X-1)."""
    return Case(When(due_at__gte=at, then=Value(Occurrence.State.DONE)), default=Value(Occurrence.State.LATE))


def _end(duties: Sequence[DutyRow], happened: Happened, *, is_done: bool) -> None:
    """Done or no longer needed. The alarm stays: it finds nothing open and rings for nobody."""
    if not duties:
        return
    stems, subjects = tuple(duty.stem for duty in duties), [subject_of(duty, happened) for duty in duties]

    def build(at: dt.datetime, event: str, **named: str) -> Any:
        return Occurrence.objects.open().filter(_about_each(stems, named.values()))

    def changes(at: dt.datetime, event: str, **_named: str) -> dict[str, Any]:
        state = _in_time_or_late(at) if is_done else Value(Occurrence.State.VOID)
        return {"state": state, "done_at": at, "evidence_event": event}

    given: dict[str, Any] = {"at": happened.at, "event": happened.event, **_named(subjects)}
    if len(stems) > FEW:
        build(**given).update(**changes(**given))
        return
    samples = {"at": SAMPLE_INSTANTS, "event": ("sample.event.1", "sample.event.2"), **_samples(len(stems))}
    for_shape(("duties.end", stems, is_done), lambda: CompiledUpdate(build, changes, **samples))(**given)


def _move(duty: DutyRow, happened: Happened) -> None:
    """A new due instant while it is not overdue yet: the hour that the customer chose."""
    moved_to = rules.instant(happened.codes.get(duty.due.get("code", "")))
    if moved_to is None:
        return
    standing = Occurrence.objects.select_for_update().open().filter(_about(duty, happened))
    for occurrence in standing.filter(due_at__gte=happened.at).exclude(due_at=moved_to):
        occurrence.due_at, occurrence.due_on = moved_to, due.last_day(moved_to)
        occurrence.save(update_fields=["due_at", "due_on"])
        due.ring([moved_to])


def _open(opening: Sequence[tuple[DutyRow, Happened]]) -> None:
    """Insert what is owed from now on; what stands already, or stood on this day, is not owed again."""
    if not opening:
        return
    asked = [(duty, happened) for duty, happened in opening if not _is_first(duty, happened)]
    known = _standing(asked) if asked else []
    made: list[Occurrence] = []
    again: list[Occurrence] = []
    places: seats.Places = {}
    for duty, happened in opening:
        subject, place = subject_of(duty, happened), seats.place_for(duty, happened, places)
        if place is None:
            continue  # a company without such a post owes nothing by it; the chart's problems name the missing post
        row = _due(duty, happened, place, subject)
        same = [r for r in (*known, *made) if r.subject_key == subject and r.duty_id.startswith(duty.stem)]
        stood = next((r for r in same if _identity(r) == _identity(row)), None)
        if duty.again and stood is not None and stood.state == Occurrence.State.DONE and happened.at < stood.due_at:
            stood.state, stood.done_at, stood.evidence_event = Occurrence.State.OPEN, None, ""
            if duty.due.get("stated"):
                stood.due_at, stood.due_on = row.due_at, due.last_day(row.due_at)
            again.append(stood)
        elif stood is None and not any(r.is_open for r in same):
            made.append(row)
    due.insert(made)
    if again:
        Occurrence.objects.bulk_update(again, ["state", "done_at", "evidence_event", "due_at", "due_on"])
        due.ring(row.due_at for row in again)


def _is_first(duty: DutyRow, happened: Happened) -> bool:
    """Nothing stands yet about what this very event made, or what it says to be the first about."""
    return (duty.subject == "object" and happened.is_new) or bool(happened.codes.get("is_first"))


def _due(duty: DutyRow, happened: Happened, place: Place, subject: str) -> Occurrence:
    figures = {key: policy.figure(key, happened.at) for key in duty.figures}
    figure = figures[duty.due["key"]].value if "key" in duty.due else duty.due.get("count")
    person = seats.handler_of(happened) or place.person or seats.holder(place.seat, happened.at)
    return Occurrence(
        duty_id=duty.key, seat_id=place.seat, unit_id=place.unit, department_id=place.department, person_id=person, subject_key=subject,
        period=clock.local_date(happened.at).isoformat(), record_id=happened.record_id, opened_at=happened.at,
        due_at=rules.due_after(duty.due, figure=figure, codes=happened.codes, at=happened.at, is_working=is_working),
        policy=[f.as_json() for f in figures.values()],
    )  # fmt: skip


def _identity(row: Occurrence) -> tuple[Any, ...]:
    return row.duty_id, row.seat_id, row.subject_key, row.period


def _hand_over(happened: Happened) -> None:
    handler = seats.handler_of(happened)
    if handler is None or happened.record_id is None:
        return
    about = Q(record_id=happened.record_id) | Q(record__parent_id=happened.record_id)
    for occurrence in Occurrence.objects.select_for_update(of=("self",)).open().filter(about).select_related("duty"):
        place = seats.of_person(handler, occurrence.duty.post, happened.at)
        if place is not None:
            occurrence.seat_id, occurrence.person_id = place.seat, handler
            occurrence.unit_id, occurrence.department_id = place.unit, place.department
            occurrence.save(update_fields=["seat", "person", "unit", "department"])
