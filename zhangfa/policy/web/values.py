"""Pages of the company's figures: the list 章程, one figure with its history, and “who decides”."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.text import search_key, search_term
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import explain, queries, registry, wording
from zhangfa.policy.catalogue import Definition
from zhangfa.policy.models import PolicyValue
from zhangfa.policy.values import words
from zhangfa.policy.web.forms import explain_form
from zhangfa.ui.access import everyone
from zhangfa.ui.filters import BoundFilterSet, LookupFilter
from zhangfa.ui.pages import ListPage, Page, RecordPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.templatetags.ui import clause as clause_link

ORIGINS = {"handbook": _("手册"), "product": _("系统默认"), "law": _("法律")}


def definition_of(row: Any) -> Definition:
    return queries.definition_of(row.key)


def value_words(row: Any) -> str:
    """The row's own version with its unit."""
    found = next(figure for figure in queries.versions(row.key) if figure.version == row.version)
    return queries.in_words(found, wording.language())


def next_words(row: Any, page: Any) -> str:
    """The next change that is enacted, with its day."""
    later = queries.next_change(row.key, page.at)
    if later is None:
        return ""
    return gettext("%(day)s 起 %(value)s") % {
        "day": later.effective_from.isoformat(), "value": queries.in_words(later, wording.language()),
    }  # fmt: skip


def reading_status(row: Any, _page: Any) -> Status:
    return Status(_("使用中"), "green") if registry.is_read(row.key) else Status(_("系统还没有用到"), "grey")


class ClauseColumn(Column):
    """A clause id that leads to its text; a spreadsheet gets the id alone."""

    def cell(self, row: Any, page: Any) -> SafeString:
        return clause_link(self.raw(row, page))


class ValueFilter(BoundFilterSet):
    clause = LookupFilter(
        "clause", source="clauses", label=_("依据"), method="by_key", placeholder=_("输入条款号或内容，例如 CC-W1.5")
    )
    post = df.ChoiceFilter(
        label=_("岗位"),
        choices=[(code, wording.pair(post.zh, post.en)) for code, post in POSTS.items()],
        method="by_key",
    )
    reading = df.ChoiceFilter(
        label=_("是否用到"), choices=[("yes", _("使用中")), ("no", _("系统还没有用到"))], method="by_key"
    )

    class Meta:
        model = PolicyValue
        fields: list[str] = []

    def by_key(self, rows: QuerySet[Any], name: str, chosen: str) -> QuerySet[Any]:
        """Clauses and posts are known to the handbook, not to the rows: narrow by the keys that fit."""
        book = queries.handbook()
        if name == "clause" and chosen in book.clauses:
            keys = list(book.keys_of(chosen))
        elif name == "post":
            keys = [key for key, one in book.definitions.items() if book.clauses[one.clause].concerns(chosen)]
        else:
            keys = [key for key in book.definitions if registry.is_read(key) == (chosen == "yes")]
        return rows.filter(key__in=keys)


class ValueList(ListPage):
    """Every figure as it stands today."""

    model = PolicyValue
    permission = everyone
    title, nav = _("章程"), "policy"
    template_name = "policy/values.html"
    columns = (
        Column(
            "title",
            _("名称"),
            value=lambda row, page: wording.title(definition_of(row)),
            link=True,
            phone="title",
            wide=True,
        ),
        Column("value", _("现行值"), value=lambda row, page: value_words(row), phone="badge"),
        ClauseColumn("clause", _("依据")),
        Column(
            "post",
            _("负责岗位"),
            value=lambda row, page: wording.post_name(queries.handbook().clauses[row.clause].post),
        ),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("next", _("下次变更"), value=next_words),
        Column("reading", _("是否用到"), kind="status", value=reading_status),
        Column("version", _("版本"), kind="number", optional=True),
        Column("key", _("代号"), optional=True),
        Column("origin", _("来源"), value=lambda row, page: ORIGINS[definition_of(row).origin], optional=True),
    )
    sorts = {"key": (_("按代号"), "key"), "new": (_("最近变更"), "-effective_from", "key")}
    filterset_class = ValueFilter
    links = (
        Link("policy:explain", _("谁来决定"), icon="scale"),
        Link("policy:posts", _("岗位手册"), icon="book", is_primary=False),
    )
    empty = Empty(_("还没有章程"), _("用 zhangfa init 建立公司时会装入一套样例值。"))
    per_page = 40

    def rows(self) -> QuerySet[Any]:
        """Of each figure the version in force today."""
        day = clock.local_date(self.at)
        standing = PolicyValue.objects.filter(key=OuterRef("key"), effective_from__lte=day, withdrawn_at=None).order_by(
            "-effective_from", "-version"
        )
        known = list(queries.definitions())
        return PolicyValue.objects.filter(key__in=known, version=Subquery(standing.values("version")[:1]))

    def search(self, rows: QuerySet[Any], q: str) -> QuerySet[Any]:
        if not q:
            return rows
        term, plain = search_term(q).strip(), q.lower()
        found = [
            key
            for key, one in queries.definitions().items()
            if plain in key or plain in one.en.lower() or plain in one.clause.lower() or term in search_key(one.zh)
        ]
        return rows.filter(key__in=found)


