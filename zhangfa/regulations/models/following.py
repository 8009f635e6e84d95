"""What follows a promulgation: one acknowledgement for each person, one report for each department (AM-W2, AM-D3)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.core.work import held
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.models import Record
from zhangfa.regulations.models.regulation import Regulation


class Receipt(models.Model):
    """One person's acknowledgement of one version; without an instant it is still owed."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="receipts", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="receipts", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    at = models.DateTimeField(_("签收时间"), null=True)
    questions = models.PositiveSmallIntegerField(default=0)
    paper_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(_("说明"), max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regulation", "person"], name="receipt_once")]
        indexes = [
            models.Index(fields=["person", "at"], name="receipt_person"),
            models.Index(fields=["regulation", "at", "unit"], name="receipt_regulation"),
        ]


class ExecutionQuerySet(models.QuerySet["Execution"]):
    def lock(self, pk: Any) -> Execution:
        joined = self.select_for_update(of=("self",)).select_related("regulation__record", "department")
        return held(("execution", pk), lambda: joined.get(pk=pk))


class Execution(models.Model):
    """A department's report on how it carries the regulation out: 制度执行汇总报告."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="executions", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    record = models.OneToOneField(Record, models.PROTECT, null=True, related_name="execution")
    due_at = models.DateTimeField(_("截止"))
    execution = models.CharField(_("执行情况"), max_length=2000, default="", blank=True)
    trained_count = models.PositiveIntegerField(_("学习人数"), default=0)
    done_rate = models.PositiveSmallIntegerField(_("完成率（%）"), default=0)
    problems = models.CharField(_("存在的问题"), max_length=1000, default="", blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ExecutionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regulation", "department"], name="execution_once")]
        indexes = [models.Index(fields=["department", "reported_at"], name="execution_department")]

    @property
    def is_late(self) -> bool:
        return self.reported_at is not None and self.reported_at > self.due_at
