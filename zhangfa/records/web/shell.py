"""What papers put into the shell: menu entries, badges, to-do lines and the colours of their statuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.core import compiled
from zhangfa.records import queries
from zhangfa.records.models import Copy
from zhangfa.records.registry import forms
from zhangfa.ui import menu, registry
from zhangfa.ui.addresses import address
from zhangfa.ui.words import text

# What a line of the workbench shows; a drawn signature stays in the database.
LINE = ("role", "record__form_code", "record__number", "record__due_at", "signer__name")
COPY = ("record__form_code", "record__number", "record__unit__name")


LIST_STATES = {
    "waiting": registry.Status(_("等待生成"), "grey"), "running": registry.Status(_("正在生成"), "blue"),
    "done": registry.Status(_("可以下载"), "green"), "broken": registry.Status(_("没有生成"), "red"),
    "expired": registry.Status(_("已过期"), "grey"),
}  # fmt: skip


def unsigned(actor: Any, at: dt.datetime) -> int:
    return queries.waiting_signatures(actor)[:99].count() if actor.person_id else 0


def unread_copies(actor: Any, at: dt.datetime) -> int:
    return queries.copies_for(actor).filter(received_at=None)[:99].count() if actor.person_id else 0


def _signatures_on_bench(people: Sequence[int]) -> Any:
    return queries.signatures_of_people(people).only(*LINE)[: registry.LIMIT]


def _copies_on_bench(person: int) -> Any:
    rows = Copy.objects.filter(person_id=person, received_at=None).select_related("record__unit")
    return rows.only(*COPY).order_by("pk")[: registry.LIMIT]


def to_do(actor: Any, at: dt.datetime) -> list[registry.Item]:
    """Papers to sign and copies to acknowledge, oldest first."""
    if not actor.person_id:
        return []
    items = [
        registry.Item(
            title=_("签字：%(form)s") % {"form": text(forms.get(row.record.form_code).title)}, number=row.record.number or "",
            url=address("records:sign", pk=row.record_id, role=row.role), due_at=row.record.due_at,
            note=text(forms.get(row.record.form_code).role(row.role).label),
        )
        for row in compiled.rows(_signatures_on_bench, people=sorted(queries.signing_for(actor)))
    ]  # fmt: skip
    copies = compiled.rows(_copies_on_bench, person=actor.person_id)
    items += [
        registry.Item(
            title=_("签收副本：%(form)s") % {"form": text(forms.get(copy.record.form_code).title)},
            number=copy.record.number or "", url=address("records:copy", pk=copy.pk),
            answers=(registry.Answer(_("签收"), address("records:copy", pk=copy.pk)),),
        )
        for copy in copies
    ]  # fmt: skip
    return items


def join() -> None:
    menu.register("signing", _("待我签字"), "records:batch", icon="writing-sign", order=12, group="work")
    menu.register("copies", _("我的副本"), "records:copies", icon="copy", order=80, group="work")
    registry.badges.add("signing", unsigned)
    registry.badges.add("copies", unread_copies)
    registry.todo.add("records", to_do, label=_("签字与签收"), order=20, url="records:batch")
    registry.statuses.add("records.listfile.state", LIST_STATES)
    grey, blue, green, amber, red = "grey", "blue", "green", "amber", "red"
    registry.statuses.add(
        "records.record.status",
        {
            "draft": registry.Status(_("草稿"), grey), "submitted": registry.Status(_("已提交"), blue),
            "returned": registry.Status(_("已退回"), amber), "approved": registry.Status(_("已批准"), green),
            "signed": registry.Status(_("已签署"), green), "refused": registry.Status(_("未同意"), red), "void": registry.Status(_("已作废"), red),
        },
    )  # fmt: skip
    registry.statuses.add(
        "records.signature.state",
        {
            "waiting": registry.Status(_("待签"), amber), "signed": registry.Status(_("已签"), green),
            "refused": registry.Status(_("拒签"), red), "void": registry.Status(_("已失效"), grey),
        },
    )  # fmt: skip
