"""Pages of regulations: the list, one version with its clauses, drafting, and every step to promulgation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.core import clock
from zhangfa.duties.web.finding import Finding, asked_in
from zhangfa.meetings.choices import Status as MeetingStatus
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.queries import SOURCE as MEETING
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.records.web.parts import records_parts
from zhangfa.regulations import actions, queries
from zhangfa.regulations.choices import POST_CODES, Kind, Level, Status, Topic
from zhangfa.regulations.models import Execution, Regulation
from zhangfa.regulations.permissions import draft_regulations, read_regulations, sees_receipts
from zhangfa.regulations.threads import thread
from zhangfa.regulations.web.forms import FORMS, DraftForm
from zhangfa.regulations.wording import consulted_words, effective_words, figure_words, posts_words, vital_words
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Part
from zhangfa.ui.registry import Status as Badge
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S = Status
MINUTED = (MeetingStatus.RESOLVED, MeetingStatus.PUBLISHED)
STATUSES = {
    S.DRAFT.value: Badge(S.DRAFT.label, "amber"), S.REVIEW.value: Badge(S.REVIEW.label, "blue"), S.DECIDING.value: Badge(S.DECIDING.label, "blue"),
    S.RETURNED.value: Badge(S.RETURNED.label, "amber"), S.APPROVED.value: Badge(S.APPROVED.label, "blue"),
    S.IN_FORCE.value: Badge(S.IN_FORCE.label, "green"), S.REPLACED.value: Badge(S.REPLACED.label), S.REPEALED.value: Badge(S.REPEALED.label),
    S.REFUSED.value: Badge(S.REFUSED.label, "red"), S.WITHDRAWN.value: Badge(S.WITHDRAWN.label),
}  # fmt: skip
BY_HAND = ("revise", "consult", "ask_question", "submit", "promulgate", "reopen", "withdraw", "ask_repeal")
RECEIPTS_SHOWN = 200


class Tick(df.BooleanFilter):  # type: ignore[misc]
    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.CheckboxInput, **kwargs)


class RegulationFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=Status.choices)
    kind = df.ChoiceFilter(label=_("类型"), choices=Kind.choices)
    topic = df.ChoiceFilter(label=_("内容类别"), choices=Topic.choices)
    level = df.ChoiceFilter(label=_("颁发级别"), choices=Level.choices)
    force = Tick(label=_("只看现行的"), method="only_force")
    late = Tick(label=_("执行报告逾期"), method="only_late")

    class Meta:
        model = Regulation
        fields: list[str] = []

    def only_force(self, qs: Any, name: str, value: bool) -> Any:
        return qs.in_force(clock.local_date(clock.now())) if value else qs

    def only_late(self, qs: Any, name: str, value: bool) -> Any:
        owed = Execution.objects.filter(reported_at=None, due_at__lt=clock.now()).values("regulation_id")
        return qs.filter(pk__in=owed) if value else qs


class Regulations(ListPage):
    """The rules of the house, and the drafts that the reader has to do with."""

    model, permission, title, nav = Regulation, read_regulations, _("制度"), "regulations"
    columns = (
        Column("record.number", _("编号"), kind="no", link=True),
        Column("title", _("主题"), phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("kind", _("类型"), value=lambda row, page: row.get_kind_display()),
        Column("topic", _("内容类别"), value=lambda row, page: row.get_topic_display(), optional=True),
        Column("unit.shown_name", _("颁发单位"), optional=True),
        Column("edition", _("版次"), kind="number"),
        Column("effective_on", _("生效日期"), kind="date"),
        Column("posts", _("对哪些岗位"), value=lambda row, page: posts_words(row.posts), optional=True, wide=True),
        Column(
            "drafted_by",
            _("起草人"),
            value=lambda row, page: row.drafted_by and row.drafted_by.shown_name,
            optional=True,
        ),
    )
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = RegulationFilter
    select_related = ("record", "unit", "drafted_by")
    links = (
        Link("regulations:mine", _("我要签收的"), icon="checkbox", is_primary=False),
        Link("regulations:new", _("起草制度"), icon="plus", permission=draft_regulations),
    )
    empty = Empty(_("还没有制度"), _("从“起草制度”开始；颁布后涉及的每个人签收，各部门报告执行情况。"), "book")


def clauses_part(page: Any, row: Regulation) -> tuple[str, dict[str, Any]]:
    last = queries.before(row)
    return "regulations/parts/clauses.html", {
        "clauses": list(row.clauses.order_by("seq")), "before": last, "changes": queries.differences(row) if last else [],
        "may_see_answers": row.status != S.IN_FORCE and not list(draft_regulations(by=page.actor, at=page.at)),
    }  # fmt: skip


def receipts_part(page: Any, row: Regulation) -> tuple[str, dict[str, Any]]:
    """Who has not acknowledged, first; only as far as the reader manages."""
    rows = queries.receipts_seen(row, page.actor)
    open_rows = list(rows.filter(at=None).order_by("unit_id", "pk")[: RECEIPTS_SHOWN + 1])
    return "regulations/parts/receipts.html", {
        "owed": open_rows[:RECEIPTS_SHOWN], "is_more": len(open_rows) > RECEIPTS_SHOWN,
        "given": list(rows.exclude(at=None).order_by("-at", "-pk")[:50]), "counts": queries.receipt_counts([row.pk]).get(row.pk, (0, 0)),
    }  # fmt: skip


def executions_part(page: Any, row: Regulation) -> tuple[str, dict[str, Any]]:
    rows = row.executions.select_related("department", "reported_by", "record").order_by("department_id")
    return "regulations/parts/executions.html", {"executions": list(rows)}


def editions_part(page: Any, row: Regulation) -> tuple[str, dict[str, Any]]:
    seen = Regulation.objects.visible_to(page.actor).values("pk")
    return "regulations/parts/editions.html", {
        "editions": list(queries.editions(row).filter(pk__in=seen)),
    }


class RegulationRecord(KnownFacts):
    """One version: what, for whom, why, its clauses beside those before, receipts and reports."""

    model, permission, nav, do_url = Regulation, read_regulations, "regulations", "regulations:do"
    template_name = "regulations/regulation.html"
    select_related = ("record__unit", "unit", "drafted_by", "supervisor")
    parts = [
        Part("clauses", _("条文"), clauses_part, open=True), Part("receipts", _("签收"), receipts_part, permission=sees_receipts),
        Part("executions", _("各部门执行报告"), executions_part), Part("editions", _("历次版本"), editions_part),
        *records_parts("files", "comments", "trail"),
    ]  # fmt: skip
    facts = (
        Column("kind", _("类型"), value=lambda row, page: row.get_kind_display()),
        Column("topic", _("内容类别"), value=lambda row, page: row.get_topic_display()),
        Column("level", _("颁发级别"), value=lambda row, page: f"{row.get_level_display()} · {row.unit.shown_name}"),
        Column("edition", _("版次"), kind="number"),
        Column("summary", _("要说明什么"), wide=True),
        Column("posts", _("对哪些岗位"), value=lambda row, page: posts_words(row.posts), wide=True),
        Column("reason", _("为什么颁发"), wide=True),
        Column("problem", _("解决什么问题"), wide=True),
        Column("references", _("依据的资料"), wide=True),
        Column("how", _("怎么做"), wide=True),
        Column("done_by", _("何时完成"), kind="date"),
        Column("period", _("执行时期"), value=lambda row, page: row.get_period_display() if row.period == "daily" else f"{row.from_on} — {row.to_on}"),
        Column("vital", _("涉及员工切身利益"), value=lambda row, page: vital_words(row.vital), wide=True),
        Column("consulted", _("员工协商"), value=lambda row, page: consulted_words(row), wide=True),
        Column("figure", _("修改章程"), value=lambda row, page: figure_words(row), wide=True),
        Column("drafted_by", _("起草人"), value=lambda row, page: row.drafted_by and row.drafted_by.shown_name),
        Column("promulgated_at", _("颁布时间"), kind="when"),
        Column("effective_on", _("生效日期"), value=lambda row, page: effective_words(row)),
        Column("expires_on", _("失效日期"), kind="date"),
        Column("ended_on", _("终止日期"), kind="date"),
        Column("supervisor", _("执行监督人"), value=lambda row, page: row.supervisor and row.supervisor.shown_name),
        Column("report_due_at", _("执行报告截止"), kind="when"),
        Column("repeal_reason", _("废止理由"), value=lambda row, page: row.repeal_reason if row.status == S.REPEALED or page.repeal else "", wide=True),
    )  # fmt: skip

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        row = self.object
        if self.repeal is not None:
            return _("批准废止")
        if row.status == S.IN_FORCE:
            return _("收齐各部门的执行报告") if row.executed_at is None else ""
        if row.status in (S.DRAFT, S.RETURNED):
            return _("登记员工协商后提交审批") if self.is_to_consult() else _("提交审批")
        return {S.REVIEW: _("审核"), S.DECIDING: _("批准"), S.APPROVED: _("颁布并指定监督人")}.get(row.status, "")

    def holder(self) -> Any:
        row = self.object
        if row.status in (S.DRAFT, S.RETURNED):
            return row.drafted_by.shown_name if row.drafted_by else ""
        is_followed = row.status == S.IN_FORCE and row.executed_at is None and self.repeal is None
        if row.status == S.APPROVED or is_followed:
            seats = holders([seat.pk for seat in seats_with_post("am")], self.at)
            return join(person.shown_name for people in seats.values() for person in people)
        return join(p.shown_name for step in waiting_for(row.record_id) for p in who_has(step, self.at))

    def buttons(self) -> list[Any]:
        """What people press, the next step first; what follows from a decision has no button."""
        first = self.next_name()
        found = [button for button in super().buttons() if button[0].name in BY_HAND]
        if self.object.status == S.IN_FORCE and list(draft_regulations(by=self.actor, at=self.at)):
            # Whoever only keeps the rule needn't read why others may end it.
            found = [button for button in found if not button[1]]
        return sorted(found, key=lambda button: (button[0].name != first, BY_HAND.index(button[0].name)))

    @cached_property
    def repeal(self) -> Any:
        """The question whether it ends, where it has been asked and not yet answered."""
        row = self.object
        return queries.repeal_waiting(row) if row.status == S.IN_FORCE and row.repeal_reason else None

    def next_name(self) -> str:
        """The step that brings it on; once it waits for others or binds, none of those above is what one came for."""
        row = self.object
        if row.status in (S.DRAFT, S.RETURNED):
            return "consult" if self.is_to_consult() else "submit"
        return "promulgate" if row.status == S.APPROVED else ""

    def is_to_consult(self) -> bool:
        row = self.object
        return bool(row.vital) and not row.is_urgent and not row.consulted_on

    def status_context(self) -> dict[str, Any]:
        found = super().status_context()
        return found | {"is_quiet_head": not found["ready"] or found["ready"][0][0].name != self.next_name()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        found = thread(row.source_kind, row.source_id, self.actor, self.at) if row.source_kind else None
        own = queries.receipt_of(row, self.actor.person_id)
        return super().get_context_data(
            **steps_shown(row.record_id, self.actor), chain=found, own_receipt=own, own_report=queries.owed_report(row, self.actor),
            may_revise=row.status == S.IN_FORCE and not list(draft_regulations(by=self.actor, at=self.at)), **kwargs,
        )  # fmt: skip


class RegulationCreate(CreatePage):
    """Draft a regulation, or the next version of one (`?revises=`)."""

    permission, title, form_class, nav = draft_regulations, _("起草制度"), DraftForm, "regulations"
    submit_label = _("保存草案")
    help = _("按手册的要求逐项写清楚；保存后可以修改、登记员工协商、出考题，再提交审批。")

    @cached_property
    def revised(self) -> Regulation | None:
        key = self.request.GET.get("revises", "")
        if not key:
            return None
        rows = Regulation.objects.visible_to(self.actor)
        try:
            return get_object_or_404(rows, pk=key)
        except (ValueError, TypeError, forms.ValidationError):
            raise Http404 from None

    def get_initial(self) -> dict[str, Any]:
        given, row = self.request.GET, self.revised
        found = {
            name: given.get(name, "")[:size]
            for name, size in (("source_kind", 30), ("source_id", 40), ("title", 100), ("kind", 12))
        }
        found = {name: value for name, value in found.items() if value}
        if row is not None:
            found |= revision_of(row, clock.local_date(self.at))
        elif asked := asked_in(given, by=self.actor, at=self.at):
            found |= draft_of(asked)
        else:
            found |= self.decided(found.get("source_kind", ""), found.get("source_id", ""))
        return found

    def decided(self, kind: str, source_id: str) -> dict[str, Any]:
        """What the problem's meeting wrote down and decided needn't be typed again; its rule is due the next day (CS-W3.4)."""
        chain = thread(kind, source_id, self.actor, self.at) if kind else None
        # Who sees the origin needn't have been in the meeting: its minutes are for those who may read them.
        keys = [one.pk for one in chain.meetings] if chain else []
        keys += [source_id] if chain and kind == MEETING else []
        seen = (
            Meeting.objects.visible_to(self.actor).filter(pk__in=keys, status__in=MINUTED)
            if keys
            else Meeting.objects.none()
        )
        passed = [one for one in seen.select_related("record").order_by("resolved_at") if one.is_passed is not False]
        if chain is None or not passed:
            return {}
        last = passed[-1]
        return {
            "summary": last.resolution[:1000], "reason": last.urgency[:1000], "problem": last.problem[:1000],
            "references": f"{last.record.number} {last.topic}"[:1000], "is_fast": chain.origin.needs_meeting or kind == MEETING,
        }  # fmt: skip

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("regulations:list")

    def act(self, form: Any) -> Any:
        return actions.draft(by=self.actor, at=self.at, **form.params())


def draft_of(found: Finding) -> dict[str, Any]:
    """The draft that follows from a reckoning over the past: the figure, what was found, from which day."""
    facts = {"name": found.name, "old": found.old, "new": found.new}
    return {
        "kind": "regulation", "topic": "general", "level": "company", "title": gettext("调整“%(name)s”") % facts,
        "summary": gettext("把“%(name)s”由 %(old)s 改为 %(new)s。") % facts, "reason": found.reason(),
        "problem": gettext("现行的 %(old)s 与过去的实际情况不相称，见重算结果。") % facts,
        "references": gettext("对 %(since)s 至 %(until)s 的记录重算。") % {"since": found.since, "until": found.until},
        "clauses": gettext("自本制度生效之日起，“%(name)s”由 %(old)s 改为 %(new)s。") % facts,
        "posts": [post for post in found.posts if post in POST_CODES], "policy_key": found.key, "policy_value": found.value,
        "effective_on": found.effective_from,
    }  # fmt: skip


def initial_of(row: Regulation) -> dict[str, Any]:
    """The answers of a draft as its form shows them."""
    names = (
        "kind", "topic", "title", "summary", "reason", "problem", "references", "posts", "how", "done_by", "period", "from_on", "to_on", "vital",
        "is_urgent", "expires_on", "policy_key", "policy_value", "is_fast", "effective_on",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"clauses": "\n".join(queries.texts(row))}


def revision_of(row: Regulation, today: dt.date) -> dict[str, Any]:
    """The next version begins with the words of the last, without its days; a figure that has come stands in the handbook."""
    found = initial_of(row) | {"level": row.level, "department": row.department_id, "revises": str(row.pk)}
    found |= {"effective_on": None, "expires_on": None}
    is_coming = row.status == S.IN_FORCE and row.effective_on is not None and row.effective_on > today
    return found if is_coming else found | {"policy_key": "", "policy_value": ""}


class RegulationDo(TransitionPage):
    """Every step that people take."""

    record_page, forms, nav = RegulationRecord, FORMS, "regulations"

    def get_initial(self) -> dict[str, Any]:
        row = self.subject()
        if self.kwargs["name"] == "revise":
            return initial_of(row)
        if self.kwargs["name"] == "promulgate":
            today = clock.local_date(self.at)
            first = today + dt.timedelta(days=1) if row.policy_key else today
            return {
                "expires_on": None if row.policy_key else row.expires_on,
                "effective_on": max(first, row.effective_on or first),
            }
        return {}
