"""Activities as they are asked about: the parts of one event, who decides, what is spent (AM-W4.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import get_language, gettext

from zhangfa.administration.models import Activity, ActivityLine
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.organisation.actor import Actor
from zhangfa.policy import queries as policy
from zhangfa.policy.rules import ACTIVITY_KEYS, Answer, activity_authority
from zhangfa.ui.display import money
from zhangfa.ui.registry import LIMIT, Item, Result
from zhangfa.ui.words import join, text

AGGREGATE, OVERSPEND = "activity.aggregate_days", "activity.overspend_share"
READS = (*ACTIVITY_KEYS, AGGREGATE, OVERSPEND)


def theme_key(theme: str) -> str:
    """The same theme however it is written: without spaces, marks and case."""
    return "".join(char for char in theme.casefold() if char.isalnum())[:80]


@dataclass(frozen=True)
class Parts:
    """The other parts of an event with their sum."""

    numbers: tuple[str, ...]
    total: Decimal


def parts_of(activity: Activity, at: dt.datetime) -> Parts:
    """What else was handed in for the same theme within the window, today included, approved else proposed (AM-W4.2)."""
    return parts_for(activity.theme, at, but=activity)


def parts_for(theme: str, at: dt.datetime, *, but: Activity | None = None) -> Parts:
    days = int(policy.value(AGGREGATE, at))
    since = clock.day_start(clock.local_date(at) - dt.timedelta(days=days - 1))
    rows = Activity.objects.standing().filter(theme_key=theme_key(theme), proposed_at__gte=since)
    found = [row for row in rows.select_related("record").order_by("pk") if but is None or row.pk != but.pk]
    total = sum((row.approved_amount or row.amount for row in found), ZERO)
    return Parts(tuple(str(row.record) for row in found), total)


def authority_of(amount: Decimal, total: Decimal, at: dt.datetime) -> Answer:
    """Who approves: the same rule as `zhangfa explain activity`."""
    figures = {key: policy.value(key, at) for key in ACTIVITY_KEYS}
    return activity_authority(amount=amount, event_total=total, figures=figures)


def share_of(activity: Activity) -> Decimal:
    """How much more than approved may be spent: the figure of the instant at which the activity was handed in."""
    return Decimal(policy.value(OVERSPEND, activity.proposed_at))


def ceiling_of(activity: Activity) -> Decimal | None:
    """The amount from which somebody higher than who approved it would have to decide, other parts of the event counted."""
    agreed = Step.objects.filter(record_id=activity.record_id, state=Step.State.AGREED).exclude(amount=None)
    step = agreed.order_by("-seq").first()
    if step is None or step.amount is None:
        return None
    total = Decimal(str(step.facts["total"]))
    limits = sorted(policy.value(key, step.requested_at) for key in ACTIVITY_KEYS)
    limit = next((one for one in limits if one > total), None)
    return None if limit is None else limit - (total - step.amount)


def spent_on(activity: Activity) -> Decimal:
    rows = activity.lines.filter(kind=ActivityLine.Kind.COST)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def why_of(facts: dict[str, object]) -> list[str]:
    """The comparison in the reader's language, and the parts that were added up."""
    why = facts["why"]
    lines = [why["en" if (get_language() or "").startswith("en") else "zh"]]  # type: ignore[index]
    if facts["parts"]:
        lines.append(gettext("同一活动还有：%(numbers)s。") % {"numbers": join(facts["parts"])})  # type: ignore[arg-type]
    return lines


def step_summary(step: Step) -> str:
    return f"{step.facts['title']} {money(step.amount)}"


def step_why(step: Step) -> Sequence[str]:
    return why_of(step.facts)


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Activity.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")[:8]
    return [Result(row.title, row.get_absolute_url(), str(row.record), text(row.get_status_display())) for row in rows]


def to_pay(actor: Actor, at: dt.datetime) -> list[Item]:
    """What finance has to pay: settled activities, the longest settled first; never one's own."""
    if not actor.holds("fin"):
        return []
    rows = Activity.objects.filter(status=Activity.Status.SETTLED, actual_amount__gt=0).select_related(
        "record", "proposed_by"
    )
    return [
        Item(
            row.title, row.get_absolute_url(), row.record.number or "", None, note=money(row.actual_amount),
            holder=row.proposed_by.shown_name if row.proposed_by else "",
        )
        for row in rows.order_by("settled_at", "pk")[:LIMIT]
    ]  # fmt: skip


def list_url() -> str:
    return reverse("administration:activities")
