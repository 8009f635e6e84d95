"""The customer's file as PDF; whoever may not see the customer finds nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import get_language, override

from zhangfa.customers import actions, prints
from zhangfa.customers.models import Customer
from zhangfa.customers.permissions import read_customers
from zhangfa.records.prints import render_form
from zhangfa.records.web.common import pdf, signed_in
from zhangfa.ui.access import is_open


@signed_in
def file_pdf(request: Any, actor: Any, at: dt.datetime, pk: int) -> HttpResponse:
    """The file as this person may read it: what is masked on the page is masked on paper."""
    rows = Customer.objects.visible_to(actor).exclude(status=Customer.Status.ERASED)
    customer = rows.select_related("outlet", "account_manager").filter(pk=pk).first()
    if customer is None or not is_open(read_customers, by=actor, at=at):
        raise Http404
    with override(get_language() or "zh-hans"):
        data = render_form(prints.customer_file(customer, actor=actor, at=at))
    actions.note_print(customer, paper="file", by=actor, at=at)
    return pdf(data, customer.no)
