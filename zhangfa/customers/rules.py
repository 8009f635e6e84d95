"""What the customer archive allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-W2.1"
SENSITIVE = ("phone", "address", "note")


def refuse_customer(
    *, outlet_id: int, own_outlets: Collection[int] | None, known_no: str, is_household: bool, has_phone: bool
) -> Iterator[Refusal]:
    """A household stands in the archive once, known by its number; an outlet enters its own customers.

    `own_outlets` None means that the person enters for every outlet; `known_no` is the file with the same number.
    """
    if own_outlets is not None and outlet_id not in own_outlets:
        yield Refusal("customer.outlet", _("只能登记本网点的客户。"), clause=CLAUSE, field="outlet", who=("op", "ops"))
    if is_household and known_no:
        yield Refusal("customer.known", _("这个电话已有档案：%(no)s。"), {"no": known_no}, CLAUSE, "phone")
    if not has_phone:
        yield Refusal("customer.phone", _("请填写联系电话。"), clause=CLAUSE, field="phone")


def refuse_reveal(*, field: str, reads_notes: bool, reason: str) -> Iterator[Refusal]:
    """What is masked is shown to somebody with a reason; the note only to those who look after customers (domain.md 2.4)."""
    if field == "note" and not reads_notes:
        yield Refusal("customer.note", _("内部备注只对客户维护人员开放。"), clause=CLAUSE, who=("cs", "cc", "cm"))
    if len(reason.strip()) < 2:
        yield Refusal("customer.reason", _("请写明查看原因。"), clause=CLAUSE, field="reason")
