"""Every write of the reports."""

from zhangfa.reports.actions.classing import settle_classes
from zhangfa.reports.actions.drawing import draw_calls, draw_pack, draw_satisfaction
from zhangfa.reports.actions.mix import decide_mix
from zhangfa.reports.actions.publishing import (
    publish_analysis,
    publish_calls,
    publish_list,
    publish_mix,
    publish_satisfaction,
)
from zhangfa.reports.actions.quality import publish_quality
from zhangfa.reports.actions.trying import ask_trial, carry_trial, drop_trials

__all__ = [
    "ask_trial", "carry_trial", "decide_mix", "draw_calls", "draw_pack", "draw_satisfaction", "drop_trials", "publish_analysis", "publish_calls", "publish_list", "publish_mix", "publish_quality",
    "publish_satisfaction", "settle_classes",
]  # fmt: skip
