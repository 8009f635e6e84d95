"""The resolution, its tasks with owner, day and standard, and the minutes for everybody (AM-W1, HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.meetings import rules
from zhangfa.meetings.actions.calling import tell, tell_source
from zhangfa.meetings.actions.tasking import hand_out
from zhangfa.meetings.choices import DECIDING, Status, Vote
from zhangfa.meetings.models import Decision, Meeting
from zhangfa.meetings.permissions import convener
from zhangfa.meetings.rules import CLAUSE, Count
from zhangfa.organisation.models import Grade, Person, Seat
from zhangfa.policy.queries import figure
from zhangfa.records.actions import ask_signatures, concern, send_copies, void_signatures

S = Status
PASS_RATIO, STRICT = "meeting.pass_ratio", "meeting.strict_majority"
RULE_DAYS = "visit.rule_after_meeting_days"


def _guard_resolve(
    meeting: Meeting, *, by: Any, at: dt.datetime, standpoint: str, discussion: str, resolution: str, needs_rule: bool = False,
    reward_rule: str = "",
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_resolution(
        is_deciding=meeting.is_deciding, standpoint=standpoint, resolution=resolution, discussion=discussion, present=meeting.present,
        decisions=meeting.decisions.count(),
    )  # fmt: skip


@arrow(
    Meeting, sources=[S.HELD], target=S.RESOLVED, label=_("作出决议"), event="resolved", permit=convener, guard=_guard_resolve, clause=CLAUSE,
    hint=_("写明主持人的明确意见、讨论和决议；需要表决的会议此时计票。"),
)  # fmt: skip
def resolve(
    meeting: Meeting, *, by: Any, at: dt.datetime, standpoint: str, discussion: str, resolution: str, needs_rule: bool = False,
    reward_rule: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Close the discussion and count: yes votes of those present with a vote, by the figures of the day."""
    meeting.standpoint, meeting.discussion, meeting.resolution = standpoint, discussion, resolution
    meeting.needs_rule, meeting.reward_rule, meeting.resolved_at = needs_rule, reward_rule, at
    ratio, strict = figure(PASS_RATIO, at), figure(STRICT, at)
    meeting.pass_ratio, meeting.is_strict = ratio.value, bool(strict.value)
    if meeting.kind in DECIDING:
        here = meeting.participants.filter(is_present=True, has_vote=True)
        meeting.yes, meeting.no = here.filter(vote=Vote.YES).count(), here.filter(vote=Vote.NO).count()
        count = Count(meeting.voters, meeting.yes, meeting.no)
        meeting.is_passed = rules.is_passed(count, ratio=ratio.value, is_strict=meeting.is_strict)
    passed = meeting.is_passed is not False
    tell_source("resolved", meeting, _("会议作出决议"), by=by, at=at)
    if passed and needs_rule:
        announce(
            "meetings.rule.wanted", meeting, by=by, at=at, label=_("会议要求出台制度"), record_id=meeting.record_id, clause="CS-W3.4",
            codes={
                "kind": meeting.kind, "source_kind": meeting.source_kind, "source": meeting.source_id,
                "due_at": clock.day_end(at + dt.timedelta(days=int(figure(RULE_DAYS, at).value))),
            },
        )  # fmt: skip
    return {
        "codes": {
            "kind": meeting.kind, "voters": meeting.voters, "yes": meeting.yes, "no": meeting.no, "is_passed": meeting.is_passed,
            "needs_rule": needs_rule,
        }
    }  # fmt: skip


