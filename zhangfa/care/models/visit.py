"""A visit to a customer: one record, printed as 《访问客户登记表》, 《登记记录表》 or 《意见表》 (domain.md A-31)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import scope
from zhangfa.care.models.plan import CarePlan
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order, Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

JOINED = ("record", "customer", "order__product", "plan", "visitor", "outlet", "pitched")


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, actor: Actor) -> BundleQuerySet:
        return self.all() if actor.is_system or actor.holds("gm", "dgm", "am", "cs", "cc", "cm", "mk") else self.none()

    def lock(self, pk: Any) -> Bundle:
        return held(
            ("visit_bundle", pk), lambda: self.select_for_update(of=("self",)).select_related("record").get(pk=pk)
        )


class Bundle(models.Model):
    """The sheets of a week on their way: service centre, administration, deputy general manager (CS-W3.3)."""

    class Status(models.TextChoices):
        SENT = "sent", _("待行政汇总")
        PASSED = "passed", _("待分析结论")
        CONCLUDED = "concluded", _("已有结论")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="visit_bundle")
    week_on = models.DateField(_("周"), unique=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.SENT)
    version = models.PositiveIntegerField(default=1)
    figures = models.JSONField(default=dict, help_text="counts as they stood when it was sent")
    note = models.CharField(_("客服中心说明"), max_length=600, blank=True, default="")
    summary = models.TextField(_("行政部汇总"), blank=True, default="")
    conclusion = models.TextField(_("分析结论"), blank=True, default="")
    sent_at = models.DateTimeField(_("送出时间"))
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    passed_at = models.DateTimeField(_("汇总时间"), null=True)
    passed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    concluded_at = models.DateTimeField(_("结论时间"), null=True)
    concluded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = BundleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.week_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("care:bundle", args=[self.pk])

    @property
    def ends_on(self) -> dt.date:
        return self.week_on + dt.timedelta(days=6)


class VisitQuerySet(models.QuerySet["Visit"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "visitor_id")

    def visible_to(self, actor: Actor) -> VisitQuerySet:
        """Visits in the actor's scope, and those that the actor made."""
        seen: VisitQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Visit:
        return held(("visit", pk), lambda: self.select_for_update(of=("self",)).select_related(*JOINED).get(pk=pk))

    def search(self, query: str) -> VisitQuerySet:
        query = query.strip()
        customers = Customer.objects.search(query).order_by().values("pk")
        return self.filter(models.Q(customer_id__in=customers) | numbered(query))


