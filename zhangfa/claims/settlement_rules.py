"""What a settlement says about how it is paid: pure comparisons, each with its clause."""

from __future__ import annotations

import re
import unicodedata
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


BANK = re.compile(r"\d{8,32}")
# What people are paid to by telephone: their number, an address of e-mail, the name of a WeChat account.
OTHER = re.compile(r"[^@\s]{1,40}@[\w-]+(\.[\w-]+)+|[A-Za-z][-\w]{5,19}", re.ASCII)


def plain_account(account: str) -> str:
    """An account as it is kept: figures as figures, and without the gaps in which people write them."""
    text = unicodedata.normalize("NFKC", account).strip()
    tight = re.sub(r"[\s-]", "", text)
    return tight if tight.isdigit() else text


def refuse_account(account: str, *, is_transfer: bool) -> Iterator[Refusal]:
    """domain.md F11: money goes where it can arrive; words about a bank are no account, and a bank takes figures only."""
    if not account or BANK.fullmatch(account) or (OTHER.fullmatch(account) and not is_transfer):
        return
    if is_transfer:
        text = _("银行账号须为 8 至 32 位数字，不写开户行和姓名。请核对后再填，或改用其他付款方式。")
    else:
        text = _("收款账号看不懂：请只写银行账号（8 至 32 位数字），或收款的手机号、邮箱、微信号；不写开户行和姓名。")
    yield Refusal("settlement.account", text, {}, "CC-W1.6", "payee_account")
