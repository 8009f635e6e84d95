"""What a customer asks for about their own data: a copy, a correction, deletion (PIPL 44–50)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.customers.models.customer import Customer
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.models import Record

HANDLERS = ("cs", "cc", "dgm", "gm")


class PersonalRequestQuerySet(models.QuerySet["PersonalRequest"]):
    def visible_to(self, actor: Actor) -> Any:
        """Those who answer, and who took the request down."""
        if actor.is_system or actor.holds(*HANDLERS):
            return self.all()
        if actor.person_id is None:
            return self.none()
        return self.filter(Q(taken_by_id=actor.person_id))

    def lock(self, pk: Any) -> PersonalRequest:
        Customer.objects.lock(self.values_list("customer_id", flat=True).get(pk=pk))
        return self.select_for_update(of=("self",)).select_related("record", "customer").get(pk=pk)


class PersonalRequest(models.Model):
    """One request 个人信息请求 with its deadline and its answer."""

    class Status(models.TextChoices):
        OPEN = "open", _("待答复")
        DONE = "done", _("已办理")
        RESTRICTED = "restricted", _("依法保留")
        DECLINED = "declined", _("未办理")

    class Kind(models.TextChoices):
        ACCESS = "access", _("查阅、复制")
        CORRECTION = "correction", _("更正")
        DELETION = "deletion", _("删除")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="personal_request")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="requests", verbose_name=_("客户"))
    kind = models.CharField(_("请求"), max_length=12, choices=Kind)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    identity = models.CharField(_("身份核对"), max_length=200)
    wish = models.CharField(_("客户的要求"), max_length=500, blank=True, default="")
    taken_at = models.DateTimeField(_("受理时间"))
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("受理人"), db_index=False
    )
    due_at = models.DateTimeField(_("答复期限"))
    copied_at = models.DateTimeField(_("副本导出时间"), null=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("答复人"), db_index=False
    )
    outcome = models.CharField(_("答复"), max_length=500, blank=True, default="")
    grounds = models.JSONField(default=list, help_text="why the law keeps it: codes of the refusals")
    status_before = models.CharField(
        max_length=8, blank=True, default="", editable=False, help_text="how the file stood before it was only kept"
    )
    is_late = models.BooleanField(_("超期答复"), default=False)

    objects = PersonalRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-record"], name="personal_request_status"),
            models.Index(fields=["taken_by", "-record"], name="personal_request_taker"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("customers:request", args=[self.pk])
