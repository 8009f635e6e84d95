"""Reports that are frozen with their figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhangfa.core.canonical import canonical
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.models import Unit
from zhangfa.records.actions.papers import open_record
from zhangfa.records.models import NumberSeries, Publication
from zhangfa.records.queries import published_digest

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor


def publish(
    kind: str, *, period: str, figures: Mapping[str, Any], policy: Mapping[str, Any], form_code: str,
    unit: Unit, by: Actor, at: dt.datetime, title: str = "", url: str = "", retention: str = "R4",
    due_at: dt.datetime | None = None,
) -> Publication:  # fmt: skip
    """Freeze a report with its figures and the policy values behind them.

    The same figures again give the publication that stands; others make a numbered revision.
    """
    plain = _plain(figures)
    with work():
        # One row to queue at: two publishers of a period follow each other.
        NumberSeries.objects.get_or_create(form_code=form_code[:12], day=dt.date(2000, 1, 1))
        NumberSeries.objects.select_for_update().get(form_code=form_code[:12], day=dt.date(2000, 1, 1))
        last = Publication.objects.filter(kind=kind, period=period).order_by("-revision").first()
        if last is not None and last.figures == plain:
            return last
        record = open_record(
            form_code, unit=unit, by=by, at=at, title=title, url=url, retention=retention,
            due_at=due_at, is_handed_in=True,
        )  # fmt: skip
        publication = Publication(
            record=record, kind=kind, period=period, revision=last.revision + 1 if last else 0,
            figures=plain, policy=_plain(policy), published_at=at,
        )  # fmt: skip
        publication.digest = published_digest(publication)
        publication.save(force_insert=True)
        announce(
            "records.publication.published", record, by=by, at=at, label=_("发布报表"),
            record_id=record.pk,
            codes={
                "kind": kind, "period": period, "revision": publication.revision,
                "digest": publication.digest,
            },
        )  # fmt: skip
        return publication


def _plain(value: Mapping[str, Any]) -> Any:
    """The value as it will be read back: what is frozen is what the digest covers."""
    return json.loads(canonical(dict(value)))
