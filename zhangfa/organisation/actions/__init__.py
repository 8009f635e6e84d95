"""Every write to the chart: a module per noun, a function per verb."""

from zhangfa.organisation.actions.founding import found

__all__ = ["found"]
