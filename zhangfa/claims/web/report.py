"""Reporting a case: the telephone call as a form, with customer and order filling in the rest (CC-W1.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.claims.web import access, explain
from zhangfa.claims.web.forms import CaseForm, ComplaintReportForm, ReportForm
from zhangfa.claims.web.similar import similar
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.orders.wording import crew_words
from zhangfa.organisation.actor import Actor
from zhangfa.ui import registry
from zhangfa.ui.pages import CreatePage, Page
from zhangfa.ui.tables import Explanation

RECENT = 6
SOURCES = {"op": "operator", "ops": "operator", "oa": "outlet", "sl": "outlet"}


class Report(CreatePage):
    """登记案件."""

    permission = access.report_cases
    title, nav = lazy("登记案件"), "cases"
    template_name = "claims/report.html"
    form_template = "claims/parts/report_form.html"
    form_class: type[CaseForm] = ReportForm
    submit_label = lazy("登记并通知经办人")
    back_url = "/cases/"

    def get_initial(self) -> dict[str, Any]:
        own = next((seat for seat in self.actor.seats if seat.post in ("oa", "sl")), None)
        source = next((SOURCES[post] for post in SOURCES if self.actor.holds(post)), "customer")
        first: dict[str, Any] = {
            "occurred_at": timezone.localtime(self.at, clock.TZ).replace(second=0, microsecond=0), "source": source,
            "guarantee": Case.Guarantee.PROPERTY, "unit": own.unit_id if own else None,
        }  # fmt: skip
        asked = self.request.GET
        named = _row(Customer.objects.visible_to(self.actor), asked.get("customer"))
        if named:
            # From a customer's page: who calls is most often the customer.
            first |= {"unit": first["unit"] or named.outlet_id, "reporter": named.name}
        return first | {name: asked[name] for name in ("customer", "order") if asked.get(name, "").isdigit()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "_orders" in request.POST:
            # Without scripts this button shows the orders of the customer that was chosen.
            return self.show(self.get_form(), status=200, is_quiet=True)
        if "_similar" in request.POST:
            context = Page.get_context_data(self, similar=similar(self.get_form(), self.actor, self.at))
            return self.response_class(request, "claims/parts/similar.html", context)
        return super().post(request, *args, **kwargs)

    def act(self, form: Any) -> Any:
        return actions.report(by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("案件 %(number)s 已登记，已通知%(name)s。") % {
            "number": outcome.record.number,
            "name": outcome.handler.shown_name,
        }

    def explain(self, form: Any) -> Explanation | None:
        return explain.report(form, self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sent = self.request.POST if self.request.method == "POST" else None
        if sent and "_why" in sent:
            return context
        found = orders_context(context["form"], self.actor, sent, self.at)
        return context | found | {"similar": similar(context["form"], self.actor, self.at)}


class ReportComplaint(Report):
    """登记投诉."""

    title = lazy("登记投诉")
    form_class = ComplaintReportForm
    form_template = "claims/parts/complaint_form.html"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"channel": "phone", "category": "quality"}

    def explain(self, form: Any) -> Explanation | None:
        return None


class Orders(Page):
    """The orders of the chosen customer, with outlet and worker of the chosen order, while the form is being filled."""

    permission = access.report_cases
    template_name = "claims/parts/report_orders.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ReportForm(self.request.GET, actor=self.actor, at=self.at)
        found = orders_context(form, self.actor, self.request.GET, self.at)
        # The answers of the search that were not chosen go out of the way.
        chosen = lookup("customers", self.actor, found["customer"], self.at)
        form.fields["reporter"].widget.attrs |= {"class": "form-control", "hx-swap-oob": "true"}
        return super().get_context_data(
            form=form, is_quiet=True, is_answer=True, customer_choice=chosen, **found, **kwargs
        )


def lookup(source: str, actor: Any, row: Any, at: dt.datetime) -> Any:
    """The row as the typed search shows it."""
    return registry.lookups.get(source).get(actor, str(row.pk), at) if row else None


def orders_context(form: Any, actor: Actor, data: Any, at: dt.datetime) -> dict[str, Any]:
    """The customer's last orders; a newly chosen order or customer replaces outlet and worker, a new customer says who calls.

    Nothing has happened yet on what is booked for later: of a weekly service the weeks ahead would fill the whole choice.
    """
    customer = _row(Customer.objects.visible_to(actor), form["customer"].value())
    rows = Order.objects.visible_to(actor).select_related("product", "worker", "outlet")
    # The newest are found on the customer's own index, and only then sorted by their hour.
    begun = rows.filter(customer=customer, served_from__lt=clock.day_end(at)).order_by("-pk")[: 2 * RECENT]
    orders = sorted(begun, key=lambda order: order.served_from, reverse=True)[:RECENT] if customer else []
    chosen = _row(rows, form["order"].value()) if form["order"].value() else None
    if chosen and customer and chosen.customer_id != customer.pk:
        chosen = None
    if chosen and customer and chosen not in orders:
        orders = [chosen, *orders]
    is_changed = data is not None and str(chosen.pk if chosen else "") != data.get("seen_order", "")
    is_new_customer = data is not None and str(customer.pk if customer else "") != data.get("seen_customer", "")
    says_reporter = False
    if form.is_bound and (is_changed or is_new_customer) and (chosen or customer):
        values = form.data.copy()
        if customer and is_new_customer and _is_given(data, actor):
            # Who calls is most often the customer; a name that somebody typed stays.
            values["reporter"], says_reporter = customer.name, True
        values["unit"] = str(chosen.outlet_id if chosen else customer.outlet_id)
        values["worker"] = str(chosen.worker_id) if chosen and chosen.worker_id else ""
        form.data = values
    return {
        "customer": customer,
        "orders": orders,
        "chosen_order": chosen,
        "crew": crew_words(chosen) if chosen else "",
        "says_reporter": says_reporter,
    }


def _is_given(data: Any, actor: Actor) -> bool:
    """Whether the caller's name is empty still, or that of the customer who was chosen before."""
    typed = str(data.get("reporter", "")).strip()
    before = _row(Customer.objects.visible_to(actor), data.get("seen_customer")) if typed else None
    return not typed or (before is not None and typed == before.name)


def _row(rows: Any, value: Any) -> Any:
    text = str(value or "")
    return rows.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 18 else None
