"""The three guarantees in words: who pays when something happens (CC-W1.2); the same on order, contract and case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PROPERTY, WORKER_INJURY, THIRD_PARTY = "property", "worker_injury", "third_party"
PROMISES: dict[str, Any] = {
    PROPERTY: _("服务员损坏了客户的财物：由公司赔付，客户不必找服务员本人。"),
    WORKER_INJURY: _("服务员在服务中受伤：与客户无关，由公司承担。"),
    THIRD_PARTY: _("服务中伤及他人或他人财物（如阳台、窗台坠物）：由公司赔付。"),
}
INTERMEDIARY = "guarantee.intermediary"
# Where the company is the employer, or stands in for it; under the intermediary model only if it says so (domain.md A-44).
OWN_MODELS = ("employee_model", "dispatch_model", "mixed")


def are_given(contract_model: str, *, to_intermediary: bool) -> bool:
    """Whether the promises stand on the paper of a contract of this model (domain.md A-44)."""
    return contract_model in OWN_MODELS or to_intermediary
