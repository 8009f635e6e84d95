"""The demo's published papers: a bundle for every week, a totals table for every fortnight, read and signed (CC-D1, CC-D5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.claims import actions, totals
from zhangfa.claims.complaint_rules import WEEK
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.records.actions import receive_copy, sign
from zhangfa.records.models import Publication

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def publish_year(player: Any) -> None:
    """The bundles and totals of the year, read by those who get them; the newest of each is left to be done."""
    today = clock.local_date(player.end)
    first = clock.local_date(Case.objects.order_by("reported_at").values_list("reported_at", flat=True)[0])
    week, last = week_of(first), week_of(today) - 2 * WEEK
    while week <= last:
        at = clock.day_start(week + WEEK) + 10 * HOUR
        paper = actions.send_bundle(week, by=player.post("cc", at), at=at)
        if week < last:
            _read(player, paper, at + 3 * HOUR)
        week += WEEK
    begins, ends = totals.period_at(first, player.end)
    newest, _end = totals.period_at(today, player.end)
    while begins < newest - 2 * WEEK:
        at = clock.day_start(ends + DAY) + 11 * HOUR
        by = player.post("cc", at)
        paper = actions.publish_totals(
            begins, ends, by=by, at=at, comment="本期以台面和地板损坏为主。", suggestion="加强清洁剂使用培训。"
        )
        if begins < newest - 4 * WEEK:
            _read(player, paper, at + 3 * HOUR)
            for row in paper.record.signatures.filter(state="waiting", signer__isnull=False).order_by("order"):
                assert row.signer_id is not None
                sign(paper.record, role=row.role, by=player.actor(row.signer_id, at), at=at + HOUR, is_verified=True)
        begins, ends = totals.period_at(ends + DAY, player.end)


def _read(player: Any, paper: Publication, at: dt.datetime) -> None:
    """Everybody acknowledges their copy."""
    for copy in paper.record.copies.select_related("record", "person"):
        receive_copy(copy, by=player.actor(copy.person_id, at), at=at)
