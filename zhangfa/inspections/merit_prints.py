"""奖惩意见 U33 on A4: fact, ground, the person's word, the decision, what was done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.approvals.prints import decisions_of
from zhangfa.inspections.models import Merit
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, when
from zhangfa.ui.display import money
from zhangfa.ui.words import text


def merit(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The paper as it stands."""
    row = Merit.objects.select_related("person", "unit", "ground__record", "proposed_by", "heard_by", "done_by").get(
        pk=record.pk
    )
    facts = Grid(
        [
            Field(_("对象"), f"{row.person.shown_name}  {row.person.no}"), Field(_("单位"), row.unit.shown_name),
            Field(_("类型"), text(row.get_kind_display())), Field(_("建议的处理"), text(row.get_measure_display())),
            Field(_("金额（元）"), money(row.amount) if row.amount else ""), Field(_("提出人"), row.proposed_by.shown_name if row.proposed_by else ""),
            Field(_("依据的制度"), f"{row.ground.record.number} {row.ground.title} {row.clause}" if row.ground else "", is_wide=True),
        ]
    )  # fmt: skip
    heard = when(row.stated_at) + (f"  {_('告知见证人')} {row.heard_by.shown_name}" if row.heard_by else "")
    done = Grid(
        [
            Field(_("陈述时间"), heard), Field(_("申诉时间"), when(row.appealed_at)),
            Field(_("执行日期"), row.done_on.isoformat() if row.done_on else ""), Field(_("执行人"), row.done_by.shown_name if row.done_by else ""),
        ]
    )  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("奖惩意见"), number=record.number or "", version=record.version, code=record.form_code, at=at,
        status=text(row.get_status_display()), sections=[facts, Prose(_("事实"), row.fact), Prose(_("本人陈述"), row.statement), Prose(_("申诉"), row.appeal), done],
        signatures=decisions_of(record), is_void=row.status == Merit.Status.WITHDRAWN,
    )  # fmt: skip
