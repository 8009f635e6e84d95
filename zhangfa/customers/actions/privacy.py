"""Requests of customers about their data, holds, and making a file anonymous."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.audit.actions import erase_detail
from zhangfa.audit.models import Event
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.customers import entries, privacy
from zhangfa.customers.actions.consent import withdraw_all
from zhangfa.customers.actions.entry import shelve_all
from zhangfa.customers.models import (
    AdverseRecord,
    ArchiveEntry,
    Consent,
    Contact,
    Customer,
    Learnt,
    Merge,
    PersonalRequest,
    Place,
    Profile,
    WorkerWish,
)
from zhangfa.customers.permissions import answer_requests, edit_customers
from zhangfa.customers.privacy_rules import (
    CLAUSE,
    grounds_of,
    refuse_answer,
    refuse_hold,
    refuse_request,
    refuse_restoring,
    refuse_while_planned,
)
from zhangfa.customers.profile_rules import FILE
from zhangfa.customers.registry import keepers
from zhangfa.customers.rules import refuse_closed
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.records.actions import open_record
from zhangfa.records.exports import write

S, K = PersonalRequest.Status, PersonalRequest.Kind
FORM = "GX"
NOBODY = "***"
BATCH = 500


def take_request(
    customer: Customer, *, kind: str, identity: str, wish: str = "", by: Actor, at: dt.datetime
) -> PersonalRequest:
    """Take down what the customer asks for; the answer is due by policy (PIPL 50)."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(edit_customers(customer, by=by, at=at))
        demand([*refuse_closed(status=customer.status), *refuse_request(identity=identity)])
        due = entries.due_after(at, "privacy.reply_days")
        record = open_record(
            FORM, unit=customer.outlet, by=by, at=at, title=customer.no, url=lambda pk: f"/archive/requests/{pk}/", retention="R3",
            due_at=due, is_handed_in=True,
        )  # fmt: skip
        row = PersonalRequest(
            record=record,
            customer=customer,
            kind=kind,
            identity=identity,
            wish=wish,
            taken_at=at,
            taken_by_id=by.person_id,
            due_at=due,
        )
        row.save(force_insert=True)
        announce(
            "customers.personalrequest.taken", row, by=by, at=at, label=_("受理个人信息请求"), record_id=record.pk, clause=CLAUSE,
            codes={"customer": customer.pk, "kind": kind, "due_at": due},
        )  # fmt: skip
        return row


def copy_out(row: PersonalRequest, *, by: Actor, at: dt.datetime) -> bytes:
    """Everything about the person as a file, watermarked and logged."""
    demand(answer_requests(row, by=by, at=at))
    if row.kind != K.ACCESS:
        demand([Refusal("request.kind", _("这份请求不是查阅、复制。"), {}, CLAUSE)])
    data = write(
        privacy.copy_of(row.customer),
        subject="customers.customer",
        filters=row.customer.no,
        by=by,
        at=at,
        is_masked=False,
    )
    with work():
        locked = PersonalRequest.objects.lock(row.pk)
        locked.copied_at = at
        locked.save(update_fields=["copied_at"])
        announce(
            "customers.personalrequest.copied",
            locked,
            by=by,
            at=at,
            label=_("导出个人信息副本"),
            record_id=row.pk,
            clause=CLAUSE,
        )
    return data


def _guard_answer(row: PersonalRequest, *, by: Actor, at: dt.datetime, outcome: str) -> Iterator[Refusal]:
    yield from refuse_answer(outcome=outcome, needs_copy=row.kind == K.ACCESS and row.copied_at is None)


@arrow(
    PersonalRequest, sources=[S.OPEN], target=S.DONE, label=_("已办理并答复"), event="answered", permit=answer_requests,
    guard=_guard_answer, clause=CLAUSE, applies=lambda row: row.kind != K.DELETION,
)  # fmt: skip
def fulfil(row: PersonalRequest, *, by: Actor, at: dt.datetime, outcome: str) -> None:
    """The copy was given, or the correction made, and the customer told."""
    _answered(row, by, at, outcome)


