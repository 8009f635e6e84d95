"""《事故理赔处理表》 F11 (CC-W1.7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.approvals.models import Step
from zhangfa.claims import wording
from zhangfa.claims.choices import METHODS
from zhangfa.claims.confidential import mask_account
from zhangfa.claims.customer_file import CustomerFile, kept, taken
from zhangfa.claims.models import Case, PriceCheck, Settlement
from zhangfa.claims.prints import common
from zhangfa.claims.prints.common import sum_of, ticks, yes_no
from zhangfa.core import clock
from zhangfa.customers.models import AdverseRecord, Customer
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, when
from zhangfa.records.sensitive import shown
from zhangfa.ui.display import pct


def settlement(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The form as it stands, for one reader or for the archive."""
    rows = Settlement.objects.select_related(
        "case__record", "case__customer__outlet", "case__order__product", "case__worker", "case__unit", "case__handler", "proposed_by",
        "decided_by", "record__payment", "case__survey__record",
    )  # fmt: skip
    row = rows.get(pk=record.pk)
    case = row.case
    # A draft shows what the form would keep if it were filled now.
    file = kept(row) or (None if record.number else taken(case, at))
    sections = [
        common.parties(case, actor, file), _history(file, case, actor), _determination(case), _prices(case), _liability(case, row, actor), _proposal(row), _approvals(row), _talks(case),
        _closing(case, row), Prose(_("事故发生原因"), row.root_cause), Prose(_("客户意见"), row.customer_opinion),
        Prose(_("处理办法"), row.handling), Prose(_("可预防措施"), row.prevention), _payment(row, actor),
        common.photos(case, ("object", "scene", "evidence", "price", "agreement")),
    ]  # fmt: skip
    return common.frame(record, case, actor, at, sections=sections, late=_("逾期签署") if row.is_late else "")


def _history(file: CustomerFile | None, case: Case, actor: Any) -> Grid | None:
    """The customer's file before this case, for those who may read that file; adverse records only for those who need to know."""
    if file is None or not (actor is None or Customer.objects.visible_to(actor).filter(pk=case.customer_id).exists()):
        return None
    fields = [
        Field(_("建档日期"), f"{file.since}"), Field(_("近 12 个月服务"), _("%(n)s 次，%(sum)s") % {"n": file.orders, "sum": sum_of(file.spent)}),
        Field(_("此前的案件"), _("事故 %(accidents)s 件，投诉 %(complaints)s 件") % {"accidents": file.accidents, "complaints": file.complaints}),
        Field(_("此前的理赔"), _("%(n)s 笔，%(sum)s") % {"n": file.settled, "sum": sum_of(file.paid)}),
    ]  # fmt: skip
    if actor is None or AdverseRecord.objects.need_to_know(actor):
        fields.append(Field(_("不良消费记录"), _("%(n)s 条") % {"n": file.adverse}, is_wide=True))
    return Grid(fields, title=_("客户档案参考（填表时）"))


def _determination(case: Case) -> Grid:
    form = getattr(case, "survey", None)
    number = form.record.number if form else ""
    items = list(case.items.order_by("pk"))
    lines = [
        _("%(name)s：市场单价 %(price)s，折旧 %(pct)s，认定 %(loss)s")
        % {
            "name": item.name,
            "price": sum_of(item.market_price),
            "pct": pct(item.depreciation_pct),
            "loss": sum_of(item.loss),
        }
        for item in items
    ]
    return Grid(
        [
            Field(_("事故登记表"), number or ""), Field(_("损坏属实"), yes_no(bool(items) or None)),
            Field(_("被损物认定"), "\n".join(lines), is_wide=True),
            Field(_("认定损失"), sum_of(case.assessed_loss)), Field(_("公司应承担"), sum_of(case.payable)),
        ],
        title=_("认定"),
    )  # fmt: skip


def _prices(case: Case) -> Rows:
    checks = PriceCheck.objects.filter(item__case=case).select_related("item", "checked_by").order_by("item_id", "pk")
    rows = [
        [
            check.item.name, check.get_source_display(), check.seller, check.model, sum_of(check.price),
            f"{check.checked_by.shown_name if check.checked_by else ''} {when(check.checked_at)}",
        ]
        for check in checks
    ]  # fmt: skip
    heads = [_("被损物"), _("来源"), _("店名或网址"), _("名称型号"), _("市价"), _("核实人与时间")]
    return Rows(heads, rows, title=_("价格核实"), widths=[1.2, 0.9, 1.6, 1.3, 1, 1.6], numeric=[4])


def _liability(case: Case, row: Settlement, actor: Any) -> Grid:
    return Grid(
        [
            Field(_("公司责任"), pct(case.company_pct)), Field(_("服务员责任"), pct(case.worker_pct)),
            Field(_("客户责任"), pct(case.customer_pct)), Field(_("第三者责任"), pct(case.third_party_pct)),
            Field(_("划分依据"), case.liability_basis, is_wide=True),
            Field(_("与客户有利益关系"), yes_no(row.has_tie)), Field(_("关系说明"), row.tie_note if actor is None else shown(actor, row, "tie_note")),
        ],
        title=_("责任"),
    )  # fmt: skip


