"""Changing a figure: propose, decide, enact; the figure itself is written by `policy` (X-2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from zhangfa.administration.models import PolicyChange
from zhangfa.administration.permissions import CLAUSE, after_decision, propose_change, proposer
from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.models import Grade, Holding, Unit
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import queries as policy
from zhangfa.policy.actions import enact, refuse_enact
from zhangfa.policy.catalogue import ALL_POSTS
from zhangfa.policy.values import canonical
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S = PolicyChange.Status
KIND, FORM = "administration.policy_change", "G01"
REASON_LENGTH = 5


def propose(
    *, key: str, value: str, effective_from: dt.date, reason: str, by: Any, at: dt.datetime, id: UUID | None = None
) -> PolicyChange:
    """Hand in a change of a figure; it goes to the GM. Raises `Refused`, beyond the law's limit with the article."""
    demand(propose_change(by=by, at=at))
    with work():
        # Two proposals take turns: the second sees the first.
        company = Unit.objects.select_for_update(no_key=True).get(kind=Unit.Kind.COMPANY)
        demand([*refuse_enact(key, value, effective_from, at), *_refuse_reason(reason), *_refuse_double(key)])
        definition = policy.definition_of(key)
        standing = policy.figure_on(key, effective_from)
        record = open_record(FORM, unit=company, by=by, at=at, title=definition.zh[:120], id=id, retention="R5")
        change = PolicyChange.objects.create(
            record=record, key=key, old_value=standing.text, old_version=standing.version, value=canonical(definition.kind, value),
            effective_from=effective_from, reason=reason, proposed_at=at, proposed_by_id=by.person_id,
        )  # fmt: skip
        record.url = change.get_absolute_url()
        record.save(update_fields=["url"])
        if by.person_id is not None:
            concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        announce(
            "administration.policychange.proposed", change, by=by, at=at, label=_("提出修改章程"), record_id=record.pk, clause=CLAUSE,
            codes={"key": key, "old": standing.text, "new": change.value, "effective_from": effective_from.isoformat()},
            values={"reason": reason},
        )  # fmt: skip
        _ask(change, by=by, at=at)
        return change


@arrow(
    PolicyChange,
    sources=[S.PROPOSED, S.RETURNED],
    target=S.WITHDRAWN,
    label=_("撤回"),
    event="withdrawn",
    permit=proposer,
    clause=CLAUSE,
)
def withdraw(change: PolicyChange, *, by: Any, at: dt.datetime) -> None:
    """Take the proposal back before it is decided."""
    void_steps(change.record, by=by, at=at, reason="withdrawn")
    _mark(change, Record.Status.VOID)


def _guard_again(
    change: PolicyChange, *, by: Any, at: dt.datetime, value: str, effective_from: dt.date, reason: str
) -> Iterator[Refusal]:
    yield from refuse_enact(change.key, value, effective_from, at)
    yield from _refuse_reason(reason)


@arrow(
    PolicyChange, sources=[S.RETURNED], target=S.PROPOSED, label=_("修改后重新提交"), event="proposed_again", permit=proposer,
    guard=_guard_again, clause=CLAUSE,
)  # fmt: skip
def propose_again(
    change: PolicyChange, *, by: Any, at: dt.datetime, value: str, effective_from: dt.date, reason: str
) -> None:
    """Mend what the GM sent back and hand it in anew."""
    standing = policy.figure_on(change.key, effective_from)
    change.value = canonical(policy.definition_of(change.key).kind, value)
    change.effective_from, change.reason = effective_from, reason
    change.old_value, change.old_version = standing.text, standing.version
    _mark(change, Record.Status.SUBMITTED)
    _ask(change, by=by, at=at)


def _guard_approve(change: PolicyChange, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    # The day may have passed, or another change have come first, while the paper waited.
    for refusal in refuse_enact(change.key, change.value, change.effective_from, at):
        yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause)


