"""What is owed by rule, and each time it was owed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat
from zhangfa.records.models import Record


class Duty(models.Model):
    """One version of one stage of a duty, as the catalogue defined it."""

    key = models.CharField(primary_key=True, max_length=40)
    code = models.CharField(max_length=12)
    stage = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    post = models.CharField(max_length=8)
    clause = models.CharField(max_length=16)
    rhythm = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    evidence = models.CharField(max_length=120)
    evidence_en = models.CharField(max_length=160)
    rule = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "stage", "version"], name="duty_version")]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name

    @property
    def shown_evidence(self) -> str:
        return self.evidence_en if (get_language() or "").startswith("en") else self.evidence


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def open(self) -> OccurrenceQuerySet:
        return self.filter(state=Occurrence.State.OPEN)

    def visible_to(self, actor: Actor) -> OccurrenceQuerySet:
        """The duties of the seats that the actor holds or stands in for."""
        return self.filter(seat_id__in=[seat.id for seat in actor.seats])


class Occurrence(models.Model):
    """A duty owed once: by a seat, about a subject, for a period; late is never repainted (X-1)."""

    class State(models.TextChoices):
        OPEN = "open", _("待完成")
        DONE = "done", _("按时完成")
        LATE = "late", _("逾期完成")
        VOID = "void", _("不再需要")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="occurrences", verbose_name=_("职责"))
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="occurrences", verbose_name=_("岗位席位"))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="occurrences",
        verbose_name=_("责任人"),
        help_text="moves with the seat's holder",
    )
    subject_key = models.CharField(max_length=80)
    period = models.CharField(max_length=20, default="")
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="occurrences")
    opened_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("期限"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    evidence_event = models.CharField(max_length=80, default="")
    policy = models.JSONField(default=list, help_text="figures as read when it opened")
    rung = models.PositiveSmallIntegerField(default=0, help_text="how often it was escalated")
    escalated_to = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="occurrences_escalated")
    escalated_at = models.DateTimeField(null=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "seat", "subject_key", "period"], name="occurrence_once")
        ]
        indexes = [
            models.Index(fields=["seat", "due_at"], condition=models.Q(state="open"), name="occurrence_seat_open"),
            models.Index(fields=["subject_key"], condition=models.Q(state="open"), name="occurrence_subject_open"),
            models.Index(fields=["record", "-id"], name="occurrence_record"),
            models.Index(fields=["seat", "-done_at"], name="occurrence_seat_done"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
