"""The company's own settings: its name."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import assign, change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Company
from zhangfa.organisation.permissions import edit_company
from zhangfa.organisation.shell import forget_company


def edit(company: Company, *, name: str, name_en: str = "", by: Actor, at: dt.datetime) -> Company:
    """Change the company's name as papers print it."""
    with change(edit_company, company, by=by, at=at):
        company = Company.objects.get(pk=company.pk)
        changes = assign(company, {"name": name, "name_en": name_en})
        company.save(update_fields=["name", "name_en"])
        tell(
            "company.edited",
            company,
            _("修改公司设置"),
            by=by,
            at=at,
            codes={"fields": sorted(changes)},
            values=changes,
        )
    forget_company()
    return company
