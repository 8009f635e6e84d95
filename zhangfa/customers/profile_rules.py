"""The customer's file of F15: which answers it asks for, what counts as one, how whole and how plausible it is (CS-W2.1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-W2.1"
HOUSEHOLD, COMPANY = "household", "company"
# No answer is left blank (domain.md 4.0): it has content or says why it has none. Pending stands in drafts only.
NONE, NOT_APPLICABLE, DECLINED, PENDING = "#none", "#na", "#declined", "#pending"
CODES = {NONE: _("无"), NOT_APPLICABLE: _("不适用"), DECLINED: _("不愿提供"), PENDING: _("待补")}
SOURCES = {
    "referral": _("客户介绍"), "walk_in": _("网点来访"), "phone": _("电话"), "online": _("网上"), "event": _("社区活动"), "contract": _("投标或洽谈"),
}  # fmt: skip
PAY_MODES = {"cash": _("现金"), "mobile": _("手机支付"), "card": _("储值卡"), "transfer": _("对公转账")}
SETTLE_MODES = {"each": _("按次结算"), "monthly": _("按月结算"), "quarterly": _("按季结算"), "yearly": _("按年结算")}
SEXES = {"female": _("女"), "male": _("男")}
LIFT = {"yes": _("有电梯"), "no": _("没有电梯")}


@dataclass(frozen=True)
class Ask:
    """One answer of the file: for whom, in which shape, and whether the template may lack it."""

    name: str
    of: str = ""  # household, company, or both
    shape: str = "text"  # text, number, choice, id_no, uscc, month_day, phone
    is_required: bool = True
    may_decline: bool = True
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    choices: Mapping[str, str] = field(default_factory=dict)


FILE: Sequence[Ask] = (
    Ask("source", shape="choice", may_decline=False, choices=SOURCES),
    Ask("alt_phone", shape="phone", is_required=False),
    Ask("wechat", is_required=False),
    Ask("legal_name", COMPANY, may_decline=False),
    Ask("uscc", COMPANY, shape="uscc", may_decline=False),
    Ask("industry", COMPANY),
    Ask("staff_count", COMPANY, shape="number", low=Decimal(1), high=Decimal(50_000)),
    Ask("id_no", HOUSEHOLD, shape="id_no", is_required=False, may_decline=False),
    Ask("sex", HOUSEHOLD, shape="choice", is_required=False, choices=SEXES),
    Ask("birthday", HOUSEHOLD, shape="month_day", is_required=False),
    Ask("household_count", HOUSEHOLD, shape="number", low=Decimal(1), high=Decimal(20)),
    Ask("care_needs", HOUSEHOLD, is_required=False),
    Ask("pets", HOUSEHOLD),
    Ask("area_m2", shape="number", low=Decimal(8), high=Decimal(200_000)),
    Ask("layout", HOUSEHOLD),
    Ask("floor", shape="number", low=Decimal(-3), high=Decimal(120)),
    Ask("has_lift", shape="choice", choices=LIFT, may_decline=False),
    Ask("access_note"),
    Ask("fragile_notes"),
    Ask("preferences"),
    Ask("time_slots"),
    Ask("pay_mode", shape="choice", may_decline=False, choices=PAY_MODES),
    Ask("settle_mode", COMPANY, shape="choice", may_decline=False, choices=SETTLE_MODES),
    Ask("credit_days", COMPANY, shape="number", may_decline=False, high=Decimal(365)),
    Ask("invoice_title", is_required=False),
)
BY_NAME = {ask.name: ask for ask in FILE}
SECRET = ("alt_phone", "wechat", "id_no", "birthday", "care_needs", "access_note")
FREE_TEXTS = ("pets", "layout", "fragile_notes", "preferences", "time_slots")
SAME_AT_LEAST = 3
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PHONE = re.compile(r"\+?[0-9]{5,16}\Z", re.ASCII)


@dataclass(frozen=True)
class Hint:
    """Something in a file that looks wrong and is shown with what it rests on; it refuses nothing."""

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    evidence: Sequence[str] = ()


def asks_for(kind: str, *, has_contract: bool = False) -> Iterator[Ask]:
    """The answers that a file of this kind of customer has; a contract needs the identity number (F15)."""
    own = HOUSEHOLD if kind == HOUSEHOLD else COMPANY
    for ask in FILE:
        if ask.of in ("", own):
            yield Ask(**{**vars(ask), "is_required": True}) if ask.name == "id_no" and has_contract else ask


def is_answered(value: str) -> bool:
    return bool(value.strip()) and value != PENDING


def is_content(value: str) -> bool:
    return bool(value.strip()) and value not in CODES


def completeness(values: Mapping[str, str], kind: str, *, has_contract: bool = False) -> Decimal:
    """The share of the answers asked for that are given, in percent with one decimal; a code is an answer (A-35)."""
    wanted = [ask for ask in asks_for(kind, has_contract=has_contract) if ask.is_required]
    given = sum(is_answered(values.get(ask.name, "")) for ask in wanted)
    return (Decimal(given) * 100 / len(wanted)).quantize(Decimal("0.1"), ROUND_DOWN)


def refuse_file(
    values: Mapping[str, str],
    *,
    kind: str,
    has_contract: bool,
    is_finished: bool,
    contacts: int,
    has_care_consent: bool,
) -> Iterator[Refusal]:
    """A finished file has no blank; what is written must have its shape, in a draft too (domain.md 4.0, F15)."""
    for ask in asks_for(kind, has_contract=has_contract):
        value = values.get(ask.name, "")
        if is_content(value):
            yield from _refuse_shape(ask, value)
        elif value == DECLINED and not ask.may_decline:
            yield Refusal("profile.declined", _("这一项是法律或合同要求的，不能写“不愿提供”。"), {}, CLAUSE, ask.name)
        elif is_finished and value == PENDING:
            yield Refusal("profile.pending", _("“待补”只能写在草稿里。"), {}, CLAUSE, ask.name)
        elif is_finished and ask.is_required and not value.strip():
            yield Refusal(
                "profile.blank", _("模板各栏不得少填：没有内容请写“无”、“不适用”或“不愿提供”。"), {}, CLAUSE, ask.name
            )
    if is_content(values.get("care_needs", "")) and not has_care_consent:
        yield Refusal(
            "profile.care_consent",
            _("照护需求是敏感信息，请先登记客户对“健康与照护信息”的单独同意。"),
            {},
            CLAUSE,
            "care_needs",
        )
    if is_finished and kind != HOUSEHOLD and not contacts:
        yield Refusal("profile.contacts", _("单位客户请至少登记一位联系人。"), {}, CLAUSE)


OF_PLACE = ("area_m2", "layout", "floor", "has_lift")


def refuse_place(values: Mapping[str, str]) -> Iterator[Refusal]:
    """A further address is described as the first one is, and in the same shapes (F15)."""
    for name in OF_PLACE:
        if is_content(values.get(name, "")):
            yield from _refuse_shape(BY_NAME[name], values[name])


def refuse_wish(*, has_one: bool, is_worker: bool, is_blocked: bool, reason: str) -> Iterator[Refusal]:
    """F15: whom the customer asks for or no longer wants, one word on each worker; a refusal names its reason."""
    if not is_worker:
        yield Refusal("wish.worker", _("只能选择在职的服务员。"), {}, CLAUSE, "worker")
    if has_one:
        yield Refusal("wish.twice", _("已经登记过客户对这位服务员的意愿，请先停用原来的。"), {}, CLAUSE, "worker")
    if is_blocked and len(reason.strip()) < SHORTEST_REASON:
        facts = {"count": SHORTEST_REASON}
        yield Refusal("wish.reason", _("不再派的，请写明原因（不少于 %(count)s 个字）。"), facts, CLAUSE, "reason")


SHORTEST_REASON = 4


def refuse_answers(values: Mapping[str, str], kind: str) -> Iterator[Refusal]:
    """What an earlier book says must have the shapes of the file; nothing has to be there, a draft is filled up later."""
    for ask in asks_for(kind):
        if is_content(values.get(ask.name, "")):
            yield from _refuse_shape(ask, values[ask.name])


def _refuse_shape(ask: Ask, value: str) -> Iterator[Refusal]:
    if ask.shape == "number":
        number = number_in(value)
        if number is None:
            yield Refusal("profile.number", _("请填写数字。"), {}, CLAUSE, ask.name)
        elif not ask.low <= number <= ask.high:
            yield Refusal(
                "profile.range",
                _("应在 %(low)s 到 %(high)s 之间。"),
                {"low": str(ask.low), "high": str(ask.high)},
                CLAUSE,
                ask.name,
            )
    elif ask.shape == "choice" and value not in ask.choices:
        yield Refusal("profile.choice", _("请从给出的选项中选择。"), {}, CLAUSE, ask.name)
    elif ask.shape == "id_no" and not is_id_no(value):
        yield Refusal("profile.id_no", _("身份证号不对：应为 18 位，末位是校验码。"), {}, CLAUSE, ask.name)
    elif ask.shape == "uscc" and not is_uscc(value):
        yield Refusal("profile.uscc", _("统一社会信用代码不对：应为 18 位，末位是校验码。"), {}, CLAUSE, ask.name)
    elif ask.shape == "month_day" and not is_month_day(value):
        yield Refusal("profile.month_day", _("请写成月-日，例如 05-20。"), {}, CLAUSE, ask.name)
    elif ask.shape == "phone" and not PHONE.match(value):
        yield Refusal("profile.phone", _("请填写电话号码，例如 13800001234 或 0574-87654321。"), {}, CLAUSE, ask.name)


def number_in(value: str) -> Decimal | None:
    """A plain number as people type it, or None."""
    return Decimal(value) if re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,2})?", value, re.ASCII) else None


def is_id_no(value: str) -> bool:
    """A mainland identity number: seventeen digits and their check digit (GB 11643)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value, re.ASCII):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(value[:17], ID_WEIGHTS, strict=True)) % 11
    return "10X98765432"[rest] == value[17]


