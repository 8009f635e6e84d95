"""The three guarantees in words: who pays, and why (CC-W1.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import Case
from zhangfa.claims.rules import payer_for
from zhangfa.orders.promises import BY_CONTRACT, INTERMEDIARY, PROMISES
from zhangfa.policy.queries import value

BY_PROMISE = _("本单是中介合同，公司依照承诺先行赔付。")


def promise(case: Case, at: dt.datetime) -> list[Any]:
    """Who pays, in whole sentences; the same as stands on the order and the contract (domain.md A-44)."""
    to_intermediary = bool(value(INTERMEDIARY, at))
    payer = payer_for(case.guarantee, case.contract_model, to_intermediary=to_intermediary)
    if payer == "contract":
        return [BY_CONTRACT]
    return [PROMISES[case.guarantee], *([BY_PROMISE] if payer == "company_promise" else [])]
