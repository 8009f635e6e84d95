"""A call from the first ring to what came of it; every step an event (CS-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction

from zhangfa.audit.actions import look
from zhangfa.calls.models import Call, Kind, Paper, Script
from zhangfa.calls.permissions import (
    connect_telephones,
    handle_call,
    read_calls,
    simulate_calls,
    take_calls,
    word_scripts,
)
from zhangfa.calls.queries import callers, open_call_of
from zhangfa.calls.rules import CLAUSE, CONTENT_LENGTH, refuse_second_call, refuse_write_up, seconds_between
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person

S = Call.Status
NEW_FILE = "customers.customer.registered"
# What is entered while somebody speaks with the caller belongs to the call.
PAPERS = {
    "claims.case.reported": Paper.Kind.CASE,
    "orders.order.booked": Paper.Kind.ORDER,
    "orders.series.agreed": Paper.Kind.ORDER,
}


def ring(
    *, phone: str, by: Actor, at: dt.datetime, external_id: str | None = None, started_at: dt.datetime | None = None,
    direction: str = Call.Direction.IN,
) -> Call:  # fmt: skip
    """A telephone rings: the caller is recognised by the number. The same call reported twice is one call."""
    demand(connect_telephones(by=by, at=at))
    if external_id and (known := Call.objects.filter(external_id=external_id).first()):
        return known
    try:
        with transaction.atomic():
            return _begin(
                phone=phone, by=by, at=at, external_id=external_id, started_at=started_at, direction=direction
            )
    except IntegrityError:
        # Reported by two lines at once: the first is the call.
        return Call.objects.get(external_id=external_id)


def take(*, phone: str, by: Actor, at: dt.datetime, direction: str = Call.Direction.IN) -> Call:
    """Somebody picks up a telephone that no system reports, and types the number."""
    demand(take_calls(by=by, at=at))
    with work():
        demand(_refuse_busy(by))
        call = _begin(phone=phone, by=by, at=at, direction=direction)
        answered: Call = answer(call, by=by, at=at)
        return answered


def simulate(*, phone: str, by: Actor, at: dt.datetime, direction: str = Call.Direction.IN) -> Call:
    """The demo company's telephone rings, as if its system had reported it."""
    demand(simulate_calls(by=by, at=at))
    return _begin(phone=phone, by=by, at=at, direction=direction)


def _begin(
    *, phone: str, by: Actor, at: dt.datetime, external_id: str | None = None, started_at: dt.datetime | None = None,
    direction: str = Call.Direction.IN,
) -> Call:  # fmt: skip
    with work():
        found = callers(phone)
        call = Call(
            phone=phone, external_id=external_id or None, started_at=started_at or at, direction=direction,
            customer=found[0] if len(found) == 1 else None,
        )  # fmt: skip
        call.prepare()
        call.save()
        announce(
            "calls.call.rang", call, by=by, at=at, label=_("来电"), clause=CLAUSE, is_new=True,
            codes={"direction": direction, "customer": call.customer_id, "known": len(found)},
        )  # fmt: skip
        return call


def _refuse_busy(by: Actor) -> Iterator[Refusal]:
    speaking = open_call_of(by.person_id, [S.SPEAKING])
    yield from refuse_second_call(open_id=speaking.pk if speaking else None)


def _guard_answer(call: Call, *, by: Actor, at: dt.datetime, **_more: Any) -> Iterator[Refusal]:
    yield from _refuse_busy(by)


@arrow(
    Call,
    sources=[S.RINGING],
    target=S.SPEAKING,
    label=_("接听"),
    event="answered",
    permit=take_calls,
    guard=_guard_answer,
    clause=CLAUSE,
)
def answer(call: Call, *, by: Actor, at: dt.datetime) -> None:
    """Pick up; the time since the first ring is what the caller waited."""
    _pick_up(call, by.person_id, at)


def _pick_up(call: Call, person_id: int | None, at: dt.datetime) -> None:
    call.operator_id = person_id
    call.answered_at, call.wait_seconds = at, seconds_between(call.started_at, at)


@arrow(Call, sources=[S.SPEAKING], target=S.ENDED, label=_("挂断"), event="ended", permit=handle_call, clause=CLAUSE)
def hang_up(call: Call, *, by: Actor, at: dt.datetime) -> None:
    """The talk is over; what was said is still to be written up."""
    call.ended_at = at


@arrow(
    Call, sources=[S.RINGING], target=S.MISSED, label=_("记为未接"), event="missed", permit=take_calls, clause=CLAUSE
)
def miss(call: Call, *, by: Actor, at: dt.datetime) -> None:
    """Nobody picked up; somebody calls back."""
    call.ended_at, call.wait_seconds = at, seconds_between(call.started_at, at)


def _guard_write_up(
    call: Call, *, by: Actor, at: dt.datetime, kind: str, content: str, result: str, customer: Any = None,
    follow_up_at: dt.datetime | None = None,
) -> Iterator[Refusal]:  # fmt: skip
    papers = set(Paper.objects.filter(call=call).values_list("kind", flat=True))
    yield from refuse_write_up(content=content, result=result, papers=papers, follow_up_at=follow_up_at, at=at)


