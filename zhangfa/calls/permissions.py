"""Who takes calls, reads them and words the scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.calls.models import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE
from zhangfa.calls.rules import CLAUSE
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Company

DESK = ("op", "ops", "cs", "cc", "cm")
LEADERS = ("ops", "cs")
READERS = (*EVERYWHERE, *BY_DEPARTMENT, *BY_OUTLET)


def read_calls(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The call centre, its managers, and those whose customers called."""
    if not (by.is_system or by.holds(*READERS)):
        yield Refusal("calls.read", _("通话记录只对话务和管理客户的岗位开放。"), clause=CLAUSE, who=READERS)


def take_calls(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who sit at the telephone."""
    if by.person_id is None or not by.holds(*DESK):
        yield Refusal("calls.take", _("电话由话务和客户维护人员接听。"), clause=CLAUSE, who=DESK)


def handle_call(call: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever took the call writes it up; the shift leader may do it for somebody who left."""
    yield from take_calls(by=by, at=at)
    if call.operator_id and not by.is_any_of([call.operator_id]) and not by.holds(*LEADERS):
        name = call.operator.shown_name
        yield Refusal("calls.own", _("这通电话由%(name)s办理。"), {"name": name}, CLAUSE, "", LEADERS)


def word_scripts(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The standard wording is set by the shift leader and the manager of the centre."""
    if not by.holds(*LEADERS):
        yield Refusal("calls.script", _("标准用语由话务主管和客服中心经理制定。"), clause=CLAUSE, who=LEADERS)


def connect_telephones(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A telephone system reports with the token of the shift leader or the manager of the centre."""
    if not by.holds(*LEADERS):
        yield Refusal("calls.connect", _("电话系统用话务主管或客服中心经理的令牌连接。"), clause=CLAUSE, who=LEADERS)


def simulate_calls(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only the demo company has a telephone that rings at a button."""
    yield from take_calls(by=by, at=at)
    if not Company.objects.filter(is_demo=True).exists():
        yield Refusal("calls.demo", _("只有演示公司可以模拟来电。"), clause=CLAUSE)
