"""What the caller has been told."""

from __future__ import annotations

import datetime as dt

from ninja import Router

from zhangfa.core.text import _
from zhangfa.notices import actions, queries
from zhangfa.notices.models import Notice
from zhangfa.ui.access import everyone
from zhangfa.ui.api import Call, Missing, Schema, lists, reads, writes
from zhangfa.ui.api.operations import Input, Number
from zhangfa.ui.pages import ListPage

router = Router()


class NoticeOut(Schema):
    id: int
    code: str
    text: str
    url: str
    clause: str
    created_at: dt.datetime
    read_at: dt.datetime | None


class Unread(Schema):
    unread: int


class OwnNotices(ListPage):
    is_exportable = False
    model = Notice
    permission = everyone
    sorts = {"new": ("", "-pk")}
    is_searchable = False

    def rows(self):  # type: ignore[no-untyped-def]
        return Notice.objects.filter(person_id=self.actor.person_id or 0)


def shown(_call: Call, notice: Notice) -> NoticeOut:
    return NoticeOut(
        id=notice.pk, code=notice.code, text=queries.sentence(notice), url=notice.url, clause=notice.clause,
        created_at=notice.created_at, read_at=notice.read_at,
    )  # fmt: skip


def _own(call: Call) -> Notice:
    found: Notice = call.one(Notice.objects.filter(person_id=call.actor.person_id or 0), pk=call.path["id"])
    return found


def _read(given: Input) -> Notice:
    actions.read(given.target.person_id, given.target.pk, at=given.call.at)
    return _own(given.call)


def _read_all(given: Input) -> None:
    if given.call.actor.person_id is None:
        raise Missing
    actions.read_all(given.call.actor.person_id, at=given.call.at)


lists(router, "/notices", id="notices", summary=_("我的通知"), page=OwnNotices, line=shown, out=NoticeOut)
reads(
    router, "/notices/unread", id="notices_unread", summary=_("未读通知数"), out=Unread,
    give=lambda call: Unread(unread=queries.unread_count(call.actor, call.at)),
)  # fmt: skip
writes(
    router, "/notices/read", id="notices_read_all", summary=_("全部标为已读"), act=_read_all, out=Unread,
    show=lambda call, _done: Unread(unread=queries.unread_count(call.actor, call.at)),
)  # fmt: skip
writes(
    router, "/notices/{id}/read", id="notice_read", summary=_("标为已读"), find=_own, act=_read, show=shown, out=NoticeOut,
    ids={"id": Number},
)  # fmt: skip