def _guard_decline(row: PersonalRequest, *, by: Actor, at: dt.datetime, outcome: str) -> Iterator[Refusal]:
    yield from refuse_answer(outcome=outcome, needs_copy=False)


@arrow(
    PersonalRequest, sources=[S.OPEN], target=S.DECLINED, label=_("不予办理"), event="declined", permit=answer_requests,
    guard=_guard_decline, clause=CLAUSE,
)  # fmt: skip
def decline_request(row: PersonalRequest, *, by: Actor, at: dt.datetime, outcome: str) -> None:
    """A request that can't be met says why."""
    _answered(row, by, at, outcome)


def _guard_erase(row: PersonalRequest, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    # The request's lock holds the customer's file: no order is taken between the question and the answer.
    yield from refuse_while_planned([one.number for one in privacy.planned(privacy.family(row.customer), at)])


@arrow(
    PersonalRequest, sources=[S.OPEN], target=None, label=_("删除（匿名）"), event="erased", permit=answer_requests, guard=_guard_erase, clause=CLAUSE,
    hint=_("法律要求保存的暂不删除，只作保存，并写明理由；其余立即匿名，不能恢复。"), applies=lambda row: row.kind == K.DELETION,
)  # fmt: skip
def erase(row: PersonalRequest, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Make the file anonymous where the law lets, else keep it restricted and say why (PIPL 47)."""
    # Under the lock nothing new begins for the customer between the question and the answer.
    customer = Customer.objects.lock(row.customer_id)
    # A sheet on its way into the file is no reason to keep it, and no longer anybody's duty.
    shelve_all([one.pk for one in privacy.family(customer)], by=by, at=at)
    found = privacy.reasons_to_keep(privacy.family(customer), at, is_asked=True)
    kept = [reason for _customer, reasons in found for reason in reasons]
    # Who is made anonymous is told, too, what other books keep.
    said = kept or privacy.what_stays(privacy.family(customer), at)
    row.grounds, row.status = grounds_of(said), S.RESTRICTED if kept else S.DONE
    _answered(row, by, at, "")
    if kept:
        _only_keep(customer, row, by, at)
    else:
        _erase(customer, by=by, at=at)
    return {"codes": {"grounds": [ground[0] for ground in row.grounds]}}


def hold(customer: Customer, *, reason: str, by: Actor, at: dt.datetime) -> Customer:
    """A dispute or an authority's case: nothing of the file goes until it is released."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(answer_requests(customer, by=by, at=at))
        demand(
            [*refuse_closed(status=customer.status), *refuse_hold(reason=reason, is_held=bool(customer.held_reason))]
        )
        return _held(customer, reason, "held", _("设保留"), by, at)


def release(customer: Customer, *, by: Actor, at: dt.datetime) -> Customer:
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(answer_requests(customer, by=by, at=at))
        return _held(customer, "", "released", _("解除保留"), by, at)


def _only_keep(customer: Customer, row: PersonalRequest, by: Actor, at: dt.datetime) -> None:
    """The law wants it kept: from now on it is neither changed nor used, and the customer agrees to nothing any more (PIPL 47)."""
    if customer.status in (Customer.Status.ERASED, Customer.Status.MERGED):
        return
    withdraw_all(customer, evidence=row.record.number or "", by=by, at=at)
    if customer.status != Customer.Status.KEPT:
        row.status_before = customer.status
    customer.status = Customer.Status.KEPT
    customer.save(update_fields=["status"])
    codes = {"request": str(row.pk), "grounds": [ground[0] for ground in row.grounds], "before": row.status_before}
    announce("customers.customer.kept", customer, by=by, at=at, label=_("依法仅保存"), clause=CLAUSE, codes=codes)


def restore(customer: Customer, *, reason: str, by: Actor, at: dt.datetime) -> Customer:
    """The customer wants to be served again: the file is used again, what they agreed to is asked anew."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(answer_requests(customer, by=by, at=at))
        demand(refuse_restoring(is_kept=customer.status == Customer.Status.KEPT, reason=reason))
        # As it stood before it was only kept; of requests answered before this was written down nobody knows.
        asked = PersonalRequest.objects.filter(customer=customer).exclude(status_before="").order_by("-pk").first()
        customer.status = asked.status_before if asked else Customer.Status.ACTIVE
        customer.save(update_fields=["status"])
        announce(
            "customers.customer.restored", customer, by=by, at=at, label=_("恢复使用"), clause=CLAUSE,
            codes={"status": customer.status}, values={"reason": reason},
        )  # fmt: skip
        return customer


def erase_due(customers: list[Customer], *, at: dt.datetime) -> int:
    """Those of the files given whose years are over and whom nothing keeps; each in its own transaction, asked again under its lock."""
    by, count = system_actor("customers", at), 0
    asked = [one for one in customers if one.status == Customer.Status.KEPT]
    waiting = [one for one in customers if one.status != Customer.Status.KEPT]
    found = [*privacy.reasons_to_keep(asked, at, is_asked=True), *privacy.reasons_to_keep(waiting, at)]
    for customer in [customer for customer, reasons in found if not reasons]:
        with work():
            locked = Customer.objects.lock(customer.pk)
            asked = locked.status == Customer.Status.KEPT
            if not any(why for _one, why in privacy.reasons_to_keep(privacy.family(locked), at, is_asked=asked)):
                _erase(locked, by=by, at=at)
                count += 1
    return count


def _erase(customer: Customer, *, by: Actor, at: dt.datetime) -> None:
    """Nothing is left that tells who it was; figures, dates and the chain of the trail stay."""
    for one in privacy.family(customer):
        one.name, one.contact, one.phone, one.compound, one.address, one.note = NOBODY, "", "", "", "", ""
        one.status, one.account_manager = Customer.Status.ERASED, None
        one.prepare()
        one.save()
        keys = [one.pk]
        Profile.objects.filter(customer=one).update(**{ask.name: "" for ask in FILE}, alt_phone_hash="", text_key="")
        Contact.objects.filter(customer=one).update(name=NOBODY, title="", phone="", phone_hash="", is_current=False)
        Place.objects.filter(customer=one).update(
            label="", compound="", door="", layout="", floor="", access_note="", is_current=False
        )
        WorkerWish.objects.filter(customer=one).update(reason="", is_current=False)
        Learnt.objects.filter(entry__customer=one).update(value="", reason="")
        ArchiveEntry.objects.filter(customer=one).update(text_key="")
        AdverseRecord.objects.filter(customer=one).update(facts="", reply="", ground="")
        Consent.objects.filter(customer=one).update(evidence="")
        PersonalRequest.objects.filter(customer=one).update(identity="", wish="")
        Merge.objects.filter(merged=one).update(reason="")
        _erase_trail(keys, at)
        for keeper in keepers.values():
            keeper.forget(keys, at)
        announce("customers.customer.erased", one, by=by, at=at, label=_("匿名"), clause=CLAUSE)


def _erase_trail(keys: list[int], at: dt.datetime) -> None:
    papers = [
        *ArchiveEntry.objects.filter(customer_id__in=keys).values_list("pk", flat=True),
        *AdverseRecord.objects.filter(customer_id__in=keys).values_list("pk", flat=True),
        *PersonalRequest.objects.filter(customer_id__in=keys).values_list("pk", flat=True),
    ]
    chains = [*(f"customers.customer:{key}" for key in keys), *(f"record:{pk}" for pk in papers)]
    for start in range(0, len(chains), BATCH):
        events = Event.objects.filter(chain__in=chains[start : start + BATCH])
        erase_detail(list(events.values_list("pk", flat=True)), at=at)


def _answered(row: PersonalRequest, by: Actor, at: dt.datetime, outcome: str) -> None:
    row.answered_at, row.answered_by_id, row.outcome, row.is_late = at, by.person_id, outcome, at > row.due_at


def _held(customer: Customer, reason: str, event: str, label: str, by: Actor, at: dt.datetime) -> Customer:
    customer.held_reason = reason
    customer.save(update_fields=["held_reason"])
    announce(
        f"customers.customer.{event}", customer, by=by, at=at, label=label, clause=CLAUSE, values={"reason": reason}
    )
    return customer
