"""Key accounts: who qualifies, who drops out, what their file and their opinions need (CS-W4, domain.md A-21)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _

CLAUSE = "CS-W4"
KINDS = ("enterprise", "institution")
QUARTERS_TO_DROP = 2
# Whom the owner meets each month.
VISITED = ("leader", "purchaser", "handler")
OWNERS = ("hs", "ls", "cs", "sup", "cm")
SUBJECTS = ("quality", "attitude", "time", "price", "safety", "other")


@dataclass(frozen=True)
class Contract:
    """A service contract: its fee for the whole of its days, and what was paid for its orders in the twelve months."""

    fee: Decimal
    from_on: dt.date
    to_on: dt.date
    paid: Decimal

    def yearly(self, on: dt.date) -> Decimal:
        """What it stands for in a year: the fee, of a longer contract its part; of one that is over what was paid."""
        if not self.from_on <= on <= self.to_on:
            return self.paid
        days = (self.to_on - self.from_on).days + 1
        part = yuan(self.fee * 365 / days) if days > 366 else self.fee
        return max(part, self.paid)


def yearly_amount(*, paid: Decimal, contracts: Collection[Contract], on: dt.date) -> Decimal:
    """Rolling twelve months paid and contracted, nothing counted twice: `paid` is for orders outside of any contract."""
    return paid + sum((contract.yearly(on) for contract in contracts), ZERO)


def qualifies(*, kind: str, amount: Decimal, minimum: Decimal) -> bool:
    """A-21: an enterprise or institution that reaches the amount; exactly the amount is enough."""
    return kind in KINDS and amount >= minimum


def quarter_of(day: dt.date) -> dt.date:
    """The first day of the quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def quarters_below(*, before: int, is_below: bool) -> int:
    """Counted from the last quarter that reached the amount."""
    return before + 1 if is_below else 0


def drops(quarters: int) -> bool:
    """A-21: two quarters below, one after the other."""
    return quarters >= QUARTERS_TO_DROP


def refuse_owner(*, posts: Collection[str]) -> Iterator[Refusal]:
    """CS-W4: the owner is a department manager, a supervisor or an account manager."""
    if not set(posts) & set(OWNERS):
        yield Refusal("account.owner", _("负责人要在部门经理、主管和客户经理中指定。"), {}, CLAUSE, "owner", OWNERS)


def refuse_file(
    *, roles: Collection[str], drivers: str, potential: str, risks: str, competitors: str, purchase_months: str, target: Decimal | None,
    is_gift_rule_read: bool, renews_on: dt.date | None, purchase_mode: str, has_contract: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """《大客户档案模板》: leader, buyer and handler with name; why they buy and when; who else sells there; what may be lost; the year's target; when it is renewed."""
    if missing := [role for role in VISITED if role not in roles]:
        yield Refusal(
            "account.roles",
            _("请先登记分管领导、采购负责人和经办人（还差 %(count)s 位）。"),
            {"count": len(missing)},
            CLAUSE,
        )
    for field, value in (
        ("drivers", drivers), ("potential", potential), ("risks", risks), ("competitors", competitors), ("purchase_months", purchase_months),
    ):  # fmt: skip
        if not value.strip():
            yield Refusal("account.blank", _("模板各栏不得少填；没有内容请写“无”。"), {}, CLAUSE, field)
    if not purchase_mode:
        yield Refusal("account.mode", _("请选择采购方式。"), {}, CLAUSE, "purchase_mode")
    if target is None:
        yield Refusal("account.target", _("请填写年度目标。"), {}, CLAUSE, "target")
    if has_contract and renews_on is None:
        yield Refusal("account.renewal", _("有合同的客户请填写续约日期。"), {}, CLAUSE, "renews_on")
    if not is_gift_rule_read:
        yield Refusal("account.gift_rule", _("请先阅读礼品合规要求并确认。"), {}, CLAUSE, "is_gift_rule_read")


def refuse_feedback(
    *, roles: Collection[str], interviewees: str, has_product: bool, category: str, opinion: str, suggestion: str, solution: str, satisfaction: int | None,
    visited_on: dt.date, due_on: dt.date, today: dt.date,
) -> Iterator[Refusal]:  # fmt: skip
    """《公司大客户意见建议反映表》: who was met, what they use, what they said, what is proposed and until when; nothing is left out."""
    if not roles:
        yield Refusal("feedback.roles", _("请选择见到的人：分管领导、采购负责人或经办人。"), {}, CLAUSE, "roles")
    if not interviewees.strip():
        yield Refusal("feedback.interviewees", _("请写明见到的人的姓名和职务。"), {}, CLAUSE, "interviewees")
    if not has_product:
        yield Refusal("feedback.product", _("请选择客户在用的产品。"), {}, CLAUSE, "product")
    if category not in SUBJECTS:
        yield Refusal("feedback.category", _("请选择意见类别。"), {}, CLAUSE, "category")
    if not suggestion.strip():
        yield Refusal("feedback.suggestion", _("请写明客户的建议；没有建议请写“无”。"), {}, CLAUSE, "suggestion")
    if len(opinion.strip()) < 4:
        yield Refusal("feedback.opinion", _("请写明客户的意见；没有意见也要写明客户怎么说。"), {}, CLAUSE, "opinion")
    if not solution.strip():
        yield Refusal("feedback.solution", _("请写明打算怎么解决；不需要解决请写“无”。"), {}, CLAUSE, "solution")
    if satisfaction is None or not 1 <= satisfaction <= 5:
        yield Refusal("feedback.satisfaction", _("请询问并填写满意度。"), {}, CLAUSE, "satisfaction")
    if visited_on > today:
        yield Refusal("feedback.future", _("走访日期不能在今天之后。"), {}, CLAUSE, "visited_on")
    if due_on < today:
        yield Refusal("feedback.due", _("答复期限不能早于今天。"), {}, CLAUSE, "due_on")
