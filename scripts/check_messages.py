"""Fail where a sentence has no English, a guess stands for it, a placeholder got lost, or Chinese has half-width marks."""

import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

from scripts.collect_messages import CATALOGUE, ROOT, collect

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A half-width mark that touches a Chinese character, a closing quotation mark or a placeholder (which stands as 字).
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”》）][,;:!?()]|[,;:!?()][\u4e00-\u9fff“《（]")


def problems() -> Iterator[str]:
    """Yield what is wrong with the catalogues as they are and with what they lack."""
    yield from in_catalogues()
    yield from in_presets()
    if shutil.which("xgettext") is None:
        if os.environ.get("CI"):
            yield "CI must have gettext"
        else:
            print("SKIPPED: gettext is not installed; whether the catalogue has every sentence was not checked.")
        return
    known = {(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(ROOT / CATALOGUE))}
    with tempfile.TemporaryDirectory() as folder:
        wanted = polib.pofile(str(collect(Path(folder))))
    asked = {(entry.msgid, entry.msgctxt) for entry in wanted}
    yield from (f"not collected yet: {msgid}" for msgid, _ in sorted(asked - known, key=str))
    yield from (f"used nowhere: {msgid}" for msgid, _ in sorted(known - asked, key=str))
    yield from (f"source text isn't Chinese: {msgid}" for msgid, _ in sorted(asked, key=str) if not _is_source(msgid))


def in_catalogues() -> Iterator[str]:
    """Yield what is wrong with the entries as they stand; needs no gettext."""
    for path in sorted((ROOT / "zhangfa" / "locale").glob("*/LC_MESSAGES/*.po")):
        seen = set()
        for entry in polib.pofile(str(path)):
            name = path.parent.parent.name
            yield from (f"{name}: {text}" for text in _entry(entry))
            if (entry.msgid, entry.msgctxt) in seen:
                yield f"{name}: stands twice: {entry.msgid}"
            seen.add((entry.msgid, entry.msgctxt))


def in_presets() -> Iterator[str]:
    """Yield the Chinese of the presets and the duty catalogue that has half-width marks."""
    for path in sorted((ROOT / "zhangfa").rglob("*.toml")):
        with path.open("rb") as file:
            texts = list(_chinese(tomllib.load(file)))
        yield from (f"{path.name}: half-width punctuation: {text}" for text in texts if is_half_width(text))


def is_half_width(text: str) -> bool:
    """Whether a Chinese sentence has a comma, colon, bracket … of Latin type."""
    return bool(HALF_WIDTH.search(re.sub(r"%\(\w+\)[sd]|\{[\w.]*\}", "字", text)))


def _chinese(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _chinese(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _chinese(inner, key)
    elif isinstance(value, str) and (key == "zh" or key.endswith("_zh") or key == "forms"):
        yield value


def _entry(entry: polib.POEntry) -> Iterator[str]:
    said = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
    if entry.obsolete:
        yield f"obsolete: {entry.msgid}"
    elif entry.fuzzy:
        yield f"a guess (fuzzy): {entry.msgid}"
    elif is_half_width(entry.msgid):
        yield f"half-width punctuation: {entry.msgid}"
    elif not all(said):
        yield f"no translation: {entry.msgid}"
    elif any(_places(text) - _places(entry.msgid + entry.msgid_plural) or _lost(entry, text) for text in said):
        yield f"placeholders differ: {entry.msgid}"


def _places(text: str) -> set[str]:
    return {"".join(match) for match in PLACEHOLDER.findall(text)}


def _lost(entry: polib.POEntry, text: str) -> set[str]:
    # A singular may leave the number out.
    return set() if entry.msgid_plural else _places(entry.msgid) - _places(text)


def _is_source(msgid: str) -> bool:
    return bool(CHINESE.search(msgid)) or not re.search(r"[A-Za-z]{3,}", PLACEHOLDER.sub("", msgid))


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found[:80]) or "translations: complete")
    if len(found) > 80:
        print(f"… and {len(found) - 80} more")
    sys.exit(1 if found else 0)
