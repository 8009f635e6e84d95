"""Requests between departments and the follow-up of company files: what is whole, who answers (AM-D4, AM-D1, AM-D6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

REQUEST, FILES, CALENDAR = "AM-D4", "AM-D1", "AM-D6"
TEXT_LENGTH = 5


def refuse_text(text: str, field: str, clause: str) -> Iterator[Refusal]:
    if len(text.strip()) < TEXT_LENGTH:
        yield Refusal("paper.text", _("请写清楚，不少于 %(count)s 个字。"), {"count": TEXT_LENGTH}, clause, field)


def refuse_request(*, own: int | None, to: int, is_department: bool, has_manager: bool) -> Iterator[Refusal]:
    """From one's own department to another one that somebody heads."""
    if own is None:
        yield Refusal("request.from", _("协作单由部门的管理岗位发出。"), {}, REQUEST)
    elif own == to:
        yield Refusal("request.same", _("本部门的事请直接交办任务，不用协作单。"), {}, REQUEST, "to_unit")
    if not is_department:
        yield Refusal("request.unit", _("请选择部门。"), {}, REQUEST, "to_unit")
    elif not has_manager:
        yield Refusal("request.vacant", _("这个部门现在没有负责人，请联系分管领导。"), {}, REQUEST, "to_unit")


def refuse_filing(*, filed_on: dt.date, opens_on: dt.date, today: dt.date, receipt: str) -> Iterator[Refusal]:
    """A filing is believed with its day and its receipt."""
    if filed_on > today:
        yield Refusal("filing.future", _("办理日期不能晚于今天。"), {}, CALENDAR, "filed_on")
    elif filed_on < opens_on:
        yield Refusal(
            "filing.early", _("这一期从 %(day)s 起才能办理。"), {"day": opens_on.isoformat()}, CALENDAR, "filed_on"
        )
    if len(receipt.strip()) < 2:
        yield Refusal("filing.receipt", _("请写明回执号或办理凭据。"), {}, CALENDAR, "receipt")


def refuse_matter(*, from_month: int, from_day: int, to_month: int, to_day: int) -> Iterator[Refusal]:
    """A yearly matter ends after it begins, within one year; a leap year knows every day."""
    first, last = window(year=2028, from_month=from_month, from_day=from_day, to_month=to_month, to_day=to_day)
    if last < first:
        yield Refusal("statutory.order", _("截止日不能早于开始日。"), {}, CALENDAR, "to_month")


def refuse_closed_matter(*, is_active: bool) -> Iterator[Refusal]:
    if not is_active:
        yield Refusal("statutory.closed", _("这一事项已停用，要办理请先恢复使用。"), {}, CALENDAR)


def window(*, year: int, from_month: int, from_day: int, to_month: int, to_day: int) -> tuple[dt.date, dt.date]:
    """The days from and to which something is filed in a year; the last day of February is meant by its 29th."""
    return _day(year, from_month, from_day), _day(year, to_month, to_day)


def _day(year: int, month: int, day: int) -> dt.date:
    while True:
        try:
            return dt.date(year, month, day)
        except ValueError:
            day -= 1
