"""What regulations lend to the house: decisions, papers, notices, menu, searches, what meetings show of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals import registry as approvals
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import who_has
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, sink
from zhangfa.duties import registry as duties
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.queries import SOURCE as MEETING
from zhangfa.notices import registry as notices
from zhangfa.organisation.actor import Actor
from zhangfa.policy import registry as policy
from zhangfa.records.actions import concern_many
from zhangfa.regulations import forms_of_record, permissions, queries, registry
from zhangfa.regulations.actions import following, issuing
from zhangfa.regulations.models import Regulation
from zhangfa.regulations.web.pages import STATUSES
from zhangfa.ui import menu
from zhangfa.ui import registry as ui
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import Part

NOTICES: Mapping[str, Any] = {
    "regulations.promulgated": _("新制度“%(title)s”（%(number)s）从 %(day)s 起执行，请学习并签收。"),
    "regulations.supervised": _("制度“%(title)s”（%(number)s）从 %(day)s 起执行，由您监督执行。"),
    "regulations.to_report": _("制度“%(title)s”（%(number)s）由您的部门执行，请在 %(due)s 前提交执行报告。"),
    "regulations.reopened": _("制度“%(title)s”（%(number)s）已批准但不能照原样颁布，请看留言，修改后重新提交。"),
    "regulations.repealed": _("制度“%(title)s”（%(number)s）已废止。"),
    "regulations.to_read": _("您到新岗位后有 %(count)s 份制度要学习签收。"),
}
PAGES = [("regulations:list", _("制度"))]
KINDS = {
    issuing.REVIEW: _("制度审核"),
    issuing.APPROVE: _("制度批准"),
    issuing.REPEAL: _("废止制度"),
}


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(issuing.REPORT_DAYS, issuing.URGENT_DAYS)
    for clause in ("AM-W2", "AM-D3", "CS-W3.4"):
        policy.serves(clause, policy.WORKS, PAGES)
    policy.serves("HS-W1.9", policy.PARTIAL, PAGES)
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    for kind, label in KINDS.items():
        approvals.kind(kind, label, lock=issuing.lock_regulation, decided=issuing.follow, summary=_summary, why=_why)
    forms_of_record.register()
    duties.proposals.append(_draft_from_what_if)
    registry.source(MEETING, lazy("会议"), find_meeting)
    sink(60, "regulations.deciders", _let_deciders_see)
    sink(61, "regulations.newcomers", following.greet)
    menu.register(
        "regulations", lazy("制度"), "regulations:list", icon="book-2", permission=permissions.read_regulations, order=12, group="governance"
    )  # fmt: skip
    ui.search.add("regulations", queries.search, label=lazy("制度"), order=55)
    ui.todo.add("regulations", queries.todo, label=lazy("制度"), order=35, url="/regulations/mine/", below="rules")
    ui.figures.add("regulations", queries.figures)
    ui.lookups.add("regulations", queries.LOOKUP)
    ui.statuses.add("regulations.regulation.status", STATUSES)
    ui.panels.add("meetings.meeting", Part("regulations", lazy("据此出台的制度"), meeting_panel, open=True))


def _draft_from_what_if(actor: Actor, at: dt.datetime, key: str, query: str) -> list[tuple[Any, str]]:
    """From a reckoning over the past to the draft of the regulation that changes the figure."""
    if not is_open(permissions.draft_regulations, by=actor, at=at):
        return []
    return [(lazy("起草制度来修改"), f"{reverse('regulations:new')}?{query}")]


def _summary(step: Step) -> str:
    return str(step.facts.get("title", ""))


def _why(step: Step) -> list[str]:
    from django.utils.translation import gettext

    level = step.facts.get("level")
    if step.kind == issuing.REVIEW:
        return [gettext("公司级制度由行政部经理审核，部门级由部门经理审核。")]
    return [gettext("公司级制度由总经理批准。") if level == "company" else gettext("部门级制度由行政部经理批准。")]


def _let_deciders_see(happened: Happened) -> None:
    """Whoever a draft lies before may read it."""
    if happened.event in ("approvals.step.requested", "approvals.step.escalated") and happened.obj.kind in KINDS:
        step = happened.obj
        concern_many(step.record, [(person.pk, "decider") for person in who_has(step, happened.at)])


def find_meeting(actor: Actor, source_id: str, at: dt.datetime) -> registry.Origin | None:
    """A meeting as the origin of a rule: the next day is promised where it says so (CS-W3.4)."""
    try:
        pk = UUID(source_id)
    except ValueError:
        return None
    row = Meeting.objects.visible_to(actor).select_related("record", "convener").filter(pk=pk).first()
    if row is None:
        return None
    held = registry.Stage(
        _("开会并作出决议"), row.resolved_at, None, row.convener.shown_name if row.convener else "", row.get_absolute_url(), row.resolution,
        clause="AM-W1",
    )  # fmt: skip
    return registry.Origin(
        title=row.topic, url=row.get_absolute_url(), number=row.record.number or "", started_at=row.called_at, before=[held],
        promulgate_due_at=rule_due(row),
    )  # fmt: skip


def rule_due(meeting: Meeting) -> dt.datetime | None:
    """The end of the day after the meeting, where a rule was wanted."""
    from zhangfa.core import clock
    from zhangfa.policy.queries import value

    if not meeting.needs_rule or meeting.resolved_at is None:
        return None
    days = int(value("visit.rule_after_meeting_days", meeting.resolved_at))
    return clock.day_end(meeting.resolved_at + dt.timedelta(days=days))


def meeting_panel(page: Any, meeting: Meeting) -> tuple[str, dict[str, Any]]:
    """On a meeting's page: the rules born of it, and the way to draft one."""
    seen = Regulation.objects.visible_to(page.actor).values("pk")
    rules = [row for row in queries.of_source(MEETING, meeting.pk) if Regulation.objects.filter(pk=row.pk, pk__in=seen)]
    may = meeting.is_passed is not False and not list(permissions.draft_regulations(by=page.actor, at=page.at))
    return "regulations/parts/of_meeting.html", {
        "meeting": meeting, "rules": rules, "may_draft": may and meeting.status in ("resolved", "published"), "due_at": rule_due(meeting),
    }  # fmt: skip
