"""The interface of inspections."""

from zhangfa.inspections.api.operations import router

__all__ = ["router"]
