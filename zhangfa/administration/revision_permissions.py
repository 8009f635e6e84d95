"""Who drafts a revision of the chart or of a post, mends it, takes it back, and confirms that they know it (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.administration.models.revisions import RevisionReader
from zhangfa.administration.revision_rules import CLAUSE
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade
from zhangfa.organisation.rules import CHART_POSTS

DRAFTERS = ("am", "hr", "cs", "hs", "ls", "fin", "mk", "dgm", "gm")


def read_revisions(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody who works here; the technical administrator sees the chart itself, but no paper."""
    if by.person_id is None and not by.is_system:
        yield Refusal("revisions.read", _("系统管理员不查看单据。"), {}, CLAUSE)


def draft_chart(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who keep the chart draft its revisions."""
    if by.person_id is None or not by.holds(*CHART_POSTS):
        yield Refusal("revision.chart", _("组织机构的修订由行政部、人事或总经理起草。"), {}, CLAUSE, "", CHART_POSTS)


def draft_post(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Department managers and above draft the descriptions of their posts; HR all."""
    manages = any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats)
    if by.person_id is None or not (manages or by.holds("hr")):
        yield Refusal("revision.post", _("岗位说明由部门经理以上或行政人事专员起草。"), {}, CLAUSE, "", DRAFTERS)


def author(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only the author writes on it."""
    if not by.is_any_of([obj.drafted_by_id]):
        name = obj.drafted_by.shown_name if obj.drafted_by else ""
        yield Refusal("revision.author", _("这一步由起草人%(name)s办理。"), {"name": name}, CLAUSE)


def sender_back(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The author, or the GM who approved it."""
    if not by.holds("gm"):
        yield from author(obj, by=by, at=at)


def machine(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only the day itself brings it about."""
    if not by.is_system:
        yield Refusal("revision.day_comes", _("到生效日由系统自动执行。"), {}, CLAUSE)


def concerned(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody for themselves, once."""
    mine = RevisionReader.objects.filter(revision_id=obj.pk, person_id=by.person_id or 0).first()
    if mine is None:
        yield Refusal("revision.not_yours", _("这份修订不需要您签收。"), {}, CLAUSE)
    elif mine.read_at is not None:
        yield Refusal("revision.read", _("您已经签收。"), {}, CLAUSE)
