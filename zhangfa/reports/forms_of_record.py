"""The reports as papers: what a signature covers, who may see them, how they print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.reports import permissions as may

READERS = {
    "F16": may.LIST_READERS, "F17": may.PACK_READERS, "F18": may.PACK_READERS, "KFX": may.EVERY_DEPARTMENT, "MYD": may.EVERY_DEPARTMENT,
    "HWB": may.CALL_READERS, "ZLB": may.QUALITY_EVERYWHERE,
}  # fmt: skip
TITLES = {
    "F16": (_("公司优秀客户汇总表"), "good_list"), "F17": (_("公司客户使用服务产品比例表"), "mix"),
    "F18": (_("公司优秀客户服务产品比例表"), "best"), "KFX": (_("客户数据分析"), "data"), "MYD": (_("满意度报表"), "marks"), "HWB": (_("话务周报"), "calls"),
    "ZLB": (_("网点质量周报"), "outlets"),
}  # fmt: skip


def _content(record: Record) -> Mapping[str, Any]:
    return {"digest": record.publication.digest}


def _sees(code: str) -> Callable[[Actor, Record], bool]:
    """The posts of the report, and everybody who got a copy: a department its own analysis."""

    def visible(actor: Actor, record: Record) -> bool:
        if actor.is_system or actor.holds(*READERS[code]):
            return True
        if code == "ZLB" and may.sees_quality_of(actor, record.unit):
            return True
        people = {actor.person_id, *(seat.person_id for seat in actor.seats)}
        return record.concerns.filter(person_id__in=[key for key in people if key is not None]).exists()

    return visible


def _print(name: str) -> Callable[..., Any]:
    def build(record: Record, *, actor: Any, at: dt.datetime) -> Any:
        from zhangfa.reports import prints

        return getattr(prints, name)(record, actor=actor, at=at)

    return build


def register() -> None:
    duties.offer_published(*TITLES)
    for code, (title, name) in TITLES.items():
        forms.add(Form(code, title, visible=_sees(code), content=_content, build=_print(name)))
