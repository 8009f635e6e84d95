"""What the caller owes, what is overdue below, and the catalogue of duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from ninja import Router

from zhangfa.core.text import _
from zhangfa.duties import queries, wording
from zhangfa.duties.api_papers import router as papers
from zhangfa.duties.api_whatif import router as whatif
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.ui.access import everyone
from zhangfa.ui.api import Call, Schema, lists, plain, reads
from zhangfa.ui.api.operations import Number
from zhangfa.ui.pages import ListPage

router = Router()
router.add_router("", papers)
router.add_router("", whatif)
ROWS = ("duty", "seat__post", "seat__unit", "record", "person")


class OccurrenceOut(Schema):
    """A duty owed once; late stays late."""

    id: int
    duty: str
    name: str
    clause: str
    seat: int
    seat_name: str
    person: int | None
    subject: str
    period: str
    record: str
    number: str
    state: str
    opened_at: dt.datetime
    due_at: dt.datetime
    done_at: dt.datetime | None
    is_overdue: bool
    rung: int
    policy: list[dict[str, Any]]
    url: str


class OccurrencesOut(Schema):
    items: list[OccurrenceOut]


class DutyOut(Schema):
    key: str
    code: str
    post: str
    clause: str
    rhythm: str
    name: str
    evidence: str
    due: str


class DutiesOut(Schema):
    items: list[DutyOut]


class OwnOccurrences(ListPage):
    model = Occurrence
    permission = everyone
    sorts = {"due": (_("期限最近"), "due_at", "pk"), "new": (_("最新"), "-pk")}
    select_related = ROWS
    is_searchable = False

    def rows(self) -> Any:
        return Occurrence.objects.owed_by(self.actor)


def shown(call: Call, row: Occurrence) -> OccurrenceOut:
    return OccurrenceOut(
        id=row.pk, duty=row.duty_id, name=str(row.duty), clause=row.duty.clause, seat=row.seat_id, seat_name=str(row.seat),
        person=row.person_id, subject=row.subject_key, period=row.period, record=str(row.record_id or ""),
        number=(row.record.number or "") if row.record else "", state=row.state, opened_at=row.opened_at, due_at=row.due_at,
        done_at=row.done_at, is_overdue=row.is_open and row.due_at < call.at, rung=row.rung, policy=plain(row.policy),
        url=queries.address(row),
    )  # fmt: skip


def _all(call: Call, rows: Iterable[Occurrence]) -> OccurrencesOut:
    return OccurrencesOut(items=[shown(call, row) for row in rows])


def _one(call: Call) -> OccurrenceOut:
    return shown(call, call.one(Occurrence.objects.visible_to(call.actor).select_related(*ROWS), pk=call.path["id"]))


def _catalogue(call: Call) -> DutiesOut:
    known = {row.key: row for row in catalogue().current(call.at)}
    rows = Duty.objects.filter(is_active=True, key__in=list(known)).order_by("code", "stage")
    return DutiesOut(
        items=[
            DutyOut(
                key=duty.key, code=duty.code, post=duty.post, clause=duty.clause, rhythm=duty.rhythm, name=str(duty),
                evidence=duty.shown_evidence, due=str(wording.due_in_words(known[duty.key], call.at)),
            )
            for duty in rows
        ]
    )  # fmt: skip


lists(
    router,
    "/occurrences",
    id="occurrences",
    summary=_("我的职责"),
    page=OwnOccurrences,
    line=shown,
    out=OccurrenceOut,
    about="X-1",
)
reads(
    router, "/occurrences/overdue-below", id="occurrences_overdue_below", summary=_("下属逾期未办"), out=OccurrencesOut, about="X-1",
    give=lambda call: _all(call, queries.overdue_below(call.actor, call.at, 100)),
)  # fmt: skip
reads(
    router,
    "/occurrences/{id}",
    id="occurrence",
    summary=_("一项职责"),
    give=_one,
    out=OccurrenceOut,
    ids={"id": Number},
    about="X-1",
)
reads(router, "/duties", id="duties", summary=_("职责目录"), give=_catalogue, out=DutiesOut, about="X-1")
