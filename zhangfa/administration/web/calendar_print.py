"""The statutory calendar of the year on A4."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from zhangfa.administration.coordination_permissions import read_calendar
from zhangfa.administration.coordination_prints import calendar_form
from zhangfa.records.prints import render_form
from zhangfa.records.web.common import pdf
from zhangfa.ui.pages import Page


class CalendarPdf(Page):
    """Every matter in use with its days and how it stands; for those who may read the calendar."""

    permission, title, nav = read_calendar, _("法定事项日历"), "files"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return pdf(render_form(calendar_form(actor=self.actor, at=self.at)), "statutory")
