"""What other programs see of care."""

from zhangfa.care.api.operations import router

__all__ = ["router"]
