"""The complaint form: cause, prevention and what was agreed with the customer (CC-D1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.case import Case
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.models import Record


class ComplaintForm(models.Model):
    """《客户事故及服务质量投诉登记表》: filled for a complaint, generated from the papers of an accident (domain.md A-51)."""

    class Category(models.TextChoices):
        ACCIDENT = "accident", _("事故")
        QUALITY = "quality", _("服务质量")
        ATTITUDE = "attitude", _("服务态度")
        PRICE = "price", _("价格收费")
        TIME = "time", _("迟到改期")
        CONTRACT = "contract", _("合同履约")
        PRIVACY = "privacy", _("隐私安全")
        OTHER = "other", _("其他")

    class Channel(models.TextChoices):
        PHONE = "phone", _("电话")
        OUTLET = "outlet", _("到店")
        APP = "app", _("小程序")
        PLATFORM = "platform", _("平台")
        AUTHORITY = "authority", _("12315/12345")

    class Level(models.TextChoices):
        LOW = "low", _("低")
        MIDDLE = "middle", _("中")
        HIGH = "high", _("高")

    class Authority(models.TextChoices):
        CONSUMERS = "consumers", _("消费者组织（12315）")
        HOTLINE = "hotline", _("政务热线（12345）")
        PLATFORM = "platform", _("平台")
        COURT = "court", _("法院或仲裁")
        OTHER = "other", _("其他")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="complaint_form")
    case = models.OneToOneField(Case, models.PROTECT, related_name="complaint_form")
    category = models.CharField(_("投诉类型"), max_length=10, choices=Category)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel, default=Channel.PHONE)
    relation = models.CharField(_("与客户关系"), max_length=30, default="", blank=True)
    remedies = models.JSONField(_("诉求"), default=list)
    is_recurrent = models.BooleanField(_("重复投诉"), default=False)
    acknowledged_at = models.DateTimeField(_("受理回执"), null=True)
    first_answer_due_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(_("首次答复时间"), null=True)
    agreed_on = models.DateField(_("与客户核定完成日"), null=True)
    agreed_consent = models.CharField(_("客户同意延后的记录"), max_length=200, default="", blank=True)
    responsible_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("责任部门"))
    complexity = models.CharField(_("复杂程度"), max_length=6, choices=Level, default="", blank=True)
    impact = models.CharField(_("影响程度"), max_length=6, choices=Level, default="", blank=True)
    is_safety_related = models.BooleanField(_("涉及安全"), null=True)
    investigation = models.TextField(_("调查情况"), default="", blank=True)
    cause = models.CharField(_("原因"), max_length=12, choices=Case.Cause, default="", blank=True)
    root_cause = models.TextField(_("原因详述"), default="", blank=True)
    resolutions = models.JSONField(_("处理方式"), default=list)
    resolution = models.TextField(_("处理说明"), default="", blank=True)
    replied_at = models.DateTimeField(_("答复时间"), null=True)
    is_accepted = models.BooleanField(_("客户接受"), null=True)
    is_external_route_told = models.BooleanField(_("已告知外部途径"), default=False)
    external_source = models.CharField(_("外部受理单位"), max_length=9, choices=Authority, default="", blank=True)
    external_no = models.CharField(_("外部案件编号"), max_length=60, default="", blank=True)
    external_due_on = models.DateField(_("外部答复期限"), null=True, blank=True)
    avoidable = models.TextField(_("可能避免的管理策略"), default="", blank=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["agreed_on"], name="complaint_agreed")]


class Improvement(models.Model):
    """One improvement per closed case: what the week's bundle carries to administration, without names (CC-D1)."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="improvement")
    week_on = models.DateField(help_text="Monday of the week in which it arose")
    category = models.CharField(max_length=10)
    cause = models.CharField(max_length=12, default="")
    measure = models.TextField()
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    bundle = models.ForeignKey(Record, models.PROTECT, null=True, related_name="improvements")

    class Meta:
        indexes = [models.Index(fields=["week_on", "bundle"], name="improvement_week")]
