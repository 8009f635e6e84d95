"""奖惩意见: a reward or penalty that a person proposes, with fact and ground; somebody else decides, nobody their own (HS-W1.9, HS-D4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.core.work import held
from zhangfa.inspections.models.finding import Finding
from zhangfa.inspections.models.inspection import ALL_SEEING, people_of
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record
from zhangfa.regulations.models import Regulation

MERIT_READERS = (*ALL_SEEING, "hr")


class MeritQuerySet(models.QuerySet["Merit"]):
    def branches(self, actor: Actor) -> list[Any]:
        """The person it is about and who proposed it; administration, personnel and the executives all. No head reads along."""
        if actor.is_system or actor.holds(*MERIT_READERS):
            return [self.all()]
        people = people_of(actor)
        return [self.filter(person_id__in=people), self.filter(proposed_by_id__in=people)]

    def visible_to(self, actor: Actor) -> MeritQuerySet:
        seen: MeritQuerySet = united(self, self.branches(actor))
        return seen

    def search(self, query: str) -> MeritQuerySet:
        return self.filter(numbered(query) | Q(person__search_key__named=query.strip()))

    def lock(self, pk: Any) -> Merit:
        rows = self.select_for_update(of=("self", "record")).select_related("record", "person", "unit")
        return held(("merit", pk), lambda: rows.get(pk=pk))


class Merit(models.Model):
    """One proposal (U33): what happened, by which rule, what is proposed, what the person says, what was decided and done."""

    class Kind(models.TextChoices):
        REWARD = "reward", _("奖励")
        PENALTY = "penalty", _("处罚")

    class Measure(models.TextChoices):
        PRAISE = "praise", _("通报表扬")
        BONUS = "bonus", _("奖金")
        ADVANCE = "advance", _("优先晋升")
        TALK = "talk", _("提醒谈话")
        RETRAIN = "retrain", _("重新培训")
        CRITICISM = "criticism", _("通报批评")
        WARNING = "warning", _("书面警告")
        SCORE = "score", _("考核扣分")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待本人陈述")
        DECIDING = "deciding", _("待决定")
        AGREED = "agreed", _("待执行")
        DONE = "done", _("已执行")
        APPEALED = "appealed", _("申诉中")
        REFUSED = "refused", _("不同意")
        LIFTED = "lifted", _("申诉成立，已撤销")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="merit")
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    measure = models.CharField(_("建议的处理"), max_length=10, choices=Measure)
    amount = MoneyField(_("金额（元）"), null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("对象"), db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    fact = models.CharField(_("事实"), max_length=1000)
    ground = models.ForeignKey(
        Regulation, models.PROTECT, null=True, related_name="+", verbose_name=_("依据的制度"), db_index=False
    )
    clause = models.CharField(_("依据的条款"), max_length=200, blank=True, default="")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="merits")
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"), db_index=False
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    statement = models.CharField(_("本人陈述"), max_length=1000, blank=True, default="")
    stated_at = models.DateTimeField(_("陈述时间"), null=True)
    heard_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("告知见证人"), db_index=False
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"), db_index=False
    )
    opinion = models.CharField(_("决定意见"), max_length=400, blank=True, default="")
    done_on = models.DateField(_("执行日期"), null=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("执行人"), db_index=False
    )
    appeal = models.CharField(_("申诉"), max_length=1000, blank=True, default="")
    appealed_at = models.DateTimeField(_("申诉时间"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)

    objects = MeritQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-record"], name="merit_person"),
            models.Index(fields=["proposed_by", "-record"], name="merit_proposer"),
            models.Index(fields=["status", "-record"], name="merit_status"),
        ]

    def __str__(self) -> str:
        return self.record.number or ""

    def get_absolute_url(self) -> str:
        return reverse("inspections:merit", args=[self.pk])
