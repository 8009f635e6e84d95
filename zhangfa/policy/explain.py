"""Who would decide, and why: subjects that apps register, answered the same for the command and the page (X-2)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.money import LIMIT
from zhangfa.core.text import _
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import queries, wording
from zhangfa.policy.rules import Answer
from zhangfa.policy.values import decimal_of

MONEY, DAYS, CHOICE, POST = "money", "days", "choice", "post"
MAX_DAYS = Decimal(366)
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Param:
    """One thing that a subject asks: its name on the command line and its label on the page.

    The label is read while the pages are loaded; what depends on the figures of the day stands in the lazy `hint`.
    """

    name: str
    label: Any
    kind: str
    choices: tuple[tuple[str, Any], ...] = ()
    is_required: bool = False
    hint: Any = ""


@dataclass(frozen=True)
class Subject:
    name: str
    label: Any
    answer: Callable[[Mapping[str, Any], dt.datetime], Answer]
    params: tuple[Param, ...]
    order: int = 50


_subjects: dict[str, Subject] = {}


def register(
    name: str, answer: Callable[[Mapping[str, Any], dt.datetime], Answer], *, label: Any = "", params: Sequence[Param] = (),
    order: int = 50,
) -> None:  # fmt: skip
    """Let a subject be explained: `answer(params, at)` receives typed values by name (Decimal for money and days).

    Without `params` it receives the words as typed and checks them itself.
    """
    _subjects[name] = Subject(name, label or name, answer, tuple(params), order)


def subjects() -> list[Subject]:
    return sorted(_subjects.values(), key=lambda subject: (subject.order, subject.name))


def subject(name: str) -> Subject | None:
    return _subjects.get(name)


def explain(name: str, raw: Mapping[str, str], at: dt.datetime) -> Answer:
    """The answer to typed-in facts. Raises Refused with a reason beside each field that can't be read."""
    known = _subjects.get(name)
    if known is None:
        raise Refused(
            [
                Refusal(
                    "explain.subject",
                    _("不能说明“%(name)s”。可以问：%(known)s。"),
                    {"name": name[:40], "known": ", ".join(sorted(_subjects))},
                )
            ]
        )
    if not known.params:
        return known.answer(raw, at)
    by_name = {param.name: param for param in known.params}
    demand(
        Refusal(
            "explain.key",
            _("不认识“%(key)s”。可以写：%(known)s。"),
            {"key": key[:40], "known": ", ".join(by_name)},
            "",
            key,
        )
        for key in raw
        if key not in by_name
    )
    given: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for param in known.params:
        text = raw.get(param.name, "").strip()
        if not text:
            if param.is_required or param.name in raw:
                wrong.append(Refusal("explain.missing", _("还要写明“%(key)s”。"), {"key": param.name}, "", param.name))
            continue
        try:
            given[param.name] = parse(param, text)
        except Refused as refused:
            wrong.extend(refused.refusals)
    demand(wrong)
    return known.answer(given, at)


def parse(param: Param, text: str) -> Any:
    """One typed-in fact. Raises Refused when it is not an amount, a number of half days or one of the choices."""
    shown = {"value": text[:40]}
    if param.kind == MONEY:
        amount = _number(text, _("“%(value)s”不是金额。请写到分，例如 500 或 499.99。"), shown, param.name)
        if amount < 0 or amount > LIMIT or amount != amount.quantize(Decimal("0.01")):
            raise Refused(
                [Refusal("explain.money", _("“%(value)s”不能作为金额：要从 0 起，最多写到分。"), shown, "", param.name)]
            )
        return amount
    if param.kind == DAYS:
        days = _number(text, _("“%(value)s”不是天数。请写 0.5 的倍数，例如 2 或 2.5。"), shown, param.name)
        if days <= 0 or days > MAX_DAYS or days % HALF:
            raise Refused(
                [
                    Refusal(
                        "explain.days", _("“%(value)s”不能作为天数：要按半天计，从 0.5 到 366。"), shown, "", param.name
                    )
                ]
            )
        return days
    allowed = tuple(POSTS) if param.kind == POST else tuple(code for code, _label in param.choices)
    if text not in allowed:
        raise Refused(
            [
                Refusal(
                    "explain.choice",
                    _("“%(value)s”不在可选之列：%(known)s。"),
                    {**shown, "known": ", ".join(allowed)},
                    "",
                    param.name,
                )
            ]
        )
    return text


def as_json(answer: Answer, at: dt.datetime) -> dict[str, Any]:
    """The stable shape for scripts: authority, clause, the figures in force, why in both languages."""
    return {
        "authority": answer.authority,
        "clause": answer.clause,
        "policy": queries.facts(answer.policy, at),
        "why": {"zh": answer.why.zh, "en": answer.why.en},
    }


def _number(text: str, words: str, shown: Mapping[str, Any], field: str) -> Decimal:
    try:
        return decimal_of(text)
    except ValueError:
        raise Refused([Refusal("explain.number", words, shown, "", field)]) from None


def explain_command(argv: Sequence[str]) -> int:
    """`zhangfa explain SUBJECT key=value… [--json]`: exit 0 with the answer, 2 with words when a fact can't be read."""
    from zhangfa.ui.words import say

    words = [word for word in argv if word != "--json"]
    pairs = [word.partition("=") for word in words[1:]]
    doubtful = next((name for name, equals, _value in pairs if not equals or name.startswith("-")), None)
    doubtful = doubtful or next(
        (name for name, _equals, _value in pairs if [p[0] for p in pairs].count(name) > 1), None
    )
    if not words or words[0].startswith("-") or doubtful is not None:
        sys.stderr.write(f"usage: zhangfa explain {'|'.join(sorted(_subjects))} key=value… [--json]\n")
        return 2
    at = clock.now()
    try:
        answer = explain(words[0], {name: value for name, _equals, value in pairs}, at)
    except Refused as refused:
        sys.stderr.writelines(f"{say(refusal)}\n" for refusal in refused.refusals)
        return 2
    if "--json" in argv:
        sys.stdout.write(json.dumps(as_json(answer, at), ensure_ascii=False, indent=2) + "\n")
        return 0
    lang = wording.language()
    lines = [wording.post_name(answer.authority), getattr(answer.why, lang), answer.clause]
    for key in answer.policy:
        figure = queries.figure(key, at)
        lines.append(
            f"{key} = {queries.in_words(figure, lang)} (v{figure.version}, {figure.effective_from.isoformat()})"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
