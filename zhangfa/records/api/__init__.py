"""Papers through the programming interface: files, signatures, copies, comments, trail; and whole lists as files."""

from zhangfa.records.api import lists
from zhangfa.records.api.operations import router

lists.register(router)

__all__ = ["router"]
