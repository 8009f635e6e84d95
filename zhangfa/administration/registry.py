"""What apps above lend to administration: papers that a notice of the company rolls out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record
from zhangfa.records.registry import forms

# form code: fn(record) -> (title, text) of the notice that passes the paper on
_rolled_out: dict[str, Callable[[Record], tuple[str, str]]] = {}


def rolls_out(form_code: str, words: Callable[[Record], tuple[str, str]]) -> None:
    """Papers of this form are rolled out by a notice; `words` are what its title and text begin with."""
    _rolled_out[form_code] = words


def rolled_out(key: Any, actor: Actor) -> Record | None:
    """The paper of that id, if it is one to be rolled out and the actor may see it."""
    record = Record.objects.filter(pk=key, form_code__in=list(_rolled_out)).exclude(status=Record.Status.VOID).first()
    return record if record is not None and forms.get(record.form_code).visible(actor, record) else None


def words_for(record: Record) -> tuple[str, str]:
    return _rolled_out[record.form_code](record)
