"""Imports through the programming interface: bring a file in, accept the proposed columns, follow it, write it, take it back."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms as base
from ninja import Router

from zhangfa.core.text import _
from zhangfa.imports import actions
from zhangfa.imports.actions.uploading import keep_file
from zhangfa.imports.models import Import, Row
from zhangfa.imports.permissions import begin_imports, read_imports
from zhangfa.imports.web.pages import Imports, percent_of
from zhangfa.imports.wording import line
from zhangfa.ui.api import Call, Schema, lists, reads, uploads, writes
from zhangfa.ui.api.operations import Input, text_parameter, transitions
from zhangfa.ui.forms import Form, TextField, WholeField

router = Router()
MOST_ROWS = 100


class ImportOut(Schema):
    id: int
    number: str
    target: str
    status: str
    name: str
    counts: dict[str, int]
    percent: int | None
    trouble: str
    proposed: dict[str, str]
    made_at: dt.datetime
    applied_at: dt.datetime | None
    undone_at: dt.datetime | None


class RowOut(Schema):
    n: int
    sheet: str
    line: int
    state: str
    issues: list[str]
    known: str
    twin: int | None
    choice: str


class RowsOut(Schema):
    items: list[RowOut]
    next: int | None


class UploadForm(Form):
    """What the file holds."""

    target = base.ChoiceField(label=_("导入什么"), choices=Import.Target.choices)


class CheckForm(Form):
    """The proposed columns are taken as they are."""

    on_known = base.ChoiceField(
        label=_("已有的和重复的"), choices=[("skip", _("不导入这一行")), ("fill", _("补充已有档案里空着的内容"))]
    )
    source = TextField(label=_("数据来源和依据"), max_length=300, required=False)
    year = WholeField(label=_("只写了月和日的日期，是哪一年"), min_value=1990, max_value=2199, required=False)


def shown(_call: Call, row: Import) -> ImportOut:
    return ImportOut(
        id=row.pk, number=row.number, target=row.target, status=row.status, name=row.name, counts=row.counts, percent=percent_of(row),
        trouble=row.trouble, proposed=_proposed(row), made_at=row.made_at, applied_at=row.applied_at, undone_at=row.undone_at,
    )  # fmt: skip


def _best(row: Import) -> dict[str, Any]:
    found: dict[str, Any] = max(
        row.shape.get("sheets", [{}]), key=lambda one: (one.get("score", 0), one.get("height", 0))
    )
    return found


def _proposed(row: Import) -> dict[str, str]:
    return {n: guess[0] for n, guess in _best(row).get("guesses", {}).items()}


def _find(call: Call) -> Import:
    key = str(call.path["key"]).upper().removeprefix("DR")
    rows = Import.objects.visible_to(call.actor)
    found: Import = call.one(rows, pk=int(key) if re.fullmatch("[0-9]{1,18}", key, re.ASCII) else 0)
    call.check(read_imports, found)
    return found


def _upload(given: Input, kept: Any) -> Import:
    return actions.upload(kept, target=given.params["target"], by=given.call.actor, at=given.call.at)


def _begin(call: Call) -> None:
    call.check(begin_imports, None)


def _check(given: Input) -> Import:
    batch: Import = given.target
    best = _best(batch)
    found: Import = actions.check(
        batch, by=given.call.actor, at=given.call.at, columns=_proposed(batch), constants=best.get("constants", {}), sheets=[best.get("name", "")],
        on_known=given.params["on_known"], source=given.params["source"] or "", year=given.params["year"],
    )  # fmt: skip
    return found


def _rows(call: Call) -> RowsOut:
    batch = _find(call)
    asked = call.request.GET
    after = asked.get("after", "")
    rows = Row.objects.filter(batch=batch, n__gt=int(after) if re.fullmatch("[0-9]{1,9}", after, re.ASCII) else 0)
    if asked.get("state") in Row.State.values:
        rows = rows.filter(state=asked["state"])
    found = list(rows.order_by("n")[: MOST_ROWS + 1])
    items = [
        RowOut(
            n=row.n, sheet=row.sheet, line=row.line, state=row.state, issues=[line(batch, issue) for issue in row.issues], known=row.known,
            twin=row.twin, choice=row.choice,
        )
        for row in found[:MOST_ROWS]
    ]  # fmt: skip
    return RowsOut(items=items, next=items[-1].n if len(found) > MOST_ROWS else None)


lists(router, "/imports", id="imports", summary=_("导入"), page=Imports, line=shown, out=ImportOut)
uploads(
    router, "/imports", id="upload_import", summary=_("上传导入文件"), find=_begin, form=UploadForm, prepare=keep_file, act=_upload,
    show=shown, out=ImportOut,
)  # fmt: skip
reads(
    router,
    "/imports/{key}",
    id="import",
    summary=_("一次导入"),
    give=lambda call: shown(call, _find(call)),
    out=ImportOut,
)
reads(
    router, "/imports/{key}/rows", id="import_rows", summary=_("导入的行"), give=_rows, out=RowsOut,
    query={"state": text_parameter(10, _("状态")), "after": text_parameter(9, _("下一页的标记"))},
)  # fmt: skip
writes(
    router, "/imports/{key}/transitions/check", id="import_check", summary=_("对应列并检查"), find=_find, refuse=actions.check.refuse_now,
    form=CheckForm, act=_check, show=shown, out=ImportOut, about="CS-W2.1",
)  # fmt: skip
transitions(
    router, "/imports/{key}", model=Import, noun="import", forms_of={}, find=_find, show=shown, out=ImportOut,
    only=("remap", "apply", "cancel", "plan_undo", "undo", "keep", "resume"),
)  # fmt: skip
