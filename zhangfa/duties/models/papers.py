"""The papers about duties: what is excused, what a company changes, what is handed over; and a person's calendar address."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.models import Step
from zhangfa.duties.models.owed import EVERYWHERE, EXCUSE, Duty, Occurrence, scope_of
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person, Seat
from zhangfa.records.models import Record


class ExcuseQuerySet(models.QuerySet["Excuse"]):
    def visible_to(self, actor: Actor) -> ExcuseQuerySet:
        """Whoever sees the duty sees the paper about it, and whoever decides it."""
        steps = Step.objects.visible_to(actor).filter(kind=EXCUSE).values("record_id")
        duties = Occurrence.objects.visible_to(actor).values("pk")
        return self.filter(models.Q(occurrence__in=duties) | models.Q(pk__in=steps))

    def lock(self, pk: Any) -> Excuse:
        return self.select_for_update(of=("self",)).select_related("record", "proposed_by", "occurrence").get(pk=pk)


class Excuse(models.Model):
    """The paper 职责免责申请: why a duty could not be done in time; somebody else decides (X-1)."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="excuse")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="excuses", verbose_name=_("职责"))
    reason = models.CharField(_("原因"), max_length=400)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField(_("提交时间"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))

    objects = ExcuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence"], condition=models.Q(status="proposed"), name="excuse_one_waiting"
            )
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("duties:excuse", kwargs={"pk": self.pk})


class DutyChangeQuerySet(models.QuerySet["DutyChange"]):
    def visible_to(self, actor: Actor) -> DutyChangeQuerySet:
        """Department managers and above, administration, and whoever proposed it."""
        if actor.is_system or actor.holds(*EVERYWHERE) or any(s.grade >= Grade.DEPARTMENT_MANAGER for s in actor.seats):
            return self
        return self.filter(proposed_by_id=actor.person_id or 0)

    def lock(self, pk: Any) -> DutyChange:
        return self.select_for_update(of=("self", "record")).select_related("record", "proposed_by").get(pk=pk)


class DutyChange(models.Model):
    """The paper 职责修改单: a company changes a duty, adds its own, or switches one off and on, from a day on (X-1)."""

    class Kind(models.TextChoices):
        NEW = "new", _("新增职责")
        CHANGE = "change", _("修改职责")
        OFF = "off", _("停用职责")
        ON = "on", _("恢复职责")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        ENACTED = "enacted", _("已批准")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="duty_change")
    kind = models.CharField(_("修改内容"), max_length=8, choices=Kind)
    stem = models.CharField(max_length=40, blank=True, help_text="which duty; empty for a new one until it is decided")
    made = models.JSONField(default=dict, help_text="what the version says")
    effective_from = models.DateField(_("生效日期"))
    reason = models.CharField(_("理由"), max_length=400)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField(_("提交时间"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="+", help_text="the version that it made")

    objects = DutyChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["stem", "-record"], name="duty_change_stem")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("duties:change", kwargs={"pk": self.pk})


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor) -> HandoverQuerySet:
        """Both who hand over and take over, the line above the seat, administration, personnel and the GM."""
        if actor.is_system or actor.holds(*EVERYWHERE, "hr"):
            return self
        mine = scope_of(actor)
        people = models.Q(leaver_id=actor.person_id or 0) | models.Q(successor_id=actor.person_id or 0)
        seats = models.Q(seat_id__in=mine.seats) | models.Q(seat__unit__department_id__in=mine.departments)
        return self.filter(people | models.Q(superior_id=actor.person_id or 0) | seats)

    def lock(self, pk: Any) -> Handover:
        rows = self.select_for_update(of=("self", "record"))
        return rows.select_related("record", "seat__unit", "seat__post", "leaver", "successor", "superior").get(pk=pk)


class Handover(models.Model):
    """The paper 工作交接单: what a leaver has open, in one list that leaver, successor and superior sign (X-1)."""

    class Status(models.TextChoices):
        OPEN = "open", _("正在汇总")
        SIGNING = "signing", _("待签字")
        DONE = "done", _("已交接")
        VOID = "void", _("已取消")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="handover")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="handovers", verbose_name=_("岗位席位"))
    leaver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("移交人"))
    successor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("接任人"))
    superior = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("监交人"))
    last_on = models.DateField(_("最后任职日"))
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    note = models.CharField(_("补充说明"), max_length=1000, blank=True, default="")
    collected_at = models.DateTimeField(_("汇总时间"))
    done_at = models.DateTimeField(_("交接完成时间"), null=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "leaver"], condition=models.Q(status__in=["open", "signing"]), name="handover_running"
            )
        ]
        indexes = [models.Index(fields=["seat", "-record"], name="handover_seat")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("duties:handover", kwargs={"pk": self.pk})


class HandoverItem(models.Model):
    """One open thing on the list, as it stood when the list was drawn up."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="items", db_index=False)
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=40, blank=True, default="")
    url = models.CharField(max_length=200, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    moved_at = models.DateTimeField(null=True, help_text="when it was put into the successor's hands")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "source", "key"], name="handover_item_once")]


class Feed(models.Model):
    """The secret address under which a person's calendar program reads what they owe; only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="duty_feeds")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
