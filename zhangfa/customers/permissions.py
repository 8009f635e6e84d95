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
EXPORT_READERS = ("gm", "dgm", "cs")
KEYERS = ("op", "ops")
ADVERSE_READERS = ("gm", "dgm", "cs", "cc", "cm", "hs", "ls", "op", "ops", "oa", "sl")
ADVERSE_WRITERS = ("cs", "cc", "cm", "op", "ops", "oa", "sl")
ADVERSE_CHECKERS = ("cs", "cc")
MERGERS = ("cs", "cc", "ops", "op", "net")
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


def merge_customers(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who keep the archive for the whole company: two files may belong to two outlets."""
    if not (by.is_system or by.holds(*MERGERS)):
        yield Refusal("customers.merge", _("档案由话务、网络组和客服中心合并。"), clause="CS-W2.1", who=MERGERS)


def write_entries(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The outlet that serves the customer writes what it learnt (D-OA-01)."""
    outlet_id = getattr(obj, "outlet_id", None)
    is_own = by.holds(*BY_OUTLET, unit_id=outlet_id) if outlet_id else by.holds(*BY_OUTLET)
    if not (by.is_system or is_own):
        yield Refusal("entry.outlet", _("登记表由服务客户的网点填写。"), clause="CS-W2.1", who=BY_OUTLET)


def hand_in_entries(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each department hands in its own (D-OA-04)."""
    if not (by.is_system or by.holds(*BY_DEPARTMENT)):
        yield Refusal("handin.department", _("档案由部门经理上交。"), clause="CS-W2.1", who=BY_DEPARTMENT)


def read_hand_ins(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not (by.is_system or by.holds(*EVERYWHERE, *BY_DEPARTMENT)):
        yield Refusal(
            "handin.read", _("上交记录只对客服中心和各部门经理开放。"), clause="CS-W2.1", who=("cs", *BY_DEPARTMENT)
        )


def check_hand_ins(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The customer service manager sees that every department hands in (D-CS-06)."""
    if not by.holds("cs"):
        yield Refusal("handin.check", _("上交情况由客服中心经理检查。"), clause="CS-W2.1", who=("cs",))


def key_in_entries(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Operators enter what was handed in (D-OP-01)."""
    if not by.holds(*KEYERS):
        yield Refusal("entry.key_in", _("登记表由话务员录入。"), clause="CS-W2.1", who=KEYERS)


def verify_entries(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The data team verifies what somebody else wrote and entered (D-NET-01)."""
    if not by.holds("net"):
        yield Refusal("entry.verify", _("登记表由网络组核实。"), clause="CS-W2.1", who=("net",))
    elif obj is not None and by.is_any_of([obj.entered_by_id, obj.written_by_id]):
        yield Refusal("entry.second", _("核实要由登记人和录入人以外的人进行。"), clause="CS-W2.1", who=("net",))


def read_adverse(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Adverse records are for those who need to know; others see what they wrote themselves (A-34)."""
    if not (by.is_system or by.holds(*ADVERSE_READERS)):
        yield Refusal("adverse.read", _("不良消费记录只给需要的岗位看。"), clause="CS-W2.1", who=ADVERSE_READERS)


def note_adverse(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who deal with the customer write down what happened."""
    if not (by.is_system or by.holds(*ADVERSE_WRITERS)):
        yield Refusal(
            "adverse.note", _("不良消费记录由网点、话务和客户维护人员登记。"), clause="CS-W2.1", who=ADVERSE_WRITERS
        )


def check_adverse(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A second person checks: never who wrote it."""
    if not by.holds(*ADVERSE_CHECKERS):
        yield Refusal("adverse.check", _("不良消费记录由客服中心核实。"), clause="CS-W2.1", who=ADVERSE_CHECKERS)
    elif obj is not None and by.is_any_of([obj.recorded_by_id]):
        yield Refusal("adverse.second", _("核实要由登记人以外的人进行。"), clause="CS-W2.1", who=ADVERSE_CHECKERS)


def only_time(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """What ends by itself is nobody's button."""
    if not by.is_system:
        yield Refusal("adverse.time", _("到期由系统自动办理。"), clause="CS-W2.1")


def read_requests(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Requests are for those who answer them; who took one down follows it."""
    if not (by.is_system or by.holds(*EDITORS, "dgm", "gm")):
        yield Refusal("request.read", _("个人信息请求只对受理和答复的岗位开放。"), clause="HS-D10", who=EDITORS)


def answer_requests(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The customer service manager answers for the company (PIPL 50)."""
    if not by.holds("cs"):
        yield Refusal("request.answer", _("个人信息请求由客服中心经理答复。"), clause="HS-D10", who=("cs",))


def read_looks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who saw a customer's data in clear is looked at by the same (HS-D10)."""
    if not by.holds(*EXPORT_READERS):
        yield Refusal(
            "looks.read", _("查看记录只对总经理、副总经理和客服中心经理开放。"), clause="HS-D10", who=EXPORT_READERS
        )


def read_exports(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who took which list is looked at by those who answer for customers' data."""
    if not by.holds(*EXPORT_READERS):
        yield Refusal(
            "exports.read", _("导出记录只对总经理、副总经理和客服中心经理开放。"), clause="HS-D10", who=EXPORT_READERS
        )
