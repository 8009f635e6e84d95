"""What the pages of care share: names as the reader may know them, words for codes, the buttons to other pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.html import format_html

from zhangfa.care.wording import name_of
from zhangfa.organisation.web.common import Doings
from zhangfa.records.registry import forms
from zhangfa.ui.display import NONE
from zhangfa.ui.pages import RecordPage

SIX_DAYS = dt.timedelta(days=6)


def customer_of(row: Any, page: Any) -> str:
    return name_of(row.customer, page)


def customer_link(row: Any, page: Any) -> Any:
    name = name_of(row.customer, page)
    if name != row.customer.name:
        return name
    return format_html('<a href="{}">{}</a>', row.customer.get_absolute_url(), name)


class PaperPage(RecordPage, abstract=True):
    """A record page with the buttons to other pages and the printed form."""

    template_name = "care/record.html"

    def doings(self) -> Doings:
        return Doings()

    def number(self) -> Any:
        return self.object.record.number or ""

    def crumbs(self) -> tuple[str, Any]:
        """Where the reader came from: address name and its words."""
        return "", ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = getattr(self.object, "record", None)
        has_print = record is not None and record.number and forms.get(record.form_code).has_print
        name, words = self.crumbs()
        context = super().get_context_data(
            doings=self.doings(), print_pk=record.pk if has_print else None, crumb_url=name, crumb_words=words, **kwargs
        )
        # What is not written yet would be a page of dashes: the long lines stand there once they say something.
        context["fact_cells"] = [(fact, cell) for fact, cell in context["fact_cells"] if not fact.wide or cell != NONE]
        return context


def week_shown(row: Any, _page: Any = None) -> str:
    """A week is its days: its Monday alone would be read as one day."""
    return f"{row.week_on} – {row.week_on + SIX_DAYS}"
