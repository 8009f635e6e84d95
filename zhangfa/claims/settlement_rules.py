"""What a settlement says about how it is paid: pure comparisons, each with its clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO
from zhangfa.core.text import _

IN_CASH, IN_KIND = {"cash", "refund"}, {"repair", "replace", "coupon"}


def refuse_methods(methods: Sequence[str], *, cash: Decimal, total: Decimal) -> Iterator[Refusal]:
    """CC-W1.5, domain.md F11: a settlement says how it is paid, and what is paid has its amount."""
    if not methods:
        yield Refusal("settlement.methods", _("请选择赔偿方式。"), {}, "CC-W1.5", "methods")
    if cash <= ZERO and not IN_CASH.isdisjoint(methods):
        text = _("选了现金赔偿或退还服务费，请填写现金金额。")
        yield Refusal("settlement.cash", text, {}, "CC-W1.5", "cash_amount")
    elif total <= ZERO and not IN_KIND.isdisjoint(methods):
        text = _("选了维修、更换或服务券，请填写折合的金额。")
        yield Refusal("settlement.value", text, {}, "CC-W1.5", "in_kind_amount")
