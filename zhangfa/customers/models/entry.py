"""What was learnt about served customers, day by day, and how it reaches the archive (CS-W2.1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField
from zhangfa.customers.models.customer import BY_DEPARTMENT, EVERYWHERE, Customer, CustomerQuerySet
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record


class HandInQuerySet(models.QuerySet["HandIn"]):
    def visible_to(self, actor: Actor) -> Any:
        """The customer service centre and the executives see all, a department its own."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return self.all()
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
        return self.filter(unit_id__in=departments) if departments else self.none()

    def lock(self, pk: Any) -> HandIn:
        return self.select_for_update(of=("self",)).select_related("record", "unit").get(pk=pk)


class HandIn(models.Model):
    """A department hands in what its outlets wrote since the last time 档案上交单."""

    class Status(models.TextChoices):
        HANDED_IN = "handed_in", _("待检查")
        CHECKED = "checked", _("已检查")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="hand_in")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("部门"), db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.HANDED_IN)
    version = models.PositiveIntegerField(default=1)
    period_on = models.DateField(_("从"))
    until_on = models.DateField(_("到"))
    due_at = models.DateTimeField(_("期限"))
    handed_at = models.DateTimeField(_("上交时间"))
    handed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("上交人"), db_index=False
    )
    entry_count = models.PositiveIntegerField(_("档案数"))
    late_count = models.PositiveIntegerField(_("其中迟交"))
    is_late = models.BooleanField(_("迟交"))
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    opinion = models.CharField(_("检查意见"), max_length=400, blank=True, default="")

    objects = HandInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-record"], name="hand_in_unit")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("customers:handin", args=[self.pk])


class ArchiveEntryQuerySet(models.QuerySet["ArchiveEntry"]):
    # The scope of an entry is its customer's, copied when it is written.
    branches = CustomerQuerySet.branches
    visible_to = CustomerQuerySet.visible_to

    def lock(self, pk: Any) -> ArchiveEntry:
        """The customer with their file first, then the entry, as the order of locks has it."""
        customers = Customer.objects.select_for_update(of=("self",)).select_related("profile")
        customer = customers.get(pk__in=self.filter(pk=pk).values("customer_id"))
        entry = self.select_for_update(of=("self",)).select_related("record", "outlet").get(pk=pk)
        entry.customer = customer
        return entry

    def search(self, query: str) -> Any:
        customers = Customer.objects.search(query).order_by().values("pk")
        return self.filter(models.Q(customer_id__in=customers) | numbered(query))


class ArchiveEntry(models.Model):
    """What an outlet learnt about one customer on one day 《客户档案登记表》."""

    class Status(models.TextChoices):
        WRITTEN = "written", _("待上交")
        HANDED_IN = "handed_in", _("待录入")
        ENTERED = "entered", _("待核实")
        RETURNED = "returned", _("有差异，已退回")
        VERIFIED = "verified", _("已核实")
        SHELVED = "shelved", _("不再录入")

    # Nobody has to do anything about it any more.
    OVER = (Status.VERIFIED, Status.SHELVED)

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="archive_entry")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="entries", verbose_name=_("客户"), db_index=False
    )
    served_on = models.DateField(_("服务日期"))
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.WRITTEN)
    version = models.PositiveIntegerField(default=1)
    hand_in = models.ForeignKey(HandIn, models.PROTECT, null=True, related_name="entries", verbose_name=_("上交单"))
    written_at = models.DateTimeField(_("登记时间"))
    written_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"), db_index=False
    )
    is_late = models.BooleanField(_("不是当天登记"))
    key_in_due_at = models.DateTimeField(_("录入期限"), null=True)
    entered_at = models.DateTimeField(_("录入时间"), null=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("录入人"), db_index=False
    )
    verify_due_at = models.DateTimeField(_("核实期限"), null=True)
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核实人"), db_index=False
    )
    rounds = models.PositiveSmallIntegerField(default=0, help_text="how often it came back corrected")
    text_key = models.CharField(max_length=32, blank=True, default="", editable=False, help_text="equal observations")

    objects = ArchiveEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "served_on"], name="archive_entry_once")]
        indexes = [
            models.Index(fields=["outlet", "-record"], name="archive_entry_outlet"),
            models.Index(fields=["department", "-record"], name="archive_entry_department"),
            models.Index(fields=["status", "-record"], name="archive_entry_status"),
            models.Index(fields=["written_by", "text_key"], name="archive_entry_text"),
            models.Index(fields=["entered_by"], name="archive_entry_entered", condition=models.Q(entered_by__isnull=False)),
            models.Index(fields=["verified_by"], name="archive_entry_verified", condition=models.Q(verified_by__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("customers:entry", args=[self.pk])

    @property
    def subject(self) -> str:
        """What its duties are about: what came back corrected is entered and verified anew."""
        return f"record:{self.pk}" + (f"/{self.rounds}" if self.rounds else "")


class Learnt(models.Model):
    """One answer of an entry, and how it stood the verification."""

    entry = models.ForeignKey(ArchiveEntry, models.PROTECT, related_name="learnt")
    field = models.CharField(max_length=20)
    value = EncryptedTextField()
    is_verified = models.BooleanField(null=True)
    reason = models.CharField(_("差异"), max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="learnt_once")]
