"""Services that come again: a weekly plan, or a yearly contract; the orders are made ahead from it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField, MoneyField, TenthsField
from zhangfa.core.work import held
from zhangfa.customers.models import EVERYWHERE, Customer
from zhangfa.orders.models.order import MONEY, Order
from zhangfa.orders.models.product import Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import by_place, united


class SeriesQuerySet(models.QuerySet["Series"]):
    def lock(self, pk: int) -> Series:
        joined = ("customer", "outlet", "product")
        return held(("series", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk))

    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most two querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE, *MONEY):
            return [self.all()]
        found = by_place(self, actor)
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> SeriesQuerySet:
        """Long services in the actor's scope."""
        seen: SeriesQuerySet = united(self, self.branches(actor))
        return seen

    def search(self, query: str) -> SeriesQuerySet:
        query = query.strip()
        customers = Customer.objects.search(query).order_by().values("pk")
        return self.filter(models.Q(number__in={query, query.upper()}) | models.Q(customer_id__in=customers))


class Series(models.Model):
    """A service that comes on the same weekdays; a contract has a year, a fee and the parties' terms besides (H4)."""

    class Kind(models.TextChoices):
        RECURRING = "recurring", _("周期服务")
        CONTRACT = "contract", _("服务合同")

    class Status(models.TextChoices):
        ACTIVE = "active", _("进行中")
        ENDED = "ended", _("已终止")

    class PayMode(models.TextChoices):
        VISIT = "visit", _("每次付款")
        MONTH = "month", _("按月付款")
        QUARTER = "quarter", _("按季付款")
        YEAR = "year", _("按年付款")

    number = models.CharField(_("编号"), max_length=20, unique=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.RECURRING)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="series", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("服务产品"), db_index=False)
    quantity = TenthsField(_("每次数量"), default=Decimal(1))
    weekdays = models.CharField(_("星期"), max_length=7, help_text="1 Monday … 7 Sunday, e.g. 14")
    every_weeks = models.PositiveSmallIntegerField(_("每几周一次"), default=1)
    starts = models.TimeField(_("开始时间"))
    hours = TenthsField(_("时长（小时）"))
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"), null=True, blank=True)
    wished_worker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("固定服务员"), db_index=False
    )
    contract_model = models.CharField(_("用工模式"), max_length=20, choices=Order.Contract)
    scope = models.CharField(_("服务内容"), max_length=400, blank=True, default="")
    fee = MoneyField(_("合同金额"), null=True, blank=True)
    pay_mode = models.CharField(_("付款方式"), max_length=8, choices=PayMode, default=PayMode.VISIT)
    trial_days = models.PositiveSmallIntegerField(_("试工天数"), default=0)
    replacements = models.PositiveSmallIntegerField(_("可换人次数"), default=0)
    note = EncryptedTextField(_("服务要求"), blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.ACTIVE)
    generated_to = models.DateField(_("订单已生成到"), null=True)
    booked_at = models.DateTimeField(_("登记时间"))
    booked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"), db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "generated_to", "id"], name="series_due"),
            models.Index(fields=["outlet", "-id"], name="series_outlet"),
            models.Index(fields=["department", "-id"], name="series_department"),
            models.Index(fields=["customer", "-id"], name="series_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:one-series", args=[self.pk])

    @property
    def days(self) -> list[int]:
        return [int(day) for day in self.weekdays]

    def starts_on(self, day: dt.date, zone: dt.tzinfo) -> dt.datetime:
        return dt.datetime.combine(day, self.starts, zone)
