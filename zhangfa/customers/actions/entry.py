"""Archive entries: the outlet writes, the operator enters, another person verifies; differences go back and forth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhangfa.core import clock, crypto
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.customers import entries, queries
from zhangfa.customers.actions.profile import write_answers
from zhangfa.customers.entry_rules import (
    BASIC,
    CLAUSE,
    OBSERVATION,
    refuse_entry,
    refuse_learnt,
    refuse_send_back,
    refuse_verify,
)
from zhangfa.customers.models import ArchiveEntry, Customer, Learnt, PersonalRequest, Profile
from zhangfa.customers.permissions import answer_requests, key_in_entries, verify_entries, write_entries
from zhangfa.customers.privacy_rules import CLAUSE as PRIVACY
from zhangfa.customers.profile_rules import BY_NAME, refuse_file
from zhangfa.customers.rules import refuse_use
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value
from zhangfa.records.actions import open_record
from zhangfa.records.models import Record

S = ArchiveEntry.Status
FORM = "F15"


def write_entry(customer: Customer, *, served_on: dt.date, by: Actor, at: dt.datetime, **learnt: str) -> ArchiveEntry:
    """Write what was learnt about a customer served on the day (D-OA-01)."""
    learnt = {name: text for name, text in learnt.items() if text}
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(write_entries(customer, by=by, at=at))
        demand(refuse_use(status=customer.status))
        today = clock.local_date(at)
        is_written = ArchiveEntry.objects.filter(customer=customer, served_on=served_on).exists()
        demand(
            [
                *refuse_entry(
                    learnt, served_on=served_on, today=today, is_written=is_written, was_served=entries.was_served(customer, served_on)
                ),
                *_refuse_shapes(customer, learnt),
            ]
        )  # fmt: skip
        record = open_record(
            FORM, unit=customer.outlet, by=by, at=at, title=customer.no, url=lambda pk: f"/archive/entries/{pk}/",
            retention="R3", due_at=clock.day_start(served_on + dt.timedelta(days=1)), is_handed_in=True,
        )  # fmt: skip
        entry = ArchiveEntry(
            record=record, customer=customer, served_on=served_on, outlet=customer.outlet, department_id=customer.department_id,
            written_at=at, written_by_id=by.person_id, is_late=served_on < today, text_key=_key(learnt),
        )  # fmt: skip
        entry.save(force_insert=True)
        _put(entry, learnt)
        announce(
            "customers.archiveentry.written", entry, by=by, at=at, label=_("登记客户档案"), record_id=record.pk, clause=CLAUSE,
            codes={"customer": customer.pk, "served_on": served_on.isoformat(), "outlet": entry.outlet_id, "fields": sorted(learnt), "is_late": entry.is_late},
        )  # fmt: skip
        if entries.is_day_written(entry.outlet_id, served_on):
            announce(
                "customers.archiveday.written", entry, by=by, at=at, label=_("当天服务的客户全部登记"), record_id=record.pk, clause=CLAUSE,
                codes={"outlet": entry.outlet_id, "served_on": served_on.isoformat()},
            )  # fmt: skip
        return entry


def _guard_learnt(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, **learnt: str) -> Iterator[Refusal]:
    yield from refuse_use(status=entry.customer.status)
    given = {name: text for name, text in learnt.items() if text}
    yield from refuse_learnt({**entries.learnt_of(entry), **given})
    yield from _refuse_shapes(entry.customer, given)


@arrow(
    ArchiveEntry, sources=[S.WRITTEN], target=None, label=_("修改登记表"), event="rewritten", permit=write_entries,
    guard=_guard_learnt, clause=CLAUSE,
)  # fmt: skip
def rewrite(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, **learnt: str) -> dict[str, Any]:
    """Mend or add to an entry that was not handed in yet."""
    return _replace(entry, learnt)


@arrow(
    ArchiveEntry, sources=[S.RETURNED], target=S.HANDED_IN, label=_("更正后交回"), event="corrected", permit=write_entries,
    guard=_guard_learnt, clause=CLAUSE,
)  # fmt: skip
def correct(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, **learnt: str) -> dict[str, Any]:
    """Correct what differed; it is entered and verified again."""
    Learnt.objects.filter(entry=entry).update(is_verified=None, reason="")
    entry.key_in_due_at = entries.due_after(at, "archive.key_in_days")
    entry.rounds += 1
    entry.entered_at = entry.entered_by = entry.verify_due_at = None
    said = _replace(entry, learnt)
    return {
        "codes": {**said["codes"], "key_in_due_at": entry.key_in_due_at, "subject": entry.subject, "is_first": True}
    }


def _guard_key_in(entry: ArchiveEntry, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    yield from refuse_use(status=entry.customer.status)


@arrow(
    ArchiveEntry, sources=[S.HANDED_IN], target=S.ENTERED, label=_("录入档案"), event="entered", permit=key_in_entries, guard=_guard_key_in, clause=CLAUSE,
    hint=_("登记表的内容写进客户档案。"),
)  # fmt: skip
def key_in(entry: ArchiveEntry, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """Put the entry's answers into the file (D-OP-01)."""
    learnt = entries.learnt_of(entry)
    customer = entry.customer
    if basic := [name for name in BASIC if name in learnt]:
        for name in basic:
            setattr(customer, name, learnt[name])
        customer.prepare()
        customer.save()
    # Read along with the lock.
    profile = getattr(customer, "profile", None) or Profile(customer=customer)
    answers = {**queries.answers_of(profile), **{name: text for name, text in learnt.items() if name in BY_NAME}}
    write_answers(
        customer, profile, answers, is_finished=profile.is_finished, has_contract=profile.has_contract, by=by, at=at
    )
    is_late = entry.key_in_due_at is not None and at > entry.key_in_due_at
    entry.entered_at, entry.entered_by_id = at, by.person_id
    entry.verify_due_at = entries.due_after(at, "archive.verify_days")
    return {
        "codes": {"is_late": is_late, "verify_due_at": entry.verify_due_at, "subject": entry.subject, "is_first": True}
    }