def _decider(meeting: Meeting, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The convener; a lost vote is the basis of no task, and the button says so before anything is typed."""
    yield from convener(meeting, by=by, at=at)
    if meeting.is_passed is False:
        yield Refusal("decision.failed", _("表决没有通过，不能据此交办任务。"), {}, CLAUSE)


def _guard_decide(
    meeting: Meeting, *, by: Any, at: dt.datetime, text: str, owner: Person, due_on: dt.date, standard: str
) -> Iterator[Refusal]:  # fmt: skip
    yield from rules.refuse_decision(text=text, standard=standard, due_on=due_on, today=clock.local_date(at))


@arrow(
    Meeting, sources=[S.HELD, S.RESOLVED], target=None, label=_("登记决定"), event="decided", permit=_decider, guard=_guard_decide,
    clause="HS-W1.2", hint=_("每项决定写明做什么、谁负责、何时完成、什么标准；公布后成为任务。"),
)  # fmt: skip
def decide(meeting: Meeting, *, by: Any, at: dt.datetime, text: str, owner: Person, due_on: dt.date, standard: str) -> dict[str, Any]:  # fmt: skip
    """One decision with its owner, day and standard of result."""
    last = meeting.decisions.order_by("-seq").first()
    seq = last.seq + 1 if last else 1
    Decision.objects.create(meeting=meeting, seq=seq, text=text, owner=owner, due_on=due_on, standard=standard)
    concern(meeting.record, owner.pk, "owner")
    return {"codes": {"seq": seq, "owner": owner.pk, "due_on": due_on}}


def _guard_drop(meeting: Meeting, *, by: Any, at: dt.datetime, seq: int) -> Iterator[Refusal]:
    if not meeting.decisions.filter(seq=seq).exists():
        yield Refusal("decision.none", _("没有这一项决定。"), {}, CLAUSE, "seq")


@arrow(
    Meeting, sources=[S.HELD, S.RESOLVED], target=None, label=_("删去一项决定"), event="decision_dropped", permit=convener, guard=_guard_drop,
    clause=CLAUSE, applies=lambda meeting: meeting.decisions.exists(),
)  # fmt: skip
def drop_decision(meeting: Meeting, *, by: Any, at: dt.datetime, seq: int) -> dict[str, Any]:
    """Take back a decision that was written down wrongly, before it is published."""
    meeting.decisions.filter(seq=seq).delete()
    return {"codes": {"seq": seq}}


def _guard_publish(meeting: Meeting, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_publication(is_passed=meeting.is_passed, decisions=meeting.decisions.count())


@arrow(
    Meeting, sources=[S.RESOLVED], target=S.PUBLISHED, label=_("公布结果"), event="published", permit=convener, guard=_guard_publish, clause=CLAUSE,
    hint=_("决定成为任务，会议记录请主持人和记录人签字，发给每名参会人签收。"),
)  # fmt: skip
def publish(meeting: Meeting, *, by: Any, at: dt.datetime) -> dict[str, Any]:
    """The result goes to everybody: tasks are assigned, the minutes are signed and distributed with receipts."""
    meeting.published_at = at
    for decision in meeting.decisions.select_related("owner").order_by("seq"):
        Decision.objects.filter(pk=decision.pk).update(task_id=hand_out(meeting, decision, by=by, at=at))
    people = [p.person_id for p in meeting.participants.order_by("order")]
    keeper = (
        by.person_id
        if by.person_id != meeting.convener_id
        else next((pk for pk in people if pk != meeting.convener_id), None)
    )
    ask_signatures(meeting.record, [("chair", meeting.convener_id), ("keeper", keeper)], by=by, at=at)
    owners = list(meeting.decisions.values_list("owner_id", flat=True))
    send_copies(meeting.record, [pk for pk in dict.fromkeys([*people, *owners]) if pk != by.person_id], by=by, at=at)
    tell_source("published", meeting, _("公布会议结果"), by=by, at=at)
    return {"codes": _duty_codes(meeting)}


def _guard_correct(meeting: Meeting, *, by: Any, at: dt.datetime, discussion: str) -> Iterator[Refusal]:
    if not discussion.strip():
        yield Refusal("minutes.discussion", _("请写明讨论的经过。"), {}, CLAUSE, "discussion")
    elif discussion == meeting.discussion:
        yield Refusal("minutes.same", _("讨论没有改动。"), {}, CLAUSE, "discussion")


@arrow(
    Meeting, sources=[S.PUBLISHED], target=None, label=_("更正讨论记录"), event="corrected", permit=convener, guard=_guard_correct, clause=CLAUSE,
    hint=_("表决、决议和任务不变；已有的签字失效，须重新签字，参会人会收到通知。"),
)  # fmt: skip
def correct_minutes(meeting: Meeting, *, by: Any, at: dt.datetime, discussion: str) -> dict[str, Any]:
    """The discussion was written down wrongly: names given for the old words no longer stand."""
    before, meeting.discussion = meeting.discussion, discussion
    void_signatures(meeting.record, by=by, at=at)
    people = {p.person_id for p in meeting.participants.all()} - {by.person_id}
    tell(meeting, "meetings.corrected", people, at)
    return {"values": {"before": before, "discussion": discussion}}


def _duty_codes(meeting: Meeting) -> dict[str, Any]:
    """What the duties of weekly meetings look for: the type, whose department it was, the decisions."""
    head = Seat.objects.filter(
        unit_id=meeting.department_id, post__grade=Grade.DEPARTMENT_MANAGER, is_active=True
    ).first()
    return {
        "kind": meeting.kind,
        "handler": meeting.convener_id,
        "post": head.post_id if head else "",
        "department": meeting.department_id,
        "decisions": meeting.decisions.count(),
    }
