"""The worker's own page: today's orders with one big button each, made for one hand at the customer's door."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock, transitions
from zhangfa.orders import actions
from zhangfa.orders.board import jobs_of
from zhangfa.orders.models import Order
from zhangfa.orders.permissions import serve_orders
from zhangfa.orders.registry import job_notes
from zhangfa.orders.web.pages import PHOTOGRAPHED, customer_name, note_of
from zhangfa.orders.wording import crew_words
from zhangfa.ui.page import Page

DAYS = 7
ALONG = ("stop_unsafe",)  # whoever is in charge starts and finishes
STEPS = ("start", "finish", "collect", "stop_unsafe")


class Mine(Page):
    permission, title, template_name, nav = serve_orders, _("我的订单"), "orders/mine.html", "mine"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = clock.local_date(self.at)
        orders = list(jobs_of(self.actor.person_id, self.at, DAYS))
        told = job_notes(orders, self.at)
        jobs = [{**self.job(order), "told": told.get(order.pk, ())} for order in orders]
        now = [job for job in jobs if clock.local_date(job["order"].served_from) <= today]
        later = [job for job in jobs if clock.local_date(job["order"].served_from) > today]
        return super().get_context_data(now=now, later=later, today=today, **kwargs)

    def job(self, order: Order) -> dict[str, Any]:
        """One order with what the worker may do about it now."""
        steps, is_along = {}, order.worker_id != self.actor.person_id
        for name in ALONG if is_along else STEPS:
            step = transitions.find(Order, name)
            assert step is not None
            if order.status in step.sources and step.applies(order):
                steps[name] = f"{reverse('orders:do', kwargs={'pk': order.pk, 'name': name})}?back=mine"
        return {
            "order": order, "customer": customer_name(order, self), "note": note_of(order, self), "steps": steps,
            "place": actions.place_of(order, by=self.actor, at=self.at), "is_late": order.is_late(self.at), "is_along": is_along, "crew": crew_words(order) if order.members else "",
            "may_photograph": is_along and order.status in PHOTOGRAPHED,
        }  # fmt: skip
