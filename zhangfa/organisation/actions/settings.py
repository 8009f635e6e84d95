"""The company's own settings: its name, its second decider."""

from __future__ import annotations

import datetime as dt

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import assign, change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Company, Person
from zhangfa.organisation.permissions import edit_company
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.organisation.rules import refuse_second_decider
from zhangfa.organisation.shell import forget_company


def edit(
    company: Company, *, name: str, name_en: str = "", second_decider: Person | None = None, by: Actor, at: dt.datetime
) -> Company:
    """Change the company's name as papers print it, and who decides what its only decider applied for."""
    with change(edit_company, company, by=by, at=at):
        company = Company.objects.get(pk=company.pk)
        if second_decider is not None:
            gm = holders([seat.pk for seat in seats_with_post("gm")], at)
            demand(
                refuse_second_decider(
                    is_staff=second_decider.kind == Person.Kind.STAFF and second_decider.left_on is None,
                    holds_gm=any(second_decider in people for people in gm.values()),
                )
            )
        changes = assign(company, {"name": name, "name_en": name_en, "second_decider": second_decider})
        company.save(update_fields=["name", "name_en", "second_decider"])
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
