"""RPT-04: results per person of a month, live and as frozen (AM-W3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.periods import month_after, month_of
from zhangfa.inspections import actions, queries, results
from zhangfa.inspections.actions.tables import MONTHLY
from zhangfa.inspections.models import Problem, Sheet
from zhangfa.inspections.permissions import publish_weeks, read_inspections
from zhangfa.organisation.models import Person
from zhangfa.records.models import Publication
from zhangfa.records.registry import forms
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import month_in
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page


def month_asked(page: Page) -> dt.date:
    """The month in a list's address; the present one without."""
    asked = page.request.GET.get("month", "")
    return month_in(asked) if asked else month_of(clock.local_date(page.at))


class Results(Page):
    """Everybody's month in the reader's scope: the person, their manager, administration."""

    permission, title, nav, template_name = (
        read_inspections,
        _("岗位人员执行制度情况"),
        "results",
        "inspections/results.html",
    )

    @cached_property
    def month(self) -> dt.date:
        return month_asked(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = self.month
        seen = Sheet.objects.visible_to(self.actor).values("pk")
        rows = results.lines(month, queries.counted_sheets(month).filter(pk__in=seen))
        frozen = (
            Publication.objects.filter(kind=MONTHLY, period=f"{month:%Y-%m}")
            .select_related("record")
            .order_by("-revision")
            .first()
        )
        scores = {line["person"]: line["score"] for line in frozen.figures["rows"]} if frozen else {}
        after = month_after(month)
        today = clock.local_date(self.at)
        return super().get_context_data(
            lines=[(line, tenths(line.score), tenths(scores.get(line.person))) for line in rows], month=month, frozen=frozen,
            previous=(month - dt.timedelta(days=1)).replace(day=1), following=after if after <= today else None,
            may_print=frozen is not None and forms.get(frozen.record.form_code).visible(self.actor, frozen.record), may_freeze=after <= today and is_open(publish_weeks, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip


def tenths(value: int | None) -> str:
    return "" if value is None else f"{value // 10}.{value % 10}"


class Freeze(FormPage):
    """Fix a month for the appraisal."""

    permission, form_class, nav, submit_label = publish_weeks, Form, "results", _("固定当月结果")
    help = _("固定后作为考核依据；以后有异议处理结果的，再固定一次会成为新的修订。")

    @cached_property
    def month(self) -> dt.date:
        return month_in(self.kwargs["month"])

    def page_title(self) -> Any:
        return gettext("固定 %(month)s 的执行制度情况") % {"month": f"{self.month:%Y-%m}"}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return f"/inspections/results/?month={self.month:%Y-%m}"

    def act(self, form: Any) -> Any:
        return actions.freeze_month(self.month, by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class PersonResults(Page):
    """One person's own 《岗位人员执行公司制度情况汇总表》: every sheet, by class of rule, and what they owe."""

    permission, nav, template_name = read_inspections, "results", "inspections/person.html"

    def subject(self) -> Person:
        if not hasattr(self, "person"):
            self.person = get_object_or_404(Person, pk=self.kwargs["pk"])
            seen = Sheet.objects.visible_to(self.actor).filter(person=self.person)
            if self.person.pk != self.actor.person_id and not seen.exists():
                raise Http404
        return self.person

    def page_title(self) -> Any:
        return gettext("执行制度情况：%(name)s") % {"name": self.person.shown_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_asked(self)
        mine = Sheet.objects.visible_to(self.actor).filter(person=self.person)
        counted = queries.counted_sheets(month).filter(pk__in=mine.values("pk"))
        line = next(iter(results.lines(month, counted)), None)
        after = month_after(month)
        return super().get_context_data(
            person=self.person, line=line, month=month, score=tenths(line.score) if line else "",
            sheets=mine.select_related("record", "inspection__record").order_by("-pk")[:20],
            problems=Problem.objects.visible_to(self.actor).filter(owner=self.person).exclude(status="closed").order_by("due_on")[:20],
            previous=(month - dt.timedelta(days=1)).replace(day=1), following=after if after <= clock.local_date(self.at) else None, **kwargs,
        )  # fmt: skip
