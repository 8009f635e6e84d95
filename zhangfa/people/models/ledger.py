"""What a balance of leave is made of: service, entries that are added to and never rewritten, and who works on which days."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.models import Person, Unit
from zhangfa.people.models.leave import Leave


class ServiceBasis(models.Model):
    """What somebody worked before: cumulative service spans employers (E16)."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="service_basis")
    prior_months = models.PositiveSmallIntegerField(_("入职前累计工作月数"), default=0)
    is_continuous = models.BooleanField(_("入职前已连续工作满 12 个月"), default=False)
    ground = models.CharField(_("依据"), max_length=200)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()


class LeaveEntry(models.Model):
    """One line of the ledger: days given, used, given back or corrected."""

    class Why(models.TextChoices):
        GRANT = "grant", _("登记额度")
        USE = "use", _("使用")
        RELEASE = "release", _("退回")
        CORRECTION = "correction", _("更正")
        CARRY = "carry", _("结转")
        PAY = "pay", _("折算工资")
        WAIVE = "waive", _("放弃或作废")

    person = models.ForeignKey(Person, models.PROTECT, related_name="leave_entries", db_index=False)
    kind = models.CharField(_("假别"), max_length=16)
    year = models.PositiveSmallIntegerField(_("年度"))
    halves = models.SmallIntegerField(help_text="half days, negative when used")
    why = models.CharField(_("事项"), max_length=10, choices=Why)
    reason = models.CharField(_("理由"), max_length=200, blank=True, default="")
    leave = models.ForeignKey(Leave, models.PROTECT, null=True, related_name="entries")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        indexes = [models.Index(fields=["person", "year", "kind"], name="leave_entry_person")]


class RosterQuerySet(models.QuerySet["Roster"]):
    def visible_to(self, actor: Any) -> RosterQuerySet:
        return self if actor.is_system or actor.person_id is not None else self.none()

    def on(self, day: Any) -> RosterQuerySet:
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Roster(models.Model):
    """排班: the weekdays on which a unit or one person works, where that differs from the company's calendar."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="rosters", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="rosters", verbose_name=_("个人")
    )
    weekdays = models.CharField(_("每周上班日"), max_length=7, help_text="1 for Monday to 7 for Sunday")
    works_holidays = models.BooleanField(_("法定节假日也上班"), default=False)
    from_on = models.DateField(_("从哪天起"))
    to_on = models.DateField(_("到哪天止"), null=True, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = RosterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-from_on", "-id"], name="roster_new")]
        constraints = [
            models.CheckConstraint(condition=Q(unit=None) ^ Q(person=None), name="roster_whose"),
        ]

    @property
    def status(self) -> str:
        return "active" if self.to_on is None else "ended"
