"""One decision that a paper needs."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat
from zhangfa.records.models import Record


class StepQuerySet(models.QuerySet["Step"]):
    def lock(self, pk: int) -> Step:
        """The step under lock; its paper is locked before (`registry`)."""
        rows = self.select_for_update(of=("self",)).select_related("record", "seat__post", "seat__unit")
        return held(("step", pk), lambda: rows.get(pk=pk))

    def waiting_for(self, actor: Actor) -> StepQuerySet:
        """Steps that stand at one of the actor's seats, delegated ones included, or name the actor."""
        at_seat = models.Q(seat_id__in=[seat.id for seat in actor.seats])
        return self.filter(at_seat | models.Q(person_id=actor.person_id or 0), state=Step.State.WAITING)

    def visible_to(self, actor: Actor) -> StepQuerySet:
        """Steps that wait for the actor, went up from them, or were decided by them."""
        if actor.person_id is None:
            return self.none()
        seats = [seat.id for seat in actor.seats]
        return self.filter(
            models.Q(seat_id__in=seats) | models.Q(person_id=actor.person_id) | models.Q(escalated_from_id__in=seats)
            | models.Q(decided_by_id=actor.person_id)
        )  # fmt: skip


class Step(models.Model):
    """A paper waits for one seat's decision, with the facts, figures and chain that led there kept for ever (X-5)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待审批")
        AGREED = "agreed", _("已同意")
        REFUSED = "refused", _("不同意")
        RETURNED = "returned", _("已退回")
        VOID = "void", _("已失效")

    record = models.ForeignKey(Record, models.PROTECT, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40, help_text="what is decided, as declared in the registry")
    role = models.CharField(_("审批权限"), max_length=8, help_text="post code that the authority rule named")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="steps", verbose_name=_("审批席位"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="steps_named",
        help_text="the company's second decider, where no seat may decide",
    )  # fmt: skip
    escalated_from = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="steps_escalated")
    amount = MoneyField(_("金额"), null=True)
    applicant = models.ForeignKey(Person, models.PROTECT, null=True, related_name="steps_applied")
    involved = models.JSONField(default=list, help_text="persons who may never decide this paper")
    facts = models.JSONField(default=dict)
    policy = models.JSONField(default=list, help_text="figures with versions as read when the paper was handed in")
    clause = models.CharField(max_length=16)
    chain = models.JSONField(default=list, help_text="seats and persons considered, and why each was passed over")
    escalations = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField(default=0, help_text="how often it went up")
    escalation_hours = models.PositiveSmallIntegerField(help_text="a running deadline keeps its figure")
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField(_("提交时间"))
    requested_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(_("办理期限"))
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="steps_decided", verbose_name=_("审批人")
    )
    principal = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="for whom a delegate decided"
    )
    decided_seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField(_("意见"), max_length=400, blank=True, default="")

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "seq"], name="step_seq")]
        indexes = [
            models.Index(
                fields=["seat", "due_at"],
                condition=models.Q(state="waiting"),
                name="step_seat_waiting",
            ),
            models.Index(
                fields=["person", "due_at"],
                condition=models.Q(state="waiting"),
                name="step_person_waiting",
            ),
            models.Index(
                fields=["escalated_from", "-id"],
                condition=models.Q(state="waiting"),
                name="step_escalated",
            ),
            models.Index(fields=["applicant", "-id"], condition=models.Q(state="waiting"), name="step_applicant"),
            models.Index(fields=["decided_by", "-decided_at"], name="step_decided"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("approvals:step", kwargs={"pk": self.pk})

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_stuck(self) -> bool:
        """Nobody may decide it as the company stands; the page says so and who could mend it."""
        return self.seat_id is None and self.person_id is None
