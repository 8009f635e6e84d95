"""What I owe, what is overdue below me, and the catalogue of all duties."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.duties import queries, wording
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.duties.permissions import change_duties, read_duties
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.wording import post_name
from zhangfa.ui.access import everyone, is_open
from zhangfa.ui.pages import Page
from zhangfa.ui.words import join, post_names

MOST_URGENT, LATEST = 20, 10


class MyDuties(Page):
    """我的职责: the most urgent of what I owe and of what those below me owe, and what was done lately."""

    permission, title, nav, template_name = everyone, _("我的职责"), "duties", "duties/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # One more than is shown tells that there are more; those are in the list with its filters and pages.
        mine = queries.my_duties(self.actor, self.at, MOST_URGENT + 1)
        below = queries.overdue_below(self.actor, self.at, MOST_URGENT + 1)
        return super().get_context_data(
            mine=_shown(mine),
            below=_shown(below),
            more_mine=len(mine) > MOST_URGENT,
            more_below=len(below) > MOST_URGENT,
            most=MOST_URGENT,
            may_list=is_open(read_duties, by=self.actor, at=self.at),
            done=queries.done_lately(self.actor, self.at, LATEST),
            **kwargs,
        )


def _shown(rows: list[Occurrence]) -> list[tuple[Occurrence, str]]:
    return [(row, queries.address(row)) for row in rows[:MOST_URGENT]]


class CataloguePage(Page):
    permission, title, nav, template_name = everyone, _("职责目录"), "catalogue", "duties/catalogue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = {row.key: row for row in catalogue().current(self.at)}
        posts = [code for code in POSTS if any(code in row.posts for row in known.values())]
        asked = self.request.GET.get("post", "")
        asked = asked if asked in posts else ""
        rows = [
            {
                "duty": duty,
                "url": reverse("duties:duty", kwargs={"code": duty.code, "stage": duty.stage}),
                "posts": join(post_names(known[duty.key].posts)),
                "due": wording.due_in_words(known[duty.key], self.at),
                "need": wording.need_in_words(known[duty.key], self.at),
                "copies": join(post_names(known[duty.key].copies)),
                "off": wording.reason_of(known[duty.key]),
            }
            for duty in Duty.objects.filter(is_active=True, key__in=list(known)).order_by("code", "stage")
            if not asked or {asked, "all"} & set(known[duty.key].posts)
        ]
        watched = sum(not row["off"] for row in rows)
        return super().get_context_data(
            rows=rows,
            watched=watched,
            unwatched=len(rows) - watched,
            posts=[(post, post_name(post)) for post in posts],
            asked=asked,
            may_change=is_open(change_duties, by=self.actor, at=self.at),
            **kwargs,
        )
