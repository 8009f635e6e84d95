"""What can be ordered, and the orders that were served."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.customers.models import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE, Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit


class Product(models.Model):
    """A service on the price list."""

    class Category(models.TextChoices):
        CLEANING = "cleaning", _("保洁")
        APPLIANCE = "appliance", _("家电清洗")
        CARE_OF_THINGS = "things", _("养护")
        AIR = "air", _("空气与消毒")
        DAILY = "daily", _("生活服务")
        CARE = "care", _("照护")
        FACILITY = "facility", _("驻场")
        FEE = "fee", _("费用")

    code = models.CharField(_("代码"), max_length=8, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, default="")
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    unit = models.CharField(_("计价单位"), max_length=20)
    unit_price = MoneyField(_("单价"))
    is_active = models.BooleanField(_("在售"), default=True)

    @property
    def shown_name(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"


class OrderQuerySet(models.QuerySet["Order"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most three querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
        supervised = [seat.id for seat in actor.seats if seat.post == "sup"]
        outlets = [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]
        if supervised:
            outlets += Seat.objects.filter(reports_to_id__in=supervised, is_active=True).values_list(
                "unit_id", flat=True
            )
        found = []
        if departments:
            found.append(self.filter(department_id__in=departments))
        if outlets:
            found.append(self.filter(outlet_id__in=outlets))
        if actor.person_id is not None:
            found.append(self.filter(worker_id=actor.person_id))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> OrderQuerySet:
        """Orders in the actor's scope; a worker sees those they served themselves."""
        branches = self.branches(actor)
        condition = models.Q()
        for branch in branches:
            condition |= models.Q(pk__in=branch.order_by().values("pk"))
        return branches[0] if len(branches) == 1 else self.filter(condition)

    def search(self, query: str) -> OrderQuerySet:
        """By order number, or by whom it was for."""
        query = query.strip()
        customers = Customer.objects.search(query).order_by().values("pk")
        return self.filter(models.Q(number__in={query, query.upper()}) | models.Q(customer_id__in=customers))


class Order(models.Model):
    """One service for a customer by a worker; numbered by a plain sequence, for there are millions."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("已预约")
        SERVED = "served", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    class Contract(models.TextChoices):
        EMPLOYEE = "employee_model", _("员工制")
        DISPATCH = "dispatch_model", _("派遣制")
        INTERMEDIARY = "intermediary_model", _("中介制")
        MIXED = "mixed", _("混合制")

    number = models.CharField(_("订单号"), max_length=20, unique=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="orders", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="orders", verbose_name=_("服务产品"))
    worker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="orders", verbose_name=_("服务员"), db_index=False
    )
    served_from = models.DateTimeField(_("服务开始"))
    served_to = models.DateTimeField(_("服务结束"))
    amount = MoneyField(_("服务金额"))
    contract_model = models.CharField(
        _("用工模式"),
        max_length=20,
        choices=Contract,
        default=Contract.EMPLOYEE,
        help_text="as it stood when the order was served",
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.SERVED)
    satisfaction = models.PositiveSmallIntegerField(_("满意度"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(fields=["outlet", "served_from"], name="order_outlet"),
            models.Index(fields=["department", "served_from"], name="order_department"),
            models.Index(fields=["worker", "served_from"], name="order_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(served_to__gte=models.F("served_from")), name="order_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(satisfaction=None) | models.Q(satisfaction__range=(1, 5)),
                name="order_satisfaction_range",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:order", args=[self.pk])
