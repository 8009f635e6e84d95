"""The list behind every number, one duty with its evidence, and the paper that asks to be excused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.core import clock
from zhangfa.duties import actions, queries, rules, wording
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Excuse, Occurrence
from zhangfa.duties.permissions import ask_excuse, read_duties
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.wording import post_name
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.display import since
from zhangfa.ui.filters import BoundFilterSet, DayFrom, DayTo, LookupFilter
from zhangfa.ui.forms import Form, TextField
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Explanation
from zhangfa.ui.words import join

S, ES = Occurrence.State, Excuse.Status
TONES = {S.OPEN: "blue", S.DONE: "green", S.LATE: "amber", S.MISSED: "red", S.EXCUSED: "grey", S.VOID: "grey"}
STATES = {state.value: Status(state.label, tone) for state, tone in TONES.items()}
EXCUSES = {
    ES.PROPOSED.value: Status(ES.PROPOSED.label, "blue"), ES.APPROVED.value: Status(ES.APPROVED.label, "green"),
    ES.REFUSED.value: Status(ES.REFUSED.label, "red"), ES.WITHDRAWN.value: Status(ES.WITHDRAWN.label, "grey"),
}  # fmt: skip
STANDS = {
    rules.ON_TIME: _("按时完成"), rules.LATE: _("逾期完成"), rules.MISSED: _("逾期未完成"), rules.EXCUSED: _("已免责"),
    rules.PENDING: _("未到期"),
}  # fmt: skip


def stands(row: Occurrence, page: Any) -> Status:
    """How it counts: what is open after its due instant is red, whatever may still come."""
    state = rules.standing(state=row.state, due_at=row.due_at, at=page.at)
    label = STANDS.get(state, S(row.state).label)
    return Status(label, TONES[S(state)])


def posts() -> list[tuple[str, Any]]:
    return [(code, post_name(code)) for code in POSTS]


def watched() -> list[tuple[str, str]]:
    return [(row.key, wording.name_of(row.key)) for row in catalogue().rows if row.is_on]


class DueFrom(DayFrom):
    """Due on this day or later: 24:00 belongs to the day that it ends."""

    def filter(self, qs: Any, value: dt.date | None) -> Any:
        return qs.filter(due_at__gt=clock.day_start(value)) if value else qs


class DueTo(DayTo):
    def filter(self, qs: Any, value: dt.date | None) -> Any:
        return qs.filter(due_at__lte=clock.day_start(value + dt.timedelta(days=1))) if value else qs


class OccurrenceFilter(BoundFilterSet):
    """Due from and to, how it stands, whose, of which duty: what the numbers of the compliance pages lead to."""

    stands = df.ChoiceFilter(label=_("状态"), choices=list(STANDS.items()), method="by_standing")
    from_on = DueFrom("due_at", label=_("到期日从"))
    to_on = DueTo("due_at", label=_("到期日到"))
    post = df.ChoiceFilter("seat__post_id", label=_("岗位"), choices=posts)
    duty = df.ChoiceFilter("duty_id", label=_("职责"), choices=watched)
    department = LookupFilter("department", source="units", label=_("部门"))
    person = LookupFilter("person", source="people", label=_("责任人"))

    class Meta:
        model = Occurrence
        fields: list[str] = []

    def by_standing(self, qs: Any, name: str, value: str) -> Any:
        now = clock.now()
        if value == rules.MISSED:
            return qs.filter(state=S.MISSED) | qs.filter(state=S.OPEN, due_at__lt=now)
        return qs.filter(state=S.OPEN, due_at__gte=now) if value == rules.PENDING else qs.filter(state=value)


class OccurrenceList(ListPage):
    """Every duty that the reader may see, newest due day first."""

    model, permission = Occurrence, read_duties
    title, nav = _("职责办理情况"), "standing"
    columns = (
        Column("duty", _("职责"), link=True, phone="title", value=lambda row, page: str(row.duty)),
        Column("state", _("状态"), kind="status", phone="badge", value=stands),
        Column("person", _("责任人"), value=lambda row, page: row.person.shown_name if row.person else ""),
        Column("seat", _("岗位席位"), value=lambda row, page: str(row.seat), optional=True),
        Column(
            "subject",
            _("编号或期间"),
            value=lambda row, page: queries.number_on(row),
        ),
        Column("due_at", _("期限"), kind="when"),
        Column("done_at", _("完成时间"), kind="when"),
        Column("clause", _("依据"), value=lambda row, page: row.duty.clause, optional=True),
    )
    sorts = {"due": (_("期限最近"), "-due_at", "-pk"), "old": (_("期限最早"), "due_at", "pk")}
    filterset_class = OccurrenceFilter
    select_related = ("duty", "seat__post", "seat__unit", "person", "record__parent")
    empty = Empty(_("没有职责"), _("换一个日期或条件再看。"), "checklist")

    def narrow(self, rows: Any) -> Any:
        return super().narrow(rows.exclude(state=S.VOID))


class OccurrenceRecord(RecordPage):
    """One duty: what is owed until when by whom, the evidence that came in, who was told."""

    model, permission, nav = Occurrence, read_duties, "standing"
    template_name = "duties/occurrence.html"
    select_related = (
        "duty",
        "seat__post",
        "seat__unit",
        "person",
        "record__parent",
        "escalated_to__post",
        "escalated_to__unit",
    )
    facts = (
        Column("state", _("状态"), kind="status", value=stands),
        Column("person", _("责任人"), value=lambda row, page: row.person.shown_name if row.person else ""),
        Column("seat", _("岗位席位"), value=lambda row, page: str(row.seat)),
        Column("period", _("期间"), value=lambda row, page: row.period),
        Column("opened_at", _("开始"), value=lambda row, page: since(row.opened_at), kind="when"),
        Column("due_at", _("期限"), kind="when"),
        Column("done_at", _("完成时间"), kind="when"),
        Column("needed", _("要求与完成"), value=lambda row, page: wording.progress(row, page.at)),
        Column(
            "escalated_to", _("已报告上级"), value=lambda row, page: str(row.escalated_to) if row.escalated_to else ""
        ),
        Column("evidence", _("完成的凭据"), value=lambda row, page: row.duty.shown_evidence, wide=True),
    )

    def page_title(self) -> Any:
        return str(self.object.duty)

    def number(self) -> Any:
        return queries.number_on(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        known = catalogue().by_key.get(row.duty_id)
        return super().get_context_data(
            clause=row.duty.clause, evidence=row.evidence.order_by("at", "pk")[:100], where=queries.address(row),
            excuses=row.excuses.visible_to(self.actor).select_related("record"), is_watched=known is not None,
            refusals=list(ask_excuse(row, by=self.actor, at=self.at)),
            may_excuse=row.state not in (S.DONE, S.EXCUSED, S.VOID), figures=wording.figures_of(row), **kwargs,
        )  # fmt: skip


class ExcuseForm(Form):
    reason = TextField(label=_("没有按时完成的原因"), max_length=400, multiline=True)


class ExcuseCreate(CreatePage):
    """Ask to be excused from one duty."""

    permission, nav, form_class = ask_excuse, "standing", ExcuseForm
    submit_label = _("提交上级审批")

    def subject(self) -> Any:
        if not hasattr(self, "occurrence"):
            rows = Occurrence.objects.visible_to(self.actor).select_related("duty", "person", "seat")
            self.occurrence = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.occurrence

    def page_title(self) -> Any:
        return gettext("申请免责：%(duty)s") % {"duty": self.occurrence.duty}

    @property
    def back_url(self) -> str:
        return self.occurrence.get_absolute_url()

    def act(self, form: Any) -> Any:
        return actions.propose_excuse(self.occurrence, by=self.actor, at=self.at, **form.params())

    def explain(self, form: Any) -> Explanation:
        return Explanation(
            gettext("上级"), "X-1",
            (gettext("免责由上级批准，本人不能批准自己的申请。"), gettext("同意后不计入按时率，但不会显示为按时完成。")),
        )  # fmt: skip


class ExcuseRecord(RecordPage):
    """One paper: which duty, why, and who decides."""

    model, permission, nav = Excuse, read_duties, "standing"
    do_url, template_name = "duties:excuse-do", "duties/excuse.html"
    parts = records_parts("comments", "trail")
    select_related = (
        "record__unit",
        "proposed_by",
        "occurrence__duty",
        "occurrence__person",
        "occurrence__seat__post",
        "occurrence__seat__unit",
    )
    facts = (
        Column("duty", _("职责"), value=lambda row, page: str(row.occurrence.duty), wide=True),
        Column(
            "person",
            _("责任人"),
            value=lambda row, page: row.occurrence.person.shown_name if row.occurrence.person else "",
        ),
        Column("seat", _("岗位席位"), value=lambda row, page: str(row.occurrence.seat)),
        Column("occurrence.due_at", _("期限"), kind="when"),
        Column("occurrence.done_at", _("完成时间"), kind="when"),
        Column("proposed_at", _("提交时间"), kind="when"),
        Column("reason", _("原因"), wide=True),
    )

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("职责免责申请")

    def next_step(self) -> Any:
        return _("上级审批") if self.object.status == ES.PROPOSED else ""

    def holder(self) -> Any:
        return join(
            person.shown_name for step in waiting_for(self.object.record_id) for person in who_has(step, self.at)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **steps_shown(self.object.record_id, self.actor), duty_url=reverse("duties:occurrence", args=[self.object.occurrence_id]),
            **kwargs,
        )  # fmt: skip


class ExcuseDo(TransitionPage):
    """Take the paper back."""

    record_page, nav = ExcuseRecord, "standing"

    def subject(self) -> Any:
        found = super().subject()
        if self.kwargs["name"] != "withdraw":
            raise Http404
        return found
