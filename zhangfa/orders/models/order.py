"""The orders: what was agreed, who serves it, what it costs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.fields import EncryptedTextField, MoneyField, TenthsField
from zhangfa.core.work import held
from zhangfa.customers.models import EVERYWHERE, Customer
from zhangfa.customers.models.customer import FEW, NEAR, newest_named
from zhangfa.orders.crew_rules import missing_for
from zhangfa.orders.models.product import Product
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit, found_by
from zhangfa.organisation.scope import by_place, united
from zhangfa.records.models import Record
from zhangfa.ui.addresses import address

# Finance reads every order for its money; whose home it is stays masked.
MONEY = ("fin",)
LOCKED = ("customer", "outlet", "product", "worker")
# What few orders are: lists of them stand on an index of their own.
OPEN, OWED = ("planned", "assigned", "started"), ("unpaid", "part", "refunding")
RARE_STATUSES = ("planned", "assigned", "started", "cancelled")
RARE_PAYMENTS = ("unpaid", "part", "refunding", "refunded")


class OrderQuerySet(models.QuerySet["Order"]):
    def lock(self, pk: int) -> Order:
        """The order's row, locked: who serves it, what was paid, what it still may do."""
        return held(("order", pk), lambda: self.select_for_update(of=("self",)).select_related(*LOCKED).get(pk=pk))

    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as few querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE, *MONEY):
            return [self.all()]
        found = by_place(self, actor)
        if actor.person_id is not None:
            found.append(self.filter(worker_id=actor.person_id))
        if actor.person_id is not None and actor.holds("sw"):
            found.append(self.filter(crew__worker_id=actor.person_id))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> OrderQuerySet:
        """Orders in the actor's scope; a worker sees those they served themselves, in charge or along."""
        seen: OrderQuerySet = united(self, self.branches(actor))
        return seen

    def search(self, query: str) -> OrderQuerySet:
        """By order number, or by whom it was for."""
        return self.filter(self.matching(query))

    def matching(self, query: str) -> models.Q:
        """The condition of a search. Asks first whom it can mean: the orders of a few or some thousands of customers are found
        by customer, of a name that very many have by going through the orders."""
        query = query.strip()
        numbers = {query, query.upper()}
        customers = newest_named(query)
        if len(customers) <= FEW:
            whose = models.Q(customer_id__in=customers)
        elif customers[0] - customers[-1] < NEAR:
            whose = found_by(query, whose="customer__", how="named_widely")
        else:
            whose = models.Q(customer_id__in=Customer.objects.search(query).order_by().values("pk"))
        own = list(Order.objects.filter(number__in=numbers).values_list("pk", flat=True))
        return (models.Q(pk__in=own) | whose) if own and customers else models.Q(pk__in=own) if own else whose


