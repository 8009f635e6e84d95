"""Workers' papers in the caller's scope."""

from __future__ import annotations

import datetime as dt

from ninja import Router

from zhangfa.core.text import _
from zhangfa.people import actions
from zhangfa.people.models import Certificate
from zhangfa.people.permissions import keep_papers
from zhangfa.people.web.pages import PaperForm, Papers
from zhangfa.ui.api import Call, Schema, creates, lists
from zhangfa.ui.api.operations import Input

router = Router()


class PaperOut(Schema):
    id: int
    person: int
    person_name: str
    unit: int
    kind: str
    number: str
    issuer: str
    category: str
    is_passed: bool
    valid_from: dt.date
    valid_to: dt.date | None


def shown(_call: Call, row: Certificate) -> PaperOut:
    return PaperOut(
        id=row.pk, person=row.person_id, person_name=row.person.shown_name, unit=row.unit_id, kind=row.kind, number=row.number,
        issuer=row.issuer, category=row.category, is_passed=row.is_passed, valid_from=row.valid_from, valid_to=row.valid_to,
    )  # fmt: skip


def _add(given: Input) -> Certificate:
    return actions.add_paper(**given.params, by=given.call.actor, at=given.call.at)


lists(router, "/papers", id="papers", summary=_("服务员证件"), page=Papers, line=shown, out=PaperOut, about="HS-W3")
creates(
    router, "/papers", id="paper_add", summary=_("登记证件"), form=PaperForm, act=_add, show=shown, out=PaperOut,
    permission=keep_papers, about="HS-W3",
)  # fmt: skip
