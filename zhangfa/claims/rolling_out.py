"""改正意见的推行: a notice or a regulation passes the week's improvements on to the departments (CC-D1, D-AM-15)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhangfa.administration import registry as administration
from zhangfa.administration.models import Bulletin
from zhangfa.claims import wording
from zhangfa.claims.actions.bundle import BUNDLE_FORM, KIND
from zhangfa.claims.forms_of_record import TABLE_READERS
from zhangfa.core.text import _ as mark
from zhangfa.core.transitions import Happened, announce, sink
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Publication, Record
from zhangfa.regulations import queries as regulations
from zhangfa.regulations import registry
from zhangfa.regulations.registry import Origin, Stage

SOURCE = "claims.bundle"
CLAUSE = "CC-D1"
ISSUED, PROMULGATED = "administration.bulletin.issued", "regulations.source.promulgated"


def register() -> None:
    administration.rolls_out(BUNDLE_FORM, words)
    registry.source(SOURCE, mark("改正意见"), find, record_of=UUID)
    sink(47, "claims.rolling_out", follow)


def words(record: Record) -> tuple[str, str]:
    """What the notice begins with: each improvement by its cause; nobody is named."""
    paper = Publication.objects.get(record=record, kind=KIND)
    rows = [wording.said(row) for row in paper.figures["rows"]]
    lines = [f"{number}. {row['category']}：{row['measure']}" for number, row in enumerate(rows, start=1)]
    return _("推行 %(week)s 一周的改正意见") % {"week": paper.period}, "\n".join(lines)


def follow(happened: Happened) -> None:
    """A notice about a bundle, or a regulation born of one, is what administration owes for that week."""
    if happened.event == ISSUED:
        key = str(happened.codes.get("about") or "")
    elif happened.event == PROMULGATED and happened.codes.get("source_kind") == SOURCE:
        key = str(happened.codes.get("source") or "")
    else:
        return
    paper = _paper(key)
    if paper is not None:
        announce(
            "claims.bundle.rolled_out", paper.record, by=happened.by, at=happened.at, label=mark("推行改正意见"), record_id=paper.record_id,
            codes={"period": paper.period}, clause=CLAUSE,
        )  # fmt: skip


def _paper(key: str) -> Publication | None:
    try:
        pk = UUID(key)
    except ValueError:
        return None
    return Publication.objects.select_related("record").filter(record_id=pk, kind=KIND).first()


def find(actor: Actor, source_id: str, at: dt.datetime) -> Origin | None:
    """A bundle as the origin of a regulation."""
    paper = _paper(source_id)
    if paper is None or not actor.holds(*TABLE_READERS):
        return None
    url = f"/claims/bundles/{paper.period}/"
    before = [Stage(_("改正意见送行政部"), paper.record.submitted_at, paper.record.due_at, url=url, clause=CLAUSE)]
    return Origin(
        title=str(paper.record.title), url=url, number=paper.record.number or "", started_at=paper.record.submitted_at, before=before,
    )  # fmt: skip


@dataclass(frozen=True)
class RolledOut:
    """What passed a bundle on."""

    number: str
    title: str
    url: str


def rolled_out(record_id: Any) -> list[RolledOut]:
    """The notices and regulations in force that roll a bundle out."""
    notices = Bulletin.objects.filter(about_id=record_id, status=Bulletin.Status.ISSUED).select_related("record")
    rules = [row for row in regulations.of_source(SOURCE, record_id) if row.promulgated_at]
    return [RolledOut(row.record.number or "", row.title, row.get_absolute_url()) for row in [*notices, *rules]]


__all__ = ["find", "follow", "register", "rolled_out", "words"]
