"""What is owed by rule, and each time it was owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core import compiled
from zhangfa.core.fields import TenthsField
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person, Seat, Unit, found_by
from zhangfa.records.models import Record

# Administration answers for the rules being kept, the GM for everything.
EVERYWHERE = ("gm", "am")
# The kind of decision that excuses a duty.
EXCUSE = "duties.excuse"


class Duty(models.Model):
    """One version of one stage of a duty, as the catalogue defined it."""

    key = models.CharField(primary_key=True, max_length=40)
    code = models.CharField(max_length=12)
    stage = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    post = models.CharField(max_length=8)
    clause = models.CharField(max_length=16)
    rhythm = models.CharField(max_length=10)
    off = models.CharField(max_length=16, default="", help_text="why the program can't watch it yet")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    evidence = models.CharField(max_length=120)
    evidence_en = models.CharField(max_length=160)
    rule = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    made = models.JSONField(
        null=True, help_text="what the company decided: the whole duty, or what it changes of the handbook's"
    )
    from_at = models.DateTimeField(null=True, help_text="from when a company's version counts for what begins")
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, related_name="+", help_text="the paper that decided it"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "stage", "version"], name="duty_version")]

    def __str__(self) -> str:
        return (self.name_en if (get_language() or "").startswith("en") else "") or self.name

    @property
    def shown_evidence(self) -> str:
        return (self.evidence_en if (get_language() or "").startswith("en") else "") or self.evidence


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def open(self) -> OccurrenceQuerySet:
        return self.filter(state=Occurrence.State.OPEN)

    def owed_by(self, actor: Actor) -> OccurrenceQuerySet:
        """The duties of the seats that the actor holds or stands in for."""
        return self.filter(seat_id__in=[seat.id for seat in actor.seats])

    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most three querysets that each stand on an index."""
        mine = scope_of(actor)
        if mine.is_all:
            return [self.all()]
        found = [self.filter(seat_id__in=mine.seats)]
        if mine.departments:
            found = [
                self.filter(department_id__in=mine.departments),
                found[0].exclude(department_id__in=mine.departments),
            ]
        return found

    def visible_to(self, actor: Actor) -> OccurrenceQuerySet:
        """Each their own, superiors their part, the GM and administration all (RPT-03)."""
        return self.filter(seen_by(actor))

    def lock(self, pk: Any) -> Occurrence:
        return self.select_for_update(of=("self",)).select_related("duty", "seat__unit", "person").get(pk=pk)

    def search(self, q: str) -> OccurrenceQuerySet:
        """By a duty's code or name, or by the one who owes it."""
        duties = Duty.objects.filter(models.Q(code__iexact=q.strip()) | models.Q(name__icontains=q.strip()))
        people = Person.objects.filter(found_by(q))
        return self.filter(models.Q(duty__in=duties) | models.Q(person__in=people))


@dataclass(frozen=True)
class Scope:
    """Whose duties somebody may see: all, whole departments, single seats."""

    is_all: bool = False
    departments: tuple[int, ...] = ()
    seats: tuple[int, ...] = ()


def seen_by(actor: Actor) -> models.Q:
    """What of the duties somebody may see, as a condition."""
    mine = scope_of(actor)
    if mine.is_all:
        return models.Q()
    found = models.Q(seat_id__in=mine.seats)
    return found | models.Q(department_id__in=mine.departments) if mine.departments else found


def scope_of(actor: Actor) -> Scope:
    """The actor's scope, worked out once for each actor: the seats below theirs, the departments that they head."""
    kept = actor.__dict__
    if "_duties_scope" not in kept:
        kept["_duties_scope"] = _scope(actor)
    found: Scope = kept["_duties_scope"]
    return found


def _scope(actor: Actor) -> Scope:
    if actor.is_system or actor.holds(*EVERYWHERE):
        return Scope(is_all=True)
    departments = {
        seat.department_id for seat in actor.seats if seat.department_id and seat.grade >= Grade.DEPARTMENT_MANAGER
    }
    seats = {seat.id for seat in actor.seats}
    above = {seat.id for seat in actor.seats if seat.grade in (Grade.SUPERVISOR, Grade.EXECUTIVE)}
    if above:
        for pk, department, grade in _below(above):
            if grade >= Grade.DEPARTMENT_MANAGER and department:
                departments.add(department)
            seats.add(pk)
    return Scope(departments=tuple(sorted(departments)), seats=tuple(sorted(seats)))


