"""Steps as people ask about them: mine, who has it, why, and what stands agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext

from zhangfa.approvals import registry
from zhangfa.approvals.models import Step
from zhangfa.approvals.rules import FOUND, SeatFacts, refuse_decision
from zhangfa.core import compiled
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor, SeatView
from zhangfa.organisation.models import Person, Seat, Unit
from zhangfa.organisation.queries import absences_of, executive_seat_for, holders, manager_seat_of, seats_with_post
from zhangfa.policy import queries as policy
from zhangfa.policy.values import typed, words
from zhangfa.records.models import Record
from zhangfa.ui.registry import LIMIT, Answer, Item
from zhangfa.ui.tables import Explanation
from zhangfa.ui.words import post_names, text

INBOX_LIMIT = 200
AGREE = _("同意")
LADDER = 12
# What a line of the workbench shows of a step and its paper.
LINE = (
    "kind", "role", "involved", "facts", "amount", "due_at", "level", "seat__post__name", "seat__post__name_en", "seat__unit__name",
    "seat__unit__name_en", "person__name", "person__name_en", "applicant__name", "applicant__name_en", "record__number",
    "record__url", "record__parent__number", "record__parent__title",
)  # fmt: skip
WHY = {
    "decides": _("由其审批"),
    "delegate": _("本人离岗，由代理人审批"),
    "vacant": _("岗位空缺"),
    "absent": _("本人离岗且未指定代理人"),
    "own": _("与本表单有关，须回避"),
    "own_delegate": _("代理人与本表单有关，须回避"),
    "same": _("已请其办理而逾期"),
    "second": _("公司指定的第二决定人"),
    "gone_up": _("到期没有审批，已转给上级"),
    "no_seat": _("公司没有设这个岗位"),
}


def seat_view(actor: Actor, step: Step) -> SeatView | None:
    """The seat from which the actor stands before the step: their own before a principal's."""
    return next((seat for seat in actor.seats if seat.id == step.seat_id), None)


def refusals_for(step: Step, by: Actor) -> list[Refusal]:
    """Why this person can't decide the step; empty = may."""
    view = seat_view(by, step)
    named = step.person_id is not None and step.person_id == by.person_id
    return list(
        refuse_decision(
            decider=by.person_id,
            principal=view.person_id if view and view.is_delegated else None,
            involved=frozenset(step.involved),
            is_in_seat=view is not None or named,
            role=step.seat.post_id if step.seat else step.role,
        )
    )


def inbox(actor: Actor, at: dt.datetime, limit: int = INBOX_LIMIT) -> list[Step]:
    """What waits for the actor's decision, most urgent first; papers of their own are left out."""
    if actor.person_id is None:
        return []
    rows = Step.objects.waiting_for(actor).select_related("record__parent", "seat__post", "seat__unit", "applicant")
    return [step for step in rows.order_by("due_at", "pk")[:limit] if not refusals_for(step, actor)]


def _steps_on_bench(seats: Sequence[int], person: int) -> QuerySet[Step]:
    """Steps that wait at the seats or name the person (`StepQuerySet.waiting_for`), and those that the person applied for."""
    mine = Step.objects.filter(Q(seat_id__in=seats) | Q(person_id=person), state=Step.State.WAITING)
    rows = mine | Step.objects.filter(applicant_id=person, state=Step.State.WAITING)
    rows = rows.select_related("record__parent", "seat__post", "seat__unit", "applicant", "person").only(*LINE)
    return rows.order_by("due_at", "pk")[:INBOX_LIMIT]


def _on_workbench(actor: Actor, at: dt.datetime) -> tuple[list[Step], list[Step]]:
    """What waits for the actor, and what the actor asked for: one query for both blocks, kept with the request's actor."""
    kept: dict[str, Any] = actor.__dict__
    if "_approval_steps" not in kept:
        seats = [seat.id for seat in actor.seats] or [0]
        kept["_approval_steps"] = compiled.rows(_steps_on_bench, seats=seats, person=actor.person_id or 0)
    steps: list[Step] = kept["_approval_steps"]
    mine = [step for step in steps if not refusals_for(step, actor)]
    return mine[:LIMIT], [step for step in steps if step.applicant_id == actor.person_id][:LIMIT]


