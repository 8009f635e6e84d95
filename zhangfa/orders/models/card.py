"""Packages and prepaid cards: a balance in fen that is never negative, and every movement of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField, TenthsField
from zhangfa.core.money import yuan
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.orders.models.order import Order
from zhangfa.orders.models.product import ListedQuerySet, Named, Product
from zhangfa.orders.models.series import SeriesQuerySet
from zhangfa.organisation.models import Person, Unit


class Package(Named):
    """So much of one product for one price, paid before: its price per unit holds for orders on its card."""

    code = models.CharField(_("代码"), max_length=8, primary_key=True)
    product = models.ForeignKey(Product, models.PROTECT, related_name="packages", verbose_name=_("服务产品"))
    quantity = TenthsField(_("数量"))
    price = MoneyField(_("套餐价"))
    months = models.PositiveSmallIntegerField(_("有效月数"))
    is_active = models.BooleanField(_("在售"), default=True)

    objects = ListedQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(price__gt=0, quantity__gt=0), name="package_positive")]

    def __str__(self) -> str:
        return f"{self.code} {self.shown_name}"

    @property
    def unit_price(self) -> Decimal:
        return yuan(self.price / self.quantity)


class CardQuerySet(SeriesQuerySet):
    def lock(self, pk: int) -> Any:
        joined = ("customer", "outlet", "package")
        return held(("card", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk))


class Card(models.Model):
    """One prepaid card: of a customer, or unnamed; stored value, or a package."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("使用中")
        REFUNDING = "refunding", _("退卡中")
        CLOSED = "closed", _("已退卡")

    number = models.CharField(_("卡号"), max_length=20, unique=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="cards", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("售卡网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    package = models.ForeignKey(
        Package, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("套餐")
    )
    balance = MoneyField(_("余额"), default=Decimal(0))
    sold_at = models.DateTimeField(_("售卡时间"))
    sold_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("售卡人"), db_index=False
    )
    expires_on = models.DateField(_("有效期至"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField(default=1)

    objects = CardQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["outlet", "-id"], name="card_outlet"),
            models.Index(fields=["department", "-id"], name="card_department"),
            models.Index(fields=["customer", "-id"], name="card_customer"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(balance__gte=0), name="card_never_negative")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:card", args=[self.pk])

    @property
    def subject(self) -> str:
        """What receipts and refunds of this card are for."""
        return f"card:{self.pk}"


class CardEntry(models.Model):
    """One movement of a balance, with the balance after it; written under the card's lock and never changed."""

    class Kind(models.TextChoices):
        LOAD = "load", _("充值")
        USE = "use", _("消费")
        BACK = "back", _("退回余额")

    card = models.ForeignKey(Card, models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(_("类型"), max_length=6, choices=Kind)
    amount = MoneyField(_("金额"), help_text="negative where it leaves the card")
    balance = MoneyField(_("余额"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="+", verbose_name=_("订单"), db_index=False
    )
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经手人"), db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["card", "-id"], name="card_entry"),
            models.Index(fields=["order"], name="card_entry_order", condition=models.Q(order__isnull=False)),
            models.Index(fields=["by"], name="card_entry_by", condition=models.Q(by__isnull=False)),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(balance__gte=0), name="card_entry_balance")]
