"""The papers of duties on A4: 工作交接单 with the three names under it, and the month of how duties were kept (RPT-03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core.text import _ as _mark
from zhangfa.duties import compliance, queries
from zhangfa.duties.models import Handover, scope_of
from zhangfa.organisation.shell import company_name
from zhangfa.policy import wording
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, signs_of, when
from zhangfa.records.queries import digest_now
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
        for group in queries.handover_groups(handover, None)
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("工作交接单"),
        number=record.number or "", version=record.version, status=str(handover.get_status_display()), code=record.form_code,
        sections=[Grid(facts), *tables, Prose(_("补充说明"), handover.note)], signatures=signs_of(record),
        is_void=handover.status == Handover.Status.VOID, at=at, digest=digest_now(record),
    )  # fmt: skip


TITLES = {"department": _mark("按部门"), "post": _mark("按岗位"), "clause": _mark("按条款"), "duty": _mark("按职责")}


def report_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """RPT-03 as it was frozen: the whole for the GM and administration, their department for its manager."""
    paper = record.publication
    scope = None if actor is None else scope_of(actor)
    is_all = scope is None or scope.is_all
    heads = [_("名称"), _("按时率"), _("按时完成"), _("逾期完成"), _("逾期未完成"), _("已免责"), _("未到期")]

    def line(name: str, row: Mapping[str, Any]) -> list[str]:
        return [name, *compliance.tally_of(row).cells[1:]]

    tables = []
    for key in TITLES if is_all else ("department",):
        rows = [
            row
            for row in paper.figures.get(key, ())
            if is_all or (scope is not None and row["key"] in scope.departments)
        ]
        tables.append(
            Rows(
                heads, [line(_name(key, row), row) for row in rows], title=text(TITLES[key]), widths=[5, *[1.3] * 6], numeric=list(range(1, 7)),
                total=line(_("合计"), paper.figures["total"]) if is_all and key == "department" else (),
            )
        )  # fmt: skip
    copies = [
        [row.person.shown_name if row.person else "", str(row.number), when(row.sent_at), when(row.received_at)]
        for row in record.copies.select_related("person").order_by("number")
    ]
    return FormPrint(
        company=company_name(), title=_("职责办理情况月报"), number=record.number or "",
        code=record.form_code, version=paper.revision + 1, status=_("第 %(n)s 次修订") % {"n": paper.revision} if paper.revision else "",
        head=[Field(_("月份"), paper.period), Field(_("发布时间"), when(paper.published_at)), Field(_("填表人"), record.created_by.shown_name if record.created_by else "")],
        sections=tables, copies=copies, at=at, digest=paper.digest,
    )  # fmt: skip


def _name(key: str, row: Mapping[str, Any]) -> str:
    if key == "clause":
        return str(row["key"])
    return str((row["name_en"] if wording.language() == "en" else "") or row["name"] or _("公司"))
