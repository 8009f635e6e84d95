"""The paper that changes one of the company's figures: proposal, approval by the GM, day of effect (X-2)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person
from zhangfa.records.models import Record

READERS = ("am", "hr")


class PolicyChangeQuerySet(models.QuerySet["PolicyChange"]):
    def visible_to(self, actor: Actor) -> Self:
        """Department managers and above, administration, and those who proposed it; everybody sees the figure once it is enacted."""
        if (
            actor.is_system
            or actor.holds(*READERS)
            or any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in actor.seats)
        ):
            return self.all()
        if actor.person_id is None:
            return self.none()
        return self.filter(Q(proposed_by_id=actor.person_id))

    def lock(self, pk: Any) -> PolicyChange:
        return self.select_for_update(of=("self", "record")).select_related("record", "proposed_by").get(pk=pk)

    def search(self, q: str) -> Self:
        return self.filter(Q(pk__in=self.model.objects.numbered(q).values("pk")) | Q(key__icontains=q))

    def numbered(self, q: str) -> Self:
        return self.filter(pk__in=Record.objects.filter(number__in={q.strip(), q.strip().upper()}).values("pk"))


class PolicyChange(models.Model):
    """One proposal 章程修改单 to change one figure from a day on."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        RETURNED = "returned", _("已退回")
        ENACTED = "enacted", _("已批准")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="policy_change")
    key = models.CharField(_("修改哪个值"), max_length=80)
    old_value = models.CharField(_("原值"), max_length=200, blank=True)
    old_version = models.PositiveIntegerField()
    value = models.CharField(_("新值"), max_length=200, blank=True)
    effective_from = models.DateField(_("生效日期"))
    reason = models.CharField(_("修改理由"), max_length=1000)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_at = models.DateTimeField(_("提交时间"))
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))
    enacted_version = models.PositiveIntegerField(null=True)

    objects = PolicyChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key", "-record"], name="policy_change_key"),
            models.Index(fields=["proposed_by", "-record"], name="policy_change_person"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:change", kwargs={"pk": self.pk})
