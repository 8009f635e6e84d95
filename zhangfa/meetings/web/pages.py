"""Pages of meetings: the list, one meeting, calling one, and every step of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.meetings import actions, queries
from zhangfa.meetings.choices import Kind, Status
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.permissions import call_meetings, read_meetings
from zhangfa.meetings.registry import words_about
from zhangfa.meetings.web.forms import EXTRA, FORMS, MANAGERS, CallForm
from zhangfa.meetings.wording import by_unit, figure_lines, vote_words
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Status as Badge
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S = Status
STATUSES = {
    S.CALLED.value: Badge(S.CALLED.label, "blue"), S.HELD.value: Badge(S.HELD.label, "amber"),
    S.RESOLVED.value: Badge(S.RESOLVED.label, "amber"), S.PUBLISHED.value: Badge(S.PUBLISHED.label, "green"),
    S.CANCELLED.value: Badge(S.CANCELLED.label),
}  # fmt: skip


class MeetingFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("会议类型"), choices=Kind.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=Status.choices)


class Meetings(ListPage):
    """What is called, held and published."""

    model, permission, title, nav = Meeting, read_meetings, _("会议"), "meetings"
    columns = (
        Column("record.number", _("编号"), kind="no", link=True),
        Column("topic", _("主题"), phone="title", wide=True),
        Column("kind", _("类型"), value=lambda row, page: row.get_kind_display()),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("starts_at", _("时间"), kind="when"),
        Column("convener", _("主持人"), value=lambda row, page: row.convener and row.convener.shown_name),
        Column("unit.shown_name", _("单位")),
        Column("is_passed", _("表决通过"), kind="bool", optional=True),
    )
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = MeetingFilter
    select_related = ("record", "convener", "unit")
    links = (Link("meetings:new", _("召集会议"), icon="plus", permission=call_meetings),)
    empty = Empty(_("还没有会议"), _("从“召集会议”开始；周例会会自动带上上周数字和任务。"), "users")


class MeetingRecord(KnownFacts):
    """One meeting: the problem and the solution, the figures, who thinks what, votes, decisions."""

    model, permission, nav, do_url = Meeting, read_meetings, "meetings", "meetings:do"
    template_name = "meetings/meeting.html"
    select_related = ("record__unit", "convener", "unit")
    parts = records_parts("files", "signatures", "copies", "comments", "trail")
    facts = (
        Column("kind", _("会议类型"), value=lambda row, page: row.get_kind_display()),
        Column("unit.shown_name", _("单位")),
        Column("starts_at", _("开会时间"), kind="when"),
        Column("place", _("地点")),
        Column("convener", _("主持人"), value=lambda row, page: row.convener and row.convener.shown_name),
        Column("present", _("应到/实到"), value=lambda row, page: f"{row.invited}/{row.present}" if row.held_at else row.invited),
        Column("published_at", _("公布时间"), kind="when"),
        Column("problem", _("要解决的问题"), wide=True),
        Column("urgency", _("严重性和紧迫性"), wide=True),
        Column("solution", _("初步方案"), wide=True),
        Column("discussion", _("讨论"), wide=True),
        Column("standpoint", _("主持人的明确意见"), wide=True),
        Column("resolution", _("决议"), wide=True),
        Column("vote", _("表决"), value=lambda row, page: vote_words(row), wide=True),
        Column("needs_rule", _("须出台制度"), kind="bool", value=lambda row, page: (row.needs_rule and row.is_passed is not False) or None),
        Column("reward_rule", _("配套奖惩"), wide=True),
        Column("cancel_reason", _("取消理由"), wide=True),
    )  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.topic

    def next_step(self) -> Any:
        return {
            S.CALLED: _("发表意见，开会时签到"), S.HELD: _("讨论、表决，作出决议"), S.RESOLVED: _("登记决定并公布结果"),
        }.get(self.object.status, "")  # fmt: skip

    def holder(self) -> Any:
        if self.object.status in (S.CALLED, S.HELD, S.RESOLVED) and self.object.convener:
            return self.object.convener.shown_name
        return ""

    def status_context(self) -> dict[str, Any]:
        # Once published there is nothing more to do: what is left is to correct the minutes, which nobody is pushed to.
        return super().status_context() | {"is_quiet_head": self.object.status == S.PUBLISHED}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meeting, people = self.object, queries.people_of(self.object)
        figures = figure_lines(meeting)
        last = queries.last_like(meeting) if meeting.is_reporting else None
        last_tasks = queries.tasks_of(last)
        decided = queries.tasks_of(meeting)
        states = queries.states_of([*decided, *last_tasks])
        opens = queries.open_to(self.actor, states.values())
        return super().get_context_data(
            people=people, figures=by_unit(figures), has_targets=any(line["target_shown"] for line in figures), decisions=_with_tasks(decided, states, opens), last=last,
            last_tasks=_with_tasks(last_tasks, states, opens), coming=queries.coming_tasks(meeting) if meeting.is_reporting else [],
            silent=join(p.person.shown_name for p in people if p.is_present and p.has_vote and not p.vote),
            **kwargs,
        )  # fmt: skip


def _with_tasks(rows: list[Any], states: dict[str, Any], opens: set[str]) -> list[tuple[Any, Any, bool]]:
    """Each decision, the task it became, and whether the reader may open that."""
    return [(row, states.get(row.task_id), row.task_id in opens) for row in rows]


class MeetingCreate(CreatePage):
    """Call a meeting; the type says what must be written."""

    permission, title, form_class, nav = call_meetings, _("召集会议"), CallForm, "meetings"
    submit_label = _("发会议通知")
    help = _("公司会议和问题会议要先写清问题、紧迫性和初步方案；周例会自动带上上周数字和上次的任务。")

    def get_initial(self) -> dict[str, Any]:
        given = self.request.GET
        starts = (self.at + dt.timedelta(days=1)).astimezone(clock.TZ).replace(hour=9, minute=0)
        found: dict[str, Any] = {
            "kind": given.get("kind", Kind.PROBLEM), "topic": given.get("topic", "")[:100], "starts_at": starts,
            "source_kind": given.get("source_kind", "")[:30], "source_id": given.get("source_id", "")[:40], "place": gettext("会议室"),
        }  # fmt: skip
        about = words_about(found["source_kind"], self.actor, found["source_id"], self.at)
        found |= {name: words for name, words in about.items() if not found.get(name)}
        if found["kind"] in (Kind.WEEKLY, Kind.COMPANY):
            found["posts"] = list(MANAGERS)
        return found

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("meetings:list")

    def act(self, form: Any) -> Any:
        return actions.call(by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("会议通知已发出。")


class MeetingDo(TransitionPage):
    """Every step of a meeting."""

    record_page, forms, nav = MeetingRecord, FORMS, "meetings"

    def get_initial(self) -> dict[str, Any]:
        meeting, name = self.subject(), self.kwargs["name"]
        if name == "change_call":
            names = ("topic", "problem", "urgency", "solution", "place")
            people = [p.person_id for p in queries.people_of(meeting) if p.person_id != meeting.convener_id]
            return {
                **{field: getattr(meeting, field) for field in names}, "starts_at": meeting.starts_at.astimezone(clock.TZ),
                **dict(zip(EXTRA, people, strict=False)),
            }  # fmt: skip
        if name == "open_meeting":
            return {"present": [p.person_id for p in queries.people_of(meeting) if p.is_present is not False]}
        if name == "correct_minutes":
            return {"discussion": meeting.discussion}
        if name == "decide":
            return {"due_on": clock.local_date(self.at) + dt.timedelta(days=7)}
        return {}
