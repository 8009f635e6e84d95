"""Customers as the shell asks for them: typed search, global search, and the scope that follows a moved outlet."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.transitions import Happened
from zhangfa.customers.models import Customer
from zhangfa.customers.permissions import read_customers
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import LIMIT, Choice, Lookup, Result

FOUND = 20


def _choice(customer: Customer) -> Choice:
    return Choice(
        str(customer.pk),
        f"{customer.name} {customer.no}",
        f"{customer.outlet.shown_name} · {customer.compound} · {customer.masked_phone}",
    )


def _find(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    return [
        _choice(c)
        for c in Customer.objects.visible_to(actor).search(q).select_related("outlet").order_by("-pk")[:FOUND]
    ]


def _get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    customer = Customer.objects.visible_to(actor).select_related("outlet").filter(pk=value).first()
    return _choice(customer) if customer else None


LOOKUP = Lookup(_find, _get)


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    """Customers by number, name, pinyin or phone, in the actor's scope."""
    if not is_open(read_customers, by=actor, at=at):
        return []
    rows = Customer.objects.visible_to(actor).search(q).select_related("outlet").order_by("-pk")[: LIMIT + 1]
    return [
        Result(c.name, c.get_absolute_url(), number=c.no, note=f"{c.outlet.shown_name} · {c.masked_phone}")
        for c in rows
    ]


def follow_unit(happened: Happened) -> None:
    """When an outlet moves, its customers' scope moves with it."""
    if happened.event == "organisation.unit.moved":
        units = Unit.objects.filter(pk=happened.obj.pk) | Unit.objects.filter(parent_id=happened.obj.pk)
        for unit in units:
            Customer.objects.filter(outlet=unit).update(department_id=unit.department_id, region_id=unit.region_id)
