"""An activity from its proposal to its settlement, with budget, costs and who came (AM-D7, AM-W4.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered, seen_by
from zhangfa.records.models import Record

EVERYWHERE = ("am", "hr", "fin", "dgm", "gm")


class ActivityQuerySet(models.QuerySet["Activity"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Administration, finance and the leaders all; a head those of the department; everybody those that concern them."""
        return seen_by(self, actor, EVERYWHERE)

    def visible_to(self, actor: Actor) -> ActivityQuerySet:
        seen: ActivityQuerySet = united(self, self.branches(actor))
        return seen

    def standing(self) -> ActivityQuerySet:
        return self.filter(status__in=Activity.STANDING)

    def lock(self, pk: Any) -> Activity:
        rows = self.select_for_update(of=("self", "record")).select_related("record", "proposed_by", "unit")
        return held(("activity", pk), lambda: rows.get(pk=pk))

    def search(self, q: str) -> ActivityQuerySet:
        return self.filter(Q(title__icontains=q.strip()) | Q(theme__icontains=q.strip()) | numbered(q))


class Activity(models.Model):
    """One activity 活动请示单, or one part of an event."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")
        OVERSPENT = "overspent", _("超支待批")
        SETTLED = "settled", _("已结算")
        PAID = "paid", _("已付款")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        CANCELLED = "cancelled", _("已取消")

    STANDING = (Status.PROPOSED, Status.APPROVED, Status.OVERSPENT, Status.SETTLED, Status.PAID)

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="activity")
    title = models.CharField(_("活动名称"), max_length=80)
    theme = models.CharField(_("所属活动（主题）"), max_length=60)
    theme_key = models.CharField(max_length=80, editable=False)
    purpose = models.CharField(_("目的"), max_length=1000)
    place = models.CharField(_("地点"), max_length=120, blank=True, default="")
    begins_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    people = models.PositiveIntegerField(_("参加人数"))
    amount = MoneyField(_("预算"))
    total = MoneyField(_("同一活动合计"))
    approved_amount = MoneyField(_("批准金额"), null=True)
    actual_amount = MoneyField(_("实际金额"), null=True)
    summary = models.CharField(_("活动总结"), max_length=1000, blank=True, default="")
    overspend_reason = models.CharField(_("超支原因"), max_length=400, blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))
    proposed_at = models.DateTimeField(_("提交时间"))
    settled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("结算人"), db_index=False
    )
    settled_at = models.DateTimeField(_("结算时间"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["theme_key", "proposed_at"], name="activity_theme"),
            models.Index(fields=["department", "-record"], name="activity_department"),
            models.Index(fields=["-begins_on", "-record"], name="activity_begins"),
            models.Index(fields=["settled_at"], condition=Q(status="settled"), name="activity_to_pay"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("begins_on")), name="activity_order"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="activity_amount"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:activity", kwargs={"pk": self.pk})


class ActivityLine(models.Model):
    """One line: of the budget, or what was committed or paid."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("预算")
        COST = "cost", _("支出或承诺")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind)
    label = models.CharField(_("项目"), max_length=80)
    amount = MoneyField(_("金额"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")


class ActivityGuest(models.Model):
    """Somebody who was there."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="guests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="activity_guest_once")]
