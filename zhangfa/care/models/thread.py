"""What a visit brings up and has to be settled: the thread from the problem to the answer (CS-W3.4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.care.models import scope
from zhangfa.care.models.visit import Visit
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.models import Record


class ThreadQuerySet(models.QuerySet["Thread"]):
    def branches(self, actor: Actor) -> list[Any]:
        return scope.branches(self, actor, "raised_by_id")

    def visible_to(self, actor: Actor) -> ThreadQuerySet:
        seen: ThreadQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Thread:
        joined = ("record", "visit__record", "customer", "outlet")
        return held(
            ("visit_thread", pk), lambda: self.select_for_update(of=("self",)).select_related(*joined).get(pk=pk)
        )


class Thread(models.Model):
    """A problem from a visit until the customer is answered: meeting, rule, answer, each with its deadline (CS-W3.4)."""

    class Status(models.TextChoices):
        OPEN = "open", _("待开会")
        MET = "met", _("待出台制度")
        RULED = "ruled", _("待答复客户")
        ANSWERED = "answered", _("已答复")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="visit_thread")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="thread", verbose_name=_("访问"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name=_("客户"), db_index=False)
    outlet = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField(_("提出时间"))
    raised_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人"), db_index=False
    )
    meeting_due_at = models.DateTimeField(_("开会期限"))
    met_at = models.DateTimeField(_("开会时间"), null=True)
    meeting = models.CharField(_("会议"), max_length=120, blank=True, default="")
    meeting_url = models.CharField(max_length=200, blank=True, default="")
    held_meeting = models.ForeignKey("meetings.Meeting", models.PROTECT, null=True, related_name="+", db_index=False)
    decision = models.TextField(_("会议决定"), blank=True, default="")
    rule_due_at = models.DateTimeField(_("出台期限"), null=True)
    ruled_at = models.DateTimeField(_("出台时间"), null=True)
    rule = models.CharField(_("制度或措施"), max_length=300, blank=True, default="")
    rule_url = models.CharField(max_length=200, blank=True, default="")
    regulation = models.ForeignKey(
        "regulations.Regulation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    answer_due_at = models.DateTimeField(_("答复期限"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    answer = models.TextField(_("答复内容"), blank=True, default="")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["outlet", "-record"], name="visit_thread_outlet"),
            models.Index(fields=["department", "-record"], name="visit_thread_department"),
            models.Index(fields=["raised_by", "-record"], name="visit_thread_raised"),
            models.Index(fields=["status", "-record"], name="visit_thread_status"),
            models.Index(fields=["customer"], name="visit_thread_customer"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("care:thread", args=[self.pk])
