"""Writing the customer's file of F15, further addresses and contacts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.core import crypto
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.customers import queries
from zhangfa.customers.models import Contact, Customer, Place, Profile, WorkerWish
from zhangfa.customers.permissions import edit_customers
from zhangfa.customers.profile_rules import (
    FILE,
    SECRET,
    completeness,
    refuse_file,
    refuse_place,
    refuse_wish,
    same_key,
)
from zhangfa.customers.rules import CLAUSE, refuse_use
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person


def save_profile(
    customer: Customer, *, is_finished: bool, has_contract: bool, by: Actor, at: dt.datetime, **answers: str
) -> Profile:
    """Write answers of the file; those not given stay. A finished file has no blank (domain.md 4.0)."""
    with work():
        customer = _lock(customer, by, at)
        profile = queries.profile_of(customer) or Profile(customer=customer)
        before = queries.answers_of(profile)
        return write_answers(
            customer, profile, {**before, **answers}, is_finished=is_finished, has_contract=has_contract, by=by, at=at
        )


def write_answers(
    customer: Customer, profile: Profile, answers: dict[str, str], *, is_finished: bool, has_contract: bool, by: Actor,
    at: dt.datetime,
) -> Profile:  # fmt: skip
    """The file with these answers, under the customer's lock; whoever calls has asked who may."""
    # Asked only where the answer decides: most files need neither.
    is_company = is_finished and customer.kind != Customer.Kind.HOUSEHOLD
    demand(
        refuse_file(
            answers, kind=customer.kind, has_contract=has_contract, is_finished=is_finished,
            contacts=customer.contacts.filter(is_current=True).count() if is_company else 0,
            has_care_consent=not answers.get("care_needs") or queries.has_care_consent(customer),
        )
    )  # fmt: skip
    before = queries.answers_of(profile)
    changed = sorted(ask.name for ask in FILE if answers.get(ask.name, "") != before[ask.name])
    for name in changed:
        setattr(profile, name, answers[name])
    profile.is_finished, profile.has_contract = is_finished, has_contract
    profile.updated_at, profile.updated_by_id = at, by.person_id
    key = same_key(answers)
    profile.text_key = crypto.fingerprint(key) if key else ""
    profile.prepare()
    profile.save(force_insert=profile._state.adding)
    customer.completeness = completeness(answers, customer.kind, has_contract=has_contract)
    customer.save(update_fields=["completeness"])
    values = {name: answers[name] for name in changed if name not in SECRET}
    codes = {"fields": changed, "is_finished": is_finished, "completeness": str(customer.completeness)}
    _tell("profile_saved", customer, _("填写客户档案表"), by=by, at=at, codes=codes, values=values)
    return profile


def add_place(customer: Customer, *, by: Actor, at: dt.datetime, **facts: Any) -> Customer:
    """A further address."""
    with work():
        customer = _lock(customer, by, at)
        demand(refuse_place(facts))
        place = Place.objects.create(customer=customer, **facts)
        _tell("place_added", customer, _("添加地址"), by=by, at=at, codes={"place": place.pk})
        return customer


def edit_place(place: Place, *, by: Actor, at: dt.datetime, **facts: Any) -> Customer:
    with work():
        customer = _lock(place.customer, by, at)
        demand(refuse_place(facts))
        place = Place.objects.select_for_update().get(pk=place.pk)
        for name, value in facts.items():
            setattr(place, name, value)
        place.save()
        _tell("place_edited", customer, _("修改地址"), by=by, at=at, codes={"place": place.pk, "fields": sorted(facts)})
        return customer


def drop_place(place: Place, *, by: Actor, at: dt.datetime) -> Customer:
    """An address that is no longer served; what happened there keeps it."""
    with work():
        customer = _lock(place.customer, by, at)
        Place.objects.filter(pk=place.pk).update(is_current=False)
        _tell("place_dropped", customer, _("停用地址"), by=by, at=at, codes={"place": place.pk})
        return customer


def add_contact(customer: Customer, *, by: Actor, at: dt.datetime, **facts: Any) -> Customer:
    """Somebody to speak to."""
    with work():
        customer = _lock(customer, by, at)
        contact = Contact(customer=customer, **facts)
        contact.prepare()
        contact.save()
        _tell(
            "contact_added",
            customer,
            _("添加联系人"),
            by=by,
            at=at,
            codes={"contact": contact.pk, "role": contact.role},
        )
        return customer


def edit_contact(contact: Contact, *, by: Actor, at: dt.datetime, **facts: Any) -> Customer:
    with work():
        customer = _lock(contact.customer, by, at)
        contact = Contact.objects.select_for_update().get(pk=contact.pk)
        for name, value in facts.items():
            setattr(contact, name, value)
        contact.prepare()
        contact.save()
        codes = {"contact": contact.pk, "fields": sorted(facts)}
        _tell("contact_edited", customer, _("修改联系人"), by=by, at=at, codes=codes)
        return customer


def drop_contact(contact: Contact, *, by: Actor, at: dt.datetime) -> Customer:
    """Somebody who no longer speaks for the customer."""
    with work():
        customer = _lock(contact.customer, by, at)
        Contact.objects.filter(pk=contact.pk).update(is_current=False)
        _tell("contact_dropped", customer, _("停用联系人"), by=by, at=at, codes={"contact": contact.pk})
        return customer


def add_wish(
    customer: Customer, *, worker: Person, kind: str, reason: str = "", by: Actor, at: dt.datetime
) -> Customer:
    """The customer asks for a worker, or doesn't want one again; the next dispatch knows it."""
    with work():
        customer = _lock(customer, by, at)
        standing = WorkerWish.objects.filter(customer=customer, worker=worker, is_current=True)
        demand(
            refuse_wish(
                has_one=standing.exists(), is_worker=worker.kind == Person.Kind.WORKER and worker.left_on is None,
                is_blocked=kind == WorkerWish.Kind.BLOCKED, reason=reason,
            )
        )  # fmt: skip
        wish = WorkerWish.objects.create(
            customer=customer, worker=worker, kind=kind, reason=reason, noted_at=at, noted_by_id=by.person_id
        )
        codes = {"wish": wish.pk, "worker": worker.pk, "kind": kind}
        _tell("wish_added", customer, _("登记服务员意愿"), by=by, at=at, codes=codes, values={"reason": reason})
        return customer


def drop_wish(wish: WorkerWish, *, by: Actor, at: dt.datetime) -> Customer:
    """The customer no longer minds, or no longer asks."""
    with work():
        customer = _lock(wish.customer, by, at)
        WorkerWish.objects.filter(pk=wish.pk).update(is_current=False)
        codes = {"wish": wish.pk, "worker": wish.worker_id}
        _tell("wish_dropped", customer, _("停用服务员意愿"), by=by, at=at, codes=codes)
        return customer


def _lock(customer: Customer, by: Actor, at: dt.datetime) -> Customer:
    locked = Customer.objects.lock(customer.pk)
    demand(edit_customers(locked, by=by, at=at))
    demand(refuse_use(status=locked.status))
    return locked


def _tell(
    event: str, customer: Customer, label: str, *, by: Actor, at: dt.datetime, codes: dict[str, Any],
    values: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    announce(
        f"customers.customer.{event}",
        customer,
        by=by,
        at=at,
        label=label,
        codes=codes,
        values=values or {},
        clause=CLAUSE,
    )
