"""Reading and acknowledging, what one still owes, paper receipts, departments' reports, and chains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refusal
from zhangfa.meetings.permissions import call_meetings
from zhangfa.regulations import actions, queries
from zhangfa.regulations.models import Execution, Regulation
from zhangfa.regulations.permissions import draft_regulations, paper_receipts, read_regulations, report_execution
from zhangfa.regulations.threads import is_time_to_draft, thread
from zhangfa.regulations.web.forms import PaperForm, ReadForm, ReportForm
from zhangfa.regulations.wording import posts_words
from zhangfa.ui.access import is_open
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.tables import Empty


class OfRegulation(FormPage, abstract=True):
    """A form about one version that the person may see."""

    permission = read_regulations
    nav = "regulations"

    def subject(self) -> Regulation:
        if not hasattr(self, "_row"):
            rows = Regulation.objects.visible_to(self.actor).select_related("record", "unit", "supervisor")
            self._row = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._row

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.subject().get_absolute_url()

    def done_url(self, outcome: Any) -> str:
        return self.subject().get_absolute_url()


class Read(OfRegulation):
    """The text as it binds, what changed, the short test, and the acknowledgement."""

    template_name, form_class, submit_label = "regulations/read.html", ReadForm, _("我已学习并签收")

    def page_title(self) -> Any:
        return self.subject().title

    @cached_property
    def receipt(self) -> Any:
        return queries.receipt_of(self.subject(), self.actor.person_id)

    def get_form_kwargs(self) -> dict[str, Any]:
        owed = self.receipt is not None and self.receipt.at is None
        return super().get_form_kwargs() | {"questions": queries.asked_of(self.subject()) if owed else ()}

    def act(self, form: Any) -> Any:
        return actions.acknowledge(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("已签收。")

    def done_url(self, outcome: Any) -> str:
        return reverse("regulations:mine")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.subject()
        last = queries.before(row)
        return super().get_context_data(
            object=row, receipt=self.receipt, clauses=list(row.clauses.order_by("seq")), before=last,
            changes=queries.differences(row) if last else [], posts=posts_words(row.posts), **kwargs,
        )  # fmt: skip


class Mine(Page):
    """What I still have to acknowledge, and what I have."""

    permission, title, nav, template_name = (
        read_regulations,
        _("我要签收的制度"),
        "regulations",
        "regulations/mine.html",
    )
    empty = Empty(_("没有要签收的制度"), _("新颁布的制度涉及您的岗位时，会出现在这里。"), "checkbox")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from zhangfa.regulations.models import Receipt

        done = Receipt.objects.filter(person_id=self.actor.person_id or 0).exclude(at=None)
        return super().get_context_data(
            owed=list(queries.owed_receipts(self.actor)), done=list(done.select_related("regulation__record").order_by("-at")[:50]), **kwargs
        )  # fmt: skip


class OnPaper(OfRegulation):
    """Enter that somebody without a sign-in read it and signed on paper."""

    permission, title, form_class, submit_label = paper_receipts, _("登记纸面签收"), PaperForm, _("登记")
    help = _("给没有账号的员工：当面学习、在纸上签名后由管理员登记。")

    def act(self, form: Any) -> Any:
        return actions.acknowledge_on_paper(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("已登记。")


def read_report(obj: Any, *, by: Any, at: Any) -> Iterator[Refusal]:
    """Who may see the report; who writes it is asked by the action."""
    yield from read_regulations(obj, by=by, at=at)


class Report(FormPage):
    """A department's report on the execution: written once, then as it was handed in."""

    permission, form_class, nav, submit_label = read_report, ReportForm, "regulations", _("提交执行报告")
    template_name = "regulations/report.html"

    def subject(self) -> Execution:
        if not hasattr(self, "_row"):
            seen = Regulation.objects.visible_to(self.actor).values("pk")
            rows = Execution.objects.filter(regulation__in=seen).select_related(
                "regulation__record", "department", "record", "reported_by"
            )
            self._row = get_object_or_404(rows, pk=self.kwargs["row"])
        return self._row

    def page_title(self) -> Any:
        row = self.subject()
        return gettext("执行报告：%(title)s") % {"title": row.regulation.title}

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.subject().regulation.get_absolute_url()

    def act(self, form: Any) -> Any:
        return actions.report(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("执行报告已提交。")

    def done_url(self, outcome: Any) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.subject()
        people = row.regulation.receipts.filter(department_id=row.department_id)
        return super().get_context_data(
            object=row, refusals=list(report_execution(row, by=self.actor, at=self.at)), people=people.count(),
            acknowledged=people.exclude(at=None).count(), **kwargs,
        )  # fmt: skip


class Thread(Page):
    """The whole chain of one origin: steps, dates, who has it, what is late."""

    permission, nav, template_name = read_regulations, "regulations", "regulations/thread.html"

    @cached_property
    def thread(self) -> Any:
        found = thread(self.kwargs["kind"], self.kwargs["source"], self.actor, self.at)
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return gettext("从问题到制度：%(title)s") % {"title": self.thread.origin.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stages = [(stage, stage.state(self.at)) for stage in self.thread.stages]
        return super().get_context_data(
            chain=self.thread, stages=stages, current=self.thread.now(self.at), links=list(self.links()), **kwargs
        )

    def links(self) -> Iterator[tuple[str, Any]]:
        """What may be done next from here: call the meeting, then draft the rule."""
        chain = self.thread
        begun = urlencode({"source_kind": chain.source.kind, "source_id": chain.source_id})
        if chain.origin.waived or chain.origin.is_closed or chain.regulations:
            return
        lost = all(meeting.is_passed is False for meeting in chain.meetings)
        if chain.origin.needs_meeting and lost:
            if is_open(call_meetings, by=self.actor, at=self.at):
                topic = urlencode({"kind": "problem", "topic": chain.origin.title})
                yield f"{reverse('meetings:new')}?{topic}&{begun}", gettext("召集问题会议")
        elif is_time_to_draft(chain.origin, chain.meetings) and is_open(draft_regulations, by=self.actor, at=self.at):
            yield f"{reverse('regulations:new')}?{begun}", gettext("据此起草制度")
