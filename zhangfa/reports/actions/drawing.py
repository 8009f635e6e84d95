"""Drawing a report: figures of a period kept as they were reckoned, complete or not there at all (CS-W2.2)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhangfa.calls.queries import frozen_report
from zhangfa.core.money import from_fen
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.reports import drawing, facts, mirror, rollup, satisfaction
from zhangfa.reports.engines import engine
from zhangfa.reports.models import Draw, Listed
from zhangfa.reports.pack import Frame
from zhangfa.reports.rules import CLAUSE, month_back, named

LIST, MIX, BEST, DATA, MARKS, CALLS = "RPT-09", "RPT-10", "RPT-11", "RPT-12", "RPT-21", "RPT-20"
CHUNK = 500
# A draw that stands still for so long was broken off: its lines are swept away.
STALE = dt.timedelta(hours=2)
FIELDS = (
    "place", "amount", "running", "orders", "rated", "score", "first_on", "last_on", "plan_months", "contracted", "is_top", "is_premium",
    "is_key", "is_loyal", "is_long_term", "has_adverse", "is_unpaid", "recency", "frequency", "volume", "products", "visited_on",
    "accidents", "complaints",
)  # fmt: skip
MONEY = ("amount", "running", "contracted")


def draw_pack(month: int, *, by: Actor, at: dt.datetime, prefer: str = "") -> Draw:
    """Draw RPT-09 … RPT-12 of a month; the same figures again give the draw that stands.

    The figures are read first, with nothing locked; then the list's lines are written in short transactions under a draw
    that nobody is shown; the last transaction shows all four reports. Killed on the way, nothing is shown.
    """
    began = time.monotonic()
    sweep(at)
    rollup.run()
    mirror.refresh()
    limits, policy = facts.limits_at(at)
    frame = Frame(month, limits)
    with engine(prefer) as chosen:
        made = drawing.whole_pack(chosen, frame)
        name = chosen.name
    made["head"] |= _moves(made["rows"], month)
    kept = _plans(made, month)
    if (standing := _standing(kept, policy)) is not None:
        return standing
    list_draw = Draw.objects.create(
        kind=LIST, period=named(month), figures=kept[LIST, named(month)], policy=policy, engine=name, begun_at=at
    )
    for chunk in _chunks(made["rows"]):
        with work():
            Listed.objects.bulk_create(_lines(list_draw, chunk))
    spent = int((time.monotonic() - began) * 1000)
    with work():
        for (kind, period), figures in kept.items():
            if kind != LIST:
                Draw.objects.create(
                    kind=kind,
                    period=period,
                    figures=figures,
                    policy=policy,
                    engine=name,
                    begun_at=at,
                    drawn_at=at,
                    state=Draw.State.DRAWN,
                )
        list_draw.state, list_draw.drawn_at, list_draw.milliseconds = Draw.State.DRAWN, at, spent
        list_draw.save(update_fields=["state", "drawn_at", "milliseconds"])
        announce(
            "reports.draw.drawn", list_draw, by=by, at=at, label=_("月末分析出数"), clause=CLAUSE, is_new=True,
            codes={"period": named(month), "listed": len(made["rows"]), "engine": name},
        )  # fmt: skip
    return list_draw


def _plans(made: Mapping[str, Any], month: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Which draw holds what."""
    period = named(month)
    found = {(LIST, period): made["head"], (MIX, period): made["mix"], (BEST, period): made["best"]}
    for unit, figures in made["departments"].items():
        found[DATA, f"{period}/{unit}"] = figures
    return found


def _standing(kept: Mapping[tuple[str, str], Any], policy: Mapping[str, Any]) -> Draw | None:
    """The list as it was drawn last, if every report of the pack says the same again under the same figures."""
    newest = {key: latest(*key) for key in kept}
    if all(draw is not None and draw.figures == kept[key] and draw.policy == policy for key, draw in newest.items()):
        return next(draw for (kind, _period), draw in newest.items() if kind == LIST)
    return None


def latest(kind: str, period: str) -> Draw | None:
    return Draw.objects.filter(kind=kind, period=period, state=Draw.State.DRAWN).order_by("-pk").first()


def _moves(rows: Sequence[Sequence[Any]], month: int) -> dict[str, Any]:
    """Who came into the premium class since the last month's list, and who left it."""
    before = latest(LIST, named(month_back(month, 1)))
    if before is None:
        return {"entered": None, "left": None}
    old = set(Listed.objects.filter(draw=before, is_premium=True).values_list("customer_id", flat=True))
    new = {row[0] for row in rows if row[12]}
    return {"entered": len(new - old), "left": len(old - new)}


def _chunks(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _lines(draw: Draw, rows: Sequence[Sequence[Any]]) -> list[Listed]:
    scopes = {
        row[0]: row[1:]
        for row in Customer.objects.filter(pk__in=[row[0] for row in rows]).values_list(
            "pk", "outlet_id", "department_id", "account_manager_id"
        )
    }
    found = []
    for customer, *values in rows:
        if customer not in scopes:
            continue
        figures = dict(zip(FIELDS, values, strict=True))
        figures |= {name: from_fen(int(figures[name])) for name in MONEY}
        figures |= {name: bool(value) for name, value in figures.items() if name.startswith(("is_", "has_"))}
        outlet, department, manager = scopes[customer]
        found.append(
            Listed(
                draw=draw,
                customer_id=customer,
                outlet_id=outlet,
                department_id=department,
                manager_id=manager,
                **figures,
            )
        )
    return found


def sweep(at: dt.datetime) -> int:
    """Take away the lines of draws that were broken off, a chunk at a time. Returns how many draws."""
    broken = list(Draw.objects.filter(state=Draw.State.DRAWING, begun_at__lt=at - STALE)) + list(
        Draw.objects.filter(state=Draw.State.BROKEN, listed__isnull=False).distinct()
    )
    for draw in broken:
        Draw.objects.filter(pk=draw.pk, state=Draw.State.DRAWING).update(state=Draw.State.BROKEN)
        while keys := list(Listed.objects.filter(draw=draw).values_list("pk", flat=True)[:CHUNK]):
            Listed.objects.filter(pk__in=keys).delete()
    return len(broken)


def draw_satisfaction(month: int, *, by: Actor, at: dt.datetime) -> Draw:
    """Draw RPT-21 of a month; the same figures again give the draw that stands."""
    figures, policy = satisfaction.draw(month, at)
    return _kept(MARKS, named(month), figures, policy, at)


def draw_calls(monday: dt.date, *, by: Actor, at: dt.datetime) -> Draw:
    """Draw RPT-20 of the week from that Monday (CS-D1); the same figures again give the draw that stands."""
    figures, policy = frozen_report(monday, monday + dt.timedelta(days=6), at)
    return _kept(CALLS, monday.isoformat(), figures, policy, at)


def _kept(kind: str, period: str, figures: dict[str, Any], policy: dict[str, Any], at: dt.datetime) -> Draw:
    standing = latest(kind, period)
    if standing is not None and (standing.figures, standing.policy) == (figures, policy):
        return standing
    with work():
        return Draw.objects.create(
            kind=kind, period=period, figures=figures, policy=policy, begun_at=at, drawn_at=at, state=Draw.State.DRAWN
        )
