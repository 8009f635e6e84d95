"""A report as other programs read it: as published, else as drawn last."""

from __future__ import annotations

from typing import Any

from zhangfa.records.models import Publication
from zhangfa.records.web import published
from zhangfa.reports.actions.drawing import latest
from zhangfa.ui.api import Missing, Schema, plain


class ReportOut(Schema):
    """`figures` as published, else as drawn last; money in fen, shares in percent."""

    kind: str
    period: str
    is_published: bool
    number: str
    revision: int
    digest: str
    figures: dict[str, Any]
    policy: dict[str, Any]


def as_published(kind: str, period: str) -> ReportOut:
    revisions = published.revisions(kind, period)
    drawn = latest(kind, period)
    paper: Publication | None = revisions[-1] if revisions else None
    if paper is None and drawn is None:
        raise Missing
    source: Any = paper or drawn
    return ReportOut(
        kind=kind, period=period, is_published=paper is not None, number=(paper.record.number or "") if paper else "",
        revision=paper.revision if paper else 0, digest=paper.digest if paper else "", figures=plain(source.figures), policy=plain(source.policy),
    )  # fmt: skip
