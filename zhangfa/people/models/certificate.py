"""Papers of a person with the days for which they hold: a dated table that is added to, never rewritten."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import by_place, united
from zhangfa.people.rules import Paper

EVERYWHERE = ("gm", "dgm", "am", "hr", "cs", "ops", "op")
BY_DEPARTMENT = ("hs", "ls")
BY_OUTLET = ("oa", "sl")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most three querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        found = by_place(self, actor, unit="unit_id")
        if actor.person_id is not None:
            found.append(self.filter(person_id=actor.person_id))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> CertificateQuerySet:
        """Papers of one's own people, and one's own."""
        seen: CertificateQuerySet = united(self, self.branches(actor))
        return seen

    def standing(self) -> CertificateQuerySet:
        return self.filter(voided_at=None)

    def search(self, query: str) -> CertificateQuerySet:
        people = Person.objects.search(query).order_by().values("pk")
        return self.filter(models.Q(number=query.strip()) | models.Q(person_id__in=people))


class Certificate(models.Model):
    """One paper of a worker: identity check, health certificate, insurance, permit, background check or skill (H8–H12, H18)."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("身份核验（上门服务证）")
        HEALTH = "health", _("健康证")
        INSURANCE = "insurance", _("保险")
        HEIGHT = "height", _("登高作业证")
        BACKGROUND = "background", _("背景核查")
        SKILL = "skill", _("技能证书")

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", verbose_name=_("服务员"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("网点"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    kind = models.CharField(_("证件"), max_length=12, choices=Kind)
    number = models.CharField(_("证号"), max_length=40)
    issuer = models.CharField(_("发证单位"), max_length=60, blank=True, default="")
    category = models.CharField(_("服务类别"), max_length=12, blank=True, default="", help_text="of a skill")
    is_passed = models.BooleanField(_("结果合格"), default=True)
    valid_from = models.DateField(_("发证日期"))
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    voided_at = models.DateTimeField(_("作废时间"), null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "kind"], name="certificate_person"),
            models.Index(fields=["unit", "valid_to", "id"], name="certificate_unit"),
            models.Index(fields=["department", "valid_to", "id"], name="certificate_department"),
            models.Index(fields=["valid_to", "id"], name="certificate_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "number", "valid_from"], condition=models.Q(voided_at=None), name="certificate_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=F("valid_from")), name="certificate_days"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("people:worker", args=[self.person_id])

    def as_paper(self) -> Paper:
        return Paper(self.kind, self.valid_from, self.valid_to, self.is_passed, self.category)
