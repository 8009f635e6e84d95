"""The page of a case: where it stands, what is next, who has it, and everything that belongs to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import permissions
from zhangfa.claims.actions.closing import RATEABLE
from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.models import LIVE, Case, Settlement
from zhangfa.claims.queries import may_know_worker, ratings
from zhangfa.claims.rules import refuse_closing
from zhangfa.claims.web import access, complaint, explain, parts, progress
from zhangfa.claims.web.promises import promise
from zhangfa.core import compiled
from zhangfa.core.transitions import Transition
from zhangfa.policy.queries import value
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import Permission, is_open
from zhangfa.ui.pages import Page, RecordPage
from zhangfa.ui.registry import Part
from zhangfa.ui.tables import Column

S = Case.Status
# What the page offers first, in the order of the work; the rest follows in the order of declaration.
FIRST = (
    "acknowledge", "log_call", "arrive", "finish_survey", "register", "assess", "propose", "log_talk", "rate", "close", "confirm_survey",
    "confirm_no_photo", "take_up", "first_answer", "investigate", "compensate", "resolve",
)  # fmt: skip
# Steps that have their button beside the thing they are about.
ELSEWHERE = {"save_survey", "add_item", "drop_item", "add_price", "value_item", "tell_insurer"}

MANAGING = {"reassign", "void_case"}
# Steps that nobody needs to read about who may not take them.
UNOFFERED = MANAGING | {"identify"}


def _settlements_of(case: UUID) -> QuerySet[Settlement]:
    return Settlement.objects.filter(case=case).select_related("record", "proposed_by", "decided_by").order_by("seq")


def shown_worker(case: Case, page: Any) -> str:
    """The responsible worker for those who may know (CC-D3); the others read that it is kept from them."""
    if case.worker is None:
        return ""
    return case.worker.shown_name if may_know_worker(case, page.actor) else _("（仅经办人和相关管理人员可见）")


def _facts(*between: Column) -> list[Column]:
    return [
        Column("customer", lazy("客户"), value=lambda case, page: case.customer.name if case.customer else ""),
        Column("reporter", lazy("报告人")),
        Column("unit", lazy("网点"), value=lambda case, page: case.unit.shown_name),
        Column("worker", lazy("责任服务员"), value=shown_worker),
        Column("occurred_at", lazy("发生时间"), kind="when"),
        Column("reported_at", lazy("报告时间"), kind="when"),
        *between,
        Column("severity", lazy("严重程度"), value=lambda case, page: case.get_severity_display()),
        Column("order", lazy("服务订单"), value=lambda case, page: _order(case)),
        Column("source", lazy("信息来源"), value=lambda case, page: case.get_source_display()),
        Column("summary", lazy("情况简述"), wide=True),
    ]


ACCIDENT_FACTS = _facts(
    Column("place", lazy("发生地点")),
    Column("guarantee", lazy("承诺类别"), value=lambda case, page: case.get_guarantee_display()),
    Column("estimate", lazy("初估损失"), kind="money"),
)
COMPLAINT_FACTS = _facts(
    Column("category", lazy("投诉类型"), value=lambda case, page: _complaint(case, "get_category_display")),
    Column("channel", lazy("渠道"), value=lambda case, page: _complaint(case, "get_channel_display")),
)


def _complaint(case: Case, name: str) -> str:
    form = getattr(case, "complaint_form", None)
    return str(getattr(form, name)()) if form else ""


class CaseRecord(RecordPage):
    """One accident or complaint."""

    model = Case
    permission = access.read_cases
    template_name = "claims/case.html"
    nav = "cases"
    do_url = "claims:do"
    aside_steps = MANAGING
    read_by_steps = ("record", "complaint_form")
    select_related: tuple[str, ...] = (
        "record", "customer", "order__product", "unit", "department", "worker", "handler", "survey__record", "learning", "complaint_form__record",
        "complaint_form__responsible_unit",
    )  # fmt: skip

    @property
    def facts(self) -> list[Column]:  # type: ignore[override]
        return COMPLAINT_FACTS if self.object.is_complaint else ACCIDENT_FACTS

    @property
    def parts(self) -> list[Part]:  # type: ignore[override]
        return [*parts.of_case(self.object), *records_parts("files", "copies", "comments", "trail")]

    def find(self) -> Any:
        return access.opened(Case.objects, self)

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.record.title or self.object.summary[:40]

    @cached_property
    def settlements(self) -> list[Settlement]:
        found: list[Settlement] = compiled.rows(_settlements_of, case=self.object.pk)
        for row in found:
            row.case = self.object
        # Kept with the case, as a prefetch keeps them: its badge asks for them too.
        kept: Any = Settlement.objects.filter(case=self.object)
        kept._result_cache, kept._prefetch_done = found, True
        self.object.__dict__.setdefault("_prefetched_objects_cache", {})["settlements"] = kept
        return found

    @cached_property
    def survey(self) -> Any:
        return getattr(self.object, "survey", None)

    @cached_property
    def standing(self) -> progress.Standing:
        knows = may_know_worker(self.object, self.actor)
        stand = complaint.standing if self.object.is_complaint else progress.standing
        # Before a plan is handed in there is none to look at.
        plans = self.settlements if self.object.status in progress.BY_SETTLEMENT else []
        return stand(self.object, plans, self.at, may_know_worker=knows)

    def next_step(self) -> Any:
        return self.standing.next_step

    def holder(self) -> Any:
        return self.standing.holder

    def next_clause(self) -> str:
        return self.standing.clause

    def buttons(self) -> list[tuple[Transition, list[Any], str]]:
        """The steps of the whole case, the next one first; those about one thing stand beside it."""
        names = complaint.order(self.object) if self.object.is_complaint else FIRST
        order = {name: place for place, name in enumerate(names)}
        found = [button for button in super().buttons() if button[0].name not in ELSEWHERE]
        # What only the manager does is no step of the work: the others need not read why not.
        found = [button for button in found if button[0].name not in UNOFFERED or not button[1]]
        if not self.object.attempts:
            found = [button for button in found if button[0].name != "close"]
        found = [(step, refusals or self.before_closing(step), url) for step, refusals, url in found]
        if self.object.worker_id is None and self.object.is_accident:
            # Neither the survey nor the form can be finished without the person responsible.
            order["identify"] = order["log_call"]
        if self.object.status == S.ACCEPTED and self.object.called_at:
            # Called already: to call again is possible, to go there is next.
            order["log_call"] = order["arrive"]
        if self.object.status == S.ASSESSED:
            # Assessed already: to do it again is possible, to go on is usual.
            order["assess"] = len(order)
        if self.object.status == S.SETTLING:
            # A plan is on its way: a second one, for somebody else, is possible but rare.
            order["propose"] = len(order)
        return sorted(found, key=lambda button: order.get(button[0].name, len(order)))

    def before_closing(self, step: Transition) -> list[Any]:
        """What stands in the way of closing whatever is typed: said on the button, not after the form."""
        if step.name != "close":
            return []
        paid = all(
            s.paid_at or (s.status == Settlement.Status.SIGNED and cash_due(s) == 0)
            for s in self.settlements
            if s.status in LIVE
        )
        minimum = int(value("claims.close_min_satisfaction", self.at))
        score, attempts = self.object.satisfaction, self.object.attempts
        is_manager = self.actor.holds("cs")
        return list(
            refuse_closing(
                score=score, minimum=minimum, is_manager=is_manager, reason="—" * 5, attempts=attempts, is_paid=paid
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object
        return super().get_context_data(
            case=case, survey=self.survey, settlements=self.settlements, marks=self.marks(),
            clocks=self.clocks(), promises=promise(case, self.at) if case.is_accident else [],
            route=explain.route_of(case) if case.is_accident else None, may_learn=self.may(permissions.submit_learning), can_link=case.status in RATEABLE and self.may(permissions.make_links),
            can_join=self.may(permissions.link_events), may_press=self.may(permissions.read_pressure),
            rating=next(iter(ratings(case)), None) if case.satisfaction else None,
            has_complaint_form=hasattr(case, "complaint_form"),
            knows_history=self.may(access.read_history),
            complaint=complaint.sheet(case, self.settlements, self.at) if case.is_complaint else None, **kwargs,
        )  # fmt: skip

    def may(self, permission: Permission) -> bool:
        return is_open(permission, by=self.actor, at=self.at, obj=self.object)

    def marks(self) -> list[progress.Mark]:
        if self.object.is_complaint:
            return complaint.marks(self.object, self.settlements)
        return progress.marks(self.object, self.survey, self.settlements)

    def clocks(self) -> list[tuple[progress.Clock, str, str]]:
        if self.object.is_complaint:
            found = complaint.clocks(self.object, self.settlements)
        else:
            found = progress.clocks(self.object, self.survey, self.settlements)
        return [(c, c.words(self.at), c.tone(self.at)) for c in found]

    def status_context(self) -> dict[str, Any]:
        # A step taken in place changes what was read for the header.
        for name in ("settlements", "survey", "standing"):
            self.__dict__.pop(name, None)
        context = super().status_context()
        # What a manager may always do is not the step that the case waits for.
        ready = context["ready"]
        return context | {"is_quiet_head": bool(ready) and ready[0][0].name in MANAGING}


def _order(case: Case) -> str:
    return f"{case.order.number} {case.order.product.shown_name}" if case.order else ""


class Clocks(CaseRecord):
    """The running deadlines alone, asked for again every minute."""

    asks_by_itself = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = Page.get_context_data(self, case=self.object, clocks=self.clocks())
        return self.response_class(request, "claims/parts/clocks.html", context)


class History(CaseRecord):
    """The customer's file, past orders and claims, and the sums of the last days, on the same screen (CC-W1.4)."""

    permission = access.read_history
    select_related = ("record", "customer__outlet", "customer__account_manager")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = Page.get_context_data(self, case=self.object, **parts.history(self.object, self.actor, self.at))
        return self.response_class(request, "claims/parts/history.html", context)
