"""The typesetter: a process beside those that serve and work, so that fonts take memory only while something is printed.

Knows nothing of the company: it gets texts and pictures over one line and sends pages back. It ends when it has waited
for a while, after many forms, and with the process that began it, whose end closes the line.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import suppress
from importlib import resources
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import typst

from zhangfa.records import fonts, glyphs

IDLE_SECONDS = 60
# What typst remembers of earlier forms grows slowly; a fresh process forgets it.
FORMS = 500
TEMPLATE = "form.typ"


def main() -> None:
    """Set one form after the other until nobody asks any more."""
    line = Connection(int(sys.argv[1]))
    template = resources.files("zhangfa.records").joinpath("typst", TEMPLATE).read_bytes()
    with suppress(EOFError, OSError):
        for _form in range(FORMS):
            if not line.poll(IDLE_SECONDS):
                return
            line.send(_answer(template, line.recv()))


def _answer(template: bytes, order: dict[str, Any]) -> dict[str, Any]:
    """`made` and the characters that are `missing` in every font; or why it `failed`, or which font is needed."""
    try:
        return _set(template, **order)
    except fonts.FontMissing as error:
        return {"font": str(error)}
    except typst.TypstError as error:
        return {"failed": error.diagnostic or error.message}


def _set(
    template: bytes, data: dict[str, Any], images: dict[str, bytes], strict: bool, options: dict[str, Any]
) -> dict[str, Any]:
    printer = glyphs.Printer()
    clean = printer.walk(data)
    clean["families"] = fonts.families()
    if printer.missing:
        clean["notes"] += [data["labels"]["unprintable"], *printer.notes()]
    missing = [fonts.describe(char) for char in printer.missing]
    if strict and missing:
        return {"failed": f"no glyph: {', '.join(missing)}"}
    with tempfile.TemporaryDirectory(prefix="print-") as root:
        for name, image in images.items():
            Path(root, name).write_bytes(image)
        made, warnings = typst.compile_with_warnings(
            template, root=root, font_paths=fonts.loaded(),
            sys_inputs={"data": json.dumps(clean, ensure_ascii=False)}, **options,
        )  # fmt: skip
    if warnings:
        return {"failed": "; ".join(warning.message for warning in warnings)}
    return {"made": made, "missing": missing}


if __name__ == "__main__":
    main()
