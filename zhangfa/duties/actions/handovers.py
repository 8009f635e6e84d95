"""A seat changes hands: what is open becomes one list, three people sign it, and what doesn't follow the seat is moved (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import translation

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.duties import registry, seats
from zhangfa.duties.handover_rules import refuse_drawing, refuse_signing, refuse_successor
from zhangfa.duties.models import Handover, HandoverItem
from zhangfa.duties.permissions import CLAUSE, draw_up_handover, keep_handover, oversee_handover, with_last_signature
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Grade, Holding, Person, Seat
from zhangfa.records.actions import ask_signatures, concern, open_record, void_signatures
from zhangfa.records.models import Record, Signature
from zhangfa.ui.words import text

S = Handover.Status
FORM = "JD"
LEAVER, SUCCESSOR, SUPERIOR = "leaver", "successor", "superior"
# A successor who comes later than this after the leaver finds no list to sign any more.
LONGEST_WAIT = dt.timedelta(days=90)


def draw_up(
    *, seat: Seat, leaver: Person, last_on: dt.date, by: Any, at: dt.datetime, id: UUID | None = None
) -> Handover:
    """Begin the list of what somebody has open who leaves a seat. Raises `Refused`."""
    demand(draw_up_handover(by=by, at=at))
    with work():
        # Two who draw up the same list take turns.
        Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
        held = Holding.objects.filter(seat=seat, person=leaver).exists()
        running = Handover.objects.filter(seat=seat, leaver=leaver, status__in=[S.OPEN, S.SIGNING])
        demand(refuse_drawing(has_held=held, is_running=running.exists()))
        return _begin(seat, leaver, last_on, by, at, id)


def _begin(seat: Seat, leaver: Person, last_on: dt.date, by: Any, at: dt.datetime, id: UUID | None = None) -> Handover:
    title = f"{text(_('工作交接单'))} {leaver.name}"
    record = open_record(
        FORM, unit=seat.unit, by=by, at=at, title=title[:120], id=id, retention="R4", is_handed_in=True
    )
    handover = Handover.objects.create(
        record=record, seat=seat, leaver=leaver, superior_id=_superior(seat, leaver.pk, at), last_on=last_on, collected_at=at,
        successor_id=_successor(seat, leaver, last_on, at),
    )  # fmt: skip
    record.url = handover.get_absolute_url()
    record.save(update_fields=["url"])
    people = {LEAVER: leaver.pk, SUPERIOR: handover.superior_id, SUCCESSOR: handover.successor_id}
    for role, person in people.items():
        if person is not None:
            concern(record, person, role)
    _gather(handover, at)
    announce(
        "duties.handover.begun", handover, by=by, at=at, label=_("建立工作交接单"), record_id=record.pk, clause=CLAUSE,
        codes={"seat": seat.pk, "leaver": leaver.pk, "last_on": last_on.isoformat(), "items": handover.items.count()},
    )  # fmt: skip
    _tell(handover, "duties.handover_begun", {leaver.pk, handover.superior_id}, at)
    return handover


def _successor(seat: Seat, leaver: Person, last_on: dt.date, at: dt.datetime) -> int | None:
    """Whoever comes into the seat after the leaver and has not left it again, if that is known already."""
    later = Holding.objects.filter(seat=seat, from_on__gt=last_on - dt.timedelta(days=31)).exclude(person=leaver)
    later = later.exclude(to_on__lt=clock.local_date(at))
    return later.order_by("from_on", "pk").values_list("person_id", flat=True).first()


def _superior(seat: Seat, leaver: int, at: dt.datetime, successor: int | None = None) -> int | None:
    """Whoever sits above the seat now and is neither the leaver nor who takes over."""
    start: int | None = seat.pk
    while start is not None:
        above, people = seats.above({0: (start, leaver)}, at).get(0, (None, []))
        if others := [person for person in people if person != successor]:
            return others[0]
        start = above
    return None


def _gather(handover: Handover, at: dt.datetime) -> None:
    """What is open now, from every app that has something to hand over."""
    # The list is a paper: its lines are kept in the company's language, whoever draws it up.
    with translation.override("zh-hans"):
        rows = [
            (source.key, row)
            for source in registry.handover_sources()
            for row in source.give(handover.leaver_id, handover.seat, at)
        ]
        lines = [(key, row, text(row.title), text(row.note)) for key, row in rows]
    handover.items.all().delete()
    HandoverItem.objects.bulk_create(
        HandoverItem(
            handover=handover, source=key, key=str(row.key)[:100], title=title[:200], number=row.number[:40], url=row.url[:200],
            due_at=row.due_at, note=note[:200],
        )
        for key, row, title, note in lines
    )  # fmt: skip
    handover.collected_at = at


def _complete(handover: Handover, *, by: Any, at: dt.datetime, note: str = "") -> Iterator[Refusal]:
    yield from refuse_signing(successor=handover.successor_id, superior=handover.superior_id)


@arrow(
    Handover, sources=[S.OPEN], target=S.SIGNING, label=_("核对无误，送签"), event="sent", permit=keep_handover, guard=_complete, clause=CLAUSE
)  # fmt: skip
def send_for_signing(handover: Handover, *, by: Any, at: dt.datetime, note: str = "") -> dict[str, Any]:
    """The list is drawn up a last time, then leaver, successor and superior are asked for their names."""
    handover.note = note
    _gather(handover, at)
    # Whoever watched over it when it was begun may have left meanwhile.
    superior = _superior(handover.seat, handover.leaver_id, at, handover.successor_id)
    if superior not in (None, handover.superior_id):
        handover.superior_id = superior
        concern(handover.record, superior, SUPERIOR)
    roles: list[tuple[str, int | None]] = [(LEAVER, handover.leaver_id), (SUCCESSOR, handover.successor_id)]
    if handover.superior_id is not None:
        roles.append((SUPERIOR, handover.superior_id))
    ask_signatures(handover.record, roles, by=by, at=at)
    _tell(handover, "duties.handover_sign", {person for _role, person in roles}, at)
    return {"codes": {"items": handover.items.count()}, "values": {"note": note}}


def _guard_successor(handover: Handover, *, by: Any, at: dt.datetime, person: Person) -> Iterator[Refusal]:
    yield from refuse_successor(person=person.pk, leaver=handover.leaver_id, superior=handover.superior_id)


@arrow(
    Handover, sources=[S.OPEN, S.SIGNING], target=S.OPEN, label=_("确定接任人"), event="successor_named", permit=oversee_handover,
    guard=_guard_successor, clause=CLAUSE,
)  # fmt: skip
def name_successor(handover: Handover, *, by: Any, at: dt.datetime, person: Person) -> dict[str, Any]:
    """Say who takes over; names that stand under the list already are asked for anew."""
    _name(handover, person.pk, by, at)
    return {"codes": {"successor": person.pk}}


def _name(handover: Handover, person: int, by: Any, at: dt.datetime) -> None:
    void_signatures(handover.record, by=by, at=at)
    handover.successor_id = person
    concern(handover.record, person, SUCCESSOR)
    _tell(handover, "duties.handover_coming", {person}, at)


@arrow(
    Handover, sources=[S.OPEN], target=None, label=_("重新汇总"), event="collected", permit=keep_handover, clause=CLAUSE
)
def collect_again(handover: Handover, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """Bring the list up to date."""
    _gather(handover, at)
    return {"codes": {"items": handover.items.count()}}


@arrow(
    Handover,
    sources=[S.OPEN, S.SIGNING],
    target=S.VOID,
    label=_("取消交接"),
    event="voided",
    permit=oversee_handover,
    clause=CLAUSE,
)
def cancel_handover(handover: Handover, *, by: Any, at: dt.datetime) -> None:
    """Nobody leaves after all."""
    void_signatures(handover.record, by=by, at=at)
    handover.record.signatures.filter(state="waiting").update(state="void")
    _mark(handover, Record.Status.VOID)


@arrow(
    Handover, sources=[S.SIGNING], target=S.DONE, label=_("交接完成"), event="done", permit=with_last_signature, clause=CLAUSE,
    is_automatic=True,
)  # fmt: skip
def finish_handover(handover: Handover, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """With the last name: what doesn't follow the seat by itself is put into the successor's hands."""
    moved = 0
    for source in registry.handover_sources():
        keys = list(handover.items.filter(source=source.key, moved_at=None).values_list("key", flat=True))
        if source.move is not None and keys:
            done = source.move(keys, to=handover.successor, seat=handover.seat, by=by, at=at)
            moved += handover.items.filter(source=source.key, key__in=list(done)).update(moved_at=at)
    handover.done_at = at
    _mark(handover, Record.Status.SIGNED)
    _tell(handover, "duties.handover_done", {handover.superior_id, handover.successor_id}, at)
    return {"codes": {"moved": moved}}


def when_signed(record: Record, signature: Any, by: Any, at: dt.datetime) -> None:
    """After each name: with the last one the list is done."""
    handover = Handover.objects.get(pk=record.pk)
    if handover.status == S.SIGNING and not any(with_last_signature(handover, by=by, at=at)):
        finish_handover(handover, by=by, at=at)


def follow_seat(happened: Happened) -> None:
    """Somebody is to leave a seat: their list begins; somebody comes: they take it over."""
    seat = Seat.objects.select_related("unit", "post").get(pk=happened.codes["seat"])
    if seat.post.grade <= Grade.WORKER:
        return
    person = int(happened.codes["person"])
    running = Handover.objects.filter(seat=seat, status__in=[S.OPEN, S.SIGNING])
    if happened.event.endswith(".ended"):
        if not running.filter(leaver_id=person).exists():
            _begin(seat, Person.objects.get(pk=person), happened.codes["to_on"], happened.by, happened.at)
        return
    waiting = running.filter(last_on__gte=clock.local_date(happened.at) - LONGEST_WAIT).exclude(leaver_id=person)
    waiting = waiting.exclude(superior_id=person).select_related("record", "leaver").select_for_update(of=("self",))
    for handover in waiting:
        if not _is_taken_over(handover, happened.codes["from_on"]):
            _name(handover, person, happened.by, happened.at)
            handover.status, handover.version = S.OPEN, handover.version + 1
            handover.save(update_fields=["successor", "status", "version"])
            announce(
                "duties.handover.successor_named", handover, by=happened.by, at=happened.at, label=_("确定接任人"),
                record_id=handover.record_id, clause=CLAUSE, codes={"successor": person},
            )  # fmt: skip


def relieve_superiors(at: dt.datetime) -> int:
    """Who was to watch over a list and sits nowhere any more is relieved by whoever sits above the seat now. Returns how many."""
    seated = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=OuterRef("superior_id"))
    signed = Signature.objects.filter(record_id=OuterRef("record_id"), role=SUPERIOR, state=Signature.State.SIGNED)
    rows = Handover.objects.filter(
        ~Exists(seated), ~Exists(signed), status__in=[S.OPEN, S.SIGNING], superior__isnull=False
    )
    by, count = system_actor("duties", at), 0
    for handover in rows.select_related("record", "leaver", "seat").select_for_update(of=("self",)).order_by("pk"):
        superior = _superior(handover.seat, handover.leaver_id, at, handover.successor_id)
        if superior is None:
            continue
        handover.superior_id, handover.version = superior, handover.version + 1
        handover.save(update_fields=["superior", "version"])
        concern(handover.record, superior, SUPERIOR)
        announce(
            "duties.handover.superior_named", handover, by=by, at=at, label=_("改由上一级监交"), record_id=handover.record_id,
            clause=CLAUSE, codes={"superior": superior},
        )  # fmt: skip
        if handover.status == S.SIGNING:
            roles = [(LEAVER, handover.leaver_id), (SUCCESSOR, handover.successor_id), (SUPERIOR, superior)]
            ask_signatures(handover.record, roles, by=by, at=at)
        _tell(
            handover,
            "duties.handover_sign" if handover.status == S.SIGNING else "duties.handover_begun",
            {superior},
            at,
        )
        count += 1
    return count


def _is_taken_over(handover: Handover, day: dt.date) -> bool:
    """Whether somebody has it who still sits there on the day, or has signed for it."""
    if handover.successor_id is None:
        return False
    signed = handover.record.signatures.filter(signer_id=handover.successor_id, role=SUCCESSOR, state="signed")
    held = Holding.objects.filter(seat_id=handover.seat_id, person_id=handover.successor_id)
    # Who was named without sitting there yet is as good as named.
    return signed.exists() or not held.exists() or held.filter(Holding.valid_q(day)).exists()


def _tell(handover: Handover, code: str, people: set[int | None], at: dt.datetime) -> None:
    facts = {"number": handover.record.number or "", "name": handover.leaver.name, "day": handover.last_on.isoformat()}
    notify(
        sorted(person for person in people if person is not None), code, facts, at=at, record_id=handover.record_id,
        url=handover.get_absolute_url(), clause=CLAUSE,
    )  # fmt: skip


def _mark(handover: Handover, status: str) -> None:
    Record.objects.filter(pk=handover.record_id).update(status=status)
    handover.record.status = status
