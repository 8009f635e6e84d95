"""Settlements and routes of the past, taken again by their rule with other figures (CC-W1.1, CC-W1.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.queries import LIMIT_KEYS
from zhangfa.claims.rules import Limits, Sums, authority_for, route_for
from zhangfa.core.text import _
from zhangfa.duties.registry import Decided, Replay, replays

SETTLING_KEYS = ("claims.outlet_settles_below", "claims.specialist_max", "claims.manager_max")
ROUTE_KEYS = ("claims.outlet_max_estimate",)


def limits(figures: Mapping[str, Any]) -> Limits:
    return Limits(*(Decimal(str(figures.get(key, 0) or 0)) for key in LIMIT_KEYS))


def stored(facts: Mapping[str, Any]) -> dict[str, Decimal]:
    return {row["key"]: Decimal(str(row["value"])) for row in facts.get("policy", ()) if row["key"] in LIMIT_KEYS}


def settlements(since: dt.datetime, until: dt.datetime) -> Iterator[Decided]:
    """Every settlement that was handed in, with the sums that decided over it."""
    rows = Settlement.objects.filter(proposed_at__gte=since, proposed_at__lt=until).select_related(
        "record", "case__record"
    )
    for row in rows.order_by("pk").iterator(1000):
        if {"own", "event", "customer", "handled_by"} <= set(row.facts):
            facts = {**row.facts, "figures": stored(row.facts)}
            number = row.record.number or row.case.record.number or ""
            amount = row.approved_total if row.approved_total is not None else row.total
            yield Decided(row.proposed_at, number, row.get_absolute_url(), row.authority, facts, amount)


def settle_again(facts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    sums = Sums(*(Decimal(facts[name]) for name in ("own", "event", "customer")))
    return authority_for(
        sums, handled_by=facts["handled_by"], limits=limits(figures), has_tie=bool(facts.get("has_tie"))
    ).post


def routes(since: dt.datetime, until: dt.datetime) -> Iterator[Decided]:
    """Every accident that was reported, with its estimate."""
    rows = Case.objects.filter(reported_at__gte=since, reported_at__lt=until, kind=Case.Kind.ACCIDENT).select_related(
        "record"
    )
    for row in rows.only("route", "estimate", "reported_at", "record__number", "kind").order_by("pk").iterator(1000):
        if "basis" in row.route:
            facts = {"basis": row.route["basis"], "figures": stored(row.route)}
            estimate = Decimal(row.route["basis"])
            yield Decided(
                row.reported_at, row.record.number or "", row.get_absolute_url(), row.route["post"], facts, estimate
            )


def route_again(facts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    return route_for(Decimal(facts["basis"]), limits(figures)).post


def offer_replays() -> None:
    replays(Replay("settlements", _("理赔方案由谁决定"), SETTLING_KEYS, settlements, settle_again, "CC-W1.5", 10))
    replays(Replay("routes", _("事故由谁处理"), ROUTE_KEYS, routes, route_again, "CC-W1.1", 20))
