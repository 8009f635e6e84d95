"""Drawing records of the outlets and asking the customers whether they are true (HS-W1.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care import permissions, rules
from zhangfa.care.models import Recheck, Visit
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import WEEK, week_of
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import ArchiveEntry
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Revisit
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.policy.queries import value
from zhangfa.records.actions import concern_many, open_record

S, CLAUSE = Recheck.Status, "HS-W1.7"
FORM, SAMPLE = "ZS", "recheck.per_week"
BACK = dt.timedelta(days=14)
MOST = 2_000


def candidates(department: int, at: dt.datetime) -> dict[tuple[str, Any], dict[str, Any]]:
    """What the outlets of the department wrote in the last two weeks: visits, calls after service, archive entries."""
    since = at - BACK
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    visits = Visit.objects.filter(
        department_id=department, kind=Visit.Kind.DIVISION, written_at__gte=since
    ).select_related("record")
    for visit in visits.order_by("-pk")[:MOST]:
        found["visit", visit.pk] = _facts(visit, visit.visitor_id, str(visit.record.number), visit.get_absolute_url())
    calls = Revisit.objects.filter(
        department_id=department, status=Revisit.Status.DONE, done_at__gte=since, done_by__isnull=False
    )
    for call in calls.select_related("order").order_by("-pk")[:MOST]:
        found["revisit", call.pk] = _facts(call.order, call.done_by_id, call.order.number, call.get_absolute_url())
    entries = ArchiveEntry.objects.filter(
        department_id=department, written_at__gte=since, written_by__isnull=False
    ).select_related("record")
    for entry in entries.order_by("-pk")[:MOST]:
        found["entry", entry.pk] = _facts(
            entry, entry.written_by_id, str(entry.record.number), entry.get_absolute_url()
        )
    known = set(
        Recheck.objects.filter(department_id=department).order_by("-pk").values_list("subject", flat=True)[:MOST]
    )
    return {key: facts for key, facts in found.items() if f"{key[0]}:{key[1]}" not in known}


def _facts(row: Any, person: int | None, title: str, url: str) -> dict[str, Any]:
    return {"customer_id": row.customer_id, "outlet_id": row.outlet_id, "department_id": row.department_id, "concerned_id": person, "subject_title": title, "subject_url": url}  # fmt: skip


def draw_sample(*, by: Actor, at: dt.datetime) -> list[Recheck]:
    """The week's sample of the department: the program draws, nobody picks; drawn again in the week it gives what is missing."""
    with work():
        demand(permissions.draw_rechecks(by=by, at=at))
        unit = Unit.objects.select_for_update().get(pk=_department_of(by))
        demand(refuse_draw(by=by, at=at))
        week = week_of(clock.local_date(at))
        known = candidates(unit.pk, at)
        keys = rules.chosen(known, _room(unit.pk, week, at), f"{unit.pk}:{week}")
        if not keys:
            demand([Refusal("recheck.none", _("近两周没有可以抽查的访问、回访和档案登记。"), {}, CLAUSE)])
        return [_drawn(kind, key, known[kind, key], week, by=by, at=at) for kind, key in keys]


