"""组织机构修订单 (JG) and 岗位说明书 (U41) on A4."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.administration import revisions
from zhangfa.administration.models import Description, Revision
from zhangfa.administration.models.revisions import TEXTS
from zhangfa.approvals.prints import decisions_of
from zhangfa.organisation import history
from zhangfa.organisation.models import Post
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Sign, when
from zhangfa.ui.words import text

# Which of the post's three documents a part belongs to (U41).
DOCUMENTS = {
    "purpose": "responsibilities", "duties": "responsibilities", "powers": "responsibilities", "limits": "responsibilities",
    "requirements": "responsibilities", "procedures": "procedure", "discipline": "discipline",
}  # fmt: skip
SHOWN_UNITS = 60


def _form(record: Record, row: Revision, title: str, sections: list[Any], at: dt.datetime) -> FormPrint:
    drafted = Sign(
        role=_("起草人"),
        state="signed",
        name=row.drafted_by.shown_name if row.drafted_by else "",
        at=when(row.drafted_at),
    )
    return FormPrint(
        company=company_name(), title=title, number=record.number or "", version=record.version, status=str(row.get_status_display()),
        code=record.form_code, at=at, sections=sections, is_void=row.status == Revision.Status.WITHDRAWN,
        signatures=[drafted, *decisions_of(record)],
    )  # fmt: skip


def _head(row: Revision) -> list[Field]:
    done, told = revisions.receipt_counts(row)
    return [
        Field(_("修订名称"), row.title, is_wide=True), Field(_("版次"), str(row.edition or "—")), Field(_("生效日期"), row.effective_on.isoformat()),
        Field(_("批准时间"), when(row.approved_at)), Field(_("签收"), f"{done} / {told}"), Field(_("修订理由"), row.reason, is_wide=True),
    ]  # fmt: skip


def _revision(record: Record) -> Revision:
    return Revision.objects.select_related("record", "drafted_by", "post").get(pk=record.pk)


def chart_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """What changes, and the chart down to the departments as it stands on the day of effect (JG)."""
    row = _revision(record)
    lines = [[str(one.seq), one.label, one.name, one.before, one.after] for one in revisions.shown_lines(row, at)]
    heads = [_("行"), _("事项"), _("对象"), _("原来"), _("改为")]
    sections: list[Any] = [
        Grid(_head(row)),
        Rows(heads, lines, title=_("机构调整事项"), widths=[1, 2, 4, 3, 4], empty=_("按现状定版")),
    ]
    if row.in_force_at is not None:
        sections.append(_chart(row.effective_on))
    return _form(record, row, _("组织机构修订单"), sections, at)


def _chart(day: dt.date) -> Rows:
    """Company, regions and departments with their posts; outlets and sites as counts."""
    chart = history.chart_on(day)
    names = {post.pk: post.shown_name for post in Post.objects.order_by("order")}
    posts: dict[int, dict[str, int]] = {}
    below: dict[int, int] = {}
    for seat in chart.seats.values():
        found = posts.setdefault(seat.unit, {})
        found[seat.post] = found.get(seat.post, 0) + 1
    for unit in chart.units.values():
        if unit.kind in ("outlet", "site") and unit.parent is not None:
            below[unit.parent] = below.get(unit.parent, 0) + 1
    rows = []
    for unit in [one for one in chart.units.values() if one.kind not in ("outlet", "site")][:SHOWN_UNITS]:
        held = posts.get(unit.id, {})
        seats = "、".join(
            f"{names[post]} × {held[post]}" if held[post] > 1 else names[post] for post in names if post in held
        )
        parent = chart.units.get(unit.parent or 0)
        rows.append(
            [unit.code, unit.shown_name, parent.shown_name if parent else "", seats, str(below.get(unit.id, 0))]
        )
    heads = [_("代码"), _("单位"), _("上级单位"), _("席位"), _("网点和驻点")]
    return Rows(
        heads, rows, title=_("%(day)s 的组织机构") % {"day": day.isoformat()}, widths=[2, 3, 3, 5, 2], numeric=[4]
    )


def post_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The whole description with what this version changed in which of the post's documents (U41)."""
    row = _revision(record)
    description = Description.objects.select_related("superior").get(pk=row.pk)
    last = revisions.before(row)
    old = last.description.texts() if last is not None else None
    changes = {one.name: one for one in revisions.text_changes(description.texts(), old)}
    labels = {"responsibilities": _("岗位职责"), "procedure": _("作业流程"), "discipline": _("岗位纪律")}
    touched = {DOCUMENTS[name] for name, one in changes.items() if one.is_changed or old is None}
    facts = [
        Field(_("岗位"), row.post.shown_name if row.post else ""), Field(_("直接上级岗位"), description.superior.shown_name if description.superior else ""),
        *_head(row), Field(_("修订了哪些文档"), "、".join(labels[code] for code in labels if code in touched), is_wide=True),
    ]  # fmt: skip
    sections: list[Any] = [Grid(facts)]
    for name in TEXTS:
        label = text(Description._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        sections.append(Prose(label, getattr(description, name), height=12))
    if old is not None:
        rows = [
            [one.label, line.before, line.after]
            for one in changes.values() if one.is_changed
            for line in one.changes if line.kind != "same"
        ]  # fmt: skip
        sections.append(
            Rows(
                [_("部分"), _("原来"), _("改为")],
                rows,
                title=_("与上一版的差别"),
                widths=[2, 5, 5],
                empty=_("没有差别"),
            )
        )
    return _form(record, row, _("岗位说明书"), sections, at)
