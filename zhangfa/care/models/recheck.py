"""Re-visits that check whether visits, calls and archive entries of the outlets are true (HS-W1.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Record


class RecheckQuerySet(models.QuerySet["Recheck"]):
    def branches(self, actor: Actor) -> list[Any]:
        """The executives and administration all, department managers their own; who wrote the record, once something was found."""
        if actor.is_system or actor.holds("gm", "dgm", "am", "cs"):
            return [self.all()]
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in ("hs", "ls")]
        found = [self.filter(department_id__in=departments)] if departments else []
        if actor.person_id is not None:
            found.append(self.filter(checker_id=actor.person_id))
            found.append(self.filter(concerned_id=actor.person_id, status__in=self.model.TOLD))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> RecheckQuerySet:
        seen: RecheckQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Recheck:
        joined = ("record", "customer", "outlet", "concerned")
        return held(("recheck", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk))


class Recheck(models.Model):
    """One record drawn by the program, and what the customer says about it."""

    class Status(models.TextChoices):
        DRAWN = "drawn", _("待回访")
        TRUE = "true", _("属实")
        DOUBTFUL = "doubtful", _("存疑")
        FALSE = "false", _("不属实")
        OBJECTED = "objected", _("有异议")
        UPHELD = "upheld", _("维持认定")
        LIFTED = "lifted", _("撤销认定")

    class Kind(models.TextChoices):
        VISIT = "visit", _("访问登记")
        REVISIT = "revisit", _("服务后回访")
        ENTRY = "entry", _("档案登记")

    @property
    def due_at(self) -> dt.datetime:
        """The end of the week for which it was drawn."""
        return clock.day_end(clock.day_start(self.week_on) + dt.timedelta(days=6))

    TOLD = ("doubtful", "false", "objected", "upheld", "lifted")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="recheck")
    kind = models.CharField(_("抽查对象"), max_length=8, choices=Kind)
    subject = models.CharField(max_length=60, help_text="kind and key of what was drawn")
    subject_title = models.CharField(_("原记录"), max_length=80)
    subject_url = models.CharField(max_length=200, blank=True, default="")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name=_("客户"), db_index=False)
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    concerned = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("记录人"), db_index=False)
    week_on = models.DateField(_("周"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAWN)
    version = models.PositiveIntegerField(default=1)
    drawn_at = models.DateTimeField(_("抽取时间"))
    checker = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("核查人"), db_index=False
    )
    checked_at = models.DateTimeField(_("核查时间"), null=True)
    mode = models.CharField(_("方式"), max_length=8, blank=True, default="")
    evidence = models.TextField(_("核查情况与依据"), blank=True, default="")
    service_opinion = models.CharField(_("对服务的意见"), max_length=400, blank=True, default="")
    management_opinion = models.CharField(_("对管理的意见"), max_length=400, blank=True, default="")
    objection = models.TextField(_("异议"), blank=True, default="")
    objected_at = models.DateTimeField(null=True)
    decision = models.TextField(_("复核意见"), blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = RecheckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject"], name="recheck_once")]
        indexes = [
            models.Index(fields=["department", "-record"], name="recheck_department"),
            models.Index(fields=["checker", "-record"], name="recheck_checker"),
            models.Index(fields=["concerned", "-record"], name="recheck_concerned"),
            models.Index(fields=["status", "-record"], name="recheck_status"),
            models.Index(fields=["customer"], name="recheck_customer"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("care:recheck", args=[self.pk])
