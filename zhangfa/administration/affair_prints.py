"""活动请示单, 即时处理决定 and the weekly list on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.administration import activity
from zhangfa.administration.models import Activity, ActivityLine, DecisionList, InstantDecision
from zhangfa.administration.web.decisions import concerned_in
from zhangfa.approvals.models import Step
from zhangfa.approvals.prints import decisions_of
from zhangfa.approvals.queries import steps_of
from zhangfa.finance.models import Payment
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, when
from zhangfa.ui.display import money


def activity_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The proposal with budget, decision and settlement (U08)."""
    row = Activity.objects.select_related("record", "proposed_by", "settled_by", "unit").get(pk=record.pk)
    lines = {
        kind: [[line.label, money(line.amount)] for line in row.lines.filter(kind=kind).order_by("pk")]
        for kind in ActivityLine.Kind.values
    }
    steps = [step for step in steps_of(record) if step.state != Step.State.VOID]
    facts = [
        Field(_("活动名称"), row.title, is_wide=True), Field(_("所属活动（主题）"), row.theme), Field(_("地点"), row.place),
        Field(_("开始日期"), row.begins_on.isoformat()), Field(_("结束日期"), row.ends_on.isoformat()),
        Field(_("参加人数"), str(row.people)), Field(_("预算"), money(row.amount)), Field(_("同一活动合计"), money(row.total)),
        Field(_("批准金额"), money(row.approved_amount) if row.approved_amount is not None else ""),
        Field(_("实际金额"), money(row.actual_amount) if row.actual_amount is not None else ""),
        Field(_("到场人数"), str(row.guests.count())), Field(_("提交人"), row.proposed_by.shown_name if row.proposed_by else ""),
        Field(_("提交时间"), when(row.proposed_at)), Field(_("结算人"), row.settled_by.shown_name if row.settled_by else ""),
        Field(_("付款"), _paid(record)),
    ]  # fmt: skip
    why = "\n".join(line for step in steps for line in activity.why_of(step.facts))
    heads = [_("项目"), _("金额")]
    return FormPrint(
        company=company_name(), title=_("活动请示单"), number=record.number or "", version=record.version, status=str(row.get_status_display()),
        code=record.form_code, at=at, is_void=row.status in (Activity.Status.WITHDRAWN, Activity.Status.CANCELLED),
        sections=[
            Grid(facts), Prose(_("目的"), row.purpose), Rows(heads, lines["budget"], title=_("预算明细（含税）"), widths=[9, 3], numeric=[1], total=[_("合计"), money(row.amount)]),
            Rows(heads, lines["cost"], title=_("支出或承诺"), widths=[9, 3], numeric=[1]), Prose(_("由谁批准及依据"), why, height=10),
            Prose(_("活动总结"), row.summary),
        ],
        signatures=decisions_of(record),
    )  # fmt: skip


def _paid(record: Record) -> str:
    payment = Payment.objects.filter(record=record).select_related("paid_by").first()
    return (
        f"{money(payment.amount)}  {payment.voucher_no}  {payment.paid_by.shown_name}  {when(payment.paid_at)}"
        if payment
        else ""
    )


def decision_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The decision with its ground, effect and who answers for it (U06)."""
    row = InstantDecision.objects.select_related("record", "responsible", "decided_by", "unit", "other_unit").get(
        pk=record.pk
    )
    facts = [
        Field(_("事项"), str(row.get_matter_display())), Field(_("生效时间"), when(row.decided_at)),
        Field(_("部门"), row.unit.shown_name if row.unit else ""), Field(_("另一部门"), row.other_unit.shown_name if row.other_unit else ""),
        Field(_("费用"), money(row.amount) if row.amount is not None else ""), Field(_("办理时限"), row.due_on.isoformat() if row.due_on else ""),
        Field(_("依据"), row.ground, is_wide=True), Field(_("告知哪些人"), concerned_in(row), is_wide=True),
        Field(_("从哪天起撤销"), row.revoked_from.isoformat() if row.revoked_from else ""), Field(_("撤销理由"), row.revoke_reason),
    ]  # fmt: skip
    decided = Sign(
        role=_("决定人"),
        state="signed",
        name=row.decided_by.shown_name if row.decided_by else "",
        at=when(row.decided_at),
    )
    answers = Sign(
        role=_("负责的领导"), state="signed", name=row.responsible.shown_name, note=_("依照岗位手册承担责任")
    )
    return FormPrint(
        company=company_name(), title=_("即时处理决定"), number=record.number or "", version=record.version, status=str(row.get_status_display()),
        code=record.form_code, at=at, sections=[Grid(facts), Prose(_("事由"), row.facts), Prose(_("决定"), row.decision), Prose(_("效果"), row.effect)],
        signatures=[decided, answers],
    )  # fmt: skip


def decision_list_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The week's decisions as the GM reads them (D-AM-16)."""
    row = DecisionList.objects.select_related("record", "sent_by").get(pk=record.pk)
    rows = [
        [str(one.record), str(one.get_matter_display()), one.decision, one.ground, when(one.decided_at)]
        for one in row.decisions.select_related("record").order_by("pk")
    ]
    facts = [
        Field(_("周一"), row.week_on.isoformat()), Field(_("周日"), row.until.isoformat()),
        Field(_("报送人"), row.sent_by.shown_name if row.sent_by else ""), Field(_("报送时间"), when(row.sent_at)),
        Field(_("阅知时间"), when(row.noted_at)), Field(_("意见"), row.opinion),
    ]  # fmt: skip
    heads = [_("编号"), _("事项"), _("决定"), _("依据"), _("生效时间")]
    return FormPrint(
        company=company_name(), title=_("即时决定周清单"), number=record.number or "", version=record.version, code=record.form_code, at=at,
        status=str(row.get_status_display()), sections=[Grid(facts), Rows(heads, rows, widths=[3, 2, 5, 3, 3])],
    )  # fmt: skip
