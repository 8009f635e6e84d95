"""What meetings lend to the house: notices, menu, statuses, searches, the minutes, the figures of the duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.core.text import _
from zhangfa.meetings import forms_of_record, queries, registry, wording
from zhangfa.meetings.actions.resolving import PASS_RATIO, RULE_DAYS, STRICT
from zhangfa.meetings.permissions import read_meetings
from zhangfa.meetings.registry import Line
from zhangfa.meetings.web.pages import STATUSES
from zhangfa.notices import registry as notices
from zhangfa.policy import registry as policy
from zhangfa.tasks import registry as tasks
from zhangfa.ui import menu
from zhangfa.ui import registry as ui

NOTICES: Mapping[str, Any] = {
    "meetings.called": wording.called_words,
    "meetings.changed": _("会议“%(topic)s”的通知有修改，请查看。"),
    "meetings.corrected": _("会议“%(topic)s”的讨论记录有更正，请查看。"),
    "meetings.cancelled": _("会议“%(topic)s”取消了。"),
}
PAGES = [("meetings:list", _("会议"))]


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(PASS_RATIO, STRICT, RULE_DAYS)
    policy.serves("AM-W1", policy.WORKS, PAGES)
    policy.serves("HS-W1.4", policy.WORKS, PAGES)
    policy.serves("CS-W3.4", policy.PARTIAL, PAGES)
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    forms_of_record.register()
    menu.register(
        "meetings", lazy("会议"), "meetings:list", icon="users", permission=read_meetings, order=10, group="governance"
    )
    ui.search.add("meetings", queries.search, label=lazy("会议"), order=60)
    ui.todo.add("meetings", queries.todo, label=lazy("会议"), order=30, url="/meetings/", below="rules")
    ui.lookups.add("meetings", queries.LOOKUP)
    ui.statuses.add("meetings.meeting.status", STATUSES)
    tasks.source(queries.SOURCE, lazy("会议决定"), url=lambda id: f"/meetings/{id}/")
    registry.figures("staff", staff_figures, order=70)
    registry.figures("meetings", task_figures, order=80)
    registry.figures("duties", duty_figures, order=90)


def staff_figures(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """Who came and who left in the week, by department (U02)."""
    came, left = queries.staff_changes(unit, first, last)
    return [
        Line(label, len(people), name)
        for label, found in ((_("入职人数"), came), (_("离职人数"), left))
        for name, people in sorted(found.items())
    ]


def task_figures(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """How many of the meetings' own tasks that were due in the week were done in time (U02)."""
    kept, every = queries.kept_in_time(unit, first, last)
    if not every:
        return []
    tone = "" if kept == every else "amber"
    return [Line(_("会议任务按时完成率"), f"{100 * kept / every:.1f}", kind="pct", tone=tone)]


def duty_figures(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """How the unit's departments kept their duties in the week (RPT-03)."""
    from zhangfa.duties.kept import ALL, Kept
    from zhangfa.organisation.models import Unit

    department = unit.pk if unit.kind == Unit.Kind.DEPARTMENT else None
    found = Kept(ALL, at, ["department"], department=department).split(first, last)["department"]
    names = {u.pk: u.name for u in Unit.objects.filter(pk__in=[key for key in found if key])}
    lines = []
    for key, tally in sorted(found.items(), key=lambda entry: entry[0] or 0):
        name = names.get(key, "")
        lines.append(
            Line(
                _("职责按时率"),
                tally.share if tally.share is not None else "—",
                name,
                kind="text" if tally.share is None else "pct",
            )
        )
        if tally.missed:
            lines.append(Line(_("逾期未完成的职责"), tally.missed, name, tone="red"))
    return lines
