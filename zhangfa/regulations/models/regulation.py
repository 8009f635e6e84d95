"""One version of a regulation with its clauses (AM-W2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.names import SearchKeyField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Concern, Record
from zhangfa.regulations.choices import PUBLIC, Kind, Level, Period, Status, Topic

# Who sees every draft: administration keeps the rules, the executives issue them.
KEEPERS = ("am", "hr", "gm", "dgm")
CLAUSE_LENGTH = 2000


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see: everything, or what is published to them and what concerns them."""
        if actor.is_system or actor.holds(*KEEPERS):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        departments = sorted({seat.department_id for seat in actor.seats if seat.department_id})
        concerned = Concern.objects.filter(person_id=actor.person_id, record__form_code="GF").values("record_id")
        return [
            self.filter(status__in=PUBLIC, level=Level.COMPANY),
            self.filter(status__in=PUBLIC, level=Level.DEPARTMENT, department_id__in=departments),
            self.filter(pk__in=concerned),
        ]

    def visible_to(self, actor: Actor) -> RegulationQuerySet:
        """Published rules for those whom they concern; drafts for who writes, reviews and decides."""
        seen: RegulationQuerySet = united(self, self.branches(actor))
        return seen

    def in_force(self, day: dt.date) -> RegulationQuerySet:
        """What binds on that day."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=day), Q(expires_on=None) | Q(expires_on__gte=day), status__in=PUBLIC, effective_on__lte=day
        )  # fmt: skip

    def search(self, query: str) -> RegulationQuerySet:
        """By number, or by any words of title and clauses: two Chinese characters are enough."""
        found = Clause.objects.filter(search_key__named=query).order_by().values("regulation_id")
        return self.filter(numbered(query) | Q(pk__in=found))

    def lock(self, pk: Any) -> Regulation:
        joined = self.select_for_update(of=("self", "record")).select_related("record", "unit", "drafted_by")
        return held(("regulation", pk), lambda: joined.get(pk=pk))


class Regulation(models.Model):
    """One version: what it says to whom, why, who issues it, from when to when it binds."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="regulation")
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="editions", db_index=False)
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    topic = models.CharField(_("类别"), max_length=10, choices=Topic)
    level = models.CharField(_("颁发级别"), max_length=10, choices=Level)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("颁发单位"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField(_("主题"), max_length=100)
    summary = models.CharField(_("要说明什么"), max_length=1000)
    reason = models.CharField(_("为什么颁发"), max_length=1000)
    problem = models.CharField(_("解决什么问题"), max_length=1000)
    references = models.CharField(_("依据的资料"), max_length=1000, default="", blank=True)
    posts = models.JSONField(_("对哪些岗位"), default=list, help_text="post codes, or all")
    how = models.CharField(_("怎么做"), max_length=1000, default="", blank=True)
    done_by = models.DateField(_("何时完成"), null=True, blank=True)
    period = models.CharField(_("执行时期"), max_length=6, choices=Period, default=Period.DAILY)
    from_on = models.DateField(_("时期开始"), null=True, blank=True)
    to_on = models.DateField(_("时期结束"), null=True, blank=True)
    vital = models.JSONField(_("涉及员工切身利益"), default=list, help_text="the matters of article 4 that it touches")
    is_urgent = models.BooleanField(_("紧急指令"), default=False)
    consulted_on = models.DateField(_("协商日期"), null=True, blank=True)
    consulted_how = models.CharField(_("协商方式"), max_length=200, default="", blank=True)
    consulted_count = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    consulted_result = models.CharField(_("员工意见与采纳情况"), max_length=1000, default="", blank=True)
    policy_key = models.CharField(_("修改的章程值"), max_length=80, default="", blank=True)
    policy_value = models.CharField(_("新的值"), max_length=200, default="", blank=True)
    source_kind = models.CharField(max_length=30, default="", blank=True)
    source_id = models.CharField(max_length=40, default="", blank=True)
    is_fast = models.BooleanField(_("快速办理"), default=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"))
    promulgated_at = models.DateTimeField(_("颁布时间"), null=True)
    supervisor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("执行监督人")
    )
    effective_on = models.DateField(_("生效日期"), null=True)
    expires_on = models.DateField(_("失效日期"), null=True, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True)
    repeal_reason = models.CharField(_("废止理由"), max_length=400, default="", blank=True)
    report_due_at = models.DateTimeField(_("执行报告截止"), null=True)
    executed_at = models.DateTimeField(_("报告收齐"), null=True)

    objects = RegulationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "edition"], name="regulation_edition")]
        indexes = [
            models.Index(fields=["status", "-record"], name="regulation_status"),
            models.Index(fields=["level", "status", "-record"], name="regulation_level"),
            models.Index(fields=["department", "status", "-record"], name="regulation_department"),
            models.Index(fields=["topic", "-record"], name="regulation_topic"),
            models.Index(fields=["kind", "-record"], name="regulation_kind"),
            models.Index(fields=["source_kind", "source_id"], name="regulation_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("regulations:record", kwargs={"pk": self.pk})

    @property
    def first_id_or_own(self) -> Any:
        """The id of the first version, by which all of them are found."""
        return self.first_id or self.pk

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC


class Clause(models.Model):
    """One clause as a row: compared with the version before, searched, asked about in test and inspection."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="clauses", db_index=False)
    seq = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("条文"), max_length=CLAUSE_LENGTH)
    is_changed = models.BooleanField(default=True, help_text="new or other than in the version before")
    question = models.CharField(_("考题"), max_length=300, default="", blank=True)
    options = models.JSONField(default=list)
    answer = models.PositiveSmallIntegerField(null=True, help_text="index of the right option")
    search_key = SearchKeyField(max_length=9000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regulation", "seq"], name="clause_seq")]

    def __str__(self) -> str:
        return f"{self.seq}. {self.text}"
