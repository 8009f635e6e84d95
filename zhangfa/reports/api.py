"""The month-end reports for other programs: figures as published, else as drawn; publishing and deciding by the same forms."""

from __future__ import annotations

from typing import Any

from ninja import Router

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.organisation.models import Unit
from zhangfa.records.web import published
from zhangfa.reports import actions, calls_api, quality, trial_api
from zhangfa.reports import permissions as may
from zhangfa.reports.actions.quality import period_of
from zhangfa.reports.frozen import ReportOut, as_published
from zhangfa.reports.rules import named
from zhangfa.reports.web import data, good_list, mix
from zhangfa.reports.web.common import month_in
from zhangfa.reports.web.quality import QualityForm
from zhangfa.ui.addresses import monday_in
from zhangfa.ui.api import Call, Missing, creates, plain, reads
from zhangfa.ui.api.operations import Input, Number

router = Router()
KINDS = {"list": "RPT-09", "mix": "RPT-10", "best": "RPT-11", "data": "RPT-12", "satisfaction": "RPT-21"}


def _month(call: Call) -> int:
    from django.http import Http404

    try:
        return month_in(str(call.path["month"]), call.at)
    except Http404:
        raise Missing from None


def _readable(kind: str) -> Any:
    def target(call: Call) -> int:
        call.check(may.read_pack)
        return _month(call)

    return target


def _one(kind: str) -> Any:
    def give(call: Call) -> ReportOut:
        call.check(may.read_pack)
        return as_published(KINDS[kind], named(_month(call)))

    return give


def _data(call: Call) -> ReportOut:
    call.check(may.read_data, str(call.path["unit"]))
    return as_published("RPT-12", f"{named(_month(call))}/{call.path['unit']}")


def _marks(call: Call) -> ReportOut:
    call.check(may.try_figures)
    return as_published("RPT-21", named(_month(call)))


def _publish_list(given: Input) -> int:
    actions.publish_list(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return int(given.target)


def _publish_mix(given: Input) -> int:
    actions.publish_mix(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return int(given.target)


def _publish_data(given: Input) -> int:
    actions.publish_analysis(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return int(given.target)


def _decide(given: Input) -> int:
    revisions = published.revisions("RPT-10", named(given.target))
    if not revisions:
        raise Missing
    actions.decide_mix(revisions[-1], by=given.call.actor, at=given.call.at, **given.params)
    return int(given.target)


def _show(kind: str, tail: str = "") -> Any:
    return lambda call, month: as_published(kind, named(month) + tail)


for _name, _summary in (("list", _("优秀客户汇总的数字")), ("mix", _("产品使用比例")), ("best", _("优秀客户产品比例"))):
    reads(
        router,
        f"/reports/{_name}/{{month}}",
        id=f"report_{_name}",
        summary=_summary,
        give=_one(_name),
        out=ReportOut,
        about="CS-W2.2",
    )
reads(
    router,
    "/reports/data/{month}/{unit}",
    id="report_data",
    summary=_("客户数据分析"),
    give=_data,
    out=ReportOut,
    about="CS-D3",
)
reads(
    router,
    "/reports/satisfaction/{month}",
    id="report_satisfaction",
    summary=_("满意度报表"),
    give=_marks,
    out=ReportOut,
    about="CS-D3",
)
creates(
    router, "/reports/list/{month}", id="report_list_publish", summary=_("发布优秀客户汇总表"), find=_readable("list"), form=good_list.ListPublishForm,
    act=_publish_list, show=_show("RPT-09"), out=ReportOut, about="CS-W2.2",
)  # fmt: skip
creates(
    router, "/reports/mix/{month}", id="report_mix_publish", summary=_("发布产品比例表"), find=_readable("mix"), form=mix.MixForm, act=_publish_mix,
    show=_show("RPT-10"), out=ReportOut, about="CS-W2.3",
)  # fmt: skip
creates(
    router, "/reports/mix/{month}/decision", id="report_mix_decide", summary=_("决定产品结构"), find=_readable("mix"), form=mix.DecideForm, act=_decide,
    show=_show("RPT-10"), out=ReportOut, about="CS-W2.3",
)  # fmt: skip
creates(
    router, "/reports/data/{month}", id="report_data_publish", summary=_("发布客户数据分析"), find=_readable("data"), form=data.DataForm, act=_publish_data,
    show=_show("RPT-12", "/all"), out=ReportOut, about="CS-D3",
)  # fmt: skip


def _quality_place(call: Call) -> Any:
    """The week and the department of the address, for those who see them."""
    from django.http import Http404

    call.check(may.read_quality)
    found = call.one(Unit.objects.filter(kind=Unit.Kind.DEPARTMENT), pk=call.path["unit"])
    if not may.sees_quality_of(call.actor, found):
        raise Missing
    try:
        return monday_in(str(call.path["day"]), until=clock.local_date(call.at)), found
    except Http404:
        raise Missing from None


def _quality(call: Call, place: Any) -> ReportOut:
    """As published, else as it stands."""
    monday, unit = place
    period = period_of(monday, unit)
    if published.revisions("RPT-01", period):
        return as_published("RPT-01", period)
    figures, policy = quality.draw(unit, monday, call.at)
    return ReportOut(
        kind="RPT-01", period=period, is_published=False, number="", revision=0, digest="", figures=plain(figures), policy=plain(policy)
    )  # fmt: skip


def _publish_quality(given: Input) -> Any:
    monday, unit = given.target
    actions.publish_quality(monday, unit, by=given.call.actor, at=given.call.at, **given.params)
    return given.target


reads(
    router, "/reports/outlets/{day}/{unit}", id="report_outlets", summary=_("网点质量周报"), give=lambda call: _quality(call, _quality_place(call)),
    out=ReportOut, about="HS-W1.3", ids={"unit": Number},
)  # fmt: skip
creates(
    router, "/reports/outlets/{day}/{unit}", id="report_outlets_publish", summary=_("发布网点质量周报"), find=_quality_place, form=QualityForm,
    act=_publish_quality, show=_quality, out=ReportOut, about="HS-W1.3", ids={"unit": Number},
)  # fmt: skip
calls_api.register(router)
trial_api.register(router)
