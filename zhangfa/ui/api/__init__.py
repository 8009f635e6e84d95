"""The programming interface's shared half: how an app declares operations over the same forms, lists and transitions as its pages."""

from zhangfa.ui.api.call import Call, InvalidInput, Missing
from zhangfa.ui.api.forms import form_query, read_query
from zhangfa.ui.api.operations import Input, creates, downloads, lists, reads, transitions, uploads, writes
from zhangfa.ui.api.shapes import Money, Percent, RefusalOut, Schema, plain, refusals_out

__all__ = [
    "Call", "Input", "InvalidInput", "Missing", "Money", "Percent", "RefusalOut", "Schema", "creates", "downloads", "form_query", "lists", "plain", "read_query", "reads",
    "refusals_out", "transitions", "uploads", "writes",
]  # fmt: skip
