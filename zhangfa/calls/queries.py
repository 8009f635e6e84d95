"""Who is calling, what waits, and how the call centre does (CS-D1, RPT-20)."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.calls.models import Call, Kind, Paper, Script
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.customers.queries import known_by
from zhangfa.organisation.actor import Actor
from zhangfa.policy import queries as policy
from zhangfa.ui.registry import LIMIT, Item

S = Call.Status
DESK = ("op", "ops")


def callers(phone: str) -> list[Customer]:
    """The customers with that number, as their own, their other one or that of somebody they named."""
    return known_by(phone)


def open_call_of(person_id: int | None, statuses: Sequence[str]) -> Call | None:
    """The newest call that the person speaks on or has still to write up."""
    if person_id is None:
        return None
    rows = Call.objects.filter(operator_id=person_id, status__in=statuses)
    return rows.select_related("customer").order_by("-pk").first()


def waiting(actor: Actor) -> list[Call]:
    """What rings, and what the actor speaks on or has to write up."""
    mine = Q(operator_id=actor.person_id or 0, status__in=(S.SPEAKING, S.ENDED))
    rows = Call.objects.filter(Q(status=S.RINGING) | mine).select_related("customer", "operator")
    return list(rows.order_by("-pk")[:20])


@lru_cache(maxsize=1)
def _presets() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("zhangfa.calls").joinpath("scripts.toml").read_text("utf-8"))


def scripts() -> dict[str, str]:
    """The wording for each kind of call in the reader's language: the company's own, else the preset's."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    own = {row.kind: row.shown_text for row in Script.objects.all()}
    return {kind: own.get(kind) or words[lang] for kind, words in _presets().items()}


def script_to_edit(kind: str) -> dict[str, str]:
    """Both wordings of one kind, as they stand."""
    row = Script.objects.filter(kind=kind).first()
    preset = _presets()[kind]
    return {"text": row.text, "text_en": row.text_en} if row else {"text": preset["zh"], "text_en": preset["en"]}


def todo_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Calls to write up, to return and to follow: those of the desk only, one query."""
    if actor.person_id is None or not actor.holds(*DESK):
        return []
    mine = Q(operator_id=actor.person_id)
    # Each way on an index of its own.
    keys = Call.objects.filter(mine, status__in=(S.SPEAKING, S.ENDED)).order_by().values("pk").union(
        Call.objects.filter(status=S.MISSED).order_by().values("pk"),
        Call.objects.filter(mine, followed_at=None, follow_up_at__isnull=False).order_by().values("pk"),
    )  # fmt: skip
    rows = Call.objects.filter(pk__in=keys).select_related("customer").order_by("pk")
    titles = {
        S.SPEAKING: _("通话中"),
        S.ENDED: _("整理通话记录"),
        S.MISSED: _("回拨未接来电"),
        S.DONE: _("再次联系客户"),
    }
    return [
        Item(titles[S(call.status)], call.get_absolute_url(), str(call), call.follow_up_at, call.who)
        for call in rows[:LIMIT]
    ]


def of_customer(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """The customer's latest calls, for the panel on the customer's page."""
    rows = Call.objects.visible_to(page.actor).filter(customer=customer).select_related("operator").order_by("-pk")
    return "calls/of_customer.html", {"calls": list(rows[:10])}


@dataclass(frozen=True)
class Line:
    """One line of the report: calls, of them answered, in time, and with an order."""

    label: Any
    calls: int
    answered: int
    in_time: int
    ordered: int

    @property
    def in_time_share(self) -> float | None:
        return 100 * self.in_time / self.calls if self.calls else None

    @property
    def ordered_share(self) -> float | None:
        return 100 * self.ordered / self.answered if self.answered else None


def report(first: dt.date, last: dt.date, at: dt.datetime) -> dict[str, Any]:
    """Incoming calls by kind and hour, answered in time, turned into orders (RPT-20); both days included.

    A call that nobody answered counts as not answered in time.
    """
    limit = int(policy.value("calls.answer_seconds", at))
    start, end = clock.day_start(first), clock.day_start(last + dt.timedelta(days=1))
    rows = Call.objects.filter(started_at__gte=start, started_at__lt=end, direction=Call.Direction.IN)
    rows = rows.exclude(status=S.RINGING)
    figures = {
        "calls": Count("pk"), "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "in_time": Count("pk", filter=Q(answered_at__isnull=False, wait_seconds__lte=limit)),
        "ordered": Count("pk", filter=Q(result=Call.Result.ORDERED)),
    }  # fmt: skip
    kinds = _figures(rows.values("kind").annotate(**figures).order_by(), "kind")
    hour = ExtractHour("started_at", tzinfo=clock.TZ)
    hours = _figures(rows.annotate(hour=hour).values("hour").annotate(**figures).order_by(), "hour")
    named = [(kind.value, kind.label) for kind in Kind] + [("", _("未登记类型"))]
    by_kind = [Line(label, **kinds[kind]) for kind, label in named if kind in kinds]
    total = {name: sum(row[name] for row in kinds.values()) for name in figures}
    return {
        "by_kind": by_kind, "by_hour": [Line(f"{n:02d}:00", **hours[n]) for n in sorted(hours)],
        "total": Line(_("合计"), **total), "limit": limit, "target": policy.value("calls.answered_share", at),
        "busiest": max((row["calls"] for row in hours.values()), default=0),
    }  # fmt: skip


def frozen_report(first: dt.date, last: dt.date, at: dt.datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same as it is published: codes and numbers, and the company's figures behind them."""
    found = report(first, last, at)
    names = ("calls", "answered", "in_time", "ordered")
    labels = {kind.label: kind.value for kind in Kind}

    def plain(line: Line, key: str) -> dict[str, Any]:
        return {"key": key, **{name: getattr(line, name) for name in names}}

    figures = {
        "first_on": first.isoformat(), "last_on": last.isoformat(), "limit": found["limit"], "target": str(found["target"]),
        "by_kind": [plain(line, labels.get(line.label, "")) for line in found["by_kind"]],
        "by_hour": [plain(line, str(line.label)[:2]) for line in found["by_hour"]], "total": plain(found["total"], "total"),
    }  # fmt: skip
    keys = ("calls.answer_seconds", "calls.answered_share")
    return figures, {key: figure.as_json() for key, figure in policy.figures(keys, at).items()}


def _figures(rows: Iterable[Any], by: str) -> dict[Any, dict[str, int]]:
    """The counts of each group under its own key."""
    return {row[by]: {name: count for name, count in row.items() if name != by} for row in rows}


def papers_of(call: Call) -> list[Paper]:
    return list(call.papers.order_by("pk"))
