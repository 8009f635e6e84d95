"""RPT-01 is frozen with the department manager's words and sent to outlets, supervisors and the executive (HS-W1.2, HS-W1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.organisation.queries import executive_seat_for, holder_of, seated_in
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication
from zhangfa.reports import permissions as may
from zhangfa.reports import quality

CLAUSE, SHORTEST = "HS-W1.3", 5
DAY = dt.timedelta(days=1)


def period_of(monday: dt.date, department: Unit) -> str:
    return f"{monday.isoformat()}/{department.pk}"


def publish_quality(monday: dt.date, department: Unit, *, by: Actor, at: dt.datetime, summary: str) -> Publication:
    """Freeze the week that is over; other figures later make a numbered revision. Raises `Refused`."""
    demand([*may.publish_quality(department, by=by, at=at), *_refuse(monday, summary, at)])
    figures, used = quality.draw(department, monday, at)
    name = monday.isoformat()
    with work():
        paper = publish(
            quality.KIND, period=period_of(monday, department), figures={**figures, "summary": summary}, policy=used, form_code=quality.FORM,
            unit=department, by=by, at=at, title=f"{_('网点质量周报')} {name}", url=f"/reports/outlets/{name}/{department.pk}/",
            due_at=clock.day_start(monday + 14 * DAY),
        )  # fmt: skip
        copy_to(paper.record, _readers(department, at), by=by, at=at)
        codes = {"handler": by.person_id, "week": name, "department": department.pk, "revision": paper.revision}
        announce(
            "reports.outlets.published", paper.record, by=by, at=at, label=_("发布网点质量周报"), record_id=paper.record_id, codes=codes, clause=CLAUSE
        )  # fmt: skip
    return paper


def _refuse(monday: dt.date, summary: str, at: dt.datetime) -> Iterator[Refusal]:
    if monday + 7 * DAY > clock.local_date(at):
        yield Refusal("quality.running", _("这一周还没有结束，下周一起才能发布。"), {}, CLAUSE)
    if len(summary.strip()) < SHORTEST:
        yield Refusal(
            "quality.summary",
            _("请写明网点的问题和要求（不少于 %(count)s 个字）。"),
            {"count": SHORTEST},
            CLAUSE,
            "summary",
        )


def _readers(department: Unit, at: dt.datetime) -> set[int]:
    """The outlets' managers, the supervisors and the executive in charge."""
    found = {
        person.pk
        for people in seated_in(Q(post_id__in=("oa", "sup"), unit__department=department), at).values()
        for person in people
    }
    executive = executive_seat_for(department, at)
    leader = holder_of(executive, at) if executive else None
    return found | ({leader.pk} if leader else set())
