"""A leave from request to return, and the doctor's note behind a sick leave (AM-W4.1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.models import Step
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Absence, Grade, Person, Unit
from zhangfa.organisation.scope import by_place, united
from zhangfa.people import leave_rules
from zhangfa.people.leave_kinds import Kind, codes, kind_of
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

EVERYWHERE = ("gm", "am", "hr")


class LeaveQuerySet(models.QuerySet["Leave"]):
    def branches(self, actor: Actor) -> list[Any]:
        """One's own, those that were or are one's to decide, and those of one's own people."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        me, seats = actor.person_id, [seat.id for seat in actor.seats]
        own = self.filter(Q(person_id=me) | Q(delegate_id=me) | Q(filed_by_id=me))
        mine = Q(seat_id__in=seats) | Q(person_id=me) | Q(decided_by_id=me) | Q(escalated_from_id__in=seats)
        asked = self.filter(pk__in=Step.objects.filter(mine, kind="people.leave").order_by().values("record_id"))
        heads = [s.department_id or s.unit_id for s in actor.seats if s.grade == Grade.DEPARTMENT_MANAGER]
        below = [self.filter(department_id__in=heads)] if heads else by_place(self, actor, unit="unit_id")
        return [own, asked, *([united(self, below)] if below else [])]

    def visible_to(self, actor: Actor) -> LeaveQuerySet:
        seen: LeaveQuerySet = united(self, self.branches(actor))
        return seen

    def standing(self) -> LeaveQuerySet:
        """Those whose days are asked for or given."""
        return self.filter(status__in=Leave.STANDING)

    def lock(self, pk: Any) -> Leave:
        rows = self.select_for_update(of=("self", "record")).select_related("record", "person", "unit", "delegate")
        return held(("leave", pk), lambda: rows.get(pk=pk))

    def search(self, query: str) -> LeaveQuerySet:
        people = Person.objects.search(query).order_by().values("pk")
        return self.filter(Q(person_id__in=people) | numbered(query))


class Leave(models.Model):
    """One request 请假单: kind, half days, who stands in; the days that count are those of the person's own calendar."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")
        ENDED = "ended", _("已销假")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        CANCELLED = "cancelled", _("已取消")

    class Half(models.TextChoices):
        MORNING = "am", _("上午")
        AFTERNOON = "pm", _("下午")

    STANDING = (Status.PROPOSED, Status.APPROVED, Status.ENDED)

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="leave")
    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves", verbose_name=_("请假人"), db_index=False)
    filed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("填写人"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    level = models.CharField(max_length=12, help_text="of the applicant when it was handed in")
    kind = models.CharField(_("假别"), max_length=16, choices=[(code, code) for code in codes()])
    options = models.JSONField(default=list, help_text="circumstances that lengthen it")
    from_on = models.DateField(_("开始日期"))
    starts = models.CharField(_("从"), max_length=2, choices=Half, default=Half.MORNING)
    to_on = models.DateField(_("结束日期"))
    ends = models.CharField(_("到"), max_length=2, choices=Half, default=Half.AFTERNOON)
    first_slot = models.PositiveIntegerField(editable=False)
    last_slot = models.PositiveIntegerField(editable=False, help_text="shortened by an early return")
    halves = models.PositiveSmallIntegerField(help_text="half days that count")
    total_halves = models.PositiveSmallIntegerField(help_text="with those of the kind that count together")
    reason = EncryptedTextField(_("事由"))
    delegate = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代理人")
    )
    note_due_on = models.DateField(_("证明期限"), null=True)
    note_at = models.DateTimeField(_("交证明时间"), null=True)
    returned_on = models.DateField(_("返岗日期"), null=True)
    returned_half = models.CharField(max_length=2, choices=Half, default="", blank=True)
    absence = models.ForeignKey(Absence, models.SET_NULL, null=True, related_name="+", editable=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField(_("提交时间"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "kind", "last_slot"], name="leave_person"),
            models.Index(fields=["unit", "-record"], name="leave_unit"),
            models.Index(fields=["department", "-record"], name="leave_department"),
            models.Index(fields=["-first_slot", "-record"], name="leave_first"),
            models.Index(fields=["unit", "last_slot"], name="leave_unit_days"),
            models.Index(fields=["note_due_on"], name="leave_note", condition=Q(note_due_on__isnull=False)),
        ]
        constraints = [models.CheckConstraint(condition=Q(last_slot__gte=F("first_slot") - 1), name="leave_order")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("people:leave", kwargs={"pk": self.pk})

    @property
    def kind_facts(self) -> Kind:
        return kind_of(self.kind, self.from_on)

    @property
    def kind_name(self) -> str:
        return self.kind_facts.name

    def get_kind_display(self) -> str:
        """The kind in words, wherever a paper is read by its fields."""
        return self.kind_name

    @property
    def days(self) -> Decimal:
        return Decimal(self.halves) / 2

    @property
    def begins_at(self) -> dt.datetime:
        return instant_of(self.first_slot)

    @property
    def ends_at(self) -> dt.datetime:
        """The first instant after it."""
        return instant_of(self.last_slot + 1)

    @property
    def is_note_owed(self) -> bool:
        return self.note_due_on is not None and self.note_at is None and self.status in self.STANDING

    def taken(self) -> leave_rules.Taken:
        return leave_rules.Taken(self.first_slot, self.last_slot, self.halves, str(self.record))


def instant_of(slot: int) -> dt.datetime:
    """When a half day begins: at midnight, or at noon."""
    from zhangfa.core import clock

    day, half = leave_rules.day_of(slot)
    return clock.day_start(day) + dt.timedelta(hours=12 if half == leave_rules.AFTERNOON else 0)


class MedicalNoteQuerySet(models.QuerySet["MedicalNote"]):
    def visible_to(self, actor: Actor) -> MedicalNoteQuerySet:
        """The person themselves and personnel; everybody else learns fit or unfit only."""
        if actor.is_system or actor.holds("hr"):
            return self
        return self.filter(leave__person_id=actor.person_id) if actor.person_id is not None else self.none()


class MedicalNote(models.Model):
    """医院证明: a paper of its own under the leave, with the scan; what it says about health stays with personnel."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="medical_note")
    leave = models.ForeignKey(Leave, models.PROTECT, related_name="notes")
    unfit_from = models.DateField(_("休息开始"))
    unfit_to = models.DateField(_("休息结束"))
    hospital = EncryptedTextField(_("医院和诊断"), blank=True, default="")
    handed_at = models.DateTimeField(_("提交时间"))
    handed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = MedicalNoteQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("people:leave", kwargs={"pk": self.leave_id})
