"""《访问客户登记记录表》 F20: one contact with the customer and what it adds to the archive (CC-D8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.models import Talk
from zhangfa.claims.prints import common
from zhangfa.claims.prints.common import sum_of, ticks
from zhangfa.organisation.shell import company_name
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, printed_by, when


def visit_sheet(talk: Talk, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The sheet as it stands, for one reader."""
    case = talk.case
    contact = Grid(
        [
            Field(_("案件"), case.record.number or ""), Field(_("访问时间"), when(talk.at)),
            Field(_("方式"), ticks(Talk.Mode.choices, talk.mode), is_wide=True),
            Field(_("访问人"), talk.by.shown_name if talk.by else ""), Field(_("类型"), talk.get_kind_display()),
            Field(_("受访人"), case.customer.name if case.customer else case.reporter), Field(_("金额"), sum_of(talk.amount)),
            Field(_("客户态度"), talk.attitude, is_wide=True),
        ],
        title=_("访问"),
    )  # fmt: skip
    sections: list[Grid | Prose] = [
        Grid([*common.customer(case, actor), *common.order(case)], title=_("客户与订单")), contact,
        Prose(_("沟通内容"), talk.content, height=24), Prose(_("客户意见"), talk.opinion), Prose(_("写入客户档案的内容"), talk.archive_note),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("访问客户登记记录表"), number=f"{case.record.number}-{talk.pk}", code="F20", at=at,
        head=[Field(_("所属单位"), case.unit.shown_name), Field(_("填表时间"), when(talk.archived_at))],
        watermark="" if talk.archived_at else _("草稿"), sections=sections,
        printed=printed_by(actor.name, at),
    )  # fmt: skip