@arrow(
    PolicyChange, sources=[S.PROPOSED], target=S.ENACTED, label=_("批准"), event="enacted", permit=after_decision("agreed"),
    guard=_guard_approve, clause=CLAUSE,
)  # fmt: skip
def approve(change: PolicyChange, *, by: Any, at: dt.datetime) -> None:
    """The GM agrees: the figure's next version is written and counts from its day."""
    row = enact(change.key, change.value, change.effective_from, by=by, at=at, record_id=change.record_id)
    change.enacted_version = row.version
    _mark(change, Record.Status.APPROVED)
    facts = {"key": change.key, "old": change.old_value, "new": change.value, "day": change.effective_from.isoformat()}
    notify(
        _concerned(change, at) - {by.person_id},
        "administration.policy_changed",
        facts,
        at=at,
        url=row.get_absolute_url(),
        clause=row.clause,
    )


@arrow(
    PolicyChange,
    sources=[S.PROPOSED],
    target=S.REFUSED,
    label=_("不同意"),
    event="refused",
    permit=after_decision("refused"),
    clause=CLAUSE,
)
def refuse(change: PolicyChange, *, by: Any, at: dt.datetime) -> None:
    """The GM says no; the figure stays."""
    _mark(change, Record.Status.REFUSED)


@arrow(
    PolicyChange,
    sources=[S.PROPOSED],
    target=S.RETURNED,
    label=_("退回修改"),
    event="returned",
    permit=after_decision("returned"),
    clause=CLAUSE,
)
def send_back(change: PolicyChange, *, by: Any, at: dt.datetime) -> None:
    """The GM asks for another figure, day or reason."""
    _mark(change, Record.Status.RETURNED)


FOLLOWS = {Step.State.AGREED: approve, Step.State.REFUSED: refuse, Step.State.RETURNED: send_back}


def lock_change(step: Step) -> PolicyChange:
    return PolicyChange.objects.lock(step.record_id)


def follow(step: Step, *, by: Any, at: dt.datetime) -> None:
    """What the decision brings about, in its own transaction."""
    FOLLOWS[Step.State(step.state)](lock_change(step), by=by, at=at)


def _ask(change: PolicyChange, *, by: Any, at: dt.datetime) -> None:
    facts = {
        "key": change.key,
        "old": change.old_value,
        "new": change.value,
        "effective_from": change.effective_from.isoformat(),
    }
    request_step(
        change.record, kind=KIND, authority="gm", unit=change.record.unit, by=by, at=at, applicant_person_id=change.proposed_by_id,
        facts=facts, clause=CLAUSE, policy=[change.key],
    )  # fmt: skip


def _mark(change: PolicyChange, status: str) -> None:
    Record.objects.filter(pk=change.record_id).update(status=status)
    change.record.status = status


def _concerned(change: PolicyChange, at: dt.datetime) -> set[int | None]:
    """The proposer, and the line managers and above whose handbook names the figure."""
    clauses = [c for c in policy.handbook().clauses.values() if change.key in policy.handbook().keys_of(c.id)]
    posts = {
        code
        for c in clauses
        for code in (c.post, *c.posts_with)
        if code != ALL_POSTS and POSTS[code].grade >= Grade.LINE_MANAGER
    }
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id__in=posts, seat__is_active=True)
    return {change.proposed_by_id, *held.values_list("person_id", flat=True)}


def _refuse_reason(reason: str) -> Iterator[Refusal]:
    if len(reason.strip()) < REASON_LENGTH:
        yield Refusal(
            "change.reason",
            _("请写明修改的理由（不少于 %(count)s 个字）。"),
            {"count": REASON_LENGTH},
            CLAUSE,
            "reason",
        )


def _refuse_double(key: str) -> Iterator[Refusal]:
    waiting = PolicyChange.objects.filter(key=key, status__in=(S.PROPOSED, S.RETURNED)).select_related("record").first()
    if waiting:
        yield Refusal(
            "change.waiting", _("这个值已有一份修改单 %(number)s 在办理。"), {"number": str(waiting)}, CLAUSE, "value"
        )
