"""Asking for a decision, deciding, and taking a decision back when the paper changes (X-5)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from zhangfa.approvals import queries, registry, rules
from zhangfa.approvals.models import Step
from zhangfa.core.canonical import canonical
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _, clean
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Seat, Unit
from zhangfa.organisation.queries import absence_of, executive_seat_for
from zhangfa.policy import queries as policy_queries
from zhangfa.records.actions import lock
from zhangfa.records.models import Record
from zhangfa.runtime import alarms

ESCALATE = "approvals.escalate"
STATES = {"agree": Step.State.AGREED, "refuse": Step.State.REFUSED, "return": Step.State.RETURNED}


def request_step(
    record: Record,
    *,
    kind: str,
    authority: str,
    unit: Unit,
    by: Any,
    at: dt.datetime,
    applicant_person_id: int | None,
    involved_person_ids: Iterable[int | None] = (),
    facts: Mapping[str, Any] | None = None,
    clause: str = "",
    policy: Iterable[Any] = (),
    amount: Decimal | None = None,
    seat: Seat | None = None,
) -> Step:
    """Send the paper to whoever decides it: the authority's seat, its delegate, or the seat above (X-5).

    `authority` is a post code, or `head` for the unit's department manager; `seat` names the seat outright. `policy` holds the
    figures that decided the route: keys, `Figure`s or their stored form. Nobody who applied or is involved can get it. Where
    nobody may decide, the step waits and says so. Raises `Refused` while the same decision is already waiting.
    """
    known = registry.kind_of(kind)
    with work():
        lock(record.pk)
        steps = list(Step.objects.filter(record=record).values_list("seq", "kind", "state"))
        demand(_refuse_request(steps, kind))
        involved = sorted({p for p in (applicant_person_id, *involved_person_ids) if p is not None})
        start = seat or queries.start_seat(authority, unit, at, involved)
        missing = [] if start else [rules.Link(None, authority, None, "no_seat")]
        start = start or executive_seat_for(unit, at)
        found = _resolve(start, involved, at)
        hours = int(policy_queries.value(known.escalation_key, at))
        step = Step.objects.create(
            record=record, seq=1 + max((seq for seq, _kind, _state in steps), default=0), kind=kind, role=authority, seat_id=found.seat, amount=amount,
            person_id=found.person if found.is_second else None, applicant_id=applicant_person_id, involved=involved,
            facts=_plain(dict(facts or {})), policy=_figures(policy, at), clause=clause,
            chain=[link.plain() for link in (*missing, *found.chain)], escalation_hours=hours, requested_at=at,
            requested_by_id=by.person_id, due_at=at + dt.timedelta(hours=hours),
        )  # fmt: skip
        alarms.set_alarm(_subject(step), ESCALATE, step.due_at)
        _announce("requested", _("提交审批"), step, by, at)
        if found.is_stuck:
            _tell([applicant_person_id, by.person_id], "approvals.stuck", step, at, record.url)
        else:
            _tell([found.person], "approvals.requested", step, at)
        return step


def decide(
    step: Step, *, by: Any, at: dt.datetime, result: str, opinion: str = "", amount: Decimal | None = None
) -> Step:
    """Agree, refuse or return; once, by whoever the step lies before. Two at the same time: one wins, the other is told.

    `result` is agree, refuse or return; `amount`, where given, is the amount that the decider was shown. Raises `Refused`.
    """
    known = registry.kind_of(step.kind)
    opinion = clean(opinion, max_length=400, multiline=True)
    with work():
        known.lock(step)
        locked = Step.objects.lock(step.pk)
        view = queries.seat_view(by, locked)
        actor = by.from_seat(view)
        demand(
            rules.refuse_result(
                state=locked.state, result=result, opinion=opinion, amount=amount, asked_amount=locked.amount
            )
        )
        demand(queries.refusals_for(locked, by))
        locked.state = STATES[result]
        locked.decided_at, locked.opinion = at, opinion
        locked.decided_by_id, locked.decided_seat_id = actor.person_id, locked.seat_id
        locked.principal_id = actor.principal_id if view else None
        # Its alarm stays: it finds nothing waiting and rings for nobody.
        locked.save(update_fields=["state", "decided_at", "opinion", "decided_by", "decided_seat", "principal"])
        _announce(locked.state, _("审批"), locked, actor, at, {"opinion": opinion})
        known.decided(locked, by=actor, at=at)
        _tell(
            {locked.applicant_id, locked.requested_by_id} - {actor.person_id},
            f"approvals.{locked.state}",
            locked,
            at,
            locked.record.url,
        )
        return locked


def void_steps(record: Record, *, by: Any, at: dt.datetime, reason: str) -> int:
    """Take back what waits and what was agreed: the paper changed, was withdrawn or became void. Returns how many.

    `reason` is a code (changed, withdrawn, void), kept with each step's event.
    """
    with work():
        standing = Step.objects.select_for_update(of=("self",)).filter(
            record=record, state__in=[Step.State.WAITING, Step.State.AGREED]
        )
        steps = list(standing.select_related("record").order_by("seq"))
        for step in steps:
            was_waiting = step.is_waiting
            step.state = Step.State.VOID
            step.save(update_fields=["state"])
            _announce("voided", _("审批失效"), step, by, at, codes={"reason": reason, "was_waiting": was_waiting})
            people = [p.pk for p in queries.who_has(step, at)] if was_waiting else [step.decided_by_id]
            _tell(set(people) - {by.person_id}, "approvals.voided", step, at, record.url)
        return len(steps)


def escalate(step_id: int, *, by: Any, at: dt.datetime) -> Step | None:
    """One level up, never down: the superior decides now, the earlier decider sees that it went up (domain.md A-41)."""
    with work():
        step = Step.objects.filter(pk=step_id).first()
        if step is None or not step.is_waiting:
            return None
        registry.kind_of(step.kind).lock(step)
        step = Step.objects.lock(step_id)
        if not step.is_waiting:
            return None
        asked = {link["person"] for link in step.chain if link["why"] in rules.FOUND} - {None}
        if not asked:
            return _place_again(step, by=by, at=at)
        above = step.seat.reports_to if step.seat else None
        found = _resolve(above, step.involved, at, asked)
        earlier = [p.pk for p in queries.who_has(step, at)]
        if found.is_stuck:
            _tell(earlier, "approvals.overdue", step, at)
            return step
        step.escalations = [
            *step.escalations,
            _plain({"at": at, "from": step.seat_id, "to": found.seat, "person": found.person}),
        ]
        step.chain = [*step.chain, *(link.plain() for link in found.chain)]
        step.escalated_from_id, step.seat_id = step.seat_id, found.seat
        step.person_id = found.person if found.is_second else None
        step.level += 1
        step.due_at = at + dt.timedelta(hours=step.escalation_hours)
        step.save()
        alarms.set_alarm(_subject(step), ESCALATE, step.due_at, rung=step.level)
        _announce("escalated", _("审批逾期上报"), step, by, at, codes={"level": step.level})
        _tell([found.person], "approvals.escalated", step, at)
        _tell(set(earlier) - {found.person}, "approvals.gone_up", step, at)
        return step


def _place_again(step: Step, *, by: Any, at: dt.datetime) -> Step:
    """A step that nobody could decide: look again, for somebody came back, was appointed or named second decider."""
    origin = next((link["seat"] for link in step.chain if link["seat"]), None)
    found = _resolve(Seat.objects.filter(pk=origin).first(), step.involved, at)
    step.due_at = at + dt.timedelta(hours=step.escalation_hours)
    if not found.is_stuck:
        step.seat_id, step.person_id = found.seat, found.person if found.is_second else None
        step.chain = [link.plain() for link in found.chain]
        _announce("requested", _("提交审批"), step, by, at, codes={"again": True})
        _tell([found.person], "approvals.requested", step, at)
    step.save()
    alarms.set_alarm(_subject(step), ESCALATE, step.due_at, rung=step.level)
    return step


def _resolve(
    start: Seat | None, involved: Iterable[int], at: dt.datetime, asked: Iterable[int] = ()
) -> rules.Resolution:
    resolve = partial(
        rules.resolve,
        start.pk if start else None,
        queries.ladder(start, at),
        barred=frozenset(involved),
        asked=frozenset(asked),
    )
    found = resolve(second_decider=None)
    return resolve(second_decider=_second_decider(at)) if found.is_stuck else found


def _refuse_request(steps: Iterable[tuple[int, str, str]], kind: str) -> Iterable[Refusal]:
    if any((known, state) == (kind, Step.State.WAITING) for _seq, known, state in steps):
        yield Refusal("approvals.waiting", _("这份表单已经在等待审批。"), clause=rules.CLAUSE)


def _second_decider(at: dt.datetime) -> int | None:
    """The company's second decider, unless away."""
    named = policy_queries.second_decider(at)
    return None if named is None or absence_of(named.pk, at) else named.pk


