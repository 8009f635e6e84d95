"""Calls, the papers that were made from them, and the wording for each kind of call."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core import crypto
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.text import mask_phone
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united

EVERYWHERE = ("gm", "dgm", "cs", "cc", "cm", "ops", "op", "net", "mk")
BY_DEPARTMENT = ("hs", "ls")
BY_OUTLET = ("oa", "sl")


class Kind(models.TextChoices):
    """What a call is about (CS-D1)."""

    ORDER = "order", _("下单")
    ENQUIRY = "enquiry", _("咨询")
    CHANGE = "change", _("改约")
    COMPLAINT = "complaint", _("投诉")
    ACCIDENT = "accident", _("事故")
    REVISIT = "revisit", _("回访")
    MARKETING = "marketing", _("营销")


class CallQuerySet(models.QuerySet["Call"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, each way on an index of its own."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
        outlets = [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]
        found = []
        if departments:
            found.append(self.filter(department_id__in=departments))
        if outlets:
            found.append(self.filter(unit_id__in=outlets))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> CallQuerySet:
        """The call centre and its managers see every call, departments and outlets those of their customers."""
        seen: CallQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: int) -> Call:
        return self.select_for_update(of=("self",)).select_related("customer", "operator").get(pk=pk)

    def search(self, query: str) -> CallQuerySet:
        """By the caller's whole number or its last four digits, or by the customer."""
        query = query.strip()
        customers = Customer.objects.search(query).order_by().values("pk")
        digits = "".join(char for char in query if char.isdigit())
        condition = models.Q(customer_id__in=customers)
        if len(digits) >= 5:
            condition |= models.Q(phone_hash=crypto.fingerprint(digits))
        elif len(digits) == 4:
            condition |= models.Q(phone_last4=digits)
        return self.filter(condition)


class Call(models.Model):
    """One telephone call; numbered by a plain sequence, for there are millions."""

    class Direction(models.TextChoices):
        IN = "in", _("呼入")
        OUT = "out", _("呼出")

    class Status(models.TextChoices):
        RINGING = "ringing", _("响铃")
        SPEAKING = "speaking", _("通话中")
        ENDED = "ended", _("待整理")
        MISSED = "missed", _("未接")
        DONE = "done", _("已登记")

    class Result(models.TextChoices):
        ANSWERED = "answered", _("已答复")
        ORDERED = "ordered", _("已下单")
        CASE = "case", _("已立案")
        FOLLOW_UP = "follow_up", _("待跟进")
        NOTHING = "nothing", _("无效来电")

    external_id = models.CharField(
        max_length=80, null=True, unique=True, editable=False, help_text="the telephone system's own name of the call"
    )
    direction = models.CharField(_("方向"), max_length=3, choices=Direction, default=Direction.IN)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.RINGING)
    version = models.PositiveIntegerField(default=1)
    phone = EncryptedTextField(_("来电号码"), blank=True, default="")
    phone_hash = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    phone_last4 = models.CharField(max_length=4, blank=True, default="", db_index=True, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="calls", verbose_name=_("客户"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    operator = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="calls", verbose_name=_("接听人"), db_index=False
    )
    kind = models.CharField(_("来电类型"), max_length=10, choices=Kind, blank=True, default="")
    content = models.TextField(_("内容与答复"), blank=True, default="")
    result = models.CharField(_("结果"), max_length=10, choices=Result, blank=True, default="")
    started_at = models.DateTimeField(_("来电时间"), db_index=True)
    answered_at = models.DateTimeField(_("接起时间"), null=True)
    ended_at = models.DateTimeField(_("挂断时间"), null=True)
    wait_seconds = models.PositiveIntegerField(_("等待（秒）"), null=True)
    follow_up_at = models.DateTimeField(_("再次联系时间"), null=True, blank=True)
    followed_at = models.DateTimeField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="call_customer"),
            models.Index(fields=["unit", "-id"], name="call_unit"),
            models.Index(fields=["department", "-id"], name="call_department"),
            models.Index(fields=["operator", "status"], name="call_operator"),
            models.Index(fields=["status", "-id"], name="call_status"),
            models.Index(fields=["kind", "-id"], name="call_kind"),
            models.Index(
                fields=["operator", "follow_up_at"],
                name="call_to_follow",
                condition=models.Q(followed_at=None, follow_up_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.pk:07d}"

    def get_absolute_url(self) -> str:
        return reverse("calls:call", args=[self.pk])

    def prepare(self) -> None:
        """Fill the look-up columns and the scope copied from the customer."""
        self.phone_hash = crypto.fingerprint(self.phone) if self.phone else ""
        self.phone_last4 = self.phone[-4:] if self.phone else ""
        if self.customer is not None:
            self.unit_id, self.department_id = self.customer.outlet_id, self.customer.department_id

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "") or str(_("未显示号码"))

    @property
    def who(self) -> str:
        return self.customer.name if self.customer else self.masked_phone


class Paper(models.Model):
    """An order or a case that was entered while somebody spoke with the caller."""

    class Kind(models.TextChoices):
        ORDER = "order", _("订单")
        CASE = "case", _("案件")

    call = models.ForeignKey(Call, models.CASCADE, related_name="papers", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=60, help_text="what it is, with its primary key")
    title = models.CharField(max_length=80)
    url = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "kind", "subject"], name="call_paper_once")]


class Script(models.Model):
    """The company's own wording for one kind of call; until it writes one, the preset's counts."""

    kind = models.CharField(max_length=10, choices=Kind, primary_key=True)
    text = models.TextField(_("标准用语"))
    text_en = models.TextField(_("英文标准用语"), blank=True, default="")

    def __str__(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def shown_text(self) -> str:
        return self.text_en if self.text_en and (get_language() or "").startswith("en") else self.text
