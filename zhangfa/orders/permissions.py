"""Who may see orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers.permissions import READERS
from zhangfa.organisation.actor import Actor


def read_orders(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who serve customers, each in their scope; a worker those they served."""
    if not (by.is_system or by.holds(*READERS, "sw")):
        yield Refusal("orders.read", _("订单只对服务和管理客户的岗位开放。"), clause="HS-D10", who=READERS)
