"""What can be asked of cases and settlements; every step is the transition behind the page's button."""

from __future__ import annotations

from typing import Any

from ninja import Router

from zhangfa.claims import actions, permissions
from zhangfa.claims.api import shapes
from zhangfa.claims.models import Case, LearningTask, Pressure, Settlement, Talk
from zhangfa.claims.web import access
from zhangfa.claims.web.forms import (
    CASE_FORMS,
    SETTLEMENT_FORMS,
    ComplaintReportForm,
    LearningForm,
    LinkEventForm,
    ReportForm,
)
from zhangfa.claims.web.lists import CaseList, SettlementList
from zhangfa.claims.web.more import ArchiveForm
from zhangfa.claims.web.pressure import PressureAnswerForm, PressureForm
from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui import registry
from zhangfa.ui.api import Call, Missing, creates, lists, reads, transitions, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()
CASE_ROWS = ("record", "customer", "order", "unit", "worker", "handler")
SETTLEMENT_ROWS = ("record", "case__record")


def find_case(call: Call) -> Case:
    rows = Case.objects.visible_to(call.actor).select_related(*CASE_ROWS)
    found: Case = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(access.read_cases, found)
    return found


def find_settlement(call: Call) -> Settlement:
    rows = Settlement.objects.visible_to(call.actor).select_related(*SETTLEMENT_ROWS)
    found: Settlement = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(access.read_settlements, found)
    return found


def _open_case(call: Call) -> shapes.CaseOut:
    case = find_case(call)
    registry.opened.tell(case, call.actor, call.at)
    return shapes.case(call, case)


def _open_settlement(call: Call) -> shapes.SettlementOut:
    settlement = find_settlement(call)
    registry.opened.tell(settlement, call.actor, call.at)
    return shapes.settlement(call, settlement)


def _case(call: Call, case: Case) -> shapes.CaseOut:
    """The case as it is after a step: the step may have made what hangs on it."""
    return shapes.case(call, Case.objects.select_related(*CASE_ROWS).get(pk=case.pk))


def _reported(call: Call, case: Case) -> shapes.ReportedOut:
    return shapes.reported(call, Case.objects.select_related(*CASE_ROWS).get(pk=case.pk))


def _settlement(call: Call, settlement: Settlement) -> shapes.SettlementOut:
    return shapes.settlement(call, Settlement.objects.select_related(*SETTLEMENT_ROWS).get(pk=settlement.pk))


def _report(given: Input) -> Case:
    return actions.report(by=given.call.actor, at=given.call.at, **given.params)


