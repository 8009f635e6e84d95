"""The three promises in words: who pays, and why (CC-W1.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import Case
from zhangfa.claims.rules import payer_for

PROMISES = {
    Case.Guarantee.PROPERTY: _("服务员损坏了客户的财物：由公司赔付，客户不必找服务员本人。"),
    Case.Guarantee.WORKER_INJURY: _("服务员在服务中受伤：与客户无关，由公司承担。"),
    Case.Guarantee.THIRD_PARTY: _("服务中伤及他人或他人财物（如阳台、窗台坠物）：由公司赔付。"),
}
BY_PROMISE = _("本单是中介合同，公司依照承诺先行赔付。")


def promise(case: Case) -> list[Any]:
    """Who pays, in whole sentences."""
    lines = [PROMISES[Case.Guarantee(case.guarantee)]]
    if payer_for(case.guarantee, case.contract_model) == "company_promise":
        lines.append(BY_PROMISE)
    return lines
