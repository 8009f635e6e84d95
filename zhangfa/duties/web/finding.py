"""The question of a what-if and what was found, for the page, the interface, and the papers that are proposed from it (issue 4, item 8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.periods import month_after, month_of
from zhangfa.duties import registry, whatif, whatif_rules, wording
from zhangfa.duties.models import scope_of
from zhangfa.duties.permissions import ask_what_if
from zhangfa.organisation.models import Grade
from zhangfa.policy import queries as policy
from zhangfa.policy.rules import refuse_value
from zhangfa.policy.values import canonical, plain, typed
from zhangfa.policy.wording import language, post_name
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import DateField, Form, TextField
from zhangfa.ui.words import text

KINDS = {"limit": _("审批权限"), "deadline": _("期限"), "rhythm": _("节奏"), "quota": _("数量")}
MOST_REASON = 900


def figures() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, kind in whatif.keys().items():
        groups.setdefault(kind, []).append((key, wording.figure_title(key)))
    return [(text(KINDS[kind]), sorted(groups[kind], key=lambda option: option[1])) for kind in KINDS if kind in groups]


class QuestionForm(Form):
    key = forms.ChoiceField(label=_("改动哪个数字"), choices=figures)
    key.is_enumerated = False  # type: ignore[attr-defined]
    value = TextField(
        label=_("改成"), max_length=40, widget=forms.TextInput({"inputmode": "text", "autocomplete": "off"}),
        help_text=_("节奏写成 weekly mon 12:00、monthly 3 这样。"),
    )  # fmt: skip
    since = DateField(label=_("从哪天"))
    until = DateField(label=_("到哪天"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"key", "value", "since", "until"} <= set(data):
            self.refuse(tuple(self.refusals(data)))
        return self.cleaned_data

    def refusals(self, data: dict[str, Any]) -> list[Refusal]:
        definition = policy.definition_of(data["key"])
        if wrong := list(refuse_value(definition, data["value"])):
            return [Refusal(one.code, one.text, one.params, one.clause, "value") for one in wrong]
        value = typed(definition.kind, canonical(definition.kind, data["value"]))
        self.typed_value = value
        return list(
            whatif_rules.refuse_question(
                since=data["since"], until=data["until"], today=clock.local_date(self.at or clock.now()), value=value,
                standing=policy.value(data["key"], self.at or clock.now()),
                is_count=whatif.keys()[data["key"]] in ("rhythm", "quota"),
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A question with its answer, and how both are said."""

    key: str
    value: str
    since: dt.date
    until: dt.date
    old: str
    new: str
    answer: whatif.Answer
    effective_from: dt.date

    @property
    def name(self) -> str:
        return wording.figure_title(self.key)

    @property
    def posts(self) -> list[str]:
        """Whose work it changes."""
        decided = [
            post for _replay, moved in self.answer.decisions for _row, *posts in moved.elsewhere for post in posts
        ]
        owing = [post for kept in self.answer.duties for post in kept.row.posts]
        return list(dict.fromkeys([*decided, *owing]))

    def lines(self) -> list[str]:
        """What was found, a sentence for each kind of decision and each duty."""
        said = {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "name": self.name,
            "old": self.old,
            "new": self.new,
        }
        found = [gettext("按 %(since)s 至 %(until)s 的记录重算：“%(name)s”由 %(old)s 改为 %(new)s。") % said]
        for replay, moved in self.answer.decisions:
            facts = {"label": text(replay.label), "total": moved.total, "moved": moved.moved}
            found.append(gettext("%(label)s：共 %(total)s 件，其中 %(moved)s 件改由别的岗位决定。") % facts)
        for kept in self.answer.duties:
            facts = {"name": wording.name_of(kept.key), "before": kept.before.done, "of": kept.before.total,
                     "after": kept.after.done, "then": kept.after.total}  # fmt: skip
            found.append(
                gettext("%(name)s：原来 %(of)s 项中按时 %(before)s 项，改动后 %(then)s 项中按时 %(after)s 项。") % facts
            )
        return found

    def reason(self) -> str:
        """The ground of a proposal, in one go."""
        return "".join(self.lines())[:MOST_REASON]

    @property
    def query(self) -> str:
        """The question as a proposal's address carries it: the answer is worked out again there, never believed."""
        return urlencode({"key": self.key, "value": self.value, "since": self.since, "until": self.until})

    def proposals(self, by: Any, at: dt.datetime) -> list[tuple[str, str]]:
        return [
            (text(label), url) for offer in registry.proposals for label, url in offer(by, at, self.key, self.query)
        ]


def answered(form: QuestionForm, at: dt.datetime) -> Finding:
    """Of a valid question."""
    data, value = form.cleaned_data, form.typed_value
    definition = policy.definition_of(data["key"])
    return Finding(
        key=data["key"], value=canonical(definition.kind, data["value"]), since=data["since"], until=data["until"],
        old=policy.in_words(policy.figure(data["key"], at), language()), new=policy.words_of(definition, value, language()),
        answer=whatif.ask(data["key"], value, since=data["since"], until=data["until"], at=at),
        effective_from=month_after(month_of(clock.local_date(at))),
    )  # fmt: skip


def asked_in(data: Mapping[str, Any], *, by: Any, at: dt.datetime) -> Finding | None:
    """What a proposal's address asks, worked out for somebody who may ask it; None where it asks nothing or nonsense."""
    if "since" not in data or not is_open(ask_what_if, by=by, at=at):
        return None
    form = QuestionForm(data, actor=by, at=at)
    return answered(form, at) if form.is_valid() else None


def sees_papers(actor: Any) -> bool:
    """Single papers are listed for those who may see all of them anyway."""
    return scope_of(actor).is_all or any(seat.grade >= Grade.EXECUTIVE for seat in actor.seats)


def shown_decisions(found: Finding, actor: Any) -> list[dict[str, Any]]:
    """Per kind of decision: how many, who decides before and after with how much money, and which papers move."""
    nothing, sees = (0, Decimal(0)), sees_papers(actor)
    return [
        {
            "has_money": any(money for table in (moved.before, moved.after) for _number, money in table.values()),
            "label": text(replay.label), "clause": replay.clause, "total": moved.total, "moved": moved.moved,
            "lines": [
                (said_post(post), *moved.before.get(post, nothing), *moved.after.get(post, nothing)) for post in moved.posts
            ],
            "rows": [(row, said_post(was), said_post(would)) for row, was, would in moved.elsewhere] if sees else [],
        }
        for replay, moved in found.answer.decisions
    ]  # fmt: skip


def shown_duties(found: Finding, actor: Any) -> list[dict[str, Any]]:
    """Per duty: how it was kept and would have been kept, how much it asks for, and what would have been late."""
    sees = sees_papers(actor)
    return [
        {
            "name": wording.name_of(kept.key), "key": kept.key, "clause": kept.row.clause,
            "posts": "、".join(post_name(post) for post in kept.row.posts) if language() == "zh" else ", ".join(post_name(post) for post in kept.row.posts),
            "rows": [
                (gettext("现行"), kept.before, plain(kept.needed_before)), (gettext("改动后"), kept.after, plain(kept.needed_after)),
            ],
            "later_count": kept.later_count,
            "later": [(row, whatif_rules.LATE_WORDS[would]) for row, would in kept.later] if sees else [],
        }
        for kept in found.answer.duties
    ]  # fmt: skip


def said_post(post: str) -> str:
    return {"head": gettext("部门负责人"), "second_decider": gettext("第二决定人")}.get(post) or post_name(post)
