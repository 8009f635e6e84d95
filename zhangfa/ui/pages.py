"""Generic pages over Django's own views: a domain page declares what it shows and who may open it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic.edit import FormMixin

from zhangfa.core import transitions
from zhangfa.core.decisions import Refused
from zhangfa.core.work import joined
from zhangfa.ui import forms, registry, resend, words
from zhangfa.ui.access import is_open
from zhangfa.ui.addresses import address
from zhangfa.ui.citing import cited, cited_next
from zhangfa.ui.listpage import ListPage
from zhangfa.ui.page import Page
from zhangfa.ui.tables import Column, Explanation

# Steps that undo: possible, but nobody is led to them by a button that stands out.
TAKES_BACK = re.compile("(propose_)?(withdraw|cancel|revoke|repeal|void|drop|end|stop|take_back)(_|$)")


class RecordPage(Page, abstract=True):
    """One paper: what it is, what is next, who has it now, what may be done and why not."""

    template_name = "ui/record.html"
    model: type[Model]
    do_url = ""
    facts: Sequence[Column] = ()
    parts: Sequence[registry.Part] = ()
    select_related: Sequence[str] = ()
    read_by_steps: Sequence[str] = ()
    object: Any

    def rows(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.actor).select_related(*self.select_related)  # type: ignore[attr-defined]

    def subject(self) -> Any:
        if not hasattr(self, "object"):
            self.object = self.find()
        return self.object

    def find(self) -> Any:
        """The paper of this address, if the actor may see it."""
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"])

    def number(self) -> Any:
        return getattr(self.object, "number", None) or ""

    def page_title(self) -> Any:
        return self.title or str(self.object)

    def next_step(self) -> Any:
        return ""

    def holder(self) -> Any:
        return ""

    def next_clause(self) -> str:
        """The clause that the next step follows, where the page knows it better than its first button."""
        return ""

    def row_url(self, row: Any) -> str:
        return ""

    def buttons(self) -> list[tuple[transitions.Transition, list[Any], str]]:
        """Every transition that leaves this status, with the refusals that stop this person and its address."""
        if not self.do_url:
            return []
        found = transitions.available(self.object, by=self.actor, at=self.at)
        return [(t, refusals, address(self.do_url, pk=self.object.pk, name=t.name)) for t, refusals in found]

    def open_parts(self) -> list[registry.Part]:
        known = [*self.parts, *registry.panels.of(self.object._meta.label_lower)]
        return [
            p
            for p in known
            if p.permission is None or is_open(p.permission, by=self.actor, at=self.at, obj=self.object)
        ]

    def status_context(self) -> dict[str, Any]:
        buttons = self.buttons()
        ready = [b for b in buttons if not b[1]]
        return {
            "object": self.object, "number": self.number(), "next_step": words.text(self.next_step()), "holder": self.holder(),
            "ready": ready, "refused": [b for b in buttons if b[1]], "cited": cited_next(self, buttons),
            "is_quiet_head": bool(ready) and bool(TAKES_BACK.match(ready[0][0].name)),
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [(fact, fact.cell(self.object, self)) for fact in self.facts]
        return super().get_context_data(
            **self.status_context(), fact_cells=facts, page_parts=self.open_parts(), **kwargs
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("part", "")
        part = next((p for p in self.open_parts() if p.key == asked), None)
        if asked and not part and self.is_fragment:
            raise Http404
        opened = part.give(self, self.object) if part else ("", {})
        if part and self.is_fragment:
            context = Page.get_context_data(self, object=self.object, part=part, part_template=opened[0], **opened[1])
            return self.response_class(request, "ui/parts/part.html", context)
        registry.opened.tell(self.object, self.actor, self.at)
        # A part may say `case` as the page does: the page's own word stands.
        context = {**opened[1], **self.get_context_data(opened=part, part_template=opened[0])}
        return self.render_to_response(context)


class KnownFacts(RecordPage, abstract=True):
    """A record that shows only what is known of it: what isn't written yet would be a wall of dashes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.facts = [fact for fact in type(self).facts if fact.raw(self.object, self) not in (None, "")]
        return super().get_context_data(**kwargs)


