"""Changes of figures as people read them: old and new in words, what waits, the comparison for the approver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from zhangfa.administration.models import PolicyChange
from zhangfa.approvals.models import Step
from zhangfa.core.text import search_key, search_term
from zhangfa.organisation.actor import Actor
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.policy.values import typed
from zhangfa.ui.registry import Result
from zhangfa.ui.words import text


def in_words(key: str, stored: str) -> str:
    """A stored value with its unit in the reader's language."""
    definition = policy.definition_of(key)
    return policy.words_of(definition, typed(definition.kind, stored), wording.language())


def title_of(key: str) -> str:
    return wording.title(policy.definition_of(key))


def change_words(key: str, old: str, new: str, day: str) -> str:
    """专员可自行决定的理赔上限:1,000 元 → 1,200 元,2026-12-01 起"""
    return gettext("%(title)s：%(old)s → %(new)s，%(day)s 起") % {
        "title": title_of(key), "old": in_words(key, old), "new": in_words(key, new), "day": day,
    }  # fmt: skip


def changed_words(params: Mapping[str, Any]) -> str:
    """The notice to those whose handbook names the figure."""
    facts = {name: str(params[name]) for name in ("key", "old", "new", "day")}
    return gettext("章程有修改。%(change)s。") % {"change": change_words(**facts)}


def step_summary(step: Step) -> str:
    facts = step.facts
    return change_words(facts["key"], facts["old"], facts["new"], facts["effective_from"])


def step_why(step: Step) -> Sequence[str]:
    return (step_summary(step), gettext("修改章程由总经理批准，从批准后的某一天零时起生效，以前的单据仍按当日的数字。"))


def changes_of(key: str, actor: Actor) -> QuerySet[PolicyChange]:
    """The papers about one figure that the reader may see, newest first."""
    return (
        PolicyChange.objects.visible_to(actor).filter(key=key).select_related("record", "proposed_by").order_by("-pk")
    )


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    """Changes by number, or by the name of the figure."""
    rows = PolicyChange.objects.visible_to(actor).select_related("record")
    term = search_term(q).strip()
    keys = [key for key, one in policy.definitions().items() if term and term in search_key(one.zh)]
    found = rows.filter(key__in=keys) | rows.filter(pk__in=PolicyChange.objects.numbered(q).values("pk"))
    return [_result(change) for change in found.order_by("-pk")[:8]]


def _result(change: PolicyChange) -> Result:
    return Result(title_of(change.key), change.get_absolute_url(), str(change), text(change.get_status_display()))


def content(record: Any) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    change = PolicyChange.objects.get(pk=record.pk)
    return {
        "key": change.key, "old": change.old_value, "new": change.value, "effective_from": change.effective_from, "reason": change.reason,
    }  # fmt: skip


def is_visible(actor: Actor, record: Any) -> bool:
    return PolicyChange.objects.visible_to(actor).filter(pk=record.pk).exists()
