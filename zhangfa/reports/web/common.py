"""What the pages of the reports share: the month of the address, the draw and its revisions, amounts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from zhangfa.core import clock
from zhangfa.core.money import from_fen
from zhangfa.customers.models import CustomerClass
from zhangfa.records.models import Publication
from zhangfa.records.web import published
from zhangfa.reports.actions.drawing import latest
from zhangfa.reports.models import Draw
from zhangfa.reports.rules import as_of, month_of, named

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z")
CLASS_NAMES = dict(CustomerClass.Code.choices)


def month_in(text: str, at: Any) -> int:
    """The month of an address as 202611, or 404; months to come are nowhere."""
    found = MONTH.match(text)
    if not found:
        raise Http404
    month = int(found[1]) * 100 + int(found[2])
    if month > month_of(clock.local_date(at)):
        raise Http404
    return month


class OfMonth:
    """A page about one report of one month: what is published, else what was drawn last."""

    kind = ""
    kwargs: dict[str, Any]
    at: Any
    request: Any

    @cached_property
    def month(self) -> int:
        return month_in(self.kwargs["month"], self.at)

    @property
    def period(self) -> str:
        return named(self.month)

    @cached_property
    def revisions(self) -> list[Publication]:
        return published.revisions(self.kind, self.period)

    @cached_property
    def shown(self) -> Publication | None:
        """The revision asked for, else the newest; none where the draw itself is asked for."""
        if "live" in self.request.GET:
            return None
        asked = self.request.GET.get("revision")
        if asked is None:
            return self.revisions[-1] if self.revisions else None
        found = next((row for row in self.revisions if str(row.revision) == asked), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def drawn(self) -> Draw | None:
        return latest(self.kind, self.period)

    @cached_property
    def figures(self) -> dict[str, Any]:
        if self.shown is not None:
            return dict(self.shown.figures)
        return dict(self.drawn.figures) if self.drawn else {}

    @property
    def as_of(self) -> dt.datetime | None:
        """The instant whose orders and payments are in the figures shown."""
        if self.shown is not None:
            return as_of(self.shown.figures, self.shown.published_at)
        return self.drawn.drawn_at if self.drawn else None

    def standing(self) -> dict[str, Any]:
        """What the templates say of the paper: draw, revisions, figures behind it, whether a newer draw says something else."""
        drawn, last = self.drawn, self.revisions[-1] if self.revisions else None
        is_last = self.shown is not None and self.shown == last
        has_changed = bool(
            is_last and drawn and last and any(last.figures.get(k) != v for k, v in drawn.figures.items())
        )
        policy = self.shown.policy if self.shown else drawn.policy if drawn else {}
        return {
            "drawn": drawn, "revisions": self.revisions, "is_last": is_last, "has_changed": has_changed, "figures_known": bool(self.figures),
            "rules": published.figures_of(policy), "said": self.figures, "as_of": self.as_of, **published.papers(self, self.shown),
        }  # fmt: skip


def yuan_of(fen: Any) -> Any:
    return None if fen is None else from_fen(int(fen))


def name_of(row: dict[str, Any], language: str) -> str:
    return str(row["name_en"] if language == "en" and row.get("name_en") else row["name"])
