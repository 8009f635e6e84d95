"""Papers through the programming interface: files, signatures, copies, comments, trail."""

from zhangfa.records.api.operations import router

__all__ = ["router"]
