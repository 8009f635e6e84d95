"""离岗与代理: who is away and who acts meanwhile."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actions import absences
from zhangfa.organisation.models import Absence, Person
from zhangfa.organisation.permissions import announce_own_absence, read_absences, set_absence
from zhangfa.organisation.web import forms
from zhangfa.organisation.web.common import OnePage
from zhangfa.ui.access import is_open
from zhangfa.ui.display import since
from zhangfa.ui.forms import Form as ConfirmForm
from zhangfa.ui.pages import FormPage, ListPage
from zhangfa.ui.tables import Column, Empty, Link


def state_of(absence: Absence, page: Any) -> Any:
    if absence.cancelled_at:
        return _("已取消")
    if absence.to_at <= page.at:
        return _("已结束")
    return _("离岗中") if absence.from_at <= page.at else _("未开始")


def cancel_link(absence: Absence, page: Any) -> Any:
    is_running = absence.cancelled_at is None and absence.to_at > page.at
    if not is_running or not is_open(set_absence, by=page.actor, at=page.at, obj=absence):
        return ""
    return format_html('<a href="{}">{}</a>', reverse("organisation:absence-cancel", args=[absence.pk]), _("取消"))


class Absences(ListPage):
    """One's own, and everybody's for those who keep the chart."""

    model, permission, title, nav = Absence, read_absences, _("离岗与代理"), "absences"
    columns = [
        Column("person.shown_name", _("离岗人"), phone="title"),
        Column("from_at", _("开始"), value=lambda row, page: since(row.from_at), kind="when"),
        Column("to_at", _("结束"), kind="when"),
        Column("delegate.shown_name", _("代理人")),
        Column("reason", _("原因"), optional=True),
        Column("state", _("状态"), phone="badge", value=state_of),
        Column("cancel", _("办理"), value=cancel_link, export=False),
    ]
    sorts = {"new": (_("最近"), "-from_at", "-id")}
    select_related = ["person", "delegate"]
    links = [Link("organisation:absence-new", _("我要离岗"), icon="calendar-off", permission=announce_own_absence)]
    empty = Empty(_("没有离岗登记"), _("离开岗位前，从“我要离岗”登记时间和代理人。"), "calendar-off")

    def search(self, rows: QuerySet[Any], q: str) -> QuerySet[Any]:
        return rows.filter(person__in=Person.objects.search(q)) if q else rows

    def row_url(self, row: Absence) -> str:
        return ""


class AbsenceCreate(FormPage):
    """我要离岗: for oneself."""

    permission, title, form_class, nav = announce_own_absence, _("我要离岗"), forms.AbsenceForm, "absences"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:absences")

    def act(self, form: Any) -> None:
        absences.enter(Person.objects.get(pk=self.actor.person_id), **form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class PersonAbsence(OnePage):
    """Being away, entered for somebody."""

    model, permission, title, form_class, nav = Person, set_absence, _("登记离岗"), forms.AbsenceForm, "absences"

    def act(self, form: Any) -> Any:
        absences.enter(self.object, **form.params(), by=self.actor, at=self.at)
        return self.object


class AbsenceCancel(OnePage):
    model, permission, title, form_class, nav = Absence, set_absence, _("取消离岗"), ConfirmForm, "absences"
    help = _("代理立即结束。")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:absences")

    def act(self, form: Any) -> None:
        absences.cancel(self.object, by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url
