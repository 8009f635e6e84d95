"""What would have been with another figure, for another program: the same question, rules and refusals as the page (issue 4, item 8)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Router

from zhangfa.core.money import yuan
from zhangfa.core.text import _
from zhangfa.duties import whatif, wording
from zhangfa.duties.compliance import Tally
from zhangfa.duties.permissions import ask_what_if
from zhangfa.duties.web import finding
from zhangfa.duties.web.finding import QuestionForm
from zhangfa.ui.api import Call, Money, Schema, form_query, read_query, reads

router = Router()


class WhatIfFigureOut(Schema):
    """A figure that can be asked about, and what it decides."""

    key: str
    name: str
    kind: str


class FiguresOut(Schema):
    items: list[WhatIfFigureOut]


class WhatIfPostOut(Schema):
    """What one post decides: so many papers, so much money."""

    post: str
    count_before: int
    amount_before: Money
    count_after: int
    amount_after: Money


class MovedOut(Schema):
    number: str
    url: str
    before: str
    after: str


class DecisionsOut(Schema):
    name: str
    clause: str
    total: int
    moved: int
    posts: list[WhatIfPostOut]
    papers: list[MovedOut]


class TallyOut(Schema):
    done: int
    late: int
    missed: int
    excused: int
    open: int
    share: str | None
    needed: str


class KeptOut(Schema):
    """One duty as it was kept and as it would have been."""

    duty: str
    name: str
    posts: list[str]
    before: TallyOut
    after: TallyOut
    later: int


class WhatIfOut(Schema):
    """The answer, in numbers and in sentences, and where a proposal begins."""

    key: str
    name: str
    old: str
    new: str
    since: dt.date
    until: dt.date
    decisions: list[DecisionsOut]
    duties: list[KeptOut]
    findings: list[str]
    proposals: list[str]


def _figures(call: Call) -> FiguresOut:
    call.check(ask_what_if)
    return FiguresOut(
        items=[
            WhatIfFigureOut(key=key, name=wording.figure_title(key), kind=kind) for key, kind in whatif.keys().items()
        ]
    )


def _answer(call: Call) -> WhatIfOut:
    call.check(ask_what_if)
    found = finding.answered(read_query(QuestionForm, call), call.at)
    return WhatIfOut(
        key=found.key, name=found.name, old=found.old, new=found.new, since=found.since, until=found.until,
        decisions=[_decisions(group) for group in finding.shown_decisions(found, call.actor)],
        duties=[_kept(kept) for kept in found.answer.duties],
        findings=found.lines(), proposals=[url for _label, url in found.proposals(call.actor, call.at)],
    )  # fmt: skip


def _decisions(group: dict[str, object]) -> DecisionsOut:
    lines, rows = group.pop("lines"), group.pop("rows")
    posts = [
        WhatIfPostOut(
            post=post,
            count_before=was,
            amount_before=str(yuan(was_money)),
            count_after=would,
            amount_after=str(yuan(would_money)),
        )
        for post, was, was_money, would, would_money in lines  # type: ignore[attr-defined]
    ]
    papers = [
        MovedOut(number=row.number, url=row.url, before=was, after=would)
        for row, was, would in rows  # type: ignore[attr-defined]
    ]
    return DecisionsOut(
        name=str(group["label"]), clause=str(group["clause"]), total=int(str(group["total"])), moved=int(str(group["moved"])),
        posts=posts, papers=papers,
    )  # fmt: skip


def _kept(kept: whatif.Kept) -> KeptOut:
    return KeptOut(
        duty=kept.key, name=wording.name_of(kept.key), posts=list(kept.row.posts), before=_tally(kept.before, kept.needed_before),
        after=_tally(kept.after, kept.needed_after), later=kept.later_count,
    )  # fmt: skip


def _tally(tally: Tally, needed: Decimal) -> TallyOut:
    return TallyOut(**tally.plain(), needed=str(needed))


reads(
    router, "/what-if/figures", id="what_if_figures", summary=_("可以重算的数字"), give=_figures, out=FiguresOut, about="X-1"
)  # fmt: skip
reads(
    router, "/what-if", id="what_if", summary=_("如果当时"), give=_answer, out=WhatIfOut, query=form_query(QuestionForm), about="X-1"
)  # fmt: skip
