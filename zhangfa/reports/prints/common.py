"""What the reports share on paper: the frame with period and ground, the names under it, figures in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.prints.common import copies
from zhangfa.organisation.shell import company_name
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Grid, Sign, published_by, when
from zhangfa.records.registry import forms
from zhangfa.records.web.published import figures_of
from zhangfa.reports.models import MixDecision
from zhangfa.reports.rules import as_of
from zhangfa.ui.words import text


def frame(
    paper: Publication, actor: Any, at: dt.datetime, facts: Sequence[Field], sections: Sequence[Any], *, is_landscape: bool = False
) -> FormPrint:  # fmt: skip
    record = paper.record
    rules = [
        Field(str(name), f"{value}" + _("（%(since)s 起）") % {"since": since})
        for name, value, since in figures_of(paper.policy)
    ]
    made_by = record.created_by.shown_name if record.created_by else ""
    return FormPrint(
        company=company_name(), title=text(forms.get(record.form_code).title), number=record.number or "", code=record.form_code,
        version=record.version, status=_("第 %(n)s 次修订") % {"n": paper.revision} if paper.revision else "", at=at,
        late=_("逾期") if record.is_late(at) else "", is_void=record.status == Record.Status.VOID,
        head=[
            *facts, Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), made_by),
            Field(_("数据截至"), when(as_of(paper.figures, paper.published_at))), Field(_("发布时间"), when(paper.published_at)),
            *([Field(_("截止"), when(record.due_at))] if record.due_at else []),
        ],
        sections=[*sections, *([Grid(rules, title=_("采用的数值"))] if rules else [])], signatures=_signs(paper), copies=copies(record, actor), digest=paper.digest,
        is_landscape=is_landscape,
    )  # fmt: skip


def _signs(paper: Publication) -> list[Sign]:
    """The customer service manager under the list and the product tables, the general manager under what was decided on them (F16–F18)."""
    if paper.record.form_code not in ("F16", "F17", "F18"):
        return []
    signs = [published_by(paper, post_name("cs"))]
    if paper.record.form_code != "F16":
        found = decided(paper)
        signs.append(Sign(role=post_name("gm"), **_as_signed(found)) if found else Sign(role=post_name("gm")))
    return signs


def _as_signed(found: MixDecision) -> dict[str, str]:
    name = found.by.shown_name if found.by else ""
    return {"state": "signed", "name": name, "at": when(found.at), "result": str(found.get_verdict_display())}


def decided(paper: Publication) -> MixDecision | None:
    rows = MixDecision.objects.filter(period=paper.period, paper__publication__revision=paper.revision)
    return rows.select_related("by").first()


def aside(words: object) -> str:
    return _("（") + f"{words}" + _("）")


def percent(value: str | None) -> str:
    return "—" if value is None else f"{value}%"
