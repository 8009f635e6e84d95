"""Workbench, search, own menu and the small answers that the shell asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from zhangfa.core.ids import uuid7
from zhangfa.core.text import TextError, clean
from zhangfa.ui import menu, registry, resend, stakes, words
from zhangfa.ui.access import everyone, posts
from zhangfa.ui.context import THEME_COOKIE, THEMES
from zhangfa.ui.pages import FormPage, Page

SHOWN = 20
# How much of each kind stands on the page of what is red: it is to be seen at one glance.
FIRST, OWNERS = 5, 8
YEAR = 60 * 60 * 24 * 365


# The further parts of the workbench, each a fragment of few statements.
BELOW = {
    "tasks": _("任务与协作"),
    "plans": _("计划与通知"),
    "care": _("客户维护"),
    "rules": _("制度与会议"),
    "checks": _("检查与请假"),
}


class Workbench(Page):
    """工作台: what I have to do, what I wait for, what is overdue below me, my figures."""

    permission = everyone
    template_name = "ui/workbench.html"
    title, nav = _("工作台"), "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = [figure for source in registry.figures for figure in source.give(self.actor, self.at)]
        blocks = {name: self._block(getattr(registry, name)) for name in ("todo", "waiting", "overdue_below")}
        below = {source.below for source in registry.todo if source.below}
        links = [link for source in registry.shortcuts for link in source.give(self.actor, self.at)]
        answers = any(item.answers for item in blocks["todo"]["items"])
        return super().get_context_data(
            figures=figures,
            links=links,
            csrf=get_token(self.request) if answers else "",
            below=[(key, label) for key, label in BELOW.items() if key in below],
            **blocks,
            **kwargs,
        )

    def _block(self, sources: registry.Registry, below: str = "") -> dict[str, Any]:
        """What is most at stake stands first and says why; what is more than a block holds is in the whole lists."""
        given = [(source, source.give(self.actor, self.at)) for source in sources if source.below == below]
        found = [(stakes.stake(item, self.at), item) for _source, items in given for item in items]
        found.sort(key=lambda pair: pair[0].key)
        # One line for one thing: a duty and the paper it is about lead to the same page, if to different places on it.
        first: dict[str, Any] = {}
        for stake, item in found:
            first.setdefault(item.url.partition("#")[0], (stake, item))
        unique = [
            replace(
                item,
                why=" · ".join(stakes.why(stake, item.rung, self.at)),
                answers=tuple(map(self._keyed, item.answers)),
            )
            for stake, item in list(first.values())[:SHOWN]
        ]
        whole = [(words.text(source.label), source.url) for source, items in given if items and source.url]
        return {"items": unique, "count": len(first), "is_more": len(first) > SHOWN, "whole": whole}

    def _keyed(self, answer: registry.Answer) -> registry.Answer:
        """Each form has its own key: the same tap sent twice has one effect."""
        return replace(answer, data={**answer.data, resend.FIELD: str(uuid7()), FormPage.BACK: "bench"})


class Below(Workbench):
    """A further part of the workbench, fetched after the first view: what other apps have for the reader to do."""

    template_name = "ui/below.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        part = self.kwargs["part"]
        if part not in BELOW:
            raise Http404
        blocks = {name: self._block(getattr(registry, name), part) for name in ("todo", "waiting")}
        answers = any(item.answers for item in blocks["todo"]["items"])
        csrf = get_token(self.request) if answers else ""
        return Page.get_context_data(self, label=BELOW[part], csrf=csrf, **blocks, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = "ui/parts/below.html" if self.is_fragment else self.template_name
        return self.response_class(request, template, self.get_context_data(**kwargs))


class Red(Workbench):
    """红灯: what needs the reader, what is overdue or blocked in their part of the company, why, and who owns it, in one view (RPT-22)."""

    permission = posts("gm", "dgm")
    template_name = "ui/red.html"
    title, nav = _("红灯"), "red"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        todo = self._block(registry.todo)
        owned = {source.key: list(source.give(self.actor, self.at)) for source in registry.red_owners}
        groups = [self._group(source, owned.get(source.key)) for source in registry.red]
        groups = [group for group in groups if group["items"]]
        return Page.get_context_data(
            self,
            groups=groups,
            count=sum(group["count"] for group in groups),
            owners=_most(owner for owners in owned.values() for owner in owners),
            todo=todo | {"items": todo["items"][:FIRST]},
            csrf=get_token(self.request),
            **kwargs,
        )

    def _group(self, source: registry.Source, owners: list[registry.Owner] | None) -> dict[str, Any]:
        items = list(source.give(self.actor, self.at))
        count = sum(owner.count for owner in owners) if owners is not None else len(items)
        return {
            "key": source.key, "label": words.text(source.label), "url": source.url, "items": items[:FIRST], "count": max(count, len(items)),
            "since": items[0].due_at if items else None,
        }  # fmt: skip


def _most(owners: Iterable[registry.Owner]) -> list[registry.Owner]:
    """Who owns most of it, whatever its kind; of the same number whoever has it longest."""
    found: dict[str, registry.Owner] = {}
    for owner in owners:
        known = found.get(owner.key)
        if known is None:
            found[owner.key] = owner
            continue
        widest = max(known, owner, key=lambda one: one.count)
        found[owner.key] = replace(widest, count=known.count + owner.count, since=min(known.since, owner.since))
    return sorted(found.values(), key=lambda one: (-one.count, one.since, one.key))[:OWNERS]


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

    permission, asks_by_itself = everyone, True
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


@require_GET
@gzip_page
def menu_icons(request: HttpRequest, stamp: str) -> HttpResponse:
    """The icons of the menu, kept by the browser until they change; they say nothing of anybody."""
    text, current = menu.icons()
    if stamp != current:
        raise Http404
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable"}
    return HttpResponse(text, content_type="image/svg+xml", headers=headers)


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
