"""《访问客户登记记录表》 as PDF: the sheet of one contact with the customer (CC-D8)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, override

from zhangfa.audit.actions import look
from zhangfa.claims import prints
from zhangfa.claims.models import Case, Talk
from zhangfa.records.prints import render_form
from zhangfa.records.web.common import pdf, signed_in

ROWS = ("by", "case__record", "case__customer__outlet", "case__order__product", "case__unit", "case__handler")


@signed_in
def visit_pdf(request: Any, actor: Any, at: dt.datetime, pk: UUID, talk: int) -> HttpResponse:
    """The sheet as this person may read it; whoever may not see the case finds nothing."""
    found = Talk.objects.select_related(*ROWS).filter(pk=talk, case_id=pk).first()
    if found is None or not Case.objects.visible_to(actor).filter(pk=pk).exists():
        raise Http404
    with override(get_language() or "zh-hans"):
        data = render_form(prints.visit_sheet(found, actor=actor, at=at))
    look(person_id=actor.person_id, record_id=pk, kind="print", at=at)
    return pdf(data, f"F20-{found.case.record.number}-{found.pk}")