class Visit(models.Model):
    """Somebody goes to a customer: checked before, measured on arrival, written down on return."""

    class Kind(models.TextChoices):
        CARE = "care", _("关怀访问")
        COMPLAINT = "complaint", _("投诉维护访问")
        DIVISION = "division", _("部门访问")

    class Status(models.TextChoices):
        PREPARED = "prepared", _("准备出发")
        ARRIVED = "arrived", _("访问中")
        RETURNED = "returned", _("待填表")
        WRITTEN = "written", _("已登记")
        CANCELLED = "cancelled", _("已取消")

    class Mode(models.TextChoices):
        ONSITE = "onsite", _("上门")
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")

    class Level(models.TextChoices):
        HOUSEHOLD = "household", _("家庭成员")
        MANAGER = "manager", _("直接管理者")
        LEADER = "leader", _("分管领导")
        PURCHASER = "purchaser", _("采购负责人")
        HANDLER = "handler", _("经办人")
        USER = "user", _("现场使用人")

    class Problem(models.TextChoices):
        QUALITY = "quality", _("服务质量")
        ATTITUDE = "attitude", _("服务态度")
        TIME = "time", _("时间与到岗")
        PRICE = "price", _("价格与收费")
        SAFETY = "safety", _("安全")
        OTHER = "other", _("其他")

    class Severity(models.TextChoices):
        LOW = "low", _("轻微")
        MIDDLE = "middle", _("一般")
        HIGH = "high", _("严重")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="visit")
    kind = models.CharField(_("访问类型"), max_length=10, choices=Kind)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PREPARED)
    version = models.PositiveIntegerField(default=1)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="visits", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="visits", verbose_name=_("订单"), db_index=False
    )
    plan = models.OneToOneField(CarePlan, models.PROTECT, null=True, related_name="visit", verbose_name=_("关怀计划"))
    visitor = models.ForeignKey(Person, models.PROTECT, related_name="visits", verbose_name=_("访问人"), db_index=False)
    mode = models.CharField(_("方式"), max_length=8, choices=Mode, default=Mode.ONSITE)
    is_notified = models.BooleanField(_("事先告知网点"), default=True)
    planned_at = models.DateTimeField(_("计划时间"), null=True)
    checklist = models.JSONField(default=list, help_text="what was looked at before leaving")
    prepared_at = models.DateTimeField(_("出发前检查"), null=True)
    arrived_at = models.DateTimeField(_("到达时间"), null=True)
    place = models.CharField(_("到达地点"), max_length=120, blank=True, default="")
    service_started_at = models.DateTimeField(_("服务开始"), null=True)
    delay_minutes = models.IntegerField(_("到达间隔（分钟）"), null=True)
    is_on_time = models.BooleanField(_("按时到达"), null=True)
    left_at = models.DateTimeField(_("离开时间"), null=True)
    returned_at = models.DateTimeField(_("返回时间"), null=True)
    sheet_due_at = models.DateTimeField(_("填表期限"), null=True)
    written_at = models.DateTimeField(_("填表时间"), null=True)
    is_late = models.BooleanField(_("填表逾期"), default=False)
    interviewee = EncryptedTextField(_("受访人"), blank=True, default="")
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    level = models.CharField(_("受访人层级"), max_length=12, choices=Level, default=Level.HOUSEHOLD)
    checks = models.JSONField(default=dict, help_text="quality scores by item, 1 to 5")
    satisfaction = models.PositiveSmallIntegerField(_("满意度"), null=True)
    recommend = models.PositiveSmallIntegerField(_("推荐意愿（0–10）"), null=True)
    opinion = models.TextField(_("意见"), blank=True, default="")
    suggestion = models.TextField(_("建议"), blank=True, default="")
    wish = models.CharField(_("新需求"), max_length=400, blank=True, default="")
    pitched = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", verbose_name=_("推介产品"), db_index=False
    )
    competitor = models.CharField(_("竞争信息"), max_length=300, blank=True, default="")
    problem = models.CharField(_("问题类别"), max_length=10, choices=Problem, blank=True, default="")
    problem_text = models.TextField(_("问题"), blank=True, default="")
    severity = models.CharField(_("严重程度"), max_length=8, choices=Severity, blank=True, default="")
    needs_action = models.BooleanField(_("需要处理"), default=False)
    profile_note = models.CharField(_("写入客户档案的内容"), max_length=600, blank=True, default="")
    profile_updates = models.JSONField(_("已写入档案"), default=dict, help_text="answers of F15 that this sheet wrote")
    bundle = models.ForeignKey(
        Bundle, models.PROTECT, null=True, related_name="visits", verbose_name=_("周汇总"), db_index=False
    )
    cancelled_for = models.CharField(_("取消原因"), max_length=200, blank=True, default="")

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-record"], name="visit_customer"),
            models.Index(fields=["outlet", "-record"], name="visit_outlet"),
            models.Index(fields=["department", "-record"], name="visit_department"),
            models.Index(fields=["visitor", "-record"], name="visit_visitor"),
            models.Index(fields=["status", "-record"], name="visit_status"),
            models.Index(fields=["written_at"], name="visit_written", condition=models.Q(written_at__isnull=False)),
            models.Index(fields=["bundle"], name="visit_bundle", condition=models.Q(bundle__isnull=False)),
            models.Index(fields=["order"], name="visit_order", condition=models.Q(order__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(satisfaction=None) | models.Q(satisfaction__range=(1, 5)), name="visit_satisfaction"
            ),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("care:visit", args=[self.pk])

    @cached_property
    def has_gifts(self) -> bool:
        """Whether the customer still has something that this visit left."""
        return (
            self.status not in (self.Status.PREPARED, self.Status.CANCELLED)
            and self.givings.filter(status="given").exists()
        )

    @property
    def subject(self) -> str:
        return f"record:{self.pk}"
