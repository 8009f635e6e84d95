"""Training sessions with who was there and what they learnt (U21, E31)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered, seen_by
from zhangfa.records.models import Record

TRAINING_READERS = ("gm", "dgm", "am", "hr", "cs")


class TrainingQuerySet(models.QuerySet["Training"]):
    def branches(self, actor: Actor) -> list[Any]:
        """Administration and the leaders all; a head those of the department; trainers and learners their own."""
        return seen_by(self, actor, TRAINING_READERS)

    def visible_to(self, actor: Actor) -> TrainingQuerySet:
        seen: TrainingQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Training:
        rows = self.select_for_update(of=("self", "record")).select_related("record", "trainer", "unit")
        return held(("training", pk), lambda: rows.get(pk=pk))

    def search(self, q: str) -> TrainingQuerySet:
        return self.filter(Q(topic__icontains=q.strip()) | numbered(q))


class Training(models.Model):
    """One session 培训记录: topic and subject, trainer, hours; its learners' hours count once it is closed."""

    class Subject(models.TextChoices):
        ETHICS = "ethics", _("职业道德")
        SAFETY = "safety", _("劳动安全")
        COMMUNICATION = "communication", _("客户沟通与服务")
        PREVENTION = "prevention", _("事故预防")
        STANDARD = "standard", _("服务标准")
        HANDBOOK = "handbook", _("员工手册和制度")

    class Manner(models.TextChoices):
        CLASS = "class", _("面授")
        ELEARNING = "elearning", _("网上学习")

    class Status(models.TextChoices):
        PLANNED = "planned", _("已安排")
        CLOSED = "closed", _("已计学时")
        CANCELLED = "cancelled", _("已取消")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="training")
    topic = models.CharField(_("培训内容"), max_length=120)
    subject = models.CharField(_("科目"), max_length=14, choices=Subject)
    manner = models.CharField(_("方式"), max_length=10, choices=Manner, default=Manner.CLASS)
    trainer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("讲师"))
    outside_trainer = models.CharField(_("外请讲师"), max_length=80, blank=True, default="")
    given_by = models.CharField(max_length=8, default="", help_text="the trainer's post, whose delivered hours it is")
    held_on = models.DateField(_("培训日期"))
    halves = models.PositiveSmallIntegerField(help_text="half hours")
    has_test = models.BooleanField(_("有小测验"), default=False)
    needs_signing = models.BooleanField(_("须签到"), default=False)
    place = models.CharField(_("地点"), max_length=120, blank=True, default="")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    closed_at = models.DateTimeField(_("计学时时间"), null=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.PLANNED)
    version = models.PositiveIntegerField(default=1)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-held_on", "-record"], name="training_held"),
            models.Index(fields=["department", "-record"], name="training_department"),
            models.Index(fields=["subject", "held_on"], name="training_subject"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("people:training", kwargs={"pk": self.pk})

    @property
    def hours(self) -> Decimal:
        return Decimal(self.halves) / 2


class Learner(models.Model):
    """Somebody who took part, with the half hours that count for them."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="learners")
    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings", db_index=False)
    score = models.PositiveSmallIntegerField(_("成绩"), null=True)
    counted = models.PositiveSmallIntegerField(default=0, help_text="half hours, set when the session is closed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training", "person"], name="learner_once")]
        indexes = [models.Index(fields=["person", "training"], name="learner_person")]

    @property
    def hours(self) -> Decimal:
        return Decimal(self.counted) / 2
