"""Meetings, who takes part with opinion and vote, and what was decided (AM-W1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import TenthsField
from zhangfa.core.work import held
from zhangfa.meetings.choices import DECIDING, REPORTING, Kind, Status, Vote
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Concern, Record

KEEPERS = ("am", "gm", "dgm")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Administration and executives see all; everybody else those they take part in, and managers their department's."""
        if actor.is_system or actor.holds(*KEEPERS):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        concerned = Concern.objects.filter(person_id=actor.person_id, record__form_code="HY").values("record_id")
        departments = sorted({s.department_id for s in actor.seats if s.department_id and s.grade >= 50})
        return [self.filter(pk__in=concerned), *([self.filter(department_id__in=departments)] if departments else [])]

    def visible_to(self, actor: Actor) -> MeetingQuerySet:
        seen: MeetingQuerySet = united(self, self.branches(actor))
        return seen

    def search(self, query: str) -> MeetingQuerySet:
        return self.filter(numbered(query) | models.Q(topic__icontains=query.strip()))

    def lock(self, pk: Any) -> Meeting:
        joined = self.select_for_update(of=("self", "record")).select_related("record", "unit", "convener")
        return held(("meeting", pk), lambda: joined.get(pk=pk))


class Meeting(models.Model):
    """One meeting: why, with whom, what was proposed, how it was voted, what was decided."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="meeting")
    kind = models.CharField(_("会议类型"), max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("单位"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.CharField(_("主题"), max_length=100)
    problem = models.CharField(_("要解决的问题"), max_length=1000, default="", blank=True)
    urgency = models.CharField(_("严重性和紧迫性"), max_length=1000, default="", blank=True)
    solution = models.CharField(_("初步方案"), max_length=2000, default="", blank=True)
    starts_at = models.DateTimeField(_("开会时间"))
    place = models.CharField(_("地点"), max_length=100)
    convener = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("主持人")
    )
    week_on = models.DateField(_("上周（周一）"), null=True)
    figures = models.JSONField(default=list, help_text="the week's figures as they stood when it was called")
    source_kind = models.CharField(max_length=30, default="", blank=True)
    source_id = models.CharField(max_length=40, default="", blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.CALLED)
    version = models.PositiveIntegerField(default=1)
    called_at = models.DateTimeField(_("通知时间"))
    held_at = models.DateTimeField(_("实际开会时间"), null=True)
    standpoint = models.CharField(_("主持人的明确意见"), max_length=1000, default="", blank=True)
    discussion = models.TextField(_("讨论"), default="", blank=True)
    resolution = models.CharField(_("决议"), max_length=2000, default="", blank=True)
    needs_rule = models.BooleanField(_("须出台制度"), default=False)
    reward_rule = models.CharField(_("配套奖惩"), max_length=1000, default="", blank=True)
    invited = models.PositiveSmallIntegerField(_("应到"), default=0)
    present = models.PositiveSmallIntegerField(_("实到"), default=0)
    voters = models.PositiveSmallIntegerField(_("到会有表决权"), default=0)
    yes = models.PositiveSmallIntegerField(_("赞成"), default=0)
    no = models.PositiveSmallIntegerField(_("反对"), default=0)
    pass_ratio = TenthsField(_("通过比例"), null=True)
    is_strict = models.BooleanField(default=False)
    is_passed = models.BooleanField(_("表决通过"), null=True)
    resolved_at = models.DateTimeField(_("决议时间"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    cancel_reason = models.CharField(_("取消理由"), max_length=200, default="", blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-record"], name="meeting_status"),
            models.Index(fields=["kind", "-record"], name="meeting_kind"),
            models.Index(fields=["department", "-record"], name="meeting_department"),
            models.Index(fields=["source_kind", "source_id"], name="meeting_source"),
        ]

    def __str__(self) -> str:
        return self.topic

    def get_absolute_url(self) -> str:
        return reverse("meetings:record", kwargs={"pk": self.pk})

    @property
    def is_deciding(self) -> bool:
        return self.kind in DECIDING

    @property
    def is_reporting(self) -> bool:
        return self.kind in REPORTING


class Participant(models.Model):
    """One person at a meeting: there or not, opinion, vote; dissent is kept word for word."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField(default=0)
    has_vote = models.BooleanField(_("有表决权"), default=True)
    is_present = models.BooleanField(_("到会"), null=True)
    opinion = models.CharField(_("意见"), max_length=1000, default="", blank=True)
    opinion_at = models.DateTimeField(null=True)
    vote = models.CharField(_("表决"), max_length=8, choices=Vote, default="", blank=True)
    voted_at = models.DateTimeField(null=True)
    dissent = models.CharField(_("保留意见"), max_length=1000, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="participant_once")]
        indexes = [models.Index(fields=["person", "-id"], name="participant_person")]


class Decision(models.Model):
    """One decision: a task for somebody, with a day and the standard of its result."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", db_index=False)
    seq = models.PositiveSmallIntegerField()
    text = models.CharField(_("要做什么"), max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name=_("负责人"))
    due_on = models.DateField(_("完成日期"))
    standard = models.CharField(_("结果标准"), max_length=500)
    task_id = models.CharField(max_length=40, default="", blank=True, help_text="the task that it became")
    done_on = models.DateField(_("完成于"), null=True)
    result = models.CharField(_("结果"), max_length=500, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seq"], name="decision_seq")]
        indexes = [models.Index(fields=["owner", "due_on"], name="decision_owner")]
