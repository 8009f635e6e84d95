"""Regulations in versions, their clauses, who has read them, and how departments carry them out."""

from zhangfa.regulations.models.following import Execution, Receipt
from zhangfa.regulations.models.regulation import Clause, Regulation

__all__ = ["Clause", "Execution", "Receipt", "Regulation"]
