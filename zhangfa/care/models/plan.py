"""The care plans of a month: whom somebody visits, when, and what new product they offer (CS-W3.1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import scope
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Record

JOINED = ("customer", "manager", "offer", "order", "month__record", "outlet")


class MonthPlanQuerySet(models.QuerySet["MonthPlan"]):
    def visible_to(self, actor: Actor) -> MonthPlanQuerySet:
        """Those who read care plans at all; which lines of it, says `CarePlan`."""
        posts = (*scope.EVERYWHERE, "hs", "ls", "sup", "oa", "sl")
        return self.all() if actor.is_system or actor.holds(*posts) else self.none()

    def lock(self, pk: Any) -> MonthPlan:
        return held(
            ("month_plan", pk), lambda: self.select_for_update(of=("self",)).select_related("record").get(pk=pk)
        )


class MonthPlan(models.Model):
    """The timetable of one month, drawn from the list of top customers and issued to the account managers."""

    class Status(models.TextChoices):
        DRAWN = "drawn", _("编制中")
        ISSUED = "issued", _("已下达")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="care_month")
    month_on = models.DateField(_("月份"), unique=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.DRAWN)
    version = models.PositiveIntegerField(default=1)
    rules = models.JSONField(default=dict, help_text="the figures by which customers were listed")
    drawn_at = models.DateTimeField(_("编制时间"))
    drawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    issued_at = models.DateTimeField(_("下达时间"), null=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(_("说明"), max_length=400, blank=True, default="")

    objects = MonthPlanQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("care:month", args=[self.pk])


class CarePlanQuerySet(models.QuerySet["CarePlan"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "manager_id")

    def visible_to(self, actor: Actor) -> CarePlanQuerySet:
        """The lines of the actor's customers, and those that the actor carries out."""
        seen: CarePlanQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: int) -> CarePlan:
        return held(("care_plan", pk), lambda: self.select_for_update(of=("self",)).select_related(*JOINED).get(pk=pk))

    def search(self, query: str) -> CarePlanQuerySet:
        return self.filter(customer_id__in=Customer.objects.search(query.strip()).order_by().values("pk"))


class CarePlan(models.Model):
    """One customer's care in one month."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("编制中")
        PLANNED = "planned", _("待摸底")
        CONFIRMED = "confirmed", _("待访问")
        VISITED = "visited", _("已访问")
        DROPPED = "dropped", _("已取消")

    month = models.ForeignKey(MonthPlan, models.PROTECT, related_name="plans", verbose_name=_("月份"), db_index=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="care_plans", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    manager = models.ForeignKey(
        Person, models.PROTECT, related_name="care_plans", verbose_name=_("客户经理"), db_index=False
    )
    classes = models.JSONField(default=list, help_text="codes of the customer's classes when it was drawn")
    offer = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", verbose_name=_("推介产品"), db_index=False
    )
    reasons = models.JSONField(default=list, help_text="why this product: code and figures of each reason")
    found = models.CharField(_("摸底情况"), max_length=600, blank=True, default="")
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="care_plans", verbose_name=_("对应订单"), db_index=False
    )
    planned_on = models.DateField(_("计划访问日"))
    advice = models.CharField(
        _("关怀要求"), max_length=400, blank=True, default="", help_text="what the worker is told"
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    confirmed_at = models.DateTimeField(_("摸底时间"), null=True)
    dropped_for = models.CharField(_("取消原因"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = CarePlanQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "customer"], name="care_plan_once")]
        indexes = [
            models.Index(fields=["customer", "planned_on"], name="care_plan_customer"),
            models.Index(fields=["outlet", "planned_on", "id"], name="care_plan_outlet"),
            models.Index(fields=["department", "planned_on", "id"], name="care_plan_department"),
            models.Index(fields=["manager", "planned_on", "id"], name="care_plan_manager"),
            models.Index(fields=["planned_on", "id"], name="care_plan_day"),
            models.Index(fields=["order"], name="care_plan_order", condition=models.Q(order__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.customer.no} {self.planned_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("care:plan", args=[self.pk])

    @property
    def subject(self) -> str:
        """What the duties of this plan are about."""
        return f"care.careplan:{self.pk}"