def _link(given: Input) -> Case:
    return actions.link_event(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _closed_case(call: Call) -> Case:
    """A case that asks for an analysis."""
    case = find_case(call)
    if not LearningTask.objects.filter(case_id=case.pk).exists():
        raise Missing
    return case


def _learn(given: Input) -> Case:
    actions.submit_learning(given.target, by=given.call.actor, at=given.call.at, **given.params)
    case: Case = given.target
    return case


def _talk(call: Call) -> Talk:
    found: Talk = call.one(
        Talk.objects.select_related("case", "by").filter(case_id=find_case(call).pk), pk=call.path["talk"]
    )
    return found


def _archive(given: Input) -> Case:
    actions.archive_talk(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return find_case(given.call)


def _press(given: Input) -> Case:
    actions.report_pressure(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return find_case(given.call)


def _pressure(call: Call) -> Pressure:
    """A report of the case, for those who may read it."""
    case = find_case(call)
    call.check(permissions.read_pressure, case)
    found: Pressure = call.one(
        Pressure.objects.select_related("case").filter(case_id=case.pk), pk=call.path["pressure"]
    )
    return found


def _answer(given: Input) -> Case:
    actions.answer_pressure(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return find_case(given.call)


def _pressures(call: Call) -> shapes.PressuresOut:
    case = find_case(call)
    call.check(permissions.read_pressure, case)
    rows = case.pressures.select_related("person", "answered_by").order_by("pk")
    if case.worker_id == call.actor.person_id:
        rows = rows.filter(person_id=call.actor.person_id)
    return shapes.PressuresOut(items=[shapes.pressure(row) for row in rows[:100]])


def _talks(call: Call) -> shapes.TalksOut:
    rows: Any = find_case(call).talks.select_related("by").order_by("-at", "-pk")[:100]
    return shapes.TalksOut(items=[shapes.talk(row) for row in rows])


CASE, SETTLEMENT = "/cases/{key}", "/settlements/{key}"
lists(
    router, "/cases", id="cases", summary=_("案件"), page=CaseList, line=shapes.case_line, out=shapes.CaseLine, about="CC-D3",
)  # fmt: skip
creates(
    router, "/cases", id="case_report", summary=_("登记案件"), form=ReportForm, act=_report, show=_reported, out=shapes.ReportedOut,
    permission=access.report_cases, about="CC-W1.1",
)  # fmt: skip
creates(
    router, "/cases/complaints", id="case_report_complaint", summary=_("登记投诉"), form=ComplaintReportForm, act=_report, show=_reported,
    out=shapes.ReportedOut, permission=access.report_cases, about="CC-D5",
)  # fmt: skip
reads(router, CASE, id="case", summary=_("一起案件"), give=_open_case, out=shapes.CaseOut, about="CC-D3")
reads(
    router,
    f"{CASE}/talks",
    id="case_talks",
    summary=_("与客户的沟通"),
    give=_talks,
    out=shapes.TalksOut,
    about="CC-W1.6",
)
writes(
    router, f"{CASE}/talks/{{talk}}/archive", id="case_talk_archive", summary=_("更新客户档案"), find=_talk, refuse=permissions.archive_talk, form=ArchiveForm, act=_archive,
    show=_case, out=shapes.CaseOut, ids={"talk": Number}, about="CC-D8",
)  # fmt: skip
writes(
    router, f"{CASE}/event", id="case_link_event", summary=_("关联同一事件"), find=find_case, refuse=permissions.link_events, form=LinkEventForm, act=_link, show=_case,
    out=shapes.CaseOut, about="CC-W1.5",
)  # fmt: skip
writes(
    router, f"{CASE}/learning", id="case_learning", summary=_("提交事故分析"), find=_closed_case, refuse=permissions.submit_learning, form=LearningForm, act=_learn, show=_case,
    out=shapes.CaseOut, about="CC-W2.1",
)  # fmt: skip
reads(
    router, f"{CASE}/pressure", id="case_pressures", summary=_("反映受到的压力"), give=_pressures, out=shapes.PressuresOut, about="CC-D3",
)  # fmt: skip
writes(
    router, f"{CASE}/pressure", id="case_pressure", summary=_("反映受到压力"), find=find_case, refuse=permissions.report_pressure,
    form=PressureForm, act=_press, show=_case, out=shapes.CaseOut, about="CC-D3",
)  # fmt: skip
writes(
    router, f"{CASE}/pressure/{{pressure}}/answer", id="case_pressure_answer", summary=_("答复受到的压力"), find=_pressure,
    refuse=permissions.answer_pressure, form=PressureAnswerForm, act=_answer, show=_case, out=shapes.CaseOut, ids={"pressure": Number}, about="CC-D3",
)  # fmt: skip
transitions(
    router, CASE, model=Case, noun="case", forms_of=CASE_FORMS, find=find_case, show=_case, out=shapes.CaseOut
)  # fmt: skip
lists(
    router, "/settlements", id="settlements", summary=_("理赔方案"), page=SettlementList, line=shapes.settlement_line,
    out=shapes.SettlementLine, about="CC-W1.5",
)  # fmt: skip
reads(
    router,
    SETTLEMENT,
    id="settlement",
    summary=_("一份理赔方案"),
    give=_open_settlement,
    out=shapes.SettlementOut,
    about="CC-W1.5",
)
transitions(
    router, SETTLEMENT, model=Settlement, noun="settlement", forms_of=SETTLEMENT_FORMS, find=find_settlement, show=_settlement,
    out=shapes.SettlementOut,
)  # fmt: skip
