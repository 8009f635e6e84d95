"""《事故或服务质量理赔总额表》 F13 and 改正意见, as they were frozen (CC-D1, CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims import wording
from zhangfa.claims.prints import common
from zhangfa.claims.totals_table import ACCIDENTS, COMPLAINTS, Line, Slice, table
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Prose, Rows, when
from zhangfa.records.registry import forms
from zhangfa.ui.display import money
from zhangfa.ui.words import text

WIDTHS = {"number": 0.75, "money": 1.25, "pct": 0.75, "rate": 0.85}


def totals(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The table on A4 across: accidents, complaints apart from them, what they split into."""
    paper = Publication.objects.get(pk=record.pk)
    made = table(paper.figures)
    splits = [
        _split(_("按原因"), made.causes),
        _split(_("按承诺"), made.promises),
        _split(_("投诉按类型"), made.categories),
    ]
    sections = [
        _half(_("事故理赔"), ACCIDENTS, made.lines, made.total), _half(_("投诉补偿（单列）"), COMPLAINTS, made.lines, made.total), *splits,
        Prose(_("情况说明"), paper.figures.get("comment", "")), Prose(_("建议"), paper.figures.get("suggestion", "")),
    ]  # fmt: skip
    period = Field(_("统计周期"), f"{paper.figures['from_on']} — {paper.figures['to_on']}")
    return _frame(paper, actor, at, [period], sections, is_landscape=True)


def bundle(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The week's improvements, nobody named."""
    paper = Publication.objects.get(pk=record.pk)
    rows = [
        [row[name] for name in ("number", "unit", "category", "cause", "measure")]
        for row in map(wording.said, paper.figures["rows"])
    ]
    heads = [_("案件"), _("网点"), _("类型"), _("原因"), _("今后如何避免")]
    empty = _("本周没有案件结案，没有改正意见。")
    sections: list[Any] = [Rows(heads, rows, widths=[1.4, 1.1, 0.8, 1, 3.4], empty=empty)]
    if paper.figures.get("note"):
        sections.append(Prose(_("说明"), paper.figures["note"]))
    begins = dt.date.fromisoformat(paper.figures["week_on"])
    week = Field(_("周"), f"{begins} — {begins + dt.timedelta(days=6)}")
    return _frame(paper, actor, at, [week], sections)


def _half(title: str, columns: Sequence[tuple[str, Any, str]], lines: Sequence[Line], total: Line) -> Rows:
    rows = [[_name(line), *(_figure(line.values.get(key), kind) for key, _label, kind in columns)] for line in lines]
    return Rows(
        [_("部门、网点"), *(str(label) for _key, label, _kind in columns)], rows, title=title,
        widths=[2, *(WIDTHS[kind] for _key, _label, kind in columns)], numeric=list(range(1, len(columns) + 1)),
        total=[total.name, *(_figure(total.values.get(key), kind) for key, _label, kind in columns)],
    )  # fmt: skip


def _name(line: Line) -> str:
    return line.name if line.kind == "department" else f"\u3000{line.name}"


def _figure(value: Any, kind: str) -> str:
    """Nothing is a dash, as in the books."""
    if value is None or value == 0:
        return "—"
    if kind == "money":
        return money(value)
    return f"{value:.1f}%" if kind == "pct" else f"{value:,}"


def _split(title: str, parts: Sequence[Slice]) -> Rows:
    rows = [[part.name, str(part.count), money(part.amount), f"{part.share}%"] for part in parts]
    return Rows(
        [_("类别"), _("件数"), _("金额"), _("占比")], rows, title=title, widths=[3, 1, 1.5, 1], numeric=[1, 2, 3]
    )


def _frame(
    paper: Publication, actor: Any, at: dt.datetime, facts: Sequence[Field], sections: Sequence[Any], *, is_landscape: bool = False
) -> FormPrint:  # fmt: skip
    record = paper.record
    form = forms.get(record.form_code)
    made_by = record.created_by.shown_name if record.created_by else ""
    return FormPrint(
        company=company_name(), title=text(form.title), number=record.number or "", code=record.form_code,
        version=record.version, status=_("第 %(n)s 次修订") % {"n": paper.revision} if paper.revision else "", at=at,
        late=_("逾期") if record.is_late(at) else "", is_void=record.status == Record.Status.VOID,
        head=[
            *facts, Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), made_by),
            Field(_("发布时间"), when(paper.published_at)), Field(_("截止"), when(record.due_at)),
        ],
        sections=sections, signatures=common.signs(record, None, actor), copies=common.copies(record, actor), digest=paper.digest, is_landscape=is_landscape,
    )  # fmt: skip
