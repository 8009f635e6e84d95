"""Who reads the reports, who publishes them, and who decides on the product mix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit

PUBLISHERS = ("cs",)
PACK_READERS = ("gm", "dgm", "am", "cs", "cc", "cm", "mk", "hs", "ls", "fin")
OUTLETS = ("oa", "sl", "sup")
LIST_READERS = (*PACK_READERS, *OUTLETS)
DATA_READERS = ("gm", "dgm", "cs", "hs", "ls", "mk", "am")
EVERY_DEPARTMENT = ("gm", "dgm", "cs", "mk", "am")
DEPARTMENTS = ("hs", "ls")
CALL_READERS = ("gm", "dgm", "cs", "ops")
MARK_READERS = ("gm", "dgm", "cs", "hs", "ls", "am")
QUALITY_EVERYWHERE, QUALITY_OWN = ("gm", "dgm", "am", "cs"), ("hs", "sup", "oa")
TRIERS = ("gm", "dgm", "cs", "mk", "am")


def read_list(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The top-customer list: the house all of it, an outlet its own customers and no amounts (CS-W2.2)."""
    if not by.holds(*LIST_READERS):
        yield Refusal(
            "list.read", _("优秀客户汇总表只对客服、各部门和网点负责人开放。"), {}, "CS-W2.2", "", LIST_READERS
        )


def read_pack(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The month-end analysis with its amounts."""
    if not by.holds(*PACK_READERS):
        yield Refusal(
            "pack.read", _("月末分析只对客服中心、各部门经理和公司领导开放。"), {}, "CS-W2.2", "", PACK_READERS
        )


def read_data(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each department its own customer data; the customer service centre and the executives all (CS-D3)."""
    if not by.holds(*DATA_READERS):
        yield Refusal("data.read", _("客户数据分析只对各部门经理和客服中心经理开放。"), {}, "CS-D3", "", DATA_READERS)
    elif obj is not None and not may_read_department(by, obj):
        yield Refusal("data.department", _("各部门只看本部门的客户数据分析。"), {}, "CS-D3", "", EVERY_DEPARTMENT)


def may_read_department(by: Actor, unit: str) -> bool:
    """`unit` is the department's key, or `all` for the company."""
    if by.holds(*EVERY_DEPARTMENT):
        return True
    return any(str(seat.department_id or seat.unit_id) == unit for seat in by.seats if seat.post in DEPARTMENTS)


def read_calls(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.holds(*CALL_READERS):
        yield Refusal("calls.report", _("话务统计只对话务主管和客服中心经理开放。"), {}, "CS-D1", "", CALL_READERS)


def read_marks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.holds(*MARK_READERS):
        yield Refusal("marks.read", _("满意度报表只对各部门经理和客服中心经理开放。"), {}, "CS-D3", "", MARK_READERS)


def try_figures(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """What other figures would change: for those who may propose them."""
    if not by.holds(*TRIERS):
        yield Refusal("trial.read", _("二八试算只对客服中心经理、营销、行政和公司领导开放。"), {}, "CS-D4", "", TRIERS)


def publish_pack(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The customer service manager publishes what was drawn."""
    if not by.holds(*PUBLISHERS):
        yield Refusal("pack.publish", _("月末分析由客服中心经理发布。"), {}, "CS-W2.2", "", PUBLISHERS)


def publish_calls(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.holds("ops"):
        yield Refusal("calls.publish", _("话务周报由话务主管发布。"), {}, "CS-D1", "", ("ops",))


def read_quality(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The weekly table of outlets: the department with its outlets their own, executives, administration and service all."""
    if not by.holds(*QUALITY_EVERYWHERE, *QUALITY_OWN):
        yield Refusal(
            "quality.read", _("网点质量周报只对网点、所属部门和公司领导开放。"), {}, "HS-W1.3", "", QUALITY_OWN
        )


def sees_quality_of(by: Actor, department: Unit) -> bool:
    if by.holds(*QUALITY_EVERYWHERE):
        return True
    return any((seat.department_id or seat.unit_id) == department.pk for seat in by.seats if seat.post in QUALITY_OWN)


def quality_departments(by: Actor) -> list[Unit]:
    """The departments with outlets whose table the reader sees."""
    rows = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, children__kind=Unit.Kind.OUTLET).distinct().order_by("code")
    return [unit for unit in rows if sees_quality_of(by, unit)]


def publish_quality(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The household service manager publishes the table of the own department."""
    own = obj is None or any((seat.department_id or seat.unit_id) == obj.pk for seat in by.seats if seat.post == "hs")
    if not by.holds("hs") or not own:
        yield Refusal("quality.publish", _("网点质量周报由家庭服务中心经理发布本部门的。"), {}, "HS-W1.3", "", ("hs",))


def decide_mix(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.holds("gm"):
        yield Refusal("mix.decide", _("产品结构由总经理决定。"), {}, "CS-W2.3", "", ("gm",))


def is_outlet_only(by: Actor) -> bool:
    """An outlet gets its extract: own customers, no amounts (domain.md F16)."""
    return not by.is_system and not by.holds(*PACK_READERS)
