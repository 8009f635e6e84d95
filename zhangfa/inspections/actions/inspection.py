"""From the list to the end of the visit: drawn up, drawn by lot, fixed, started, asked, finished (AM-W3, HS-W1.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.inspections import bank, queries, rules
from zhangfa.inspections.actions import problem as problems
from zhangfa.inspections.models import Answer, Inspection, Inspector, Item, Sheet
from zhangfa.inspections.permissions import (
    inspect,
    order_rectification,
    plan_inspections,
    plan_spot_checks,
    write_list,
)
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.actions import concern, concern_many, open_record
from zhangfa.records.models import Record

S = Inspection.Status
LIST, F08, F24 = "U05", "F08", "F24"
CLAUSE = rules.INSPECTIONS


def plan(
    *, kind: str, unit: Unit, planned_on: dt.date, outline: str, by: Actor, at: dt.datetime, id: UUID | None = None
) -> Inspection:
    """Begin a list for one unit; what is asked and who goes is added to it before it is fixed."""
    is_spot = kind == Inspection.Kind.SPOT
    with work():
        demand((plan_spot_checks if is_spot else plan_inspections)(unit if is_spot else None, by=by, at=at))
        demand(rules.refuse_plan(outline=outline, planned_on=planned_on, today=clock.local_date(at), is_spot=is_spot))
        record = open_record(
            LIST, unit=unit, by=by, at=at, title=unit.name, url=lambda pk: f"/inspections/{pk}/", id=id, retention="R6", is_handed_in=True
        )  # fmt: skip
        row = Inspection(
            record=record, kind=kind, unit=unit, department_id=unit.department_id, planned_on=planned_on, planned_by_id=by.person_id,
            outline=outline,
        )  # fmt: skip
        row.save(force_insert=True)
        if by.person_id is not None:
            concern(record, by.person_id, "planner")
            if is_spot:
                # A head goes in person; others may be put on the list besides.
                _add_inspectors(row, [by.person_id], is_drawn=False)
        announce(
            "inspections.inspection.planned", row, by=by, at=at, label=_("拟检查清单"), record_id=record.pk,
            clause=rules.clause_of(is_spot=is_spot), codes={"unit": unit.pk, "kind": kind, "planned_on": planned_on.isoformat()},
        )  # fmt: skip
        return row


def _add_inspectors(row: Inspection, people: list[int], *, is_drawn: bool) -> None:
    Inspector.objects.bulk_create(
        [Inspector(inspection=row, person_id=pk, is_drawn=is_drawn) for pk in people], ignore_conflicts=True
    )
    concern_many(row.record, [(pk, "inspector") for pk in people])


def _next_no(row: Inspection) -> int:
    last = row.items.order_by("-no").values_list("no", flat=True).first()
    return int(last or 0) + 1


def _guard_item(
    row: Inspection, *, by: Actor, at: dt.datetime, source: str, clause: str, question: str, is_announced: bool = False, **_more: Any
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_note(text=question, field="question", clause=CLAUSE)
    if row.is_spot and is_announced:
        yield Refusal("inspection.spot", _("抽查是突然到访，科目不能事先通知。"), {}, rules.SPOT_CHECKS, "is_announced")


@arrow(
    Inspection, sources=[S.DRAFT], target=None, label=_("加一项科目"), event="item_added", permit=write_list, guard=_guard_item,
    clause=CLAUSE, hint=_("写明出自哪项制度、哪一条，问什么。"),
)  # fmt: skip
def add_item(
    row: Inspection, *, by: Actor, at: dt.datetime, source: str, clause: str, question: str, expected: str = "", category: str = "",
    is_announced: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One more question, with the rule it comes from."""
    item = Item.objects.create(
        inspection=row, no=_next_no(row), source=source, clause=clause, question=question, expected=expected, category=category,
        is_announced=is_announced,
    )  # fmt: skip
    return {"codes": {"item": item.pk, "announced": is_announced}}


def _pool_of(row: Inspection, posts: list[str], category: str, at: dt.datetime) -> dict[str, bank.Question]:
    asked = set(row.items.values_list("key", flat=True))
    return {q.key: q for q in bank.questions(posts, at, category, row.department_id) if q.key not in asked}


