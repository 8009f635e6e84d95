"""What a reward or penalty needs: a fact, a rule that bound the person, their own word before it is decided (HS-W1.9, HS-D4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "HS-W1.9"
SHORTEST = 5
MEASURES = {
    "reward": frozenset({"praise", "bonus", "advance"}),
    "penalty": frozenset({"talk", "retrain", "criticism", "warning", "score"}),
}
BONUS = "bonus"


def refuse_proposal(
    *, kind: str, measure: str, amount: Decimal | None, fact: str, has_ground: bool, clause: str, was_acknowledged: bool, finding_state: str
) -> Iterator[Refusal]:  # fmt: skip
    """A penalty stands on a published rule that the person has acknowledged; a count of forms only after somebody confirmed it.

    `finding_state` is empty where the proposal comes from no count.
    """
    if measure not in MEASURES.get(kind, ()):
        yield _no("measure", _("这种处理与类型不符。"), "measure")
    if (measure == BONUS) != bool(amount):
        yield _no("amount", _("奖金要写金额；其他处理不写金额，处罚不能扣钱。"), "amount")
    if len(fact.strip()) < SHORTEST:
        yield _no("fact", _("请写清楚事实，不少于 %(count)s 个字。"), "fact", count=SHORTEST)
    if kind == "penalty" and not has_ground:
        yield _no("ground", _("处罚必须依据一份生效的制度。"), "ground")
    elif kind == "penalty" and not was_acknowledged:
        yield _no("unread", _("本人没有签收过这份制度，不能据此处罚。"), "ground")
    if has_ground and not clause.strip():
        yield _no("clause", _("请写明依据制度的哪一条。"), "clause")
    if kind == "penalty" and finding_state not in ("", "confirmed"):
        yield _no("unconfirmed", _("表单情况还没有核实属实，不能据此提出处罚。"), "")


def refuse_budget(*, amount: Decimal, given: Decimal, cap: Decimal | None) -> Iterator[Refusal]:
    """Bonuses of a department in a calendar year stay within its budget, the last yuan included; CNY (domain.md A-39)."""
    if cap is not None and given + amount > cap:
        text = _("本部门今年的奖金预算 %(cap)s 元，已提出 %(given)s 元，还剩 %(left)s 元。")
        yield _no("budget", text, "amount", cap=cap, given=given, left=max(cap - given, Decimal(0)))


def refuse_statement(text: str) -> Iterator[Refusal]:
    """The person's own word; agreeing is a word too."""
    if not text.strip():
        yield _no("statement", _("请写明您的说法；没有异议请写“无异议”。"), "text")


def refuse_reason(text: str, field: str = "text") -> Iterator[Refusal]:
    if len(text.strip()) < SHORTEST:
        yield _no("reason", _("请写清楚，不少于 %(count)s 个字。"), field, count=SHORTEST)


def _no(code: str, text: str, field: str, **params: object) -> Refusal:
    return Refusal(f"merit.{code}", text, params, CLAUSE, field)
