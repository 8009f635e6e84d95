"""部门协作单 and 公司通知 on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.administration.models import Bulletin, DeptRequest
from zhangfa.organisation.queries import company
from zhangfa.policy import wording
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Sign, when


def _house() -> str:
    house = company()
    return str(wording.pair(house.name, house.name_en or house.name)) if house else ""


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
        company=_house(), title=_("部门协作单"), number=record.number or "", version=record.version, status=str(row.get_status_display()), code=record.form_code,
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
        company=_house(), title=row.title, number=record.number or "", version=record.version, status=str(row.get_status_display()), code=record.form_code,
        sections=[Grid(facts), Prose(_("内容"), row.text, 80)], is_void=row.status == Bulletin.Status.WITHDRAWN, at=at,
    )  # fmt: skip