def _guard_questions(
    row: Inspection, *, by: Actor, at: dt.datetime, count: int, posts: list[str], category: str = "", is_announced: bool = False
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_draw(pool=len(_pool_of(row, posts, category, at)), count=count)
    if row.is_spot and is_announced:
        yield Refusal("inspection.spot", _("抽查是突然到访，科目不能事先通知。"), {}, rules.SPOT_CHECKS, "is_announced")


@arrow(
    Inspection, sources=[S.DRAFT], target=None, label=_("抽取题目"), event="questions_drawn", permit=write_list, guard=_guard_questions,
    clause=CLAUSE, hint=_("由系统从分类的制度条款中随机抽取，抽取的种子和范围留在记录里。"),
)  # fmt: skip
def draw_questions(
    row: Inspection, *, by: Actor, at: dt.datetime, count: int, posts: list[str], category: str = "", is_announced: bool = False
) -> dict[str, Any]:  # fmt: skip
    """So many questions by lot from the classified rules for these posts."""
    pool = _pool_of(row, posts, category, at)
    keys = _draw(row, "questions", sorted(pool), count, by=by, at=at, posts=posts, category=category)
    first = _next_no(row)
    Item.objects.bulk_create(
        Item(
            inspection=row, no=first + n, key=key, source=pool[key].source[:120], clause=pool[key].clause[:60],
            category=bank.class_label(pool[key].kind)[:40], question=pool[key].text[:400], expected=pool[key].expected, is_announced=is_announced, is_drawn=True,
        )
        for n, key in enumerate(keys)
    )  # fmt: skip
    return {"codes": {"drawn": len(keys), "pool": len(pool), "announced": is_announced}}


def _draw(
    row: Inspection, what: str, pool: list[Any], count: int, *, by: Actor, at: dt.datetime, **more: Any
) -> list[Any]:
    """A lot whose seed, pool and result stay with the list: every draw is kept, also one that was drawn again."""
    seed = f"{row.pk}:{what}:{len(row.draws) + 1}"
    drawn = rules.draw(seed, pool, count)
    row.draws = [
        *row.draws,
        {
            "what": what, "seed": seed, "pool": pool, "count": count, "drawn": drawn, "at": at.isoformat(), "by": by.person_id, **more,
        },
    ]  # fmt: skip
    return drawn


def _guard_drop(row: Inspection, *, by: Actor, at: dt.datetime, no: int) -> Iterator[Refusal]:
    if not row.items.filter(no=no).exists():
        yield Refusal("inspection.no_item", _("清单上没有这一项。"), {}, CLAUSE, "no")


@arrow(
    Inspection, sources=[S.DRAFT], target=None, label=_("删去一项科目"), event="item_dropped", permit=write_list, guard=_guard_drop,
    clause=CLAUSE, applies=lambda row: row.items.exists(),
)  # fmt: skip
def drop_item(row: Inspection, *, by: Actor, at: dt.datetime, no: int) -> dict[str, Any]:
    """An item leaves the list while it is still being written."""
    row.items.filter(no=no).delete()
    return {"codes": {"item": no}}


def _guard_appoint(row: Inspection, *, by: Actor, at: dt.datetime, person: Person) -> Iterator[Refusal]:
    if person.pk in queries.people_in(row.unit, at):
        yield Refusal("inspection.own_unit", _("检查人不能来自被检查的单位。"), {}, CLAUSE, "person")


@arrow(
    Inspection, sources=[S.DRAFT, S.ISSUED], target=None, label=_("指定检查人"), event="appointed", permit=write_list, guard=_guard_appoint,
    clause=CLAUSE,
)  # fmt: skip
def appoint(row: Inspection, *, by: Actor, at: dt.datetime, person: Person) -> dict[str, Any]:
    """Somebody is put on the list by name."""
    _add_inspectors(row, [person.pk], is_drawn=False)
    notify([person.pk], "inspections.appointed", {"number": row.number, "day": row.planned_on.isoformat()}, at=at,
           record_id=row.record_id, url=row.get_absolute_url())  # fmt: skip
    return {"codes": {"person": person.pk}}


def _guard_inspectors(
    row: Inspection, *, by: Actor, at: dt.datetime, department: Unit, count: int
) -> Iterator[Refusal]:
    yield from rules.refuse_draw(pool=len(queries.draw_pool(row, department, at)), count=count)


@arrow(
    Inspection, sources=[S.DRAFT], target=None, label=_("抽取检查人"), event="inspectors_drawn", permit=write_list, guard=_guard_inspectors,
    clause=CLAUSE, hint=_("由系统从所选部门在岗人员中随机抽取，名单和种子留在记录里，谁都可以复算。"),
)  # fmt: skip
def draw_inspectors(row: Inspection, *, by: Actor, at: dt.datetime, department: Unit, count: int) -> dict[str, Any]:
    """So many by lot of those of a department who are present; nobody of the inspected unit."""
    pool = queries.draw_pool(row, department, at)
    drawn = _draw(row, "inspectors", sorted(pool), count, by=by, at=at, department=department.pk)
    _add_inspectors(row, drawn, is_drawn=True)
    notify(drawn, "inspections.appointed", {"number": row.number, "day": row.planned_on.isoformat()}, at=at,
           record_id=row.record_id, url=row.get_absolute_url())  # fmt: skip
    return {"codes": {"drawn": drawn, "pool": len(pool)}}


def _guard_issue(row: Inspection, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_issue(queries.list_facts(row))


@arrow(
    Inspection, sources=[S.DRAFT], target=S.ISSUED, label=_("清单定稿"), event="issued", permit=write_list, guard=_guard_issue, clause=CLAUSE,
    hint=_("事先通知的科目会告知被检查单位；不事先通知的科目在开始检查前谁也不会收到。"),
)  # fmt: skip
def issue(row: Inspection, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The list stands. Announced items are told to the unit; of the others nobody hears before the start (A-46)."""
    row.issued_at = at
    facts = queries.list_facts(row)
    if facts.announced:
        people = queries.managers_of(row.unit, at) | queries.people_in(row.unit, at)
        concern_many(row.record, [(pk, "told") for pk in sorted(people)])
        notify(sorted(people), "inspections.announced", {"number": row.number, "day": row.planned_on.isoformat(), "count": facts.announced},
               at=at, record_id=row.record_id, url=row.get_absolute_url())  # fmt: skip
    return {"codes": {"items": facts.items, "announced": facts.announced, "unannounced": facts.items - facts.announced}}


def _guard_start(
    row: Inspection, *, by: Actor, at: dt.datetime, stated_at: dt.datetime | None = None
) -> Iterator[Refusal]:
    yield from rules.refuse_start(planned_on=row.planned_on, today=clock.local_date(at), is_spot=row.is_spot)


@arrow(
    Inspection, sources=[S.ISSUED], target=S.STARTED, label=_("开始检查"), event="started", permit=inspect, guard=_guard_start, clause=CLAUSE,
    hint=_("到达现场后开始；从这时起被检查单位看得到全部科目。"),
)  # fmt: skip
def start(row: Inspection, *, by: Actor, at: dt.datetime, stated_at: dt.datetime | None = None) -> dict[str, Any]:
    """Somebody of the list is there. From now on the unit's managers know, also of what came unannounced."""
    row.started_at, row.stated_start_at = at, stated_at
    managers = sorted(queries.managers_of(row.unit, at))
    concern_many(row.record, [(pk, "head") for pk in managers])
    facts = queries.list_facts(row)
    if facts.items > facts.announced:
        notify(
            [person for person in managers if person != by.person_id],
            "inspections.started",
            {"number": row.number},
            at=at,
            record_id=row.record_id,
            url=row.get_absolute_url(),
        )
    return {"codes": {"unannounced": facts.items - facts.announced, "kind": row.kind}}


def _guard_sheet(
    row: Inspection, *, by: Actor, at: dt.datetime, person: Person, id: UUID | None = None, stated_at: dt.datetime | None = None
) -> Iterator[Refusal]:  # fmt: skip
    known = row.sheets.filter(person=person).first()
    yield from rules.refuse_person(
        is_inspector=row.inspectors.filter(person=person).exists(),
        is_known=known is not None and known.pk != id,
        is_spot=row.is_spot,
    )


@arrow(
    Inspection, sources=[S.STARTED], target=None, label=_("添加受检人"), event="person_added", permit=inspect, guard=_guard_sheet, clause=CLAUSE,
)  # fmt: skip
def open_sheet(
    row: Inspection, *, by: Actor, at: dt.datetime, person: Person, id: UUID | None = None, stated_at: dt.datetime | None = None
) -> dict[str, Any]:  # fmt: skip
    """A sheet for one person with the questions of the list; the id may have been minted on a telephone."""
    if id is not None and row.sheets.filter(pk=id).exists():
        return {"codes": {"person": person.pk, "again": True}}
    seat = queries.seat_of(person, row.unit, at)
    unit = seat.unit if seat else row.unit
    record = open_record(
        F24 if row.is_spot else F08, unit=unit, by=by, at=at, title=row.number, url=lambda pk: f"/inspections/sheets/{pk}/",
        parent=row.record, id=id, retention="R6" if row.is_spot else "R1", due_at=clock.day_end(at),
    )  # fmt: skip
    sheet = Sheet(
        record=record, inspection=row, person=person, post_id=seat.post_id if seat else None, unit=unit, department_id=unit.department_id,
        checked_on=clock.local_date(at), opened_at=at, stated_at=stated_at,
    )  # fmt: skip
    sheet.save(force_insert=True)
    Answer.objects.bulk_create(
        Answer(
            sheet=sheet,
            item=item,
            no=n,
            source=item.source,
            clause=item.clause,
            category=item.category,
            question=item.question,
        )
        for n, item in enumerate(row.items.order_by("no"), start=1)
    )
    concerned = [(pk, "inspector") for pk in row.inspectors.values_list("person_id", flat=True)]
    if row.planned_by_id:
        concerned.append((row.planned_by_id, "planner"))
    concern_many(record, concerned)
    return {"codes": {"person": person.pk, "sheet": str(record.pk)}}


def _guard_order(
    row: Inspection, *, by: Actor, at: dt.datetime, issue: str, measure: str, owner: Person, due_on: dt.date, recheck_on: dt.date | None = None,
    **_more: Any,
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_order(
        issue=issue,
        measure=measure,
        due_on=due_on,
        recheck_on=recheck_on,
        today=clock.local_date(at),
        is_spot=row.is_spot,
    )


@arrow(
    Inspection, sources=[S.STARTED, S.DONE], target=None, label=_("提出整改"), event="problem_ordered", permit=order_rectification,
    guard=_guard_order, clause=CLAUSE, hint=_("写明问题、办法、责任人和期限；到期复查。抽查发现的问题在下周内解决。"),
)  # fmt: skip
def order_problem(
    row: Inspection, *, by: Actor, at: dt.datetime, issue: str, measure: str, owner: Person, due_on: dt.date, urgency: str,
    recheck_on: dt.date | None = None, sheet: Sheet | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What is wrong, who puts it right, by when, and when somebody looks again."""
    made = problems.order(
        inspection=row, sheet=sheet, unit=row.unit, issue=issue, measure=measure, owner=owner, due_on=due_on, urgency=urgency,
        recheck_on=recheck_on, by=by, at=at,
    )  # fmt: skip
    return {"codes": {"problem": made.pk, "owner": owner.pk}}


def _guard_finish(
    row: Inspection, *, by: Actor, at: dt.datetime, comment: str, recheck_on: dt.date | None = None, **_more: Any
) -> Iterator[Refusal]:
    if open_ones := row.sheets.filter(status=Sheet.Status.OPEN).count():
        yield Refusal("inspection.open_sheets", _("还有 %(count)s 张受检表没有提交。"), {"count": open_ones}, CLAUSE)
    if not row.sheets.exists():
        yield Refusal("inspection.no_sheet", _("还没有检查任何人。"), {}, CLAUSE)
    yield from rules.refuse_note(text=comment, field="comment", clause=CLAUSE)
    if recheck_on and recheck_on <= clock.local_date(at):
        yield Refusal("sheet.recheck", _("复查日期要晚于今天。"), {}, CLAUSE, "recheck_on")


@arrow(
    Inspection, sources=[S.STARTED], target=S.DONE, label=_("完成检查"), event="done", permit=inspect, guard=_guard_finish, clause=CLAUSE,
)  # fmt: skip
def finish(
    row: Inspection, *, by: Actor, at: dt.datetime, comment: str, recheck_on: dt.date | None = None
) -> dict[str, Any]:
    """The visit is over; what it comes to stands on the list."""
    row.finished_at, row.comment, row.recheck_on = at, comment, recheck_on
    facts = queries.list_facts(row)
    Record.objects.filter(pk=row.pk).update(status=Record.Status.APPROVED)
    surprise = "yes" if facts.items > facts.announced else "no"
    codes = {"kind": row.kind, "unannounced": surprise, "sheets": row.sheets.count()}
    # A spot check is of the heads who made it, whoever writes the end of it; administration's settles nobody's.
    return {"codes": codes | ({"seats": queries.heads_who_asked(row, at)} if row.is_spot else {})}


def _guard_cancel(row: Inspection, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=reason, field="reason", clause=CLAUSE)


@arrow(
    Inspection, sources=[S.DRAFT, S.ISSUED], target=S.CANCELLED, label=_("取消检查"), event="cancelled", permit=write_list, guard=_guard_cancel,
    clause=CLAUSE,
)  # fmt: skip
def cancel(row: Inspection, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """It does not take place; the list stays with the reason."""
    row.comment = reason
    return {"values": {"reason": reason}}
