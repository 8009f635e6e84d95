"""The forms of care on paper: F19, F20 and F21 from one visit, F22, F23, bundle and monthly table (domain.md 4.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.care import queries
from zhangfa.care.account_rules import VISITED
from zhangfa.care.bought import bought_by, company_of
from zhangfa.care.models import Bundle, Feedback, KeyAccount, MonthPlan, PlanReview, Visit
from zhangfa.care.permissions import MONEY_POSTS
from zhangfa.care.rules import CHECKLIST, SCORES
from zhangfa.care.wording import ROLES, classes_shown, name_of, products_of, reasons_shown, updates_shown
from zhangfa.claims.prints.common import copies, signs, ticks, yes_no
from zhangfa.customers.profile_rules import SETTLE_MODES
from zhangfa.customers.wording import word
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Tick, when
from zhangfa.records.queries import digest_now
from zhangfa.records.registry import forms
from zhangfa.ui.display import money
from zhangfa.ui.words import text

MOST = 500


class _Reader:
    """Who reads the copy, as the name rules ask for them; the archive's copy has the names."""

    def __init__(self, actor: Any, at: dt.datetime):
        self.actor, self.at = actor, at


def _name(customer: Any, actor: Any, at: dt.datetime) -> str:
    return customer.name if actor is None else name_of(customer, _Reader(actor, at))


def _frame(
    record: Record, actor: Any, at: dt.datetime, sections: Sequence[Any], *, head: Sequence[Field] = (), late: str = ""
) -> FormPrint:
    return FormPrint(
        company=company_name(), title=text(forms.get(record.form_code).title), number=record.number or "", code=record.form_code,
        version=record.version, status=record.get_status_display(), at=at, late=late, watermark="" if record.number else _("草稿"),
        is_void=record.status == Record.Status.VOID, sections=[section for section in sections if section is not None], copies=copies(record, actor),
        signatures=signs(record, None, actor), digest=digest_now(record) if record.number and forms.get(record.form_code).content else "",
        head=[
            Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), record.created_by.shown_name if record.created_by else ""),
            Field(_("填表时间"), when(record.submitted_at or record.created_at)), *head,
        ],
    )  # fmt: skip


def _customer(customer: Any, actor: Any, at: dt.datetime) -> list[Field]:
    """The customer as every form names them: phone and door masked (domain.md 4.0)."""
    return [
        Field(_("客户"), f"{_name(customer, actor, at)}  {customer.no}"), Field(_("客户类型"), customer.get_kind_display()),
        Field(_("电话"), customer.masked_phone), Field(_("所属网点"), customer.outlet.shown_name),
        Field(_("地址"), customer.masked_address, is_wide=True),
    ]  # fmt: skip