def refuse_draw(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whether the week's sample is complete: then there is nothing to draw before Monday."""
    department, week = _department_of(by), week_of(clock.local_date(at))
    if department is not None and _room(department, week, at) <= 0:
        said = {"from": (week + WEEK).isoformat()}
        yield Refusal("recheck.none", _("本周的抽查已经抽取，下周一（%(from)s）起可以再抽。"), said, CLAUSE)


def _department_of(by: Actor) -> int | None:
    seat = by.seat_for("hs", "ls")
    return (seat.department_id or seat.unit_id) if seat else None


def _room(department: int, week: dt.date, at: dt.datetime) -> int:
    """How many are still to be drawn in the week."""
    return int(value(SAMPLE, at)) - Recheck.objects.filter(department_id=department, week_on=week).count()


def _drawn(kind: str, key: Any, facts: dict[str, Any], week: dt.date, *, by: Actor, at: dt.datetime) -> Recheck:
    unit = Unit.objects.get(pk=facts["outlet_id"])
    record = open_record(
        FORM, unit=unit, by=by, at=at, title=facts["subject_title"], url=lambda pk: f"/care/rechecks/{pk}/", retention="R3", is_handed_in=True,
    )  # fmt: skip
    row = Recheck(record=record, kind=kind, subject=f"{kind}:{key}", week_on=week, drawn_at=at, **facts)
    row.save(force_insert=True)
    announce(
        "care.recheck.drawn", row, by=by, at=at, label=_("抽取真实性回访"), record_id=record.pk, clause=CLAUSE, is_new=True,
        codes={"kind": kind, "week": week.isoformat()},
    )  # fmt: skip
    return row


def _guard(result: str) -> Any:
    def guard(row: Recheck, *, by: Actor, at: dt.datetime, evidence: str, **_more: Any) -> Iterator[Refusal]:
        yield from rules.refuse_recheck(
            result=result, evidence=evidence, checker=by.person_id, concerned=row.concerned_id
        )

    return guard


def _check(row: Recheck, by: Actor, at: dt.datetime, facts: dict[str, Any], *, is_told: bool) -> dict[str, Any]:
    row.checker_id, row.checked_at = by.person_id, at
    for name, text in facts.items():
        setattr(row, name, text)
    if is_told:
        concern_many(row.record, [(row.concerned_id, "concerned")])
        notify([row.concerned_id], "care.rechecked", {"number": row.record.number}, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip
    return {
        "codes": {"concerned": row.concerned_id, "department": row.department_id},
        "values": {"evidence": row.evidence},
    }


@transition(
    Recheck, sources=[S.DRAWN], target=S.TRUE, label=_("属实"), event="checked", permit=permissions.check_rechecks, guard=_guard("true"), clause=CLAUSE,
)  # fmt: skip
def confirm_true(row: Recheck, *, by: Actor, at: dt.datetime, **facts: Any) -> dict[str, Any]:
    """The customer confirms it."""
    return _check(row, by, at, facts, is_told=False)


@transition(
    Recheck, sources=[S.DRAWN], target=S.DOUBTFUL, label=_("存疑"), event="checked", permit=permissions.check_rechecks, guard=_guard("doubtful"),
    clause=CLAUSE,
)  # fmt: skip
def note_doubt(row: Recheck, *, by: Actor, at: dt.datetime, **facts: Any) -> dict[str, Any]:
    """Something doesn't fit; whoever wrote it is told and may answer."""
    return _check(row, by, at, facts, is_told=True)


@transition(
    Recheck, sources=[S.DRAWN, S.DOUBTFUL], target=S.FALSE, label=_("不属实"), event="checked", permit=permissions.check_rechecks,
    guard=_guard("false"), clause=CLAUSE, hint=_("不属实的记录计入考核，记录人可以提出异议。"),
)  # fmt: skip
def note_false(row: Recheck, *, by: Actor, at: dt.datetime, **facts: Any) -> dict[str, Any]:
    """It wasn't so: evidence for the appraisal, open to objection."""
    return _check(row, by, at, facts, is_told=True)


def _guard_object(row: Recheck, *, by: Actor, at: dt.datetime, objection: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(objection, "objection", CLAUSE)


@transition(
    Recheck, sources=[S.DOUBTFUL, S.FALSE], target=S.OBJECTED, label=_("提出异议"), event="objected", permit=permissions.object_recheck,
    guard=_guard_object, clause=CLAUSE,
)  # fmt: skip
def object_to(row: Recheck, *, by: Actor, at: dt.datetime, objection: str) -> dict[str, Any]:
    """The person concerned says how it was; somebody else decides."""
    row.objection, row.objected_at = objection, at
    return {"values": {"objection": objection}}


def _guard_decide(row: Recheck, *, by: Actor, at: dt.datetime, decision: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(decision, "decision", CLAUSE)


def _decide(row: Recheck, by: Actor, at: dt.datetime, decision: str) -> dict[str, Any]:
    row.decision, row.decided_at, row.decided_by_id = decision, at, by.person_id
    notify([row.concerned_id, row.checker_id], "care.recheck_decided", {"number": row.record.number}, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip
    return {"values": {"decision": decision}}


@transition(
    Recheck, sources=[S.OBJECTED], target=S.UPHELD, label=_("维持认定"), event="upheld", permit=permissions.decide_objection, guard=_guard_decide,
    clause=CLAUSE,
)  # fmt: skip
def uphold(row: Recheck, *, by: Actor, at: dt.datetime, decision: str) -> dict[str, Any]:
    """The finding stands."""
    return _decide(row, by, at, decision)


@transition(
    Recheck, sources=[S.OBJECTED], target=S.LIFTED, label=_("撤销认定"), event="lifted", permit=permissions.decide_objection, guard=_guard_decide,
    clause=CLAUSE,
)  # fmt: skip
def lift(row: Recheck, *, by: Actor, at: dt.datetime, decision: str) -> dict[str, Any]:
    """The finding doesn't stand and counts for nothing."""
    return _decide(row, by, at, decision)
