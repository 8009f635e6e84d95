"""The minutes 会议记录与决议 as a paper: who sees and signs them, and how they are printed."""

from __future__ import annotations

from typing import Any

from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.meetings import queries
from zhangfa.meetings.models import Meeting
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, Role, forms


def register() -> None:
    duties.offer_models({"HY": Meeting})
    forms.add(
        Form(
            "HY", _("会议记录与决议"), visible=queries.is_visible, content=queries.content, build=_print, lock=_lock, handlers=_handlers,
            roles=(Role("chair", _("主持人"), _("确认会议记录属实")), Role("keeper", _("记录人"), _("确认会议记录属实"))),
        )
    )  # fmt: skip


def _lock(record: Record) -> Any:
    return Meeting.objects.lock(record.pk)


def _handlers(record: Record) -> frozenset[int]:
    meeting = Meeting.objects.get(pk=record.pk)
    return frozenset({meeting.convener_id, record.created_by_id} - {None})


def _print(record: Record, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.meetings.prints import minutes

    return minutes(record, **kwargs)
