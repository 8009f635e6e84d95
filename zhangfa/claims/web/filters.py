"""How the lists of cases and settlements are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import OWING, Case, Settlement
from zhangfa.claims.queries import late_cases
from zhangfa.core import clock
from zhangfa.policy.queries import figure
from zhangfa.ui.filters import BoundFilterSet, DayFrom, DayTo, LookupFilter


class Tick(df.BooleanFilter):  # type: ignore[misc]
    """A box: ticked narrows, not ticked does nothing."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.CheckboxInput, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return super().filter(qs, True) if value else qs


class CaseFilter(BoundFilterSet):
    """Status, kind, outlet, handler, lateness and period."""

    status = df.ChoiceFilter(label=_("状态"), choices=Case.Status.choices)
    kind = df.ChoiceFilter(label=_("类型"), choices=Case.Kind.choices)
    unit = LookupFilter("unit", source="outlets", label=_("网点"))
    handled_by = df.ChoiceFilter(label=_("处理方"), choices=Case.HandledBy.choices)
    from_on = DayFrom("reported_at", label=_("报告日期从"))
    to_on = DayTo("reported_at", label=_("报告日期到"))
    open = Tick(label=_("只看未结"), method="only_open")
    mine = Tick(label=_("我经办的"), method="only_mine")
    late = Tick(label=_("已超期"), method="only_late")

    class Meta:
        model = Case
        fields: list[str] = []

    def only_open(self, qs: Any, name: str, value: bool) -> Any:
        return qs.exclude(status__in=[Case.Status.CLOSED, Case.Status.VOID]) if value else qs

    def only_mine(self, qs: Any, name: str, value: bool) -> Any:
        return qs.filter(handler_id=self.request.actor.person_id) if value else qs

    def only_late(self, qs: Any, name: str, value: bool) -> Any:
        return late_cases(qs, clock.now()) if value else qs


S = Settlement.Status
# What somebody has to do, as one choice: each is a short list on an index.
WORK = {
    "approve": (_("待审批"), Q(status=S.PROPOSED)),
    "talk": (_("待客户接受"), Q(status=S.APPROVED)),
    "sign": (_("待签署"), Q(status=S.ACCEPTED)),
    "pay": (_("待付款"), OWING),
    "acknowledge": (
        _("待确认报告"),
        Q(status__in=[S.ACCEPTED, S.SIGNED, S.PAID], report_acknowledged_at=None, reported_at__isnull=False),
    ),
    "review": (_("待复核"), Q(status__in=[S.APPROVED, S.ACCEPTED, S.SIGNED, S.PAID], authority="oa", reviewed_at=None)),
}


class SettlementFilter(BoundFilterSet):
    """What is to be done, by whom it was decided, and when."""

    work = df.ChoiceFilter(
        label=_("要办的事"), choices=[(key, label) for key, (label, _q) in WORK.items()], method="by_work"
    )
    status = df.ChoiceFilter(label=_("状态"), choices=Settlement.Status.choices)
    authority = df.ChoiceFilter(
        label=_("审批级别"),
        choices=[("oa", _("网点")), ("cc", _("专员")), ("cs", _("客服中心经理")), ("dgm", _("副总经理"))],
    )
    unit = LookupFilter("case__unit", source="outlets", label=_("网点"))
    from_on = DayFrom("proposed_at", label=_("提交日期从"))
    to_on = DayTo("proposed_at", label=_("提交日期到"))

    class Meta:
        model = Settlement
        fields: list[str] = []

    def by_work(self, qs: Any, name: str, value: str) -> Any:
        rows = qs.filter(WORK[value][1])
        if value == "review":
            # What the specialist never looks over is not waiting for a review (CC-W1.5).
            rows = rows.filter(total__gte=figure("claims.specialist_min", clock.now()).value)
        return rows
