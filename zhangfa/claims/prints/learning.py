"""《预防事故发生培训资料》 F14 and the published effect of rules RPT-14 on paper (CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims import learning
from zhangfa.claims.learning_rules import quiz_text
from zhangfa.claims.models import Case, Study
from zhangfa.organisation.shell import company_name
from zhangfa.policy.wording import post_name
from zhangfa.records import vault
from zhangfa.records.files import resized
from zhangfa.records.models import Publication, Record
from zhangfa.records.prints import Field, FormPrint, Grid, Photo, Photos, Prose, Rows, when
from zhangfa.ui.words import join, text

PICTURE_EDGE = 900


def study(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The lesson without names; the case behind it isn't printed."""
    row = Study.objects.select_related("written_by", "released_by").get(pk=record.pk)
    head = Grid(
        [
            Field(_("标题"), row.title, is_wide=True), Field(_("类别"), text(row.get_cause_display()), is_wide=True),
            Field(_("适用产品"), join(row.products)), Field(_("学习的岗位"), join(str(post_name(code)) for code in row.posts)),
        ]
    )  # fmt: skip
    points = "\n".join(f"{n}. {point}" for n, point in enumerate(row.checkpoints, 1))
    # The paper is handed out: the right answers stay in the house.
    asked = quiz_text([{**one, "answer": -1} for one in row.quiz])
    sections: list[Any] = [
        head, Prose(_("经过"), row.narrative), Prose(_("原因剖析"), row.analysis), Grid([Field(_("损失区间（元）"), row.loss_level, is_wide=True)]),
        Prose(_("正确做法"), row.correct_practice), Prose(_("预防要点"), points), _pictures(row), Prose(_("考题"), asked) if asked else None,
        _standing(row), _sessions(row),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("预防事故发生培训资料"), number=record.number or "", code=record.form_code, version=record.version,
        sections=[section for section in sections if section is not None], watermark="" if row.released_at else _("草稿"), at=at,
    )  # fmt: skip


def _pictures(row: Study) -> Photos | None:
    """The copies in the lesson: no time, no place, nothing that leads to the case."""
    found = [
        Photo(resized(vault.get(one.attachment.view_sha256), PICTURE_EDGE), one.caption)
        for one in row.pictures.select_related("attachment").order_by("pk")
    ]
    return Photos(found, title=_("图片（已隐去当事人）")) if found else None


def _standing(row: Study) -> Grid:
    return Grid(
        [
            Field(_("发布状态"), text(row.get_status_display())), Field(_("发布人"), row.released_by.shown_name if row.released_by else ""),
            Field(_("发布时间"), when(row.released_at)), Field(_("在哪天以前学完"), row.train_by.isoformat() if row.train_by else ""),
            Field(_("编写人"), row.written_by.shown_name if row.written_by else ""), Field(_("编写时间"), when(row.written_at)),
        ]
    )  # fmt: skip


def _sessions(row: Study) -> Rows | None:
    """使用记录: when it was taught, by whom, to how many."""
    sessions = list(row.sessions.select_related("training__record", "training__trainer").order_by("training__held_on"))
    if not sessions:
        return None
    came = dict(learning.attendance([one.pk for one in sessions]))
    lines = [
        [
            one.training.held_on.isoformat(), one.training.record.number or "", one.training.trainer.shown_name if one.training.trainer else one.training.outside_trainer,
            *(str(count) for count in came[one.pk]),
        ]
        for one in sessions
    ]  # fmt: skip
    heads = [_("培训日期"), _("编号"), _("讲师"), _("参加"), _("学完")]
    return Rows(heads, lines, title=_("使用记录"), widths=[2, 3, 3, 1, 1], numeric=[3, 4])


def effect(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The table as it was frozen."""
    paper = Publication.objects.get(pk=record.pk)
    causes = dict(Case.Cause.choices)
    heads = [
        _("制度"),
        _("原因"),
        _("生效日期"),
        _("以前（每千单）"),
        _("以后（每千单）"),
        _("比值"),
        _("95% 区间"),
        _("培训前后的比值"),
    ]
    rows = [
        [
            f"{row['number']} {row['title']}", text(causes.get(row["cause"], "")), row["effective_on"],
            f"{row['rate_before'] or '—'} ({row['before']})", f"{row['rate_after'] or '—'} ({row['after']})", row["ratio"] or "—",
            f"{row['low'] or '—'}–{row['high'] or '∞'}", _since_training(row.get("training")),
        ]
        for row in paper.figures["rows"]
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("事故制度效果"), number=record.number or "", code=record.form_code, version=paper.revision + 1,
        head=[Field(_("统计周期"), paper.period), Field(_("算到"), paper.figures["until"])],
        sections=[Rows(heads, rows, widths=[5, 2, 2, 2, 2, 1, 2, 3])], digest=paper.digest, at=at, is_landscape=True,
    )  # fmt: skip


def _since_training(found: dict[str, Any] | None) -> str:
    """The ratio since the training with its interval; papers frozen earlier have none."""
    if not found:
        return "—"
    return f"{found['from']}  {found['ratio'] or '—'} ({found['low'] or '—'}–{found['high'] or '∞'})"
