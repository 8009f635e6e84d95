"""What a company may change of a duty, and what its own duty must say (X-1, duties.md: everything is editable data)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "X-1"
REASON_LENGTH, NAME_LENGTH = 5, 4
NEW, CHANGE, OFF, ON = "new", "change", "off", "on"
# The rhythms that a duty of one's own may have; "days" asks for a number besides.
RHYTHMS = (
    "daily", "weekly", "weekly mon 12:00", "weekly wed 24:00", "weekly fri 24:00", "monthly", "monthly 3", "quarterly",
    "half-yearly", "yearly",
)  # fmt: skip
EVERY_DAYS = "days"
MOST_DAYS, MOST_NEEDED = 31, 1000


def refuse_change(
    *, kind: str, made: Mapping[str, Any], is_known: bool, is_off: bool, is_unwatched: bool, effective_from: dt.date, today: dt.date,
    reason: str, is_waiting: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """X-1: from a later day on, with a reason, one paper at a time; what the program can't see yet can't be switched."""
    if effective_from <= today:
        yield Refusal("duty.day", _("修改最早从明天零时起生效，进行中的期间不受影响。"), {}, CLAUSE, "effective_from")
    if len(reason.strip()) < REASON_LENGTH:
        yield Refusal(
            "duty.reason", _("请写明理由（不少于 %(count)s 个字）。"), {"count": REASON_LENGTH}, CLAUSE, "reason"
        )
    if is_waiting:
        yield Refusal("duty.waiting", _("这项职责已有一份修改单在等待批准。"), {}, CLAUSE)
    if kind in (OFF, ON) and is_unwatched:
        yield Refusal("duty.unwatched", _("这项职责的凭据还没有在系统里办理，不能停用或恢复。"), {}, CLAUSE)
    elif kind in (CHANGE, OFF) and is_off:
        yield Refusal("duty.off", _("这项职责已经停用，请先恢复。"), {}, CLAUSE)
    elif kind == ON and not is_off:
        yield Refusal("duty.on", _("这项职责没有停用，不用恢复。"), {}, CLAUSE)
    if kind != NEW and not is_known:
        yield Refusal("duty.unknown", _("职责目录里没有这项职责。"), {}, CLAUSE)
    if kind == CHANGE and not made:
        yield Refusal("duty.same", _("没有改动，不用提交。"), {}, CLAUSE)


def refuse_own(
    *, name: str, post: str, posts: Collection[str], rhythm: str, days: int | None, needed: int, form: str, field: str,
    forms: Mapping[str, Collection[str]],
) -> Iterator[Refusal]:  # fmt: skip
    """X-1: a duty of one's own says whose it is, how often, and which paper with which field shows that it was done."""
    if len(name.strip()) < NAME_LENGTH:
        yield Refusal(
            "duty.name", _("请写明职责内容（不少于 %(count)s 个字）。"), {"count": NAME_LENGTH}, CLAUSE, "name"
        )
    if post not in posts:
        yield Refusal("duty.post", _("请选择责任岗位。"), {}, CLAUSE, "post")
    yield from refuse_rhythm(rhythm=rhythm, days=days)
    yield from refuse_needed(needed)
    if form not in forms:
        yield Refusal("duty.form", _("请选择作为凭据的单据。"), {}, CLAUSE, "evidence")
    elif field and field not in forms[form]:
        yield Refusal("duty.field", _("这种单据没有这个栏目。"), {}, CLAUSE, "evidence")


def refuse_rhythm(*, rhythm: str, days: int | None) -> Iterator[Refusal]:
    if rhythm not in (*RHYTHMS, EVERY_DAYS):
        yield Refusal("duty.rhythm", _("请选择多久办一次。"), {}, CLAUSE, "rhythm")
    if rhythm == EVERY_DAYS and not (days and 1 <= days <= MOST_DAYS):
        yield Refusal("duty.days", _("请填写每几天一次（1 到 %(most)s）。"), {"most": MOST_DAYS}, CLAUSE, "days")


def refuse_needed(needed: int) -> Iterator[Refusal]:
    if not 1 <= needed <= MOST_NEEDED:
        yield Refusal("duty.needed", _("次数应在 1 到 %(most)s 之间。"), {"most": MOST_NEEDED}, CLAUSE, "needed")