def is_uscc(value: str) -> bool:
    """A unified social credit code: seventeen signs and their check sign (GB 32100)."""
    if len(value) != 18 or any(sign not in USCC_SIGNS for sign in value):
        return False
    total = sum(USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(value[:17]))
    return USCC_SIGNS[(31 - total % 31) % 31] == value[17]


def is_month_day(value: str) -> bool:
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", value, re.ASCII)
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return match is not None and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= lengths[int(match[1]) - 1]


def hints(values: Mapping[str, str], *, phone: str, same_in: Sequence[str]) -> Iterator[Hint]:
    """What looks made up: one text in many places, numbers that nobody has, the same answers in other files (`same_in`)."""
    texts = Counter(values.get(name, "") for name in FREE_TEXTS)
    for text, count in texts.items():
        if is_content(text) and count >= SAME_AT_LEAST:
            yield Hint("same_text", _("有 %(count)s 栏写的是同一句话。"), {"count": count}, evidence=(text,))
    if same_in:
        yield Hint("same_files", _("各栏文字与其他档案完全相同，请核对是否真实。"), evidence=tuple(same_in))
    for name, number in (("phone", phone), ("alt_phone", values.get("alt_phone", ""))):
        if is_content(number) and is_made_up(number):
            yield Hint("made_up_number", _("电话号码的数字不像真实号码。"), field=name)
    if is_content(values.get("alt_phone", "")) and values["alt_phone"] == phone:
        yield Hint("same_phone", _("备用电话与电话相同。"), field="alt_phone")
    people, area = number_in(values.get("household_count", "")), number_in(values.get("area_m2", ""))
    if people and area and area < people * 4:
        yield Hint(
            "crowded",
            _("%(area)s 平方米住 %(people)s 人，请核对。"),
            {"area": str(area), "people": str(people)},
            "area_m2",
        )


def is_made_up(number: str) -> bool:
    """Seven times one digit, or a run such as 12345678, is no number that anybody was given."""
    digits = "".join(char for char in number if char.isdigit())
    return re.search(r"(\d)\1{6}", digits) is not None or any(run in digits for run in ("12345678", "87654321"))


def same_key(values: Mapping[str, str]) -> str:
    """The free texts joined, where at least two of them say something: equal keys are equal answers."""
    texts = [values.get(name, "") for name in FREE_TEXTS]
    return "\n".join(texts) if sum(map(is_content, texts)) > 1 else ""
