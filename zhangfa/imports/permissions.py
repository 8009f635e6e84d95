"""Who brings what into the house."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.imports.models import Import
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.rules import CHART_POSTS

# By the handbook the customer archive is the customer service centre's and the data team's, the chart administration's.
IMPORTERS = {"customers": ("cs", "ops", "net"), "orders": ("cs", "ops"), "staff": CHART_POSTS}
EVERYBODY = ("cs", "ops", "net", *CHART_POSTS)
SENTENCES = {
    "customers": _("客户由客服中心、话务主管和网络组导入。"), "orders": _("历史订单由客服中心和话务主管导入。"),
    "staff": _("单位和人员由行政部、人事和总经理导入。"),
}  # fmt: skip


def import_rows(target: str, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Each kind of rows by those who answer for them."""
    posts = IMPORTERS[target]
    if by.is_system or by.holds(*posts) or (target == "staff" and by.is_technical):
        return
    yield Refusal("import.post", SENTENCES[target], {}, "CS-W2.1", "target", posts)


def begin_imports(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever may bring in anything at all."""
    if not (by.is_system or by.is_technical or by.holds(*EVERYBODY)):
        yield Refusal(
            "import.begin",
            _("导入由客服中心、话务主管、网络组、行政部、人事和总经理办理。"),
            {},
            "CS-W2.1",
            "",
            EVERYBODY,
        )


def read_imports(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who bring in, and those who answer for it."""
    yield from begin_imports(obj, by=by, at=at)


def carry_import(batch: Import, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The next step of an import: whoever may bring in such rows."""
    yield from import_rows(batch.target, by=by, at=at)
