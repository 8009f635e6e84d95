"""公司文件: rules, decisions and documents that are followed up, the company's strengths and questions of its image (AM-D1, AM-D6)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.text import mask_phone
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person
from zhangfa.organisation.scope import united
from zhangfa.records.finding import numbered
from zhangfa.records.models import Record

KEEPERS = ("am", "hr")
READERS = (*KEEPERS, "gm", "dgm")


class CompanyFileQuerySet(models.QuerySet["CompanyFile"]):
    def branches(self, actor: Actor) -> list[Any]:
        if actor.is_system or actor.holds(*READERS):
            return [self.all()]
        if actor.person_id is None:
            return [self.none()]
        found = [self.filter(owner_id=actor.person_id)]
        if any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in actor.seats):
            found.append(self.exclude(kind=CompanyFile.Kind.ISSUE))
        return found

    def visible_to(self, actor: Actor) -> Any:
        """Administration and the executives; department managers all but questions of image; whoever answers for one."""
        return united(self, self.branches(actor))

    def lock(self, pk: Any) -> CompanyFile:
        return self.select_for_update(of=("self", "record")).select_related("record", "owner").get(pk=pk)

    def search(self, q: str) -> Any:
        q = q.strip()
        return self.filter(Q(title__icontains=q) | Q(source__icontains=q) | numbered(q))


class CompanyFile(models.Model):
    """One file with somebody who answers for it, followed up until it is closed (查办/督办)."""

    class Kind(models.TextChoices):
        RULE = "rule", _("规章制度")
        DECISION = "decision", _("会议决定")
        DOCUMENT = "document", _("文件")
        STRENGTH = "strength", _("公司优势")
        ISSUE = "issue", _("形象问题")

    class Status(models.TextChoices):
        OPEN = "open", _("督办中")
        CLOSED = "closed", _("已办结")
        KEPT = "kept", _("存档")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="company_file")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    title = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("内容"))
    source = models.CharField(_("来源或文号"), max_length=120, blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("负责人"), db_index=False)
    due_at = models.DateTimeField(_("办结期限"), null=True)
    filed_at = models.DateTimeField(_("登记时间"))
    filed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"), db_index=False
    )
    result = models.TextField(_("办理结果"), blank=True, default="")
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = CompanyFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-record"], name="company_file_owner"),
            models.Index(fields=["kind", "-record"], name="company_file_kind"),
            models.Index(fields=["status", "-record"], name="company_file_status"),
        ]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:file", args=[self.pk])


class Use(models.TextChoices):
    """Whether something of the calendar or the address book is still in use; what is closed stays readable."""

    ACTIVE = "active", _("使用中")
    CLOSED = "closed", _("已停用")


class InUse(models.Model):
    """What is kept up to date and, when it is over, closed with the reason."""

    status = models.CharField(_("状态"), max_length=8, choices=Use, default=Use.ACTIVE)
    why_closed = models.CharField(_("停用原因"), max_length=400, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def is_active(self) -> bool:
        return self.status == Use.ACTIVE


class OutsideContactQuerySet(models.QuerySet["OutsideContact"]):
    def visible_to(self, actor: Actor) -> Any:
        return self if actor.is_system or actor.holds(*READERS) else self.none()

    def lock(self, pk: Any) -> OutsideContact:
        return self.select_for_update().get(pk=pk)

    def search(self, q: str) -> Any:
        return self.filter(Q(organisation__icontains=q.strip()) | Q(name__icontains=q.strip()))


class OutsideContact(InUse):
    """对外联系人: somebody at an authority or a partner company (AM-D6)."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("主管机关")
        PARTNER = "partner", _("合作单位")
        OTHER = "other", _("其他单位")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    organisation = models.CharField(_("单位"), max_length=80)
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=40, blank=True, default="")
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    matters = models.CharField(_("办理什么"), max_length=200, blank=True, default="")
    noted_at = models.DateTimeField(_("登记时间"))
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = OutsideContactQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.organisation} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("administration:contact", args=[self.pk])

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "")


class StatutoryDateQuerySet(models.QuerySet["StatutoryDate"]):
    def visible_to(self, actor: Actor) -> Any:
        return self if actor.is_system or actor.person_id is not None else self.none()

    def lock(self, pk: Any) -> StatutoryDate:
        return self.select_for_update().get(pk=pk)

    def search(self, q: str) -> Any:
        return self.filter(Q(name__icontains=q.strip()) | Q(alias__icontains=q.strip()))


class StatutoryDate(InUse):
    """法定事项: what is filed each year between two days, with whom, on which ground (AM-D6)."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("事项"), max_length=80)
    alias = models.CharField(_("旧称"), max_length=40, blank=True, default="")
    authority = models.CharField(_("主管机关"), max_length=80)
    basis = models.CharField(_("依据"), max_length=160, blank=True, default="")
    from_month = models.PositiveSmallIntegerField(_("开始月"))
    from_day = models.PositiveSmallIntegerField(_("开始日"))
    to_month = models.PositiveSmallIntegerField(_("截止月"))
    to_day = models.PositiveSmallIntegerField(_("截止日"))
    remind_days = models.PositiveSmallIntegerField(_("提前多少天提醒"), default=30)

    objects = StatutoryDateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["to_month", "to_day", "id"], name="statutory_date_day")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("administration:statutory", args=[self.pk])


class FilingQuerySet(models.QuerySet["Filing"]):
    def visible_to(self, actor: Actor) -> Any:
        """Everybody may know that it was filed; the papers are administration's and the executives'."""
        return self if actor.is_system or actor.holds(*READERS, "fin") else self.none()


class Filing(models.Model):
    """办理记录: that and how one matter of a year was filed; its receipt hangs on the paper."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="filing")
    matter = models.ForeignKey(StatutoryDate, models.PROTECT, related_name="filings", verbose_name=_("事项"))
    year = models.PositiveSmallIntegerField(_("年度"))
    filed_on = models.DateField(_("办理日期"))
    receipt = models.CharField(_("回执号或凭据"), max_length=120)
    note = models.CharField(_("说明"), max_length=400, blank=True, default="")
    is_late = models.BooleanField(_("逾期"), default=False)
    entered_at = models.DateTimeField(_("登记时间"))
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"), db_index=False
    )

    objects = FilingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "year"], name="filing_once")]

    def __str__(self) -> str:
        return str(self.record)

    def get_absolute_url(self) -> str:
        return reverse("administration:statutory", args=[self.matter_id])
