"""The three promises in words: who pays, and why (CC-W1.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import Case
from zhangfa.claims.rules import payer_for
from zhangfa.orders.promises import PROMISES

BY_PROMISE = _("本单是中介合同，公司依照承诺先行赔付。")


def promise(case: Case) -> list[Any]:
    """Who pays, in whole sentences."""
    lines = [PROMISES[case.guarantee]]
    if payer_for(case.guarantee, case.contract_model) == "company_promise":
        lines.append(BY_PROMISE)
    return lines
