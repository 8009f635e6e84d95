"""At the meeting: who is there, what they think, how they vote (AM-W1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition as arrow
from zhangfa.meetings import rules
from zhangfa.meetings.actions.calling import fill_figures
from zhangfa.meetings.choices import DECIDING, Status
from zhangfa.meetings.models import Meeting, Participant
from zhangfa.meetings.permissions import convener, participant, voter
from zhangfa.meetings.rules import CLAUSE
from zhangfa.organisation.models import Person

S = Status


def _votes(meeting: Meeting) -> bool:
    return meeting.kind in DECIDING


def _guard_opinion(meeting: Meeting, *, by: Any, at: dt.datetime, opinion: str) -> Iterator[Refusal]:
    if not opinion.strip():
        yield Refusal("opinion.empty", _("请先写下内容。"), {}, CLAUSE, "opinion")


@arrow(
    Meeting, sources=[S.CALLED, S.HELD], target=None, label=_("发表意见"), event="opinion_given", permit=participant, guard=_guard_opinion,
    clause=CLAUSE,
)  # fmt: skip
def give_opinion(meeting: Meeting, *, by: Any, at: dt.datetime, opinion: str) -> dict[str, Any]:
    """What a participant thinks of the problem and the solution, before or at the meeting."""
    meeting.participants.filter(person_id=by.person_id).update(opinion=opinion, opinion_at=at)
    return {"values": {"opinion": opinion}}


def _guard_open(meeting: Meeting, *, by: Any, at: dt.datetime, present: Sequence[Person]) -> Iterator[Refusal]:
    known = set(meeting.participants.values_list("person_id", flat=True))
    if not present:
        yield Refusal("meeting.nobody", _("请勾选到会的人。"), {}, CLAUSE, "present")
    if any(person.pk not in known for person in present):
        yield Refusal(
            "meeting.stranger", _("到会的人须在参会人名单里；临时参加的请先修改通知。"), {}, CLAUSE, "present"
        )


@arrow(
    Meeting, sources=[S.CALLED, S.HELD], target=S.HELD, label=_("签到开会"), event="opened", permit=convener, guard=_guard_open, clause=CLAUSE,
    hint=_("登记到会的人；只有到会且有表决权的人能表决。"),
)  # fmt: skip
def open_meeting(meeting: Meeting, *, by: Any, at: dt.datetime, present: Sequence[Person]) -> dict[str, Any]:
    """Note who is there; the others count as absent, and have no vote."""
    here = [person.pk for person in present]
    meeting.participants.update(is_present=False)
    meeting.participants.filter(person_id__in=here).update(is_present=True)
    meeting.participants.exclude(person_id__in=here).update(vote="", voted_at=None)
    if meeting.is_reporting and meeting.held_at is None:
        fill_figures(meeting, at)
    meeting.held_at = meeting.held_at or at
    meeting.present = len(here)
    meeting.voters = meeting.participants.filter(is_present=True, has_vote=True).count()
    return {"codes": {"present": here, "voters": meeting.voters}}


def _row(meeting: Meeting, person_id: int | None) -> Participant | None:
    return meeting.participants.filter(person_id=person_id or 0).first()


def _guard_vote(meeting: Meeting, *, by: Any, at: dt.datetime, vote: str, dissent: str = "") -> Iterator[Refusal]:
    row = _row(meeting, by.person_id)
    yield from rules.refuse_vote(
        is_participant=row is not None, has_vote=bool(row and row.has_vote), is_present=bool(row and row.is_present), vote=vote,
        dissent=dissent,
    )  # fmt: skip


@arrow(
    Meeting, sources=[S.HELD], target=None, label=_("表决"), event="voted", permit=voter, guard=_guard_vote, clause=CLAUSE, applies=_votes,
)  # fmt: skip
def vote(meeting: Meeting, *, by: Any, at: dt.datetime, vote: str, dissent: str = "") -> dict[str, Any]:
    """One's own vote; dissent is kept word for word."""
    meeting.participants.filter(person_id=by.person_id).update(vote=vote, voted_at=at, dissent=dissent)
    return {"codes": {"vote": vote}, "values": {"dissent": dissent}}


def _guard_vote_for(
    meeting: Meeting, *, by: Any, at: dt.datetime, person: Person, vote: str, dissent: str = ""
) -> Iterator[Refusal]:  # fmt: skip
    row = _row(meeting, person.pk)
    for refusal in rules.refuse_vote(
        is_participant=row is not None, has_vote=bool(row and row.has_vote), is_present=bool(row and row.is_present), vote=vote,
        dissent=dissent,
    ):  # fmt: skip
        text = {"vote.none": _("这个人没有表决权。"), "vote.absent": _("这个人没有到会。")}.get(
            refusal.code, refusal.text
        )
        yield Refusal(refusal.code, text, refusal.params, refusal.clause, refusal.field or "person")


@arrow(
    Meeting, sources=[S.HELD], target=None, label=_("登记举手表决"), event="vote_noted", permit=convener, guard=_guard_vote_for, clause=CLAUSE,
    applies=_votes, hint=_("有人当场举手、没有自己登录表决时，由主持人登记。"),
)  # fmt: skip
def vote_for(meeting: Meeting, *, by: Any, at: dt.datetime, person: Person, vote: str, dissent: str = "") -> dict[str, Any]:  # fmt: skip
    """A vote by show of hands, noted by whoever keeps the minutes; the minutes are signed afterwards."""
    meeting.participants.filter(person=person).update(vote=vote, voted_at=at, dissent=dissent)
    return {"codes": {"person": person.pk, "vote": vote}, "values": {"dissent": dissent}}
