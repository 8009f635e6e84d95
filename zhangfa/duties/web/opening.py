"""Pages of figures in parts: the first is open, each other is made when somebody opens it, long ones page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as lazy

from zhangfa.duties.web import drawn
from zhangfa.ui.pages import Page

TITLES = {
    "department": lazy("按部门"), "post": lazy("按岗位"), "person": lazy("按责任人"), "duty": lazy("按职责"),
    "clause": lazy("按条款"), "year": lazy("一年"),
}  # fmt: skip
# Lines of a table at once: with the page around them they stay below sixty kilobytes.
LINES = 30


@dataclass(frozen=True)
class Part:
    """One part of the page; `table` or `year` where it is open."""

    key: str
    url: str
    table: dict[str, Any] | None = None
    year: dict[str, Any] | None = None

    @property
    def label(self) -> Any:
        return TITLES[self.key]


class PartsPage(Page, abstract=True):
    """`?part=` opens another part than the first, `&from=` its further lines; as a fragment, the part alone."""

    opens: int = 1

    def part_keys(self) -> Sequence[str]:
        raise NotImplementedError

    def part_given(self, key: str) -> dict[str, Any]:
        """What an open part shows: `table` or `year`."""
        raise NotImplementedError

    def address_facts(self) -> dict[str, str]:
        """What of the address stays when another part is opened."""
        return {}

    @cached_property
    def asked(self) -> str:
        return self.request.GET.get("part", "")

    @cached_property
    def opened(self) -> Sequence[str]:
        keys = self.part_keys()
        return [self.asked] if self.asked in keys else keys[: self.opens]

    @cached_property
    def first_line(self) -> int:
        told = self.request.GET.get("from", "") if self.asked in self.opened else ""
        if told and not re.fullmatch(r"[0-9]{1,6}", told, re.ASCII):
            raise Http404
        return int(told or 0)

    @property
    def shown_lines(self) -> slice:
        return slice(self.first_line, self.first_line + LINES)

    def part_url(self, key: str, **more: Any) -> str:
        return f"?{urlencode({**self.address_facts(), 'part': key, **more})}"

    def parts(self) -> list[Part]:
        return [
            Part(key, self.part_url(key), **(self.part_given(key) if key in self.opened else {}))
            for key in self.part_keys()
        ]

    def paged(self, by: str, lines: Sequence[Any], count: int) -> dict[str, Any]:
        """A table of these lines, of so many, from `first_line` on."""
        before, after = self.first_line, self.first_line + LINES
        return {
            "title": TITLES[by], "lines": drawn.lines(lines), "first": before + 1, "last": min(after, count), "count": count,
            "previous": self.part_url(by, **{"from": max(0, before - LINES)}) if before else "",
            "following": self.part_url(by, **{"from": after}) if after < count else "",
        }  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.asked or not self.is_fragment:
            return super().get(request, *args, **kwargs)
        if self.asked not in self.opened:
            raise Http404
        part = Part(self.asked, self.part_url(self.asked), **self.part_given(self.asked))
        return self.response_class(request, "duties/parts/opened.html", Page.get_context_data(self, part=part))
