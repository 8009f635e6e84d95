"""Payments: what finance paid out, to whom, against which paper."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField, MoneyField
from zhangfa.organisation.models import Person
from zhangfa.records.models import Record


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

    @property
    def masked_account(self) -> str:
        return f"**** {self.payee_account_last4}" if self.payee_account_last4 else ""
