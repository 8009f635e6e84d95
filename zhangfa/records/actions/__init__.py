"""Every write to a paper and what hangs on it: one module per noun, verbs inside."""

from zhangfa.records.actions.attachments import Prepared, attach, attach_many, prepare, remove, reveal, store
from zhangfa.records.actions.copies import comment, copy_to, receive_copy, send_copies
from zhangfa.records.actions.forgetting import forget_words
from zhangfa.records.actions.papers import (
    assign_number,
    concern,
    concern_many,
    lock,
    open_record,
    release,
    void,
)
from zhangfa.records.actions.publications import publish
from zhangfa.records.actions.signatures import (
    ask_signatures,
    refuse_to_sign,
    sign,
    sign_many,
    void_signatures,
)
from zhangfa.records.actions.whole import ask_list, carry_list, drop_lists

__all__ = [
    "Prepared",
    "ask_list",
    "ask_signatures",
    "assign_number",
    "attach",
    "attach_many",
    "carry_list",
    "comment",
    "concern",
    "concern_many",
    "copy_to",
    "drop_lists",
    "forget_words",
    "lock",
    "open_record",
    "prepare",
    "publish",
    "receive_copy",
    "refuse_to_sign",
    "release",
    "remove",
    "reveal",
    "send_copies",
    "sign",
    "sign_many",
    "store",
    "void",
    "void_signatures",
]
