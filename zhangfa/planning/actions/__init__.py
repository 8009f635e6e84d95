"""Every write of plans and summaries."""

from zhangfa.planning.actions.plan import (
    FORM,
    add_item,
    approve,
    begin,
    change_item,
    close,
    drop_item,
    lock_plan,
    progress,
    send_back,
    submit,
    withdraw,
)
from zhangfa.planning.actions.year import check_month, close_year, summarise

__all__ = [
    "FORM",
    "add_item",
    "approve",
    "begin",
    "change_item",
    "check_month",
    "close",
    "close_year",
    "drop_item",
    "lock_plan",
    "progress",
    "send_back",
    "submit",
    "summarise",
    "withdraw",
]
