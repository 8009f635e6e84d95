"""The checklist drawn up before anybody leaves, who goes, and what will be asked (AM-W3, HS-W1.6; U05)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Concern, Record

# Administration inspects for the company; the executives read everything.
ALL_SEEING = ("gm", "dgm", "am")


def people_of(actor: Actor) -> list[int]:
    """The person behind the actor, and those for whom they stand in."""
    return sorted({p for p in (actor.person_id, *(s.person_id for s in actor.seats if s.is_delegated)) if p})


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Administration and the executives see all; everybody else what concerns them."""
        if actor.is_system or actor.holds(*ALL_SEEING):
            return [self.all()]
        mine = Concern.objects.filter(person_id__in=people_of(actor)).values("record_id")
        return [self.filter(record_id__in=mine)]

    def visible_to(self, actor: Actor) -> InspectionQuerySet:
        seen: InspectionQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Inspection:
        return self.select_for_update(of=("self",)).select_related("record", "unit").get(pk=pk)

    def search(self, query: str) -> InspectionQuerySet:
        query = query.strip()
        return self.filter(models.Q(record__number=query.upper()) | models.Q(unit__search_key__named=query))


class Inspection(models.Model):
    """One inspection or spot check of a unit; it cannot start without its list."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", _("制度检查")
        SPOT = "spot_check", _("岗位抽查")

    class Status(models.TextChoices):
        DRAFT = "draft", _("拟清单")
        ISSUED = "issued", _("清单已定")
        STARTED = "started", _("检查中")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="inspection")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("检查对象"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    planned_on = models.DateField(_("检查日期"))
    planned_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("拟定人"), db_index=False
    )
    outline = models.TextField(_("检查提纲"))
    draws = models.JSONField(
        default=list, help_text="every draw with seed, pool and result, so that it can be explained"
    )
    issued_at = models.DateTimeField(_("清单定稿时间"), null=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    stated_start_at = models.DateTimeField(_("设备所记开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    comment = models.TextField(_("总体评价"), blank=True, default="")
    recheck_on = models.DateField(_("复查日期"), null=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-record"], name="inspection_status"),
            models.Index(fields=["kind", "-record"], name="inspection_kind"),
            models.Index(fields=["planned_on", "-record"], name="inspection_planned"),
            models.Index(fields=["unit", "-record"], name="inspection_unit"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("inspections:inspection", args=[self.pk])

    @property
    def number(self) -> str:
        return self.record.number or ""

    @property
    def is_spot(self) -> bool:
        return self.kind == self.Kind.SPOT


class Inspector(models.Model):
    """Somebody who goes: appointed, or drawn by the program."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="inspectors", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    is_drawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "person"], name="inspector_once")]


class Item(models.Model):
    """One item of the list: a question with the rule that it comes from, told beforehand or not."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="items", db_index=False)
    no = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80, blank=True, default="", help_text="the question bank's own name of it")
    source = models.CharField(_("制度或文件"), max_length=120)
    clause = models.CharField(_("条款"), max_length=60)
    category = models.CharField(_("类别"), max_length=40, blank=True, default="")
    question = models.CharField(_("提问"), max_length=400)
    expected = models.TextField(_("应答要点"), blank=True, default="")
    is_announced = models.BooleanField(_("事先通知"), default=False)
    is_drawn = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "no"], name="inspection_item_no")]

    def __str__(self) -> str:
        return f"{self.no}. {self.question}"

    @property
    def blank_key(self) -> str:
        """What stands for the answer's id on a page that has no answer yet."""
        return f"NEW-{self.no}"
