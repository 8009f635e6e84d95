"""Taking an order on the telephone: the price and its lines stand beside the form while it is filled (HS-W3, CS-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.orders import actions, prices
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import book_orders
from zhangfa.orders.web.forms import BookForm
from zhangfa.orders.wording import price_lines, price_reason
from zhangfa.ui.display import money
from zhangfa.ui.pages import CreatePage

MORNING = dt.time(8, 30)


class Book(CreatePage):
    permission, title, form_class, nav = book_orders, _("下单"), BookForm, "orders"
    form_template = "orders/parts/book_form.html"
    template_name = "orders/book.html"
    submit_label = _("下单")
    back_url = "/orders/"

    def get_initial(self) -> dict[str, Any]:
        tomorrow = clock.local_date(self.at) + dt.timedelta(days=1)
        asked = self.request.GET
        kept = {name: asked[name][:20] for name in ("customer", "product") if asked.get(name)}
        return {"served_from": dt.datetime.combine(tomorrow, MORNING, clock.TZ), **kept}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "_price" in request.POST:
            return self.response_class(request, "orders/parts/quote.html", self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def act(self, form: Any) -> Order:
        return actions.book(**form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return str(_("已下单 %(number)s。") % {"number": outcome.number})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"quote": self.quote(context["form"])}

    def quote(self, form: Any) -> dict[str, Any]:
        """The price as far as what is typed says; empty until product, customer, time and quantity stand."""
        if not form.is_bound:
            return {}
        form.is_valid()
        typed = form.cleaned_data
        if not all(typed.get(name) for name in ("customer", "product", "served_from", "quantity")):
            return {}
        customer, product = typed["customer"], typed["product"]
        extras = list(typed.get("surcharges") or [])
        package = typed["card"].package if typed.get("card") else None
        found = prices.quote(
            product, quantity=typed["quantity"], region_id=customer.outlet.region_id, kind=customer.kind,
            day=clock.local_date(typed["served_from"]), extras=extras,
            package=package,
        )  # fmt: skip
        if found is None:
            return {"total": "", "lines": [], "reason": _("这一天这项服务没有价格，请先在价目表中定价。")}
        shown = prices.as_json(found, package)
        region = customer.outlet.region if found.row.region else None
        return {
            "total": money(found.total), "lines": price_lines(shown, product.unit, {row.pk: row for row in extras}),
            "reason": price_reason(shown, region),
        }  # fmt: skip
