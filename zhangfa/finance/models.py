"""Money in and out: what customers paid, what goes back to them, and what finance paid out against which paper."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField, MoneyField
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.models import Record


class Receipt(models.Model):
    """Money that came in: what for (`subject`, e.g. order:17), how much, how, who took it (HS-W3)."""

    class Method(models.TextChoices):
        WECHAT = "wechat", _("微信")
        ALIPAY = "alipay", _("支付宝")
        TRANSFER = "transfer", _("银行转账")
        CASH = "cash", _("现金")
        CARD = "card", _("预付卡")

    subject = models.CharField(max_length=40, help_text="what was paid for, as kind:id")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    amount = MoneyField(_("金额"))
    method = models.CharField(_("收款方式"), max_length=10, choices=Method)
    voucher_no = models.CharField(_("凭证号"), max_length=40, blank=True, default="")
    received_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("收款人"), db_index=False
    )
    received_at = models.DateTimeField(_("收款时间"))

    class Meta:
        indexes = [
            models.Index(fields=["subject"], name="receipt_subject"),
            models.Index(fields=["unit", "received_at"], name="receipt_unit"),
            models.Index(
                fields=["received_by"], name="receipt_received_by", condition=models.Q(received_by__isnull=False)
            ),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_positive")]

    def __str__(self) -> str:
        return f"{self.subject} {self.amount}"


class RefundQuerySet(models.QuerySet["Refund"]):
    def visible_to(self, actor: Any) -> RefundQuerySet:
        """Finance and the executives all; who asked for one, their own."""
        if actor.is_system or actor.holds("fin", "gm", "dgm", "cs"):
            return self
        return self.filter(asked_by_id=actor.person_id) if actor.person_id is not None else self.none()


class Refund(models.Model):
    """Money that goes back to a customer: asked for by one person, paid by another (HS-W3, domain.md A-43)."""

    class Status(models.TextChoices):
        ASKED = "asked", _("待退款")
        PAID = "paid", _("已退款")
        DECLINED = "declined", _("未同意")

    subject = models.CharField(max_length=40, help_text="what was paid for, as kind:id")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    title = models.CharField(_("退什么"), max_length=60)
    url = models.CharField(max_length=120)
    amount = MoneyField(_("金额"))
    reason = models.CharField(_("退款原因"), max_length=200)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"))
    due_at = models.DateTimeField(_("最晚退款时间"))
    method = models.CharField(_("退款方式"), max_length=10, choices=Receipt.Method, blank=True, default="")
    voucher_no = models.CharField(_("凭证号"), max_length=40, blank=True, default="")
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("退款人"), db_index=False
    )
    decided_at = models.DateTimeField(_("退款时间"), null=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="refund_status"),
            models.Index(fields=["due_at", "id"], name="refund_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_positive"),
            models.UniqueConstraint(fields=["subject"], condition=models.Q(status="asked"), name="refund_one_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.url


class Payment(models.Model):
    """One payment against one signed paper (CC-W1.6)."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("银行转账")
        WECHAT = "wechat", _("微信")
        ALIPAY = "alipay", _("支付宝")
        CASH = "cash", _("现金")

    record = models.OneToOneField(Record, models.PROTECT, related_name="payment", verbose_name=_("付款依据"))
    payee = models.CharField(_("收款人"), max_length=60)
    payee_account = EncryptedTextField(_("收款账号"), blank=True, default="")
    payee_account_last4 = models.CharField(max_length=4, blank=True, default="", editable=False)
    amount = MoneyField(_("金额"))
    method = models.CharField(_("付款方式"), max_length=10, choices=Method)
    voucher_no = models.CharField(_("凭证号"), max_length=40, unique=True)
    paid_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("付款人"))
    paid_at = models.DateTimeField(_("付款时间"))

    class Meta:
        indexes = [models.Index(fields=["paid_at"], name="payment_paid_at")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive")]

    def __str__(self) -> str:
        return self.voucher_no
