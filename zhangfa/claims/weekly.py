"""What the weekly meetings show of orders and cases: per department, or per outlet of one department (HS-W1.3, HS-W1.4)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims.models import Case, Study
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.meetings import registry
from zhangfa.meetings.registry import Line
from zhangfa.orders.models import Order, Revisit
from zhangfa.organisation.models import Unit
from zhangfa.planning.queries import output_targets
from zhangfa.ui import registry as ui
from zhangfa.ui.registry import Item

WEEK = dt.timedelta(days=7)
MOST_UNITS = 60


def register() -> None:
    registry.figures("orders", orders, order=10)
    registry.figures("revisits", revisits, order=15)
    registry.figures("cases", cases, order=20)
    ui.todo.add("studies", todo, label=lazy("预防培训资料"), order=36, url="/claims/studies/", below="rules")


def todo(actor: Any, at: dt.datetime) -> list[Item]:
    """Lessons that the reader still has to study."""
    rows = (
        Study.objects.filter(readings__person_id=actor.person_id or 0, readings__at=None)
        .select_related("record")
        .order_by("-pk")
    )
    return [
        Item(gettext("学习：%(title)s") % {"title": row.title}, row.get_absolute_url(), row.record.number or "")
        for row in rows[:8]
    ]


def _column(unit: Any) -> str:
    return "outlet_id" if unit.kind == Unit.Kind.DEPARTMENT else "department_id"


def _names(keys: set[int]) -> dict[int, str]:
    rows = Unit.objects.filter(pk__in=keys).order_by("code")
    return {row.pk: row.name for row in rows[:MOST_UNITS]}


def _span(first: dt.date, last: dt.date, back: int = 0) -> tuple[dt.datetime, dt.datetime]:
    return clock.day_start(first - back * WEEK), clock.day_start(last + dt.timedelta(days=1) - back * WEEK)


def _served(unit: Any, column: str, span: tuple[dt.datetime, dt.datetime]) -> dict[int, tuple[int, Decimal]]:
    rows = Order.objects.filter(served_from__gte=span[0], served_from__lt=span[1], status=Order.Status.FINISHED)
    if unit.kind == Unit.Kind.DEPARTMENT:
        rows = rows.filter(department_id=unit.pk)
    found = rows.order_by().values(column).annotate(n=Count("pk"), amount=Sum("amount"))
    return {row[column]: (row["n"], Decimal(row["amount"] or 0)) for row in found if row[column]}


def _output(amount: Decimal, target: Decimal | None, name: str, before: Decimal | None = None) -> Line:
    """The week's output beside what the plan wanted of it (U02)."""
    tone = "amber" if target is not None and amount < target else ""
    return Line(_("服务金额"), amount, name, before, kind="money", tone=tone, target=target)


def orders(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """Orders served, their amount against the plan's target, and the outlet's share of the department's orders."""
    column = _column(unit)
    now, before = (_served(unit, column, _span(first, last, back)) for back in (0, 1))
    total = sum(count for count, _amount in now.values())
    targets = output_targets(unit, first, last)
    lines = (
        [_output(sum((amount for _count, amount in now.values()), Decimal(0)), targets[unit.pk], unit.name)]
        if unit.pk in targets
        else []
    )
    for key, name in _names(set(now) | set(before) | (set(targets) - {unit.pk})).items():
        (count, amount), (old_count, old_amount) = now.get(key, (0, Decimal(0))), before.get(key, (0, Decimal(0)))
        lines += [
            Line(_("完成订单"), count, name, old_count),
            _output(amount, targets.get(key), name, old_amount),
        ]
        if unit.kind == Unit.Kind.DEPARTMENT and total:
            share = (Decimal(100 * count) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
            lines.append(Line(_("出单占比"), share, name, kind="pct"))
    return lines


def _called(unit: Any, column: str, span: tuple[dt.datetime, dt.datetime]) -> dict[int, Decimal]:
    rows = Revisit.objects.filter(status__in=Revisit.Status.values, due_at__gte=span[0], due_at__lt=span[1])
    if unit.kind == Unit.Kind.DEPARTMENT:
        rows = rows.filter(department_id=unit.pk)
    found = rows.order_by().values(column).annotate(n=Count("pk"), done=Count("pk", filter=Q(status="done")))
    return {
        row[column]: (Decimal(100 * row["done"]) / row["n"]).quantize(Decimal("0.1"), ROUND_HALF_UP)
        for row in found if row[column]
    }  # fmt: skip


def revisits(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """How many of the calls after a service that were due in the week were made (U02)."""
    column = _column(unit)
    now, before = (_called(unit, column, _span(first, last, back)) for back in (0, 1))
    return [
        Line(_("回访完成率"), now[key], name, before.get(key), kind="pct", tone="" if now[key] == 100 else "amber")
        for key, name in _names(set(now)).items()
    ]


def _reported(unit: Any, span: tuple[dt.datetime, dt.datetime]) -> dict[int, tuple[int, int]]:
    column = "unit_id" if unit.kind == Unit.Kind.DEPARTMENT else "department_id"
    rows = Case.objects.filter(reported_at__gte=span[0], reported_at__lt=span[1]).exclude(status=Case.Status.VOID)
    if unit.kind == Unit.Kind.DEPARTMENT:
        rows = rows.filter(department_id=unit.pk)
    accidents, complaints = (Count("pk", filter=Q(kind=kind)) for kind in (Case.Kind.ACCIDENT, Case.Kind.COMPLAINT))
    found = rows.order_by().values(column).annotate(accidents=accidents, complaints=complaints)
    return {row[column]: (row["accidents"], row["complaints"]) for row in found if row[column]}


def cases(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """Accidents and complaints, and both per 1,000 orders."""
    now, before = (_reported(unit, _span(first, last, back)) for back in (0, 1))
    served = _served(unit, _column(unit), _span(first, last))
    lines = []
    for key, name in _names(set(now) | set(before)).items():
        (accidents, complaints), (old_accidents, old_complaints) = now.get(key, (0, 0)), before.get(key, (0, 0))
        lines += [
            Line(_("事故"), accidents, name, old_accidents, tone="amber" if accidents > old_accidents else ""),
            Line(_("投诉"), complaints, name, old_complaints, tone="amber" if complaints > old_complaints else ""),
        ]
        if count := served.get(key, (0, Decimal(0)))[0]:
            rate = (Decimal(1000 * (accidents + complaints)) / count).quantize(Decimal("0.01"), ROUND_HALF_UP)
            lines.append(Line(_("每千单事故和投诉"), rate, name))
    return lines
