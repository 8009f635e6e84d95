"""Kinds of policy values: from text to a typed figure and to words, exactly and without floats."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from zhangfa.core.money import LIMIT, yuan
from zhangfa.core.text import TextError, clean

Value = Decimal | int | bool | dt.date | str | None
KINDS = ("money", "int", "decimal", "percent", "bool", "date", "text", "rhythm", "person")

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
WEEKDAYS = {"mon": ("周一", "Monday"), "tue": ("周二", "Tuesday"), "wed": ("周三", "Wednesday"), "thu": ("周四", "Thursday"),
            "fri": ("周五", "Friday"), "sat": ("周六", "Saturday"), "sun": ("周日", "Sunday")}  # fmt: skip
RHYTHM = re.compile(
    r"daily|weekly( (mon|tue|wed|thu|fri|sat|sun)( ([01][0-9]|2[0-3]):[0-5][0-9])?)?"
    r"|monthly( ([1-9]|1[0-9]|2[0-8]))?|quarterly|half-yearly|yearly|same-day|window-end"
)
RHYTHM_WORDS = {
    "daily": ("每天", "every day"),
    "weekly": ("每周", "every week"),
    "monthly": ("每月", "every month"),
    "quarterly": ("每季度", "every quarter"),
    "half-yearly": ("每半年", "every half-year"),
    "yearly": ("每年", "every year"),
    "same-day": ("当天", "the same day"),
    "window-end": ("考察期最后一天", "the last day of the assessment"),
}
# Chinese measure word, English singular and plural.
UNITS = {
    "yuan": ("元", "yuan", "yuan"),
    "yuan_month": ("元/月", "yuan a month", "yuan a month"),
    "days": ("天", "day", "days"),
    "working_days": ("个工作日", "working day", "working days"),
    "hours": ("小时", "hour", "hours"),
    "minutes": ("分钟", "minute", "minutes"),
    "seconds": ("秒", "second", "seconds"),
    "weeks": ("周", "week", "weeks"),
    "months": ("个月", "month", "months"),
    "years": ("年", "year", "years"),
    "times": ("次", "time", "times"),
    "people": ("人", "person", "people"),
    "customers": ("家客户", "customer", "customers"),
    "orders": ("单", "order", "orders"),
    "products": ("个产品", "product", "products"),
    "ideas": ("个创意", "idea", "ideas"),
    "cases": ("个样本", "case", "cases"),
    "characters": ("个字", "character", "characters"),
    "points": ("分", "point", "points"),
    "percent": ("%", "%", "%"),
    "": ("", "", ""),
}


def decimal_of(text: str) -> Decimal:
    """A plain decimal number. Raises ValueError for NaN, exponents, other scripts' digits and nonsense."""
    if not PLAIN_NUMBER.fullmatch(text):
        raise ValueError("number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("number") from None


def canonical(kind: str, text: str) -> str:
    """The one stored text of a value, the same however it was typed. Raises ValueError with the kind that it is not."""
    try:
        text = clean(text, max_length=200)
    except TextError:
        raise ValueError("text") from None
    if text == "":
        return ""
    if kind == "money":
        amount = decimal_of(text)
        if amount != amount.quantize(Decimal("0.01")) or abs(amount) > LIMIT:
            raise ValueError("money")
        return str(yuan(amount))
    if kind in ("decimal", "percent"):
        number = decimal_of(text)
        if kind == "percent" and number != number.quantize(Decimal("0.1")):
            raise ValueError("percent")
        return plain(number)
    if kind == "int":
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise ValueError("int")
        return str(int(text))
    if kind == "person":
        if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            raise ValueError("person")
        return text
    if kind == "bool":
        if text not in ("true", "false"):
            raise ValueError("bool")
        return text
    if kind == "date":
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError("date") from None
    if kind == "rhythm" and not RHYTHM.fullmatch(text):
        raise ValueError("rhythm")
    return text


def typed(kind: str, text: str) -> Value:
    """The figure behind a canonical text; an empty text is None."""
    if text == "":
        return None
    if kind in ("money", "decimal", "percent"):
        return Decimal(text)
    if kind in ("int", "person"):
        return int(text)
    if kind == "bool":
        return text == "true"
    if kind == "date":
        return dt.date.fromisoformat(text)
    return text


def plain(number: Decimal) -> str:
    """2.50 → 2.5, 72.0 → 72: a number without needless zeros."""
    number = number.normalize()
    return f"{number:f}" if number else "0"


def money_words(amount: Decimal, lang: str) -> str:
    """1,000 元, 499.99 元: whole yuan without cents."""
    shown = f"{amount:,.2f}".removesuffix(".00")
    return f"{shown} {UNITS['yuan'][0 if lang == 'zh' else 2]}"


def count_words(number: Decimal | int, unit: str, lang: str) -> str:
    """2.5 天, 1 day, 20%."""
    shown = plain(Decimal(number))
    if unit == "percent":
        return f"{shown}%"
    zh, one, many = UNITS[unit]
    return f"{shown} {zh}" if lang == "zh" else f"{shown} {one if number == 1 else many}"


def rhythm_words(text: str, lang: str) -> str:
    """weekly mon 12:00 → 每周一 12:00 前."""
    side = 0 if lang == "zh" else 1
    first, *rest = text.split()
    if first == "weekly" and rest:
        day = WEEKDAYS[rest[0]][side]
        if len(rest) == 2:
            return f"每{day} {rest[1]} 前" if lang == "zh" else f"every {day} by {rest[1]}"
        return f"每{day}" if lang == "zh" else f"every {day}"
    if first == "monthly" and rest:
        return f"次月 {rest[0]} 日前" if lang == "zh" else f"by day {rest[0]} of the next month"
    return RHYTHM_WORDS[first][side]


def words(kind: str, unit: str, value: Value, lang: str) -> str:
    """A figure as the trade says it, with its unit."""
    zh = lang == "zh"
    if value is None:
        return "未定" if zh else "not set"
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if kind == "money" and isinstance(value, Decimal):
        shown = f"{value:,.2f}".removesuffix(".00")
        return f"{shown} {UNITS[unit or 'yuan'][0 if zh else 2]}"
    if isinstance(value, Decimal | int):
        return count_words(value, unit, lang)
    if kind == "rhythm" and isinstance(value, str):
        return rhythm_words(value, lang)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