def _guard_verify(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, checked: Collection[str]) -> Iterator[Refusal]:
    least, rate = value("archive.min_completeness", at), entry.customer.completeness
    yield from refuse_verify(
        fields=entries.learnt_of(entry),
        checked=checked,
        completeness=str(rate),
        least=str(least),
        is_whole=rate >= least,
    )


@arrow(
    ArchiveEntry, sources=[S.ENTERED], target=S.VERIFIED, label=_("核实无误"), event="verified", permit=verify_entries,
    guard=_guard_verify, clause=CLAUSE,
)  # fmt: skip
def verify(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, checked: Collection[str]) -> dict[str, Any]:
    """Every answer was compared by another person and holds (D-NET-01)."""
    Learnt.objects.filter(entry=entry).update(is_verified=True, reason="")
    is_late = entry.verify_due_at is not None and at > entry.verify_due_at
    entry.verified_at, entry.verified_by_id = at, by.person_id
    Record.objects.filter(pk=entry.pk).update(status=Record.Status.APPROVED)
    return {"codes": {"is_late": is_late, "subject": entry.subject}}


def _guard_send_back(
    entry: ArchiveEntry, *, by: Actor, at: dt.datetime, differences: Mapping[str, str]
) -> Iterator[Refusal]:
    yield from refuse_send_back(differences=differences)


@arrow(
    ArchiveEntry, sources=[S.ENTERED], target=S.RETURNED, label=_("有差异，退回"), event="returned", permit=verify_entries,
    guard=_guard_send_back, clause=CLAUSE,
)  # fmt: skip
def send_back(entry: ArchiveEntry, *, by: Actor, at: dt.datetime, differences: Mapping[str, str]) -> dict[str, Any]:
    """What differs goes back to the outlet with the reason."""
    for row in Learnt.objects.select_for_update().filter(entry=entry):
        row.reason = differences.get(row.field, "").strip()
        row.is_verified = not row.reason
        row.save(update_fields=["reason", "is_verified"])
    differing = sorted(name for name, reason in differences.items() if reason.strip())
    return {"codes": {"differing": differing, "subject": entry.subject}}


def _guard_shelve(entry: ArchiveEntry, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    asked = PersonalRequest.objects.filter(kind=PersonalRequest.Kind.DELETION, status=PersonalRequest.Status.OPEN)
    if not asked.filter(customer__in=(entry.customer_id, entry.customer.merged_into_id)).exists():
        yield Refusal("entry.shelve", _("客户没有要求删除档案，登记表仍要录入和核实。"), {}, PRIVACY)


@arrow(
    ArchiveEntry, sources=[S.WRITTEN, S.HANDED_IN, S.ENTERED, S.RETURNED], target=S.SHELVED, label=_("不再录入"), event="shelved",
    permit=answer_requests, guard=_guard_shelve, clause=PRIVACY, is_automatic=True,
)  # fmt: skip
def shelve(entry: ArchiveEntry, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """The customer asked for deletion while it was on its way: nothing of it is put into the file, and nobody owes a step (PIPL 47)."""
    return {"codes": {"subject": entry.subject}}


def shelve_all(customers: Collection[int], *, by: Actor, at: dt.datetime) -> int:
    """Every sheet on its way into one of these files is put away. Returns how many."""
    waiting = list(
        ArchiveEntry.objects.filter(customer__in=customers).exclude(status__in=ArchiveEntry.OVER).order_by("pk")
    )
    for entry in waiting:
        shelve(entry, by=by, at=at)
    return len(waiting)


def _replace(entry: ArchiveEntry, learnt: Mapping[str, str]) -> dict[str, Any]:
    given = {name: text for name, text in learnt.items() if text}
    Learnt.objects.filter(entry=entry, field__in=given).delete()
    _put(entry, given)
    entry.text_key = _key(entries.learnt_of(entry))
    return {"codes": {"fields": sorted(given)}}


def _put(entry: ArchiveEntry, learnt: Mapping[str, str]) -> None:
    Learnt.objects.bulk_create([Learnt(entry=entry, field=name, value=text) for name, text in learnt.items()])


def _key(learnt: Mapping[str, str]) -> str:
    text = "".join(learnt.get(OBSERVATION, "").split())
    return crypto.fingerprint(text) if text else ""


def _refuse_shapes(customer: Customer, learnt: Mapping[str, str]) -> Iterator[Refusal]:
    """What will be entered must have the shape of the file."""
    answers = {name: text for name, text in learnt.items() if name in BY_NAME}
    yield from refuse_file(
        answers, kind=customer.kind, has_contract=False, is_finished=False, contacts=1,
        has_care_consent="care_needs" not in answers or queries.has_care_consent(customer),
    )  # fmt: skip


__all__ = ["correct", "key_in", "rewrite", "send_back", "shelve", "shelve_all", "verify", "write_entry"]
