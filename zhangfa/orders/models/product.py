"""What can be ordered, what it costs where, for whom and from when, and what may be added to a price."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField, TenthsField
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit


def in_tongue(name: str, name_en: str) -> str:
    """The name that the reader reads."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class Named(models.Model):
    """Something on the price list with a Chinese name and, where given, an English one."""

    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def shown_name(self) -> str:
        return in_tongue(self.name, self.name_en)

    @property
    def status(self) -> str:
        return "active" if self.is_active else "ended"  # type: ignore[attr-defined]


class ListedQuerySet(models.QuerySet[Any]):
    """The price list is public (Price Marking Rules 5–7): whoever works here may read it."""

    def visible_to(self, actor: Actor) -> ListedQuerySet:
        return self if actor.is_system or actor.person_id is not None else self.none()

    def search(self, query: str) -> ListedQuerySet:
        query = query.strip()
        return self.filter(
            models.Q(code__iexact=query) | models.Q(name__contains=query) | models.Q(name_en__icontains=query)
        )


class Product(Named):
    """A service on the price list; what it asks of whoever serves it."""

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
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    unit = models.CharField(_("计价单位"), max_length=20)
    hours = TenthsField(_("通常时长（小时）"), default=Decimal(2))
    crew = models.PositiveSmallIntegerField(
        _("服务人数"),
        default=1,
        help_text="how many people the hours are planned with, whoever is in charge among them",
    )
    is_home_visit = models.BooleanField(_("上门服务"), default=True, help_text="asks for a trust code")
    is_at_height = models.BooleanField(_("高处作业"), default=False, help_text="asks for a permit (GB/T 3608)")
    is_active = models.BooleanField(_("在售"), default=True)

    objects = ListedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    def get_absolute_url(self) -> str:
        return reverse("orders:product", args=[self.pk])


class Price(models.Model):
    """What a product costs from a day on: everywhere or in one region, for everybody or one kind of customer (H17)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", verbose_name=_("服务产品"))
    region = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区域"), db_index=False
    )
    customer_kind = models.CharField(
        _("客户类型"), max_length=12, choices=Customer.Kind, blank=True, default="", help_text="empty: everybody"
    )
    unit_price = MoneyField(_("单价"))
    minimum_quantity = TenthsField(_("起订量"), default=Decimal(0))
    minimum_amount = MoneyField(_("起订金额"), default=Decimal(0))
    from_on = models.DateField(_("生效日期"))
    to_on = models.DateField(_("截止日期"), null=True, blank=True)
    reason = models.CharField(_("定价原因"), max_length=200)
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("定价人"), db_index=False
    )
    made_at = models.DateTimeField(_("定价时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    scope = models.CharField(max_length=40, editable=False, help_text="region and kind of customer as one key")

    class Meta:
        indexes = [models.Index(fields=["product", "from_on"], name="price_product")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "scope", "from_on"], condition=models.Q(withdrawn_at=None), name="price_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(unit_price__gt=0), name="price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.unit_price}"

    def prepare(self) -> None:
        self.scope = f"{self.region_id or '-'}/{self.customer_kind or '-'}"

    def is_over(self, day: dt.date) -> bool:
        return self.to_on is not None and self.to_on < day


class Surcharge(Named):
    """What is added to a price for a published reason: a share of it or a sum, within days (H17)."""

    code = models.CharField(_("代码"), max_length=8, primary_key=True)
    reason = models.CharField(_("公布的原因"), max_length=200)
    reason_en = models.CharField(_("公布的原因（英文）"), max_length=200, blank=True, default="")
    percent = TenthsField(_("加收比例"), null=True, blank=True)
    amount = MoneyField(_("加收金额"), null=True, blank=True)
    from_on = models.DateField(_("生效日期"))
    to_on = models.DateField(_("截止日期"), null=True, blank=True)
    is_active = models.BooleanField(_("使用中"), default=True)

    objects = ListedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__isnull=False, amount=None) | models.Q(percent=None, amount__isnull=False),
                name="surcharge_share_or_sum",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    @property
    def shown_reason(self) -> str:
        return self.reason_en if self.reason_en and (get_language() or "").startswith("en") else self.reason
