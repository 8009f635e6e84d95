"""Prepaid cards within the law: caps, use, expiry and return of the balance (domain.md C19–C22)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "HS-W3"


@dataclass(frozen=True)
class Caps:
    """The most that may stand on one card (Zhejiang Measures 10)."""

    named: Decimal
    unnamed: Decimal

    def for_card(self, is_named: bool) -> Decimal:
        return self.named if is_named else self.unnamed


def is_over(*, expires_on: dt.date | None, today: dt.date) -> bool:
    """The last day still counts (domain.md C20)."""
    return expires_on is not None and today > expires_on


def refuse_load(
    *, amount: Decimal, balance: Decimal, is_named: bool, caps: Caps, expired_on: dt.date | None = None
) -> Iterator[Refusal]:
    """HS-W3, Zhejiang Measures 10: a card never holds more than the law allows; to the cent. No money goes where it can't be used."""
    cap = caps.for_card(is_named)
    if expired_on is not None:
        facts = {"day": expired_on.isoformat()}
        yield Refusal("card.expired", _("这张卡已于 %(day)s 到期，请先延期或退回余额。"), facts, CLAUSE, "amount")
    if amount <= 0:
        yield Refusal("card.amount", _("充值金额必须大于零。"), {}, CLAUSE, "amount")
    elif balance + amount > cap:
        text = (
            _("记名卡余额不得超过 %(cap)s 元（《浙江省实施〈消费者权益保护法〉办法》）。")
            if is_named
            else _("不记名卡余额不得超过 %(cap)s 元（《浙江省实施〈消费者权益保护法〉办法》）。")
        )
        yield Refusal("card.cap", text, {"cap": cap}, CLAUSE, "amount")


def refuse_use(
    *, amount: Decimal, balance: Decimal, is_active: bool, expires_on: dt.date | None, today: dt.date, is_own: bool
) -> Iterator[Refusal]:  # fmt: skip
    """HS-W3: a card pays for its own customer, while it is valid, and never more than it holds."""
    if not is_active:
        yield Refusal("card.closed", _("这张卡已停用。"), {}, CLAUSE, "card")
    if not is_own:
        yield Refusal("card.customer", _("记名卡只能由本人使用。"), {}, CLAUSE, "card")
    if expires_on is not None and is_over(expires_on=expires_on, today=today):
        facts = {"day": expires_on.isoformat()}
        yield Refusal("card.expired", _("这张卡已于 %(day)s 到期，请先延期或退回余额。"), facts, CLAUSE, "card")
    if amount > balance:
        yield Refusal("card.balance", _("卡内余额 %(balance)s 元，不够支付。"), {"balance": balance}, CLAUSE, "amount")


def refuse_longer(*, until: dt.date, expires_on: dt.date | None, today: dt.date) -> Iterator[Refusal]:
    """Zhejiang Measures 11: an expired balance is extended or returned; an extension never shortens."""
    if until < today:
        yield Refusal("card.past", _("新的有效期不能早于今天，否则卡还是不能用。"), {}, CLAUSE, "until")
    elif expires_on is None or until <= expires_on:
        yield Refusal("card.until", _("新的有效期要晚于现在的有效期。"), {}, CLAUSE, "until")


def refuse_card(*, card_customer: int | None, customer: int) -> Iterator[Refusal]:
    """HS-W3: a named card prices and pays orders of its own customer only."""
    if card_customer is not None and card_customer != customer:
        yield Refusal("card.customer", _("记名卡只能由本人使用。"), {}, CLAUSE, "card")
