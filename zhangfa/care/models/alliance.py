"""Alliances with other trades and the quarterly review of these and the 2:8 plan (CS-D4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.models import Record

READERS = ("gm", "dgm", "cs", "cm", "mk", "am", "hs", "ls")


class AllianceQuerySet(models.QuerySet["Alliance"]):
    def visible_to(self, actor: Actor) -> AllianceQuerySet:
        return self.all() if actor.is_system or actor.holds(*READERS) else self.none()

    def lock(self, pk: Any) -> Alliance:
        return held(
            ("alliance", pk), lambda: self.select_for_update(of=("self",)).select_related("record", "owner").get(pk=pk)
        )

    def search(self, query: str) -> AllianceQuerySet:
        return self.filter(partner__contains=query.strip())


class Alliance(models.Model):
    """A plan with a partner of another trade 异业联盟, or the plan for top and other customers, with its timetable."""

    class Kind(models.TextChoices):
        ALLIANCE = "alliance", _("异业联盟")
        SHARE = "share", _("二八计划")

    class Status(models.TextChoices):
        RUNNING = "running", _("进行中")
        ENDED = "ended", _("已结束")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="alliance")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.ALLIANCE)
    partner = models.CharField(_("合作方或对象"), max_length=80)
    trade = models.CharField(_("行业"), max_length=40, blank=True, default="")
    aim = models.CharField(_("目标"), max_length=400)
    offer = models.CharField(_("互惠内容或对策"), max_length=600)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("负责人"), db_index=False)
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"))
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.RUNNING)
    version = models.PositiveIntegerField(default=1)
    result = models.CharField(_("结果"), max_length=400, blank=True, default="")

    objects = AllianceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["status", "-record"], name="alliance_status")]

    def __str__(self) -> str:
        return self.partner

    def get_absolute_url(self) -> str:
        return reverse("care:alliance", args=[self.pk])


class AllianceStep(models.Model):
    """One line of the timetable."""

    alliance = models.ForeignKey(Alliance, models.CASCADE, related_name="steps")
    text = models.CharField(_("步骤"), max_length=200)
    due_on = models.DateField(_("期限"))
    done_on = models.DateField(_("完成日期"), null=True)
    result = models.CharField(_("完成情况"), max_length=300, blank=True, default="")


class ReviewQuerySet(models.QuerySet["PlanReview"]):
    def visible_to(self, actor: Actor) -> ReviewQuerySet:
        return self.all() if actor.is_system or actor.holds(*READERS) else self.none()


class PlanReview(models.Model):
    """The quarter's look at the alliances and the 2:8 plan, to the general manager (D-CS-13)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="plan_review")
    quarter_on = models.DateField(_("季度"), unique=True)
    alliances = models.TextField(_("联盟执行情况"))
    top = models.TextField(_("前部客户情况"))
    base = models.TextField(_("其余客户是谁、怎么应对"))
    next_steps = models.TextField(_("下一步安排"))
    made_at = models.DateTimeField(_("检查时间"))
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("检查人"), db_index=False
    )

    objects = ReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.quarter_on.year}Q{(self.quarter_on.month + 2) // 3}"

    def get_absolute_url(self) -> str:
        return reverse("care:review", args=[self.pk])
