"""The one door for text: cleaning, search keys, and marking words for translation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Characters that read differently as a surname than pypinyin's first guess.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao", "任": "ren",
    "华": "hua", "尉": "wei", "员": "yun", "乐": "yue", "冼": "xian", "翟": "zhai", "缪": "miao", "宓": "mi", "召": "shao",
    "种": "chong", "秘": "bi", "繁": "po", "逄": "pang", "㛃": "jie", "䶮": "yan",
}  # fmt: skip
# A mobile or a landline with its area code.
TELEPHONE = re.compile(r"(?<![\d-])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def _(message: str) -> str:
    """Mark a sentence for the catalogue; interfaces translate it when they show it."""
    return message


class TextError(ValueError):
    """Text that can't be kept: the code says why."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def clean(value: str, *, max_length: int | None = None, multiline: bool = False) -> str:
    """Text as it may be stored: NFC, trimmed, without control characters.

    Raises TextError `nul`, `surrogate`, `control` or `too_long`.
    """
    if value.isprintable():
        # Nearly all text: nothing in it that could be wrong.
        text = unicodedata.normalize("NFC", value).strip()
        if max_length is not None and len(text) > max_length:
            raise TextError("too_long")
        return text
    if "\x00" in value:
        raise TextError("nul")
    if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        raise TextError("surrogate")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    allowed = "\n\t" if multiline else ""
    if not multiline:
        text = re.sub(r"[\n\t]+", " ", text)
    if any(unicodedata.category(char) == "Cc" and char not in allowed for char in text):
        raise TextError("control")
    if max_length is not None and len(text) > max_length:
        raise TextError("too_long")
    return text


@lru_cache(maxsize=20_000)
def search_key(name: str) -> str:
    """One spaced key: every character, the full pinyin and the initials, so that `LIKE '% x y%'` finds a name each way."""
    name = unicodedata.normalize("NFC", name).strip().lower()
    syllables = _syllables(name)
    if name and name[0] in SURNAMES and syllables:
        syllables[0] = SURNAMES[name[0]]
    latin = [s for s in syllables if s.strip()]
    spaced = " ".join(char for char in name if char.strip())
    joined = "".join(latin)
    initials = "".join(s[0] for s in latin)
    return f" {spaced} {joined} {initials} "


def _syllables(text: str) -> list[str]:
    """How a text sounds. Where no two characters begin a word of the dictionary, each sounds as it does alone: much faster."""
    from pypinyin.seg.mmseg import p_set

    if all(map(CJK.match, text)) and not any(a + b in p_set for a, b in pairwise(text)):
        return [syllable for char in text for syllable in _sound(char)]
    return list(_sounds(text))


@lru_cache(maxsize=10_000)
def _sound(char: str) -> tuple[str, ...]:
    return _sounds(char)


def _sounds(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    # Characters without a sound stand for themselves; the library's stubs know only text as an answer.
    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors=list))  # type: ignore[arg-type]


def search_term(query: str) -> str:
    """A typed query in the shape of the key: Chinese spaced out, Latin kept whole."""
    query = unicodedata.normalize("NFC", query).strip().lower()
    if CJK.search(query):
        return " " + " ".join(char for char in query if char.strip())
    return " " + "".join(query.split())


def mask_name(name: str) -> str:
    """张三丰 → 张**: who it is stays guessable only for those who know."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def national(phone: str) -> str:
    """A number as it stands in the archive: a telephone system puts +86, 0086 or a 0 before a mobile, +86 before an area code or a 400."""
    if found := re.fullmatch(r"(?:\+?86|0086|0)(1[3-9]\d{9})", phone, re.ASCII):
        return found[1]
    if found := re.fullmatch(r"(?:\+86|0086)([48]00\d{7})", phone, re.ASCII):
        return found[1]
    if found := re.fullmatch(r"(?:\+86|0086)0?([1-9]\d{8,10})", phone, re.ASCII):
        return f"0{found[1]}"
    return phone


def mask_phone(phone: str) -> str:
    """138****1234."""
    digits = phone.strip()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "*" * len(digits)


def mask_phones(text: str) -> str:
    """The text with every telephone number in it masked; numbers of papers and days stay."""
    return TELEPHONE.sub(lambda found: mask_phone(found[0]), text)