def _proposal(row: Settlement) -> Grid:
    return Grid(
        [
            Field(_("赔付对象"), row.get_claimant_display()), Field(_("理赔总额"), sum_of(row.total)),
            Field(_("赔偿方式"), ticks(METHODS, list(row.methods)), is_wide=True),
            Field(_("现金"), sum_of(row.cash_amount)), Field(_("非现金折价"), sum_of(row.in_kind_amount)),
            Field(_("审批级别"), post_name(row.authority)), Field(_("批准金额"), sum_of(row.approved_total)),
            Field(_("审批依据"), " ".join([*wording.reasons(row.facts), row.facts.get("clause", "")]), is_wide=True),
            *([Field(_("高于公司应承担金额的理由"), row.over_ground, is_wide=True)] if row.over_ground else []),
        ],
        title=_("理赔方案"),
    )  # fmt: skip


def _approvals(row: Settlement) -> Rows:
    steps = Step.objects.filter(record_id=row.pk).select_related("decided_by").order_by("seq")
    lines = [
        [
            post_name(step.role), step.decided_by.shown_name if step.decided_by else "", step.get_state_display(),
            sum_of(row.approved_total if step.state == Step.State.AGREED else step.amount), step.opinion, when(step.decided_at),
        ]
        for step in steps
    ]  # fmt: skip
    if not lines and row.decided_by:
        opinion = _("权限之内，自行决定")
        lines = [
            [
                post_name(row.authority),
                row.decided_by.shown_name,
                _("同意"),
                sum_of(row.total),
                opinion,
                when(row.decided_at),
            ]
        ]
    heads = [_("审批人岗位"), _("审批人"), _("结果"), _("金额"), _("意见"), _("时间")]
    return Rows(heads, lines, title=_("审批"), widths=[1.3, 1, 0.8, 1, 1.6, 1.2], numeric=[3])


def _talks(case: Case) -> Rows:
    rows = [
        [
            when(talk.at),
            talk.get_mode_display(),
            talk.get_kind_display(),
            sum_of(talk.amount),
            talk.content,
            talk.attitude,
        ]
        for talk in case.talks.order_by("at", "pk")
    ]
    heads = [_("时间"), _("方式"), _("类型"), _("金额"), _("内容"), _("客户态度")]
    return Rows(heads, rows, title=_("沟通记录"), widths=[1.2, 0.7, 0.9, 0.9, 2.4, 1], numeric=[3])


def _closing(case: Case, row: Settlement) -> Grid:
    accepted = row.accepted_at
    late = accepted is not None and case.promised_on is not None and clock.local_date(accepted) > case.promised_on
    score = _("%(n)s 分") % {"n": case.satisfaction} if case.satisfaction else ""
    fields = [
        Field(_("处理开始"), when(case.reported_at)), Field(_("处理完毕"), when(accepted)),
        Field(_("客户接受"), yes_no(True if accepted else None)), Field(_("分析报告"), _analysis(case)),
        Field(_("承诺日期"), f"{case.promised_on or ''}"), Field(_("是否超承诺"), yes_no(late if accepted else None)),
        Field(_("原因性质"), ticks(Case.Nature.choices, case.nature)), Field(_("客户满意度"), score),
        Field(_("追偿服务员"), sum_of(row.recourse_amount)), Field(_("过错程度"), row.get_fault_display()),
    ]  # fmt: skip
    if row.late_reason:
        fields.append(Field(_("超过承诺日期的原因"), row.late_reason, is_wide=True))
    if case.low_score_reason:
        fields.append(Field(_("低满意度结案理由"), case.low_score_reason, is_wide=True))
    fields += [
        Field(_("需制定制度"), yes_no(case.nature == Case.Nature.SYSTEMIC if case.nature else None)), Field(_("结案时间"), when(case.closed_at)),
    ]  # fmt: skip
    if row.recourse_basis:
        fields.append(Field(_("追偿依据"), row.recourse_basis, is_wide=True))
    return Grid(fields, title=_("处理结果"))


def _analysis(case: Case) -> str:
    """The number of 事故分析报告, once it is handed in (CC-W2.1)."""
    report = Record.objects.filter(analysis__case=case).first()
    return report.number or "" if report else ""


def _payment(row: Settlement, actor: Any) -> Grid:
    payment = getattr(row.record, "payment", None)
    account = mask_account(row.payee_account) if actor is None else shown(actor, row, "payee_account")
    if payment and not account:
        # Said to finance only when it paid, after the four signatures.
        account = mask_account(payment.payee_account)
    net = (row.approved_total or Decimal(0)) - (row.insurer_paid or Decimal(0))
    return Grid(
        [
            Field(_("收款人"), row.payee or (payment.payee if payment else "")), Field(_("收款账号"), account),
            Field(_("付款时间"), when(payment.paid_at) if payment else ""), Field(_("付款额"), sum_of(payment.amount) if payment else ""),
            Field(_("凭证号"), payment.voucher_no if payment else ""), Field(_("公司净损"), sum_of(net) if row.accepted_at else ""),
            Field(_("保险索赔"), sum_of(row.insurer_claimed)), Field(_("保险核定"), sum_of(row.insurer_approved)),
            Field(_("保险到账"), sum_of(row.insurer_paid)), Field(_("到账日期"), f"{row.insurer_paid_on or ''}"),
            *([Field(_("保险拒赔原因"), row.insurer_refusal, is_wide=True)] if row.insurer_refusal else []),
        ],
        title=_("付款与回收"),
    )  # fmt: skip
