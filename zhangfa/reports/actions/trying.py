"""A trial of other 2:8 figures: asked on the page, reckoned by the worker, its answer kept (CS-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.reports import asking, facts, mirror, rollup, trials
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Trial

KEPT = dt.timedelta(days=90)
S = Trial.State


def ask_trial(month: int, other: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> Trial:
    """Put the question into the queue; the same question that still waits or runs is not asked twice.

    `other`: share in percent as Decimal, key_amount in fen, the rest whole numbers.
    """
    demand(may.try_figures(by=by, at=at))
    asked = {name: str(value) if isinstance(value, Decimal) else value for name, value in other.items()}
    with work():
        waiting = Trial.objects.filter(by_id=by.person_id, month=month, state__in=(S.WAITING, S.RUNNING))
        same = next((row for row in waiting if row.asked == asked), None)
        if same is not None:
            return same
        made = Trial.objects.create(by_id=by.person_id, month=month, asked=asked, asked_at=at)
        asking.trial(made.pk)
        announce(
            "reports.trial.asked", made, by=by, at=at, label=_("二八试算"), clause="CS-D4", is_new=True, codes={"month": month, **asked}
        )  # fmt: skip
    return made


def carry_trial(key: int, *, at: dt.datetime, prefer: str = "") -> None:
    """Reckon it from figures that are current first; the answer appears whole or not at all, begun again it is the same."""
    found = Trial.objects.filter(pk=key).exclude(state=S.DONE)

    def told(step: int) -> None:
        found.update(state=S.RUNNING, step=step)

    row = found.first()
    if row is None:
        return
    told(0)
    try:
        rollup.run()
        mirror.refresh()
        told(1)
        own, _policy = facts.limits_at(at)
        other = replace(own, **{**row.asked, "share": Decimal(row.asked["share"])})
        result = trials.compare(row.month, other, at, told, prefer)
    except Exception:
        found.update(state=S.BROKEN)
        raise
    found.update(state=S.DONE, step=Trial.STEPS, result=result, as_of=at)


def drop_trials(at: dt.datetime, most: int = 500) -> int:
    """Answers older than three months are nobody's any more."""
    keys = list(Trial.objects.filter(asked_at__lt=at - KEPT).values_list("pk", flat=True)[:most])
    return Trial.objects.filter(pk__in=keys).delete()[0] if keys else 0
