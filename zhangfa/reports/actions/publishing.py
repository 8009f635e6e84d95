"""A drawn report is frozen and sent: figures, policy values, words beside them, copies with receipt (CS-W2.2, CS-W2.3, CS-D3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.organisation.queries import seated_in
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication
from zhangfa.reports import permissions as may
from zhangfa.reports.actions.drawing import BEST, CALLS, DATA, LIST, MARKS, MIX, draw_calls, latest
from zhangfa.reports.models import Draw
from zhangfa.reports.rules import CLAUSE, CLAUSE_DATA, CLAUSE_MIX, last_of, named, refuse_period, refuse_texts

FORMS = {LIST: "F16", MIX: "F17", BEST: "F18", DATA: "KFX", MARKS: "MYD", CALLS: "HWB"}
TITLES = {
    LIST: _("优秀客户汇总"), MIX: _("产品使用比例"), BEST: _("优秀客户产品比例"), DATA: _("客户数据分析"), MARKS: _("满意度"), CALLS: _("话务周报"),
}  # fmt: skip
TO_ALL = ("gm", "am", "cm", "hs", "ls")
TO_OUTLETS = ("oa", "sl")
HANDED_DAY = 3
LIST_TEXTS = {"analysis": _("其余客户构成分析"), "strategy": _("应对策略"), "instructions": _("对网点的要求")}
MIX_TEXTS = {"analysis": _("分析结论"), "suggestion": _("产品结构调整建议")}
DATA_TEXTS = {"direction": _("业务走向和建议")}


def publish_list(
    month: int, *, by: Actor, at: dt.datetime, analysis: str, strategy: str, instructions: str
) -> Publication:
    """RPT-09 to the GM, administration, account managers and departments; its extract with instructions to the outlets."""
    texts = {"analysis": analysis, "strategy": strategy, "instructions": instructions}
    demand(
        [
            *may.publish_pack(by=by, at=at),
            *refuse_period(month, today=clock.local_date(at)),
            *refuse_texts(texts, LIST_TEXTS),
        ]
    )
    draw = _drawn(LIST, named(month))
    with work():
        paper = _freeze(
            draw,
            texts | {"draw": draw.pk},
            by=by,
            at=at,
            url=f"/reports/list/{named(month)}/",
            month=month,
            retention="R6",
        )
        whole, extract = _people(TO_ALL, at), _people(TO_OUTLETS, at)
        _send(paper, whole, by=by, at=at)
        _send(paper, extract - whole, by=by, at=at, is_extract=True)
        _tell("reports.list.published", paper, named(month), by=by, at=at, label=_("发布优秀客户汇总表"), clause=CLAUSE)
    return paper


def publish_mix(month: int, *, by: Actor, at: dt.datetime, analysis: str, suggestion: str) -> Publication:
    """RPT-10 and RPT-11 with one analysis and one proposal; the GM decides on it. Returns RPT-10."""
    texts = {"analysis": analysis, "suggestion": suggestion}
    demand(
        [
            *may.publish_pack(by=by, at=at),
            *refuse_period(month, today=clock.local_date(at)),
            *refuse_texts(texts, MIX_TEXTS),
        ]
    )
    draws = [_drawn(kind, named(month)) for kind in (MIX, BEST)]
    with work():
        papers = []
        for draw in draws:
            paper = _freeze(draw, texts, by=by, at=at, url=f"/reports/mix/{named(month)}/", month=month)
            _send(paper, _people((*TO_ALL, "mk"), at), by=by, at=at)
            papers.append(paper)
        _tell(
            "reports.mix.published", papers[0], named(month), by=by, at=at, label=_("发布产品比例表"), clause=CLAUSE_MIX
        )
    return papers[0]


def publish_analysis(month: int, *, by: Actor, at: dt.datetime, direction: str) -> list[Publication]:
    """RPT-12 to each department its own; the GM and the deputy get the company's."""
    texts = {"direction": direction}
    demand(
        [
            *may.publish_pack(by=by, at=at),
            *refuse_period(month, today=clock.local_date(at)),
            *refuse_texts(texts, DATA_TEXTS),
        ]
    )
    rows = Draw.objects.filter(kind=DATA, period__startswith=f"{named(month)}/", state=Draw.State.DRAWN).order_by(
        "period", "pk"
    )
    draws = {draw.period: draw for draw in rows}
    if not draws:
        raise Refused([_not_drawn(named(month))])
    with work():
        papers = []
        for period, draw in draws.items():
            unit = period.partition("/")[2]
            paper = _freeze(draw, texts, by=by, at=at, url=f"/reports/data/{period}/", month=month)
            if unit == "all":
                readers = _people(("gm", "dgm"), at)
            else:
                department = int(unit)
                its = Q(unit_id=department) | Q(unit__department_id=department)
                found = seated_in(Q(post_id__in=may.DEPARTMENTS) & its, at)
                readers = {person.pk for people in found.values() for person in people}
            _send(paper, readers, by=by, at=at)
            papers.append(paper)
        _tell(
            "reports.data.published",
            papers[0],
            named(month),
            by=by,
            at=at,
            label=_("发布客户数据分析"),
            clause=CLAUSE_DATA,
        )
    return papers


