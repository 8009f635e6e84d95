"""交办任务单 on A4: what, by when, what counts as done, what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Sign, when
from zhangfa.tasks.models import Task
from zhangfa.ui.words import text


def task_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The paper as it stands, in the reader's language (X-7)."""
    rows = Task.objects.select_related(
        "record", "owner", "giver", "owner_seat__post", "owner_seat__unit", "closed_by", "reported_by"
    )
    task = rows.get(pk=record.pk)
    facts = [
        Field(_("任务"), task.title, is_wide=True),
        Field(_("承办人"), task.owner.shown_name),
        Field(_("承办岗位"), str(task.owner_seat)),
        Field(_("交办人"), task.giver.shown_name if task.giver else ""),
        Field(_("交办时间"), when(task.assigned_at)),
        Field(_("要求完成时间"), when(task.due_at)),
        Field(_("报告时间"), when(task.reported_at)),
        Field(_("来源"), " ".join(filter(None, [text(task.source_label), task.source_title]))),
        Field(_("依据"), task.clause),
    ]
    is_accepted = task.status == Task.Status.ACCEPTED
    signs = [
        Sign(
            role=_("承办人"), state="signed" if task.reported_at else "waiting", at=when(task.reported_at),
            name=task.reported_by.shown_name if task.reported_by else "",
        ),
        Sign(
            role=_("验收人"), state="signed" if is_accepted else "waiting", at=when(task.closed_at) if is_accepted else "",
            name=task.closed_by.shown_name if is_accepted and task.closed_by else "", opinion=task.opinion if is_accepted else "",
        ),
    ]  # fmt: skip
    return FormPrint(
        company=company_name(), title=_("交办任务单"),
        number=record.number or "", version=record.version, status=str(task.get_status_display()), code=record.form_code,
        sections=[Grid(facts), Prose(_("细则"), task.details, 30), Prose(_("结果标准"), task.standard, 24), Prose(_("完成情况"), task.report, 40)],
        signatures=signs, is_void=task.status == Task.Status.WITHDRAWN, at=at,
    )  # fmt: skip
