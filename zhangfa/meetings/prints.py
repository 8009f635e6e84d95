"""The minutes on A4: who was there, what was proposed and voted, what was decided (U01)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.meetings import queries
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.wording import by_unit, figure_lines, vote_words
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, signs_of, when
from zhangfa.records.queries import digest_now
from zhangfa.ui.words import join, text


def minutes(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The paper as it stands, in the reader's language."""
    meeting = Meeting.objects.select_related("convener", "unit").get(pk=record.pk)
    people = queries.people_of(meeting)
    here, away = [p for p in people if p.is_present], [p for p in people if p.is_present is False]
    facts = Grid(
        [
            Field(_("会议类型"), text(meeting.get_kind_display())), Field(_("单位"), meeting.unit.shown_name),
            Field(_("时间"), when(meeting.held_at or meeting.starts_at)), Field(_("地点"), meeting.place),
            Field(_("主持人"), meeting.convener.shown_name if meeting.convener else ""),
            Field(_("应到/实到"), f"{meeting.invited}/{meeting.present if meeting.held_at else ''}"),
            Field(_("决议时间"), when(meeting.resolved_at)), Field(_("公布时间"), when(meeting.published_at)),
            *([] if meeting.held_at else [Field(_("参会人"), join(p.person.shown_name for p in people), is_wide=True)]),
            Field(_("到会"), join(p.person.shown_name for p in here), is_wide=True),
            Field(_("缺席"), join(p.person.shown_name for p in away), is_wide=True),
        ]
    )  # fmt: skip
    sections: list[Any] = [facts]
    for label, words in (
        (_("要解决的问题"), meeting.problem), (_("严重性和紧迫性"), meeting.urgency), (_("初步方案"), meeting.solution),
    ):  # fmt: skip
        if words:
            sections.append(Prose(label, words))
    if meeting.figures:
        rows = [
            [
                unit,
                line["label"],
                *(line[f"{name}_shown"] for name in ("value", "target", "variance", "before")),
            ]
            for unit, lines in by_unit(figure_lines(meeting))
            for line in lines
        ]
        heads = [_("单位"), _("指标"), _("上周"), _("目标"), _("差异"), _("再上周")]
        sections.append(Rows(heads, rows, title=_("上周数字"), widths=[3, 3, 2, 2, 2, 2], numeric=(2, 3, 4, 5)))
    opinions = [[p.person.shown_name, p.opinion] for p in people if p.opinion]
    if opinions:
        sections.append(Rows([_("参会人"), _("意见")], opinions, title=_("意见"), widths=[1, 5]))
    sections += [Prose(_("讨论"), meeting.discussion), Prose(_("主持人的明确意见"), meeting.standpoint)]
    if meeting.is_deciding:
        votes = [[p.person.shown_name, text(p.get_vote_display()), p.dissent] for p in here if p.has_vote]
        sections.append(Rows([_("有表决权"), _("表决"), _("保留意见")], votes, title=_("表决"), widths=[1, 1, 4]))
    sections.append(Prose(_("决议"), "\n".join(filter(None, [meeting.resolution, vote_words(meeting)]))))
    decisions = [
        [str(d.seq), d.text, d.owner.shown_name, d.due_on.isoformat(), d.standard] for d in queries.tasks_of(meeting)
    ]
    heads = [_("序号"), _("要做什么"), _("负责人"), _("完成日期"), _("结果标准")]
    sections.append(Rows(heads, decisions, title=_("决定"), widths=[1, 5, 2, 2, 4]))
    if meeting.reward_rule:
        sections.append(Prose(_("配套奖惩"), meeting.reward_rule))
    copies = [
        [c.person.shown_name, str(c.number), when(c.sent_at), when(c.received_at)]
        for c in record.copies.select_related("person").order_by("number")
    ]
    return FormPrint(
        company=company_name(), title=_("会议记录与决议"), number=record.number or "", version=record.version,
        status=text(meeting.get_status_display()), code=record.form_code, head=[Field(_("主题"), meeting.topic)], sections=sections,
        signatures=signs_of(record), copies=copies, at=at, is_void=meeting.status == "cancelled",
        digest=digest_now(record) if record.number else "",
    )  # fmt: skip
