"""Every step of an order: one page, with proposals where a worker is chosen and pictures where work begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.orders import actions
from zhangfa.orders.actions.dispatch import BLOCKS_YELLOW, NOBODY
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import photograph_order
from zhangfa.orders.photo_rules import BEFORE
from zhangfa.orders.web.forms import ORDER_FORMS
from zhangfa.orders.web.forms.orders import AssignPageForm, ChoosePageForm, FinishForm, RemovePageForm, StartForm
from zhangfa.orders.web.pages import JOINED, OrderPage, customer_name
from zhangfa.orders.wording import crew_words, reason_words
from zhangfa.orders.workers import proposals
from zhangfa.organisation.web.common import OnePage
from zhangfa.policy.queries import value
from zhangfa.records.models import Attachment
from zhangfa.records.web.fields import FilesField
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import TransitionPage

SHOWN = 8
HOUR = 3600
KINDS = (Attachment.Kind.BEFORE, Attachment.Kind.AFTER, Attachment.Kind.SCENE)
CHOOSING = ("assign", "add_member")


class StartPageForm(StartForm):
    kind = Attachment.Kind.BEFORE
    field_order = ["photos", "no_photo_reason"]
    photos = FilesField(label=_("服务前照片"), required=False)


class FinishPageForm(FinishForm):
    kind = Attachment.Kind.AFTER
    field_order = ["photos", "remark"]
    photos = FilesField(label=_("服务后照片"), required=False)


class PhotosForm(Form):
    kind = forms.ChoiceField(label=_("类别"), choices=[(k.value, k.label) for k in KINDS], widget=forms.RadioSelect)
    photos = FilesField(label=_("照片"), minimum=1)


class Photos(OnePage):
    """More pictures of an order, by anybody who is sent: whoever goes along has no step of their own to hang them on."""

    model, permission, title, form_class, nav = Order, photograph_order, _("添加照片"), PhotosForm, "orders"
    submit_label = _("保存")

    def rows(self) -> Any:
        return super().rows().select_related(*JOINED)

    def get_initial(self) -> dict[str, Any]:
        return {"kind": Attachment.Kind.BEFORE if self.subject().status == "assigned" else Attachment.Kind.AFTER}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.subject().status == Order.Status.FINISHED:
            # How it was before can't be shown any more.
            form.fields["kind"].choices = [choice for choice in form.fields["kind"].choices if choice[0] != BEFORE]
        return form

    def act(self, form: Any) -> Order:
        order: Order = self.subject()
        actions.add_photos(
            order, form.cleaned_data["photos"], kind=form.cleaned_data["kind"], by=self.actor, at=self.at
        )
        return order

    def done_url(self, outcome: Any) -> str:
        return f"{outcome.get_absolute_url()}?part=photos#part-photos"


def board_of(order: Order) -> str:
    """The board of the order's outlet and day."""
    return f"{reverse('orders:board')}?outlet={order.outlet_id}&day={clock.local_date(order.served_from)}"


class OrderDo(TransitionPage):
    """The steps of an order; pictures are kept before the step, so that a refusal never loses them."""

    record_page = OrderPage
    forms = {
        **ORDER_FORMS,
        "assign": AssignPageForm,
        "add_member": ChoosePageForm,
        "remove_member": RemovePageForm,
        "start": StartPageForm,
        "finish": FinishPageForm,
    }
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
        return "orders/parts/assign_form.html" if self.transition.name in CHOOSING else "orders/parts/step_form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.in_place and self.transition.name in (*CHOOSING, "start", "finish"):
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
                actions.add_photos(
                    self.subject(), form.cleaned_data["photos"], kind=form.kind, by=self.actor, at=self.at
                )
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
        if self.transition.name in CHOOSING and not context["refusals"]:
            order = self.subject()
            besides = order.people if self.transition.name == "add_member" else ()
            found = proposals(order, blocks_yellow=bool(value(BLOCKS_YELLOW, self.at)), besides=besides)
            lines = [(one, [(reason_words(r), r.is_good) for r in one.reasons]) for one in found]
            context |= {
                "open": [line for line in lines if not line[0].refusals][:SHOWN],
                "closed": [line for line in lines if line[0].refusals],
                # As it stands now, also after a refusal: who presses again has seen it.
                "seen": Order.objects.values_list("worker_id", flat=True).get(pk=order.pk) or NOBODY,
                "chosen": str(context["form"]["worker"].value() or ""),
            }
        order = self.subject()
        context |= {"brief_customer": customer_name(order, self), "brief_crew": crew_words(order)}
        return context | {"back_to": self.request.GET.get("back", self.request.POST.get("back", ""))[:8]}
