"""部门协作单: one department asks another; silence goes up (AM-D4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person, Seat, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

EVERYWHERE = ("gm", "dgm", "am")


def departments_of(actor: Actor) -> list[int]:
    """The departments for which the actor speaks: from a line manager's post up."""
    return sorted({s.department_id for s in actor.seats if s.department_id and s.grade >= Grade.LINE_MANAGER})


class DeptRequestQuerySet(models.QuerySet["DeptRequest"]):
    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        units = departments_of(actor)
        if not units:
            return [self.none()]
        return [self.filter(from_unit_id__in=units), self.filter(to_unit_id__in=units)]

    def visible_to(self, actor: Actor) -> Any:
        """Both departments; the executives and administration see all."""
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> DeptRequest:
        rows = self.select_for_update(of=("self", "record"))
        return rows.select_related("record", "from_unit", "to_unit", "asked_by").get(pk=pk)

    def search(self, q: str) -> Any:
        q = q.strip()
        return self.filter(Q(title__icontains=q) | numbered(q))


class DeptRequest(models.Model):
    """A request with its deadlines for acknowledging and answering."""

    class Status(models.TextChoices):
        SENT = "sent", _("待接收")
        ACKNOWLEDGED = "acknowledged", _("已接收")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已了结")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Outcome(models.TextChoices):
        DONE = "done", _("已办好")
        AGREED = "agreed", _("同意，按答复的时间办")
        DECLINED = "declined", _("不能办，说明原因")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="dept_request")
    title = models.CharField(_("请求"), max_length=120)
    details = models.TextField(_("具体内容"))
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("发出部门"), db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("协作部门"), db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", help_text="the head of the department asked")
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.SENT)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(_("发出时间"))
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发出人"), db_index=False
    )
    ack_due_at = models.DateTimeField(_("接收期限"))
    answer_due_at = models.DateTimeField(_("答复期限"))
    acknowledged_at = models.DateTimeField(_("接收时间"), null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome, blank=True, default="")
    answer = models.TextField(_("答复"), blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=0, help_text="grows when the answer was not enough")
    opinion = models.CharField(_("意见"), max_length=400, blank=True, default="")
    closed_at = models.DateTimeField(_("了结时间"), null=True)

    objects = DeptRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["from_unit", "-record"], name="dept_request_from"),
            models.Index(fields=["to_unit", "-record"], name="dept_request_to"),
            models.Index(fields=["status", "-record"], name="dept_request_status"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:request", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"record:{self.pk}" + (f"/{self.round}" if self.round else "")
