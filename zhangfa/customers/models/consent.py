"""The ledger of consents: append-only, one row per grant or withdrawal (domain.md 2.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models.customer import Customer
from zhangfa.organisation.models import Person


class Consent(models.Model):
    """The customer said yes or no to one use of their data over one channel; the newest row of the pair counts."""

    class Purpose(models.TextChoices):
        CARE = "care", _("回访与关怀")
        MARKETING = "marketing", _("优惠与推荐")
        HEALTH = "health", _("健康与照护信息")
        PHOTOS = "photos", _("上门拍照留存")

    class Channel(models.TextChoices):
        ANY = "any", _("不限")
        PHONE = "phone", _("电话")
        SMS = "sms", _("短信")
        WECHAT = "wechat", _("微信")
        VISIT = "visit", _("上门")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents", db_index=False)
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel)
    is_granted = models.BooleanField(_("同意"))
    notice_version = models.CharField(_("隐私告知版本"), max_length=20)
    evidence = models.CharField(_("凭据"), max_length=200)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="consent_customer"),
            models.Index(fields=["by"], name="consent_by", condition=models.Q(by__isnull=False)),
        ]
