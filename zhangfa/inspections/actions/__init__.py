"""Every write of inspections."""

from zhangfa.inspections.actions.findings import clear, confirm, contest, draw_week, note_pattern
from zhangfa.inspections.actions.inspection import (
    add_item,
    appoint,
    cancel,
    draw_inspectors,
    draw_questions,
    drop_item,
    finish,
    issue,
    open_sheet,
    order_problem,
    plan,
    start,
)
from zhangfa.inspections.actions.merits import (
    appeal,
    carry_out,
    note_silence,
    propose_merit,
    state,
    withdraw_merit,
)
from zhangfa.inspections.actions.problem import close, finish_rectifying, reject
from zhangfa.inspections.actions.sheet import hand_in, object_to, record_answer, rule_on, write_up
from zhangfa.inspections.actions.tables import (
    drop_remark,
    freeze_due,
    freeze_month,
    order_in_week,
    publish_week,
    remark,
)

__all__ = [
    "add_item", "appeal", "appoint", "cancel", "carry_out", "clear", "close", "confirm", "contest", "draw_inspectors", "draw_questions", "draw_week", "drop_item", "drop_remark",
    "finish", "finish_rectifying", "freeze_due", "freeze_month", "hand_in", "issue", "note_pattern", "note_silence", "object_to", "open_sheet", "order_in_week", "order_problem", "plan",
    "propose_merit", "publish_week", "record_answer", "reject", "remark", "rule_on", "start", "state", "withdraw_merit", "write_up",
]  # fmt: skip
