"""Every step of an order: one page, with proposals where a worker is chosen and pictures where work begins."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.orders import actions
from zhangfa.orders.actions.dispatch import BLOCKS_YELLOW, NOBODY
from zhangfa.orders.models import Order
from zhangfa.orders.web.forms import ORDER_FORMS
from zhangfa.orders.web.forms.orders import AssignPageForm, FinishForm, StartForm
from zhangfa.orders.web.pages import OrderPage, customer_name
from zhangfa.orders.wording import reason_words
from zhangfa.orders.workers import proposals
from zhangfa.policy.queries import value
from zhangfa.records.actions import attach
from zhangfa.records.models import Attachment
from zhangfa.records.web.fields import FilesField
from zhangfa.ui.pages import TransitionPage

SHOWN = 8
HOUR = 3600


class StartPageForm(StartForm):
    kind = Attachment.Kind.BEFORE
    field_order = ["photos", "no_photo_reason"]
    photos = FilesField(label=_("服务前照片"), required=False)


class FinishPageForm(FinishForm):
    kind = Attachment.Kind.AFTER
    field_order = ["photos", "remark"]
    photos = FilesField(label=_("服务后照片"), required=False)


def board_of(order: Order) -> str:
    """The board of the order's outlet and day."""
    return f"{reverse('orders:board')}?outlet={order.outlet_id}&day={clock.local_date(order.served_from)}"


class OrderDo(TransitionPage):
    """The steps of an order; pictures are kept before the step, so that a refusal never loses them."""

    record_page = OrderPage
    forms = {**ORDER_FORMS, "assign": AssignPageForm, "start": StartPageForm, "finish": FinishPageForm}
    nav = "orders"
    template_name = "orders/step.html"

    def get_initial(self) -> dict[str, Any]:
        order = self.subject()
        hours = (order.served_to - order.served_from).total_seconds() / HOUR
        return {
            "move": {"served_from": order.served_from.astimezone(clock.TZ), "hours": f"{hours:g}"},
            "assign": {"worker": self.request.GET.get("worker", "")[:19]}, "collect": {"amount": order.owed}, "ask_refund": {"amount": order.paid - order.refunded},
        }.get(self.transition.name, {})  # fmt: skip

    @property
    def form_template(self) -> str:
        return "orders/parts/assign_form.html" if self.transition.name == "assign" else "orders/parts/step_form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.in_place and self.transition.name in ("assign", "start", "finish"):
            # Proposals and pictures have a page of their own.
            return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
        return super().get(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> Any:
        # One form for the whole request: an uploaded file is read once.
        if not hasattr(self, "_form"):
            self._form = super().get_form(form_class)
        return self._form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if hasattr(form, "kind") and request.FILES and form.is_valid():
            try:
                sheet = actions.open_sheet(self.subject(), by=self.actor, at=self.at)
                for prepared in form.cleaned_data["photos"]:
                    attach(sheet, prepared, kind=form.kind, by=self.actor, at=self.at)
            except Refused as refused:
                form.refuse(refused.refusals)
                return self.show(form, status=422)
        return super().post(request, *args, **kwargs)

    def act(self, form: Any) -> Any:
        params = {name: value for name, value in form.params().items() if name != "photos"}
        return self.transition(self.subject(), by=self.actor, at=self.at, **params)

    def leads_to(self) -> str:
        back = self.request.POST.get("back", self.request.GET.get("back", ""))
        worker = self.request.GET.get("worker", "")
        if back == "week" and worker.isascii() and worker.isdigit() and len(worker) < 19:
            return f"{reverse('orders:worker-week', args=[worker])}?day={clock.local_date(self.subject().served_from)}"
        if back == "board":
            return board_of(self.subject())
        return reverse("orders:mine") if back == "mine" else super().leads_to()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.transition.name == "assign" and not context["refusals"]:
            order = self.subject()
            found = proposals(order, blocks_yellow=bool(value(BLOCKS_YELLOW, self.at)))
            lines = [(one, [(reason_words(r), r.is_good) for r in one.reasons]) for one in found]
            context |= {
                "open": [line for line in lines if not line[0].refusals][:SHOWN],
                "closed": [line for line in lines if line[0].refusals],
                # As it stands now, also after a refusal: who presses again has seen it.
                "seen": Order.objects.values_list("worker_id", flat=True).get(pk=order.pk) or NOBODY,
                "chosen": str(context["form"]["worker"].value() or ""),
            }
        context["brief_customer"] = customer_name(self.subject(), self)
        return context | {"back_to": self.request.GET.get("back", self.request.POST.get("back", ""))[:8]}