def publish_satisfaction(month: int, *, by: Actor, at: dt.datetime) -> Publication:
    """RPT-21 to the departments and the GM."""
    demand([*may.publish_pack(by=by, at=at), *refuse_period(month, today=clock.local_date(at))])
    draw = _drawn(MARKS, named(month))
    with work():
        paper = _freeze(draw, {}, by=by, at=at, url=f"/reports/satisfaction/{named(month)}/", month=month)
        _send(paper, _people(("hs", "ls", "gm"), at), by=by, at=at)
        _tell(
            "reports.satisfaction.published",
            paper,
            named(month),
            by=by,
            at=at,
            label=_("发布满意度报表"),
            clause=CLAUSE_DATA,
        )
    return paper


def publish_calls(monday: dt.date, *, by: Actor, at: dt.datetime) -> Publication:
    """RPT-20 of a week to the customer service manager."""
    last = monday + dt.timedelta(days=6)
    demand(may.publish_calls(by=by, at=at))
    if last >= clock.local_date(at):
        raise Refused(
            [
                Refusal(
                    "report.running",
                    _("%(month)s 还没有结束，月底以后才能发布。"),
                    {"month": monday.isoformat()},
                    CLAUSE,
                )
            ]
        )
    draw = draw_calls(monday, by=by, at=at)
    figures = {**draw.figures, **as_of(draw)}
    with work():
        paper = publish(
            CALLS, period=monday.isoformat(), figures=figures, policy=draw.policy, form_code=FORMS[CALLS], unit=_centre(), by=by, at=at,
            title=f"{TITLES[CALLS]} {monday.isoformat()}", url=f"/reports/calls/{monday.isoformat()}/",
        )  # fmt: skip
        _send(paper, _people(("cs",), at), by=by, at=at)
        _tell(
            "reports.calls.published", paper, monday.isoformat(), by=by, at=at, label=_("发布话务周报"), clause="CS-D1"
        )
    return paper


def due_of(month: int) -> dt.datetime:
    """In the account managers' hands by the third of the next month, 24:00."""
    return clock.day_start(last_of(month) + dt.timedelta(days=1 + HANDED_DAY))


def _drawn(kind: str, period: str) -> Draw:
    draw = latest(kind, period)
    if draw is None:
        raise Refused([_not_drawn(period)])
    return draw


def _not_drawn(period: str) -> Refusal:
    return Refusal(
        "report.not_drawn", _("%(period)s 的数字还没有算出来，请先点“重新计算”。"), {"period": period}, CLAUSE
    )


def _freeze(
    draw: Draw, texts: Mapping[str, Any], *, by: Actor, at: dt.datetime, url: str, month: int, retention: str = "R4"
) -> Publication:
    return publish(
        draw.kind, period=draw.period, figures={**draw.figures, **texts, **as_of(draw)}, policy=draw.policy, form_code=FORMS[draw.kind], unit=_centre(),
        by=by, at=at, title=f"{TITLES[draw.kind]} {named(month)}", url=url, retention=retention, due_at=due_of(month),
    )  # fmt: skip


def as_of(draw: Draw) -> dict[str, str]:
    """The instant up to which the figures know of orders and payments: the paper says it, too."""
    return {"as_of": draw.drawn_at.isoformat()} if draw.drawn_at else {}


def _centre() -> Unit:
    """The unit that publishes: where the customer service manager sits."""
    return Unit.objects.filter(seats__post_id="cs", seats__is_active=True).order_by("pk").first() or Unit.objects.get(
        kind=Unit.Kind.COMPANY
    )


def _people(posts: Iterable[str], at: dt.datetime) -> set[int]:
    found = seated_in(Q(post_id__in=list(posts)), at)
    return {person.pk for people in found.values() for person in people}


def _send(paper: Publication, people: Iterable[int], *, by: Actor, at: dt.datetime, is_extract: bool = False) -> None:
    copy_to(paper.record, people, by=by, at=at, is_extract=is_extract)


def _tell(event: str, paper: Publication, period: str, *, by: Actor, at: dt.datetime, label: str, clause: str) -> None:
    codes = {"handler": by.person_id, "period": period, "revision": paper.revision}
    announce(event, paper.record, by=by, at=at, label=label, record_id=paper.record_id, codes=codes, clause=clause)
