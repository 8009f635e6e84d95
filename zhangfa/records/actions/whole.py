"""Lists written as files by the worker: asked for, made, taken away again when their days are over (P20)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor, actor_for
from zhangfa.records import exports, sensitive, whole
from zhangfa.records.models import ListFile
from zhangfa.ui import exports as lists
from zhangfa.ui import words

S = ListFile.State
KEPT, FORGOTTEN = dt.timedelta(days=3), dt.timedelta(days=90)
AT_ONCE = 3


def ask_list(page: Any, *, kind: str, language: str, enqueue: Any, by: Actor, at: dt.datetime) -> ListFile:
    """Put the list of this page into the queue; asked for twice it is one file, and nobody has more than a few waiting."""
    address = f"{page.request.path}{page.address()}"
    with work():
        waiting = list(ListFile.objects.filter(user_id=by.user_id, state__in=(S.WAITING, S.RUNNING)))
        same = next((row for row in waiting if (row.address, row.format) == (address, kind)), None)
        if same is not None:
            return same
        demand(_too_many(len(waiting)))
        made = ListFile.objects.create(
            user_id=by.user_id, address=address, title=words.text(page.page_title())[:120], language=language, format=kind,
            filters=lists.in_words(page)[:500], asked_at=at,
        )  # fmt: skip
        enqueue(str(made.pk))
    return made


def _too_many(count: int) -> Any:
    if count >= AT_ONCE:
        yield Refusal("export.waiting", _("已有 %(count)s 份列表在生成，请等它们完成。"), {"count": count})


def carry_list(key: UUID, *, at: dt.datetime) -> None:
    """Write the file with the rights that its maker has now; begun again it starts afresh."""
    found = ListFile.objects.filter(pk=key)
    row = found.exclude(state__in=(S.DONE, S.EXPIRED)).select_related("user").first()
    if row is None:
        return
    found.update(state=S.RUNNING, rows=0)
    actor = actor_for(row.user, at)
    try:
        with translation.override(row.language):
            _carry(row, actor, at)
    except Exception:
        whole.drop(key)
        found.update(state=S.BROKEN)
        raise


def _carry(row: ListFile, actor: Actor, at: dt.datetime) -> None:
    found = ListFile.objects.filter(pk=row.pk)
    page = lists.reopened(row.address, row.user, actor, at)
    if page is None:
        found.update(state=S.BROKEN)
        return
    columns, rows = lists.lines(page)
    label = page.model._meta.label_lower
    secret = {entry.field for entry in sensitive.declared(label)}
    is_masked = not (secret & {column.key.rpartition(".")[2] for column in columns})
    stamp = exports.stamp_for(actor, at)
    about = [
        (gettext("筛选"), row.filters or gettext("无")),
        (gettext("个人信息"), gettext("已遮盖") if is_masked else gettext("含明文，请妥善保管，用后删除")),
    ]
    count, size = whole.write(
        row.pk, row.format, row.title, columns, rows, stamp=stamp, about=about, at=at, told=lambda n: found.update(rows=n)
    )  # fmt: skip
    with work():
        found.update(state=S.DONE, rows=count, size=size, done_at=at, expires_at=at + KEPT)
        exports.log(
            subject=label, filters=row.filters, rows=count, is_masked=is_masked, watermark_text=stamp, by=actor, at=at
        )
        notify([actor.person_id], "records.list_ready", {"rows": count}, url=row.get_absolute_url(), at=at)


def drop_lists(at: dt.datetime, most: int = 200) -> int:
    """Files whose days are over go, and after months what was noted of them. Returns how many files."""
    rows = list(ListFile.objects.filter(state=S.DONE, expires_at__lte=at)[:most])
    for row in rows:
        whole.drop(row.pk)
        ListFile.objects.filter(pk=row.pk).update(state=S.EXPIRED)
    old = list(ListFile.objects.filter(asked_at__lt=at - FORGOTTEN).values_list("pk", flat=True)[:most])
    for key in old:
        whole.drop(key)
    ListFile.objects.filter(pk__in=old).delete()
    return len(rows)
