"""Every step of a case and of a settlement: one page each, in place where it is short."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from zhangfa.claims.models import Case, Survey
from zhangfa.claims.web import case as case_page
from zhangfa.claims.web import explain, parts
from zhangfa.claims.web import settlement as settlement_page
from zhangfa.claims.web.forms import CASE_FORMS, SETTLEMENT_FORMS
from zhangfa.claims.web.page_forms import AcceptPageForm, ArrivePageForm, FinishPageForm, PricePageForm, first_values
from zhangfa.core.decisions import Refused
from zhangfa.records.actions import attach
from zhangfa.ui.pages import Page, TransitionPage
from zhangfa.ui.tables import Explanation

LONG = {"finish_survey", "save_survey", "assess", "propose", "fill_form", "accept"}
TEMPLATES = {"finish_survey": "claims/survey.html", "save_survey": "claims/survey.html"}
BODIES = {
    "assess": "claims/parts/assess_form.html",
    "propose": "claims/parts/propose_form.html",
    "void_case": "claims/parts/void_form.html",
}
DAMAGE = ("add_item", "drop_item", "add_price", "value_item")


class StepPage(TransitionPage, abstract=True):
    """A step with its files: pictures are kept before the step is taken, so that a refusal never loses them."""

    template_name = "claims/step.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kept: dict[str, Any] = {}

    def get_initial(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return super().get_initial()  # what was typed stands for itself
        return {**super().get_initial(), **first_values(self.transition.name, self.subject(), self.request, self.at)}

    @property
    def in_place(self) -> bool:
        # A step about one thing opens beside it; the others below the head of the record.
        return self.is_fragment and self.request.headers.get("HX-Target") in ("act", "item-slot")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.in_place and self.transition.name in LONG:
            # A long form has a page of its own.
            return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
        return super().get(request, *args, **kwargs)

    @property
    def form_template(self) -> str:
        return BODIES.get(self.transition.name, "")

    def get_template_names(self) -> list[str]:
        return [TEMPLATES.get(self.transition.name, self.template_name)]

    def get_form(self, form_class: Any = None) -> Any:
        # One form for the whole request: an uploaded file is read once.
        if not hasattr(self, "_form"):
            self._form = super().get_form(form_class)
        return self._form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.FILES and not {"_why", "_find"} & request.POST.keys():
            form = self.get_form()
            form.is_valid()
            try:
                self.keep_files(form)
            except Refused as refused:
                form.refuse(refused.refusals)
                return self.show(form, status=422)
        return super().post(request, *args, **kwargs)

    def keep_files(self, form: Any) -> None:
        """Hang what was photographed on the case; a file that can't be used is an error of its field."""
        for name, kind in getattr(form, "file_kinds", {}).items():
            for prepared in form.cleaned_data.get(name) or ():
                self.kept[name] = attach(self.files_of().record, prepared, kind=kind, by=self.actor, at=self.at).pk

    def files_of(self) -> Case:
        found: Case = getattr(self.subject(), "case", None) or self.subject()
        return found


class CaseDo(StepPage):
    """The steps of a case."""

    record_page = case_page.CaseRecord
    forms = CASE_FORMS | {"arrive": ArrivePageForm, "add_price": PricePageForm, "finish_survey": FinishPageForm}
    nav = "cases"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.transition.name == "save_survey" and request.headers.get("HX-Target") == "saved":
            return self.keep_typed()
        return super().post(request, *args, **kwargs)

    def keep_typed(self) -> HttpResponse:
        """Keep what is typed so far; a field that can't be read is left out and named."""
        form = self.get_form()
        form.is_valid()
        wrong = [str(form[name].label) for name in form.errors if name in form.fields]
        refusals: tuple[Any, ...] = ()
        try:
            self.transition(self.subject(), by=self.actor, at=self.at, **form.params())
        except Refused as refused:
            refusals = refused.refusals
        context = Page.get_context_data(self, wrong=wrong, refusals=refusals)
        return self.response_class(self.request, "claims/parts/saved.html", context)

    def act(self, form: Any) -> Any:
        params = form.params()
        if "proof" in self.kept:
            params["proof_id"] = self.kept["proof"]
        return self.take(**params)

    def succeed(self, url: str) -> HttpResponse:
        if self.in_place and self.transition.name in DAMAGE:
            return self.damage_again()
        if self.in_place and self.transition.name == "tell_insurer":
            return HttpResponse(headers={"HX-Redirect": url})
        return super().succeed(url)

    def damage_again(self) -> HttpResponse:
        """Only the block of damaged objects is drawn anew: what is typed elsewhere on the page stays."""
        # The block itself shows what happened; the words for it would lie over the next button.
        list(messages.get_messages(self.request))
        self.after_step()
        _template, context = parts.damage(self, self.record.subject())
        response = self.response_class(
            self.request, "claims/parts/damage_again.html", Page.get_context_data(self, **context)
        )
        response["HX-Retarget"], response["HX-Reswap"] = "#damage", "outerHTML"
        return response

    def explain(self, form: Any) -> Explanation | None:
        return explain.proposal(self.subject(), form, self.at) if self.transition.name == "propose" else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.transition.name in TEMPLATES:
            case = self.subject()
            context |= {
                "case": case,
                "damage": parts.damage(self, case)[1],
                "photos": parts.photos(case),
                **self.survey_context(),
            }
        return context

    def survey_context(self) -> dict[str, Any]:
        case = self.subject()
        return {
            "survey": Survey.objects.filter(case=case).first(),
            "is_finish": self.transition.name == "finish_survey",
        }


class SettlementDo(StepPage):
    """The steps of a settlement."""

    record_page = settlement_page.SettlementRecord
    forms = SETTLEMENT_FORMS | {"accept": AcceptPageForm}
    nav = "settlements"

    def explain(self, form: Any) -> Explanation | None:
        if self.transition.name in ("agree", "send_back"):
            return explain.stored(self.subject())
        return None