def gone_up(actor: Actor, limit: int = 20) -> list[Step]:
    """What was the actor's to decide and has gone to the superior meanwhile."""
    seats = [seat.id for seat in actor.own_seats]
    rows = Step.objects.filter(escalated_from_id__in=seats, state=Step.State.WAITING)
    return list(rows.select_related("record__parent", "seat__post", "seat__unit").order_by("-pk")[:limit])


def inbox_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """The inbox as the workbench shows it: agreed to there with two taps, under the same rules as on its own page."""
    return [
        replace(
            _item(step, step_url(step), at, asked_by(step)),
            answers=(Answer(AGREE, step.get_absolute_url(), agreement(step)),),
        )
        for step in _on_workbench(actor, at)[0]
    ]


def asked_by(step: Step) -> str:
    """Who wants it: nobody agrees with two taps to what they can't put a name to."""
    return gettext("申请人：%(name)s") % {"name": step.applicant.shown_name} if step.applicant else ""


def agreement(step: Step) -> dict[str, str]:
    """The form of its page, filled in: agreed, with the amount that is on the screen."""
    return {"result": "agree", "opinion": "", "shown_amount": "" if step.amount is None else str(step.amount)}


def requested_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """What the actor applied for and others have before them, with who has it now."""
    return [
        _item(step, step.record.url or step_url(step), at, str(step.seat or step.person or gettext("暂无可以审批的人")))
        for step in _on_workbench(actor, at)[1]
    ]


def red_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Decisions that are overdue, or that nobody may take: longest first, with who has them now (RPT-22)."""
    mine = Step.objects.all() if actor.holds("gm") else Step.objects.visible_to(actor)
    rows = mine.filter(state=Step.State.WAITING, due_at__lt=at)
    rows = rows.select_related("record__parent", "seat__post", "seat__unit", "person").order_by("due_at", "pk")
    return [
        _item(step, step_url(step), at, str(step.seat or step.person or gettext("暂无可以审批的人")))
        for step in rows[:20]
    ]


def _item(step: Step, url: str, at: dt.datetime, holder: str = "") -> Item:
    known = registry.kind_of(step.kind)
    tone = "red" if step.due_at < at else ""
    return Item(
        text(known.label), url, step.record.number or "", step.due_at, known.summary(step), holder, tone, step.amount, step.level
    )  # fmt: skip


def waiting_count(actor: Actor, at: dt.datetime) -> int:
    return len(inbox(actor, at, 100))


def step_url(step: Step) -> str:
    return registry.kind_of(step.kind).decide_url(step) or step.get_absolute_url()


def steps_of(record: Record | UUID) -> list[Step]:
    """Every step of a paper, in order, ready to be shown."""
    record_id = record.pk if isinstance(record, Record) else record
    return compiled.rows(_steps, record=record_id)


def _steps(record: UUID) -> QuerySet[Step]:
    rows = Step.objects.filter(record_id=record).select_related(
        "record", "seat__post", "seat__unit", "decided_by", "principal", "person", "applicant", "decided_seat__post"
    )
    return rows.order_by("seq")


def waiting_for(record: Record | UUID) -> list[Step]:
    """The steps that a paper waits for now."""
    return [step for step in steps_of(record) if step.is_waiting]


def approval_of(record: Record | UUID, kind: str = "") -> Step | None:
    """The agreement that stands: the newest agreed step that no change has voided."""
    return next((s for s in reversed(steps_of(record)) if s.state == Step.State.AGREED and kind in ("", s.kind)), None)


def who_has(step: Step, at: dt.datetime) -> list[Person]:
    """The people in front of whom the step lies: the holder, and the delegate while the holder is away."""
    if step.seat_id is None:
        return [step.person] if step.person else []
    people = holders([step.seat_id], at).get(step.seat_id, [])
    away = {row.person_id: row for row in absences_of([person.pk for person in people], at)}
    delegates = [row.delegate for row in away.values() if row.delegate and row.delegate_id not in step.involved]
    return [p for p in people if p.pk not in away and p.pk not in step.involved] + delegates


def ladder(start: Seat | None, at: dt.datetime) -> dict[int, SeatFacts]:
    """The seat and those above it as the rules need them, in a bounded number of queries."""
    seats: dict[int, Seat] = {}
    seat = start
    while seat is not None and seat.is_active and seat.pk not in seats and len(seats) < LADDER:
        seats[seat.pk] = seat
        seat = seat.reports_to
    return _facts(seats, at)


def _facts(seats: dict[int, Seat], at: dt.datetime) -> dict[int, SeatFacts]:
    held = {pk: people[0] for pk, people in holders(seats, at).items()}
    away = {row.person_id: row for row in absences_of([person.pk for person in held.values()], at)}
    gone = {row.person_id for row in absences_of([row.delegate_id for row in away.values() if row.delegate_id], at)}
    found = {}
    for pk, seat in seats.items():
        holder = held.get(pk)
        absence = away.get(holder.pk) if holder else None
        delegate = absence.delegate_id if absence and absence.delegate_id not in gone else None
        found[pk] = SeatFacts(
            pk, seat.post_id, holder.pk if holder else None, seat.reports_to_id, absence is not None, delegate
        )
    return found


def start_seat(authority: str, unit: Unit, at: dt.datetime, barred: Sequence[int]) -> Seat | None:
    """The seat that an authority means for a unit: `head` of the department, `dgm` in charge, else the nearest of that post."""
    if authority == "head":
        return manager_seat_of(unit)
    if authority == "dgm":
        return executive_seat_for(unit, at)
    near = seats_with_post(authority, unit_id=unit.pk)
    if not near and unit.department_id:
        near = seats_with_post(authority, department_id=unit.department_id)
    candidates = near or seats_with_post(authority)
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    facts = _facts({seat.pk: seat for seat in candidates}, at)

    def order(seat: Seat) -> tuple[bool, bool, int]:
        holder = facts[seat.pk].holder
        return (holder is None or holder in barred, facts[seat.pk].is_absent, seat.pk)

    return min(candidates, key=order)


def explanation(step: Step) -> Explanation:
    """Why it is this seat's to decide: route, clause, figures as they were read, the comparison in words (X-5)."""
    role = text(step.role and next(iter(post_names((step.role,))), step.role))
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return Explanation(
        role, step.clause, tuple(registry.kind_of(step.kind).why(step)),
        tuple(_figure_words(row, lang) for row in step.policy), tuple(route(step)),
    )  # fmt: skip


