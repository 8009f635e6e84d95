"""Stored codes of meetings in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.meetings.models import Meeting
from zhangfa.organisation.models import Unit
from zhangfa.ui.display import money, when
from zhangfa.ui.words import text


def withheld() -> str:
    """Instead of a resolution, for whoever sees what the meeting was about but was not in it."""
    return _("会议已作出决议，内容供参会人员查看。")


def called_words(params: Mapping[str, Any]) -> str:
    return _("请参加会议“%(topic)s”（%(number)s），请先看初步方案并发表意见。") % dict(params)


def vote_words(meeting: Meeting) -> str:
    """6 of 11 present with a vote agreed: passed by at least 50 %."""
    if meeting.is_passed is None:
        return ""
    facts = {
        "voters": meeting.voters, "yes": meeting.yes, "no": meeting.no, "abstain": meeting.voters - meeting.yes - meeting.no,
        "ratio": f"{meeting.pass_ratio.normalize():f}" if meeting.pass_ratio is not None else "",
    }  # fmt: skip
    said = (
        _("到会有表决权 %(voters)s 人：赞成 %(yes)s，反对 %(no)s，弃权 %(abstain)s；须超过 %(ratio)s%%。")
        if meeting.is_strict
        else _("到会有表决权 %(voters)s 人：赞成 %(yes)s，反对 %(no)s，弃权 %(abstain)s；须达到 %(ratio)s%%。")
    ) % facts
    return said + (_("通过。") if meeting.is_passed else _("没有通过。"))


def figure_lines(meeting: Meeting) -> list[dict[str, Any]]:
    """The frozen figures with their labels in the reader's language."""
    lines = []
    for line in meeting.figures:
        said = {name: _said(line.get(name), line["kind"]) for name in ("value", "before", "target", "variance")}
        lines.append({**line, "label": text(line["label"]), **{f"{name}_shown": words for name, words in said.items()}})
    return lines


def by_unit(lines: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The figures of each unit together under its name in the reader's language, what concerns the whole first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault(line["unit"], []).append(line)
    names = {unit.name: unit.shown_name for unit in Unit.objects.filter(name__in=found).order_by("-pk")}
    groups = [(names.get(name, name), told) for name, told in found.items()]
    return sorted(groups, key=lambda group: bool(group[0]))


def _said(value: Any, kind: str) -> str:
    if value is None:
        return ""
    return money(value) if kind == "money" else f"{value}%" if kind == "pct" else str(value)


__all__ = ["by_unit", "called_words", "figure_lines", "vote_words", "when"]
