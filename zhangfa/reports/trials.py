"""2:8 "what if" (CS-D4): another share, period or threshold, reckoned beside the company's own; nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zhangfa.reports import facts, pack
from zhangfa.reports.engines import engine
from zhangfa.reports.pack import FLAGS, Frame
from zhangfa.reports.rules import Limits

SHOWN = 30


def compare(
    month: int, other: Limits, at: dt.datetime, told: Callable[[int], None] = lambda step: None, prefer: str = ""
) -> dict[str, Any]:
    """The month under both sets of figures: who would enter, who would leave each class, and what they pay.

    `told` hears after each step how many are behind it.
    """
    own, _policy = facts.limits_at(at)
    own = replace(own, months=12)
    with engine(prefer) as chosen:
        heads = []
        for step, limits in enumerate((own, other), start=2):
            whole = pack.prepare(chosen, Frame(month, limits))
            heads.append(pack.concentration(chosen, whole))
            told(step)
            if limits is own:
                chosen.run(
                    "CREATE TEMP TABLE pack_before AS SELECT customer_id, amount, is_top, is_premium, is_key, is_loyal, is_long_term FROM pack_class"
                )
                pack.clear(chosen)
        return {"before": heads[0], "after": heads[1], "moves": {flag[3:]: _moves(chosen, flag) for flag in FLAGS}}


def _moves(chosen: Any, flag: str) -> dict[str, Any]:
    """Counts, money and the largest of those who come and go; amounts are of the period in which they are counted."""
    found = {}
    for name, here, there in (("entered", "pack_class", "pack_before"), ("left", "pack_before", "pack_class")):
        text = f" FROM {here} a LEFT JOIN {there} b ON b.customer_id = a.customer_id WHERE a.{flag} = 1 AND COALESCE(b.{flag}, 0) = 0"
        [(count, amount)] = chosen.rows(f"SELECT COUNT(*), CAST(COALESCE(SUM(a.amount), 0) AS BIGINT){text}")
        rows = chosen.rows(f"SELECT a.customer_id, a.amount{text} ORDER BY a.amount DESC, a.customer_id LIMIT {SHOWN}")
        found[name] = {
            "count": int(count),
            "amount": int(amount),
            "rows": [[int(key), int(paid)] for key, paid in rows],
        }
    return found
