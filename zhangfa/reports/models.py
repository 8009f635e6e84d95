"""Roll-ups kept beside the orders, and the reports drawn from them (X-6)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.customers.models import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE, Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import by_place, united
from zhangfa.records.models import Record


class Use(models.Model):
    """What one customer had of one product from one department in one month; recomputed whenever an order of theirs changes.

    Plain numbers instead of keys: a roll-up is thrown away and made again, and never holds a row of the trade.
    """

    customer_id = models.BigIntegerField()
    month = models.PositiveIntegerField(help_text="as 202611, by the day of service")
    product_id = models.CharField(max_length=8)
    department_id = models.BigIntegerField(default=0)
    orders = models.PositiveIntegerField(help_text="finished ones")
    amount = MoneyField(help_text="paid less refunded")
    rated = models.PositiveIntegerField(default=0)
    score = models.PositiveIntegerField(default=0)
    owed = models.PositiveIntegerField(default=0, help_text="finished ones that are not paid in full")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer_id", "month", "product_id", "department_id"], name="use_once")
        ]
        indexes = [
            models.Index(fields=["month", "product_id"], name="use_month"),
            models.Index(fields=["customer_id", "month"], name="use_owed", condition=models.Q(owed__gt=0)),
        ]


class CustomerSum(models.Model):
    """All that one customer ever had: since when they are served, and when last."""

    customer_id = models.BigIntegerField(primary_key=True)
    first_on = models.DateField(db_index=True)
    last_on = models.DateField()
    orders = models.PositiveIntegerField()
    amount = MoneyField()


class Month(models.Model):
    """How far the figures of a month are carried: into its sums, and into the mirror. Numbers count the changes."""

    month = models.PositiveIntegerField(primary_key=True)
    changes = models.PositiveIntegerField(default=1)
    summed = models.PositiveIntegerField(default=0)
    mirrored = models.PositiveIntegerField(default=0)


class MonthSum(models.Model):
    """A month's sums by department and product: what trends and tables read."""

    month = models.PositiveIntegerField()
    department_id = models.BigIntegerField(default=0)
    product_id = models.CharField(max_length=8, help_text="empty: all products, customers counted once")
    orders = models.PositiveIntegerField()
    amount = MoneyField()
    customers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "department_id", "product_id"], name="month_sum_once")]


class Touched(models.Model):
    """A customer whose orders changed: written with the change, taken by the roll-up."""

    customer_id = models.BigIntegerField()


class Draw(models.Model):
    """One report as it was drawn: complete once its state says so; a later draw of the same period is another row."""

    class State(models.TextChoices):
        DRAWING = "drawing", _("正在计算")
        DRAWN = "drawn", _("已出数")
        BROKEN = "broken", _("已放弃")

    kind = models.CharField(max_length=12)
    period = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=State, default=State.DRAWING)
    figures = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    engine = models.CharField(max_length=10, blank=True, default="")
    milliseconds = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(_("开始时间"))
    drawn_at = models.DateTimeField(_("出数时间"), null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "period", "-id"], name="draw_period")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"


