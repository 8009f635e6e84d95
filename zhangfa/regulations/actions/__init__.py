"""Every write to regulations: drafting, the way to promulgation, what follows it, and repeal."""

from zhangfa.regulations.actions.drafting import ask_question, consult, draft, revise
from zhangfa.regulations.actions.following import acknowledge, acknowledge_on_paper, greet, report
from zhangfa.regulations.actions.issuing import (
    ask_repeal,
    promulgate,
    reopen,
    submit,
    withdraw,
)

__all__ = [
    "acknowledge", "acknowledge_on_paper", "ask_question", "ask_repeal", "consult", "draft", "greet", "promulgate", "reopen", "report", "revise", "submit",
    "withdraw",
]  # fmt: skip
