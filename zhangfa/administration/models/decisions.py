"""Instant decisions of administration in the company's name, and the weekly list for which the GM answers (AM-W4.3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import MoneyField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered, seen_by
from zhangfa.records.models import Record

EVERYWHERE = ("am", "hr", "dgm", "gm")


class DecisionList(models.Model):
    """即时决定周清单: what was decided in a week, sent to the GM, who takes note and answers for it."""

    class Status(models.TextChoices):
        SENT = "sent", _("已报总经理")
        NOTED = "noted", _("总经理已阅")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="decision_list")
    week_on = models.DateField(_("周一"), unique=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("报送人"))
    sent_at = models.DateTimeField(_("报送时间"))
    noted_at = models.DateTimeField(_("阅知时间"), null=True)
    opinion = models.CharField(_("意见"), max_length=400, blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.SENT)
    version = models.PositiveIntegerField(default=1)

    class ListQuerySet(models.QuerySet["DecisionList"]):
        def visible_to(self, actor: Actor) -> DecisionList.ListQuerySet:
            return self.all() if actor.is_system or actor.holds(*EVERYWHERE) else self.none()

        def lock(self, pk: Any) -> DecisionList:
            rows = self.select_for_update(of=("self", "record")).select_related("record", "sent_by")
            return held(("decision_list", pk), lambda: rows.get(pk=pk))

    objects = ListQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:decision-list", kwargs={"pk": self.pk})

    @property
    def until(self) -> dt.date:
        return self.week_on + dt.timedelta(days=6)


class InstantQuerySet(models.QuerySet["InstantDecision"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Administration and the leaders all; everybody what concerns them; a head what concerns the department."""
        return seen_by(
            self, actor, EVERYWHERE, of_departments=lambda heads: Q(unit_id__in=heads) | Q(other_unit_id__in=heads)
        )

    def visible_to(self, actor: Actor) -> InstantQuerySet:
        seen: InstantQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> InstantDecision:
        rows = self.select_for_update(of=("self", "record")).select_related("record", "decided_by", "responsible")
        return held(("instant", pk), lambda: rows.get(pk=pk))

    def search(self, q: str) -> InstantQuerySet:
        return self.filter(Q(decision__icontains=q.strip()) | numbered(q))


class InstantDecision(models.Model):
    """即时处理决定: takes effect at once on the ground of a rule; the GM is responsible and may revoke it for the future."""

    class Matter(models.TextChoices):
        SECONDMENT = "secondment", _("部门间临时抽调")
        DISPUTE = "dispute", _("部门间纠纷")
        SUPPLIES = "supplies", _("办公用品采购")
        LOWER_POST = "lower_post", _("部门以下岗位处理")
        LABOUR = "labour", _("劳动纠纷")
        AUTHORITY = "authority", _("对外事务和申领")

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("已生效")
        REVOKED = "revoked", _("已撤销")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="instant_decision")
    matter = models.CharField(_("事项"), max_length=12, choices=Matter)
    facts = models.CharField(_("事由"), max_length=1000)
    decision = models.CharField(_("决定"), max_length=1000)
    effect = models.CharField(_("效果"), max_length=1000)
    ground = models.CharField(_("依据"), max_length=300)
    amount = MoneyField(_("费用"), null=True)
    due_on = models.DateField(_("办理时限"), null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("部门"))
    other_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("另一部门"))
    responsible = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("负责的领导"))
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    decided_at = models.DateTimeField(_("生效时间"))
    revoked_from = models.DateField(_("从哪天起撤销"), null=True)
    revoke_reason = models.CharField(_("撤销理由"), max_length=400, blank=True, default="")
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.IN_FORCE)
    version = models.PositiveIntegerField(default=1)
    on_list = models.ForeignKey(DecisionList, models.PROTECT, null=True, related_name="decisions")

    objects = InstantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["decided_at"], name="instant_decided")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:decision", kwargs={"pk": self.pk})