class ListedQuerySet(models.QuerySet["Listed"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Everybody's for those who look after customers everywhere, else one's departments and outlets."""
        if actor.is_system or actor.holds(*EVERYWHERE, "am", "fin"):
            return [self.all()]
        found = by_place(self, actor)
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> Any:
        return united(self, self.branches(actor))

    def search(self, query: str) -> Any:
        return self.filter(customer_id__in=Customer.objects.search(query).order_by().values("pk"))


class Listed(models.Model):
    """One line of 《公司优秀客户汇总表》: a customer who is in the top set or in a class, with the figures of that list."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="listed", db_index=False)
    place = models.PositiveIntegerField(_("名次"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="listings", db_index=False, verbose_name=_("客户")
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("网点"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    manager = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("维护人")
    )
    amount = MoneyField(_("近十二个月实付"))
    running = MoneyField(_("累计金额"))
    orders = models.PositiveIntegerField(_("订单数"))
    rated = models.PositiveIntegerField(default=0)
    score = models.PositiveIntegerField(default=0)
    first_on = models.DateField(_("首次服务"), null=True)
    last_on = models.DateField(_("最近服务"), null=True)
    visited_on = models.DateField(_("最近拜访"), null=True)
    plan_months = models.PositiveSmallIntegerField(default=0)
    contracted = MoneyField(default=0)
    is_top = models.BooleanField(_("前部客户"))
    is_premium = models.BooleanField(_("优质客户"))
    is_key = models.BooleanField(_("大客户"))
    is_loyal = models.BooleanField(_("忠诚客户"))
    is_long_term = models.BooleanField(_("长期客户"))
    has_adverse = models.BooleanField(_("不良消费记录"))
    is_unpaid = models.BooleanField(_("未付账单"))
    recency = models.PositiveSmallIntegerField(default=0, help_text="RFM, 5 is the best fifth")
    frequency = models.PositiveSmallIntegerField(default=0)
    volume = models.PositiveSmallIntegerField(default=0)
    products = models.CharField(_("主要产品"), max_length=20, blank=True, default="", help_text="one or two codes")
    accidents = models.PositiveSmallIntegerField(_("事故"), default=0)
    complaints = models.PositiveSmallIntegerField(_("投诉"), default=0)

    objects = ListedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "customer"], name="listed_once")]
        indexes = [
            models.Index(fields=["draw", "place", "id"], name="listed_place"),
            models.Index(fields=["draw", "outlet", "place", "id"], name="listed_outlet"),
            models.Index(fields=["draw", "department", "place", "id"], name="listed_department"),
            models.Index(fields=["draw", "manager", "place", "id"], name="listed_manager"),
            models.Index(fields=["customer"], name="listed_customer"),
            models.Index(fields=["manager"], name="listed_managed_by", condition=models.Q(manager__isnull=False)),
        ]

    def get_absolute_url(self) -> str:
        return reverse("customers:customer", args=[self.customer_id])

    @property
    def codes(self) -> list[str]:
        return [
            code
            for code, holds in (
                ("premium", self.is_premium), ("key", self.is_key), ("loyal", self.is_loyal), ("long_term", self.is_long_term),
            )
            if holds
        ]  # fmt: skip


class MixDecision(models.Model):
    """What the GM decided on the product mix, on the table that proposed it (CS-W2.3)."""

    class Verdict(models.TextChoices):
        ADOPT = "adopt", _("采纳建议")
        CHANGE = "change", _("修改后采纳")
        DECLINE = "decline", _("不采纳")

    paper = models.OneToOneField(Record, models.PROTECT, related_name="mix_decision")
    period = models.CharField(max_length=7)
    verdict = models.CharField(_("决定"), max_length=8, choices=Verdict)
    decision = models.CharField(_("决定内容"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("时间"))
    task_url = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["period", "-id"], name="mix_decision_period")]


class Trial(models.Model):
    """A question "what if" put to the worker, and its answer: kept, and shown with the day it stands on (CS-D4)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待计算")
        RUNNING = "running", _("正在计算")
        DONE = "done", _("已算完")
        BROKEN = "broken", _("没有算成")

    STEPS = 4

    by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("提出人")
    )
    month = models.PositiveIntegerField(_("月份"))
    asked = models.JSONField(help_text="the other figures; money in fen, the share as text")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    asked_at = models.DateTimeField(_("提出时间"))
    as_of = models.DateTimeField(_("数据截至"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-id"], name="trial_by"),
            models.Index(fields=["asked_at"], name="trial_age"),
        ]

    def __str__(self) -> str:
        return f"{self.month}"

    def get_absolute_url(self) -> str:
        return reverse("reports:trial-result", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return 100 * self.step // self.STEPS


__all__ = [
    "BY_DEPARTMENT", "BY_OUTLET", "CustomerSum", "Draw", "Listed", "MixDecision", "Month", "MonthSum", "Touched", "Trial", "Use",
]  # fmt: skip
