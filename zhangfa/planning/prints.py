"""工作计划, 年终总结 and the two tables of administration on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.organisation.shell import company_name
from zhangfa.planning import queries
from zhangfa.planning.models import Plan, Rhythm, Summary
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, when
from zhangfa.ui.display import pct


def plan_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The plan with its items as they stand."""
    plan = Plan.objects.select_related("record", "unit", "person", "reviewed_by").get(pk=record.pk)
    facts = [
        Field(_("单位或个人"), plan.whose), Field(_("期间"), f"{plan.period} ({plan.from_on} – {plan.to_on})"),
        Field(_("制订人"), plan.person.shown_name), Field(_("完成率"), pct(plan.pct)),
    ]  # fmt: skip
    lines = [
        [
            str(line["item"].n), line["item"].title, line["item"].standard, line["item"].owner.shown_name, str(line["item"].due_on),
            _amount(line["item"].target, line["item"].unit), _amount(line["item"].actual), _amount(line["variance"]), pct(line["item"].pct),
        ]
        for line in queries.lines_of(plan, at)
    ]  # fmt: skip
    heads = [
        _("序号"),
        _("事项"),
        _("完成标准"),
        _("责任人"),
        _("完成日期"),
        _("目标"),
        _("累计完成"),
        _("差异"),
        _("完成率"),
    ]
    signs = [
        Sign(role=_("制订人"), state="signed" if plan.submitted_at else "waiting", name=plan.person.shown_name if plan.submitted_at else "", at=when(plan.submitted_at)),
        Sign(
            role=_("审核人"), state="signed" if plan.reviewed_at else "waiting", name=plan.reviewed_by.shown_name if plan.reviewed_by else "",
            at=when(plan.reviewed_at), opinion=plan.opinion,
        ),
    ]  # fmt: skip
    sections = [Grid(facts), Rows(heads, lines, _("事项"), numeric=(5, 6, 7, 8)), Prose(_("总结"), plan.result, 30)]
    return FormPrint(
        company=company_name(), title=_("工作计划"), number=record.number or "", version=record.version, status=str(plan.get_status_display()),
        code=record.form_code, sections=sections, signatures=signs, is_void=plan.status == Plan.Status.WITHDRAWN, at=at, is_landscape=True,
    )  # fmt: skip


def _amount(value: Any, unit: str = "") -> str:
    return "" if value is None else f"{value.normalize():f} {unit}".strip()


def summary_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    summary = Summary.objects.select_related("record", "unit", "person").get(pk=record.pk)
    facts = [
        Field(_("单位或个人"), summary.whose),
        Field(_("年度"), str(summary.year)),
        Field(_("撰写人"), summary.person.shown_name),
        Field(_("提交时间"), when(summary.written_at)),
    ]
    rows = [
        [
            line["period"],
            str(Rhythm(line["rhythm"]).label),
            line["number"] or "",
            str(line["items"]),
            str(line["done"]),
            pct(line["pct"]),
        ]
        for line in summary.figures["plans"]
    ]
    heads = [_("期间"), _("周期"), _("编号"), _("事项数"), _("已完成"), _("完成率")]
    sections = [
        Grid(facts), Prose(_("一年的成绩和差距"), summary.text, 50), Prose(_("问题"), summary.problems), Prose(_("下年打算"), summary.next_plan, 30),
        Rows(heads, rows, _("全年计划完成情况"), numeric=(3, 4, 5)),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(),
        title=_("年终总结"),
        number=record.number or "",
        version=record.version,
        code=record.form_code,
        sections=sections,
        at=at,
    )


def check_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    paper = record.publication
    rows = [
        [row["name"], row["number"] or _("没有提交计划"), pct(row["pct"]), row["remark"]]
        for row in paper.figures["rows"]
    ]
    return FormPrint(
        company=company_name(), title=_("各部门工作计划检查"), number=record.number or "", version=record.version, code=record.form_code,
        sections=[Rows([_("部门"), _("计划"), _("完成率"), _("检查意见")], rows, paper.period)], at=at,
    )  # fmt: skip


def year_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    paper = record.publication
    rows = [[row["name"], row["number"], pct(row["pct"])] for row in paper.figures["rows"]]
    return FormPrint(
        company=company_name(), title=_("年终总结汇总"), number=record.number or "", version=record.version, code=record.form_code,
        sections=[Rows([_("部门"), _("总结"), _("计划完成率")], rows, paper.period)], at=at,
    )  # fmt: skip
