"""Pages of training: the sessions, one with its learners, and the ledger against the quotas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_filters as df
from django import forms as base
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.models import Grade, Holding, Person
from zhangfa.organisation.web.fields import person_field
from zhangfa.people import actions
from zhangfa.people import training as ledger
from zhangfa.people.hours_words import quota_name
from zhangfa.people.models import TRAINING_READERS, Training
from zhangfa.people.permissions import arrange_training, read_hours, read_training
from zhangfa.people.web.balance import FIRST_YEAR, LAST_YEAR, whole
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet, typed_query
from zhangfa.ui.forms import DateField, Form, TextField
from zhangfa.ui.pages import CreatePage, ListPage, Page, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link

S = Training.Status
STATUSES = {
    "planned": Status(_("已安排"), "blue"),
    "closed": Status(_("已计学时"), "green"),
    "cancelled": Status(_("已取消")),
}
MOST = 40


class TrainingFilter(FilterSet):
    subject = df.ChoiceFilter(label=_("科目"), choices=Training.Subject.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))


class Trainings(ListPage):
    """Sessions held and to come."""

    model, permission, title, nav = Training, read_training, _("培训"), "training"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("topic", _("培训内容"), phone="title", wide=True),
        Column("get_subject_display", _("科目")),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("held_on", _("培训日期"), kind="date"),
        Column("hours", _("学时"), kind="number"),
        Column("trainer", _("讲师"), value=lambda row, page: row.trainer.shown_name if row.trainer else row.outside_trainer),
        Column("get_manner_display", _("方式"), optional=True),
    ]  # fmt: skip
    sorts = {"new": (_("最近"), "-held_on", "-pk")}
    filterset_class = TrainingFilter
    select_related = ["record", "trainer"]
    links = [
        Link("people:training-new", _("安排培训"), icon="plus", permission=arrange_training),
        Link("people:training-ledger", _("培训台账"), icon="list-check", permission=read_training, is_primary=False),
        Link("people:hours-reports", _("学时月报"), icon="report", permission=read_hours, is_primary=False),
    ]
    empty = Empty(_("没有培训"), _("从“安排培训”开始，培训后登记参加的人并计入学时。"), "school", arrange_training, _("您参加的培训会出现在这里。"))  # fmt: skip


def learners_part(page: Any, row: Training) -> tuple[str, dict[str, Any]]:
    return "people/parts/learners.html", {
        "learners": row.learners.select_related("person").order_by("person__no"),
        "training": row,
    }


class TrainingPage(RecordPage):
    """One session: what, by whom, for how long, who was there."""

    model, permission, nav, do_url, template_name = (
        Training,
        read_training,
        "training",
        "people:training-do",
        "people/training.html",
    )
    select_related = ["record__unit", "trainer", "unit", "made_by"]
    facts = [
        Column("get_subject_display", _("科目")),
        Column("get_manner_display", _("方式")),
        Column("held_on", _("培训日期"), kind="date"),
        Column("hours", _("学时"), kind="number"),
        Column("trainer", _("讲师"), value=lambda row, page: row.trainer.shown_name if row.trainer else row.outside_trainer),
        Column("place", _("地点")),
        Column("has_test", _("有小测验"), kind="bool"),
        Column("needs_signing", _("须签到"), kind="bool"),
        Column("unit.shown_name", _("单位")),
        Column("made_by.shown_name", _("登记人")),
        Column("closed_at", _("计学时时间"), kind="when"),
    ]  # fmt: skip
    parts = [
        Part("learners", _("参加的人"), learners_part, open=True),
        *records_parts("signatures", "files", "comments", "trail"),
    ]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.topic

    def next_step(self) -> Any:
        return _("登记参加的人，然后计入学时") if self.object.status == S.PLANNED else ""

    def holder(self) -> Any:
        return self.object.made_by.shown_name if self.object.status == S.PLANNED and self.object.made_by else ""


class TrainingForm(Form):
    topic = TextField(label=_("培训内容"), max_length=120)
    subject = base.ChoiceField(label=_("科目"), choices=Training.Subject.choices)
    manner = base.ChoiceField(label=_("方式"), choices=Training.Manner.choices, initial="class")
    held_on = DateField(label=_("培训日期"))
    hours = base.DecimalField(
        label=_("学时（小时）"), min_value=Decimal("0.5"), max_value=12, max_digits=3, decimal_places=1, help_text=_("以半小时为单位。"),
        widget=base.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    trainer = person_field("staff", label=_("讲师"), required=False)
    outside_trainer = TextField(label=_("外请讲师"), max_length=80, required=False)
    place = TextField(label=_("地点"), max_length=120, required=False)
    has_test = base.BooleanField(label=_("有小测验"), required=False)
    needs_signing = base.BooleanField(
        label=_("须签到"), required=False, initial=True, help_text=_("参加的人用自己的账号签字，或在讲师的手机上手写。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["held_on"].initial = clock.local_date(self.at)


class LearnersForm(Form):
    people = TextField(
        label=_("参加的人"), max_length=12_000, multiline=True, help_text=_("每行一个工号或姓名，有成绩的写在后面，例如：A0012 85")
    )  # fmt: skip


TRAINING_FORMS = {"note_learners": LearnersForm}


class TrainingNew(CreatePage):
    permission, title, form_class, nav = arrange_training, _("安排培训"), TrainingForm, "training"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("people:trainings")

    def act(self, form: Any) -> Training:
        return actions.arrange(**form.params(), by=self.actor, at=self.at)


class TrainingDo(TransitionPage):
    record_page, nav, forms = TrainingPage, "training", TRAINING_FORMS


def title_of(quota: ledger.Quota) -> str:
    return wording.title(policy.definition_of(quota.key))


class Ledger(Page):
    """Hours per person and quota: owed, expected to date, done, forecast to the year's end (RPT-05)."""

    permission, nav, title, template_name = read_training, "training", _("培训台账"), "people/ledger.html"

    def people(self) -> Any:
        """Oneself; a head the department; administration and the leaders everybody; those who were asked for."""
        day, actor = clock.local_date(self.at), self.actor
        held = Holding.objects.filter(Holding.valid_q(day), seat__is_active=True)
        if not actor.holds(*TRAINING_READERS):
            heads = [s.department_id or s.unit_id for s in actor.seats if s.grade == Grade.DEPARTMENT_MANAGER]
            below = held.filter(seat__unit__department_id__in=heads) | held.filter(seat__unit_id__in=heads)
            held = below | held.filter(person_id=actor.person_id or 0)
        rows = Person.objects.filter(pk__in=held.order_by().values("person_id"))
        return (rows.search(self.asked) if self.asked else rows).order_by("no")

    @cached_property
    def asked(self) -> str:
        return typed_query(self.request.GET)[0]

    def address(self, **more: Any) -> str:
        return f"?{urlencode({name: value for name, value in more.items() if value not in ('', None)})}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        year = whole(self.request.GET.get("year", ""), FIRST_YEAR, LAST_YEAR) or clock.local_date(self.at).year
        only = self.request.GET.get("quota", "")
        known = ledger.quotas()
        only = only if only in {quota.key for quota in known} else ""
        start = whole(self.request.GET.get("from", ""), 1, 999_999) or 0
        people = list(self.people()[start : start + MOST + 1])
        lines = ledger.ledger(people[:MOST], year, self.at, only=only)
        kept = {"year": year, "quota": only, "q": self.asked}
        given = [
            (
                quota_name(quota.key),
                Decimal(policy.value(quota.key, self.at)),
                ledger.delivered(quota.given_by, year, clock.local_date(self.at)),
            )
            for quota in known
            if quota.is_delivered
        ]
        return super().get_context_data(
            may_read_months=not list(read_hours(by=self.actor, at=self.at)), year=year, previous=year - 1, following=year + 1, only=only, quotas=[(q.key, quota_name(q.key)) for q in known if not q.is_delivered],
            lines=[(line, quota_name(line.quota.key)) for line in lines], given=given, asked=self.asked,
            before=self.address(**kept, **{"from": start - MOST if start > MOST else ""}) if start else "",
            after=self.address(**kept, **{"from": start + MOST}) if len(people) > MOST else "", note=gettext("网上学习最多算定额的 %(share)s%%。") % {"share": f"{policy.value(ledger.ELEARNING, self.at):f}".removesuffix(".0")},
            **kwargs,
        )  # fmt: skip
