"""The call after a service: who is asked by when, and what they said (HS-W1.3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models import EVERYWHERE
from zhangfa.orders.models.order import Order
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import by_place, united


class RevisitQuerySet(models.QuerySet["Revisit"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most two querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        found = by_place(self, actor)
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> RevisitQuerySet:
        """Revisits in the actor's scope; the worker who served sees none."""
        seen: RevisitQuerySet = united(self, self.branches(actor))
        return seen


class Revisit(models.Model):
    """One call after one order, due within the company's days."""

    class Status(models.TextChoices):
        DUE = "due", _("待回访")
        DONE = "done", _("已回访")

    order = models.OneToOneField(Order, models.PROTECT, related_name="revisit", verbose_name=_("订单"))
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(_("状态"), max_length=6, choices=Status, default=Status.DUE)
    due_at = models.DateTimeField(_("最晚回访时间"))
    tries = models.PositiveSmallIntegerField(_("未接通次数"), default=0)
    done_at = models.DateTimeField(_("回访时间"), null=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("回访人"), db_index=False
    )
    satisfaction = models.PositiveSmallIntegerField(_("满意度"), null=True)
    note = models.CharField(_("客户意见"), max_length=400, blank=True, default="")

    objects = RevisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="revisit_due"),
            models.Index(fields=["outlet", "status", "due_at", "id"], name="revisit_outlet"),
            models.Index(fields=["department", "status", "due_at", "id"], name="revisit_department"),
            models.Index(fields=["done_by"], name="revisit_done_by", condition=models.Q(done_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.order)

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()
