"""Workbench, search, own menu and the small answers that the shell asks for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhangfa.core.text import TextError, clean
from zhangfa.ui import registry, words
from zhangfa.ui.access import everyone
from zhangfa.ui.context import THEME_COOKIE, THEMES
from zhangfa.ui.pages import Page

SHOWN = 20
YEAR = 60 * 60 * 24 * 365


class Workbench(Page):
    """工作台: what I have to do, what I wait for, what is overdue below me, my figures."""

    permission = everyone
    template_name = "ui/workbench.html"
    title, nav = _("工作台"), "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = [figure for source in registry.figures for figure in source.give(self.actor, self.at)]
        blocks = {name: self._block(getattr(registry, name)) for name in ("todo", "waiting", "overdue_below")}
        return super().get_context_data(figures=figures, **blocks, **kwargs)

    def _block(self, sources: registry.Registry) -> dict[str, Any]:
        """What is due first stands first, what has no date last; what is more than a block holds is in the whole lists."""
        given = [(source, source.give(self.actor, self.at)) for source in sources]
        found = sorted(
            (item for _source, items in given for item in items),
            key=lambda item: (item.due_at is None, item.due_at or self.at),
        )
        # One line for one thing: a duty and the paper it is about lead to the same page.
        unique = list({item.url: item for item in reversed(found)}.values())[::-1]
        whole = [(words.text(source.label), source.url) for source, items in given if items and source.url]
        return {"items": unique[:SHOWN], "count": len(unique), "is_more": len(unique) > SHOWN, "whole": whole}


class Search(Page):
    """One box for everything: number, name, telephone, pinyin."""

    permission = everyone
    template_name = "ui/search.html"
    title, nav = _("搜索"), "search"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            q, is_readable = clean(self.request.GET.get("q", ""), max_length=60), True
        except TextError:
            q, is_readable = "", False
        found = [(words.text(s.label), list(s.give(self.actor, q, self.at))) for s in registry.search] if q else []
        groups = [(label, some[: registry.LIMIT], len(some) > registry.LIMIT) for label, some in found if some]
        return super().get_context_data(q=q, groups=groups, is_readable=is_readable, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = "ui/parts/results.html" if self.is_fragment else self.template_name
        return self.response_class(request, template, self.get_context_data(**kwargs))


class Me(Page):
    """The whole menu and one's own settings on one page: what the phone's last button opens."""

    permission = everyone
    template_name = "ui/me.html"
    title, nav = _("我"), "me"


class Badges(Page):
    """The counts of the menu and the bell: asked for by the page once it stands, and again every minute."""

    permission = everyone
    template_name = "ui/parts/badges.html"


class LookupList(Page):
    """What a typed-search field offers for the characters typed so far."""

    permission = everyone
    template_name = "ui/parts/lookup_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lookup = registry.lookups.get(self.kwargs["source"])
        name = self.request.GET.get("name", "")
        if lookup is None or not name.replace("-", "").replace("_", "").isalnum():
            raise Http404
        try:
            q = clean(self.request.GET.get(f"{name}-q", ""), max_length=60)
        except TextError:
            q = ""
        found = list(lookup.find(self.actor, q, self.at))[:20] if q else None
        return super().get_context_data(found=found, name=name, typed=q, **kwargs)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the device says; open to everybody, also before signing in."""
    theme = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back, status=303)
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
