"""The weekly bundle of improvements and the fortnight's totals (CC-D1, CC-D5), live or as they were sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.claims import actions, totals
from zhangfa.claims.complaint_rules import WEEK
from zhangfa.claims.web import bundles, published
from zhangfa.claims.web import totals as fortnights
from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.core.text import _
from zhangfa.records.models import Publication
from zhangfa.ui.addresses import day_in
from zhangfa.ui.api import Call, Missing, Schema, creates, plain, reads
from zhangfa.ui.api.operations import Input

router = Router()


class RevisionOut(Schema):
    number: str
    revision: int
    digest: str
    published_at: dt.datetime


class PeriodOut(Schema):
    """One period: its deadline, whether its table was sent late, and its revisions."""

    begins: dt.date
    ends: dt.date
    due_at: dt.datetime
    is_late: bool
    is_published: bool
    url: str


class PeriodsOut(Schema):
    items: list[PeriodOut]


class TableOut(PeriodOut):
    """`figures` as published, else as they stand now."""

    figures: dict[str, Any]
    policy: dict[str, Any]
    revisions: list[RevisionOut]


def _period(entry: bundles.Week | fortnights.Fortnight) -> dict[str, Any]:
    return {
        "begins": entry.begins, "ends": entry.ends, "due_at": entry.due_at, "is_late": entry.is_late,
        "is_published": entry.publication is not None, "url": entry.url,
    }  # fmt: skip


def _table(entry: bundles.Week | fortnights.Fortnight, live: Any, revisions: list[Publication]) -> TableOut:
    last = revisions[-1] if revisions else None
    papers = [
        RevisionOut(number=row.record.number or "", revision=row.revision, digest=row.digest, published_at=row.published_at)
        for row in revisions
    ]  # fmt: skip
    return TableOut(
        **_period(entry),
        figures=plain(last.figures if last else live()),
        policy=plain(last.policy if last else {}),
        revisions=papers,
    )


def _day(call: Call, begins: Any) -> dt.date:
    """The first day of a period that has begun."""
    day = day_in(call.path["day"])
    call.check(published.read_tables)
    if day > clock.local_date(call.at) or day.year < 2000 or begins(day) != day:
        raise Missing
    return day


def _fortnight(call: Call) -> dt.date:
    return _day(call, lambda day: totals.period_at(day, call.at)[0])


def _week(call: Call) -> dt.date:
    return _day(call, week_of)


def _total(call: Call, day: dt.date) -> TableOut:
    entry = fortnights.fortnights([totals.period_at(day, call.at)], call.at)[0]
    revisions = published.revisions(fortnights.KIND, fortnights.period_name(entry.begins, entry.ends))
    return _table(entry, lambda: totals.draw(entry.begins, entry.ends), revisions)


def _bundle(call: Call, day: dt.date) -> TableOut:
    entry = bundles.weeks([day], call.at)[0]
    return _table(entry, lambda: {"rows": totals.improvements(day)}, published.revisions(bundles.KIND, day.isoformat()))


def _totals(call: Call) -> PeriodsOut:
    call.check(published.read_tables)
    first = published.first_day(call.at)
    periods: list[tuple[dt.date, dt.date]] = []
    begins, ends = totals.period_at(clock.local_date(call.at), call.at)
    while ends >= first and len(periods) < published.PER_PAGE:
        periods.append((begins, ends))
        begins, ends = totals.period_at(begins - fortnights.DAY, call.at)
    return PeriodsOut(items=[PeriodOut(**_period(entry)) for entry in fortnights.fortnights(periods, call.at)])


def _bundles(call: Call) -> PeriodsOut:
    call.check(published.read_tables)
    newest, oldest = week_of(clock.local_date(call.at)), week_of(published.first_day(call.at))
    begins = [day for n in range(published.PER_PAGE) if (day := newest - n * WEEK) >= oldest]
    return PeriodsOut(items=[PeriodOut(**_period(entry)) for entry in bundles.weeks(begins, call.at)])


def _publish(given: Input) -> dt.date:
    begins, ends = totals.period_at(given.target, given.call.at)
    actions.publish_totals(begins, ends, by=given.call.actor, at=given.call.at, **given.params)
    return begins


def _send(given: Input) -> dt.date:
    actions.send_bundle(given.target, by=given.call.actor, at=given.call.at, **given.params)
    day: dt.date = given.target
    return day


TOTAL, BUNDLE = "/claims/totals/{day}", "/claims/bundles/{day}"
reads(router, "/claims/totals", id="totals", summary=_("理赔总额表"), give=_totals, out=PeriodsOut, about="CC-D5")
reads(
    router,
    TOTAL,
    id="total",
    summary=_("一期理赔总额"),
    give=lambda call: _total(call, _fortnight(call)),
    out=TableOut,
    about="CC-D5",
)
creates(
    router, TOTAL, id="total_publish", summary=_("发布理赔总额表"), find=_fortnight, form=fortnights.PublishForm, act=_publish, show=_total,
    out=TableOut, about="CC-D5",
)  # fmt: skip
reads(router, "/claims/bundles", id="bundles", summary=_("改正意见"), give=_bundles, out=PeriodsOut, about="CC-D1")
reads(
    router,
    BUNDLE,
    id="bundle",
    summary=_("一周的改正意见"),
    give=lambda call: _bundle(call, _week(call)),
    out=TableOut,
    about="CC-D1",
)
creates(
    router, BUNDLE, id="bundle_send", summary=_("发送改正意见"), find=_week, form=bundles.SendForm, act=_send, show=_bundle, out=TableOut,
    about="CC-D1",
)  # fmt: skip
