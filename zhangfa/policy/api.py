"""The handbook and the company's figures, and who would decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ninja import Router

from zhangfa.core.decisions import Refused
from zhangfa.core.text import _
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import explain, handbook, queries, registry, wording
from zhangfa.policy.models import PolicyValue
from zhangfa.policy.web.forms import explain_form
from zhangfa.policy.web.values import ValueList, law_words
from zhangfa.ui.api import Call, InvalidInput, Missing, Schema, form_query, lists, read_query, reads
from zhangfa.ui.words import say

router = Router()


class Both(Schema):
    zh: str
    en: str


class ClauseOut(Schema):
    """One clause; `unread` names the figures that nothing reads yet."""

    id: str
    post: str
    text: Both
    policies: list[str]
    forms: list[str]
    status: str
    unread: list[str]


class ClausesOut(Schema):
    items: list[ClauseOut]


class ValueOut(Schema):
    """One version of a figure; `value` is its canonical text."""

    key: str
    value: str
    version: int
    effective_from: dt.date
    clause: str
    title: str
    words: str
    unit: str
    is_read: bool


class ValueDetail(ValueOut):
    law: str
    history: list[VersionOut]


class FigureOut(Schema):
    key: str
    value: str
    version: int
    effective_from: dt.date


class VersionOut(FigureOut):
    words: str


class ExplanationOut(Schema):
    """Who decides, by which clause and figures, and why."""

    authority: str
    clause: str
    policy: list[FigureOut]
    why: Both


class PostOut(Schema):
    code: str
    name: Both
    grade: int


class PostsOut(Schema):
    items: list[PostOut]


def _value(_call: Call, row: PolicyValue) -> ValueOut:
    definition = queries.definition_of(row.key)
    figure = next(f for f in queries.versions(row.key) if f.version == row.version)
    return ValueOut(
        key=row.key, value=row.value, version=row.version, effective_from=row.effective_from, clause=row.clause,
        title=wording.title(definition), words=queries.in_words(figure, wording.language()), unit=definition.unit,
        is_read=registry.is_read(row.key),
    )  # fmt: skip


def _one_value(call: Call) -> ValueDetail:
    try:
        figure = queries.figure(call.path["key"], call.at)
    except queries.UnknownKey:
        raise Missing from None
    definition, lang = queries.definition_of(figure.key), wording.language()
    return ValueDetail(
        **figure.as_json(), clause=figure.clause, title=wording.title(definition), words=queries.in_words(figure, lang),
        unit=definition.unit, is_read=registry.is_read(figure.key), law=law_words(definition),
        history=[VersionOut(**f.as_json(), words=queries.in_words(f, lang)) for f in queries.history(figure.key)],
    )  # fmt: skip


def _clauses(call: Call) -> ClausesOut:
    return ClausesOut(items=[ClauseOut(**entry) for entry in handbook.handbook_json(call.at)])


def _clause(call: Call) -> ClauseOut:
    found = next((entry for entry in handbook.handbook_json(call.at) if entry["id"] == call.path["id"]), None)
    if found is None:
        raise Missing
    return ClauseOut(**found)


def _explaining(subject: explain.Subject) -> Callable[[Call], ExplanationOut]:
    form_class = explain_form(subject)

    def give(call: Call) -> ExplanationOut:
        form = read_query(form_class, call)
        try:
            answer = explain.explain(subject.name, form.given(), call.at)
        except Refused as refused:
            # A question that can't be answered is a mistake of the asker, not a refusal.
            found: dict[str, list[str]] = {}
            for refusal in refused.refusals:
                found.setdefault(refusal.field or subject.name, []).append(say(refusal))
            raise InvalidInput(found) from None
        return ExplanationOut(**explain.as_json(answer, call.at))

    return give


def _posts(_call: Call) -> PostsOut:
    return PostsOut(
        items=[PostOut(code=code, name=Both(zh=post.zh, en=post.en), grade=post.grade) for code, post in POSTS.items()]
    )


lists(
    router,
    "/policy/values",
    id="policy_values",
    summary=_("章程"),
    page=ValueList,
    line=_value,
    out=ValueOut,
    about="X-2",
)
reads(
    router,
    "/policy/values/{key}",
    id="policy_value",
    summary=_("一项章程值"),
    give=_one_value,
    out=ValueDetail,
    about="X-2",
)
reads(router, "/policy/clauses", id="policy_clauses", summary=_("岗位手册条款"), give=_clauses, out=ClausesOut)
reads(router, "/policy/clauses/{id}", id="policy_clause", summary=_("一条条款"), give=_clause, out=ClauseOut)
reads(router, "/policy/posts", id="policy_posts", summary=_("岗位"), give=_posts, out=PostsOut)
for _subject in explain.subjects():
    reads(
        router, f"/policy/explain/{_subject.name}", id=f"explain_{_subject.name}", summary=_("谁来决定"), give=_explaining(_subject),
        out=ExplanationOut, query=form_query(explain_form(_subject)), about="X-2",
    )  # fmt: skip
