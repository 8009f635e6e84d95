"""Two files that turned out to be one customer: what moved, so that it can go back (CS-W2.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models.customer import Customer
from zhangfa.organisation.models import Person


class Merge(models.Model):
    """One merging of a file into another; undone it stays as history."""

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merges", verbose_name=_("保留的档案"))
    merged = models.ForeignKey(Customer, models.PROTECT, related_name="merged_as", verbose_name=_("并入的档案"))
    reason = models.CharField(_("理由"), max_length=200)
    former_status = models.CharField(max_length=8)
    moved = models.JSONField(default=dict, help_text="primary keys of the rows that moved, by table and column")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=models.Q(undone_at=None), name="merge_standing_once")
        ]

    @property
    def rows_moved(self) -> int:
        return sum(len(keys) for keys in self.moved.values())