@arrow(
    Call, sources=[S.SPEAKING, S.ENDED, S.MISSED], target=S.DONE, label=_("登记通话"), event="written_up", permit=handle_call,
    guard=_guard_write_up, clause=CLAUSE, hint=_("写明类型、内容和结果；下单和立案以本次通话登记的单据为准。"),
)  # fmt: skip
def write_up(
    call: Call, *, by: Actor, at: dt.datetime, kind: str, content: str, result: str, customer: Customer | None = None,
    follow_up_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    """What the call was about and what came of it; a missed call is written up after calling back."""
    if customer is not None:
        call.customer = customer
    if call.operator_id is None:
        _pick_up(call, by.person_id, at)
    call.kind, call.content, call.result, call.follow_up_at = kind, content, result, follow_up_at
    call.ended_at = call.ended_at or at
    call.prepare()


def _guard_follow(call: Call, *, by: Actor, at: dt.datetime, content: str) -> Iterator[Refusal]:
    if call.followed_at is not None:
        yield Refusal("call.followed", _("已经再次联系过。"), clause=CLAUSE)
    yield from refuse_write_up(content=content, result="", papers=(), follow_up_at=None, at=at)


@arrow(
    Call, sources=[S.DONE], target=None, label=_("登记再次联系"), event="followed", permit=handle_call, guard=_guard_follow,
    applies=lambda call: call.follow_up_at is not None and call.followed_at is None, clause=CLAUSE,
)  # fmt: skip
def follow(call: Call, *, by: Actor, at: dt.datetime, content: str) -> None:
    """The promised call back was made."""
    call.followed_at = at
    call.content = f"{call.content}\n{content}"


def report_event(
    *, event: str, external_id: str, phone: str, by: Actor, at: dt.datetime, operator: Person | None = None,
    direction: str = Call.Direction.IN,
) -> Call:  # fmt: skip
    """What a telephone system says of a call: ringing, answered, ended. Late, repeated or out of order it does no harm."""
    call = ring(phone=phone, by=by, at=at, external_id=external_id, direction=direction)
    if event == "ringing":
        return call
    with work():
        call = Call.objects.lock(call.pk)
        if event == "answered" and call.status == S.RINGING and operator is not None:
            _pick_up(call, operator.pk, at)
            _set(call, S.SPEAKING, "answered", _("接听"), by=by, at=at)
        elif event == "ended" and call.status == S.RINGING:
            call.wait_seconds = seconds_between(call.started_at, at)
            _end(call, S.MISSED, "missed", _("记为未接"), by=by, at=at)
        elif event == "ended" and call.status == S.SPEAKING:
            _end(call, S.ENDED, "ended", _("挂断"), by=by, at=at)
    return call


def _end(call: Call, status: str, event: str, label: str, *, by: Actor, at: dt.datetime) -> None:
    call.ended_at = at
    _set(call, status, event, label, by=by, at=at)


def _set(call: Call, status: str, event: str, label: str, *, by: Actor, at: dt.datetime) -> None:
    """The system's word, not a person's step: the operator is whoever the system names."""
    call.status, call.version = status, call.version + 1
    call.save()
    announce(
        f"calls.call.{event}", call, by=by, at=at, label=label, clause=CLAUSE,
        codes={"status": status, "operator": call.operator_id},
    )  # fmt: skip


def keep_paper(happened: Happened) -> None:
    """An order or a case that somebody enters while they speak with a caller is hung on the call."""
    kind, is_file = PAPERS.get(happened.event), happened.event == NEW_FILE
    if not (kind or is_file):
        return
    call = open_call_of(happened.by.person_id, [S.SPEAKING, S.ENDED])
    if call is None:
        return
    if is_file:
        # A caller who gets a file while on the telephone is known from then on, one without a shown number by being spoken with.
        if call.customer_id is None and call.phone_hash in ("", happened.obj.phone_hash):
            _know(call, happened.obj)
        return
    whose = getattr(happened.obj, "customer_id", None)
    if None not in (call.customer_id, whose) and call.customer_id != whose:
        return
    Paper.objects.get_or_create(
        call=call, kind=kind, subject=f"{happened.obj._meta.model_name}:{happened.obj.pk}",
        defaults={"title": str(happened.obj)[:80], "url": happened.obj.get_absolute_url()},
    )  # fmt: skip
    if call.customer_id is None and whose is not None:
        _know(call, Customer.objects.get(pk=whose))


def _know(call: Call, customer: Customer) -> None:
    call.customer = customer
    call.prepare()
    call.save(update_fields=["customer", "unit", "department"])


def reveal(call: Call, *, reason: str, by: Actor, at: dt.datetime) -> str:
    """The caller's number in clear; who looked and why is kept (domain.md 2.4)."""
    demand(read_calls(call, by=by, at=at))
    if len(reason.strip()) < CONTENT_LENGTH:
        demand([Refusal("call.reason", _("请写明查看原因。"), clause="HS-D10", field="reason")])
    if by.person_id is not None:
        look(person_id=by.person_id, record_id=None, kind="call", field=f"phone:{call.pk}", at=at, reason=reason)
    return str(call.phone or "")


def word(*, kind: str, text: str, text_en: str, by: Actor, at: dt.datetime) -> Script:
    """Set what is said on the telephone for one kind of call."""
    demand(word_scripts(by=by, at=at))
    with work():
        script, is_new = Script.objects.select_for_update().get_or_create(kind=Kind(kind), defaults={"text": text})
        script.text, script.text_en = text, text_en
        script.save()
        announce(
            "calls.script.worded", script, by=by, at=at, label=_("修改标准用语"), clause=CLAUSE, is_new=is_new,
            codes={"kind": kind}, values={"text": text},
        )  # fmt: skip
        return script
