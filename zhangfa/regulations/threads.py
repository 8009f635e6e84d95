"""One chain on one page: from what happened to the rule, its execution and its effect (CC-W2.1, CS-W3.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.meetings.choices import Status as MeetingStatus
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.queries import SOURCE as MEETING
from zhangfa.meetings.queries import of_source as meetings_of
from zhangfa.meetings.wording import withheld
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.regulations import queries
from zhangfa.regulations.choices import Status
from zhangfa.regulations.models import Regulation
from zhangfa.regulations.registry import Origin, Source, Stage, source_of
from zhangfa.ui.words import join


@dataclass(frozen=True)
class Thread:
    """A chain as the reader sees it: its origin, and every step with date, holder and lateness."""

    source: Source
    source_id: str
    origin: Origin
    stages: list[Stage]
    regulations: list[Regulation]
    meetings: list[Any]

    @property
    def url(self) -> str:
        return f"/threads/{self.source.kind}/{self.source_id}/"

    def now(self, at: dt.datetime) -> Stage | None:
        """The first step that is still to be taken."""
        return next((one for one in self.stages if one.state(at) in ("due", "overdue", "waiting")), None)


def thread(kind: str, source_id: str, actor: Actor, at: dt.datetime) -> Thread | None:
    """The chain of one origin; None for those who may not see it."""
    known = source_of(kind)
    origin = known.find(actor, source_id, at) if known else None
    if known is None or origin is None:
        return None
    meetings = _with(meetings_of(kind, source_id), Meeting, origin.meeting_id, "convener")
    found = _with(queries.of_source(kind, source_id), Regulation, origin.regulation_id, "drafted_by", "supervisor")
    for meeting in meetings:
        found += queries.of_source(MEETING, meeting.pk)
    # Who sees the origin needn't have been in the meeting, nor be among those whom a draft concerns.
    read = {*_readable(Meeting, meetings, actor), *_readable(Regulation, found, actor)}
    stages = [
        *origin.before,
        *_meeting_stages(origin, meetings, read),
        *_rule_stages(origin, found, meetings, read, at),
        *origin.after,
    ]
    return Thread(known, source_id, origin, stages, found, meetings)


def _with(rows: list[Any], model: Any, key: Any, *joined: str) -> list[Any]:
    """The rows, and the one that was linked by hand, if it isn't among them."""
    if key is None or any(row.pk == key for row in rows):
        return rows
    return [*rows, *model.objects.filter(pk=key).select_related("record", *joined)]


def _readable(model: Any, rows: list[Any], actor: Actor) -> set[Any]:
    if not rows:
        return set()
    return set(model.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _meeting_stages(origin: Origin, meetings: list[Any], read: set[Any]) -> Iterator[Stage]:
    if not meetings and not origin.needs_meeting:
        return
    meeting = meetings[-1] if meetings else None
    url = meeting.get_absolute_url() if meeting and meeting.pk in read else ""
    yield Stage(
        _("召开问题会议"), meeting.held_at if meeting else None, origin.meeting_due_at,
        meeting.convener.shown_name if meeting and meeting.convener else _names("cs", origin, None), url,
        meeting.get_status_display() if meeting else "", is_open=True, clause="AM-W1",
    )  # fmt: skip
    if meeting:
        resolution = meeting.resolution if url else withheld()
        yield Stage(
            _("公布会议结果"), meeting.published_at, None, meeting.convener.shown_name if meeting.convener else "", url,
            resolution if meeting.status in (MeetingStatus.RESOLVED, MeetingStatus.PUBLISHED) else "",
            is_open=meeting.held_at is not None, clause="AM-W1",
        )  # fmt: skip


def _rule_stages(
    origin: Origin, found: list[Regulation], meetings: list[Any], read: set[Any], at: dt.datetime
) -> Iterator[Stage]:
    if origin.waived:
        yield Stage(
            _("出台制度"), note=origin.waived, is_skipped=True, clause="CS-W3.4" if origin.needs_meeting else "CC-W2.1"
        )
        return
    rule = _rule_of(origin, found)
    begun, seen = rule is not None, rule is not None and rule.pk in read
    url = rule.get_absolute_url() if rule and seen else ""
    yield Stage(
        _("起草制度"), rule.drafted_at if rule else None, origin.draft_due_at,
        rule.drafted_by.shown_name if rule and rule.drafted_by else "", url, rule.title if rule and seen else "",
        is_open=is_time_to_draft(origin, meetings), clause="AM-W2",
    )  # fmt: skip
    waiting = waiting_for(rule.record_id) if rule else []
    holder = join(person.shown_name for step in waiting for person in who_has(step, at))
    approved = rule is not None and (rule.status == Status.APPROVED or rule.is_public)
    yield Stage(
        _("审核和批准"), _decided_at(rule) if approved else None, None, holder, url,
        rule.get_status_display() if rule else "", is_open=begun, clause="AM-W2",
    )  # fmt: skip
    yield Stage(
        _("颁布制度"), rule.promulgated_at if rule else None, origin.promulgate_due_at, _names("am", origin, at), url,
        is_open=approved, clause="AM-W2",
    )  # fmt: skip
    done, everybody = queries.receipt_counts([rule.pk]).get(rule.pk, (0, 0)) if rule else (0, 0)
    last = rule.receipts.order_by("-at").exclude(at=None).values_list("at", flat=True).first() if rule else None
    yield Stage(
        _("员工签收"), last if everybody and done == everybody else None, None, "", f"{url}?part=receipts" if url else "",
        _("已签收 %(done)s / %(all)s 人") % {"done": done, "all": everybody} if rule and rule.promulgated_at else "",
        is_open=bool(rule and rule.promulgated_at), clause="AM-D3",
    )  # fmt: skip
    done, everybody = queries.execution_counts([rule.pk]).get(rule.pk, (0, 0)) if rule else (0, 0)
    yield Stage(
        _("各部门报告执行情况"), rule.executed_at if rule else None, rule.report_due_at if rule else None, "",
        f"{url}?part=executions" if url else "",
        _("已报告 %(done)s / %(all)s 个部门") % {"done": done, "all": everybody} if rule and rule.promulgated_at else "",
        is_open=bool(rule and rule.promulgated_at), clause="AM-W2",
    )  # fmt: skip


def _rule_of(origin: Origin, found: list[Regulation]) -> Regulation | None:
    """Of several drafts the one that the origin went on by, else the first that came out, else the first."""
    linked = [rule for rule in found if rule.pk == origin.regulation_id]
    return next(iter([*linked, *(rule for rule in found if rule.is_public), *found]), None)


def is_time_to_draft(origin: Origin, meetings: list[Any]) -> bool:
    """A rule that a meeting is to ask for waits for the meeting (CS-W3.4)."""
    return not origin.needs_meeting or any(
        meeting.resolved_at is not None and meeting.is_passed is not False for meeting in meetings
    )


def _decided_at(rule: Regulation | None) -> dt.datetime | None:
    if rule is None:
        return None
    from zhangfa.approvals.models import Step

    steps = Step.objects.filter(record_id=rule.pk, state=Step.State.AGREED).order_by("-seq")
    return steps.values_list("decided_at", flat=True).first()


def _names(post: str, origin: Origin, at: dt.datetime | None) -> str:
    """Who holds the post now, as far as it is asked."""
    when = at or origin.started_at
    if when is None:
        return ""
    people: list[Person] = [p for found in holders([s.pk for s in seats_with_post(post)], when).values() for p in found]
    return join(person.shown_name for person in people[:2])
