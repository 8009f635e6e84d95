"""The trust code of a home-service worker, and what a paper must say (domain.md H9, H10, H12, H18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "HS-W3"
IDENTITY, HEALTH, INSURANCE, HEIGHT, BACKGROUND, SKILL = (
    "identity",
    "health",
    "insurance",
    "height",
    "background",
    "skill",
)
GREEN, YELLOW, RED, NO_CODE = "green", "yellow", "red", ""


@dataclass(frozen=True)
class Paper:
    """One certificate of a person with the days for which it holds."""

    kind: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    is_passed: bool = True
    category: str = ""

    def holds_on(self, day: dt.date) -> bool:
        return self.is_passed and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def has_valid(papers: Iterable[Paper], kind: str, day: dt.date) -> bool:
    return any(paper.kind == kind and paper.holds_on(day) for paper in papers)


def last_day(papers: Iterable[Paper], kind: str, day: dt.date) -> dt.date | None:
    """The last day on which a paper of the kind held or holds; None where there never was one."""
    ends = [paper.valid_to for paper in papers if paper.kind == kind and paper.is_passed and paper.valid_from <= day]
    return max((end for end in ends if end is not None), default=None)


def trust_code(papers: Iterable[Paper], day: dt.date) -> str:
    """Green: identity, health and insurance hold; yellow: one of the latter is missing; red: identity failed or lapsed (H10).

    Somebody whose identity was never checked has no code.
    """
    papers = list(papers)
    known = [paper for paper in papers if paper.kind == IDENTITY and paper.valid_from <= day]
    if not known:
        return NO_CODE
    newest = max(known, key=lambda paper: paper.valid_from)
    if not newest.holds_on(day):
        return RED
    return GREEN if has_valid(papers, HEALTH, day) and has_valid(papers, INSURANCE, day) else YELLOW


def refuse_paper(
    *, kind: str, valid_from: dt.date, valid_to: dt.date | None, today: dt.date, is_passed: bool, category: str, is_known: bool
) -> Iterator[Refusal]:  # fmt: skip
    """A paper has its days, and is entered once (HS-W3)."""
    if valid_from > today:
        yield Refusal("paper.future", _("发证日期不能晚于今天。"), {}, CLAUSE, "valid_from")
    if valid_to is not None and valid_to < valid_from:
        yield Refusal("paper.order", _("有效期至不能早于发证日期。"), {}, CLAUSE, "valid_to")
    if is_passed and valid_to is None and kind in (HEALTH, INSURANCE, HEIGHT, BACKGROUND):
        yield Refusal("paper.end", _("这类证件有期限，请填写有效期至。"), {}, CLAUSE, "valid_to")
    if kind == SKILL and not category:
        yield Refusal("paper.skill", _("技能证书请选择对应的服务类别。"), {}, CLAUSE, "category")
    if is_known:
        yield Refusal("paper.known", _("这个人的这份证件已经登记。"), {}, CLAUSE, "number")