class FormPage(FormMixin, Page, abstract=True):
    """A form that calls one action: refusals beside the fields, nothing typed is lost, the same form twice has one effect."""

    template_name = "ui/form.html"
    fragment_template = "ui/parts/form.html"
    submit_label: Any = ""
    back_url = ""
    help: Any = ""
    is_dangerous = False
    # A hidden field that says where the form was sent from: an answer given on the workbench leads back to it.
    BACK: ClassVar = "_back"
    news = ""
    outcome: Any = None

    def act(self, form: Any) -> Any:
        """Call the action. What it returns is opened next; None stays on `success_url`."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class(), forms.Form):
            kwargs |= {"actor": self.actor, "at": self.at, "target": self.subject()}
        return kwargs

    def done_message(self, outcome: Any) -> str:
        return _("已保存。")

    def done_url(self, outcome: Any) -> str:
        return (
            outcome.get_absolute_url()
            if hasattr(outcome, "get_absolute_url")
            else str(self.success_url or self.request.path)
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "_find" in request.POST and hasattr(form, "look_up") and form.look_up(request.POST["_find"]):
            return self.show(form, status=200, is_quiet=True)
        if "_why" in request.POST:
            return self.response_class(request, "ui/parts/why.html", self.get_context_data(form=form))
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            url = resend.once(
                request, by=self.actor, at=self.at, act=lambda: self._carry_out(form), leads_to=self.leads_to()
            )
        except Refused as refused:
            forms.Form.refuse(form, refused.refusals)
            return self.show(form, status=422)
        # Said after the commit: one that fails must not leave good news for the next page.
        if self.news:
            messages.success(request, self.news)
        return self.succeed(url)

    def leads_to(self) -> str:
        """The address that opens next, where it is known before the action is called."""
        return ""

    def _carry_out(self, form: Any) -> str:
        self.outcome = self.act(form)
        self.news = self.done_message(self.outcome)
        return self.done_url(self.outcome)

    def succeed(self, url: str) -> HttpResponse:
        if self.request.POST.get(self.BACK) == "bench":
            url = "/"
        return HttpResponse(headers={"HX-Redirect": url}) if self.is_fragment else HttpResponseRedirect(url, status=303)

    def show(self, form: Any, *, status: int, is_quiet: bool = False) -> HttpResponse:
        context = self.get_context_data(form=form, is_quiet=is_quiet)
        template = self.fragment_template if self.is_fragment else self.get_template_names()
        return self.response_class(self.request, template, context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self.get_form()
        explanation = self.explain(form)
        return super().get_context_data(form=form, once=resend.fresh(self.request), explanation=explanation, **kwargs)

    def explain(self, form: Any) -> Explanation | None:
        """Who decides this and why, as far as what is typed so far says; shown beside the form."""
        return None


class CreatePage(FormPage, abstract=True):
    """A form that makes something new and opens it."""

    def done_message(self, outcome: Any) -> str:
        return _("已登记。")


class TransitionPage(FormPage, abstract=True):
    """Every button of a record: a form where the transition needs one, a question where it doesn't."""

    template_name = "ui/transition.html"
    fragment_template = "ui/parts/transition.html"
    record_page: type[RecordPage]
    forms: dict[str, type[Any]] = {}

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any):
        page = getattr(cls, "record_page", None)
        if page is not None and not hasattr(cls, "permission"):
            cls.permission = staticmethod(page.permission)  # type: ignore[assignment]
        super().__init_subclass__(abstract=abstract, **kwargs)

    @cached_property
    def record(self) -> RecordPage:
        """The record's own page: it knows the rows, the header and the buttons."""
        page = self.record_page()
        page.setup(self.request, **self.kwargs)
        page.at = self.at
        if self.request.method == "POST" and page.read_by_steps:
            # What a step needs; the joins of the whole page would take longer than the step.
            page.select_related = page.read_by_steps
        return page

    def subject(self) -> Any:
        return self.record.subject()

    @cached_property
    def transition(self) -> transitions.Transition:
        found = transitions.find(self.record_page.model, self.kwargs["name"])
        if found is None:
            raise Http404
        return found

    @property
    def in_place(self) -> bool:
        return self.is_fragment and self.request.headers.get("HX-Target") == "act"

    def page_title(self) -> Any:
        return self.transition.label

    def get_form_class(self) -> type[Any]:
        return self.forms.get(self.transition.name, forms.Form)

    def refusals(self) -> list[Any]:
        return list(self.transition.refuse_now(self.subject(), by=self.actor, at=self.at))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.get_form(), status=200)

    def act(self, form: Any) -> Any:
        return self.take(**form.params())

    def take(self, **params: Any) -> Any:
        """The step is all that this form does: refused, nothing of it stays."""
        subject = self.subject()
        try:
            with joined():
                return self.transition(subject, by=self.actor, at=self.at, **params)
        except Refused:
            self.read_again()
            raise

    def read_again(self) -> None:
        """Refused, perhaps since somebody else was first: the page says why from the row as it is now."""
        before = self.record.object
        try:
            del self.record.object
            self.record.subject()
        except Http404:
            self.record.object = before

    def done_message(self, outcome: Any) -> str:
        return _("“%(action)s”已办理。") % {"action": words.text(self.transition.label)}

    def done_url(self, outcome: Any) -> str:
        return self.leads_to()

    def leads_to(self) -> str:
        return str(self.subject().get_absolute_url())

    def succeed(self, url: str) -> HttpResponse:
        if not self.in_place:
            return super().succeed(url)
        self.after_step()
        context = Page.get_context_data(self.record, **self.record.status_context())
        headers = {"HX-Retarget": "#status", "HX-Reswap": "outerHTML", "HX-Trigger": "zf:changed"}
        return self.response_class(self.request, "ui/parts/after_transition.html", context, headers=headers)

    def after_step(self) -> None:
        """Show the row as the step left it; the same step sent twice did nothing, then it is read again."""
        del self.record.object
        if isinstance(self.outcome, self.record_page.model):
            self.record.object = self.outcome
        self.record.subject()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            transition=self.transition, object=self.subject(), number=self.record.number(), in_place=self.in_place,
            refusals=self.refusals(), back=self.subject().get_absolute_url(), cited=cited(self.subject(), self.transition.clause, self.at), **kwargs,
        )  # fmt: skip


__all__ = ["CreatePage", "FormPage", "KnownFacts", "ListPage", "Page", "RecordPage", "TransitionPage"]
