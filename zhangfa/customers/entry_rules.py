"""What is learnt day by day and how it reaches the file: written, handed in, entered, verified by another person (CS-W2.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers.profile_rules import Hint, is_content

CLAUSE = "CS-W2.1"
OBSERVATION = "observation"
# What everybody knows of a customer; an entry with nothing else says nothing.
BASIC = ("name", "phone", "compound", "address")
SHORTEST = 6
FARTHEST = dt.timedelta(days=31)


def refuse_entry(
    learnt: Mapping[str, str], *, served_on: dt.date, today: dt.date, is_written: bool, was_served: bool
) -> Iterator[Refusal]:
    """One entry per served customer and day, which says more than the basic data."""
    if served_on > today:
        yield Refusal("entry.future", _("服务日期不能晚于今天。"), {}, CLAUSE, "served_on")
    elif today - served_on > FARTHEST:
        yield Refusal("entry.old", _("只能补登最近 %(days)s 天的服务。"), {"days": FARTHEST.days}, CLAUSE, "served_on")
    elif is_written:
        yield Refusal("entry.once", _("这位客户这一天已经登记过，请打开那份登记表修改。"), {}, CLAUSE, "served_on")
    elif not was_served:
        yield Refusal("entry.unserved", _("这位客户这一天没有完成的服务。"), {}, CLAUSE, "served_on")
    yield from refuse_learnt(learnt)


def refuse_learnt(learnt: Mapping[str, str]) -> Iterator[Refusal]:
    """Basic data only is refused; an observation is a sentence."""
    if not any(is_content(value) for name, value in learnt.items() if name not in BASIC):
        yield Refusal(
            "entry.basic",
            _("只有姓名、电话、地址等基本资料的登记表不收：请写明今天了解到的情况，或补充档案表的内容。"),
            {},
            CLAUSE,
            OBSERVATION,
        )
    elif 0 < len(learnt.get(OBSERVATION, "")) < SHORTEST:
        yield Refusal(
            "entry.short", _("请写得具体一些（不少于 %(count)s 个字）。"), {"count": SHORTEST}, CLAUSE, OBSERVATION
        )


def refuse_hand_in(*, count: int, note: str) -> Iterator[Refusal]:
    """A department hands in what it has; with nothing to hand in it says why."""
    if not count and len(note.strip()) < SHORTEST:
        yield Refusal("handin.empty", _("没有待上交的登记表。如确实没有服务，请在说明里写明原因。"), {}, CLAUSE, "note")


def refuse_verify(
    *, fields: Collection[str], checked: Collection[str], completeness: str, least: str, is_whole: bool
) -> Iterator[Refusal]:
    """Every answer is compared, and the file is whole enough to be accepted (F15)."""
    if missing := len(set(fields) - set(checked)):
        yield Refusal(
            "entry.unchecked", _("还有 %(count)s 项没有核对；有差异的请退回。"), {"count": missing}, CLAUSE, "checked"
        )
    if not is_whole:
        yield Refusal(
            "entry.incomplete",
            _("档案完整度 %(rate)s%%，低于 %(least)s%%，请退回网点补充。"),
            {"rate": completeness, "least": least},
            CLAUSE,
        )


def refuse_send_back(*, differences: Mapping[str, str]) -> Iterator[Refusal]:
    """What differs is named with its reason, so that it can be corrected."""
    if not any(reason.strip() for reason in differences.values()):
        yield Refusal("entry.no_difference", _("请至少写明一项差异和原因。"), {}, CLAUSE)


def entry_hints(*, same_count: int, same_in: Collection[str]) -> Iterator[Hint]:
    """The same sentence under many names was not learnt from anybody."""
    if same_count:
        yield Hint(
            "same_observation",
            _("同一登记人在另外 %(count)s 份登记表里写了同样的话。"),
            {"count": same_count},
            OBSERVATION,
            tuple(same_in),
        )
