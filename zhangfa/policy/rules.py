"""Who decides by the handbook, and which values a company may set; pure comparisons over given figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.policy.catalogue import Definition
from zhangfa.policy.values import Value, canonical, count_words, money_words, typed

HEAD = "head"  # the applicant's head of department
SECOND_DECIDER_KEY = "authority.second_decider"
SECOND_DECIDER = "second_decider"  # the person named for papers whose only decider is the applicant

LEAVE_KINDS = {
    "personal": ("事假", "Personal leave"), "sick": ("病假", "Sick leave"), "annual": ("年休假", "Annual leave"),
    "statutory": ("法定假", "Statutory leave"),
}  # fmt: skip
ENTITLED = ("annual", "statutory")  # what somebody has a right to is arranged, not weighed: its days name no authority
LEAVE_LEVELS = {
    "staff": ("主管以下", "below supervisor"),
    "supervisor": ("主管", "supervisor"),
    "manager": ("部门负责人", "head of department"),
    "executive": ("分管经理", "deputy GM in charge"),
    "gm": ("总经理", "GM"),
}
LEAVE_KEYS = (
    "leave.personal.staff_days", "leave.personal.supervisor_days", "leave.sick.staff_days", "leave.sick.supervisor_days",
    "leave.gm_days",
)  # fmt: skip
ACTIVITY_KEYS = ("activity.dgm_amount", "activity.gm_amount")
SUPERVISOR_GRADE, MANAGER_GRADE, EXECUTIVE_GRADE, GM_GRADE = 40, 50, 60, 70


class Why(NamedTuple):
    """The same reason in both languages, complete sentences."""

    zh: str
    en: str


@dataclass(frozen=True)
class Answer:
    """Who decides, by which clause and figures, and the comparison in words.

    `authority` is a post code, or `head` for the applicant's head of department.
    """

    authority: str
    clause: str
    policy: tuple[str, ...]
    why: Why


def leave_level(grade: int) -> str:
    """The applicant's level by the rung of their post; supervisors count as 以上 (AM-W4.1, domain.md A-06)."""
    if grade >= GM_GRADE:
        return "gm"
    if grade >= EXECUTIVE_GRADE:
        return "executive"
    if grade >= MANAGER_GRADE:
        return "manager"
    return "supervisor" if grade >= SUPERVISOR_GRADE else "staff"


def leave_authority(*, level: str, kind: str, days: Decimal, figures: Mapping[str, Decimal]) -> Answer:
    """Who decides a leave of so many working days, split requests already added up (AM-W4.1)."""
    gm_days = figures["leave.gm_days"]
    who_zh, who_en = LEAVE_LEVELS[level]
    kind_zh, kind_en = LEAVE_KINDS[kind]
    days_zh, days_en = count_words(days, "days", "zh"), count_words(days, "days", "en")
    head_zh, head_en = f"{who_zh}{kind_zh} {days_zh}", f"{kind_en} of {days_en} ({who_en})"

    def answer(authority: str, keys: tuple[str, ...], zh: str, en: str) -> Answer:
        return Answer(authority, "AM-W4.1", keys, Why(f"{head_zh}：{zh}", f"{head_en}: {en}"))

    if level == "gm":
        return answer(
            SECOND_DECIDER, (SECOND_DECIDER_KEY,),
            "谁都不能批自己的假，由公司指定的第二决定人批准。", "nobody approves their own leave; the company's second decider does.",
        )  # fmt: skip
    if kind in ENTITLED:
        return _entitled_leave(level, answer)
    if days >= gm_days:
        zh, en = f"达到 {count_words(gm_days, 'days', 'zh')}", f"reaches {count_words(gm_days, 'days', 'en')}"
        return answer("gm", ("leave.gm_days",), f"{zh}，直接由总经理批准。", f"{en}; it goes straight to the GM.")
    gm_zh, gm_en = f"不满 {count_words(gm_days, 'days', 'zh')}", f"less than {count_words(gm_days, 'days', 'en')}"
    if level == "executive":
        return answer(
            "gm", ("leave.gm_days",), f"{gm_zh}，本人不能批自己的假，由上级总经理批准。",
            f"{gm_en}, but nobody approves their own leave; the GM as superior does.",
        )  # fmt: skip
    key = f"leave.{kind}.{'staff' if level == 'staff' else 'supervisor'}_days"
    limit = figures[key]
    limit_zh, limit_en = count_words(limit, "days", "zh"), count_words(limit, "days", "en")
    if days > limit:
        return answer(
            "dgm", (key, "leave.gm_days"), f"超过 {limit_zh}，{gm_zh}，直接由分管经理批准。",
            f"more than {limit_en} and {gm_en}; it goes straight to the deputy GM in charge.",
        )  # fmt: skip
    if level == "manager":
        return answer(
            "dgm", (key,), f"不超过 {limit_zh}，但部门负责人不能批自己的假，由上级分管经理批准。",
            f"not more than {limit_en}, but heads of department don't approve their own leave; the deputy GM as superior does.",
        )  # fmt: skip
    if level == "supervisor":
        return answer(
            HEAD,
            (key,),
            f"不超过 {limit_zh}，由部门负责人批准。",
            f"not more than {limit_en}; the head of department decides.",
        )
    return answer(
        "sup", (key,), f"不超过 {limit_zh}，由部门主管批准。", f"not more than {limit_en}; the supervisor decides."
    )


