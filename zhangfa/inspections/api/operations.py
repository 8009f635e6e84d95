"""Inspections through the programming interface: the lists, the steps, and answers one by one, as a telephone sends them."""

from __future__ import annotations

from ninja import Router

from zhangfa.core.text import _
from zhangfa.inspections import actions
from zhangfa.inspections.api.shapes import (
    AnswerOut,
    FindingOut,
    InspectionOut,
    MeritOut,
    SheetOut,
    SpotProblemOut,
    answer_out,
    finding_out,
    inspection_out,
    merit_out,
    problem_out,
    sheet_out,
)
from zhangfa.inspections.merit_permissions import propose_merits, read_merits
from zhangfa.inspections.models import Answer, Finding, Inspection, Merit, Problem, Sheet
from zhangfa.inspections.permissions import ask, plan_inspections, plan_spot_checks, read_findings, read_inspections
from zhangfa.inspections.web.findings import Findings
from zhangfa.inspections.web.forms import (
    FINDING_FORMS,
    INSPECTION_FORMS,
    PROBLEM_FORMS,
    SHEET_FORMS,
    AnswerForm,
    PlanForm,
)
from zhangfa.inspections.web.inspections import InspectionList
from zhangfa.inspections.web.merits import MERIT_FORMS, MeritForm, Merits
from zhangfa.inspections.web.problems import Problems
from zhangfa.ui.api import reads
from zhangfa.ui.api.operations import Input, Number, creates, transitions, writes
from zhangfa.ui.api.things import by_number, by_uuid, finder, making, things

router = Router()


find_inspection = finder(
    Inspection, read_inspections, "record", "unit", key="key", which=by_uuid, fetched=("items",)
)  # fmt: skip
find_sheet = finder(Sheet, read_inspections, "record", "inspection", "person", key="key", which=by_uuid)
find_problem = finder(Problem, read_inspections, "owner", key="key", which=by_number("ZG"))
find_merit = finder(Merit, read_merits, "record", "person", "ground__record", key="key")
find_finding = finder(Finding, read_findings, "person", key="key", which=by_number("ZG"))


def _answer(given: Input) -> Answer:
    which = by_uuid(str(given.call.path["answer"]))
    row = actions.record_answer(given.target, id=which["pk"], **given.params, by=given.call.actor, at=given.call.at)
    return Answer.objects.select_related("item", "written_by").get(pk=row.pk)


NUMBER = {"key": Number}
creates(
    router, "/inspections", id="plan_inspection", summary=_("拟检查清单"), form=PlanForm, act=making(actions.plan, kind="inspection"),
    show=inspection_out, out=InspectionOut, permission=plan_inspections, about="AM-W3",
)  # fmt: skip
creates(
    router, "/inspections/spot", id="plan_spot_check", summary=_("拟抽查提纲"), form=PlanForm, act=making(actions.plan, kind="spot_check"),
    show=inspection_out, out=InspectionOut, permission=plan_spot_checks, about="HS-W1.6",
)  # fmt: skip
things(
    router, "/inspections/rectifications", noun="rectification", list_id="rectifications", one=_("一项整改"), many=_("整改事项"), page=Problems,
    find=find_problem, show=problem_out, out=SpotProblemOut, model=Problem, forms_of=PROBLEM_FORMS, key="key", ids=NUMBER,
)  # fmt: skip
things(
    router, "/inspections/findings", noun="finding", list_id="findings", one=_("一项表单情况"), many=_("表单质量"), page=Findings, find=find_finding,
    show=finding_out, out=FindingOut, model=Finding, forms_of=FINDING_FORMS, key="key", ids=NUMBER, about="HS-W1.9",
)  # fmt: skip
reads(
    router, "/inspections/sheets/{key}", id="sheet", summary=_("一张受检表"), give=lambda c: sheet_out(c, find_sheet(c)), out=SheetOut,
)  # fmt: skip
writes(
    router, "/inspections/sheets/{key}/answers/{answer}", id="record_answer", summary=_("记录回答"), find=find_sheet, form=AnswerForm, act=_answer,
    show=answer_out, out=AnswerOut, permission=ask, about="AM-W3",
)  # fmt: skip
transitions(
    router, "/inspections/sheets/{key}", model=Sheet, noun="sheet", forms_of=SHEET_FORMS, find=find_sheet, show=sheet_out, out=SheetOut
)  # fmt: skip
creates(
    router, "/merits", id="merit_propose", summary=_("提出奖惩意见"), form=MeritForm, act=making(actions.propose_merit), show=merit_out, out=MeritOut,
    permission=propose_merits, about="HS-W1.9",
)  # fmt: skip
things(
    router, "/merits", noun="merit", list_id="merits", one=_("一份奖惩意见"), many=_("奖惩意见"), page=Merits, find=find_merit, show=merit_out,
    out=MeritOut, model=Merit, forms_of=MERIT_FORMS, key="key", about="HS-W1.9",
)  # fmt: skip
# Last: its addresses would take those of the others for a key.
things(
    router, "/inspections", noun="inspection", list_id="inspections", one=_("一次检查"), many=_("检查与抽查"), page=InspectionList,
    find=find_inspection, show=inspection_out, out=InspectionOut, model=Inspection, forms_of=INSPECTION_FORMS, key="key", about="AM-W3",
)  # fmt: skip
