"""People in the caller's scope: workers' papers, leave, balances, training and its hours."""

from zhangfa.people.api import hours, leave, training  # noqa: F401  add their operations
from zhangfa.people.api.papers import router

__all__ = ["router"]
