"""Who goes along with the worker of an order: most services are one person's work, some ask for two or three (domain.md 5.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.orders.models.order import Order
from zhangfa.organisation.models import Person


class CrewMember(models.Model):
    """One person who goes along; who is in charge stands on the order itself."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="crew", verbose_name=_("订单"), db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("组员"), db_index=False)
    served_from = models.DateTimeField(
        _("服务开始"), help_text="the order's own, moved with it: a worker's days are found by it"
    )
    joined_at = models.DateTimeField(_("加派时间"))
    joined_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("加派人"), db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["worker", "served_from"], name="crew_worker"),
            models.Index(fields=["joined_by"], name="crew_joined_by", condition=models.Q(joined_by__isnull=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["order", "worker"], name="crew_once")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.worker_id}"
