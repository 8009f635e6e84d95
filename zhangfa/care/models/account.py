"""Key accounts: found from orders and contracts, kept by an owner, visited each month (CS-W4, domain.md A-21)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import scope
from zhangfa.core.fields import EncryptedTextField, MoneyField
from zhangfa.core.text import mask_name, mask_phone
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Record


class KeyAccountQuerySet(models.QuerySet["KeyAccount"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "owner_id")

    def visible_to(self, actor: Actor) -> KeyAccountQuerySet:
        seen: KeyAccountQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> KeyAccount:
        joined = ("record", "customer", "owner", "outlet")
        return held(
            ("key_account", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk)
        )

    def search(self, query: str) -> KeyAccountQuerySet:
        return self.filter(customer_id__in=Customer.objects.search(query.strip()).order_by().values("pk"))


class KeyAccount(models.Model):
    """《大客户档案模板》: who decides there, why they buy, what they pay, when it ends."""

    class Status(models.TextChoices):
        FOUND = "found", _("待指定负责人")
        ACTIVE = "active", _("维护中")
        DROPPED = "dropped", _("已退出")

    class PurchaseMode(models.TextChoices):
        DIRECT = "direct", _("直接采购")
        TENDER = "tender", _("招标")
        ANNUAL = "annual_bid", _("年度比选")

    class Level(models.TextChoices):
        A = "a", _("一级")
        B = "b", _("二级")
        C = "c", _("三级")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="key_account")
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="key_account", verbose_name=_("客户"))
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.FOUND)
    version = models.PositiveIntegerField(default=1)
    amount = MoneyField(_("年度金额"), default=Decimal(0))
    paid = MoneyField(_("其中已付"), default=Decimal(0))
    contracted = MoneyField(_("其中合同"), default=Decimal(0))
    counted_on = models.DateField(_("核算日期"), null=True)
    found_at = models.DateTimeField(_("达标时间"))
    quarters_below = models.PositiveSmallIntegerField(_("连续未达标季度"), default=0)
    quarter_on = models.DateField(null=True, help_text="the first day of the last quarter that was looked at")
    dropped_at = models.DateTimeField(_("退出时间"), null=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="key_accounts", verbose_name=_("主管责任人"), db_index=False
    )
    owned_from = models.DateTimeField(_("负责起始"), null=True)
    level = models.CharField(_("客户等级"), max_length=1, choices=Level, default=Level.C)
    parent_org = models.CharField(_("上级单位"), max_length=80, blank=True, default="")
    purchase_mode = models.CharField(_("采购方式"), max_length=10, choices=PurchaseMode, blank=True, default="")
    purchase_months = models.CharField(_("采购或预算月份"), max_length=40, blank=True, default="")
    potential = models.CharField(_("潜在需求"), max_length=400, blank=True, default="")
    competitors = models.CharField(_("竞争供应商"), max_length=300, blank=True, default="")
    drivers = models.CharField(_("大客户动因"), max_length=400, blank=True, default="")
    risks = models.CharField(_("风险"), max_length=400, blank=True, default="")
    procedure = models.TextField(_("标准关怀程序"), blank=True, default="")
    credit_amount = MoneyField(_("信用额度"), null=True, blank=True)
    credit_days = models.PositiveSmallIntegerField(_("账期（天）"), default=0)
    target = MoneyField(_("年度目标"), null=True, blank=True)
    renews_on = models.DateField(_("续约日期"), null=True, blank=True)
    is_gift_rule_read = models.BooleanField(_("已阅读礼品合规要求"), default=False)
    is_filed = models.BooleanField(_("档案已填"), default=False)
    reviewed_at = models.DateTimeField(_("档案复核"), null=True)

    objects = KeyAccountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["outlet", "-record"], name="key_account_outlet"),
            models.Index(fields=["department", "-record"], name="key_account_department"),
            models.Index(fields=["owner", "-record"], name="key_account_owner"),
            models.Index(fields=["status", "-amount"], name="key_account_status"),
        ]

    def __str__(self) -> str:
        return self.customer.name

    def get_absolute_url(self) -> str:
        return reverse("care:account", args=[self.pk])


class GroupMember(models.Model):
    """A company of the same group: its purchases count with the account's."""

    account = models.ForeignKey(KeyAccount, models.CASCADE, related_name="members")
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="group_of")
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)


