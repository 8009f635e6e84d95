"""Which papers, and which of their fields, may show that a company's own duty was done (X-1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.duties import registry
from zhangfa.ui.registry import Choice, Lookup
from zhangfa.ui.words import text

MOST = 20


def evidences() -> dict[str, str]:
    """Each form handed in, and each form with one of its fields filled in: by its code, in the reader's words."""
    found: dict[str, str] = {}
    for paper in registry.papers():
        form = text(paper.label)
        found[f"{paper.form}:"] = _("%(form)s：已提交") % {"form": form}
        for name, label in paper.fields.items():
            found[f"{paper.form}:{name}"] = _("%(form)s：已填“%(field)s”") % {"form": form, "field": text(label)}
    return found


def said(evidence: str, value: str) -> str:
    """What has to come in, as the duty, its change and the GM's approval show it."""
    label = evidences()[evidence]
    if evidence.endswith(":") or not value.strip():
        return label
    return _("%(evidence)s，内容为“%(value)s”") % {"evidence": label, "value": value.strip()}


def _find(actor: Any, q: str, at: dt.datetime) -> list[Choice]:
    """Those with every word that was typed; the forms themselves before their fields."""
    words = q.lower().split()
    hits = [
        (key, label) for key, label in evidences().items() if all(word in f"{key} {label}".lower() for word in words)
    ]
    hits.sort(key=lambda hit: not hit[0].endswith(":"))
    return [Choice(key, label) for key, label in hits[:MOST]]


def _get(actor: Any, value: str, at: dt.datetime) -> Choice | None:
    label = evidences().get(value)
    return Choice(value, label) if label else None


LOOKUP = Lookup(find=_find, get=_get)
