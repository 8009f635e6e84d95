"""What a contact brings for the customer's file: the visit sheet writes F15 in the same act (CC-D8, domain.md F20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers import queries
from zhangfa.customers.actions.profile import write_answers
from zhangfa.customers.models import Customer, Profile
from zhangfa.customers.profile_rules import FILE, SECRET, asks_for, refuse_file
from zhangfa.organisation.actor import Actor

CLAUSE = "CC-D8"
ROOM = 3
# Written down in words on the sheet: choices and what is kept under a mask are filled in on the file itself.
OFFERED = tuple(ask.name for ask in FILE if ask.name not in SECRET and ask.shape in ("text", "number"))


def given_in(sheet: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """The answers of the sheet by name, each with the row it stands in."""
    rows = ((row, sheet.get(f"file_field_{row}") or "", sheet.get(f"file_value_{row}") or "") for row in range(1, ROOM + 1))  # fmt: skip
    return {name: (row, value) for row, name, value in rows if name and value}


def refuse_learnt(customer: Customer, sheet: Mapping[str, Any]) -> Iterator[Refusal]:
    """A row says what and how; the file's own rules judge the answer."""
    for row in range(1, ROOM + 1):
        name, value = sheet.get(f"file_field_{row}") or "", sheet.get(f"file_value_{row}") or ""
        if bool(name) != bool(value):
            missing = "value" if name else "field"
            yield Refusal("sheet.file_row", _("请同时选择栏目并填写内容。"), {}, CLAUSE, f"file_{missing}_{row}")
    given = given_in(sheet)
    if not given:
        return
    fitting = {ask.name for ask in asks_for(customer.kind)}
    for name, (row, _value) in given.items():
        if name not in fitting:
            yield Refusal("sheet.file_kind", _("这类客户的档案没有这一栏。"), {}, CLAUSE, f"file_field_{row}")
    profile = queries.profile_of(customer)
    answers = {**queries.answers_of(profile), **{name: value for name, (_row, value) in given.items()}}
    found = refuse_file(
        answers, kind=customer.kind, has_contract=bool(profile and profile.has_contract), is_finished=False, contacts=1, has_care_consent=True
    )  # fmt: skip
    for refusal in found:
        if refusal.field in given:
            field = f"file_value_{given[refusal.field][0]}"
            yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause, field)


def write_learnt(customer_id: int, sheet: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> dict[str, str]:
    """Put the answers into the customer's file, under the customer's lock, and say which they were."""
    given = {name: value for name, (_row, value) in given_in(sheet).items()}
    if given:
        customer = Customer.objects.lock(customer_id)
        profile = queries.profile_of(customer) or Profile(customer=customer)
        answers = {**queries.answers_of(profile), **given}
        write_answers(
            customer, profile, answers, is_finished=profile.is_finished, has_contract=profile.has_contract, by=by, at=at
        )
    return given
