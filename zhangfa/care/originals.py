"""What stands in a record that was drawn for a re-visit: the checker asks the customer about exactly this (HS-W1.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhangfa.care.models import Recheck, Visit
from zhangfa.care.wording import updates_shown
from zhangfa.core.text import _
from zhangfa.customers.models import ArchiveEntry
from zhangfa.customers.wording import learnt_label, learnt_value
from zhangfa.orders.models import Revisit
from zhangfa.ui.display import day_and_hour

Line = tuple[Any, Any]


def original_lines(row: Recheck) -> list[Line]:
    """Label and text of every line that the record makes; nothing where it is no longer there. At most three reads."""
    key = row.subject.partition(":")[2]
    return [(label, value) for label, value in LINES[Recheck.Kind(row.kind)](key) if value not in ("", None)]


def _entry(key: str) -> Iterator[Line]:
    row = ArchiveEntry.objects.filter(pk=key).first()
    if row is not None:
        yield _("服务日期"), row.served_on.isoformat()
        yield _("登记时间"), _when(row.written_at)
        for one in row.learnt.order_by("pk"):
            yield learnt_label(one.field), learnt_value(one.field, one.value)


def _revisit(key: str) -> Iterator[Line]:
    row = Revisit.objects.select_related("order__product", "order__worker").filter(pk=key).first()
    if row is not None:
        yield _("服务产品"), row.order.product.shown_name
        yield _("服务开始"), _when(row.order.served_from)
        yield _("服务员"), row.order.worker.shown_name if row.order.worker else ""
        yield _("回访时间"), _when(row.done_at)
        yield _("满意度"), "" if row.satisfaction is None else str(row.satisfaction)
        yield _("客户意见"), row.note


def _visit(key: str) -> Iterator[Line]:
    row = Visit.objects.filter(pk=key).first()
    if row is not None:
        yield _("方式"), row.get_mode_display()
        yield _("到达时间"), _when(row.arrived_at)
        yield _("离开时间"), _when(row.left_at)
        yield _("受访人层级"), row.get_level_display()
        yield _("满意度"), "" if row.satisfaction is None else str(row.satisfaction)
        yield _("意见"), row.opinion
        yield _("建议"), row.suggestion
        yield _("问题"), row.problem_text
        yield _("写入客户档案"), updates_shown(row)


def _when(at: Any) -> str:
    return " ".join(map(str, day_and_hour(at))) if at else ""


LINES = {Recheck.Kind.ENTRY: _entry, Recheck.Kind.REVISIT: _revisit, Recheck.Kind.VISIT: _visit}
