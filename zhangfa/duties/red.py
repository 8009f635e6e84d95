"""Who owns what is overdue (RPT-22)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Min

from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actor import Actor
from zhangfa.policy.wording import pair
from zhangfa.ui.registry import Owner


def owners(actor: Actor, at: dt.datetime) -> list[Owner]:
    """Each owner with how many duties are overdue, in one statement; those of an empty seat are the company's."""
    rows = Occurrence.objects.visible_to(actor).filter(state=Occurrence.State.OPEN, due_at__lt=at)
    found = (
        rows.order_by()
        .values("person_id", "person__name", "person__name_en")
        .annotate(n=Count("pk"), since=Min("due_at"))
    )
    return [
        Owner(
            str(row["person_id"] or ""), _name(row["person__name"], row["person__name_en"]), row["n"], row["since"],
            f"/duties/occurrences/?stands=missed&person={row['person_id']}" if row["person_id"] else "/duties/occurrences/?stands=missed",
        )
        for row in found
    ]  # fmt: skip


def _name(name: str | None, name_en: str | None) -> str:
    from django.utils.translation import gettext

    return pair(name, name_en or name) if name else gettext("没有人的岗位")
