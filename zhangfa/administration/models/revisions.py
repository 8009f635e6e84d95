"""A revision of the chart, or of one post's description: its lines or texts, its version, and who has to know it (AM-D1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person, Post, Seat, Unit
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

REVISERS = ("am", "hr", "gm", "dgm")
TEXTS = ("purpose", "duties", "procedures", "powers", "limits", "discipline", "requirements")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*REVISERS) or any(s.grade >= Grade.DEPARTMENT_MANAGER for s in actor.seats):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        return [self.filter(status__in=Revision.KNOWN), self.filter(drafted_by_id=actor.person_id)]

    def visible_to(self, actor: Actor) -> RevisionQuerySet:
        """What is approved is open to everybody who works here; before that to department managers, administration and its author."""
        seen: RevisionQuerySet = united(self, self.branches(actor))
        return seen

    def lock(self, pk: Any) -> Revision:
        rows = self.select_for_update(of=("self", "record")).select_related("record__unit", "drafted_by")
        return held(("revision", pk), lambda: rows.get(pk=pk))

    def search(self, q: str) -> RevisionQuerySet:
        return self.filter(Q(title__icontains=q.strip()) | numbered(q))


class Revision(models.Model):
    """One version of the chart or of a post's description, from its draft to the day when the next one replaces it."""

    class Kind(models.TextChoices):
        CHART = "chart", _("组织机构")
        POST = "post", _("岗位说明")

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草中")
        REVIEW = "review", _("待审核")
        PROPOSED = "proposed", _("待批准")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准，待生效")
        IN_FORCE = "in_force", _("现行")
        REPLACED = "replaced", _("已被新版代替")
        REFUSED = "refused", _("未获同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    KNOWN = (Status.APPROVED, Status.IN_FORCE, Status.REPLACED)
    RUNNING = (Status.DRAFT, Status.REVIEW, Status.PROPOSED, Status.RETURNED, Status.APPROVED)

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="revision")
    kind = models.CharField(_("类别"), max_length=6, choices=Kind)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("岗位"), db_index=False)
    title = models.CharField(_("修订名称"), max_length=120)
    reason = models.CharField(_("修订理由"), max_length=1000)
    effective_on = models.DateField(_("生效日期"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    edition = models.PositiveSmallIntegerField(_("版次"), null=True)
    drafted_at = models.DateTimeField(_("起草时间"))
    drafted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("起草人"), db_index=False
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    in_force_at = models.DateTimeField(_("生效时间"), null=True)
    replaced_on = models.DateField(_("被代替日期"), null=True)
    trouble = models.JSONField(default=list, help_text="why it could not take effect on its day")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "edition"], condition=Q(post=None), name="revision_chart_edition"),
            models.UniqueConstraint(fields=["post", "edition"], condition=Q(kind="post"), name="revision_post_edition"),
        ]
        indexes = [
            models.Index(fields=["status", "-record"], name="revision_status"),
            models.Index(fields=["kind", "status", "-record"], name="revision_kind"),
            models.Index(fields=["post", "status", "-record"], name="revision_post"),
            models.Index(fields=["drafted_by", "-record"], name="revision_author"),
            models.Index(fields=["effective_on"], condition=Q(status="approved"), name="revision_to_begin"),
        ]

    def __str__(self) -> str:
        return self.record.number or self.title

    def get_absolute_url(self) -> str:
        return reverse("administration:revision", args=[self.pk])


class RevisionLine(models.Model):
    """One change of the chart; `new_*` point to the line of the same revision that makes what it needs."""

    class Kind(models.TextChoices):
        OPEN_UNIT = "open_unit", _("新设单位")
        RENAME_UNIT = "rename_unit", _("单位改名")
        MOVE_UNIT = "move_unit", _("调整上级单位")
        CLOSE_UNIT = "close_unit", _("停用单位")
        ADD_SEAT = "add_seat", _("新设席位")
        MOVE_SEAT = "move_seat", _("调整席位")
        CLOSE_SEAT = "close_seat", _("停用席位")

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="lines", db_index=False)
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    above = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    moves_to = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    new_unit = models.PositiveSmallIntegerField(default=0)
    new_above = models.PositiveSmallIntegerField(default=0)
    new_moves_to = models.PositiveSmallIntegerField(default=0)
    unit_kind = models.CharField(max_length=12, blank=True, default="")
    code = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=60, blank=True, default="")
    name_en = models.CharField(max_length=80, blank=True, default="")
    # As it stood when the line took effect, so that the paper can be read years later.
    was = models.JSONField(default=dict)
    made_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    made_seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "seq"], name="revision_line_seq")]


class Description(models.Model):
    """岗位说明书: what a post is for, what it does, how, with which powers and limits, to whom it reports, what it asks."""

    revision = models.OneToOneField(Revision, models.CASCADE, primary_key=True, related_name="description")
    purpose = models.TextField(_("岗位目的"), blank=True, default="")
    duties = models.TextField(_("岗位职责"), blank=True, default="")
    procedures = models.TextField(_("作业流程"), blank=True, default="")
    powers = models.TextField(_("权限"), blank=True, default="")
    limits = models.TextField(_("权限的限制"), blank=True, default="")
    discipline = models.TextField(_("岗位纪律"), blank=True, default="")
    requirements = models.TextField(_("任职要求"), blank=True, default="")
    superior = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("直接上级岗位"), db_index=False
    )

    def texts(self) -> dict[str, str]:
        return {**{name: getattr(self, name) for name in TEXTS}, "superior": self.superior_id or ""}


class RevisionReader(models.Model):
    """Somebody whom the revision concerns; without an instant the receipt is still owed."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="readers", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(_("签收时间"), null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "person"], name="revision_reader_once")]
        indexes = [models.Index(fields=["person"], condition=Q(read_at=None), name="revision_reader_open")]
