"""hello: session, user, one SELECT. list: fifty rows by a plain template. approve: lock a row, update, commit."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from benchmarks.floor.models import Row


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user.get_username()} {Row.objects.get(pk=1).number}")


def listing(request: HttpRequest) -> HttpResponse:
    rows: Any = Row.objects.order_by("-pk")[:50]
    return render(request, "floor/list.html", {"name": request.user.get_username(), "rows": rows})


def approve(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        row = Row.objects.select_for_update().get(pk=1)
        row.amount += 1
        row.save()
    return HttpResponse(request.user.get_username())


urlpatterns = [path("hello", hello), path("list", listing), path("approve", approve)]