def history_part(page: Any, obj: Any) -> tuple[str, dict[str, Any]]:
    """Every version of a figure, newest first, with who approved it, and those that ended before their day."""
    known = {row.version: row for row in PolicyValue.objects.filter(key=obj.key).select_related("enacted_by")}
    withdrawn = [queries.read(row) for row in known.values() if row.withdrawn_at is not None]
    found = sorted([*queries.history(obj.key), *withdrawn], key=lambda f: (f.effective_from, f.version), reverse=True)
    now = queries.figure(obj.key, page.at)
    lang = wording.language()
    lines = [
        {
            "figure": figure, "words": queries.in_words(figure, lang), "row": known.get(figure.version), "is_now": figure == now,
            "is_later": figure.effective_from > clock.local_date(page.at),
            "is_overtaken": figure != queries.figure_on(obj.key, figure.effective_from), "is_withdrawn": figure in withdrawn,
        }
        for figure in found
    ]  # fmt: skip
    return "policy/parts/history.html", {"lines": lines}


class ValuePage(RecordPage):
    """One figure: what it decides, since when, what the law allows, and every version it had."""

    model = PolicyValue
    permission = everyone
    nav = "policy"
    template_name = "policy/value.html"
    facts = (
        Column("value", _("现行值"), value=lambda row, page: value_words(row)),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("next", _("下次变更"), value=next_words),
        Column("reading", _("是否用到"), kind="status", value=reading_status),
        Column("origin", _("来源"), value=lambda row, page: ORIGINS[definition_of(row).origin]),
        Column("law", _("法律限制"), value=lambda row, page: law_words(definition_of(row)), wide=True),
        Column("key", _("代号")),
    )
    parts = (Part("history", _("历次版本"), history_part, open=True),)

    def subject(self) -> Any:
        if not hasattr(self, "object"):
            try:
                figure = queries.figure(self.kwargs["key"], self.at)
            except queries.UnknownKey:
                raise Http404 from None
            row = PolicyValue.objects.filter(key=figure.key, version=figure.version).first()
            # A figure of a newer program that has no row yet shows the preset's.
            self.object = row or PolicyValue(
                key=figure.key,
                version=figure.version,
                value=figure.text,
                effective_from=figure.effective_from,
                clause=figure.clause,
            )
        return self.object

    def page_title(self) -> Any:
        return wording.title(definition_of(self.object))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        book = queries.handbook()
        clauses = [clause for clause in book.clauses.values() if self.object.key in book.keys_of(clause.id)]
        lang = wording.language()
        used = [
            (clause.id, wording.post_name(clause.post), wording.clause_text(clause, lang, self.at))
            for clause in clauses
        ]
        return super().get_context_data(used_by=used, **kwargs)


def law_words(definition: Definition) -> str:
    """What the law allows, with the article; empty where it is silent."""
    bound = definition.legal_max if definition.legal_max is not None else definition.legal_min
    if bound is None:
        return ""
    text = (
        gettext("最多 %(limit)s（%(law)s）")
        if definition.legal_max is not None
        else gettext("至少 %(limit)s（%(law)s）")
    )
    return text % {
        "limit": words(definition.kind, definition.unit, bound, wording.language()),
        "law": wording.law(definition),
    }


class ExplainPage(Page):
    """Who would decide: typed-in facts, the route with its clause, figures and the comparison in words."""

    permission = everyone
    title, nav = _("谁来决定"), "explain"
    template_name = "policy/explain.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subjects = explain.subjects()
        asked = self.request.GET.get("subject", "")
        subject = explain.subject(asked) or subjects[0]
        is_asked = asked == subject.name and len(self.request.GET) > 1
        form = explain_form(subject)(self.request.GET if is_asked else None, actor=self.actor, at=self.at)
        answer = None
        if is_asked and form.is_valid():
            try:
                answer = explain.explain(subject.name, form.given(), self.at)
            except Refused as refused:
                form.refuse(refused.refusals)
        return super().get_context_data(
            subjects=subjects, subject=subject, form=form, answer=answer and self.shown(answer), **kwargs
        )

    def shown(self, answer: Any) -> dict[str, Any]:
        lang = wording.language()
        figures = [queries.figure(key, self.at) for key in answer.policy]
        return {
            "authority": wording.post_name(answer.authority), "clause": answer.clause, "why": getattr(answer.why, lang),
            "values": [(wording.title(queries.definition_of(f.key)), f.key, queries.in_words(f, lang), f) for f in figures],
        }  # fmt: skip
