"""Two cases of one event: their settlements count together, those handed in before too (CC-W1.5, domain.md A-42)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from zhangfa.claims import permissions
from zhangfa.claims.actions.settle import take_back
from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.queries import limits_at, sums_for
from zhangfa.claims.rules import authority_for, is_above
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import let_go, work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor

S = Settlement.Status


def link_event(case: Case, other: Case, *, by: Actor, at: dt.datetime) -> Case:
    """Two cases of one event are linked; authority looks at the event's sum (design.md, Records)."""
    demand(permissions.link_events(case, by=by, at=at))
    if other.pk == case.pk or other.event_id == case.event_id:
        raise Refused([Refusal("case.linked", _("这两起案件已经关联。"), {}, "CC-W1.5", "other")])
    with work():
        # Both events are locked in the order of their ids, so that two links never wait for each other.
        for pk in sorted((case.pk, other.pk)):
            Case.objects.lock(pk)
            let_go(("case", pk))
        event_id = min(case.event_id, other.event_id)
        moved = [case.event_id, other.event_id]
        Case.objects.filter(event_id__in=moved).update(event_id=event_id)
        Settlement.objects.filter(event_id__in=moved).update(event_id=event_id)
        locked = Case.objects.lock(case.pk)
        announce(
            "claims.case.linked", locked, by=by, at=at, label=_("关联同一事件"), record_id=case.pk, codes={"other": other.pk},
            clause="CC-W1.5",
        )  # fmt: skip
        _return_what_exceeds(event_id, by=by, at=at)
    return locked


def _return_what_exceeds(event_id: UUID, *, by: Actor, at: dt.datetime) -> None:
    """A plan that the customer has not accepted yet is handed in anew where the event's sum now asks for a higher authority."""
    open_plans = Settlement.objects.filter(event_id=event_id, status__in=(S.PROPOSED, S.APPROVED)).order_by("pk")
    plans = [Settlement.objects.lock(pk) for pk in open_plans.values_list("pk", flat=True)]
    # All are held against the sum of the moment: the second is not spared because the first has just gone back.
    too_low = [plan for plan in plans if _is_too_low(plan, at)]
    for plan in too_low:
        take_back(plan, by=by, at=at, reason="linked")
        case = plan.case
        notify(
            [case.handler_id], "claims.linked", {"number": case.record.number, "total": str(plan.total)}, record_id=case.pk,
            url=case.get_absolute_url(), at=at,
        )  # fmt: skip


def _is_too_low(plan: Settlement, at: dt.datetime) -> bool:
    amount = plan.approved_total if plan.approved_total is not None else plan.total
    sums = sums_for(plan.case, amount, at, excluding=plan.pk)
    needed = authority_for(sums, handled_by=plan.case.handled_by, limits=limits_at(at), has_tie=plan.has_tie)
    return is_above(needed.post, plan.authority)
