"""Every write of care: one module per noun, verbs inside."""

from zhangfa.care.actions.accounts import (
    add_decider,
    add_group_buy,
    assign_owner,
    count_accounts,
    drop_decider,
    link_member,
    owe_visits,
    save_file,
)
from zhangfa.care.actions.alliances import add_step, end_alliance, finish_step, plan_alliance, review
from zhangfa.care.actions.bundles import conclude, pass_on, send_bundle
from zhangfa.care.actions.feedback import answer_feedback, close_feedback, give_feedback, owe_answers, reopen_feedback
from zhangfa.care.actions.gifts import add_item, give, stock, take_back
from zhangfa.care.actions.plans import confirm, draw, drop, fill, hand_over, issue, match_orders, replan
from zhangfa.care.actions.promises import break_it, hand_promise, keep, promise, release
from zhangfa.care.actions.rechecks import (
    confirm_true,
    draw_sample,
    lift,
    note_doubt,
    note_false,
    object_to,
    uphold,
)
from zhangfa.care.actions.reports import publish_accounts
from zhangfa.care.actions.threads import answer, hold_meeting, promulgate
from zhangfa.care.actions.visits import arrive, cancel, come_back, prepare, record_visit, write_sheet

__all__ = [
    "add_decider", "add_group_buy", "add_item", "add_step", "answer", "answer_feedback", "arrive", "assign_owner", "break_it", "cancel",
    "close_feedback", "come_back", "conclude", "confirm", "confirm_true", "count_accounts", "draw", "draw_sample", "drop", "drop_decider",
    "end_alliance", "fill", "finish_step", "give", "give_feedback", "hand_over", "hand_promise", "hold_meeting", "issue", "keep", "lift",
    "link_member", "match_orders", "note_doubt", "note_false", "object_to", "owe_answers", "owe_visits", "pass_on", "plan_alliance", "prepare", "promise",
    "promulgate", "publish_accounts", "record_visit", "release", "reopen_feedback", "replan", "review", "save_file", "send_bundle", "stock",
    "take_back", "uphold", "write_sheet",
]  # fmt: skip
