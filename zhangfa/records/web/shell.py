"""What papers put into the shell: menu entries, badges, to-do lines and the colours of their statuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.records import queries
from zhangfa.records.registry import forms
from zhangfa.ui import menu, registry
from zhangfa.ui.words import text


def unsigned(actor: Any, at: dt.datetime) -> int:
    return queries.waiting_signatures(actor)[:99].count() if actor.person_id else 0


def unread_copies(actor: Any, at: dt.datetime) -> int:
    return queries.copies_for(actor).filter(received_at=None)[:99].count() if actor.person_id else 0


def to_do(actor: Any, at: dt.datetime) -> list[registry.Item]:
    """Papers to sign and copies to acknowledge, oldest first."""
    if not actor.person_id:
        return []
    items = [
        registry.Item(
            title=_("签字：%(form)s") % {"form": text(forms.get(row.record.form_code).title)}, number=row.record.number or "",
            url=reverse("records:sign", kwargs={"pk": row.record_id, "role": row.role}), due_at=row.record.due_at,
            note=text(forms.get(row.record.form_code).role(row.role).label),
        )
        for row in queries.waiting_signatures(actor)[: registry.LIMIT]
    ]  # fmt: skip
    copies = queries.copies_for(actor).filter(received_at=None).order_by("pk")[: registry.LIMIT]
    items += [
        registry.Item(
            title=_("签收副本：%(form)s") % {"form": text(forms.get(copy.record.form_code).title)},
            number=copy.record.number or "", url=reverse("records:copy", kwargs={"pk": copy.pk}),
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
    grey, blue, green, amber, red = "grey", "blue", "green", "amber", "red"
    registry.statuses.add(
        "records.record.status",
        {
            "draft": registry.Status(_("草稿"), grey), "submitted": registry.Status(_("已提交"), blue),
            "returned": registry.Status(_("已退回"), amber), "approved": registry.Status(_("已批准"), green),
            "signed": registry.Status(_("已签署"), green), "void": registry.Status(_("已作废"), red),
        },
    )  # fmt: skip
    registry.statuses.add(
        "records.signature.state",
        {
            "waiting": registry.Status(_("待签"), amber), "signed": registry.Status(_("已签"), green),
            "refused": registry.Status(_("拒签"), red), "void": registry.Status(_("已失效"), grey),
        },
    )  # fmt: skip
