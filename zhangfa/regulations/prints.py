"""A regulation and an execution report on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.approvals.prints import decisions_of
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, when
from zhangfa.regulations import queries
from zhangfa.regulations.choices import Status
from zhangfa.regulations.models import Execution, Regulation
from zhangfa.regulations.threads import thread
from zhangfa.regulations.wording import consulted_words, figure_words, posts_words, vital_words
from zhangfa.ui.words import text


def regulation_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The regulation with its clauses, who approved it, and who supervises it (U03)."""
    row = Regulation.objects.select_related("unit", "drafted_by", "supervisor").get(pk=record.pk)
    facts = Grid(
        [
            Field(_("类型"), text(row.get_kind_display())), Field(_("类别"), text(row.get_topic_display())),
            Field(_("颁发级别"), f"{text(row.get_level_display())} · {row.unit.shown_name}"), Field(_("版次"), str(row.edition)),
            Field(_("对哪些岗位"), posts_words(row.posts), is_wide=True), Field(_("起草人"), row.drafted_by.shown_name if row.drafted_by else ""),
            Field(_("颁布时间"), when(row.promulgated_at)), Field(_("生效日期"), str(row.effective_on or "")),
            Field(_("执行时期"), text(row.get_period_display()) if row.period == "daily" else f"{row.from_on} — {row.to_on}"),
            Field(_("执行监督人"), row.supervisor.shown_name if row.supervisor else ""), Field(_("失效日期"), str(row.expires_on or "")),
            Field(_("何时完成"), str(row.done_by or "")), Field(_("终止日期"), str(row.ended_on or "")),
            Field(_("涉及员工切身利益"), vital_words(row.vital), is_wide=True), Field(_("员工协商"), consulted_words(row), is_wide=True),
            Field(_("修改章程"), figure_words(row), is_wide=True), Field(_("来源"), _origin(row, actor, at)),
            Field(_("签收"), "/".join(str(n) for n in queries.receipt_counts([row.pk]).get(row.pk, (0, 0)))),
        ]
    )  # fmt: skip
    sections: list[Any] = [
        facts, Prose(_("要说明什么"), row.summary), Prose(_("为什么颁发"), row.reason), Prose(_("解决什么问题"), row.problem),
    ]  # fmt: skip
    for label, words in (
        (_("依据的资料"), row.references),
        (_("怎么做"), row.how),
        (_("废止理由"), row.repeal_reason),
    ):
        if words:
            sections.append(Prose(label, words))
    clauses = [[str(n), clause] for n, clause in enumerate(queries.texts(row), 1)]
    sections.append(Rows([_("序号"), _("条文")], clauses, title=_("条文"), widths=[1, 14]))
    reports = [
        [r.department.shown_name, when(r.reported_at), f"{r.done_rate}%" if r.reported_at else "", r.execution]
        for r in row.executions.select_related("department").order_by("department_id")
    ]
    if reports:
        sections.append(
            Rows([_("部门"), _("报告时间"), _("完成率"), _("执行情况")], reports, title=_("各部门执行报告"), widths=[3, 3, 2, 6])
        )  # fmt: skip
    return FormPrint(
        company=company_name(), title=row.title, number=record.number or "", version=record.version, status=text(row.get_status_display()),
        code=record.form_code, sections=sections, signatures=decisions_of(record, head=_("部门经理")),
        is_void=row.status == Status.WITHDRAWN, watermark="" if row.is_public else _("草稿"), at=at,
    )  # fmt: skip


def _origin(row: Regulation, actor: Any, at: dt.datetime) -> str:
    """The accident, visit or meeting that it comes from, as far as the reader may see it."""
    found = thread(row.source_kind, row.source_id, actor, at) if row.source_kind and actor is not None else None
    return found.origin.number if found else ""


def report_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """A department's report on the execution (U04)."""
    row = Execution.objects.select_related("regulation__record", "department", "reported_by").get(record_id=record.pk)
    facts = Grid(
        [
            Field(_("制度"), f"{row.regulation.record.number}  {row.regulation.title}", is_wide=True), Field(_("部门"), row.department.shown_name),
            Field(_("截止"), when(row.due_at)), Field(_("报告人"), row.reported_by.shown_name if row.reported_by else ""),
            Field(_("报告时间"), when(row.reported_at)), Field(_("学习人数"), str(row.trained_count)), Field(_("完成率（%）"), str(row.done_rate)),
        ]
    )  # fmt: skip
    files = [[one.name, one.sha256[:16], when(one.created_at)] for one in record.attachments.filter(removed_at=None)]
    proof = Rows([_("文件"), _("摘要"), _("时间")], files, title=_("证据"), widths=[4, 3, 2])
    return FormPrint(
        company=company_name(), title=_("制度执行汇总报告"), number=record.number or "", version=record.version, code=record.form_code,
        sections=[facts, Prose(_("执行情况"), row.execution), Prose(_("存在的问题"), row.problems), proof], at=at, late=_("逾期") if row.is_late else "",
    )  # fmt: skip
