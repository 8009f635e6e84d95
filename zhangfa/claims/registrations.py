"""What the claims app lends to the house: figures read, notices, forms, kinds of decision, explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals import registry as approvals
from zhangfa.approvals.models import Step
from zhangfa.claims import (
    citing,
    confidential,
    forms_of_record,
    learning,
    patterns,
    plausible,
    replaying,
    rolling_out,
    weekly,
    wording,
)
from zhangfa.claims.actions import learning as steps
from zhangfa.claims.actions import lesson, settle
from zhangfa.claims.models import Settlement
from zhangfa.claims.queries import LIMIT_KEYS
from zhangfa.claims.web import leaving, shell
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, sink
from zhangfa.inspections import registry as inspections
from zhangfa.notices import registry as notices
from zhangfa.policy import registry as policy
from zhangfa.regulations import registry as regulations

NOTICES: Mapping[str, str] = {
    "claims.alerted": _("事故 %(number)s 已派给您，初估损失 %(estimate)s 元，请立即确认受理。"),
    "claims.complaint": _("投诉 %(number)s 已派给您，请立即受理并与客户核定完成日。"),
    "claims.outlet_case": _("事故 %(number)s 由本网点处理，初估损失 %(estimate)s 元。"),
    "claims.informed": _("网点自行处理的事故 %(number)s（初估损失 %(estimate)s 元）已登记，供您知悉。"),
    "claims.handed_over": _("案件 %(number)s 已移交给您办理。"),
    "claims.assessed": _("案件 %(number)s 已认定损失 %(loss)s 元。"),
    "claims.review": _("网点理赔 %(number)s（%(total)s 元）请在一个工作日内复核。"),
    "claims.approved": _("案件 %(number)s 的理赔方案已同意，批准金额 %(amount)s 元。"),
    "claims.returned": _("案件 %(number)s 的理赔方案（%(total)s 元）被退回，请查看意见。"),
    "claims.self_decided": _("专员自行决定的理赔 %(number)s（%(total)s 元）已处理完毕，请确认收到报告。"),
    "claims.settled": _("案件 %(number)s 客户已接受理赔 %(amount)s 元。"),
    "claims.pressure": _("案件 %(number)s 的责任人反映受到压力，请查清并答复；经办人看不到。"),
    "claims.pressure_answered": _("您就案件 %(number)s 反映的压力已有答复。"),
    "claims.sign": _("案件 %(number)s 的事故理赔处理表待您签字，请当天完成。"),
    "claims.disagreed": _("案件 %(number)s 的事故理赔处理表有人签了不同意，请看意见，修改后重新请四方签字。"),
    "claims.linked": _(
        "案件 %(number)s 与另一案件关联后合计超过原来的审批权限，理赔方案（%(total)s 元）已撤回，请重新提交。"
    ),
    "claims.paid": _("案件 %(number)s 的理赔款 %(total)s 元已付。"),
    "claims.analysed": _("案件 %(number)s 的分析报告已提交，请看整条线，按期颁布制度。"),
    "claims.study_written": _("培训资料“%(title)s”已写好，请核对没有姓名、电话、住址后发布。"),
    "claims.study_released": _("请学习《预防事故发生培训资料》“%(title)s”并答题。"),
    "claims.study_session": _("%(held_on)s 在%(place)s培训《预防事故发生培训资料》“%(title)s”，请参加并签到。"),
    "claims.reopened": _("案件 %(number)s 客户评价 %(score)s 分，已重新打开，请再次处理。"),
}
DEADLINES = (
    "claims.alert_ack_minutes", "claims.survey_hours", "claims.registration_hours", "claims.insurer_notice_hours",
    "claims.aggregate_days", "claims.close_min_satisfaction", "claims.regulation_draft_days", "claims.regulation_promulgate_days", "claims.case_report_days",
    "claims.approval_escalation_hours", "complaints.default_days", "complaints.first_answer_days", "claims.totals_period_weeks",
    "claims.totals_anchor",
)  # fmt: skip
WORKS = {
    "CC-W1.1": [("claims:list", _("案件")), ("claims:new", _("登记案件"))],
    **{code: [("claims:list", _("案件"))] for code in ("CS-W1", "CS-D2", "CC-D3", "CC-D7", "CC-W1.2")},
    "CC-W1.3": [("claims:list", _("案件"))],
    "CC-W1.4": [("claims:list", _("案件"))],
    "CC-W1.5": [("claims:list", _("案件")), ("policy:explain", _("谁来决定"))],
    "CC-W1.6": [("claims:list", _("案件"))],
    "CC-W1.7": [("claims:list", _("案件"))],
    "CC-D2": [("claims:list", _("案件"))],
    "CC-D5": [("claims:totals", _("理赔总额表"))],
    "CC-D8": [("claims:list", _("案件"))],
    "CC-D1": [("claims:new-complaint", _("登记投诉")), ("claims:bundles", _("改正意见"))],
    "X-3": [("claims:list", _("案件"))],
    "CC-W2.1": [("claims:list", _("案件")), ("claims:effect", _("事故制度效果"))],
    "CC-W2.2": [("claims:studies", _("预防培训资料")), ("claims:effect", _("事故制度效果"))],
}
PARTIAL = {code: [("claims:list", _("案件"))] for code in ("X-4", "X-5")}


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads("privacy.case_keep_years", *LIMIT_KEYS, *DEADLINES, *patterns.FIGURES)
    inspections.look_at(plausible.SOURCE)
    inspections.measures["claims"] = plausible.measures
    for source in patterns.SOURCES:
        inspections.count(source)
    for clause, pages in WORKS.items():
        policy.serves(clause, policy.WORKS, pages)
    for clause, pages in PARTIAL.items():
        policy.serves(clause, policy.PARTIAL, pages)
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    approvals.kind(
        settle.KIND, _("理赔方案审批"), escalation_key="claims.approval_escalation_hours", lock=_lock_step, decided=settle.when_decided,
        summary=_summary, why=lambda step: wording.reasons(step.facts), decide_url=lambda step: f"/settlements/{step.record_id}/",
    )  # fmt: skip
    approvals.kind(
        steps.NO_RULE, _("不出台制度"), lock=steps.lock_case, decided=steps.waiver_decided, summary=lambda step: step.facts.get("number", ""),
        why=lambda step: [str(step.facts.get("reason", "")), gettext("特殊原因的案件可以不出台制度，由客服中心经理批准。")],
    )  # fmt: skip
    regulations.source(learning.SOURCE, lazy("案件"), learning.find, record_of=UUID)
    citing.register(settle.KIND, steps.NO_RULE)
    weekly.register()
    rolling_out.register()
    sink(60, "claims.deciders", _let_deciders_see)
    sink(61, "claims.lessons", lesson.note_learnt)
    confidential.declare_fields()
    forms_of_record.register()
    wording.register_explanation()
    shell.register()
    leaving.offer_cases()
    replaying.offer_replays()


def _lock_step(step: Step) -> Any:
    return Settlement.objects.lock(step.record_id)


def _summary(step: Step) -> str:
    """The paper's case number and amount; no names."""
    return str(step.record.parent or "")


def _let_deciders_see(happened: Happened) -> None:
    if happened.event in ("approvals.step.requested", "approvals.step.escalated") and happened.obj.kind == settle.KIND:
        settle.let_deciders_see(happened.obj, _at(happened))


def _at(happened: Happened) -> dt.datetime:
    return happened.at
