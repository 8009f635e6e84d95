"""Customers in the caller's scope; telephone, address and note stay masked here (domain.md 2.4)."""

from __future__ import annotations

import datetime as dt

from ninja import Router

from zhangfa.core.text import _
from zhangfa.customers.models import Customer
from zhangfa.customers.permissions import read_customers
from zhangfa.customers.web.pages import Customers
from zhangfa.ui.api import Call, Schema, lists, reads
from zhangfa.ui.api.operations import Number

router = Router()


class CustomerOut(Schema):
    id: int
    no: str
    kind: str
    name: str
    phone: str
    compound: str
    outlet: int
    outlet_name: str
    status: str
    joined_on: dt.date


def shown(_call: Call, customer: Customer) -> CustomerOut:
    return CustomerOut(
        id=customer.pk, no=customer.no, kind=customer.kind, name=customer.name, phone=customer.masked_phone,
        compound=customer.compound, outlet=customer.outlet_id, outlet_name=customer.outlet.shown_name, status=customer.status,
        joined_on=customer.joined_on,
    )  # fmt: skip


def _one(call: Call) -> CustomerOut:
    customer = call.one(Customer.objects.visible_to(call.actor).select_related("outlet"), pk=call.path["id"])
    call.check(read_customers, customer)
    return shown(call, customer)


lists(router, "/customers", id="customers", summary=_("客户"), page=Customers, line=shown, out=CustomerOut)
reads(router, "/customers/{id}", id="customer", summary=_("一位客户"), give=_one, out=CustomerOut, ids={"id": Number})
