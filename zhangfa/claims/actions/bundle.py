"""The week's improvements to administration, and the two-weekly totals table (CC-D1, CC-D5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.claims import totals
from zhangfa.claims.complaint_rules import bundle_due, refuse_period, refuse_week, totals_due
from zhangfa.claims.models import Improvement
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.policy.queries import figure
from zhangfa.records.actions import ask_signatures, copy_to, publish
from zhangfa.records.models import Publication

PUBLISHERS = ("cc", "cs")
KIND, BUNDLE_FORM = "bundle", "GZ"


def _demand_publisher(by: Actor, clause: str) -> None:
    if not by.holds(*PUBLISHERS):
        raise Refused(
            [Refusal("totals.post", _("只有投诉与客户维护专员或客服中心经理可以发布。"), {}, clause, "", PUBLISHERS)]
        )


def _centre() -> Unit:
    """The unit that publishes: where the specialists sit."""
    return Unit.objects.filter(seats__post_id="cc", seats__is_active=True).order_by("pk").first() or Unit.objects.get(
        kind="company"
    )


def send_bundle(week_on: dt.date, *, by: Actor, at: dt.datetime, note: str = "") -> Publication:
    """Send the improvements of a week to administration, frozen, with receipt; an empty week is said to be empty (CC-D1)."""
    _demand_publisher(by, "CC-D1")
    demand(refuse_week(week_on, today=clock.local_date(at)))
    due = bundle_due(week_on, figure("complaints.improvement_bundle", at).value)
    with work():
        figures = {"week_on": week_on.isoformat(), "note": note, "rows": totals.improvements(week_on)}
        paper = publish(
            KIND, period=week_on.isoformat(), figures=figures, policy={}, form_code=BUNDLE_FORM, unit=_centre(), by=by, at=at,
            title=f"{_('改正意见')} {week_on.isoformat()}", url=f"/claims/bundles/{week_on.isoformat()}/",
            due_at=due,
        )  # fmt: skip
        Improvement.objects.filter(week_on=week_on, bundle=None).update(bundle=paper.record)
        reader = person_in("am", at)
        copy_to(paper.record, [reader.pk] if reader else [], by=by, at=at)
        _sent("claims.bundle.sent", _("发送改正意见"), paper, week_on, by=by, at=at, clause="CC-D1")
        if not figures["rows"]:
            _sent("claims.bundle.empty", _("本周没有改正意见"), paper, week_on, by=by, at=at, clause="CC-D1")
    return paper


def publish_totals(
    from_on: dt.date, to_on: dt.date, *, by: Actor, at: dt.datetime, comment: str, suggestion: str
) -> Publication:
    """Freeze 《事故或服务质量理赔总额表》 and send it to department managers, finance and administration (CC-D5)."""
    _demand_publisher(by, "CC-D5")
    demand(refuse_period(from_on, to_on, usual=totals.period_at(from_on, at), today=clock.local_date(at)))
    with work():
        figures = {**totals.draw(from_on, to_on), "comment": comment, "suggestion": suggestion}
        period = f"{from_on.isoformat()}/{to_on.isoformat()}"
        paper = publish(
            "RPT-13", period=period, figures=figures, policy=totals.figures_used(at), form_code="F13", unit=_centre(), by=by, at=at,
            title=f"{_('理赔总额')} {period}", url=f"/claims/totals/{from_on.isoformat()}/",
            due_at=totals_due(to_on),
        )  # fmt: skip
        ask_signatures(paper.record, _signers(by, at), by=by, at=at)
        copy_to(paper.record, _readers(at), by=by, at=at)
        _sent("claims.totals.published", _("发布理赔总额表"), paper, from_on, by=by, at=at, clause="CC-D5")
    return paper


def _signers(by: Actor, at: dt.datetime) -> list[tuple[str, int | None]]:
    """The specialist who draws the table and the manager who checks it; never one person twice."""
    specialist = by.person_id if by.holds("cc") else getattr(person_in("cc", at, exclude=(by.person_id,)), "pk", None)
    manager = person_in("cs", at, exclude=(specialist,))
    return [("specialist", specialist), ("manager", manager.pk if manager else None)]


def _readers(at: dt.datetime) -> set[int]:
    seats = Seat.objects.filter(post_id__in=("hs", "ls", "cs", "fin", "am"), is_active=True).values_list(
        "pk", flat=True
    )
    return {people[0].pk for people in holders(seats, at).values() if people}


def _sent(
    event: str, label: str, paper: Publication, begins: dt.date, *, by: Actor, at: dt.datetime, clause: str
) -> None:
    """Tell it with the period as the duty names it: by its first day."""
    codes: dict[str, Any] = {"handler": by.person_id, "period": begins.isoformat(), "revision": paper.revision}
    announce(event, paper.record, by=by, at=at, label=label, record_id=paper.record_id, codes=codes, clause=clause)
