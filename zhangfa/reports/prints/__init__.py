"""The reports on A4, as they were frozen."""

from zhangfa.reports.prints.figures import calls, data, marks, outlets
from zhangfa.reports.prints.month_end import best, good_list, mix

__all__ = ["best", "calls", "data", "good_list", "marks", "mix", "outlets"]
