"""Every write of tasks and problems."""

from zhangfa.tasks.actions.holders import follow, follow_changes
from zhangfa.tasks.actions.problem import decline, make_task, raise_problem, solve
from zhangfa.tasks.actions.task import (
    FORM,
    accept,
    assign,
    hand_over,
    lock_task,
    postpone,
    report,
    send_back,
    withdraw,
)

__all__ = [
    "FORM",
    "accept",
    "assign",
    "decline",
    "follow",
    "follow_changes",
    "hand_over",
    "lock_task",
    "make_task",
    "postpone",
    "raise_problem",
    "report",
    "send_back",
    "solve",
    "withdraw",
]
