"""Tasks that somebody gave to a seat (X-7), and the problems of outlet posts collected week by week (HS-W1.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhangfa.duties.models import scope_of
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit
from zhangfa.organisation.scope import by_place, united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Concern, Record
from zhangfa.tasks import rules
from zhangfa.tasks.registry import source_of

EVERYWHERE = ("gm", "dgm", "am", "cs")


class TaskQuerySet(models.QuerySet["Task"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, each way on an index of its own."""
        mine = scope_of(actor)
        if mine.is_all:
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        concerned = Concern.objects.filter(person_id=actor.person_id).values("record_id")
        seats = [*mine.seats]
        found = [
            self.filter(pk__in=concerned),
            self.filter(Q(owner_seat_id__in=seats) | Q(giver_seat_id__in=_own(actor))),
        ]
        if mine.departments:
            found.append(self.filter(department_id__in=mine.departments))
        return found

    def visible_to(self, actor: Actor) -> Any:
        """Who has it, who gave it, those above whoever has it, the GM and administration (X-7)."""
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> Task:
        rows = self.select_for_update(of=("self", "record"))
        return rows.select_related("record", "owner", "giver", "owner_seat__unit", "giver_seat__unit").get(pk=pk)

    def running(self) -> TaskQuerySet:
        return self.filter(status__in=(Task.Status.ASSIGNED, Task.Status.REPORTED, Task.Status.RETURNED))

    def search(self, q: str) -> Any:
        q = q.strip()
        people = Person.objects.filter(search_key__named=q).values("pk")
        return self.filter(Q(title__icontains=q) | numbered(q) | Q(owner_id__in=people))


def _own(actor: Actor) -> list[int]:
    return [seat.id for seat in actor.seats]


def line_above(seat_id: int | None) -> list[int]:
    """The seats above, nearest first."""
    found: list[int] = []
    while seat_id is not None:
        seat_id = Seat.objects.filter(pk=seat_id).values_list("reports_to_id", flat=True).first()
        if seat_id is None or seat_id in found:
            break
        found.append(seat_id)
    return found


class Task(models.Model):
    """交办任务: what is to be done, by when, and what counts as done."""

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("办理中")
        REPORTED = "reported", _("待验收")
        RETURNED = "returned", _("退回重做")
        ACCEPTED = "accepted", _("已完成")
        WITHDRAWN = "withdrawn", _("已撤销")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="task")
    title = models.CharField(_("任务"), max_length=120)
    details = models.TextField(_("细则"))
    standard = models.TextField(_("结果标准"))
    due_at = models.DateTimeField(_("完成时间"))
    redo_at = models.DateTimeField(_("重做完成时间"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ASSIGNED)
    version = models.PositiveIntegerField(default=1)
    owner_seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name=_("承办岗位"), db_index=False)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="tasks", verbose_name=_("承办人"), db_index=False)
    giver_seat = models.ForeignKey(
        Seat, models.PROTECT, null=True, related_name="+", verbose_name=_("交办岗位"), db_index=False
    )
    giver = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="tasks_given", verbose_name=_("交办人"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    source_kind = models.CharField(_("来源"), max_length=40, blank=True, default="")
    source_id = models.CharField(max_length=60, blank=True, default="")
    source_title = models.CharField(max_length=120, blank=True, default="")
    clause = models.CharField(_("依据"), max_length=16, default=rules.CLAUSE)
    assigned_at = models.DateTimeField(_("交办时间"))
    round = models.PositiveSmallIntegerField(default=0, help_text="grows when it is sent back or handed over")
    report = models.TextField(_("完成情况"), blank=True, default="")
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    returned_count = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    opinion = models.CharField(
        _("意见"), max_length=400, blank=True, default="", help_text="why sent back, or withdrawn"
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-record"], name="task_owner"),
            models.Index(fields=["owner_seat", "-record"], name="task_owner_seat"),
            models.Index(fields=["giver_seat", "-record"], name="task_giver_seat"),
            models.Index(fields=["giver", "-record"], name="task_giver"),
            models.Index(fields=["department", "-record"], name="task_department"),
            models.Index(fields=["status", "-record"], name="task_status"),
            models.Index(fields=["due_at", "record"], name="task_due"),
            models.Index(fields=["source_kind", "source_id"], name="task_source"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("tasks:task", args=[self.pk])

    @cached_property
    def checkers(self) -> frozenset[int]:
        """The seats that may accept the task: the giver's, and those above it."""
        start = self.giver_seat_id or self.owner_seat_id
        return frozenset([*line_above(start), *([self.giver_seat_id] if self.giver_seat_id else [])])

    @property
    def is_running(self) -> bool:
        return self.status in (self.Status.ASSIGNED, self.Status.REPORTED, self.Status.RETURNED)

    @property
    def owed_at(self) -> dt.datetime:
        """By when the owner has to report now."""
        return self.redo_at or self.due_at

    @property
    def subject(self) -> str:
        """What the duty of this round is about: what was sent back or handed over is owed anew."""
        return f"record:{self.pk}" + (f"/{self.round}" if self.round else "")

    def outcome(self, at: dt.datetime) -> str:
        return rules.outcome(
            is_accepted=self.status == self.Status.ACCEPTED, is_withdrawn=self.status == self.Status.WITHDRAWN,
            due_at=self.due_at, reported_at=self.reported_at, at=at,
        )  # fmt: skip

    @property
    def source_label(self) -> Any:
        """What it comes from; nothing where a superior gave it."""
        return source_of(self.source_kind).label if self.source_kind else ""

    @property
    def source_url(self) -> str:
        return source_of(self.source_kind).url(self.source_id) if self.source_kind else ""


class ProblemQuerySet(models.QuerySet["Problem"]):
    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        found = by_place(self, actor)
        if actor.person_id is not None:
            found.append(self.filter(raised_by_id=actor.person_id))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> Any:
        """Those of one's outlets and department, and what one raised oneself (HS-W1.2)."""
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> Problem:
        return self.select_for_update(of=("self",)).select_related("outlet", "raised_by").get(pk=pk)

    def search(self, q: str) -> Any:
        units = Unit.objects.search(q).order_by().values("pk")
        return self.filter(Q(text__icontains=q.strip()) | Q(outlet_id__in=units))


class Problem(models.Model):
    """网点问题: something that an outlet's posts can't solve by themselves."""

    class Status(models.TextChoices):
        RAISED = "raised", _("待处理")
        TASKED = "tasked", _("已布置任务")
        SOLVED = "solved", _("已解决")
        DECLINED = "declined", _("不作处理")

    class Kind(models.TextChoices):
        STAFF = "staff", _("人手")
        QUALITY = "quality", _("服务质量")
        CUSTOMER = "customer", _("客户")
        TOOLS = "tools", _("工具物料")
        RULES = "rules", _("制度流程")
        OTHER = "other", _("其他")

    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="problems", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    text = models.TextField(_("问题"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.RAISED)
    version = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"), db_index=False
    )
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="problems", verbose_name=_("任务"))
    answer = models.CharField(_("处理结果"), max_length=400, blank=True, default="")
    closed_at = models.DateTimeField(_("处理时间"), null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["outlet", "-id"], name="problem_outlet"),
            models.Index(fields=["department", "-id"], name="problem_department"),
            models.Index(fields=["raised_by", "-id"], name="problem_raiser"),
            models.Index(fields=["status", "-id"], name="problem_status"),
        ]

    def __str__(self) -> str:
        return f"W{self.pk:06d}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:problem", args=[self.pk])
