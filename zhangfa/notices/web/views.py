"""My notices: the list, opening one, reading all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from zhangfa.notices import actions, queries
from zhangfa.notices.models import Notice
from zhangfa.ui.access import everyone
from zhangfa.ui.pages import Page

PER_PAGE = 30


class NoticeList(Page):
    """What I have been told, newest first."""

    permission, title, nav, template_name = everyone, _("通知"), "notices", "notices/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = self.request.GET.get("before", "")
        start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
        found = queries.latest(self.actor, before=start, limit=PER_PAGE + 1)
        rows = [(notice, queries.sentence(notice)) for notice in found[:PER_PAGE]]
        return super().get_context_data(
            rows=rows, newest=rows[0][0].pk if rows else 0, older=rows[-1][0].pk if len(found) > PER_PAGE else None,
            unread=queries.unread_count(self.actor, self.at), **kwargs,
        )  # fmt: skip


class Open(Page):
    """Read one notice and go where it points; a GET writes nothing, so opening is a button."""

    permission = everyone
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = get_object_or_404(Notice, pk=kwargs["pk"], person_id=self.actor.person_id or 0)
        actions.read(self.actor.person_id, notice.pk, at=self.at)
        inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
        return HttpResponseRedirect(notice.url if notice.url and inside else reverse("notices:list"), status=303)


class ReadAll(Page):
    permission = everyone
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        newest = request.POST.get("newest", "")
        if self.actor.person_id is not None and newest.isascii() and newest.isdigit() and len(newest) < 18:
            actions.read_all(self.actor.person_id, at=self.at, up_to=int(newest))
        return HttpResponseRedirect(reverse("notices:list"), status=303)
