"""What one person was asked and answered: F08 of an inspection, F24 of a spot check (AM-W3, HS-W1.6)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.ids import uuid7
from zhangfa.inspections.models.inspection import ALL_SEEING, Inspection, Item, people_of
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Post, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Concern, Record


class Objectable(models.Model):
    """Something that the person concerned may contest; somebody else decides."""

    objection = models.TextField(_("异议"), blank=True, default="")
    objected_at = models.DateTimeField(_("提出时间"), null=True)
    objected_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"), db_index=False
    )
    ruling = models.TextField(_("处理意见"), blank=True, default="")
    ruled_at = models.DateTimeField(_("处理时间"), null=True)
    ruled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人"), db_index=False
    )

    class Meta:
        abstract = True


class SheetQuerySet(models.QuerySet["Sheet"]):
    def branches(self, actor: Actor) -> list[Any]:
        """The person, who asked, their manager (concerned by the paper); administration and the executives see all."""
        if actor.is_system or actor.holds(*ALL_SEEING):
            return [self.all()]
        mine = Concern.objects.filter(person_id__in=people_of(actor)).values("record_id")
        return [self.filter(record_id__in=mine)]

    def visible_to(self, actor: Actor) -> SheetQuerySet:
        seen: SheetQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Sheet:
        Inspection.objects.select_for_update(of=("self",)).get(
            pk=self.values_list("inspection_id", flat=True).get(pk=pk)
        )
        rows = self.select_for_update(of=("self",)).select_related("record", "inspection__record", "person", "unit")
        return rows.get(pk=pk)

    def search(self, query: str) -> SheetQuerySet:
        query = query.strip()
        return self.filter(models.Q(record__number=query.upper()) | models.Q(person__search_key__named=query))


class Sheet(Objectable):
    """《岗位人员执行公司制度情况汇总表》 or 《下属各岗位抽查情况表》 of one person."""

    class Status(models.TextChoices):
        OPEN = "open", _("填写中")
        HANDED = "handed", _("已提交")
        OBJECTED = "objected", _("有异议")
        RULED = "ruled", _("异议已处理")

    class Match(models.TextChoices):
        MATCH = "match", _("一致")
        MISMATCH = "mismatch", _("不一致")
        UNCHECKED = "unchecked", _("未核对")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="check_sheet")
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="sheets", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("受检人"), db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("岗位"), db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    checked_on = models.DateField(_("检查日期"))
    opened_at = models.DateTimeField()
    stated_at = models.DateTimeField(_("设备所记时间"), null=True)
    left_at = models.DateTimeField(_("离开时间"), null=True)
    comment = models.TextField(_("总体评价"), blank=True, default="")
    recheck_on = models.DateField(_("复查日期"), null=True)
    score = models.PositiveSmallIntegerField(_("得分"), null=True)
    asked = models.PositiveSmallIntegerField(_("提问"), default=0)
    correct = models.PositiveSmallIntegerField(_("答对"), default=0)
    partly = models.PositiveSmallIntegerField(_("部分答对"), default=0)
    wrong = models.PositiveSmallIntegerField(_("答错"), default=0)
    schedule_match = models.CharField(_("服务去向核对"), max_length=10, choices=Match, blank=True, default="")
    profile_samples = models.TextField(_("档案真实性抽样"), blank=True, default="")
    follow_up_samples = models.TextField(_("回访真实性抽样"), blank=True, default="")
    measures = models.JSONField(default=list, help_text="the person's figures on that day, as other apps gave them")

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "person"], name="sheet_person_once")]
        indexes = [
            models.Index(fields=["person", "checked_on"], name="sheet_person"),
            models.Index(fields=["checked_on", "department"], name="sheet_day"),
            models.Index(fields=["status", "-record"], name="sheet_status"),
        ]

    def __str__(self) -> str:
        return self.record.number or str(_("未提交"))

    def get_absolute_url(self) -> str:
        return reverse("inspections:sheet", args=[self.pk])

    @property
    def number(self) -> str:
        return self.record.number or ""


class Answer(models.Model):
    """One question as it was asked, and the answer word for word; the id may come from a telephone without network."""

    class Verdict(models.TextChoices):
        CORRECT = "correct", _("正确")
        PARTLY = "partly", _("部分正确")
        WRONG = "wrong", _("错误")

    id = models.UUIDField(primary_key=True, default=uuid7)
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="answers", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    no = models.PositiveSmallIntegerField()
    source = models.CharField(_("制度或文件"), max_length=120)
    clause = models.CharField(_("条款"), max_length=60)
    category = models.CharField(_("类别"), max_length=40, blank=True, default="")
    question = models.CharField(_("提问"), max_length=400)
    answer = models.TextField(_("回答原话"), blank=True, default="")
    verdict = models.CharField(_("判定"), max_length=8, choices=Verdict, blank=True, default="")
    deduction = models.PositiveSmallIntegerField(_("扣分"), default=0)
    observation = models.TextField(_("现场事实"), blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(_("收到时间"), null=True)
    stated_at = models.DateTimeField(_("设备所记时间"), null=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["sheet", "no"], name="answer_sheet")]

    def __str__(self) -> str:
        return f"{self.no}. {self.question}"
