"""Seats: the page of one, who sits there and whom it reports to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation import chart
from zhangfa.organisation.actions import holdings, seats
from zhangfa.organisation.models import Holding, Seat
from zhangfa.organisation.permissions import edit_chart, edit_structure, read_chart, read_people
from zhangfa.organisation.web import forms
from zhangfa.organisation.web.common import Doings, OnePage, doing, doings
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import Form as ConfirmForm
from zhangfa.ui.pages import RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column

SHOWN = 100


def history_part(page: Any, seat: Seat) -> tuple[str, dict[str, Any]]:
    rows = (
        seat.holdings.filter(to_on__lt=clock.local_date(page.at))
        .select_related("person")
        .order_by("-to_on", "-pk")[:50]
    )
    return "organisation/holdings.html", {
        "holdings": rows,
        "by_person": True,
        "is_reader": is_open(read_people, by=page.actor, at=page.at),
    }


def below_part(page: Any, seat: Seat) -> tuple[str, dict[str, Any]]:
    return "organisation/seats.html", {
        "seats": chart.seat_nodes(seat.subordinates.filter(is_active=True)[:200], page.at)
    }


class SeatPage(RecordPage):
    model, permission, template_name, nav = Seat, read_chart, "organisation/seat.html", "chart"
    select_related = ["post", "unit", "reports_to__post", "reports_to__unit"]
    facts = [
        Column("post.shown_name", _("岗位")),
        Column("post.get_grade_display", _("职级")),
        Column("unit.shown_name", _("单位")),
    ]
    parts = [Part("below", _("向它汇报的席位"), below_part), Part("history", _("以前的任职"), history_part)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat = self.object
        buttons = Doings([doing(_("安排任职"), "organisation:hold", self, edit_chart, seat)])
        buttons += doings(
            self, edit_structure, seat, (_("改变直接上级"), "organisation:seat-superior"), (_("停用席位"), "organisation:seat-retire")
        )  # fmt: skip
        still = Holding.objects.filter(seat=seat).exclude(to_on__lt=clock.local_date(self.at))
        now = list(still.select_related("person").order_by("from_on", "pk")[:SHOWN])
        away = chart.absences_of([holding.person_id for holding in now], self.at)
        return super().get_context_data(
            doings=buttons if seat.is_active else Doings(), line=chart.line_above(seat), is_editor=is_open(edit_chart, by=self.actor, at=self.at),
            is_reader=is_open(read_people, by=self.actor, at=self.at),
            current=[(holding, away.get(holding.person_id)) for holding in now], **kwargs,
        )  # fmt: skip


class Hold(OnePage):
    model, permission, title, form_class, nav = Seat, edit_chart, _("安排任职"), forms.HoldForm, "chart"

    def act(self, form: Any) -> Any:
        holdings.hold(seat=self.object, **form.params(), by=self.actor, at=self.at)
        return self.object


class Superior(OnePage):
    model, permission, title, form_class, nav = Seat, edit_structure, _("改变直接上级"), forms.SuperiorForm, "chart"
    help = _("从现在起交来的表单按新的线走；已经在路上的不变。")

    def get_initial(self) -> dict[str, Any]:
        return {"reports_to": self.object.reports_to_id or ""}

    def act(self, form: Any) -> Seat:
        return seats.set_superior(self.object, **form.params(), by=self.actor, at=self.at)


class Retire(OnePage):
    model, permission, title, form_class, nav = Seat, edit_structure, _("停用席位"), ConfirmForm, "chart"

    def act(self, form: Any) -> Seat:
        return seats.retire(self.object, by=self.actor, at=self.at)


class HoldingEnd(OnePage):
    """Somebody leaves a seat."""

    model, permission, title, form_class, nav = Holding, edit_chart, _("办理离任"), forms.EndForm, "chart"

    def rows(self) -> Any:
        return Holding.objects.filter(seat__in=Seat.objects.visible_to(self.actor)).select_related("seat", "person")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return str(self.subject().seat.get_absolute_url())

    def act(self, form: Any) -> Seat:
        seat: Seat = self.object.seat
        holdings.end(self.object, **form.params(), by=self.actor, at=self.at)
        return seat
