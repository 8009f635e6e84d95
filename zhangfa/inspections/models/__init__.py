"""Checklists, what people answered, what is to be put right, and what forms look like."""

from zhangfa.inspections.models.finding import Finding, PatternNote, Tally
from zhangfa.inspections.models.inspection import ALL_SEEING, Inspection, Inspector, Item
from zhangfa.inspections.models.merit import MERIT_READERS, Merit
from zhangfa.inspections.models.problem import Problem, Remark
from zhangfa.inspections.models.sheet import Answer, Sheet

__all__ = [
    "ALL_SEEING",
    "MERIT_READERS",
    "Answer",
    "Finding",
    "Inspection",
    "Inspector",
    "Item",
    "Merit",
    "PatternNote",
    "Problem",
    "Remark",
    "Sheet",
    "Tally",
]  # fmt: skip
