"""People named in a text, one by one, by number or name: a list as somebody types or pastes it."""

from __future__ import annotations

import re

from django.db.models import Q

from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _
from zhangfa.organisation.models import Person

BETWEEN = re.compile(r"[\s,，、;；]+")
MOST = 500


def people_in(text: str, *, field: str) -> list[Person]:
    """Everybody named. Raises `Refused` for a word that names nobody or more than one."""
    words = list(dict.fromkeys(word for word in BETWEEN.split(text.strip()) if word))
    if len(words) > MOST:
        raise Refused([Refusal("people.many", _("一次最多 %(most)s 人。"), {"most": MOST}, "", field)])
    numbers = {word.upper() for word in words} | set(words)
    rows = list(Person.objects.filter(Q(no__in=numbers) | Q(name__in=words), left_on=None).order_by("pk"))
    found, wrong = [], []
    for word in words:
        named = [row for row in rows if word.upper() == row.no.upper()] or [row for row in rows if row.name == word]
        if len(named) == 1:
            found.append(named[0])
        else:
            wrong.append(word[:20])
    if wrong:
        words_shown = {"names": "、".join(wrong[:10])}
        raise Refused(
            [Refusal("people.unknown", _("找不到，或者有同名的人，请改写工号：%(names)s。"), words_shown, "", field)]
        )
    return list(dict.fromkeys(found))
