"""Where questions come from: the classified rules of the house; other apps add theirs.

A source gives the questions that may be put to the holders of some posts, each in a class of rules. The handbook's
clauses are the first; the regulations in force come with `add`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.policy import wording
from zhangfa.policy.queries import handbook
from zhangfa.regulations.choices import Topic
from zhangfa.regulations.queries import questions as clauses


@dataclass(frozen=True)
class Question:
    """A question with the rule that it comes from; `key` names it for the draw, `kind` is the class of the rule."""

    key: str
    source: str
    clause: str
    kind: str
    text: str
    expected: str


Give = Callable[[Sequence[str], dt.datetime, int | None], Iterable[Question]]
STOPS = re.compile("[，。；：,.;:]")
LONGEST_TOPIC = 24
_sources: dict[str, Give] = {}
_classes: dict[str, Any] = {}


def add(name: str, give: Give, classes: Iterable[tuple[str, Any]]) -> None:
    """Lend questions: `give(posts, at, department)`, and the classes of their rules as (code, label)."""
    _sources[name] = give
    _classes.update(classes)


def questions(posts: Sequence[str], at: dt.datetime, kind: str = "", department: int | None = None) -> list[Question]:
    """Everything that may be asked of these posts in the department, in the order of its keys."""
    found = {q.key: q for give in _sources.values() for q in give(posts, at, department)}
    return [q for _key, q in sorted(found.items()) if not kind or q.kind == kind]


def class_choices() -> list[tuple[str, Any]]:
    return [("", lazy("全部")), *_classes.items()]


def class_label(kind: str) -> str:
    return str(_classes.get(kind, ""))


def _topic(text: str) -> str:
    """What a clause is about: its first words, not yet what it asks."""
    first = STOPS.split(text, maxsplit=1)[0]
    return first if len(first) <= LONGEST_TOPIC else f"{first[:LONGEST_TOPIC]}…"


def from_handbook(posts: Sequence[str], at: dt.datetime, department: int | None) -> Iterable[Question]:
    """The clauses in which the posts act; all of them where no post is named."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    for clause in handbook().clauses.values():
        # The clauses of the program itself bind nobody's work.
        if clause.id.startswith("X-") or (posts and not any(clause.concerns(post) for post in posts)):
            continue
        expected = wording.clause_text(clause, lang, at)
        facts = {"topic": _topic(expected), "clause": clause.id}
        text = gettext("关于“%(topic)s”（%(clause)s），您的岗位要做到什么？最近一次是怎样做的？") % facts
        kind = "procedure" if clause.is_procedure else "duty"
        yield Question(f"handbook:{clause.id}", gettext("岗位手册"), clause.id, kind, text, expected)


def from_regulations(posts: Sequence[str], at: dt.datetime, department: int | None) -> Iterable[Question]:
    """The clauses of the regulations in force that bind the posts, by class; a clause's own test question where it has one."""
    found = {c.pk: c for post in (posts or ("",)) for c in clauses(at, post=post, department_id=department)}
    for clause in found.values():
        paper = clause.regulation
        name = gettext("第 %(n)s 条") % {"n": clause.seq}
        text = clause.question or gettext("《%(title)s》%(clause)s怎样规定？您是怎样做的？") % {
            "title": paper.title,
            "clause": name,
        }
        source = f"{paper.title} {paper.record.number or ''}".strip()
        yield Question(f"regulation:{clause.pk}", source, name, f"topic-{paper.topic}", text, clause.text)


add("regulations", from_regulations, [(f"topic-{value}", label) for value, label in Topic.choices])
add("handbook", from_handbook, [("duty", lazy("岗位职责")), ("procedure", lazy("作业流程"))])