class Decider(models.Model):
    """Somebody in the account's chain of decision; birthdays, families and hobbies are not collected."""

    class Role(models.TextChoices):
        LEADER = "leader", _("分管领导")
        PURCHASER = "purchaser", _("采购负责人")
        HANDLER = "handler", _("经办人")
        USER = "user", _("使用人")

    account = models.ForeignKey(KeyAccount, models.CASCADE, related_name="deciders")
    name = EncryptedTextField(_("姓名"))
    title = models.CharField(_("职务"), max_length=40)
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    preference = models.CharField(_("联系偏好"), max_length=60, blank=True, default="")
    relation = models.PositiveSmallIntegerField(_("关系评分（1–5）"), default=3)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name or "")

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "")


class GroupBuy(models.Model):
    """One purchase for a whole staff or membership 团购 (CS-D4)."""

    account = models.ForeignKey(KeyAccount, models.PROTECT, related_name="group_buys")
    bought_on = models.DateField(_("日期"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("产品"), db_index=False)
    quantity = models.PositiveIntegerField(_("数量"))
    amount = MoneyField(_("金额"))
    motive = models.CharField(_("购买动因"), max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "owner_id")

    def visible_to(self, actor: Actor) -> FeedbackQuerySet:
        seen: FeedbackQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Feedback:
        joined = ("record", "account__customer", "account__record", "owner", "responsible")
        return held(("feedback", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk))


class Feedback(models.Model):
    """《公司大客户意见建议反映表》: what an account says, who answers how until when, and what came of it."""

    class Status(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("待客户确认")
        CLOSED = "closed", _("已关闭")

    class Reply(models.TextChoices):
        INVITE = "invite", _("邀请座谈")
        VISIT = "visit", _("上门答复")
        LETTER = "letter", _("书面答复")
        CALL = "call", _("电话答复")

    class Priority(models.TextChoices):
        LOW = "low", _("一般")
        HIGH = "high", _("重要")
        URGENT = "urgent", _("紧急")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="account_feedback")
    account = models.ForeignKey(
        KeyAccount, models.PROTECT, related_name="feedback", verbose_name=_("大客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    visited_on = models.DateField(_("走访日期"))
    visitor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("走访人"), db_index=False)
    roles = models.JSONField(_("受访人"), default=list, help_text="leader, purchaser, handler")
    interviewees = EncryptedTextField(_("受访人姓名"), blank=True, default="")
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", verbose_name=_("使用产品"), db_index=False
    )
    satisfaction = models.PositiveSmallIntegerField(_("满意度"))
    category = models.CharField(_("意见类别"), max_length=10, blank=True, default="")
    priority = models.CharField(_("紧急程度"), max_length=8, choices=Priority, default=Priority.LOW)
    opinion = models.TextField(_("意见"))
    suggestion = models.TextField(_("建议"), blank=True, default="")
    competitor = models.CharField(_("竞争动态"), max_length=300, blank=True, default="")
    solution = models.TextField(_("解决方法"))
    reply = models.CharField(_("传递方式"), max_length=8, choices=Reply, default=Reply.VISIT)
    responsible = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("责任部门"), db_index=False)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("责任人"), db_index=False)
    due_on = models.DateField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answer = models.TextField(_("答复内容"), blank=True, default="")
    closed_at = models.DateTimeField(_("关闭时间"), null=True)
    is_accepted = models.BooleanField(_("客户认可"), null=True)
    result = models.CharField(_("结果"), max_length=400, blank=True, default="")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-record"], name="feedback_account"),
            models.Index(fields=["outlet", "-record"], name="feedback_outlet"),
            models.Index(fields=["department", "-record"], name="feedback_department"),
            models.Index(fields=["owner", "-record"], name="feedback_owner"),
            models.Index(fields=["status", "-record"], name="feedback_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(satisfaction__range=(1, 5)), name="feedback_satisfaction")
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("care:feedback", args=[self.pk])
