"""Who may see and enter customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers.models import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE
from zhangfa.organisation.actor import Actor

READERS = (*EVERYWHERE, *BY_DEPARTMENT, *BY_OUTLET, "sup")
EDITORS_EVERYWHERE = ("cs", "cc", "cm", "ops", "op", "net")
EDITORS = (*EDITORS_EVERYWHERE, *BY_OUTLET)
NOTE_READERS = ("cs", "cc", "cm", "dgm", "gm")


def read_customers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who serve customers, each in their scope."""
    if not (by.is_system or by.holds(*READERS)):
        yield Refusal("customers.read", _("客户档案只对服务和管理客户的岗位开放。"), clause="HS-D10", who=READERS)


def edit_customers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Operators and those who look after customers everywhere, outlets their own (CS-W2.1)."""
    if by.is_system or by.holds(*EDITORS_EVERYWHERE):
        return
    if not by.holds(*BY_OUTLET) or (obj is not None and not by.holds(*BY_OUTLET, unit_id=obj.outlet_id)):
        yield Refusal("customers.edit", _("客户由话务、客户维护人员和所属网点登记。"), clause="CS-W2.1", who=EDITORS)
