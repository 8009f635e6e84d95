"""Lists as files that the worker writes: asked for by the address of the list, followed, taken by their maker alone (P20)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as say

from zhangfa.core.text import _
from zhangfa.records import actions, asking
from zhangfa.records.models import ListFile
from zhangfa.records.web.lists import TYPES, ListForm, Lists, delivered
from zhangfa.ui import exports
from zhangfa.ui.api import Call, Missing, Schema, creates, downloads, lists, reads
from zhangfa.ui.api.call import InvalidInput
from zhangfa.ui.api.operations import Input
from zhangfa.ui.forms import TextField


class ListFileOut(Schema):
    """`rows` grows while it is written; taken at `/list-files/{key}/file` until `expires_at`."""

    id: str
    title: str
    filters: str
    format: str
    state: str
    rows: int
    size: int
    asked_at: dt.datetime
    done_at: dt.datetime | None
    expires_at: dt.datetime | None


class AskForm(ListForm):
    """The address of a list page with its filters, columns and order."""

    address = TextField(label=_("列表的地址"), max_length=2000)


def shown(_call: Call, row: ListFile) -> ListFileOut:
    return ListFileOut(
        id=str(row.pk), title=row.title, filters=row.filters, format=row.format, state=row.state, rows=row.rows, size=row.size,
        asked_at=row.asked_at, done_at=row.done_at, expires_at=row.expires_at,
    )  # fmt: skip


def _find(call: Call) -> ListFile:
    try:
        key = UUID(call.path["key"])
    except ValueError:
        raise Missing from None
    found: ListFile = call.one(ListFile.objects.filter(user_id=call.actor.user_id), pk=key)
    return found


def _ask(given: Input) -> ListFile:
    call, address = given.call, given.params["address"]
    page = exports.reopened(address, call.request.user, call.actor, call.at)
    if page is None:
        raise InvalidInput({"address": [say("这个地址不是您能导出的列表。")]})
    return actions.ask_list(
        page, kind=given.params["kind"], language=get_language() or "zh-hans", enqueue=asking.write_list, by=call.actor, at=call.at
    )  # fmt: skip


def _take(call: Call) -> HttpResponse:
    found = delivered(_find(call), call.actor, call.at)
    if found is None:
        raise Missing
    return found


def register(router: Any) -> None:
    """Add the operations to the router of papers."""
    lists(router, "/list-files", id="list_files", summary=_("我导出的列表"), page=Lists, line=shown, out=ListFileOut)
    creates(
        router,
        "/list-files",
        id="list_file_ask",
        summary=_("导出整个列表"),
        form=AskForm,
        act=_ask,
        show=shown,
        out=ListFileOut,
    )
    reads(
        router, "/list-files/{key}", id="list_file", summary=_("一份导出的列表"), give=lambda call: shown(call, _find(call)),
        out=ListFileOut,
    )  # fmt: skip
    downloads(
        router,
        "/list-files/{key}/file",
        id="list_file_take",
        summary=_("下载导出的列表"),
        give=_take,
        kinds=list(TYPES.values()),
    )
