"""Balances of leave, their ledger and corrections, rosters, and the calendar of a unit."""

from __future__ import annotations

import calendar as months
import datetime as dt
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.web.common import OnePage, doing
from zhangfa.people import actions, leave_kinds, leave_rules
from zhangfa.people import leave as facts_of
from zhangfa.people.models import Leave, LeaveEntry, Roster, ServiceBasis
from zhangfa.people.permissions import keep_balances, keep_rosters, read_balance, read_leaves
from zhangfa.people.web.leave import balance_lines
from zhangfa.people.web.leave_forms import WEEKDAYS, CorrectionForm, RosterForm, ServiceForm, SettleForm
from zhangfa.ui.pages import CreatePage, ListPage, Page
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join, text

FIRST_YEAR, LAST_YEAR = 2000, 2199


def whole(value: str, low: int, high: int) -> int | None:
    """A number of an address, or nothing."""
    found = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0
    return found if low <= found <= high else None


class BalancePage(Page):
    """A person's balances of a year with every line behind them."""

    permission, nav, template_name = read_balance, "leaves", "people/balance.html"

    def subject(self) -> Any:
        if not hasattr(self, "person"):
            rows = Person.objects.visible_to(self.actor)
            self.person = get_object_or_404(rows, pk=self.kwargs.get("pk", self.actor.person_id or 0))
        return self.person

    def page_title(self) -> Any:
        return gettext("%(name)s的假期余额") % {"name": self.subject().shown_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, today = self.subject(), clock.local_date(self.at)
        year = whole(self.request.GET.get("year", ""), FIRST_YEAR, LAST_YEAR) or today.year
        lines = LeaveEntry.objects.filter(person=person, year=year).select_related("leave__record", "made_by")
        ledger = [
            (row, leave_kinds.kind_of(row.kind).name, leave_rules.in_days(row.halves)) for row in lines.order_by("-pk")[:100]
        ]  # fmt: skip
        doings = [
            doing(_("登记或更正"), "people:balance-correct", self, keep_balances, person),
            doing(_("结清上一年的余额"), "people:balance-settle", self, keep_balances, person),
            doing(_("登记累计工龄"), "people:service", self, keep_balances, person),
        ]
        return super().get_context_data(
            person=person, year=year, balances=balance_lines(facts_of.balances(person, year, self.at)), ledger=ledger,
            basis=ServiceBasis.objects.filter(person=person).first(), doings=[one for one in doings if not one.refusals],
            medical=facts_of.medical_of(person, self.at), previous=year - 1, following=year + 1, **kwargs,
        )  # fmt: skip


class _OfPerson(OnePage, abstract=True):
    model, permission, nav = Person, keep_balances, "leaves"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("people:balance-of", args=[self.kwargs["pk"]])

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class BalanceCorrect(_OfPerson):
    title, form_class = _("登记或更正假期余额"), CorrectionForm

    def act(self, form: Any) -> Any:
        return actions.correct(self.subject(), **form.params(), by=self.actor, at=self.at)


class BalanceSettle(_OfPerson):
    title, form_class = _("结清上一年的余额"), SettleForm

    def act(self, form: Any) -> Any:
        return actions.settle(self.subject(), **form.params(), by=self.actor, at=self.at)


class ServiceEdit(_OfPerson):
    title, form_class = _("登记累计工龄"), ServiceForm

    def get_initial(self) -> dict[str, Any]:
        basis = ServiceBasis.objects.filter(person=self.subject()).first()
        return {name: getattr(basis, name) for name in ("prior_months", "is_continuous", "ground")} if basis else {}

    def act(self, form: Any) -> Any:
        return actions.set_service(self.subject(), **form.params(), by=self.actor, at=self.at)


def days_of_week(row: Roster) -> str:
    names = dict(WEEKDAYS)
    return join(text(names[day]) for day in row.weekdays)


class Rosters(ListPage):
    """Who works on other days than the company's calendar says."""

    model, permission, title, nav = Roster, keep_rosters, _("排班"), "rosters"
    columns = [
        Column("whose", _("单位或个人"), value=lambda row, page: (row.unit or row.person).shown_name, phone="title"),
        Column("weekdays", _("每周上班日"), value=lambda row, page: days_of_week(row)),
        Column("works_holidays", _("节假日上班"), kind="bool"),
        Column("from_on", _("从哪天起"), kind="date"),
        Column("to_on", _("到哪天止"), kind="date"),
    ]
    sorts = {"new": (_("最新"), "-from_on", "-id")}
    select_related = ["unit", "person"]
    is_searchable = False
    links = [Link("people:roster-new", _("登记排班"), icon="plus", permission=keep_rosters)]
    empty = Empty(_("没有另外的排班"), _("都按公司日历上班。周末营业的网点从“登记排班”开始。"), "calendar-event")

    def row_url(self, row: Roster) -> str:
        return ""


class RosterNew(CreatePage):
    permission, title, form_class, nav = keep_rosters, _("登记排班"), RosterForm, "rosters"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("people:rosters")

    def act(self, form: Any) -> Any:
        return actions.set_roster(**form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class LeaveCalendar(Page):
    """A month of a unit: who is away on which half day; neither kind nor reason."""

    permission, nav, title, template_name = read_leaves, "leaves", _("请假日历"), "people/calendar.html"

    def units(self) -> list[Unit]:
        """The units whose leave this person sees: their own, and those below."""
        seen = Leave.objects.visible_to(self.actor).order_by().values("unit_id")
        own = [seat.unit_id for seat in self.actor.seats]
        return list((Unit.objects.filter(pk__in=seen) | Unit.objects.filter(pk__in=own)).order_by("code")[:200])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        typed = self.request.GET.get("month", "")
        year = whole(typed[:4], FIRST_YEAR, LAST_YEAR) or today.year
        month = whole(typed[5:7], 1, 12) or today.month
        units = self.units()
        asked = whole(self.request.GET.get("unit", ""), 1, 9999)
        unit = next((one for one in units if one.pk == asked), None) or next(iter(units), None)
        first, count = dt.date(year, month, 1), months.monthrange(year, month)[1]
        days = [first + dt.timedelta(days=n) for n in range(count)]
        last = days[-1]
        return super().get_context_data(
            units=units, unit=unit, days=[(day, facts_of.is_working(day), day == today) for day in days], month=f"{year}-{month:02}",
            lines=lines_of(unit, days) if unit else [], previous=f"{first - dt.timedelta(days=1):%Y-%m}",
            following=f"{last + dt.timedelta(days=1):%Y-%m}", **kwargs,
        )  # fmt: skip


def lines_of(unit: Unit, days: list[dt.date]) -> list[tuple[Person, list[tuple[str, str]]]]:
    """For each person away in the month: what each day is, all of it, a half, or nothing."""
    first, last = leave_rules.slot_of(days[0], "am"), leave_rules.slot_of(days[-1], "pm")
    rows = (
        Leave.objects.standing().filter(unit=unit, last_slot__gte=first, first_slot__lte=last).select_related("person")
    )
    found: dict[Person, list[Leave]] = {}
    for row in rows.order_by("person__no", "first_slot")[:500]:
        found.setdefault(row.person, []).append(row)
    return [(person, [_cell(day, leaves) for day in days]) for person, leaves in found.items()]


def _cell(day: dt.date, leaves: list[Leave]) -> tuple[str, str]:
    morning = leave_rules.slot_of(day, "am")
    away = [row for row in leaves if row.first_slot <= morning + 1 and row.last_slot >= morning]
    if not away:
        return "", ""
    halves = {slot for row in away for slot in (morning, morning + 1) if row.first_slot <= slot <= row.last_slot}
    tone = "is-wait" if all(row.status == Leave.Status.PROPOSED for row in away) else "is-full"
    word = gettext("全天") if len(halves) == 2 else (gettext("上午") if morning in halves else gettext("下午"))
    return tone, word
