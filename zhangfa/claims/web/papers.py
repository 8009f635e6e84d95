"""The official forms of a case under addresses that people can guess from the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from zhangfa.claims.models import ComplaintForm, Settlement, Survey
from zhangfa.records.web.papers import print_pdf


def _print(request: HttpRequest, record_id: Any) -> HttpResponse:
    # Whoever may not see the paper gets the same 404 as for a paper that does not exist; printing is logged as a look.
    if record_id is None and request.user.is_authenticated:
        raise Http404
    response: HttpResponse = print_pdf(request, pk=record_id)
    return response


def registration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """《部门（网店）服务员事故登记表》 as PDF."""
    return _print(request, Survey.objects.filter(case_id=pk).values_list("pk", flat=True).first())


def complaint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """《客户事故及服务质量投诉登记表》 as PDF."""
    return _print(request, ComplaintForm.objects.filter(case_id=pk).values_list("pk", flat=True).first())


def settlement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """《事故理赔处理表》 as PDF."""
    return _print(request, Settlement.objects.filter(pk=pk).values_list("pk", flat=True).first())


for _view in (registration, complaint, settlement):
    _view.permission = print_pdf.permission  # type: ignore[attr-defined]
