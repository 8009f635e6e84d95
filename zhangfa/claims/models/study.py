"""《预防事故发生培训资料》: a closed case told without names, with its test, and who has studied it (F14, CC-W2.2)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.case import Case
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.people.models import Training
from zhangfa.records.finding import numbered
from zhangfa.records.models import Attachment, Record

WRITERS = ("cc", "cs")
READERS = ("cc", "cs", "am", "hr", "gm", "dgm", "hs", "ls", "sup")


class StudyQuerySet(models.QuerySet["Study"]):
    def visible_to(self, actor: Actor) -> StudyQuerySet:
        """Drafts for the service centre and their writer; released ones for managers and for those who have to study them."""
        if actor.is_system or actor.holds(*WRITERS):
            return self.all()
        if actor.person_id is None:
            return self.none()
        mine = Reading.objects.filter(person_id=actor.person_id).values("study_id")
        own = Q(written_by_id=actor.person_id)
        released = Q(status=Study.Status.RELEASED)
        return self.filter(own | (released if actor.holds(*READERS) else released & Q(pk__in=mine)))

    def search(self, query: str) -> StudyQuerySet:
        return self.filter(numbered(query) | Q(title__icontains=query.strip()))

    def lock(self, pk: Any) -> Study:
        joined = self.select_for_update(of=("self", "record")).select_related("record", "case")
        return held(("study", pk), lambda: joined.get(pk=pk))


class Study(models.Model):
    """One lesson: what happened, why, what is right, what to look at; the case behind it is hidden from readers."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("待发布")
        RELEASED = "released", _("已发布")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="study")
    case = models.OneToOneField(Case, models.PROTECT, related_name="study")
    title = models.CharField(_("标题"), max_length=100)
    cause = models.CharField(_("类别"), max_length=12, choices=Case.Cause)
    products = models.JSONField(_("适用产品"), default=list)
    posts = models.JSONField(_("学习的岗位"), default=list)
    narrative = models.TextField(_("经过"))
    analysis = models.TextField(_("原因剖析"))
    loss_level = models.CharField(_("损失区间"), max_length=30, default="")
    correct_practice = models.TextField(_("正确做法"))
    checkpoints = models.JSONField(_("预防要点"), default=list)
    quiz = models.JSONField(_("考题"), default=list)
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(_("编写时间"))
    written_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("编写人"), db_index=False
    )
    train_by = models.DateField(_("在哪天以前学完"), null=True)
    released_at = models.DateTimeField(_("发布时间"), null=True)
    released_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人"), db_index=False
    )

    objects = StudyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-record"], name="study_status"),
            models.Index(fields=["cause", "-record"], name="study_cause"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("claims:study", kwargs={"pk": self.pk})


class StudyPicture(models.Model):
    """A picture in the lesson 图片（脱敏）: a copy of its own, which one person says shows nobody and nothing of the customer."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="pictures", db_index=False)
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    caption = models.CharField(_("图片说明"), max_length=100)
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人"), db_index=False
    )
    confirmed_at = models.DateTimeField(_("确认时间"))

    class Meta:
        indexes = [models.Index(fields=["study", "id"], name="study_picture_study")]


class StudySession(models.Model):
    """A training session at which the lesson is taught; who signed there and passed has studied it."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="sessions", db_index=False)
    training = models.OneToOneField(Training, models.PROTECT, primary_key=True, related_name="lesson")
    pass_score = models.PositiveSmallIntegerField(_("及格分"), default=0)

    class Meta:
        indexes = [models.Index(fields=["study", "training"], name="study_session_study")]


class Reading(models.Model):
    """One person who has to study it, and when they did: alone with the questions answered, or at a session."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="readings", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("学习时间"), null=True)
    questions = models.PositiveSmallIntegerField(default=0)
    session = models.ForeignKey(StudySession, models.PROTECT, null=True, related_name="readings", db_index=False)
    score = models.PositiveSmallIntegerField(_("成绩"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "person"], name="reading_once")]
        indexes = [models.Index(fields=["person", "at"], name="reading_person")]
