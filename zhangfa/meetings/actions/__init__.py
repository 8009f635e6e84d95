"""Every write to meetings: the invitation, opinions and votes, the resolution, its tasks, the minutes."""

from zhangfa.meetings.actions.calling import call, cancel, change_call
from zhangfa.meetings.actions.holding import give_opinion, open_meeting, vote, vote_for
from zhangfa.meetings.actions.resolving import correct_minutes, decide, drop_decision, publish, resolve

__all__ = [
    "call", "cancel", "change_call", "correct_minutes", "decide", "drop_decision", "give_opinion", "open_meeting", "publish", "resolve", "vote", "vote_for",
]  # fmt: skip
