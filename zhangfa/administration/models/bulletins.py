"""公司通知: read by a time, and known who has not (AM-D4)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

EVERYWHERE = ("gm", "dgm", "am", "hr")


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        mine = Reader.objects.filter(person_id=actor.person_id).values("bulletin_id")
        return [self.filter(pk__in=mine), self.filter(issued_by_id=actor.person_id)]

    def visible_to(self, actor: Actor) -> Any:
        """Those to whom it was sent, who issued it, the executives and administration."""
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> Bulletin:
        return self.select_for_update(of=("self", "record")).select_related("record", "issued_by").get(pk=pk)

    def search(self, q: str) -> Any:
        q = q.strip()
        return self.filter(Q(title__icontains=q) | numbered(q))


class Bulletin(models.Model):
    """One notice to posts of a unit or of the whole company."""

    class Status(models.TextChoices):
        ISSUED = "issued", _("已发出")
        WITHDRAWN = "withdrawn", _("已撤回")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="bulletin")
    title = models.CharField(_("通知"), max_length=120)
    text = models.TextField(_("内容"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("发给哪个单位"), db_index=False)
    about = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("推行什么"),
        help_text="the paper that it rolls out",
    )
    posts = models.JSONField(default=list, help_text="the posts that read it; empty means all")
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.ISSUED)
    version = models.PositiveIntegerField(default=1)
    read_by_at = models.DateTimeField(_("最晚阅读时间"))
    issued_at = models.DateTimeField(_("发出时间"))
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发出人"), db_index=False
    )
    chased_at = models.DateTimeField(null=True, help_text="when those who had not read it were told again")
    opinion = models.CharField(_("撤回原因"), max_length=400, blank=True, default="")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["issued_by", "-record"], name="bulletin_issuer"),
            models.Index(fields=["read_by_at"], condition=Q(chased_at=None, status="issued"), name="bulletin_to_chase"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:bulletin", args=[self.pk])


class Reader(models.Model):
    """Somebody to whom a notice was sent, and when they read it."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="readers", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "person"], name="bulletin_reader_once")]
        indexes = [
            models.Index(fields=["person", "bulletin"], name="bulletin_reader_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="bulletin_reader_open"),
        ]
