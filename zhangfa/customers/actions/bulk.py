"""Customers taken over from earlier books, many at a time: the same refusals as one by one, a handful of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from zhangfa.core import bulk, crypto
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.customers.models import BY_OUTLET, Consent, Customer, Profile
from zhangfa.customers.permissions import EDITORS_EVERYWHERE, edit_customers
from zhangfa.customers.profile_rules import completeness, refuse_answers, same_key
from zhangfa.customers.queries import answers_of
from zhangfa.customers.rules import CLAUSE, refuse_customer, refuse_use
from zhangfa.organisation.actor import Actor

FILLED = ("contact", "compound", "address", "note", "phone")


@dataclass(frozen=True)
class Taken:
    """A customer as an earlier book knows them; `consents` are (purpose, channel, yes or no), `answers` those of the file."""

    customer: Customer
    consents: tuple[tuple[str, str, bool], ...] = ()
    evidence: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Known:
    """Who in the archive has which number: read once for many."""

    keys: dict[str, str] = field(default_factory=dict)
    own: dict[str, list[Customer]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


def known_numbers(phones: Collection[str]) -> Known:
    """The open files behind these numbers: as their own, or mentioned in a file as another number or a contact's."""
    return known_keys({phone: crypto.fingerprint(phone) for phone in phones if phone})


def known_keys(by_phone: dict[str, str]) -> Known:
    """The same, where the keys of the numbers are known already."""
    found, keys = Known(by_phone), set(by_phone.values())
    rows = Customer.objects.filter(phone_hash__among=keys).exclude(status=Customer.Status.ERASED)
    # A merged file stands as what it became.
    for row in rows.select_related("merged_into", "outlet").order_by("pk"):
        found.own.setdefault(row.phone_hash, []).append(row.merged_into or row)
    mentioned = Customer.objects.exclude(status__in=(Customer.Status.ERASED, Customer.Status.MERGED)).order_by("pk")
    by_file = mentioned.filter(profile__alt_phone_hash__among=keys).values_list("profile__alt_phone_hash", "no")
    by_contact = mentioned.filter(contacts__phone_hash__among=keys, contacts__is_current=True)
    for key, no in [*by_file, *by_contact.values_list("contacts__phone_hash", "no")]:
        found.others.setdefault(key, no)
    return found


def refuse_taken(*, outlet_id: int, kind: str, number: str, known: Known, by: Actor) -> list[Refusal]:
    """What stands in the way of one of them, by the rule of the page; a file that only mentions the number is no bar here."""
    everywhere = by.is_system or by.holds(*EDITORS_EVERYWHERE)
    households = [row.no for row in known.own.get(number, ()) if row.kind == Customer.Kind.HOUSEHOLD]
    return list(
        refuse_customer(
            outlet_id=outlet_id, own_outlets=None if everywhere else [s.unit_id for s in by.seats if s.post in BY_OUTLET],
            known_no=next(iter(households), ""), is_household=kind == Customer.Kind.HOUSEHOLD, has_phone=bool(number),
            mentioned_in=known.others.get(number, ""), is_other=True,
        )
    )  # fmt: skip


def take_over(
    taken: Sequence[Taken], *, paper: Model, notice_version: str, by: Actor, at: dt.datetime
) -> list[Customer]:
    """Enter all of them or none (CS-W2.1); the event stands on the trail of `paper`, which says where each came from.

    Raises `Refused` with the first row's reasons: the caller has asked `refuse_taken` before.
    """
    with work():
        demand(edit_customers(by=by, at=at))
        rows = [one.customer for one in taken]
        for row in rows:
            if not row.search_key:
                row.prepare()
        known = known_keys({row.phone_hash: row.phone_hash for row in rows if row.phone_hash})
        for row in rows:
            demand(refuse_taken(outlet_id=row.outlet_id, kind=row.kind, number=row.phone_hash, known=known, by=by))
        for one in taken:
            if one.answers:
                demand(refuse_answers(one.answers, one.customer.kind))
                one.customer.completeness = completeness(one.answers, one.customer.kind)
        bulk.keyed(Customer, rows, field="no", prefix="K", digits=7)
        said = [
            Consent(
                customer=one.customer, purpose=purpose, channel=channel, is_granted=is_granted, notice_version=notice_version,
                evidence=one.evidence[:200], at=at, by_id=by.person_id,
            )
            for one in taken
            for purpose, channel, is_granted in one.consents
        ]  # fmt: skip
        bulk.insert(Consent, said)
        bulk.insert(Profile, [_draft(one, by, at) for one in taken if one.answers], with_keys=True)
        _tell("taken_over", paper, _("接收客户"), rows, by=by, at=at)
    return rows