class Order(models.Model):
    """One service for a customer by a worker; numbered by a plain sequence, for there are millions."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("待派工")
        ASSIGNED = "assigned", _("已派工")
        STARTED = "started", _("服务中")
        FINISHED = "finished", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    class Payment(models.TextChoices):
        UNPAID = "unpaid", _("未收款")
        PART = "part", _("部分收款")
        PAID = "paid", _("已收款")
        REFUNDING = "refunding", _("退款中")
        REFUNDED = "refunded", _("已退款")

    class Contract(models.TextChoices):
        EMPLOYEE = "employee_model", _("员工制")
        DISPATCH = "dispatch_model", _("派遣制")
        INTERMEDIARY = "intermediary_model", _("中介制")
        MIXED = "mixed", _("混合制")

    class Cancelled(models.TextChoices):
        CUSTOMER = "customer", _("客户取消")
        WORKER = "worker", _("没有服务员")
        WEATHER = "weather", _("天气")
        UNSAFE = "unsafe", _("现场不安全")
        MISTAKE = "mistake", _("登记有误")
        OTHER = "other", _("其他")

    number = models.CharField(_("订单号"), max_length=20, unique=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="orders", verbose_name=_("客户"), db_index=False
    )
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="orders", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="orders", verbose_name=_("服务产品"), db_index=False
    )
    worker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="orders", verbose_name=_("服务员"), db_index=False
    )
    wished_worker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("客户指定的服务员"), db_index=False
    )
    served_from = models.DateTimeField(_("服务开始"))
    served_to = models.DateTimeField(_("服务结束"))
    quantity = TenthsField(_("数量"), default=Decimal(1))
    amount = MoneyField(_("服务金额"))
    price = models.JSONField(default=dict, help_text="the line of the price list and every line of the sum")
    note = EncryptedTextField(_("服务要求"), blank=True, default="")
    contract_model = models.CharField(
        _("用工模式"),
        max_length=20,
        choices=Contract,
        default=Contract.EMPLOYEE,
        help_text="as it stood when the order was served",
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PLANNED)
    payment = models.CharField(_("收款"), max_length=10, choices=Payment, default=Payment.UNPAID)
    paid = MoneyField(_("实收"), default=Decimal(0))
    refunded = MoneyField(_("已退"), default=Decimal(0))
    booked_at = models.DateTimeField(_("下单时间"), null=True)
    booked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("下单人"), db_index=False
    )
    started_at = models.DateTimeField(_("实际开始"), null=True)
    finished_at = models.DateTimeField(_("实际结束"), null=True)
    cancelled_for = models.CharField(_("取消原因"), max_length=10, choices=Cancelled, blank=True, default="")
    satisfaction = models.PositiveSmallIntegerField(_("满意度"), null=True, blank=True)
    sheet = models.OneToOneField(
        Record, models.PROTECT, null=True, related_name="order", help_text="opened with the first photo"
    )
    series = models.ForeignKey(
        "Series", models.PROTECT, null=True, related_name="orders", verbose_name=_("长期服务"), db_index=False
    )
    series_day = models.DateField(null=True, help_text="the day for which the series made it; stays when it is moved")
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "served_from", "id"], name="order_customer"),
            models.Index(fields=["served_from", "id"], name="order_time"),
            models.Index(fields=["outlet", "served_from", "id"], name="order_outlet"),
            models.Index(fields=["department", "served_from", "id"], name="order_department"),
            models.Index(fields=["worker", "served_from", "id"], name="order_worker"),
            models.Index(fields=["product", "served_from", "id"], name="order_product"),
            models.Index(
                fields=["outlet", "served_from", "id"], name="order_open", condition=models.Q(status__in=OPEN)
            ),
            models.Index(
                fields=["outlet", "served_from", "id"], name="order_owed", condition=models.Q(payment__in=OWED)
            ),
            models.Index(fields=["status", "served_from", "id"], name="order_rare_status", condition=models.Q(status__in=RARE_STATUSES)),
            models.Index(fields=["payment", "served_from", "id"], name="order_rare_payment", condition=models.Q(payment__in=RARE_PAYMENTS)),
            # Asked, also by the database itself, before somebody of a staff list is taken away again.
            models.Index(fields=["wished_worker"], name="order_wished", condition=models.Q(wished_worker__isnull=False)),
            models.Index(fields=["booked_by"], name="order_booker", condition=models.Q(booked_by__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["series", "series_day"], condition=models.Q(series__isnull=False), name="order_series_day"
            ),
            models.CheckConstraint(
                condition=models.Q(served_to__gte=models.F("served_from")), name="order_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(satisfaction=None) | models.Q(satisfaction__range=(1, 5)),
                name="order_satisfaction_range",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("paid"), paid__lte=models.F("amount")),
                name="order_money",
            ),
            models.CheckConstraint(
                condition=models.Q(worker__isnull=False) | models.Q(status__in=("planned", "cancelled")),
                name="order_has_worker",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return address("orders:order", pk=self.pk)

    @property
    def subject(self) -> str:
        """What receipts and refunds of this order are for."""
        return f"order:{self.pk}"

    @property
    def owed(self) -> Decimal:
        return self.amount - self.paid

    @cached_property
    def members(self) -> list[Person]:
        """Who goes along with the worker in charge, in the order in which they were sent; `crews.with_members` reads many at once."""
        return [row.worker for row in self.crew.select_related("worker").order_by("pk")]

    @property
    def people(self) -> list[int]:
        """Everybody who is sent, whoever is in charge first."""
        return [*([self.worker_id] if self.worker_id else []), *(one.pk for one in self.members)]

    @property
    def missing(self) -> int:
        """How many people are still to be sent; of what one person does nobody is asked for."""
        is_crew = self.product.crew > 1 and self.worker_id is not None
        return missing_for(needed=self.product.crew, sent=len(self.people), is_open=self.is_open) if is_crew else 0

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.PLANNED, self.Status.ASSIGNED, self.Status.STARTED)

    @property
    def ended_at(self) -> dt.datetime | None:
        """When the work was done, of what an earlier book handed over when it was to end; None until then."""
        return (self.finished_at or self.served_to) if self.status == self.Status.FINISHED else None

    @property
    def is_over_days(self) -> bool:
        """It does not end on the day on which it begins."""
        return clock.local_date(self.served_from) != clock.local_date(self.served_to)

    def is_late(self, at: dt.datetime) -> bool:
        """The hour has come and nobody has begun."""
        return self.status in (self.Status.PLANNED, self.Status.ASSIGNED) and self.served_from < at
