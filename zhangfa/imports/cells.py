"""Cells as people type them, as values: dates, amounts, telephones, yes and no; pure Python."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from zhangfa.core import money
from zhangfa.core.text import TextError, clean, national

FIRST_YEAR, LAST_YEAR = 1900, 2199
# The day that Excel counts from, with its leap day of 1900 that never was.
EXCEL_ZERO = dt.date(1899, 12, 30)
SERIALS = range(20_000, 80_000)
DAY = re.compile(r"(?P<y>\d{4})\D{1,2}(?P<m>\d{1,2})\D{1,2}(?P<d>\d{1,2})(?!\d)")
PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)")
SHORT_YEAR = re.compile(r"(?P<y>\d{2})[./\-年](?P<m>\d{1,2})[./\-月](?P<d>\d{1,2})(?!\d)")
WITHOUT_YEAR = re.compile(r"(?P<m>\d{1,2})[./\-月](?P<d>\d{1,2})[日号]?(?!\d)")
TIME = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上|[AaPp][Mm])?\s*(?P<h>\d{1,2})\s*(?:[::点时](?P<min>\d{1,2}|半)?分?)"
)
LATER = ("下午", "晚上", "pm")
AMOUNT = re.compile(r"^[-+]?\d[\d,]*(?:\.\d+)?$|^[-+]?\.\d+$")
CURRENCY = re.compile(r"元整|人民币|rmb|cny|元|块|¥|¥|\s", re.IGNORECASE)
TEN_THOUSAND = re.compile(r"^([-+]?[\d,]*\.?\d+)万$")
# A mobile number with a digit too few or too many is nobody's number.
PHONE = re.compile(r"^(?:1[3-9]\d{9}|(?!1[3-9])\+?\d{5,16})$")
YES = {"是", "有", "对", "同意", "愿意", "y", "yes", "true", "1", "√", "✓", "已", "已同意", "可以"}
NO = {
    "否",
    "无",
    "没有",
    "不",
    "不同意",
    "不愿意",
    "n",
    "no",
    "false",
    "0",
    "×",
    "x",
    "✗",
    "未",
    "未同意",
    "不可以",
    "拒绝",
}


class Unclear(ValueError):
    """A cell that can't be read as its kind; the code says why."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def plain(value: object) -> str:
    """Any cell as the text that a person would have typed: whole floats lose their point, instants become ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"  # noqa: RUF100
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d") if value.time() == dt.time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def narrow(text: str) -> str:
    """Full-width letters, digits and punctuation as the usual ones."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def text_of(cell: str, *, limit: int, multiline: bool = False) -> str:
    """Text by the same door as forms. Raises Unclear."""
    try:
        return clean(cell, max_length=limit, multiline=multiline)
    except TextError as error:
        raise Unclear(error.code) from None


@lru_cache(maxsize=8_192)
def date_of(cell: str, *, year: int | None = None) -> dt.date:
    """A day in any of the shapes that occur; without a year it is that of `year`. Raises Unclear."""
    text = re.sub(r"\s*([年月日./\-])\s*", r"\1", narrow(cell))
    if text.replace(".0", "", 1).isdigit() and (serial := int(float(text))) in SERIALS:
        return EXCEL_ZERO + dt.timedelta(days=serial)
    for shape in (DAY, PACKED, SHORT_YEAR, WITHOUT_YEAR):
        if found := shape.match(text):
            parts = found.groupdict()
            first = int(parts["y"]) if "y" in parts else year
            if first is None:
                raise Unclear("date_year")
            return _day(first + 2000 if shape is SHORT_YEAR else first, int(parts["m"]), int(parts["d"]))
    raise Unclear("date")


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise Unclear("date") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unclear("date_range")
    return found


def time_of(cell: str) -> dt.time | None:
    """The hour in a cell, also behind a date; None where it names none. Raises Unclear."""
    text = narrow(cell)
    if re.fullmatch(r"0?\.\d+", text):
        minutes = round(float(text) * 1440)
        return dt.time(minutes // 60 % 24, minutes % 60)
    found = TIME.search(text)
    if not found:
        return None
    half, hour = (found["half"] or "").lower(), int(found["h"])
    minute = 30 if found["min"] == "半" else int(found["min"] or 0)
    if half in LATER and hour < 12:
        hour += 12
    if hour == 24:
        hour = 0
    if hour > 23 or minute > 59:
        raise Unclear("time")
    return dt.time(hour, minute)


def number_of(cell: str) -> Decimal:
    """A number with commas, full-width digits or 万. Raises Unclear."""
    text = narrow(cell).replace(" ", "").replace("，", ",")
    if found := TEN_THOUSAND.match(text):
        return Decimal(found[1].replace(",", "")) * 10_000
    if not AMOUNT.match(text):
        raise Unclear("number")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unclear("number") from None


def money_of(cell: str) -> Decimal:
    """An amount of CNY with 元, ¥, commas, or in brackets where it is negative. Raises Unclear."""
    text = CURRENCY.sub("", narrow(cell)).removesuffix("整")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    try:
        return money.yuan(number_of(text))
    except ValueError:
        raise Unclear("money") from None


def phone_of(cell: str) -> str:
    """The first telephone number of a cell. Raises Unclear."""
    text = narrow(cell)
    if len(text) == 11 and text[0] == "1" and text.isascii() and text.isdigit():
        return text
    found = phones_of(text)
    if not found:
        raise Unclear("phone")
    return found[0]


def phones_of(cell: str) -> list[str]:
    """All telephone numbers of a cell: blanks, dashes, a country code and the .0 of a number are dropped."""
    text, found = narrow(cell), []
    if re.fullmatch(r"\d+\.\d*[eE]\+?\d+", text):
        text = f"{Decimal(text):f}"
    text = re.sub(r"\.0+$", "", text)
    for part in re.split(r"[/、,;；，]|\s{2,}|或|转", text):
        digits = re.sub(r"[\s\-()‐–—_·.]", "", part)
        digits = re.sub(r"^(电话|手机|联系电话|tel|mob)[:：]?", "", digits, flags=re.IGNORECASE)
        digits = national(digits)
        if PHONE.match(digits):
            found.append(digits)
    return found


def flag_of(cell: str) -> bool:
    """Yes or no. Raises Unclear."""
    text = narrow(cell).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unclear("flag")


def choice_of(cell: str, choices: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The code of a choice by any of its words. Raises Unclear."""
    text = narrow(cell).lower()
    for code, words in choices:
        if text == code or text in words:
            return code
    raise Unclear("choice")


READERS = {"date": date_of, "money": money_of, "number": number_of, "phone": phone_of, "flag": flag_of}


def looks_like(kind: str, cell: str) -> bool:
    """Whether a sample cell could be of the kind."""
    if kind == "time":
        return time_of(cell) is not None if cell else False
    reader = READERS.get(kind)
    if reader is None:
        return False
    try:
        found = reader(cell)
    except Unclear:
        return False
    return not (kind == "phone" and len(str(found)) < 7)
