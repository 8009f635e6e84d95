"""Calls through the programming interface, and the one operation that a telephone system needs."""

from __future__ import annotations

import datetime as dt
import re

from ninja import Router

from zhangfa.calls import actions
from zhangfa.calls.models import Call
from zhangfa.calls.permissions import connect_telephones, read_calls, take_calls
from zhangfa.calls.web.forms import EventForm, FollowForm, TakeForm, WriteUpForm
from zhangfa.calls.web.pages import Calls
from zhangfa.core.text import _
from zhangfa.ui.api import Call as Asked
from zhangfa.ui.api import Schema, lists, reads
from zhangfa.ui.api.operations import Input, creates, transitions, writes

router = Router()


class CallOut(Schema):
    id: int
    number: str
    direction: str
    status: str
    phone: str
    customer: int | None
    customer_name: str
    operator: int | None
    operator_name: str
    kind: str
    content: str
    result: str
    started_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    wait_seconds: int | None
    follow_up_at: dt.datetime | None


def shown(_call: Asked, row: Call) -> CallOut:
    return CallOut(
        id=row.pk, number=str(row), direction=row.direction, status=row.status, phone=row.masked_phone, customer=row.customer_id,
        customer_name=row.customer.name if row.customer else "", operator=row.operator_id,
        operator_name=row.operator.shown_name if row.operator else "", kind=row.kind, content=row.content, result=row.result,
        started_at=row.started_at, answered_at=row.answered_at, ended_at=row.ended_at, wait_seconds=row.wait_seconds,
        follow_up_at=row.follow_up_at,
    )  # fmt: skip


def _find(call: Asked) -> Call:
    rows = Call.objects.visible_to(call.actor).select_related("customer", "operator")
    key = str(call.path["key"]).upper().removeprefix("T")
    found: Call = call.one(rows, pk=int(key) if re.fullmatch("[0-9]{1,18}", key, re.ASCII) else 0)
    call.check(read_calls, found)
    return found


def _report(given: Input) -> Call:
    return actions.report_event(**given.params, by=given.call.actor, at=given.call.at)


def _take(given: Input) -> Call:
    return actions.take(**given.params, by=given.call.actor, at=given.call.at)


lists(router, "/calls", id="calls", summary=_("通话"), page=Calls, line=shown, out=CallOut)
creates(
    router, "/calls", id="take_call", summary=_("接听电话"), form=TakeForm, act=_take, show=shown, out=CallOut,
    permission=take_calls,
)  # fmt: skip
writes(
    router, "/calls/events", id="report_call", summary=_("电话系统报告"), form=EventForm, act=_report, show=shown, out=CallOut,
    permission=connect_telephones, about="CS-D1",
)  # fmt: skip
reads(router, "/calls/{key}", id="call", summary=_("一通电话"), give=lambda call: shown(call, _find(call)), out=CallOut)
transitions(
    router, "/calls/{key}", model=Call, noun="call", forms_of={"write_up": WriteUpForm, "follow": FollowForm}, find=_find,
    show=shown, out=CallOut,
)  # fmt: skip
