"""What was promised to a customer, by whom, until when: told to whoever speaks with them next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import scope
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united


class PromiseQuerySet(models.QuerySet["Promise"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "owner_id")

    def visible_to(self, actor: Actor) -> PromiseQuerySet:
        seen: PromiseQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: int) -> Promise:
        joined = ("customer", "owner", "outlet")
        return held(("promise", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk))

    def search(self, query: str) -> PromiseQuerySet:
        return self.filter(customer_id__in=Customer.objects.search(query.strip()).order_by().values("pk"))


class Promise(models.Model):
    """One promise; kept, or broken and said so."""

    class Status(models.TextChoices):
        OPEN = "open", _("待兑现")
        KEPT = "kept", _("已兑现")
        BROKEN = "broken", _("未兑现")
        RELEASED = "released", _("客户同意取消")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="promises", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    text = models.CharField(_("承诺内容"), max_length=300)
    source = models.CharField(
        max_length=60, blank=True, default="", help_text="what it was made on: visit:…, order:…, call:…"
    )
    source_title = models.CharField(_("来源"), max_length=80, blank=True, default="")
    source_url = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField(_("承诺时间"))
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("承诺人"), db_index=False
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="promises", verbose_name=_("兑现责任人"), db_index=False
    )
    due_at = models.DateTimeField(_("兑现期限"))
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    settled_at = models.DateTimeField(_("办结时间"), null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    result = models.CharField(_("结果"), max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="promise_customer"),
            models.Index(fields=["outlet", "-id"], name="promise_outlet"),
            models.Index(fields=["department", "-id"], name="promise_department"),
            models.Index(fields=["owner", "-id"], name="promise_owner"),
            models.Index(fields=["status", "due_at", "id"], name="promise_due"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        return reverse("care:promise", args=[self.pk])

    def is_late(self, at: dt.datetime) -> bool:
        return self.due_at < (self.settled_at or at)
