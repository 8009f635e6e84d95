"""The user guide 使用指南: one page of Markdown per post, packaged beside this file and written in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(__file__).with_name("guide")
INDEX = "index"
# Posts that work on the same pages read the same guide.
SHARED = {"ops": "op", "sl": "oa", "ls": "hs", "sup": "hs"}
LINK = re.compile(r'href="(\w+)\.md"')


def names() -> list[str]:
    """The guides that there are, by post."""
    return sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != INDEX)


def guides_of(posts: Iterable[str]) -> list[str]:
    """Those that somebody with these posts works by."""
    known = names()
    return [name for name in known if name in {SHARED.get(post, post) for post in posts}]


@cache
def page(name: str) -> SafeString:
    """A guide as HTML, without its first heading: the page has one of its own."""
    from markdown import markdown

    _heading, _newline, text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    html = markdown(text, extensions=["tables"])
    html = html.replace("<table>", '<div class="guide-table" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return mark_safe(LINK.sub(r'href="../\1/"' if name != INDEX else r'href="\1/"', html))  # noqa: S308 our own file
