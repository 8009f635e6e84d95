"""Every write of an import: brought in, mapped, checked, written, taken back."""

from zhangfa.imports.actions.engine import break_off, step
from zhangfa.imports.actions.flow import apply, cancel, check, keep, plan_undo, remap, replace, reread, resume, undo
from zhangfa.imports.actions.mending import mend
from zhangfa.imports.actions.purging import forget_person, purge_due
from zhangfa.imports.actions.uploading import inspect, upload

__all__ = [
    "apply",
    "break_off",
    "cancel",
    "check",
    "forget_person",
    "inspect",
    "keep",
    "mend",
    "plan_undo",
    "purge_due",
    "remap",
    "replace",
    "reread",
    "resume",
    "step",
    "undo",
    "upload",
]
