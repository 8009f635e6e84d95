"""The papers about duties for another program: changes of the catalogue, and the lists that are handed over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from ninja import Router

from zhangfa.core.text import _
from zhangfa.duties import actions
from zhangfa.duties.models import DutyChange, Handover
from zhangfa.duties.permissions import CLAUSE, change_duties, draw_up_handover
from zhangfa.duties.web.editing import ChangeList, NewForm, PaperForm
from zhangfa.duties.web.handovers import BY_HAND, DrawForm, HandoverList, SendForm, SuccessorForm, named, seat_of
from zhangfa.organisation.models import Person
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, plain, reads, transitions
from zhangfa.ui.api.operations import Input
from zhangfa.ui.forms import TextField

router = Router()


class SwitchForm(PaperForm):
    """Which duty, and whether it is to be watched."""

    stem = TextField(label=_("职责"), max_length=40, help_text=_("职责代码和环节，例如 D-CC-05.bundle."))
    kind = forms.ChoiceField(label=_("修改内容"), choices=[("off", _("停用职责")), ("on", _("恢复职责"))])


class DutyChangeOut(Schema):
    """One paper: what changes from when, why, and what became of it."""

    id: str
    number: str
    kind: str
    stem: str
    made: dict[str, Any]
    status: str
    effective_from: dt.date
    reason: str
    duty: str
    url: str


class HandoverItemOut(Schema):
    """One open thing."""

    source: str
    key: str
    title: str
    number: str
    due_at: dt.datetime | None
    note: str
    moved_at: dt.datetime | None


class HandoverOut(Schema):
    """One list with its three people."""

    id: str
    number: str
    status: str
    seat: int
    leaver: str
    successor: str
    superior: str
    last_on: dt.date
    done_at: dt.datetime | None
    note: str
    items: list[HandoverItemOut]
    url: str


def change_out(_call: Call, row: DutyChange) -> DutyChangeOut:
    return DutyChangeOut(
        id=str(row.pk), number=row.record.number or "", kind=row.kind, stem=row.stem, made=plain(row.made), status=row.status,
        effective_from=row.effective_from, reason=row.reason, duty=row.duty_id or "", url=row.get_absolute_url(),
    )  # fmt: skip


def handover_line(_call: Call, row: Handover) -> HandoverOut:
    return HandoverOut(
        id=str(row.pk), number=row.record.number or "", status=row.status, seat=row.seat_id, leaver=named(row.leaver),
        successor=named(row.successor), superior=named(row.superior), last_on=row.last_on, done_at=row.done_at, note=row.note, items=[],
        url=row.get_absolute_url(),
    )  # fmt: skip


def handover_out(call: Call, row: Handover) -> HandoverOut:
    items = [
        HandoverItemOut(
            source=item.source,
            key=item.key,
            title=item.title,
            number=item.number,
            due_at=item.due_at,
            note=item.note,
            moved_at=item.moved_at,
        )
        for item in row.items.order_by("source", "due_at", "pk")
    ]
    return handover_line(call, row).model_copy(update={"items": items})


def _change(call: Call) -> DutyChange:
    rows = DutyChange.objects.visible_to(call.actor).select_related("record", "proposed_by")
    found: DutyChange = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    return found


def _handover(call: Call) -> Handover:
    rows = Handover.objects.visible_to(call.actor).select_related(
        "record", "leaver", "successor", "superior", "seat__unit", "seat__post"
    )
    found: Handover = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    return found


def _propose(given: Input) -> DutyChange:
    made = actions.propose_duty_change(by=given.call.actor, at=given.call.at, **given.params)
    return DutyChange.objects.select_related("record").get(pk=made.pk)


def _draw(given: Input) -> Handover:
    leaver = Person.objects.get(pk=given.params["leaver"])
    last_on = given.params["last_on"]
    seat = seat_of(leaver, last_on, given.params["seat"])
    made = actions.draw_up(seat=seat, leaver=leaver, last_on=last_on, by=given.call.actor, at=given.call.at)
    return Handover.objects.select_related("record", "leaver", "successor", "superior").get(pk=made.pk)


CHANGE, HANDOVER = "/duty-changes/{key}", "/handovers/{key}"
lists(
    router,
    "/duty-changes",
    id="duty_changes",
    summary=_("职责修改单"),
    page=ChangeList,
    line=change_out,
    out=DutyChangeOut,
    about=CLAUSE,
)
creates(
    router, "/duty-changes", id="duty_add", summary=_("新增公司职责"), form=NewForm, act=_propose, show=change_out, out=DutyChangeOut,
    permission=change_duties, about=CLAUSE,
)  # fmt: skip
creates(
    router, "/duty-switches", id="duty_switch", summary=_("停用或恢复职责"), form=SwitchForm, act=_propose, show=change_out, out=DutyChangeOut,
    permission=change_duties, about=CLAUSE,
)  # fmt: skip
reads(
    router, CHANGE, id="duty_change", summary=_("一份职责修改单"), give=lambda call: change_out(call, _change(call)), out=DutyChangeOut,
    about=CLAUSE,
)  # fmt: skip
transitions(
    router,
    CHANGE,
    model=DutyChange,
    noun="duty_change",
    forms_of={},
    find=_change,
    show=change_out,
    out=DutyChangeOut,
    only=("withdraw_change",),
)
lists(
    router,
    "/handovers",
    id="handovers",
    summary=_("工作交接"),
    page=HandoverList,
    line=handover_line,
    out=HandoverOut,
    about=CLAUSE,
)
creates(
    router, "/handovers", id="handover_draw", summary=_("建立工作交接单"), form=DrawForm, act=_draw, show=handover_out, out=HandoverOut,
    permission=draw_up_handover, about=CLAUSE,
)  # fmt: skip
reads(
    router, HANDOVER, id="handover", summary=_("一张工作交接单"), give=lambda call: handover_out(call, _handover(call)), out=HandoverOut,
    about=CLAUSE,
)  # fmt: skip
transitions(
    router, HANDOVER, model=Handover, noun="handover", forms_of={"name_successor": SuccessorForm, "send_for_signing": SendForm}, find=_handover,
    show=handover_out, out=HandoverOut, only=BY_HAND,
)  # fmt: skip
