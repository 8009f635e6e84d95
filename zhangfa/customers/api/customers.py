"""Customers in the caller's scope; telephone, address and note stay masked here (domain.md 2.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ninja import Router

from zhangfa.core.text import _
from zhangfa.customers import actions, queries
from zhangfa.customers.models import Customer, PersonalRequest
from zhangfa.customers.permissions import edit_customers, merge_customers, read_customers
from zhangfa.customers.privacy_rules import kept_until
from zhangfa.customers.web.merge import MergeForm
from zhangfa.customers.web.pages import CustomerCreateForm, CustomerEditForm, Customers
from zhangfa.customers.web.profile import ConsentForm, ProfileForm
from zhangfa.customers.wording import grounds_said
from zhangfa.ui.api import Call, Schema, creates, lists, reads, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()


class OnlyKeptOut(Schema):
    """Since when and why the file is only kept; `until` is empty where business or a dispute has to end first."""

    since: dt.datetime
    until: dt.date | None
    reasons: list[str]
    request: UUID


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
    kept: OnlyKeptOut | None


def keep(_call: Call, rows: Sequence[Customer]) -> None:
    """Why some of these files are only kept, asked for once."""
    found = queries.kept_for(rows)
    for row in rows:
        row.kept_request = found.get(row.pk)  # type: ignore[attr-defined]


def _kept(customer: Customer) -> OnlyKeptOut | None:
    if not hasattr(customer, "kept_request"):
        customer.kept_request = queries.kept_for([customer]).get(customer.pk)  # type: ignore[attr-defined]
    row: PersonalRequest | None = customer.kept_request  # type: ignore[attr-defined]
    if row is None or row.answered_at is None:
        return None
    until = kept_until(row.grounds)
    return OnlyKeptOut(since=row.answered_at, until=dt.date.fromisoformat(until) if until else None, reasons=grounds_said(row), request=row.pk)  # fmt: skip


def shown(_call: Call, customer: Customer) -> CustomerOut:
    return CustomerOut(
        id=customer.pk, no=customer.no, kind=customer.kind, name=customer.name, phone=customer.masked_phone,
        compound=customer.compound, outlet=customer.outlet_id, outlet_name=customer.outlet.shown_name, status=customer.status,
        joined_on=customer.joined_on, kept=_kept(customer),
    )  # fmt: skip


def find(call: Call) -> Customer:
    found: Customer = call.one(Customer.objects.visible_to(call.actor).select_related("outlet"), pk=call.path["id"])
    call.check(read_customers, found)
    return found


def _register(given: Input) -> Customer:
    return actions.register(**given.params, by=given.call.actor, at=given.call.at)


def _edit(given: Input) -> Customer:
    return actions.edit(given.target, **given.params, by=given.call.actor, at=given.call.at)


def _file(given: Input) -> Customer:
    return actions.save_profile(given.target, **given.params, by=given.call.actor, at=given.call.at).customer


def _consent(given: Input) -> Customer:
    return actions.record_consent(given.target, **given.params, is_granted=True, by=given.call.actor, at=given.call.at)


def _merge(given: Input) -> Customer:
    return actions.merge(given.target, **given.params, by=given.call.actor, at=given.call.at)


ONE: dict[str, Any] = {"find": find, "show": shown, "out": CustomerOut, "ids": {"id": Number}, "about": "CS-W2.1"}
lists(
    router, "/customers", id="customers", summary=_("客户"), page=Customers, line=shown, out=CustomerOut, prepare=keep
)
creates(
    router, "/customers", id="register_customer", summary=_("登记客户"), form=CustomerCreateForm, act=_register, show=shown, out=CustomerOut,
    permission=edit_customers, about="CS-W2.1",
)  # fmt: skip
reads(
    router, "/customers/{id}", id="customer", summary=_("一位客户"), give=lambda call: shown(call, find(call)), out=CustomerOut,
    ids={"id": Number},
)  # fmt: skip
writes(
    router, "/customers/{id}/edit", id="edit_customer", summary=_("修改客户资料"), form=CustomerEditForm, act=_edit,
    permission=edit_customers, **ONE,
)  # fmt: skip
writes(
    router, "/customers/{id}/file", id="fill_customer_file", summary=_("填写客户档案表"), form=ProfileForm, act=_file,
    permission=edit_customers, **ONE,
)  # fmt: skip
writes(
    router, "/customers/{id}/consents", id="record_consent", summary=_("登记同意"), form=ConsentForm, act=_consent,
    permission=edit_customers, **ONE,
)  # fmt: skip
writes(
    router, "/customers/{id}/merge", id="merge_customers", summary=_("合并档案"), form=MergeForm, act=_merge, permission=merge_customers,
    **ONE,
)  # fmt: skip
