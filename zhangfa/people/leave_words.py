"""A leave in words: its days, who decides and why, for page, inbox and print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.organisation.actor import Actor
from zhangfa.people import leave as facts_of
from zhangfa.people import leave_rules
from zhangfa.people.leave_kinds import kind_of
from zhangfa.people.models import Leave
from zhangfa.people.permissions import sees_balance
from zhangfa.ui.registry import Item, Result
from zhangfa.ui.words import join, text

HALVES = {"am": Leave.Half.MORNING, "pm": Leave.Half.AFTERNOON}
RECENT = dt.timedelta(days=60)


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def days(halves: int) -> str:
    return ngettext("%(days)s 天", "%(days)s 天", 1 if halves == 2 else 2) % {"days": leave_rules.in_days(halves)}


def span(first: int, last: int) -> str:
    """3月2日上午到3月4日下午, as one reads it; whole days without their halves."""
    (begins, starts), (finishes, ends) = leave_rules.day_of(first), leave_rules.day_of(last)
    is_whole = starts == leave_rules.MORNING and ends == leave_rules.AFTERNOON
    facts = {
        "from": begins.isoformat(), "to": finishes.isoformat(), "starts": text(HALVES[starts].label), "ends": text(HALVES[ends].label),
    }  # fmt: skip
    if begins == finishes:
        return facts["from"] if is_whole else gettext("%(from)s %(starts)s") % facts
    if is_whole:
        return gettext("%(from)s 至 %(to)s") % facts
    return gettext("%(from)s %(starts)s至 %(to)s %(ends)s") % facts


def span_of(leave: Leave) -> str:
    return span(leave.first_slot, leave.last_slot) if leave.last_slot >= leave.first_slot else leave.from_on.isoformat()


def note_state(leave: Leave) -> str:
    """What others may know of a doctor's note: whether it has come."""
    if leave.note_at is not None:
        return gettext("已交，不宜上班")
    return gettext("%(day)s 前补交") % {"day": leave.note_due_on} if leave.is_note_owed else ""


def used_words(leave: Leave, actor: Actor, at: dt.datetime) -> str:
    """What of the year was taken with it, for those who may know the balance."""
    return "" if list(sees_balance(leave, by=actor, at=at)) else days(facts_of.used_by(leave))


def why_of(facts: dict[str, Any]) -> list[str]:
    """The comparison in the reader's language, and what was counted together."""
    lines = [facts["why"]["en" if in_english() else "zh"]]
    if facts["together"]:
        shown = {"numbers": join(facts["together"]), "days": facts["days"], "total": facts["total"]}
        lines.append(gettext("本单 %(days)s 天，与 %(numbers)s 相邻，合并为 %(total)s 天。") % shown)
    return lines


def step_summary(step: Step) -> str:
    """年休假 3 天：2026-03-02 至 2026-03-04"""
    facts = step.facts
    slots = [leave_rules.slot_of(dt.date.fromisoformat(facts[day]), facts[half]) for day, half in (("from_on", "starts"), ("to_on", "ends"))]  # fmt: skip
    shown = {"kind": kind_of(facts["kind"]).name, "days": days(int(Decimal(facts["days"]) * 2)), "span": span(*slots)}
    return gettext("%(kind)s %(days)s：%(span)s") % shown


def step_why(step: Step) -> Sequence[str]:
    return why_of(step.facts)


def decide_url(step: Step) -> str:
    return reverse("people:leave-decide", args=[step.pk])


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """What the person owes of their own leaves: to report back, and the doctor's note."""
    if actor.person_id is None:
        return []
    now = leave_rules.slot_of(clock.local_date(at), leave_rules.MORNING)
    mine = Leave.objects.filter(person_id=actor.person_id).select_related("record", "person")
    back = Q(status=Leave.Status.APPROVED, last_slot__lt=now)
    note = Q(note_due_on__isnull=False, note_at=None, status__in=(Leave.Status.APPROVED, Leave.Status.ENDED))
    found = []
    for row in mine.filter(back | note).filter(last_slot__gte=now - 2 * RECENT.days).order_by("last_slot")[:20]:
        address = f"{row.get_absolute_url()}do/"
        if row.status == Leave.Status.APPROVED and row.last_slot < now:
            found.append(Item(gettext("销假"), f"{address}report_back/", str(row.record), row.ends_at, span_of(row)))
        if row.is_note_owed and row.first_slot <= now:
            due = clock.day_start(row.note_due_on + dt.timedelta(days=1)) if row.note_due_on else None
            found.append(Item(gettext("交医院证明"), f"{address}hand_note/", str(row.record), due, span_of(row)))
    return found


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Leave.objects.visible_to(actor).search(q).select_related("record", "person").order_by("-pk")
    return [
        Result(f"{row.person.shown_name} {row.kind_name}", row.get_absolute_url(), str(row.record), text(row.get_status_display()), span_of(row))
        for row in rows[:8]
    ]  # fmt: skip
