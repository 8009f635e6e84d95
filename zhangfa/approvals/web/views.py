"""The inbox, and the page that decides one step."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals import actions, queries, registry
from zhangfa.approvals.models import Step
from zhangfa.approvals.web.forms import DecideForm
from zhangfa.ui.access import everyone
from zhangfa.ui.citing import cited
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.words import text


class Inbox(Page):
    """All that waits for my decision."""

    permission, title, nav, template_name = everyone, _("待我审批"), "inbox", "approvals/inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [self.line(step) for step in queries.inbox(self.actor, self.at)]
        gone = [self.line(step) for step in queries.gone_up(self.actor)]
        return super().get_context_data(rows=rows, gone=gone, **kwargs)

    def line(self, step: Step) -> tuple[Any, ...]:
        kind = registry.kind_of(step.kind)
        return step, kind, queries.step_url(step), kind.summary(step)


class StepPage(FormPage):
    """One step: what is asked, why it is mine, and the decision."""

    permission, nav, template_name, form_class = everyone, "inbox", "approvals/step.html", DecideForm
    submit_label = _("提交审批结果")

    def subject(self) -> Any:
        if not hasattr(self, "step"):
            rows = Step.objects.visible_to(self.actor).select_related(
                "record", "seat__post", "seat__unit", "applicant", "decided_by"
            )
            self.step = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.step

    def page_title(self) -> Any:
        return text(registry.kind_of(self.step.kind).label)

    def act(self, form: Any) -> Any:
        return actions.decide(self.step, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("审批结果已记下。")

    def done_url(self, outcome: Any) -> str:
        return reverse("approvals:inbox")

    def explain(self, form: Any) -> Any:
        return queries.explanation(self.step)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        refusals = queries.refusals_for(self.step, self.actor) if self.step.is_waiting else []
        return super().get_context_data(
            step=self.step, kind=registry.kind_of(self.step.kind), summary=registry.kind_of(self.step.kind).summary(self.step),
            refusals=refusals, is_mine=self.step.is_waiting and not refusals, cited=cited(self.step.kind, self.step.clause, self.at), holders=queries.who_has(self.step, self.at), **kwargs,
        )  # fmt: skip
