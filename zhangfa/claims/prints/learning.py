"""《预防事故发生培训资料》 F14 and the published effect of rules RPT-14 on paper (CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.learning_rules import quiz_text
from zhangfa.claims.models import Case, Study
from zhangfa.organisation.shell import company_name
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, when
from zhangfa.ui.words import join, text


def study(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The lesson without names; the case behind it isn't printed."""
    row = Study.objects.select_related("written_by", "released_by").get(pk=record.pk)
    facts = Grid(
        [
            Field(_("标题"), row.title, is_wide=True), Field(_("类别"), text(row.get_cause_display())), Field(_("损失区间（元）"), row.loss_level),
            Field(_("适用产品"), join(row.products)), Field(_("学习的岗位"), join(str(post_name(code)) for code in row.posts)),
            Field(_("编写人"), row.written_by.shown_name if row.written_by else ""), Field(_("发布人"), row.released_by.shown_name if row.released_by else ""),
            Field(_("编写时间"), when(row.written_at)), Field(_("发布时间"), when(row.released_at)),
        ]
    )  # fmt: skip
    # The paper is handed out: the right answers stay in the house.
    asked = quiz_text([{**one, "answer": -1} for one in row.quiz])
    sections: list[Any] = [
        facts, Prose(_("经过"), row.narrative), Prose(_("原因剖析"), row.analysis), Prose(_("正确做法"), row.correct_practice),
        Prose(_("预防要点"), "\n".join(row.checkpoints)),
    ]  # fmt: skip
    if asked:
        sections.append(Prose(_("考题"), asked))
    return FormPrint(
        company=str(company_name()), title=_("预防事故发生培训资料"), number=record.number or "", code=record.form_code, version=record.version,
        sections=sections, watermark="" if row.released_at else _("草稿"), at=at,
    )  # fmt: skip


def effect(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The table as it was frozen."""
    paper = Publication.objects.get(pk=record.pk)
    causes = dict(Case.Cause.choices)
    heads = [_("制度"), _("原因"), _("生效日期"), _("以前（每千单）"), _("以后（每千单）"), _("比值"), _("95% 区间")]
    rows = [
        [
            f"{row['number']} {row['title']}", text(causes.get(row["cause"], "")), row["effective_on"],
            f"{row['rate_before'] or '—'} ({row['before']})", f"{row['rate_after'] or '—'} ({row['after']})", row["ratio"] or "—",
            f"{row['low'] or '—'}–{row['high'] or '∞'}",
        ]
        for row in paper.figures["rows"]
    ]  # fmt: skip
    return FormPrint(
        company=str(company_name()), title=_("事故制度效果"), number=record.number or "", code=record.form_code, version=paper.revision + 1,
        head=[Field(_("统计周期"), paper.period), Field(_("算到"), paper.figures["until"])],
        sections=[Rows(heads, rows, widths=[5, 2, 2, 2, 2, 1, 2])], digest=paper.digest, at=at, is_landscape=True,
    )  # fmt: skip