def _figures(policy: Iterable[Any], at: dt.datetime) -> list[Any]:
    rows = []
    for item in policy:
        if isinstance(item, str):
            item = policy_queries.figure(item, at)
        rows.append(item.as_json() if hasattr(item, "as_json") else dict(item))
    return _plain(rows)


def _plain(value: Any) -> Any:
    return json.loads(canonical(value))


def _subject(step: Step) -> str:
    return f"step:{step.pk}"


def _announce(
    what: str, label: str, step: Step, by: Any, at: dt.datetime, values: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    facts = {
        "step": step.pk,
        "kind": step.kind,
        "seat": step.seat_id,
        "role": step.role,
        "amount": step.amount,
        **(codes or {}),
    }
    announce(
        f"approvals.step.{what}", step, by=by, at=at, label=label, record_id=step.record_id, codes=facts, values=values,
        clause=step.clause or rules.CLAUSE,
    )  # fmt: skip


def _tell(people: Iterable[int | None], code: str, step: Step, at: dt.datetime, url: str = "") -> None:
    label = registry.kind_of(step.kind).label
    params = {
        "label": label,
        "number": step.record.number or "",
        "amount": step.amount if step.amount is not None else "",
    }
    notify(people, code, params, at=at, record_id=step.record_id, url=url or queries.step_url(step), clause=step.clause)
