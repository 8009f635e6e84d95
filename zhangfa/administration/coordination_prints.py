"""部门协作单 and 公司通知 on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.administration.actions.calendar import filings_of
from zhangfa.administration.actions.files import window_of
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest, Filing, StatutoryDate
from zhangfa.administration.models.files import Use
from zhangfa.core import clock
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, when


def request_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    row = DeptRequest.objects.select_related("from_unit", "to_unit", "asked_by", "answered_by").get(pk=record.pk)
    facts = [
        Field(_("请求"), row.title, is_wide=True), Field(_("发出部门"), row.from_unit.shown_name), Field(_("协作部门"), row.to_unit.shown_name),
        Field(_("发出时间"), when(row.asked_at)), Field(_("接收期限"), when(row.ack_due_at)), Field(_("接收时间"), when(row.acknowledged_at)),
        Field(_("答复期限"), when(row.answer_due_at)), Field(_("答复时间"), when(row.answered_at)), Field(_("结论"), str(row.get_outcome_display())),
    ]  # fmt: skip
    signs = [
        Sign(
            role=_("发出人"),
            state="signed",
            name=row.asked_by.shown_name if row.asked_by else "",
            at=when(row.asked_at),
        ),
        Sign(
            role=_("答复人"),
            state="signed" if row.answered_at else "waiting",
            name=row.answered_by.shown_name if row.answered_by else "",
            at=when(row.answered_at),
        ),
    ]
    return FormPrint(
        company=company_name(), title=_("部门协作单"), number=record.number or "", version=record.version, status=str(row.get_status_display()), code=record.form_code,
        sections=[Grid(facts), Prose(_("具体内容"), row.details, 40), Prose(_("答复"), row.answer, 40)], signatures=signs,
        is_void=row.status == DeptRequest.Status.WITHDRAWN, at=at,
    )  # fmt: skip


def bulletin_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    row = Bulletin.objects.select_related("unit", "issued_by").get(pk=record.pk)
    facts = [
        Field(_("发给哪个单位"), row.unit.shown_name), Field(_("最晚阅读时间"), when(row.read_by_at)),
        Field(_("发出人"), row.issued_by.shown_name if row.issued_by else ""), Field(_("发出时间"), when(row.issued_at)),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=row.title, number=record.number or "", version=record.version, status=str(row.get_status_display()), code=record.form_code,
        sections=[Grid(facts), Prose(_("内容"), row.text, 80)], is_void=row.status == Bulletin.Status.WITHDRAWN, at=at,
    )  # fmt: skip


def calendar_form(*, actor: Any, at: dt.datetime) -> FormPrint:
    """法定事项日历 of the year: what, with whom, between which days, and whether it was filed."""
    year = clock.local_date(at).year
    filed = filings_of(year)
    rows = []
    for matter in StatutoryDate.objects.filter(status=Use.ACTIVE).order_by("to_month", "to_day", "pk"):
        opens, last = window_of(matter, year)
        filing = filed.get(matter.pk)
        done = f"{filing.filed_on}  {filing.receipt}" if filing else ""
        rows.append((matter.name, matter.authority, f"{opens} – {last}", matter.basis, done))
    heads = (_("事项"), _("主管机关"), _("办理期间"), _("依据"), _("办理日期和回执"))
    return FormPrint(
        company=company_name(), title=_("%(year)s 年法定事项日历") % {"year": year}, code="AM-D6", is_landscape=True, at=at,
        sections=[Rows(heads, rows, widths=(3, 2, 3, 4, 4), empty=_("没有法定事项"))],
    )  # fmt: skip


def filing_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """法定事项办理记录: that one matter of a year was filed, with its receipt."""
    row = Filing.objects.select_related("matter", "entered_by").get(pk=record.pk)
    opens, last = window_of(row.matter, row.year)
    facts = [
        Field(_("事项"), row.matter.name, is_wide=True), Field(_("主管机关"), row.matter.authority), Field(_("依据"), row.matter.basis),
        Field(_("年度"), str(row.year)), Field(_("办理期间"), f"{opens} – {last}"), Field(_("办理日期"), row.filed_on.isoformat()),
        Field(_("回执号或凭据"), row.receipt),
    ]  # fmt: skip
    name = row.entered_by.shown_name if row.entered_by else ""
    return FormPrint(
        company=company_name(), title=_("法定事项办理记录"), number=record.number or "", version=record.version, code=record.form_code,
        sections=[Grid(facts), Prose(_("说明"), row.note, 40)], late=_("逾期") if row.is_late else "",
        signatures=[Sign(role=_("登记人"), state="signed", name=name, at=when(row.entered_at))], at=at,
    )  # fmt: skip


def file_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """公司文件: what it says, who answers for it, what came of it."""
    row = CompanyFile.objects.select_related("owner", "filed_by").get(pk=record.pk)
    facts = [
        Field(_("名称"), row.title, is_wide=True), Field(_("类别"), str(row.get_kind_display())), Field(_("来源或文号"), row.source),
        Field(_("负责人"), row.owner.shown_name), Field(_("办结期限"), when(row.due_at)), Field(_("登记人"), row.filed_by.shown_name if row.filed_by else ""),
        Field(_("登记时间"), when(row.filed_at)), Field(_("办结时间"), when(row.closed_at)),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("公司文件"), number=record.number or "", version=record.version, status=str(row.get_status_display()),
        code=record.form_code, sections=[Grid(facts), Prose(_("内容"), row.text, 60), Prose(_("办理结果"), row.result, 40)], at=at,
    )  # fmt: skip
