"""Plans, their items with target and owner, progress, and the summaries of a year (AM-D5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import TenthsField
from zhangfa.duties.models import scope_of
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit
from zhangfa.organisation.scope import united
from zhangfa.planning import rules
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record


class Level(models.TextChoices):
    COMPANY = "company", _("公司")
    DEPARTMENT = "department", _("部门")
    PERSON = "person", _("个人")


class Rhythm(models.TextChoices):
    YEARLY = "yearly", _("年度")
    HALF = "half-yearly", _("半年")
    QUARTERLY = "quarterly", _("季度")
    MONTHLY = "monthly", _("月度")
    WEEKLY = "weekly", _("周")


class ScopedQuerySet(models.QuerySet[Any]):
    """Plans and summaries: the company's for everybody, a department's for its people, a person's for those above."""

    def branches(self, actor: Actor) -> list[Any]:
        mine = scope_of(actor)
        if mine.is_all:
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        own = {seat.department_id for seat in actor.seats if seat.department_id} | set(mine.departments)
        return [
            self.filter(level=Level.COMPANY),
            self.filter(Q(level=Level.DEPARTMENT, department_id__in=own) | Q(department_id__in=mine.departments)),
            self.filter(seat_id__in=mine.seats),
        ]

    def visible_to(self, actor: Actor) -> Any:
        return united(self, self.branches(actor))

    def search(self, q: str) -> Any:
        q = q.strip()
        people = Person.objects.filter(search_key__named=q).values("pk")
        units = Unit.objects.search(q).order_by().values("pk")
        return self.filter(Q(person_id__in=people) | Q(unit_id__in=units) | numbered(q))


class PlanQuerySet(ScopedQuerySet):
    def lock(self, pk: Any) -> Plan:
        rows = self.select_for_update(of=("self", "record"))
        return rows.select_related("record", "unit", "person", "seat", "parent").get(pk=pk)

    def standing(self) -> PlanQuerySet:
        return self.exclude(status=Plan.Status.WITHDRAWN)


class Plan(models.Model):
    """工作计划 of the company, a department or a person for one period."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("执行中")
        CLOSED = "closed", _("已总结")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="plan")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    rhythm = models.CharField(_("周期"), max_length=12, choices=Rhythm)
    period = models.CharField(_("期间"), max_length=12)
    from_on = models.DateField(_("开始"))
    to_on = models.DateField(_("结束"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name=_("岗位席位"), db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="plans", verbose_name=_("制订人"), db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级计划"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    pct = TenthsField(_("完成率"), default=Decimal(0))
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人"), db_index=False
    )
    opinion = models.CharField(_("审核意见"), max_length=400, blank=True, default="")
    result = models.TextField(_("总结"), blank=True, default="")
    closed_at = models.DateTimeField(_("总结时间"), null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "unit", "rhythm", "period"], condition=~Q(status="withdrawn") & ~Q(level="person"),
                name="plan_once_for_unit",
            ),
            models.UniqueConstraint(
                fields=["person", "rhythm", "period"], condition=~Q(status="withdrawn") & Q(level="person"),
                name="plan_once_for_person",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["department", "-record"], name="plan_department"),
            models.Index(fields=["seat", "-record"], name="plan_seat"),
            models.Index(fields=["person", "-record"], name="plan_person"),
            models.Index(fields=["level", "-record"], name="plan_level"),
            models.Index(fields=["rhythm", "period", "level"], name="plan_period"),
            models.Index(fields=["status", "-record"], name="plan_status"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("planning:plan", args=[self.pk])

    @property
    def whose(self) -> str:
        return self.person.shown_name if self.level == Level.PERSON else self.unit.shown_name

    @property
    def is_open(self) -> bool:
        """Whether items may still be changed freely."""
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)


class Item(models.Model):
    """计划事项: what, how much, who, by when, and how far it is."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", db_index=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级计划事项")
    )
    n = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("事项"), max_length=120)
    standard = models.CharField(_("完成标准"), max_length=400)
    target = models.DecimalField(_("目标值"), max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(_("目标单位"), max_length=12, blank=True, default="")
    is_output = models.BooleanField(_("是产值目标"), default=False)
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="plan_items", verbose_name=_("责任人"), db_index=False
    )
    due_on = models.DateField(_("完成日期"))
    actual = models.DecimalField(_("累计完成"), max_digits=14, decimal_places=2, null=True)
    pct = TenthsField(_("完成率"), default=Decimal(0))
    has_own = models.BooleanField(default=False, help_text="progress was entered here; else it is rolled up from below")
    reported_at = models.DateTimeField(_("最近进展"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "n"], name="plan_item_number")]
        indexes = [models.Index(fields=["owner", "due_on"], name="plan_item_owner")]

    def __str__(self) -> str:
        return f"{self.n}. {self.title}"

    @property
    def variance(self) -> Decimal | None:
        return rules.variance(target=self.target, actual=self.actual)

    def is_late(self, today: dt.date) -> bool:
        return self.pct < rules.WHOLE and self.due_on < today


class Progress(models.Model):
    """进展: what was done by an instant, as the owner entered it; nothing is written over."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="progress", db_index=False)
    actual = models.DecimalField(_("累计完成"), max_digits=14, decimal_places=2, null=True)
    pct = TenthsField(_("完成率"))
    note = models.CharField(_("进展情况"), max_length=400)
    at = models.DateTimeField(_("登记时间"))
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="plan_progress")]


class SummaryQuerySet(ScopedQuerySet):
    pass


class Summary(models.Model):
    """年终总结 of a person or a department: the year's plans, frozen with it."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="plan_summary")
    level = models.CharField(_("层级"), max_length=10, choices=Level)
    year = models.PositiveSmallIntegerField(_("年度"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("撰写人"), db_index=False)
    figures = models.JSONField(help_text="the plans of the year as they stood")
    text = models.TextField(_("总结"))
    problems = models.TextField(_("问题"), blank=True, default="")
    next_plan = models.TextField(_("下年打算"))
    written_at = models.DateTimeField(_("提交时间"))

    objects = SummaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(level="department"), name="summary_once_for_unit"
            ),
            models.UniqueConstraint(
                fields=["person", "year"], condition=Q(level="person"), name="summary_once_for_person"
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-record"], name="summary_department"),
            models.Index(fields=["seat", "-record"], name="summary_seat"),
            models.Index(fields=["year", "level"], name="summary_year"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("planning:summary", args=[self.pk])

    @property
    def whose(self) -> str:
        return self.person.shown_name if self.level == Level.PERSON else self.unit.shown_name
