"""A revision takes effect on its day through the chart's own actions; those whom it concerns know it and confirm (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q

from zhangfa.administration import revision_rules as rules
from zhangfa.administration import revisions as reads
from zhangfa.administration.actions import receipts
from zhangfa.administration.actions.revisions import one_at_a_time
from zhangfa.administration.models import Revision, RevisionLine, RevisionReader
from zhangfa.administration.revision_permissions import concerned, machine
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actions import holdings, seats, units
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Grade, Holding, Seat, Unit

S, K, L = Revision.Status, Revision.Kind, RevisionLine.Kind
CLAUSE = rules.CLAUSE
NEWCOMERS = 200


def tell_readers(row: Revision, *, by: Any, at: dt.datetime) -> int:
    """Those whom it concerns get it to confirm; its author and whoever approved it know it already. Returns how many."""
    return _owe(row, affected(row, at) - {row.drafted_by_id, by.person_id}, "administration.revision_approved", by, at)


def _owe(row: Revision, people: Iterable[int | None], code: str, by: Any, at: dt.datetime) -> int:
    known = set(row.readers.values_list("person_id", flat=True))
    new = sorted({person for person in people if person is not None} - known)
    places = receipts.departments_of(new, at)
    RevisionReader.objects.bulk_create(
        [
            RevisionReader(revision=row, person_id=person, department_id=places.get(person), told_at=at)
            for person in new
        ],
        batch_size=1000,
    )
    receipts.owe(row, {places.get(person) for person in new}, by=by, at=at)
    params = {"number": row.record.number or "", "day": row.effective_on.isoformat()}
    notify(new, code, params, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)
    return len(new)


def affected(row: Revision, at: dt.datetime) -> set[int | None]:
    """A description: everybody in the post. The chart: who sits in the seats and units named, whoever is above them, and the heads."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__is_active=True, person__left_on=None)
    if row.kind == K.POST:
        return set(held.filter(seat__post_id=row.post_id).values_list("person_id", flat=True))
    which = Q(seat__post__grade__gte=Grade.DEPARTMENT_MANAGER)
    for line in row.lines.select_related("seat"):
        named = [
            key for key in (line.seat_id, line.above_id, line.moves_to_id, line.seat and line.seat.reports_to_id) if key
        ]
        places = [key for key in (line.unit_id if line.seat_id is None and line.post_id is None else None,) if key]
        which |= Q(seat_id__in=named) | Q(seat__unit_id__in=places) | Q(seat__unit__department_id__in=places)
    return set(held.filter(which).values_list("person_id", flat=True))


