"""The fonts of the official forms, loaded once per process, and which characters they have."""

from __future__ import annotations

import os
import struct
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FAMILY = "Noto Sans CJK SC"
SYSTEM = Path("/usr/share/fonts/opentype/noto")


class FontMissing(RuntimeError):
    """No Chinese font is installed: forms can't be printed (`zhangfa doctor` says how to mend it)."""


def folders() -> list[Path]:
    """Where fonts come from: the package first, then the system's Noto, then the company's own folder."""
    found = []
    spec = find_spec("manimgx_fonts_cjk")
    if spec is not None and spec.origin:
        found.append(Path(spec.origin).parent)
    elif SYSTEM.is_dir():
        found.append(SYSTEM)
    own = os.environ.get("ZHANGFA_FONTS")
    if own and Path(own).is_dir():
        found.append(Path(own))
    return found


@lru_cache(maxsize=1)
def loaded() -> Any:
    """The fonts as typst takes them. Raises FontMissing."""
    import typst

    paths = [str(path) for path in folders()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if FAMILY not in fonts.families():
        raise FontMissing(FAMILY)
    return fonts


@lru_cache(maxsize=1)
def families() -> list[str]:
    """The main family and then every other that is there, for characters that the main one lacks."""
    rest = [name for name in loaded().families() if name != FAMILY and not name.startswith("Noto S")]
    return [FAMILY, *rest]


def sans_file() -> tuple[Path, int]:
    """The file of the main family and the face in it."""
    for info in loaded().fonts():
        if info.family == FAMILY and info.path:
            return Path(info.path), info.index
    raise FontMissing(FAMILY)


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """Every code point that the forms can show."""
    files = {(Path(info.path), info.index) for info in loaded().fonts() if info.path and info.family in families()}
    covered: set[int] = set()
    for path, index in files:
        covered |= code_points(path, index)
    return frozenset(covered)


def code_points(path: Path, index: int) -> set[int]:
    """The code points of one face, read from its `cmap` table (OpenType 1.9, formats 4 and 12)."""
    with path.open("rb") as handle:
        tag = handle.read(4)
        offset = 0
        if tag == b"ttcf":
            handle.seek(12 + 4 * index)
            (offset,) = struct.unpack(">I", handle.read(4))
        handle.seek(offset + 4)
        (tables,) = struct.unpack(">H", handle.read(2))
        handle.seek(offset + 12)
        for _table in range(tables):
            name, _check, start, length = struct.unpack(">4sIII", handle.read(16))
            if name == b"cmap":
                handle.seek(start)
                return _cmap(handle.read(length))
    return set()


def _cmap(data: bytes) -> set[int]:
    (count,) = struct.unpack_from(">H", data, 2)
    found: set[int] = set()
    for record in range(count):
        _platform, _encoding, start = struct.unpack_from(">HHI", data, 4 + 8 * record)
        (form,) = struct.unpack_from(">H", data, start)
        if form == 12:
            (groups,) = struct.unpack_from(">I", data, start + 12)
            for group in range(groups):
                first, last, _glyph = struct.unpack_from(">III", data, start + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif form == 4:
            found |= _cmap_segments(data, start)
    return found


def _cmap_segments(data: bytes, start: int) -> set[int]:
    (double,) = struct.unpack_from(">H", data, start + 6)
    ends = struct.unpack_from(f">{double // 2}H", data, start + 14)
    starts = struct.unpack_from(f">{double // 2}H", data, start + 16 + double)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        found.update(range(first, min(last, 0xFFFE) + 1))
    return found


def describe(char: str) -> str:
    """`U+1F600 GRINNING FACE`: how a note names a character that can't be printed."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
