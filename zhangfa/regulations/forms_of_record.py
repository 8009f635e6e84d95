"""The papers of regulations: the regulation itself (U03) and a department's execution report (U04)."""

from __future__ import annotations

from typing import Any

from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.regulations import queries
from zhangfa.regulations.models import Execution, Regulation


def register() -> None:
    duties.offer_models({"GF": Regulation, "ZX": Execution})
    forms.add(Form("GF", _("制度/文件"), visible=queries.is_visible, content=queries.content, build=_print, lock=_lock))
    forms.add(
        Form("ZX", _("制度执行汇总报告"), visible=queries.is_report_visible, content=queries.report_content, build=_report)
    )  # fmt: skip


def _lock(record: Record) -> Any:
    return Regulation.objects.lock(record.pk)


def _print(record: Record, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.regulations.prints import regulation_form

    return regulation_form(record, **kwargs)


def _report(record: Record, **kwargs: Any) -> Any:
    from zhangfa.regulations.prints import report_form

    return report_form(record, **kwargs)
