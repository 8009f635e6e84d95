"""Before whom decisions are overdue (RPT-22)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import get_language, gettext

from zhangfa.approvals.models import Step
from zhangfa.organisation.actor import Actor
from zhangfa.ui.registry import Owner


def owners(actor: Actor, at: dt.datetime) -> list[Owner]:
    """Each seat with how many decisions are overdue before it, in one statement."""
    mine = Step.objects.all() if actor.holds("gm") else Step.objects.visible_to(actor)
    rows = mine.filter(state=Step.State.WAITING, due_at__lt=at).order_by()
    names = ("seat_id", "seat__unit__name", "seat__unit__name_en", "seat__post__name", "seat__post__name_en")
    found = rows.values(*names).annotate(n=Count("pk"), since=Min("due_at"))
    return [Owner(f"seat:{row['seat_id']}", _seat_name(row), row["n"], row["since"]) for row in found]


def _seat_name(row: dict[str, Any]) -> str:
    if row["seat_id"] is None:
        return gettext("暂无可以审批的人")
    is_english = (get_language() or "").startswith("en")
    names = [(row[f"seat__{of}__name_en"] if is_english else "") or row[f"seat__{of}__name"] for of in ("unit", "post")]
    return " · ".join(names)
