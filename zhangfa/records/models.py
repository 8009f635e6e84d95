"""Papers and what hangs on them (X-3)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhangfa.core import clock
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.ids import uuid7
from zhangfa.organisation.models import Person, Unit, User


class Record(models.Model):
    """One concrete row per paper; domain models point to it one to one."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("已提交")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("未同意")
        SIGNED = "signed", _("已签署")
        VOID = "void", _("已作废")

    id = models.UUIDField(primary_key=True, default=uuid7)
    number = models.CharField(_("编号"), max_length=32, null=True, unique=True)
    form_code = models.CharField(_("表单"), max_length=12)
    title = models.CharField(max_length=120, default="")
    url = models.CharField(max_length=120, default="", help_text="where a person opens the paper")
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="papers",
        help_text="the case a paper belongs to",
        db_index=False,
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"), db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    region = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("版本"), default=1)
    created_at = models.DateTimeField(_("填表时间"))
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("填表人"))
    submitted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("截止"), null=True)
    search_key = models.TextField(default="")
    retention = models.CharField(max_length=8, default="R2")
    is_restricted = models.BooleanField(default=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["form_code", "-id"], name="record_form"),
            models.Index(fields=["unit", "-id"], name="record_unit"),
            models.Index(fields=["department", "-id"], name="record_department"),
            models.Index(fields=["parent", "form_code"], name="record_parent"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("未编号"))

    def is_late(self, at: dt.datetime) -> bool:
        """Handed in after its day, or not yet and the day is over: late stays late."""
        return self.due_at is not None and (self.submitted_at or at) > self.due_at


class NumberSeries(models.Model):
    """The counter of a form code and day: locked in the transaction that hands the paper in, so numbers have no gaps."""

    form_code = models.CharField(max_length=12)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form_code", "day"], name="number_series_day")]


class Concern(models.Model):
    """A person whom a paper concerns, and as what: it is one of the three ways to see it."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="concerns", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="concerns", db_index=False)
    role = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person", "role"], name="concern_once")]
        indexes = [
            models.Index(fields=["person", "-record"], name="concern_person"),
            models.Index(fields=["person", "role"], name="concern_role"),
        ]


class Attachment(models.Model):
    """A file on a paper: the original kept encrypted with its SHA-256, viewers get a re-encoded copy without location."""

    class Kind(models.TextChoices):
        OBJECT = "object", _("被损物特写")
        SCENE = "scene", _("现场")
        EVIDENCE = "evidence", _("证据")
        PRICE = "price", _("价格凭证")
        BEFORE = "before", _("服务前")
        AFTER = "after", _("服务后")
        AGREEMENT = "agreement", _("协议")
        OTHER = "other", _("其他")

    id = models.UUIDField(primary_key=True, default=uuid7)
    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.OTHER)
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    view_sha256 = models.CharField(
        max_length=64, default="", help_text="the re-encoded copy; empty where the type has none"
    )
    thumb_sha256 = models.CharField(max_length=64, default="")
    width = models.PositiveIntegerField(default=0, help_text="of the view copy")
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(_("拍摄时间"), null=True)
    place = models.CharField(_("位置"), max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    removed_reason = models.CharField(_("删除原因"), max_length=200, default="", blank=True)
    forgotten_at = models.DateTimeField(
        null=True, help_text="whom it shows was made anonymous: only its digest is left"
    )

    class Meta:
        indexes = [
            models.Index(fields=["record", "kind"], name="attachment_record"),
            models.Index(fields=["sha256"], name="attachment_sha"),
        ]


class Signature(models.Model):
    """One signing role of a paper: signed, refused with a witness, or voided by a later change."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待签")
        SIGNED = "signed", _("已签")
        REFUSED = "refused", _("拒签（有见证）")
        VOID = "void", _("已失效")

    class Method(models.TextChoices):
        PASSWORD = "password", _("密码")
        DRAWN = "drawn", _("手写")

    class Result(models.TextChoices):
        AGREE = "agree", _("同意")
        DISAGREE = "disagree", pgettext_lazy("signature", "不同意")

    class Manner(models.TextChoices):
        SELF = "self", _("本人")
        DELEGATE = "delegate", _("代理")
        PRESENCE = "presence", _("当面手写")

    record = models.ForeignKey(Record, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)
    signer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="signatures")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    method = models.CharField(max_length=8, choices=Method, default="", blank=True)
    result = models.CharField(max_length=8, choices=Result, default="", blank=True)
    opinion = models.CharField(_("意见"), max_length=400, default="", blank=True)
    drawing = EncryptedTextField(default="", blank=True, help_text="the drawn name as a small PNG in base64, ink only")
    witness = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=400, default="", blank=True)
    acted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="who acted, where a delegate or witness did"
    )
    manner = models.CharField(max_length=8, choices=Manner, default="", blank=True)
    asked_at = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="")
    rest_digest = models.CharField(
        max_length=64, default="", blank=True, help_text="of what was left when the customer was made anonymous; empty: nothing was taken away"
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, help_text="the paper's version that was signed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "role"], condition=~models.Q(state="void"), name="signature_role_once"
            )
        ]
        indexes = [models.Index(fields=["signer", "state"], name="signature_signer")]


class Copy(models.Model):
    """A copy of a paper for a named person, with a read receipt."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="copies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    is_extract = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="copy_once")]
        indexes = [models.Index(fields=["person", "received_at"], name="copy_person")]


class Comment(models.Model):
    """A remark on a paper."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="comments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["record", "-id"], name="comment_record")]


class Print(models.Model):
    """The PDF of a paper as it stood at its last signature: stored once per version and language."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="prints")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "version", "language"], name="print_once")]
        indexes = [models.Index(fields=["sha256"], name="print_sha")]


class Publication(models.Model):
    """A report frozen with its figures and policy values; a correction is a numbered revision."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="publication")
    kind = models.CharField(max_length=12)
    period = models.CharField(max_length=30)
    revision = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField()
    policy = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "period", "revision"], name="publication_once")]


class Export(models.Model):
    """A list that left the house: who, what, how many rows, whether personal data stood in clear."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=60)
    filters = models.CharField(max_length=500, default="")
    rows = models.PositiveIntegerField()
    is_masked = models.BooleanField(default=True)
    at = models.DateTimeField()
    watermark = models.CharField(max_length=120)


class ListFile(models.Model):
    """A list too long for one answer, written by the worker: its maker's alone, and only for some days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待生成")
        RUNNING = "running", _("正在生成")
        DONE = "done", _("可以下载")
        BROKEN = "broken", _("没有生成")
        EXPIRED = "expired", _("已过期")

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel 表格（xlsx）")
        CSV = "csv", _("文本表格（csv）")

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    address = models.CharField(max_length=2000, help_text="the list with its filters, columns and order")
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4, choices=Format, default=Format.XLSX)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    filters = models.CharField(max_length=500, default="")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="list_file_user"),
            models.Index(fields=["asked_at"], name="list_file_age"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("records:list-file", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def name(self) -> str:
        day = (self.done_at or self.asked_at).astimezone(clock.TZ)
        return f"{self.title}-{day:%Y%m%d}.{self.format}"
