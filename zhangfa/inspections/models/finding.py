"""What the program noticed about forms, counted with its evidence; and what was looked at in patterns (HS-W1.9, CC-D7)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.inspections.models.inspection import ALL_SEEING, people_of
from zhangfa.inspections.models.problem import HEADS
from zhangfa.inspections.models.sheet import Objectable
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united


class ByPersonQuerySet(models.QuerySet[Any]):
    """Rows about a person: their own, those of the departments that one heads, all for administration."""

    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*ALL_SEEING):
            return [self.all()]
        found = [self.filter(person_id__in=people_of(actor))]
        if departments := [s.department_id or s.unit_id for s in actor.seats if s.post in HEADS]:
            found.append(self.filter(department_id__in=departments))
        return found

    def visible_to(self, actor: Actor) -> Any:
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> Any:
        return self.select_for_update(of=("self",)).select_related("person", "unit").get(pk=pk)

    def search(self, query: str) -> Any:
        return self.filter(person__search_key__named=query.strip())


class Finding(Objectable):
    """A count for one person, form and week, with each record behind it; it asks for a look and decides nothing."""

    class Kind(models.TextChoices):
        COPIED = "copied", _("内容雷同")
        IMPOSSIBLE = "impossible", _("时间不合理")
        SAME = "same", _("数值反复相同")
        BULK = "bulk", _("临近截止集中填写")

    class Status(models.TextChoices):
        OPEN = "open", _("待说明")
        OBJECTED = "objected", _("已说明")
        CONFIRMED = "confirmed", _("情况属实")
        CLEARED = "cleared", _("已排除")

    kind = models.CharField(_("情况"), max_length=12, choices=Kind)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("填写人"), db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    week_on = models.DateField(_("周"))
    count = models.PositiveIntegerField(_("张数"))
    evidence = models.JSONField(default=list)
    found_at = models.DateTimeField(_("统计时间"))

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week_on", "source", "kind", "person"], name="finding_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="finding_person"),
            models.Index(fields=["department", "-id"], name="finding_department"),
            models.Index(fields=["status", "-id"], name="finding_status"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.week_on}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:finding", args=[self.pk])


class Tally(models.Model):
    """How many forms of a kind a person filled in a week, and how much of them: completeness."""

    source = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("填写人"), db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    week_on = models.DateField(_("周"))
    forms = models.PositiveIntegerField(_("张数"))
    filled = models.PositiveIntegerField(_("已填项"))
    wanted = models.PositiveIntegerField(_("应填项"))

    objects = ByPersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["week_on", "source", "person"], name="form_tally_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="form_tally_person"),
            models.Index(fields=["department", "-id"], name="form_tally_department"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.week_on}"


class PatternNote(models.Model):
    """What somebody looked at in a pattern, and what they saw."""

    key = models.CharField(max_length=120)
    text = models.TextField(_("核对情况"))
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "-id"], name="pattern_note_key")]

    def __str__(self) -> str:
        return self.text
