"""Consents as the customer gives and takes them back; nothing in the ledger is ever changed."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.customers import queries
from zhangfa.customers.models import Consent, Customer
from zhangfa.customers.permissions import edit_customers
from zhangfa.customers.privacy_rules import CLAUSE, refuse_consent
from zhangfa.customers.rules import refuse_closed, refuse_use
from zhangfa.organisation.actor import Actor


def record_consent(
    customer: Customer, *, purpose: str, channel: str, is_granted: bool, notice_version: str, evidence: str, by: Actor,
    at: dt.datetime,
) -> Customer:  # fmt: skip
    """Write down a yes or a no with what shows it; a no needs no more than a yes (PIPL 15)."""
    with work():
        customer = Customer.objects.lock(customer.pk)
        demand(edit_customers(customer, by=by, at=at))
        demand(refuse_use(status=customer.status) if is_granted else refuse_closed(status=customer.status))
        standing = queries.consents_of(customer).get((purpose, channel))
        demand(
            refuse_consent(
                purpose=purpose, channel=channel, is_granted=is_granted, notice_version=notice_version, evidence=evidence,
                stands=standing.is_granted if standing else None,
            )
        )  # fmt: skip
        _said(customer, purpose, channel, is_granted, notice_version, evidence, by, at)
        return customer


def withdraw_all(customer: Customer, *, evidence: str, by: Actor, at: dt.datetime) -> None:
    """Who wants to be deleted agrees to nothing any more; inside a transaction that holds the customer."""
    for (purpose, channel), row in queries.consents_of(customer).items():
        if row.is_granted:
            _said(customer, purpose, channel, False, row.notice_version, evidence, by, at)


def _said(
    customer: Customer, purpose: str, channel: str, is_granted: bool, notice_version: str, evidence: str, by: Actor, at: dt.datetime
) -> None:  # fmt: skip
    row = Consent.objects.create(
        customer=customer, purpose=purpose, channel=channel, is_granted=is_granted, notice_version=notice_version,
        evidence=evidence, at=at, by_id=by.person_id,
    )  # fmt: skip
    announce(
        f"customers.consent.{'granted' if is_granted else 'withdrawn'}", customer, by=by, at=at,
        label=_("登记同意") if is_granted else _("撤回同意"), clause=CLAUSE, values={"evidence": evidence},
        codes={"consent": row.pk, "purpose": purpose, "channel": channel, "notice_version": notice_version},
    )  # fmt: skip
