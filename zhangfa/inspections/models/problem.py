"""What is to be put right, with owner, day and second look; and what is said of units in public (AM-W3, HS-W1.6, A-57)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.inspections.models.inspection import ALL_SEEING, Inspection, people_of
from zhangfa.inspections.models.sheet import Sheet
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit
from zhangfa.organisation.scope import BY_OUTLET, united

HEADS = ("hs", "ls", "cs", "mk", "fin")


class ProblemQuerySet(models.QuerySet["Problem"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Owner, who ordered it, who sits there now and who stands above; whose answers showed it; the heads those of their
        departments, the outlet's manager the outlet's; administration and the executives all."""
        if actor.is_system or actor.holds(*ALL_SEEING):
            return [self.all()]
        people, seats = people_of(actor), [s.id for s in actor.seats]
        found = [
            self.filter(owner_id__in=people),
            self.filter(ordered_by_id__in=people),
            self.filter(sheet__person_id__in=people),
        ]
        if seats:
            answering = Seat.objects.filter(models.Q(pk__in=seats) | models.Q(reports_to_id__in=seats))
            found += [self.filter(seat_id__in=answering.values("pk")), self.filter(orderer_seat_id__in=seats)]
        if departments := [s.department_id or s.unit_id for s in actor.seats if s.post in HEADS]:
            found.append(self.filter(department_id__in=departments))
        if outlets := [s.unit_id for s in actor.seats if s.post in BY_OUTLET]:
            found.append(self.filter(unit_id__in=outlets))
        return found

    def visible_to(self, actor: Actor) -> ProblemQuerySet:
        seen: ProblemQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Problem:
        return self.select_for_update(of=("self",)).select_related("owner", "unit").get(pk=pk)

    def search(self, query: str) -> ProblemQuerySet:
        query = query.strip()
        return self.filter(models.Q(owner__search_key__named=query) | models.Q(unit__search_key__named=query))


class Problem(models.Model):
    """A corrective action: what is wrong, what is to be done, by whom, by when; closed only after a second look."""

    class Status(models.TextChoices):
        OPEN = "open", _("待整改")
        DONE = "done", _("待复查")
        CLOSED = "closed", _("已关闭")

    class Urgency(models.TextChoices):
        STRENGTHEN = "strengthen", _("加强")
        IMMEDIATE = "immediate", _("立即整改")

    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="problems", db_index=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="problems")
    is_spot = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    issue = models.TextField(_("问题"))
    measure = models.TextField(_("整改办法"))
    urgency = models.CharField(_("要求"), max_length=12, choices=Urgency, default=Urgency.STRENGTHEN)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("责任人"), db_index=False)
    ordered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"), db_index=False
    )
    seat = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="where the owner owes it from; whoever holds it may finish it",
    )
    orderer_seat = models.ForeignKey(
        Seat,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="from which it was ordered; whoever holds it may look again",
    )
    ordered_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("期限"))
    done_at = models.DateTimeField(_("整改完成时间"), null=True)
    done_note = models.TextField(_("整改情况"), blank=True, default="")
    recheck_on = models.DateField(_("复查日期"), null=True)
    rechecked_at = models.DateTimeField(_("复查时间"), null=True)
    rechecked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("复查人"), db_index=False
    )
    recheck_note = models.TextField(_("复查结果"), blank=True, default="")
    rounds = models.PositiveSmallIntegerField(_("退回次数"), default=0)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "status"], name="rectify_owner"),
            models.Index(fields=["ordered_by", "status"], name="rectify_orderer"),
            models.Index(fields=["department", "-id"], name="rectify_department"),
            models.Index(fields=["inspection", "-id"], name="rectify_inspection"),
            models.Index(fields=["status", "due_on"], name="rectify_due"),
            models.Index(fields=["ordered_at"], name="rectify_ordered"),
        ]

    def __str__(self) -> str:
        return f"ZG{self.pk:06d}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:problem", args=[self.pk])

    @property
    def number(self) -> str:
        return str(self)


class Remark(models.Model):
    """A unit praised or criticised in the week's table; a person only on the ground of a rule and after their own sheet (A-57)."""

    class Kind(models.TextChoices):
        PRAISE = "praise", _("表扬")
        CRITICISM = "criticism", _("批评")

    week_on = models.DateField(_("周"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("部门"), db_index=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="+", db_index=False)
    ground = models.CharField(_("公布依据"), max_length=200, blank=True, default="")
    reason = models.CharField(_("理由"), max_length=400)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["week_on", "id"], name="remark_week")]

    def __str__(self) -> str:
        return self.reason