def _below(above: set[int]) -> list[tuple[int, int | None, int]]:
    """The seats that report to these directly, with department and grade; an executive has the rest by department."""
    direct = compiled.rows(_reporting, above=above)
    lower = {pk for pk, _department, grade in direct if Grade.WORKER < grade < Grade.DEPARTMENT_MANAGER}
    return direct + (_below(lower - above) if lower - above else [])


def _reporting(above: Iterable[int]) -> models.QuerySet[Any, Any]:
    rows = Seat.objects.filter(reports_to_id__in=above, is_active=True)
    return rows.values_list("pk", "unit__department_id", "post__grade")


class Occurrence(models.Model):
    """A duty owed once: by a seat, about a subject, for a period; late is never repainted (X-1)."""

    class State(models.TextChoices):
        OPEN = "open", _("待完成")
        DONE = "done", _("按时完成")
        LATE = "late", _("逾期完成")
        MISSED = "missed", _("未完成")
        EXCUSED = "excused", _("已免责")
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
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    subject_key = models.CharField(max_length=80)
    period = models.CharField(max_length=20, default="")
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="occurrences")
    opened_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("期限"))
    due_on = models.DateField(help_text="the last day on which it is in time")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    evidence_event = models.CharField(max_length=80, default="")
    needed = TenthsField(default=Decimal(1), help_text="how much evidence settles it")
    counted = TenthsField(default=Decimal(0), help_text="how much there is")
    policy = models.JSONField(default=list, help_text="figures as read when it opened")
    rung = models.PositiveSmallIntegerField(default=0, help_text="how often it was escalated")
    escalated_to = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="occurrences_escalated")
    escalated_at = models.DateTimeField(null=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = [
            # The period stands before the seat: what a tick opens is looked up by it.
            models.UniqueConstraint(fields=["duty", "period", "seat", "subject_key"], name="occurrence_once")
        ]
        indexes = [
            models.Index(fields=["seat", "due_at"], condition=models.Q(state="open"), name="occurrence_seat_open"),
            models.Index(fields=["subject_key"], condition=models.Q(state="open"), name="occurrence_subject_open"),
            models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="occurrence_due"),
            models.Index(
                fields=["escalated_at"],
                condition=models.Q(rung=1, state__in=["open", "missed"]),
                name="occurrence_second",
            ),
            models.Index(fields=["record", "-id"], name="occurrence_record"),
            models.Index(fields=["seat", "-done_at"], name="occurrence_seat_done"),
            models.Index(fields=["seat", "-due_at", "-id"], name="occurrence_seat_due"),
            models.Index(fields=["person", "-due_at", "-id"], name="occurrence_person_due"),
            models.Index(fields=["department", "-due_at", "-id"], name="occurrence_department_due"),
            # Hundreds fall due at one instant: the key tells them apart without sorting them.
            models.Index(fields=["-due_at", "-id"], name="occurrence_all_due"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("duties:occurrence", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_owed(self) -> bool:
        """Open, or missed for good and not excused: somebody answers for it."""
        return self.state in (self.State.OPEN, self.State.MISSED)


class Evidence(models.Model):
    """What came in for an occurrence of a rhythm: written by the engine from an event, once for each thing that happened (X-1)."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="evidence", db_index=False)
    source = models.CharField(max_length=100, help_text="the chain of the event: a paper or a row, counted once")
    event = models.CharField(max_length=80)
    at = models.DateTimeField()
    amount = TenthsField(default=Decimal(1))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence", "source"], name="evidence_once")]
        indexes = [models.Index(fields=["source"], name="evidence_source")]


class Rhythm(models.Model):
    """How far the clock has come with a duty: a period is opened once, also after a standstill."""

    stem = models.CharField(primary_key=True, max_length=40)
    until = models.DateTimeField()
