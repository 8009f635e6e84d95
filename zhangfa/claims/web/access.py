"""Who opens which page of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import Http404

from zhangfa.claims.models.reach import seen
from zhangfa.claims.permissions import REPORTING_POSTS, case_of, people_behind
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.customers.permissions import READERS


def opened(rows: Any, page: Any) -> Any:
    """The case or settlement of the page's address, for those who may see it."""
    found = seen(rows, page.kwargs["pk"], page.actor, page.select_related)
    if found is None:
        raise Http404
    return found


def read_cases(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever works here: which cases somebody sees is decided row by row (CC-D3)."""
    if not (by.is_system or by.person_id is not None):
        yield Refusal("case.read", _("案件只对相关人员开放。"), clause="CC-D3")


def report_cases(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Who may open a case at all; for which outlet is decided when it is reported."""
    if not by.holds(*REPORTING_POSTS):
        yield Refusal("case.post", _("您的岗位不能登记案件。"), {}, "CC-W1.1", "", REPORTING_POSTS)


def read_settlements(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    yield from read_cases(obj, by=by, at=at)


def read_history(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The customer's file and past is for the handler and those who serve customers; a worker reads the case alone."""
    yield from read_cases(obj, by=by, at=at)
    if case_of(obj).handler_id not in people_behind(by) and not by.holds(*READERS):
        yield Refusal("case.history", _("客户档案和往来只对经办人和服务客户的岗位开放。"), {}, "CC-W1.4", "", READERS)
