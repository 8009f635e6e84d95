"""Why a case goes where it goes: the comparison in whole sentences, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.functional import lazy as later
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims.models import Case, ComplaintForm
from zhangfa.claims.queries import DAYS_KEY, aggregate_days, limits_at
from zhangfa.claims.rules import OUTLET, SPECIALIST, Authority, Sums, authority_for, needs_review, route_for
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _
from zhangfa.policy import explain
from zhangfa.policy.explain import CHOICE, MONEY, Param
from zhangfa.policy.rules import Answer, Why
from zhangfa.policy.values import money_words
from zhangfa.policy.wording import language

WHO = {
    "oa": ("网点管理员", "the outlet manager"), "cc": ("投诉与客户维护专员", "the complaint and customer-care specialist"),
    "cs": ("客服中心经理", "the customer service manager"), "dgm": ("分管副总经理", "the deputy GM in charge"),
}  # fmt: skip
BASIS = {
    "own": ("理赔金额", "The settlement of"),
    "event": ("同一事故的理赔合计", "This accident's total of"),
    "customer": ("同一客户近 {days} 天的理赔合计", "This customer's {days}-day total of"),
    "estimate": ("初估损失", "The estimated loss of"),
}
COMPARISON = {
    "below": ("低于", "is below"), "reaches": ("达到或超过", "reaches or exceeds"), "within": ("不超过", "does not exceed"),
    "exceeds": ("超过", "exceeds"), "tie": ("虽不超过", "does not exceed"),
}  # fmt: skip


def sentence(
    *, post: str, comparison: str, reason: str, basis: Decimal, limit: Decimal, days: int = 0, upper: Decimal | None = None,
    passed: Decimal | None = None,
) -> Why:  # fmt: skip
    """The comparison as a sentence, e.g. 理赔金额 1,000.01 元，超过 1,000 元、不超过 1,500 元，由客服中心经理决定。

    `days`: over how many a customer's sum runs; `upper` and `passed`: the further bounds of `rules.Authority`.
    """
    named_zh, named_en = (words.format(days=days) for words in BASIS[reason])
    zh, en = f"{named_zh} {money_words(basis, 'zh')}，", f"{named_en} {money_words(basis, 'en')} "
    if passed is not None:
        zh += f"达到网点限额 {money_words(passed, 'zh')}，由专员接手；"
        en += f"reaches the outlet's limit of {money_words(passed, 'en')}, so the specialist takes the case, and "
    zh += f"{COMPARISON[comparison][0]} {money_words(limit, 'zh')}"
    en += f"{COMPARISON[comparison][1]} {money_words(limit, 'en')}"
    if upper is not None:
        zh += f"、不超过 {money_words(upper, 'zh')}"
        en += f" and does not exceed {money_words(upper, 'en')}"
    zh += "，"
    if comparison == "tie":
        zh, en = zh + "但经办人与客户有利益关系，", en + ", but the handler has a tie to the customer"
    verb = ("处理", "handles it") if reason == "estimate" else ("决定", "decides")
    return Why(f"{zh}由{WHO[post][0]}{verb[0]}。", f"{en}: {WHO[post][1]} {verb[1]}.")


def _said(why: Why) -> str:
    return why.en if (get_language() or "").startswith("en") else why.zh


def reasons(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The stored facts of a settlement's route, in the reader's language."""
    if not facts:
        return ()
    why = sentence(
        post=facts["authority"], comparison=facts["comparison"], reason=facts["reason"], basis=Decimal(facts["basis"]),
        limit=Decimal(facts["limit"]), days=stored_days(facts), upper=_stored(facts, "upper"), passed=_stored(facts, "passed"),
    )  # fmt: skip
    return (_said(why),)


def _stored(facts: Mapping[str, Any], name: str) -> Decimal | None:
    return None if facts.get(name) is None else Decimal(facts[name])


def stored_days(facts: Mapping[str, Any]) -> int:
    """The span of the customer's sum as it stood when the paper was handed in."""
    return next((int(Decimal(row["value"])) for row in facts["policy"] if row["key"] == DAYS_KEY), 0)


def route_reason(route: Mapping[str, Any]) -> str:
    """Why the outlet or the specialist handles a case, from what was stored at intake."""
    if not route:
        return ""
    return _said(
        sentence(
            post=route["post"],
            comparison=route["comparison"],
            reason="estimate",
            basis=Decimal(route["basis"]),
            limit=Decimal(route["limit"]),
        )
    )


def explain_case(given: Mapping[str, Any], at: dt.datetime) -> Answer:
    """CC-W1.1 by estimate, CC-W1.5 by settlement with the sums of event and customer."""
    limits = limits_at(at)
    if ("estimate" in given) == ("settlement" in given):
        raise Refused([Refusal("case.which", _("请写明初估损失或理赔金额，二者选一。"), {}, "CC-W1.5", "settlement")])
    if "estimate" in given:
        return _answer(route_for(given["estimate"], limits), "estimate")
    own = given["settlement"]
    sums = Sums(own, given.get("event_total", own), given.get("customer_total", own))
    handled_by = given.get("handled_by", SPECIALIST)
    authority = authority_for(sums, handled_by=handled_by, limits=limits)
    answer = _answer(authority, sums.reason, aggregate_days(at))
    if authority.post == "oa" and needs_review(handled_by=handled_by, amount=own, limits=limits):
        figure = limits.review_from
        zh = f"{answer.why.zh[:-1]}；达到 {money_words(figure, 'zh')}，交专员复核。"
        en = f"{answer.why.en} It reaches {money_words(figure, 'en')}, so the specialist reviews it."
        answer = replace(answer, policy=(*answer.policy, "claims.specialist_min"), why=Why(zh, en))
    return answer


def _answer(authority: Authority, reason: str, days: int = 0) -> Answer:
    keys = (*authority.keys, *((DAYS_KEY,) if reason == "customer" else ()))
    return Answer(authority.post, authority.clause, keys, compared(authority, reason, days))


def compared(authority: Authority, reason: str, days: int = 0) -> Why:
    """The comparison of an authority that was just found."""
    return sentence(
        post=authority.post, comparison=authority.comparison, reason=reason, basis=authority.basis, limit=authority.limit, days=days,
        upper=authority.upper, passed=authority.passed,
    )  # fmt: skip


def said(row: dict[str, Any]) -> dict[str, Any]:
    """A frozen improvement in the reader's language."""
    categories, causes = dict(ComplaintForm.Category.choices), dict(Case.Cause.choices)
    unit = row.get("unit_en") if language() == "en" else ""
    return row | {
        "unit": unit or row["unit"], "category": str(categories.get(row["category"], row["category"])),
        "cause": str(causes.get(row["cause"], "")),
    }  # fmt: skip


def _customer_total() -> str:
    return gettext("同一客户近 %(days)s 天合计") % {"days": aggregate_days(clock.now())}


def register_explanation() -> None:
    explain.register(
        "case", explain_case, label=lazy("事故理赔"), order=10,
        params=(
            Param("estimate", lazy("初估损失（元）"), MONEY),
            Param("settlement", lazy("或理赔金额（元）"), MONEY),
            Param("handled_by", lazy("处理方"), CHOICE, ((SPECIALIST, lazy("专员")), (OUTLET, lazy("网点")))),
            Param("event_total", lazy("同一事故合计（元）"), MONEY),
            Param("customer_total", lazy("同一客户合计（元）"), MONEY, hint=later(_customer_total, str)()),
        ),
    )  # fmt: skip