@arrow(
    Revision, sources=[S.APPROVED], target=S.IN_FORCE, label=_("生效"), event="in_force", permit=machine, clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def take_effect(row: Revision, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """The day has come: the lines are carried out, the version before is replaced. All of it or nothing; done once."""
    one_at_a_time()
    today = clock.local_date(at)
    if row.kind == K.CHART:
        _carry_out(row, by=by, at=at)
    earlier = Revision.objects.filter(kind=row.kind, post_id=row.post_id)
    for before in earlier.filter(status=S.IN_FORCE):
        receipts.release(before, by=by, at=at)
    earlier.filter(status=S.IN_FORCE).update(status=S.REPLACED, replaced_on=today)
    row.edition = 1 + (earlier.aggregate(last=Max("edition"))["last"] or 0)
    # What was late through a standstill binds from the day on which it was really carried out.
    row.in_force_at, row.trouble, row.effective_on = at, [], today
    waiting = list(row.readers.filter(read_at=None).values_list("person_id", flat=True))
    params = {"number": row.record.number or "", "edition": row.edition}
    notify(
        {*waiting, row.drafted_by_id}, "administration.revision_in_force", params, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE
    )  # fmt: skip
    return {"codes": {"kind": row.kind, "edition": row.edition, "post": row.post_id or ""}}


def _carry_out(row: Revision, *, by: Any, at: dt.datetime) -> None:
    lines = {line.seq: line for line in reads.lines_of(row)}
    facts = {seq: reads.facts_of(line) for seq, line in lines.items()}
    grades = {line.seat_id: line.seat.post.grade for line in lines.values() if line.seat is not None and line.seat_id}
    for fact in rules.in_order(facts.values(), grades):
        line = lines[fact.seq]
        words = reads.line_words(line, lines)
        line.was = {"name": words.name, "before": words.before}
        DOES[L(line.kind)](line, lines, by, at)
        line.save(update_fields=["was", "made_unit", "made_seat"])


def _place(line: RevisionLine, lines: dict[int, RevisionLine], existing: Unit | None) -> Unit | None:
    return lines[line.new_unit].made_unit if line.new_unit else existing


def _above(line: RevisionLine, lines: dict[int, RevisionLine]) -> Seat | None:
    return lines[line.new_above].made_seat if line.new_above else line.above


def _open_unit(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    parent = _place(line, lines, line.parent)
    line.made_unit = units.create(
        kind=line.unit_kind, code=line.code, name=line.name, name_en=line.name_en, parent=parent, by=by, at=at
    )


def _rename_unit(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    assert line.unit is not None
    units.edit(line.unit, name=line.name, name_en=line.name_en, by=by, at=at)


def _move_unit(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    parent = _place(line, lines, line.parent)
    assert line.unit is not None and parent is not None
    units.move(line.unit, parent=parent, by=by, at=at)


def _close_unit(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    assert line.unit is not None
    units.close(line.unit, by=by, at=at)


def _add_seat(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    unit = _place(line, lines, line.unit)
    assert unit is not None and line.post is not None
    line.made_seat = seats.add(post=line.post, unit=unit, reports_to=_above(line, lines), by=by, at=at)


def _move_seat(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    assert line.seat is not None
    unit, above = _place(line, lines, line.unit), _above(line, lines) or line.seat.reports_to
    if unit is None:
        seats.set_superior(line.seat, reports_to=above, by=by, at=at)
    else:
        seats.move(line.seat, unit=unit, reports_to=above, by=by, at=at)


def _close_seat(line: RevisionLine, lines: dict[int, RevisionLine], by: Any, at: dt.datetime) -> None:
    """Who sits there goes to the seat that the line names, from today on; then it is out of use."""
    assert line.seat is not None
    target = lines[line.new_moves_to].made_seat if line.new_moves_to else line.moves_to
    today = clock.local_date(at)
    if target is not None:
        for holding in Holding.objects.filter(seat=line.seat).exclude(to_on__lt=today).select_related("person"):
            until = holding.to_on
            holdings.end(holding, to_on=today - dt.timedelta(days=1), by=by, at=at)
            fresh = Seat.objects.select_related("post", "unit").get(pk=target.pk)
            holdings.hold(person=holding.person, seat=fresh, from_on=today, to_on=until, by=by, at=at)
    seats.retire(line.seat, by=by, at=at)


DOES = {
    L.OPEN_UNIT: _open_unit, L.RENAME_UNIT: _rename_unit, L.MOVE_UNIT: _move_unit, L.CLOSE_UNIT: _close_unit, L.ADD_SEAT: _add_seat,
    L.MOVE_SEAT: _move_seat, L.CLOSE_SEAT: _close_seat,
}  # fmt: skip


def bring_into_force(*, by: Any, at: dt.datetime) -> int:
    """Every revision whose day has come, the earliest first; one that can't be carried out says why and is tried again. Returns how many."""
    due = Revision.objects.filter(status=S.APPROVED, effective_on__lte=clock.local_date(at))
    count = 0
    for row in list(due.order_by("effective_on", "pk")):
        try:
            take_effect(row, by=by, at=at)
            count += 1
        except Refused as caught:
            _note_trouble(row, caught, by=by, at=at)
    tell_newcomers(by=by, at=at)
    return count


def _note_trouble(row: Revision, caught: Refused, *, by: Any, at: dt.datetime) -> None:
    """Kept with the paper and told once to its author: nothing of it was carried out."""
    if any(one.code in ("status", "revision.day_comes") for one in caught.refusals):
        return
    found = [{"code": one.code, "text": str(one.text), "params": dict(one.params)} for one in caught.refusals]
    with work():
        row = Revision.objects.lock(row.pk)
        if row.status != S.APPROVED or row.trouble == found:
            return
        row.trouble = found
        row.save(update_fields=["trouble"])
        announce(
            "administration.revision.hindered", row, by=by, at=at, label=_("到生效日未能执行"), record_id=row.pk, clause=CLAUSE,
            codes={"why": [one["code"] for one in found]},
        )  # fmt: skip
        params = {"number": row.record.number or ""}
        notify(
            [row.drafted_by_id], "administration.revision_hindered", params, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE
        )  # fmt: skip


def tell_newcomers(*, by: Any = None, at: dt.datetime) -> int:
    """Whoever comes into a post gets its description in force to confirm, once. Returns how many."""
    today = clock.local_date(at)
    recent = Q(from_on__lte=today, from_on__gt=today - dt.timedelta(days=31))
    told = 0
    for row in Revision.objects.filter(kind=K.POST, status=S.IN_FORCE).select_related("record"):
        held = Holding.objects.filter(
            recent, Holding.valid_q(today), seat__post_id=row.post_id, seat__is_active=True, person__left_on=None
        )
        people = set(
            held.exclude(person__in=row.readers.values("person")).values_list("person_id", flat=True)[:NEWCOMERS]
        )
        people.discard(row.drafted_by_id)
        if people:
            with work():
                told += _owe(
                    row, people, "administration.description_new", by or system_actor("administration", at), at
                )
    return told


@arrow(
    Revision,
    sources=[S.APPROVED, S.IN_FORCE],
    target=None,
    label=_("签收"),
    event="confirmed",
    permit=concerned,
    clause=CLAUSE,
)
def confirm(row: Revision, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """I have read it and know what changes for me."""
    row.readers.filter(person_id=by.person_id, read_at=None).update(read_at=at)
    receipts.given(row, by.person_id, by=by, at=at)
    return {"codes": {"person": by.person_id}}
