"""Crews: how many people a service is planned with, and who may join them (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.orders.rules import CLAUSE

# Nobody sends more people into one home; a slip of the keyboard is caught here.
MOST = 12


def refuse_crew(*, crew: int) -> Iterator[Refusal]:
    """HS-W3: a service is planned with somebody, and with no more than fit into a home."""
    if not 1 <= crew <= MOST:
        yield Refusal("crew.size", _("服务人数应为 1 到 %(most)s 人。"), {"most": MOST}, CLAUSE, "crew")


def missing_for(*, needed: int, sent: int, is_open: bool) -> int:
    """HS-W3: how many people are still to be sent; nobody is missed of what is over."""
    return max(0, needed - sent) if is_open else 0


def refuse_incomplete(*, missing: int) -> Iterator[Refusal]:
    """HS-W3: where the company says so, a service doesn't begin before everybody is sent that it is planned with."""
    if missing:
        text = _("还缺 %(n)s 人，公司规定人派齐才能开始服务；请网点加派组员。")
        yield Refusal("crew.incomplete", text, {"n": missing}, CLAUSE, "", ("oa", "op"))


def refuse_member(*, worker: int, name: str, lead: int | None, members: Collection[int]) -> Iterator[Refusal]:
    """HS-W3: a crew names everybody once, whoever is in charge among them."""
    if worker == lead:
        yield Refusal("crew.lead", _("%(name)s是这张订单的负责人，不用再加派。"), {"name": name}, CLAUSE, "worker")
    elif worker in members:
        yield Refusal("crew.twice", _("%(name)s已经是这张订单的组员。"), {"name": name}, CLAUSE, "worker")
    elif 1 + len(members) >= MOST:
        yield Refusal("crew.full", _("一张订单最多派 %(n)s 人。"), {"n": MOST}, CLAUSE, "worker")


def refuse_removal(*, worker: int, name: str, members: Collection[int]) -> Iterator[Refusal]:
    """HS-W3: only who goes along can be taken off; whoever is in charge is replaced by sending somebody else."""
    if worker not in members:
        yield Refusal("crew.nobody", _("%(name)s不是这张订单的组员。"), {"name": name}, CLAUSE, "worker")