def _draft(one: Taken, by: Actor, at: dt.datetime) -> Profile:
    """The file with what the book knows, to be filled up later."""
    file = Profile(customer=one.customer, updated_at=at, updated_by_id=by.person_id, **one.answers)
    key = same_key(one.answers)
    file.text_key = crypto.fingerprint(key) if key else ""
    file.prepare()
    return file


def fill(changes: Mapping[Customer, Mapping[str, Any]], *, paper: Model, by: Actor, at: dt.datetime) -> None:
    """Fill what is empty in known files, as they stand under their lock; what stands there stays. `profile.pets` is an answer of F15."""
    with work():
        wanted = {row.pk: values for row, values in changes.items()}
        known = Customer.objects.select_for_update(of=("self",)).select_related("outlet").filter(pk__in=list(wanted))
        rows = list(known.order_by("pk"))
        files = files_of(wanted)
        for row in rows:
            demand([*edit_customers(row, by=by, at=at), *refuse_use(status=row.status)])
            own, answers = _parted(wanted[row.pk])
            for name, value in own.items():
                if not getattr(row, name):
                    setattr(row, name, value)
            file = files.get(row.pk) or Profile(customer=row)
            _answer(row, file, {name: value for name, value in answers.items() if not getattr(file, name)}, by, at)
            row.prepare()
            row.save()
        _tell("filled", paper, _("补充客户资料"), rows, by=by, at=at)


IN_FILE = "profile."


def files_of(keys: Collection[int]) -> dict[int, Profile]:
    """The files of F15 of these customers, as far as they have one."""
    return Profile.objects.in_bulk(list(keys))


def _parted(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands on the customer itself, and what answers the file."""
    own = {name: value for name, value in values.items() if not name.startswith(IN_FILE)}
    return own, {name.removeprefix(IN_FILE): value for name, value in values.items() if name not in own}


def _answer(row: Customer, file: Profile, given: Mapping[str, str], by: Actor, at: dt.datetime) -> None:
    """These answers in the file, its keys and the share of it that is answered; the caller saves the customer."""
    if not given:
        return
    answers = {**answers_of(file), **given}
    demand(refuse_answers(answers, row.kind))
    for name, value in given.items():
        setattr(file, name, value)
    file.updated_at, file.updated_by_id = at, by.person_id
    key = same_key(answers)
    file.text_key = crypto.fingerprint(key) if key else ""
    file.prepare()
    file.save(force_insert=file._state.adding)
    row.completeness = completeness(answers, row.kind, has_contract=file.has_contract)


def put_back(values: Mapping[Customer, Mapping[str, Any]], *, paper: Model, by: Actor, at: dt.datetime) -> None:
    """Write the values that stood there before a filling was taken back."""
    with work():
        files = files_of({row.pk for row in values})
        for row, before in values.items():
            own, answers = _parted(before)
            for name, value in own.items():
                setattr(row, name, value)
            if row.pk in files:
                _answer(row, files[row.pk], answers, by, at)
            row.prepare()
            row.save()
        _tell("put_back", paper, _("恢复客户资料"), list(values), by=by, at=at)


def take_back(keys: Sequence[int], *, paper: Model, by: Actor, at: dt.datetime) -> None:
    """Remove customers that were taken over by mistake and with whom nothing was done since; the caller has looked."""
    with work():
        demand(edit_customers(by=by, at=at))
        rows = list(Customer.objects.select_for_update().filter(pk__among=keys).order_by("pk"))
        _tell("taken_back", paper, _("撤销接收客户"), rows, by=by, at=at)
        Consent.objects.filter(customer__in=rows).delete()
        Profile.objects.filter(customer__in=rows).delete()
        Customer.objects.filter(pk__among=[row.pk for row in rows])._raw_delete("default")  # type: ignore[attr-defined]


def _tell(event: str, paper: Model, label: str, rows: Sequence[Customer], *, by: Actor, at: dt.datetime) -> None:
    announce(
        f"customers.customer.{event}", paper, by=by, at=at, label=label, clause=CLAUSE,
        codes={"customers": [row.pk for row in rows]},
    )  # fmt: skip


__all__ = [
    "IN_FILE",
    "Known",
    "Taken",
    "files_of",
    "fill",
    "known_numbers",
    "put_back",
    "refuse_taken",
    "take_back",
    "take_over",
]