def _entitled_leave(level: str, answer: Callable[..., Answer]) -> Answer:
    """Annual and statutory leave follow their own table: the head of department arranges it, the superior the head's (A-05)."""
    if level == "executive":
        return answer("gm", (), "由上级总经理批准，与天数无关。", "the GM as superior decides, whatever the days.")
    if level == "manager":
        return answer(
            "dgm", (), "由上级分管经理批准，与天数无关。", "the deputy GM as superior decides, whatever the days."
        )
    return answer(HEAD, (), "由部门负责人安排，与天数无关。", "the head of department arranges it, whatever the days.")


def activity_authority(
    *, amount: Decimal, figures: Mapping[str, Decimal], event_total: Decimal | None = None
) -> Answer:
    """Who approves an activity; the parts of one event count as one (AM-W4.2)."""
    deciding = max(amount, event_total if event_total is not None else amount)
    is_sum = deciding > amount
    to_dgm, to_gm = figures["activity.dgm_amount"], figures["activity.gm_amount"]
    basis = ("同一活动合计", "The parts of the event come to") if is_sum else ("活动金额", "The activity costs")
    zh, en = f"{basis[0]} {money_words(deciding, 'zh')}：", f"{basis[1]} {money_words(deciding, 'en')}: "
    dgm_zh, dgm_en, gm_zh, gm_en = (money_words(figure, lang) for figure in (to_dgm, to_gm) for lang in ("zh", "en"))
    if deciding >= to_gm:
        why = Why(f"{zh}达到 {gm_zh}，由总经理批准。", f"{en}{gm_en} or more; the GM approves.")
        return Answer("gm", "AM-W4.2", ("activity.gm_amount",), why)
    if deciding >= to_dgm:
        why = Why(
            f"{zh}达到 {dgm_zh}，不满 {gm_zh}，由分管经理批准。",
            f"{en}{dgm_en} or more and less than {gm_en}; the deputy GM approves.",
        )
        return Answer("dgm", "AM-W4.2", ACTIVITY_KEYS, why)
    why = Why(f"{zh}不满 {dgm_zh}，由行政部经理决定。", f"{en}less than {dgm_en}; the administration manager decides.")
    return Answer("am", "AM-W4.2", ("activity.dgm_amount",), why)


# Whose own activity goes to whom: the superior of each who decides (X-5, AM-W4.2).
ABOVE = {"am": "gm", "dgm": "gm", "gm": SECOND_DECIDER}


def own_activity(answer: Answer, *, applicant: str) -> Answer:
    """Nobody approves their own activity: where the applicant's post would decide, the superior does."""
    if answer.authority != applicant:
        return answer
    above = ABOVE[answer.authority]
    zh, en = (
        ("公司指定的第二决定人", "the company's second decider")
        if above == SECOND_DECIDER
        else ("总经理", "the GM as superior")
    )
    why = Why(
        f"{answer.why.zh[:-1]}；本人不能批自己的活动，由{zh}批准。",
        f"{answer.why.en} Nobody approves their own activity; {en} does.",
    )
    keys = (*answer.policy, SECOND_DECIDER_KEY) if above == SECOND_DECIDER else answer.policy
    return Answer(above, answer.clause, keys, why)


