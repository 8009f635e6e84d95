"""Coupons and gifts: what there is, and every movement of it (CS-W3.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models.visit import Visit
from zhangfa.core.fields import MoneyField
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person

READERS = ("gm", "dgm", "cs", "cm", "cc", "hs", "ls", "sup", "fin", "am")


class GiftItemQuerySet(models.QuerySet["GiftItem"]):
    def visible_to(self, actor: Actor) -> GiftItemQuerySet:
        return self.all() if actor.is_system or actor.holds(*READERS) else self.none()

    def lock(self, pk: int) -> GiftItem:
        # Always read afresh: what is on hand decides.
        return self.select_for_update().get(pk=pk)

    def search(self, query: str) -> GiftItemQuerySet:
        return self.filter(name__contains=query.strip())


class GiftItem(models.Model):
    """One kind of coupon or gift with what lies in stock."""

    class Kind(models.TextChoices):
        COUPON = "coupon", _("优惠券")
        GIFT = "gift", _("礼品")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    value = MoneyField(_("单件价值"))
    on_hand = models.IntegerField(_("库存"), default=0)
    is_active = models.BooleanField(_("使用中"), default=True)

    objects = GiftItemQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="gift_on_hand")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("care:gift", args=[self.pk])


class Giving(models.Model):
    """What a visitor left with a customer, or asks to be allowed to leave."""

    class Status(models.TextChoices):
        GIVEN = "given", _("已赠送")
        WAITING = "waiting", _("待批准")
        REFUSED = "refused", _("未批准")
        BACK = "back", _("已收回")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="givings")
    item = models.ForeignKey(GiftItem, models.PROTECT, related_name="givings", verbose_name=_("礼品"), db_index=False)
    count = models.PositiveSmallIntegerField(_("数量"), help_text="what the customer kept")
    returned = models.PositiveSmallIntegerField(_("收回数量"), default=0)
    amount = MoneyField(_("价值"))
    number = models.CharField(_("券号"), max_length=60, blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=Status)
    asked_at = models.DateTimeField(_("时间"))
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="giving_item")]


class StockMove(models.Model):
    """A movement of stock with what lay there afterwards; rows are added, never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("入库")
        GIVEN = "given", _("赠送")
        RETURNED = "returned", _("退供应商")
        LOST = "lost", _("损耗")
        BACK = "back", _("访问收回")

    item = models.ForeignKey(GiftItem, models.PROTECT, related_name="moves", db_index=False)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind)
    count = models.IntegerField(_("数量"), help_text="plus comes in, minus goes out")
    after = models.IntegerField(_("结存"))
    giving = models.ForeignKey(Giving, models.PROTECT, null=True, related_name="moves")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="stock_move_item")]
        constraints = [
            models.CheckConstraint(condition=models.Q(after__gte=0), name="stock_after"),
            # A gift leaves stock once; it may come back in parts.
            models.UniqueConstraint(fields=["giving"], condition=models.Q(kind="given"), name="stock_given_once"),
        ]


def amount_of(givings: Any) -> Decimal:
    """The value of what the customer kept and of what is asked for."""
    return sum((row.amount for row in givings if row.status != Giving.Status.REFUSED), Decimal(0))
