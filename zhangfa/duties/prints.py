"""The paper 工作交接单 on A4: who hands over what, and the three names under it."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.duties import queries
from zhangfa.duties.models import Handover
from zhangfa.organisation.queries import company
from zhangfa.policy import wording
from zhangfa.records.models import Record, Signature
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, when
from zhangfa.records.queries import digest_now, signatures_of
from zhangfa.records.registry import forms
from zhangfa.ui.words import text


def handover_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The list as it was drawn up, in the reader's language (X-1)."""
    rows = Handover.objects.select_related("leaver", "successor", "superior", "seat__post", "seat__unit")
    handover = rows.get(pk=record.pk)
    facts = [
        Field(_("岗位席位"), str(handover.seat), is_wide=True), Field(_("移交人"), handover.leaver.shown_name),
        Field(_("接任人"), handover.successor.shown_name if handover.successor else ""),
        Field(_("监交人"), handover.superior.shown_name if handover.superior else ""),
        Field(_("最后任职日"), handover.last_on.isoformat()), Field(_("汇总时间"), when(handover.collected_at)),
        Field(_("交接完成时间"), when(handover.done_at)),
    ]  # fmt: skip
    tables = [
        Rows(
            [_("事项"), _("编号或期间"), _("期限"), _("说明")],
            [[item.title, item.number, when(item.due_at), item.note] for item in group["items"]],
            title=str(group["label"]), widths=[5, 3, 3, 3],
        )
        for group in queries.handover_groups(handover)
    ]  # fmt: skip
    house = company()
    return FormPrint(
        company=str(wording.pair(house.name, house.name_en or house.name)) if house else "", title=_("工作交接单"),
        number=record.number or "", version=record.version, status=str(handover.get_status_display()), code=record.form_code,
        sections=[Grid(facts), *tables, Prose(_("补充说明"), handover.note)], signatures=[_sign(record, row) for row in signatures_of(record)],
        is_void=handover.status == Handover.Status.VOID, at=at, digest=digest_now(record),
    )  # fmt: skip


def _sign(record: Record, row: Signature) -> Sign:
    role = forms.get(record.form_code).role(row.role)
    return Sign(
        role=text(role.label), state=row.state, meaning=text(role.meaning), at=when(row.at), digest=row.digest, opinion=row.opinion,
        name=row.signer.shown_name if row.signer else "", reason=row.reason, witness=row.witness.shown_name if row.witness else "",
        method=row.get_method_display() if row.method else "", result=row.get_result_display() if row.result else "",
        drawing=base64.b64decode(row.drawing) if row.drawing else b"",
    )  # fmt: skip
