"""Classes of customers (CS-W2.2): which of the four a customer is in, by which facts, since when, and every change with its cause."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models.customer import Customer


class CustomerClass(models.Model):
    """One class that a customer is in now; classes overlap (A-19). Set by the month-end list, never by hand."""

    class Code(models.TextChoices):
        PREMIUM = "premium", _("优质客户")
        KEY = "key", _("大客户")
        LOYAL = "loyal", _("忠诚客户")
        LONG_TERM = "long_term", _("长期客户")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="classes", verbose_name=_("客户"), db_index=False
    )
    code = models.CharField(_("类别"), max_length=10, choices=Code)
    since_on = models.DateField(_("自"), help_text="the list that first showed it without a break")
    as_of_on = models.DateField(_("截至"), help_text="the last day of the period of the newest list")
    facts = models.JSONField(default=dict, help_text="the figures that decided, with the limits of that day")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "code"], name="customer_class_once")]
        indexes = [models.Index(fields=["code", "-customer"], name="customer_class_code")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.code}"


class ClassChange(models.Model):
    """A customer entered a class or left it; written once and never changed."""

    class Cause(models.TextChoices):
        RANK = "rank", _("近十二个月实付金额的名次变化")
        AMOUNT = "amount", _("近十二个月实付金额变化")
        ORDERS = "orders", _("近十二个月订单数变化")
        SATISFACTION = "satisfaction", _("平均满意度变化")
        YEARS = "years", _("合作年数变化")
        PLAN = "plan", _("长期服务月数变化")
        ADVERSE = "adverse", _("有未结的不良消费记录")
        UNPAID = "unpaid", _("有未付账单")
        CLEARED = "cleared", _("不良消费记录或未付账单已了结")
        INACTIVE = "inactive", _("近十二个月没有服务")
        POLICY = "policy", _("公司的规则数字变化")
        KIND = "kind", _("客户类型变化")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="class_changes", db_index=False)
    code = models.CharField(_("类别"), max_length=10, choices=CustomerClass.Code)
    is_entered = models.BooleanField(_("进入"))
    cause = models.CharField(_("原因"), max_length=12, choices=Cause)
    facts = models.JSONField(default=dict)
    period = models.CharField(_("名单月份"), max_length=7)
    at = models.DateTimeField(_("时间"))

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="class_change_customer"),
            models.Index(fields=["period", "code", "id"], name="class_change_period"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {'+' if self.is_entered else '-'}{self.code}"


def in_class(rows: Any, code: str) -> Any:
    """The customers of a list that are in a class: asked row by row, so that the list's own order is kept by its index."""
    mine = CustomerClass.objects.filter(customer_id=models.OuterRef("pk"), code=code)
    return rows.filter(models.Exists(mine))
