"""A regulation in any status, for tests."""

import datetime as dt
from typing import Any

from tests.houses import MONDAY
from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for
from zhangfa.regulations import actions
from zhangfa.regulations.models import Regulation

TODAY = MONDAY.date()
FACTS: dict[str, Any] = {
    "kind": "regulation", "topic": "safety", "title": "高处作业工具防坠落规定", "summary": "登高擦洗时工具怎样系牢", "reason": "近期发生台面损坏事故",
    "problem": "工具滑落砸坏客户财物", "clauses": "登高作业的工具一律用绳系在手腕。\n作业前检查工具绳。", "posts": ["sw", "oa"],
}  # fmt: skip


def drafted(house, by="cc", at=MONDAY, **more: Any) -> Regulation:
    return actions.draft(by=house.actor(by, at), at=at, **(FACTS | more))


def agree(house, regulation, *names: str, at=MONDAY, result="agree", opinion="同意") -> Regulation:
    for name in names:
        (step,) = waiting_for(regulation.record_id)
        decide(step, by=house.actor(name, at), at=at, result=result, opinion=opinion)
    return Regulation.objects.get(pk=regulation.pk)


def approved(house, by="cc", at=MONDAY, **more: Any) -> Regulation:
    regulation = drafted(house, by, at, **more)
    actions.submit(regulation, by=house.actor(by, at), at=at)
    return agree(house, regulation, *(() if regulation.is_fast else ("am",)), "gm", at=at)


def in_force(house, by="cc", at=MONDAY, day: dt.date = TODAY, expires_on=None, **more: Any) -> Regulation:
    regulation = approved(house, by, at, **more)
    return actions.promulgate(
        regulation,
        by=house.actor("am", at),
        at=at,
        supervisor=house.people["hs"],
        effective_on=day,
        expires_on=expires_on,
    )
