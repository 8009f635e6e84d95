"""如果当时：another figure over a period that has passed, and from the answer to a proposal (issue 4, item 8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.duties.permissions import ask_what_if
from zhangfa.duties.web import finding
from zhangfa.duties.web.finding import QuestionForm
from zhangfa.ui.pages import Page

BACK = dt.timedelta(days=90)


class WhatIf(Page):
    """The question and, once it is asked, the answer; the address holds both, so that it can be shown to others."""

    permission, nav, template_name = ask_what_if, "whatif", "duties/whatif.html"
    title = _("如果当时")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        is_asked = "value" in self.request.GET
        initial = {"key": self.request.GET.get("key", ""), "since": today - BACK, "until": today}
        form = QuestionForm(self.request.GET if is_asked else None, initial=initial, actor=self.actor, at=self.at)
        context: dict[str, Any] = {"form": form, "found": None}
        if is_asked and form.is_valid():
            found = finding.answered(form, self.at)
            context |= {
                "found": found,
                "decisions": finding.shown_decisions(found, self.actor),
                "duties": finding.shown_duties(found, self.actor),
                "proposals": found.proposals(self.actor, self.at),
            }
        return super().get_context_data(**context, **kwargs)
