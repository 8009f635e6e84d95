"""What waits for the caller's decision, why, and deciding it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.approvals import actions, queries, registry
from zhangfa.approvals.models import Step
from zhangfa.approvals.web.forms import DecideForm
from zhangfa.core.text import _
from zhangfa.policy.wording import post_name
from zhangfa.ui.api import Call, Money, RefusalOut, Schema, plain, reads, refusals_out, writes
from zhangfa.ui.api.operations import Input, Number
from zhangfa.ui.words import text

router = Router()


class StepOut(Schema):
    """One decision that a paper waits for, or has had."""

    id: int
    kind: str
    label: str
    record: str
    number: str
    clause: str
    authority: str
    amount: Money | None
    state: str
    requested_at: dt.datetime
    due_at: dt.datetime
    decided_at: dt.datetime | None
    summary: str
    url: str


class StepDetail(StepOut):
    """A step with its facts, figures and the refusals that stop the caller."""

    opinion: str
    facts: dict[str, Any]
    policy: list[dict[str, Any]]
    route: list[str]
    authority_name: str
    is_mine: bool
    refusals: list[RefusalOut]


class Inbox(Schema):
    items: list[StepOut]


def _line(step: Step) -> dict[str, Any]:
    kind = registry.kind_of(step.kind)
    return {
        "id": step.pk, "kind": step.kind, "label": text(kind.label), "record": str(step.record_id), "number": step.record.number or "",
        "clause": step.clause, "authority": step.role, "amount": step.amount, "state": step.state, "requested_at": step.requested_at,
        "due_at": step.due_at, "decided_at": step.decided_at, "summary": kind.summary(step), "url": queries.step_url(step),
    }  # fmt: skip


def shown(call: Call, step: Step) -> StepDetail:
    refusals = queries.refusals_for(step, call.actor) if step.is_waiting else []
    return StepDetail(
        **_line(step), opinion=step.opinion, facts=plain(step.facts), policy=plain(step.policy), route=list(queries.route(step)),
        authority_name=post_name(step.role) if step.role else "", is_mine=step.is_waiting and not refusals, refusals=refusals_out(refusals),
    )  # fmt: skip


def _step(call: Call) -> Step:
    rows = Step.objects.visible_to(call.actor).select_related(
        "record", "seat__post", "seat__unit", "applicant", "decided_by"
    )
    found: Step = call.one(rows, pk=call.path["id"])
    return found


def _decide(given: Input) -> Step:
    actions.decide(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return Step.objects.select_related("record", "seat__post", "seat__unit").get(pk=given.target.pk)


reads(
    router, "/inbox", id="inbox", summary=_("待我审批"), out=Inbox,
    give=lambda call: Inbox(items=[StepOut(**_line(step)) for step in queries.inbox(call.actor, call.at)]),
)  # fmt: skip
reads(
    router,
    "/steps/{id}",
    id="step",
    summary=_("一项审批"),
    out=StepDetail,
    give=lambda call: shown(call, _step(call)),
    ids={"id": Number},
)
writes(
    router, "/steps/{id}/decision", id="step_decide", summary=_("审批"), form=DecideForm, find=_step, act=_decide, show=shown,
    out=StepDetail, ids={"id": Number}, about="X-5",
)  # fmt: skip
