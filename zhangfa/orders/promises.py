"""The three guarantees in words: who pays when something happens (CC-W1.2); the same on order, contract and case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.policy.queries import value

PROPERTY, WORKER_INJURY, THIRD_PARTY = "property", "worker_injury", "third_party"
PROMISES: dict[str, Any] = {
    PROPERTY: _("服务员损坏了客户的财物：由公司赔付，客户不必找服务员本人。"),
    WORKER_INJURY: _("服务员在服务中受伤：与客户无关，由公司承担。"),
    THIRD_PARTY: _("服务中伤及他人或他人财物（如阳台、窗台坠物）：由公司赔付。"),
}
BY_CONTRACT = _("本单是中介合同，公司没有对这类合同作出承诺：谁来赔，按合同约定和法律划分。")
INTERMEDIARY = "guarantee.intermediary"
# Where the company is the employer, or stands in for it; under the intermediary model only if it says so (domain.md A-44).
OWN_MODELS = ("employee_model", "dispatch_model", "mixed")


def are_given(contract_model: str, *, to_intermediary: bool) -> bool:
    """Whether the promises stand on the paper of a contract of this model (domain.md A-44)."""
    return contract_model in OWN_MODELS or to_intermediary


def given(contract_model: str, at: dt.datetime) -> list[Any]:
    """The three sentences that hold for a contract of this model; none where the company only introduces the worker."""
    if not are_given(contract_model, to_intermediary=bool(value(INTERMEDIARY, at))):
        return []
    return list(PROMISES.values())