def refuse_value(definition: Definition, text: str, *, law: Any = "") -> Iterator[Refusal]:
    """Why a text can't be the company's figure: not of its kind, out of bounds, or beyond what the law allows (X-2)."""
    try:
        value = typed(definition.kind, canonical(definition.kind, text))
    except ValueError as error:
        yield _refusal(f"value.{error}", NOT_OF_KIND[str(error)], value=text)
        return
    if value is None:
        if not definition.is_empty_allowed:
            yield _refusal("value.empty", _("这个值不能为空。"))
        return
    if not isinstance(value, Decimal | int) or isinstance(value, bool) or definition.kind == "person":
        return
    number = Decimal(value)
    if definition.step and number % definition.step:
        yield _refusal("value.step", _("这个值要按 %(step)s 的倍数填写。"), step=definition.step)
    if definition.minimum is not None and number < definition.minimum:
        yield _refusal("value.min", _("这个值不能小于 %(limit)s。"), limit=definition.minimum)
    if definition.maximum is not None and number > definition.maximum:
        yield _refusal("value.max", _("这个值不能大于 %(limit)s。"), limit=definition.maximum)
    if definition.legal_max is not None and number > definition.legal_max:
        yield _refusal(
            "value.law",
            _("法律规定最多 %(limit)s，依据%(law)s。"),
            limit=definition.legal_max,
            law=law or definition.law_zh,
        )
    if definition.legal_min is not None and number < definition.legal_min:
        yield _refusal(
            "value.law",
            _("法律规定至少 %(limit)s，依据%(law)s。"),
            limit=definition.legal_min,
            law=law or definition.law_zh,
        )


def refuse_order(
    definition: Definition, value: Value, others: Mapping[str, Value], names: Mapping[str, Any]
) -> Iterator[Refusal]:
    """Limits of one ladder keep their order: the lower authority's figure is never above the higher one's (X-2).

    `others` holds the figures that this one stays below, under their keys, and those that stay below it.
    """
    for key, other in others.items():
        if not isinstance(value, Decimal | int) or not isinstance(other, Decimal | int):
            continue
        if key == definition.below and value > other:
            yield _refusal("value.order", _("不能大于“%(name)s”的 %(limit)s。"), name=names[key], limit=other)
        elif key != definition.below and value < other:
            yield _refusal("value.order", _("不能小于“%(name)s”的 %(limit)s。"), name=names[key], limit=other)


def refuse_second_decider(*, is_staff: bool, holds_gm: bool) -> Iterator[Refusal]:
    """X-5: the second decider settles what only the GM could decide and the GM applied for: somebody else on the staff."""
    if not is_staff:
        yield Refusal("value.decider_staff", _("第二决定人必须是在职职员。"), {}, "X-5", "value")
    if holds_gm:
        yield Refusal("value.decider_gm", _("第二决定人不能是总经理本人。"), {}, "X-5", "value")


def refuse_date(effective_from: dt.date, *, today: dt.date) -> Iterator[Refusal]:
    """A change takes effect at 00:00 of a later day than its approval, never backwards (X-2)."""
    if effective_from <= today:
        yield Refusal(
            "value.date", _("生效日期要晚于今天（%(today)s）。"), {"today": today.isoformat()}, "X-2", "effective_from"
        )


NOT_OF_KIND = {
    "text": _("“%(value)s”里有不能保存的字符，或者太长。"),
    "number": _("“%(value)s”不是数字。请只写数字，例如 2 或 2.5。"),
    "money": _("“%(value)s”不是金额。请写到分，例如 500 或 499.99。"),
    "percent": _("“%(value)s”不是百分数。请最多写一位小数，例如 20 或 12.5。"),
    "int": _("“%(value)s”不是整数。"),
    "bool": _("“%(value)s”要选是或否。"),
    "date": _("“%(value)s”不是日期。请按 2026-01-05 的样子填写。"),
    "rhythm": _("“%(value)s”不是周期。请从给出的周期里选。"),
    "person": _("“%(value)s”不是人员的编号。请从查找结果里选一位。"),
}


def _refusal(code: str, text: str, **params: Any) -> Refusal:
    shown = {name: str(value)[:40] if name == "value" else value for name, value in params.items()}
    return Refusal(code, text, shown, "X-2", "value")
