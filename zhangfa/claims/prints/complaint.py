"""《客户事故及服务质量投诉登记表》 F12: filled for a complaint, generated from the papers of an accident (CC-D1, domain.md A-51)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.models import LIVE, Case, ComplaintForm, Improvement
from zhangfa.claims.prints import common
from zhangfa.claims.prints.common import sum_of, ticks, yes_no
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, when


def complaint(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The form as it stands, for one reader or for the archive."""
    rows = ComplaintForm.objects.select_related(
        "case__record",
        "case__customer__outlet",
        "case__order__product",
        "case__worker",
        "case__unit",
        "case__handler",
        "responsible_unit",
        "case__satisfaction_by",
    )
    form = rows.get(pk=record.pk)
    case = form.case
    sections = [
        common.parties(case, actor), _intake(case, form), Prose(_("投诉内容"), case.summary), Prose(_("调查情况"), form.investigation),
        _cause(form), Prose(_("原因详述"), form.root_cause), _resolution(case, form), Prose(_("处理说明"), form.resolution),
        Prose(_("可能避免的管理策略"), form.avoidable), common.photos(case),
    ]  # fmt: skip
    return common.frame(record, case, actor, at, sections=sections, late=_("逾期") if form.is_late else "")


def _intake(case: Case, form: ComplaintForm) -> Grid:
    unit = form.responsible_unit.shown_name if form.responsible_unit else ""
    return Grid(
        [
            Field(_("投诉类型"), ticks(ComplaintForm.Category.choices, form.category), is_wide=True),
            Field(_("渠道"), form.get_channel_display()), Field(_("接诉时间"), when(case.reported_at)),
            Field(_("投诉人"), case.reporter), Field(_("与客户关系"), form.relation),
            Field(_("发生时间"), when(case.occurred_at)), Field(_("重复投诉"), yes_no(form.is_recurrent)),
            Field(_("客户要求"), ticks(REMEDIES, list(form.remedies)), is_wide=True),
            Field(_("客户索赔"), _claimed(case), is_wide=True),
            Field(_("受理回执"), when(form.acknowledged_at)), Field(_("首次答复时间"), when(form.first_answered_at)),
            Field(_("与客户核定完成日"), f"{form.agreed_on or ''}"), Field(_("责任部门"), unit),
            Field(_("严重程度"), ticks(Case.Severity.choices, case.severity)), Field(_("复杂程度"), ticks(ComplaintForm.Level.choices, form.complexity)),
            Field(_("影响程度"), ticks(ComplaintForm.Level.choices, form.impact)), Field(_("涉及安全"), yes_no(form.is_safety_related)),
            Field(_("经办人"), case.handler.shown_name if case.handler else ""),
        ],
        title=_("受理"),
    )  # fmt: skip


def _claimed(case: Case) -> str:
    """What the customer asked for: said with the complaint, or at the survey of an accident."""
    survey = getattr(case, "survey", None)
    claimed = case.estimate if case.is_complaint else survey and survey.claimed_amount
    return sum_of(claimed) if claimed else ""


def _cause(form: ComplaintForm) -> Grid:
    return Grid([Field(_("原因"), ticks(Case.Cause.choices, form.cause), is_wide=True)])


def _resolution(case: Case, form: ComplaintForm) -> Grid:
    # Whoever was not content the first time was given something twice.
    given = case.settlements.filter(status__in=LIVE).exclude(accepted_at=None)
    paid = given.aggregate(sum=Sum("approved_total"))["sum"]
    score = _("%(n)s 分") % {"n": case.satisfaction} if case.satisfaction else ""
    return Grid(
        [
            Field(_("处理方式"), ticks(REMEDIES, list(form.resolutions)), is_wide=True),
            Field(_("补偿"), "" if paid is None else sum_of(paid)), Field(_("答复时间"), when(form.replied_at)),
            Field(_("客户接受"), yes_no(form.is_accepted)), Field(_("已告知外部途径"), yes_no(form.is_external_route_told or None)),
            Field(_("外部受理单位"), form.get_external_source_display()), Field(_("外部案件编号"), form.external_no),
            Field(_("外部答复期限"), f"{form.external_due_on or ''}"), Field(_("改正意见交行政"), when(_sent_at(case))),
            Field(_("回访"), _caller(case)), Field(_("回访时间"), when(case.satisfaction_at)),
            Field(_("客户满意度"), score), Field(_("结案时间"), when(case.closed_at)),
        ],
        title=_("处理"),
    )  # fmt: skip


def _sent_at(case: Case) -> dt.datetime | None:
    """When the week's bundle carried this case's improvement to administration (CC-D1)."""
    kept = Improvement.objects.filter(case=case).select_related("bundle").first()
    return kept.bundle.submitted_at if kept and kept.bundle else None


def _caller(case: Case) -> str:
    if case.satisfaction is None:
        return ""
    if case.satisfaction_channel == "link":
        return _("客户本人（链接）")
    return case.satisfaction_by.shown_name if case.satisfaction_by else ""
