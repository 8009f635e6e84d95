"""What was found at the customer's: the survey with its form F10, damaged items and price checks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.case import Case
from zhangfa.core.fields import EncryptedTextField, MoneyField, TenthsField
from zhangfa.organisation.models import Person
from zhangfa.records.models import Record


class Survey(models.Model):
    """The survey 勘察 and the content of 《部门(网店)服务员事故登记表》 (CC-W1.3)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="survey")
    case = models.OneToOneField(Case, models.PROTECT, related_name="survey")
    surveyor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("勘察人"))
    narrative = models.TextField(_("事故经过"), default="")
    worker_statement = models.TextField(_("服务员陈述"), default="")
    customer_statement = models.TextField(_("客户陈述"), default="")
    judgement = models.TextField(_("现场判断"), default="")
    cause = models.CharField(_("背景原因"), max_length=12, choices=Case.Cause, default="", blank=True)
    remedies = models.JSONField(_("客户诉求"), default=list)
    claimed_amount = MoneyField(_("客户索赔额"), null=True, blank=True)
    expected_amount = MoneyField(_("客户心理价位"), null=True, blank=True)
    no_photo_reason = models.CharField(_("无法拍照的原因"), max_length=200, default="", blank=True)
    no_photo_confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("勘察复核人"))
    confirmed_at = models.DateTimeField(null=True)
    third_party_name = EncryptedTextField(_("第三者姓名"), default="", blank=True)
    third_party_phone = EncryptedTextField(_("第三者电话"), default="", blank=True)
    third_party_damage = models.TextField(_("第三者损害"), default="", blank=True)
    floor = models.CharField(_("楼层"), max_length=20, default="", blank=True)
    police_no = models.CharField(_("报警号"), max_length=40, default="", blank=True)
    injury = EncryptedTextField(_("伤情"), default="", blank=True)
    hospital = models.CharField(_("就诊医院"), max_length=80, default="", blank=True)
    advance_amount = MoneyField(_("垫付金额"), null=True, blank=True)
    is_insurer_told = models.BooleanField(_("已报保险"), null=True)
    insurer_told_at = models.DateTimeField(_("报案时间"), null=True, blank=True)
    insurer_no = models.CharField(_("报案号"), max_length=40, default="", blank=True)
    witnesses = EncryptedTextField(_("证人姓名和电话"), default="", blank=True)
    insurer_note = models.CharField(_("未报保险的原因"), max_length=200, default="", blank=True)
    surveyed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(_("返回时间"), null=True)
    registered_at = models.DateTimeField(null=True)


class DamagedItem(models.Model):
    """One damaged object with its price: lost, total, or repairable (CC-W1.4)."""

    class Level(models.TextChoices):
        SCRATCH = "scratch", _("划伤")
        PART = "part", _("部分损坏")
        TOTAL = "total", _("全损")
        LOST = "lost", _("遗失")

    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    name = models.CharField(_("名称"), max_length=60)
    brand_model = models.CharField(_("品牌型号"), max_length=80)
    count = models.PositiveSmallIntegerField(_("数量"), default=1)
    bought_on = models.DateField(_("购买日期"), null=True, blank=True)
    bought_price = MoneyField(_("购买价"), null=True, blank=True)
    damaged_part = models.CharField(_("损坏部位"), max_length=80)
    level = models.CharField(_("损坏程度"), max_length=8, choices=Level)
    is_repairable = models.BooleanField(_("可以修复"), default=False)
    location = models.CharField(_("位置"), max_length=80)
    rough_value = MoneyField(_("大致价值"), null=True, blank=True)
    market_price = MoneyField(_("市场单价"), null=True, blank=True)
    depreciation_pct = TenthsField(_("折旧率"), null=True, blank=True)
    repair_price = MoneyField(_("修复报价"), null=True, blank=True)
    loss = MoneyField(_("认定损失"), null=True, blank=True)

    @property
    def is_total(self) -> bool:
        return self.level in (self.Level.TOTAL, self.Level.LOST)


class PriceCheck(models.Model):
    """Where a market price comes from: shop, page, maker or appraiser, seen by whom and when (CC-W1.4)."""

    class Source(models.TextChoices):
        SHOP = "shop", _("实体店")
        ONLINE = "online", _("网店报价")
        MAKER = "maker", _("厂家")
        APPRAISER = "appraiser", _("评估机构")

    item = models.ForeignKey(DamagedItem, models.PROTECT, related_name="prices")
    source = models.CharField(_("来源"), max_length=10, choices=Source)
    seller = models.CharField(_("店名或网址"), max_length=120)
    model = models.CharField(_("名称型号"), max_length=80)
    price = MoneyField(_("市价"))
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人"))
    checked_at = models.DateTimeField(_("核实时间"))
    proof_id = models.UUIDField(null=True, help_text="the attachment that shows it")


def photo_counts(case: Any) -> dict[str, int]:
    """How many pictures of each kind the case's papers carry."""
    from zhangfa.records.models import Attachment

    rows = (
        Attachment.objects.filter(record_id=case.pk, removed_at=None).values("kind").annotate(total=models.Count("pk"))
    )
    return {row["kind"]: row["total"] for row in rows.order_by("kind")}
