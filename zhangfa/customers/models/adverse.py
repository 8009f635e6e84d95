"""Adverse records: facts with evidence, a second person's check, the customer's reply, an end (A-34)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField
from zhangfa.customers.models.customer import BY_DEPARTMENT, Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

# Who needs to know: those who decide about and look after customers; a department for its own.
NEED_TO_KNOW = ("gm", "dgm", "cs", "cc", "cm")


class AdverseQuerySet(models.QuerySet["AdverseRecord"]):
    @staticmethod
    def need_to_know(actor: Actor) -> bool:
        return actor.is_system or actor.holds(*NEED_TO_KNOW)

    def visible_to(self, actor: Actor) -> Any:
        """Those who need to know, and who wrote it down."""
        if self.need_to_know(actor):
            return self.all()
        if actor.person_id is None:
            return self.none()
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
        return self.filter(Q(department_id__in=departments) | Q(recorded_by_id=actor.person_id))

    def lock(self, pk: Any) -> AdverseRecord:
        Customer.objects.lock(self.values_list("customer_id", flat=True).get(pk=pk))
        return self.select_for_update(of=("self",)).select_related("record", "customer").get(pk=pk)

    def search(self, query: str) -> Any:
        return self.filter(Q(customer_id__in=Customer.objects.search(query).order_by().values("pk")) | numbered(query))


class AdverseRecord(models.Model):
    """One event 客户不良消费记录; it counts from the check to its end."""

    class Status(models.TextChoices):
        NOTED = "noted", _("待核实")
        CHECKED = "checked", _("已核实")
        DISMISSED = "dismissed", _("不成立")
        EXPIRED = "expired", _("已到期")

    class Kind(models.TextChoices):
        UNDERPAID = "underpaid", _("少付或拒付")
        ABUSIVE = "abusive", _("辱骂服务员")
        HARASSMENT = "harassment", _("骚扰")
        PUBLIC_MORALS = "public_morals", _("违反公序良俗")
        UNSAFE = "unsafe_request", _("要求危险作业")
        FALSE_CLAIM = "false_claim", _("虚假索赔")
        OTHER = "other", _("其他")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="adverse")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="adverse", verbose_name=_("客户"), db_index=False
    )
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.NOTED)
    version = models.PositiveIntegerField(default=1)
    occurred_on = models.DateField(_("发生日期"))
    kind = models.CharField(_("类型"), max_length=16, choices=Kind)
    facts = EncryptedTextField(_("事实"))
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"), db_index=False
    )
    checked_at = models.DateTimeField(_("核实时间"), null=True)
    checked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人"), db_index=False
    )
    ground = models.CharField(_("核实意见"), max_length=400, blank=True, default="")
    reply = EncryptedTextField(_("客户申辩"), blank=True, default="")
    replied_at = models.DateTimeField(_("申辩时间"), null=True)
    expires_on = models.DateField(_("到期日"), null=True)

    objects = AdverseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-record"], name="adverse_customer"),
            models.Index(fields=["department", "-record"], name="adverse_department"),
            models.Index(fields=["recorded_by", "-record"], name="adverse_recorder"),
            models.Index(fields=["expires_on"], name="adverse_expiry", condition=Q(status="checked")),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("customers:adverse-record", args=[self.pk])