def visit_sheet(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """《访问客户登记表》, 《登记记录表》 or 《意见表》: the visit as it stands, for one reader."""
    visit = Visit.objects.select_related(
        "customer__outlet", "visitor", "order__product", "outlet", "pitched", "plan", "bundle__record", "thread__record"
    ).get(pk=record.pk)
    order = visit.order
    customer = [
        *_customer(visit.customer, actor, at),
        Field(_("订单号"), order.number if order else _("无")), Field(_("服务产品"), order.product.shown_name if order else ""),
    ]  # fmt: skip
    contact = [
        Field(_("访问类型"), ticks(Visit.Kind.choices, visit.kind), is_wide=True), Field(_("方式"), ticks(Visit.Mode.choices, visit.mode), is_wide=True),
        Field(_("访问人"), visit.visitor.shown_name), Field(_("事先告知网点"), yes_no(visit.is_notified)), Field(_("服务开始"), when(visit.service_started_at)),
        Field(_("到达时间"), when(visit.arrived_at)),
        Field(_("到达间隔"), "" if visit.delay_minutes is None else _("%(n)s 分钟") % {"n": visit.delay_minutes}), Field(_("按时到达"), yes_no(visit.is_on_time)),
        Field(_("离开时间"), when(visit.left_at)), Field(_("到达地点"), visit.place),
        Field(_("受访人"), visit.interviewee or "" if actor is None or actor.is_any_of([visit.visitor_id]) else f"{(visit.interviewee or '')[:1]}*"),
        Field(_("职务或关系"), visit.title), Field(_("受访人层级"), ticks(Visit.Level.choices, visit.level), is_wide=True),
    ]  # fmt: skip
    checks = [Field(text(label), str(visit.checks.get(code, ""))) for code, label in SCORES.items()]
    before = [Tick(text(label), code in visit.checklist) for code, label in CHECKLIST.items()]
    gifts = [
        [
            row.item.name,
            str(row.count),
            money(row.amount),
            row.number,
            _("收回 %(n)s 件") % {"n": row.returned} if row.returned else row.get_status_display(),
        ]
        for row in visit.givings.select_related("item").order_by("pk")
    ]
    sections = [
        Grid(customer, title=_("客户与订单")), Grid([*contact, Field(_("出发前检查"), before, is_wide=True)], title=_("访问")),
        Grid(checks, title=_("服务质量检查（1–5 分）"), pairs=3) if visit.kind == Visit.Kind.CARE else None,
        Grid([Field(_("满意度"), ticks([(n, str(n)) for n in range(1, 6)], visit.satisfaction), is_wide=True), Field(_("推荐意愿"), "" if visit.recommend is None else f"{visit.recommend} / 10"), Field(_("推介产品"), visit.pitched.shown_name if visit.pitched else "")], title=_("评价")),
        Prose(_("意见"), visit.opinion, height=12), Prose(_("建议"), visit.suggestion, height=7), Grid([Field(_("新需求"), visit.wish, is_wide=True), Field(_("竞争信息"), visit.competitor, is_wide=True)]),
        Grid(
            [
                Field(_("需要处理"), yes_no(visit.needs_action)), Field(_("问题类别"), visit.get_problem_display()), Field(_("严重程度"), visit.get_severity_display()),
                Field(_("填表期限"), when(visit.sheet_due_at)), Field(_("问题处理"), queries.thread_line(visit)), Field(_("真实性核实"), queries.recheck_line(visit, actor)),
            ],
            title=_("问题"),
        ),
        Prose(_("问题"), visit.problem_text, height=10) if visit.needs_action else None, Prose(_("写入客户档案"), updates_shown(visit)) if visit.profile_updates else None,
        Prose(_("档案的其他情况"), visit.profile_note) if visit.kind == Visit.Kind.COMPLAINT else None,
        Rows([_("礼品"), _("数量"), _("价值"), _("券号"), _("状态")], gifts, title=_("馈赠"), widths=[4, 2, 3, 3, 3], numeric=[1, 2]) if gifts else None,
        Grid([*([] if gifts else [Field(_("馈赠"), _("无"))]), Field(_("客户签名"), "", is_wide=bool(gifts))], title=_("客户")),
    ]  # fmt: skip
    bundle = Field(_("周汇总"), visit.bundle.record.number or "" if visit.bundle else "")
    return _frame(record, actor, at, sections, head=[bundle], late=_("填表逾期") if visit.is_late else "")


def _may_see_money(actor: Any) -> bool:
    return actor is None or actor.holds(*MONEY_POSTS)


def account_file(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """《大客户档案模板》: names of the deciders in clear for the owner only."""
    row = KeyAccount.objects.select_related("customer__outlet", "owner", "outlet").get(pk=record.pk)
    is_clear = actor is None or actor.is_any_of([row.owner_id]) or actor.holds("cs")
    is_money = _may_see_money(actor)
    bought, company = bought_by(row, at), company_of(row)
    settle = SETTLE_MODES.get(company["settle_mode"])
    products = [
        [one.product.shown_name, str(one.orders), money(one.amount) if is_money else ""] for one in bought.lines
    ]
    contracts = [
        [one.number, one.product.shown_name, str(one.from_on), str(one.to_on or ""), money(one.fee) if one.fee is not None and is_money else "", one.get_status_display()]
        for one in bought.contracts
    ]  # fmt: skip
    buys = [
        [str(one.bought_on), one.product.shown_name, str(one.quantity), money(one.amount) if is_money else "", one.motive]
        for one in row.group_buys.select_related("product").order_by("-bought_on", "-pk")[:MOST]
    ]  # fmt: skip
    deciders = [
        [one.get_role_display(), one.name if is_clear else one.masked_name, one.title, (one.phone or "") if is_clear else one.masked_phone, one.preference, str(one.relation)]
        for one in row.deciders.order_by("role", "pk")
    ]  # fmt: skip
    sums = [
        Field(_("达标金额"), money(row.amount) if is_money else ""), Field(_("核算日期"), str(row.counted_on or "")),
        Field(_("其中已付"), money(row.paid) if is_money else ""), Field(_("其中合同"), money(row.contracted) if is_money else ""),
        Field(_("信用额度"), money(row.credit_amount) if row.credit_amount is not None and is_money else ""), Field(_("账期（天）"), str(row.credit_days)),
        Field(_("年度目标"), money(row.target) if row.target is not None and is_money else ""), Field(_("续约日期"), str(row.renews_on or "")),
        Field(_("应收"), money(bought.receivable) if is_money else ""), Field(_("结算方式"), text(settle) if settle else word(company["settle_mode"])),
    ]  # fmt: skip
    sections = [
        Grid(
            [
                *_customer(row.customer, actor, at),
                Field(_("客户等级"), ticks(KeyAccount.Level.choices, row.level), is_wide=True), Field(_("上级单位"), row.parent_org),
                Field(_("主管责任人"), row.owner.shown_name if row.owner else ""), Field(_("采购方式"), ticks(KeyAccount.PurchaseMode.choices, row.purchase_mode), is_wide=True),
                Field(_("采购或预算月份"), row.purchase_months), Field(_("走访计划"), _("每月一次")),
                Field(_("单位全称"), word(company["legal_name"])), Field(_("统一社会信用代码"), word(company["uscc"])), Field(_("行业"), word(company["industry"])),
                Field(_("人数、面积"), " / ".join(filter(None, (word(company["staff_count"]), f"{company['area_m2']} m²" if company["area_m2"] else "")))),
            ],
            title=_("客户"),
        ),
        Rows([_("角色"), _("姓名"), _("职务"), _("电话"), _("联系偏好"), _("关系评分（1–5）")], deciders, title=_("决策链"), widths=[3, 3, 3, 4, 3, 2], numeric=[5]),
        Grid(sums, title=_("金额与合同")),
        Rows([_("产品"), _("订单数"), _("近十二个月实付")], products, title=_("在用产品"), widths=[5, 2, 3], numeric=[1, 2], empty=_("近十二个月没有订单。")),
        Rows([_("编号"), _("服务产品"), _("开始日期"), _("结束日期"), _("合同金额"), _("状态")], contracts, title=_("合同"), widths=[3, 4, 3, 3, 3, 2], numeric=[4], empty=_("没有服务合同。")),
        Rows([_("日期"), _("产品"), _("数量"), _("金额"), _("购买动因")], buys, title=_("团购"), widths=[2, 3, 1, 2, 4], numeric=[2, 3]),
        Prose(_("大客户动因"), row.drivers, height=10), Prose(_("潜在需求"), row.potential, height=10), Prose(_("竞争供应商"), row.competitors, height=8),
        Prose(_("风险"), row.risks, height=10), Prose(_("标准关怀程序"), row.procedure, height=12),
        Grid([Field(_("已阅读礼品合规要求"), yes_no(row.is_gift_rule_read)), Field(_("档案复核"), when(row.reviewed_at))], title=_("复核")),
    ]  # fmt: skip
    return _frame(record, actor, at, sections)


def feedback(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """《公司大客户意见建议反映表》."""
    row = Feedback.objects.select_related(
        "account__customer__outlet", "visitor", "owner", "responsible", "product"
    ).get(pk=record.pk)
    is_clear = actor is None or actor.is_any_of([row.visitor_id, row.owner_id]) or actor.holds("cs")
    roles = [(code, text(ROLES[code])) for code in VISITED]
    sections = [
        Grid(
            [
                *_customer(row.account.customer, actor, at),
                Field(_("走访日期"), str(row.visited_on)), Field(_("走访人"), row.visitor.shown_name), Field(_("受访人姓名和职务"), row.interviewees or "" if is_clear else f"{(row.interviewees or '')[:1]}*"),
                Field(_("受访人"), ticks(roles, row.roles), is_wide=True), Field(_("使用产品"), row.product.shown_name if row.product else ""),
                Field(_("满意度"), str(row.satisfaction)), Field(_("意见类别"), ticks(Visit.Problem.choices, row.category), is_wide=True), Field(_("紧急程度"), ticks(Feedback.Priority.choices, row.priority), is_wide=True),
            ],
            title=_("走访"),
        ),
        Prose(_("意见"), row.opinion, height=22), Prose(_("建议"), row.suggestion, height=12), Prose(_("竞争动态"), row.competitor, height=8), Prose(_("解决方法"), row.solution, height=18),
        Grid(
            [
                Field(_("传递方式"), ticks(Feedback.Reply.choices, row.reply), is_wide=True), Field(_("责任部门"), row.responsible.shown_name),
                Field(_("责任人"), row.owner.shown_name), Field(_("答复期限"), str(row.due_on)), Field(_("答复时间"), when(row.answered_at)),
                Field(_("客户认可"), yes_no(row.is_accepted)), Field(_("关闭时间"), when(row.closed_at)),
            ],
            title=_("答复"),
        ),
        Prose(_("答复内容"), row.answer, height=14), Prose(_("结果"), row.result, height=10),
    ]  # fmt: skip
    return _frame(record, actor, at, sections)


def bundle(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The week's sheets with administration's summary and the conclusion."""
    row = Bundle.objects.get(pk=record.pk)
    lines = [
        [visit.record.number or "", _name(visit.customer, actor, at), visit.visitor.shown_name, str(visit.satisfaction or ""), visit.opinion, visit.problem_text if visit.needs_action else ""]
        for visit in row.visits.select_related("record", "customer", "visitor").order_by("kind", "pk")[:MOST]
    ]  # fmt: skip
    names = (
        ("all", _("访问表")), ("on_time", _("按时到达")), ("late", _("填表逾期")), ("problems", _("有问题")), ("talks", _("案件沟通记录")), ("score", _("平均满意度")),
    )  # fmt: skip
    sections = [
        Grid([Field(label, str(row.figures.get(key, ""))) for key, label in names], title=_("合计"), pairs=3),
        Rows([_("编号"), _("客户"), _("访问人"), _("满意度"), _("意见"), _("问题")], lines, widths=[3, 2, 2, 1, 5, 4], numeric=[3]),
        Prose(_("客服中心说明"), row.note), Prose(_("行政部汇总"), row.summary, height=24), Prose(_("分析结论"), row.conclusion, height=24),
    ]  # fmt: skip
    return _frame(record, actor, at, sections, head=[Field(_("周"), f"{row.week_on} – {row.ends_on}")])


def month_plan(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The month's timetable."""
    month = MonthPlan.objects.get(pk=record.pk)
    rows = list(month.plans.select_related("customer", "offer", "manager", "order").order_by("planned_on", "pk")[:MOST])
    names = products_of(rows)
    lines = [
        [str(row.planned_on), _name(row.customer, actor, at), classes_shown(row), row.offer.shown_name if row.offer else "", reasons_shown(row, products=names), row.manager.shown_name, row.get_status_display()]
        for row in rows
    ]  # fmt: skip
    heads = [_("计划访问日"), _("客户"), _("客户分类"), _("推介产品"), _("推介理由"), _("客户经理"), _("状态")]
    return _frame(
        record, actor, at, [Rows(heads, lines, widths=[3, 2, 3, 3, 5, 2, 2])], head=[Field(_("月份"), str(month))]
    )


def account_report(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """RPT-15 as it was frozen; a reader with part of the accounts gets that part."""
    paper = record.publication
    rows = paper.figures["rows"]
    if actor is not None:
        seen = {str(pk) for pk in KeyAccount.objects.visible_to(actor).values_list("pk", flat=True)}
        rows = [row for row in rows if str(row["account"]) in seen]
    lines = [
        [
            row["customer"], row["outlet_name"], row["owner_name"], money(row["amount"]), str(row["visits"]),
            "、".join(text(ROLES[role]) for role in row["met"]), str(row["open"]), row["renews_on"],
        ]
        for row in rows
    ]  # fmt: skip
    heads = [
        _("客户"),
        _("网点"),
        _("主管责任人"),
        _("年度金额"),
        _("走访次数"),
        _("见到的人"),
        _("未关闭意见"),
        _("续约日期"),
    ]
    sections = [
        Rows(heads, lines, widths=[4, 3, 2, 3, 2, 4, 2, 3], numeric=[3, 4, 6]),
        Prose(_("说明"), paper.figures.get("note", "")),
    ]
    return _frame(record, actor, at, sections, head=[Field(_("月份"), paper.period)])


def review(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The quarter's review of alliances and the 2:8 plan."""
    row = PlanReview.objects.get(pk=record.pk)
    sections = [
        Prose(_("联盟执行情况"), row.alliances, height=30), Prose(_("前部客户情况"), row.top, height=30), Prose(_("其余客户是谁、怎么应对"), row.base, height=30),
        Prose(_("下一步安排"), row.next_steps, height=30),
    ]  # fmt: skip
    return _frame(record, actor, at, sections, head=[Field(_("季度"), str(row))])


__all__ = ["account_file", "account_report", "bundle", "feedback", "month_plan", "review", "visit_sheet"]
