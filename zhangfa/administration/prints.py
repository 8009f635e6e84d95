"""The paper 章程修改单 on A4: old and new, the day, the ground, and who decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.administration import queries
from zhangfa.administration.models import PolicyChange
from zhangfa.approvals.prints import decisions_of
from zhangfa.organisation.shell import company_name
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, when


def change_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The paper as it stands, in the reader's language (X-2)."""
    change = PolicyChange.objects.select_related("record", "proposed_by").get(pk=record.pk)
    definition = policy.definition_of(change.key)
    facts = [
        Field(_("修改哪个值"), wording.title(definition), is_wide=True),
        Field(_("原值"), queries.in_words(change.key, change.old_value)),
        Field(_("新值"), queries.in_words(change.key, change.value)),
        Field(_("生效日期"), change.effective_from.isoformat()),
        Field(_("依据"), definition.clause),
        Field(_("提交人"), change.proposed_by.shown_name if change.proposed_by else ""),
        Field(_("提交时间"), when(change.proposed_at)),
    ]
    return FormPrint(
        company=company_name(), title=_("章程修改单"), number=record.number or "", version=record.version,
        status=str(change.get_status_display()), code=record.form_code, sections=[Grid(facts), Prose(_("修改理由"), change.reason)],
        signatures=decisions_of(record),
        is_void=change.status == PolicyChange.Status.WITHDRAWN, at=at,
    )  # fmt: skip
