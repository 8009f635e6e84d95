"""Writes beside the sink: the catalogue's table, the rhythms' occurrences, escalation, holders that moved (X-1)."""

from zhangfa.duties.actions.catalogue import load_catalogue
from zhangfa.duties.actions.changes import FORM as CHANGE_FORM
from zhangfa.duties.actions.changes import KIND as CHANGE_KIND
from zhangfa.duties.actions.changes import (
    checked_rhythm,
    enact_change,
    follow_change,
    lock_change,
    newest_of,
    own_duty,
    propose_duty_change,
    refuse_duty_change,
    withdraw_change,
)
from zhangfa.duties.actions.clockwork import generate, move_holders
from zhangfa.duties.actions.digest import send_digest
from zhangfa.duties.actions.escalation import escalate_due, escalate_further
from zhangfa.duties.actions.excuses import FORM as EXCUSE_FORM
from zhangfa.duties.actions.excuses import approve, follow_decision, lock_excuse, propose_excuse, refuse, withdraw
from zhangfa.duties.actions.feeds import close_feed, open_feed
from zhangfa.duties.actions.handovers import FORM as HANDOVER_FORM
from zhangfa.duties.actions.handovers import (
    LEAVER,
    SUCCESSOR,
    SUPERIOR,
    cancel_handover,
    collect_again,
    draw_up,
    finish_handover,
    follow_seat,
    name_successor,
    send_for_signing,
    when_signed,
)
from zhangfa.duties.actions.reports import FORM as REPORT_FORM
from zhangfa.duties.actions.reports import publish_month, refuse_month

__all__ = [
    "CHANGE_FORM",
    "CHANGE_KIND",
    "EXCUSE_FORM",
    "HANDOVER_FORM",
    "LEAVER",
    "REPORT_FORM",
    "SUCCESSOR",
    "SUPERIOR",
    "approve",
    "cancel_handover",
    "checked_rhythm",
    "close_feed",
    "collect_again",
    "draw_up",
    "enact_change",
    "escalate_due",
    "escalate_further",
    "finish_handover",
    "follow_change",
    "follow_decision",
    "follow_seat",
    "generate",
    "load_catalogue",
    "lock_change",
    "lock_excuse",
    "move_holders",
    "name_successor",
    "newest_of",
    "open_feed",
    "own_duty",
    "propose_duty_change",
    "propose_excuse",
    "publish_month",
    "refuse",
    "refuse_duty_change",
    "refuse_month",
    "send_digest",
    "send_for_signing",
    "when_signed",
    "withdraw",
    "withdraw_change",
]
