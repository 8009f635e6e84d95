"""Dated versions of the company's figures (X-2)."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.models import Person


class PolicyValue(models.Model):
    """One version of one figure: its canonical text and the day from which it counts.

    Rows are never changed; one whose day has not come may be withdrawn, and then counts no more.
    """

    key = models.CharField(_("名称"), max_length=80)
    version = models.PositiveIntegerField(_("版本"))
    value = models.CharField(_("值"), max_length=200, blank=True)
    effective_from = models.DateField(_("生效日期"))
    clause = models.CharField(_("依据"), max_length=12)
    enacted_at = models.DateTimeField(_("批准时间"))
    enacted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人"))
    record_id = models.UUIDField(null=True)  # the paper that decided it; records stand above policy
    withdrawn_at = models.DateTimeField(null=True)  # its paper ended before the day came

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="policy_value_version")]
        indexes = [models.Index(fields=["key", "effective_from"], name="policy_value_day")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("policy:value", args=[self.key])


class Stamp(models.Model):
    """Changes whenever a figure does: processes compare it with the one under which they read their copy."""

    name = models.CharField(max_length=20, primary_key=True)
    token = models.CharField(max_length=32)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
