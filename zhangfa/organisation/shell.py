"""What the organisation lends to the shell: names of posts, the company's name, people in the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.cache import cache
from django.utils.translation import get_language, gettext

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Company, Person
from zhangfa.organisation.permissions import read_people
from zhangfa.organisation.posts import name_of
from zhangfa.ui import registry
from zhangfa.ui.access import is_open

COMPANY_KEY = "organisation.company"
COMPANY_SECONDS = 60


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def post_names(codes: Iterable[str]) -> list[str]:
    """Names of posts in the reader's language."""
    return [name_of(code, is_english=_is_english()) for code in codes]


def company_name() -> str:
    """The company's name as the pages show it; asked for at most once a minute and process."""
    names = cache.get(COMPANY_KEY)
    if names is None:
        row = Company.objects.order_by("pk").values_list("name", "name_en").first()
        names = row or ("", "")
        cache.set(COMPANY_KEY, names, COMPANY_SECONDS)
    return (names[1] if _is_english() and names[1] else names[0]) or gettext("章法")


def forget_company() -> None:
    cache.delete(COMPANY_KEY)


def search_people(actor: Actor, q: str, at: dt.datetime) -> list[registry.Result]:
    """People by name, pinyin, number or phone, for those who may read the list."""
    if not is_open(read_people, by=actor, at=at):
        return []
    people = Person.objects.visible_to(actor).search(q).order_by("no")[: registry.LIMIT + 1]
    return [
        registry.Result(person.shown_name, person.get_absolute_url(), number=person.no, note=person.get_kind_display())
        for person in people
    ]
