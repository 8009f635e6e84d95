"""People in the caller's scope: workers' papers, leave, balances, training."""

from zhangfa.people.api import leave, training  # noqa: F401  add their operations
from zhangfa.people.api.papers import router

__all__ = ["router"]
