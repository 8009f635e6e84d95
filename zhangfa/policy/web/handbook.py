"""Pages of the handbook 岗位手册: all posts, one post, one clause."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.posts import POSTS
from zhangfa.policy import guide, handbook, papers, queries, registry, wording
from zhangfa.policy.catalogue import ALL_POSTS, Clause
from zhangfa.ui import words
from zhangfa.ui.access import everyone
from zhangfa.ui.pages import Page
from zhangfa.ui.registry import Status

STATUSES = {
    registry.WORKS: Status(_("系统已做到"), "green"),
    registry.PARTIAL: Status(_("系统做到一部分"), "amber"),
    registry.PLANNED: Status(_("计划中"), "grey"),
}


class PostIndex(Page):
    """All posts with how much of their handbook the program does."""

    permission = everyone
    title, nav = _("岗位手册"), "handbook"
    template_name = "policy/posts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posts = []
        for code in POSTS:
            clauses = [clause for clause in handbook.clauses_of(code) if clause.post != ALL_POSTS]
            counted = Counter(registry.status_of(clause.id) for clause in clauses)
            own = sum(clause.post == code for clause in clauses)
            posts.append(
                {
                    "code": code, "name": wording.post_name(code), "own": own, "others": len(clauses) - own,
                    "counts": [(status, counted[name]) for name, status in STATUSES.items() if counted[name]],
                    "is_mine": self.actor.holds(code),
                }
            )  # fmt: skip
        return super().get_context_data(posts=posts, **kwargs)


class PostPage(Page):
    """What a post answers for: duties, procedures, limits, forms, and what the program does for each."""

    permission = everyone
    nav = "handbook"
    template_name = "policy/post.html"

    def subject(self) -> Any:
        if self.kwargs["post"] not in POSTS:
            raise Http404
        return POSTS[self.kwargs["post"]]

    def page_title(self) -> Any:
        return gettext("岗位手册：%(post)s") % {"post": wording.post_name(self.kwargs["post"])}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = self.kwargs["post"]
        clauses = handbook.clauses_of(post)
        groups = (
            (gettext("职责"), [c for c in clauses if c.post == post and not c.is_procedure]),
            (gettext("作业流程"), [c for c in clauses if c.post == post and c.is_procedure]),
            (gettext("参与的事情"), [c for c in clauses if c.post not in (post, ALL_POSTS)]),
            (gettext("所有岗位都要遵守"), [c for c in clauses if c.post == ALL_POSTS]),
        )
        shown = [(label, [clause_context(c, self.actor, self.at) for c in found]) for label, found in groups if found]
        written = next(iter(guide.guides_of([post])), "")
        return super().get_context_data(groups=shown, duties=registry.duty_lines(post), guide=written, **kwargs)


class ClausePage(Page):
    """One clause: its text, figures, forms, posts, and where the program does it."""

    permission = everyone
    nav = "handbook"
    template_name = "policy/clause.html"

    def subject(self) -> Any:
        clause = queries.handbook().clauses.get(self.kwargs["clause"])
        if clause is None:
            raise Http404
        return clause

    def page_title(self) -> Any:
        return gettext("条款 %(id)s") % {"id": self.kwargs["clause"]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clause = self.subject()
        duties = [line for code in POSTS for line in registry.duty_lines(code) if line.clause == clause.id]
        posts = [(code, wording.post_name(code)) for code in POSTS if clause.concerns(code)]
        return super().get_context_data(
            item=clause_context(clause, self.actor, self.at), posts=posts, duties=duties, **kwargs
        )


def clause_context(clause: Clause, actor: Any, at: Any) -> dict[str, Any]:
    """A clause as the templates show it, in the reader's language."""
    lang = wording.language()
    figures = [queries.figure(key, at) for key in queries.handbook().keys_of(clause.id)]
    return {
        "id": clause.id,
        "text": wording.clause_text(clause, lang, at),
        "post": clause.post,
        "post_name": wording.post_name(clause.post),
        "forms": papers.named(clause.forms),
        "status": STATUSES[registry.status_of(clause.id)],
        "values": [
            (
                wording.title(queries.definition_of(figure.key)),
                figure.key,
                queries.in_words(figure, lang),
                registry.is_read(figure.key),
            )
            for figure in figures
        ],
        "pages": [door for page in registry.pages_of(clause.id) if (door := door_to(page, actor, at))],
    }


def door_to(page: registry.Page, actor: Any, at: Any) -> dict[str, Any] | None:
    """A page where the clause is done: its address for those who may open it, for the others who could; none that isn't there yet."""
    try:
        url = reverse(page.url_name)
    except NoReverseMatch:
        return None
    refusal = next(iter(resolve(url).func.view_class.permission(None, by=actor, at=at)), None)  # type: ignore[attr-defined]
    return {"label": page.label, "url": "" if refusal else url, "who": words.who_could(refusal) if refusal else ""}
