"""Every write of the people's app."""

from zhangfa.people.actions.hours import publish_hours
from zhangfa.people.actions.leave import (
    approve,
    ask,
    ask_again,
    cancel,
    follow,
    lock_leave,
    refuse,
    report_back,
    send_back,
    withdraw,
)
from zhangfa.people.actions.ledger import correct, set_roster, set_service, settle
from zhangfa.people.actions.notes import hand_note
from zhangfa.people.actions.papers import add_paper, void_paper
from zhangfa.people.actions.training import arrange, cancel_training, close_training, note_learners

__all__ = [
    "add_paper",
    "approve",
    "arrange",
    "ask",
    "ask_again",
    "cancel",
    "cancel_training",
    "close_training",
    "correct",
    "follow",
    "hand_note",
    "lock_leave",
    "note_learners",
    "publish_hours",
    "refuse",
    "report_back",
    "send_back",
    "set_roster",
    "set_service",
    "settle",
    "void_paper",
    "withdraw",
]
