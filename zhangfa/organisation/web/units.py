"""Units: the page of one, and the forms that change it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation import chart
from zhangfa.organisation.actions import holdings, seats, units
from zhangfa.organisation.models import Charge, Holding, Unit
from zhangfa.organisation.permissions import edit_chart, edit_structure, read_chart
from zhangfa.organisation.queries import executive_seat_for
from zhangfa.organisation.web import forms
from zhangfa.organisation.web.common import Doings, OnePage, doing, doings
from zhangfa.ui.forms import Form as ConfirmForm
from zhangfa.ui.pages import CreatePage, RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column


def placements_part(page: Any, unit: Unit) -> tuple[str, dict[str, Any]]:
    return "organisation/placements.html", {
        "placements": unit.placements.select_related("parent").order_by("-from_on", "-pk")[:50]
    }


class UnitPage(RecordPage):
    model, permission, template_name, nav = Unit, read_chart, "organisation/unit.html", "chart"
    select_related = ["parent", "department", "region"]
    facts = [
        Column("get_kind_display", _("类型")),
        Column("parent.shown_name", _("上级单位")),
        Column("department.shown_name", _("所属部门")),
        Column("region.shown_name", _("所属区域")),
    ]
    parts = [Part("placements", _("上级单位的变化"), placements_part)]

    def number(self) -> str:
        return str(self.object.code)

    def page_title(self) -> Any:
        return self.object.shown_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.object
        buttons = Doings(doings(
            self, edit_structure, unit, (_("修改"), "organisation:unit-edit"), (_("新设席位"), "organisation:seat-new"),
            (_("调整上级"), "organisation:unit-move"), (_("停用"), "organisation:unit-close"),
        ))  # fmt: skip
        if unit.kind in (Unit.Kind.DEPARTMENT, Unit.Kind.REGION):
            buttons.insert(2, doing(_("指定分管领导"), "organisation:charge-new", self, edit_chart, unit))
        charge = charge_of(unit, self.at)
        if charge is not None:
            buttons.append(doing(_("结束分管"), "organisation:charge-end", self, edit_chart, unit))
        executive = charge.seat if charge else executive_seat_for(unit, self.at)
        return super().get_context_data(
            doings=buttons if unit.is_active else Doings(), seats=chart.seat_nodes(unit.seats.filter(is_active=True), self.at),
            children=unit.children.filter(is_active=True).order_by("kind", "code")[:200], charge=charge, executive=executive, **kwargs,
        )  # fmt: skip


def charge_of(unit: Unit, at: dt.datetime) -> Charge | None:
    """Who is in charge of the unit by assignment on that day."""
    rows = Charge.objects.filter(Holding.valid_q(clock.local_date(at)), unit=unit)
    return rows.select_related("seat__post", "seat__unit").first()


class UnitCreate(CreatePage):
    permission, title, form_class, nav = edit_structure, _("新设单位"), forms.UnitCreateForm, "chart"

    def act(self, form: Any) -> Unit:
        return units.create(**form.params(), by=self.actor, at=self.at)


class UnitEdit(OnePage):
    model, permission, title, form_class, nav = Unit, edit_structure, _("修改单位"), forms.UnitForm, "chart"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("code", "name", "name_en")}

    def act(self, form: Any) -> Unit:
        return units.edit(self.object, **form.params(), by=self.actor, at=self.at)


class UnitMove(OnePage):
    model, permission, title, form_class, nav = Unit, edit_structure, _("调整上级单位"), forms.UnitMoveForm, "chart"
    help = _("下面的单位一起调整。已经办理的表单仍留在原来的部门。")

    def act(self, form: Any) -> Unit:
        return units.move(self.object, **form.params(), by=self.actor, at=self.at)


class UnitClose(OnePage):
    model, permission, title, form_class, nav = Unit, edit_structure, _("停用单位"), ConfirmForm, "chart"
    help = _("停用后不再出现在组织机构里，历史仍然保留。")

    def act(self, form: Any) -> Unit:
        return units.close(self.object, by=self.actor, at=self.at)


class SeatCreate(OnePage):
    """A new seat in this unit."""

    model, permission, title, form_class, nav = Unit, edit_structure, _("新设席位"), forms.SeatForm, "chart"

    def act(self, form: Any) -> Any:
        return seats.add(unit=self.object, **form.params(), by=self.actor, at=self.at)


class ChargeCreate(OnePage):
    """Assign the executive in charge of this unit."""

    model, permission, title, form_class, nav = Unit, edit_chart, _("指定分管领导"), forms.ChargeForm, "chart"
    help = _("原来的分管到前一天结束。")

    def act(self, form: Any) -> Any:
        holdings.take_charge(unit=self.object, **form.params(), by=self.actor, at=self.at)
        return self.object


class ChargeEnd(OnePage):
    """End the assignment: from today on the rule decides again who is in charge (domain.md A-04)."""

    model, permission, title, form_class, nav = Unit, edit_chart, _("结束分管"), ConfirmForm, "chart"
    help = _("到昨天结束；从今天起，没有单独指定的，按规则由上级分管。")

    def subject(self) -> Any:
        unit = super().subject()
        if charge_of(unit, self.at) is None:
            raise Http404
        return unit

    def act(self, form: Any) -> Any:
        charge = charge_of(self.object, self.at)
        if charge is not None:
            holdings.end_charge(charge, by=self.actor, at=self.at)
        return self.object