def route(step: Step) -> list[str]:
    """The chain of seats with the reason why each was passed over, time among them."""
    seats = {
        s.pk: s
        for s in Seat.objects.filter(pk__in=[r["seat"] for r in step.chain if r["seat"]]).select_related("post", "unit")
    }
    people = Person.objects.in_bulk([r["person"] for r in step.chain if r["person"]])
    asked = [number for number, link in enumerate(step.chain) if link["why"] in FOUND]
    lines = []
    for number, link in enumerate(step.chain):
        seat = (
            str(seats[link["seat"]])
            if link["seat"] in seats
            else "".join(post_names((link["post"],)) if link["post"] else ())
        )
        name = people[link["person"]].shown_name if link["person"] in people else ""
        why = "gone_up" if number in asked[:-1] else link["why"]
        facts = {"seat": seat, "name": name, "why": gettext(WHY.get(why, why))}
        lines.append(_line(facts))
    return lines


def _line(facts: dict[str, Any]) -> str:
    if facts["seat"] and facts["name"]:
        return gettext("%(seat)s（%(name)s）：%(why)s") % facts
    return gettext("%(who)s：%(why)s") % {"who": facts["seat"] or facts["name"], "why": facts["why"]}


def _figure_words(row: dict[str, Any], lang: str) -> tuple[str, str, str]:
    definition = policy.definitions().get(row["key"])
    if definition is None:
        return row["key"], str(row["value"]), ""
    shown = words(definition.kind, definition.unit, typed(definition.kind, row["value"]), lang)
    since = gettext("第 %(version)s 版，%(day)s 起") % {"version": row["version"], "day": row["effective_from"]}
    return getattr(definition, lang), shown, since


def steps_shown(record: Record | UUID, by: Actor) -> dict[str, Any]:
    """The context of `approvals/steps.html`: every step of a paper with its explanation, and the way to decide it."""
    steps = steps_of(record)
    own = next((step for step in steps if step.is_waiting and not refusals_for(step, by)), None)
    return {"steps": [(step, explanation(step)) for step in steps], "decide_url": step_url(own) if own else ""}
