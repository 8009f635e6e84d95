"""Entering customers, changing who and where they are, and showing what is masked to somebody with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from zhangfa.audit.actions import look
from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.work import work
from zhangfa.customers import queries
from zhangfa.customers.models import BY_OUTLET, Customer
from zhangfa.customers.permissions import EDITORS_EVERYWHERE, NOTE_READERS, edit_customers, read_customers
from zhangfa.customers.rules import CLAUSE, SENSITIVE, refuse_customer, refuse_reveal, refuse_use
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit

FIELDS = ("kind", "name", "contact", "phone", "compound", "address", "outlet", "account_manager", "note", "status")


def register(
    *, name: str, phone: str, outlet: Unit, kind: str = Customer.Kind.HOUSEHOLD, compound: str = "", address: str = "", contact: str = "",
    note: str = "", is_other: bool = True, by: Actor, at: dt.datetime,
) -> Customer:  # fmt: skip
    """Enter a customer (CS-W2.1); the number comes from a plain sequence."""
    with work():
        demand(edit_customers(by=by, at=at))
        customer = Customer(
            no=uuid4().hex[:20], kind=kind, name=name, phone=phone, outlet=outlet, compound=compound, address=address, contact=contact,
            note=note, joined_on=clock.local_date(at),
        )  # fmt: skip
        demand(_refusals(customer, by, is_other=is_other))
        customer.prepare()
        customer.save()
        customer.no = f"K{customer.pk:07d}"
        customer.save(update_fields=["no"])
        _tell(
            "registered",
            customer,
            _("登记客户"),
            by=by,
            at=at,
            codes={"kind": kind, "outlet": outlet.pk},
            values={"name": name},
        )
    return customer


def edit(customer: Customer, *, by: Actor, at: dt.datetime, **fields: Any) -> Customer:
    """Change what stands in the file."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(edit_customers(customer, by=by, at=at))
        demand(refuse_use(status=customer.status))
        changed = [name for name in FIELDS if name in fields and getattr(customer, name) != fields[name]]
        for name in changed:
            setattr(customer, name, fields[name])
        demand(_refusals(customer, by))
        customer.prepare()
        customer.save()
        values = {name: str(fields[name]) for name in changed if name not in SENSITIVE}
        _tell("edited", customer, _("修改客户资料"), by=by, at=at, codes={"fields": sorted(changed)}, values=values)
    return customer


def reveal(customer: Customer, *, field: str, reason: str, by: Actor, at: dt.datetime) -> str:
    """A masked field in clear; who looked, at what and why is kept (domain.md 2.4)."""
    demand(
        [
            *read_customers(customer, by=by, at=at),
            *refuse_reveal(field=field, reads_notes=by.holds(*NOTE_READERS), reason=reason),
        ]
    )
    _note_look(customer, field, by=by, at=at, reason=reason)
    return queries.in_clear(customer, field)


def note_print(customer: Customer, *, paper: str, by: Actor, at: dt.datetime, reason: str = "") -> None:
    """A paper with the customer's data leaves the house, masked or not: who printed which of whom is kept (domain.md 2.4, P20)."""
    _note_look(customer, paper, by=by, at=at, reason=reason)


def _note_look(customer: Customer, what: str, *, by: Actor, at: dt.datetime, reason: str) -> None:
    if by.person_id is not None:
        field = f"{what}:{customer.pk}"
        look(person_id=by.person_id, record_id=None, kind="customer", field=field, at=at, reason=reason)


def follow_unit(happened: Happened) -> None:
    """When an outlet moves, its customers' scope moves with it."""
    if happened.event == "organisation.unit.moved":
        units = Unit.objects.filter(pk=happened.obj.pk) | Unit.objects.filter(parent_id=happened.obj.pk)
        for unit in units:
            Customer.objects.filter(outlet=unit).update(department_id=unit.department_id, region_id=unit.region_id)


def _refusals(customer: Customer, by: Actor, *, is_other: bool = True) -> Any:
    everywhere = by.is_system or by.holds(*EDITORS_EVERYWHERE)
    known = queries.known_by(customer.phone or "", without=customer.pk)
    households = [one.no for one in known if one.kind == Customer.Kind.HOUSEHOLD and one.phone == customer.phone]
    return refuse_customer(
        outlet_id=customer.outlet_id, own_outlets=None if everywhere else [s.unit_id for s in by.seats if s.post in BY_OUTLET],
        known_no=next(iter(households), ""), is_household=customer.kind == Customer.Kind.HOUSEHOLD, has_phone=bool(customer.phone),
        mentioned_in=next((one.no for one in known), ""), is_other=is_other,
    )  # fmt: skip


def _tell(
    event: str,
    customer: Customer,
    label: str,
    *,
    by: Actor,
    at: dt.datetime,
    codes: dict[str, Any],
    values: dict[str, Any],
) -> None:
    announce(
        f"customers.customer.{event}", customer, by=by, at=at, label=label, codes=codes, values=values, clause=CLAUSE
    )
