"""An import, its staged rows, what each of them became, and the columns of workbooks seen before."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.core.fields import EncryptedTextField
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, User
from zhangfa.organisation.rules import CHART_POSTS
from zhangfa.organisation.scope import united

# Who answers for what is brought in sees every import of it; others see their own.
ANSWERING = {"customers": ("gm", "cs"), "orders": ("gm", "cs"), "staff": CHART_POSTS}


class ImportQuerySet(models.QuerySet["Import"]):
    def lock(self, pk: int) -> Import:
        return self.select_for_update(of=("self",)).get(pk=pk)

    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, each way on an index of its own."""
        if actor.is_system:
            return [self.all()]
        targets = [target for target, posts in ANSWERING.items() if actor.holds(*posts)]
        found = [self.filter(target__in=targets)] if targets else []
        if actor.user_id is not None:
            found.append(self.filter(made_user_id=actor.user_id))
        if actor.person_id is not None:
            found.append(self.filter(made_by_id=actor.person_id))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """One's own imports, and those of what one answers for."""
        seen: ImportQuerySet = united(self, self.branches(actor))
        return seen

    def search(self, query: str) -> ImportQuerySet:
        query = query.strip()
        digits = query.upper().removeprefix("DR")
        key = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
        return self.filter(models.Q(name__contains=query) | models.Q(pk=key))


class Import(models.Model):
    """A workbook on its way into the house: read, mapped, checked, written in chunks, taken back."""

    class Target(models.TextChoices):
        CUSTOMERS = "customers", _("客户")
        ORDERS = "orders", _("历史订单")
        STAFF = "staff", _("单位和人员")

    class Status(models.TextChoices):
        READING = "reading", _("正在读取")
        MAPPING = "mapping", _("待对应列")
        CHECKING = "checking", _("正在检查")
        CHECKED = "checked", _("待确认")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        PLANNING = "planning", _("正在核对撤销")
        PLANNED = "planned", _("待确认撤销")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("读取失败")

    target = models.CharField(_("内容"), max_length=12, choices=Target)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.READING)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=4, editable=False, help_text="xlsx, xls or csv, by its first bytes")
    size = models.BigIntegerField(_("大小"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    pieces = models.JSONField(default=list, editable=False, help_text="the file in the vault, piece by piece")
    outline = EncryptedTextField(blank=True, default="", help_text="JSON: sheets with headings, samples and guesses")
    mapping = models.JSONField(default=dict, help_text="sheet, columns by number, constants")
    options = models.JSONField(default=dict, help_text="what to do with what is known; the year of days without one")
    source = models.CharField(_("来源和依据"), max_length=300, blank=True, default="")
    counts = models.JSONField(default=dict, help_text="rows by state")
    read_to = models.PositiveIntegerField(
        default=0, help_text="rows of the file that are staged, the passed over included"
    )
    rows_left_out = models.PositiveIntegerField(_("跳过的空行和合计行"), default=0)
    total = models.PositiveIntegerField(_("总行数"), default=0, help_text="as far as known")
    trouble = models.CharField(_("中断原因"), max_length=200, blank=True, default="")
    is_purged = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人"), db_index=False
    )
    made_user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(_("导入时间"))
    applied_at = models.DateTimeField(_("写入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["target", "-id"], name="import_target"),
            models.Index(fields=["made_by", "-id"], name="import_made_by"),
            models.Index(fields=["made_user", "-id"], name="import_made_user"),
            models.Index(fields=["sha256"], name="import_file"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"DR{self.pk:06d}"

    @property
    def shape(self) -> dict[str, Any]:
        """What the file looks like: its sheets with headings, samples and guesses."""
        found: dict[str, Any] = json.loads(self.outline) if self.outline else {}
        return found

    @property
    def is_working(self) -> bool:
        """A job is at it."""
        return self.status in WORKING

    def get_absolute_url(self) -> str:
        return reverse("imports:import", args=[self.pk])

    def count(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)


S = Import.Status
WORKING = (S.READING, S.CHECKING, S.APPLYING, S.PLANNING, S.UNDOING)


class Row(models.Model):
    """A staged row: its cells by field as they stand in the file, what is wrong with it, what becomes of it."""

    class State(models.TextChoices):
        READY = "ready", _("可写入")
        WRONG = "wrong", _("有错误")
        DOUBLED = "doubled", _("重复")
        SKIPPED = "skipped", _("不写入")
        APPLIED = "applied", _("已写入")
        UNDONE = "undone", _("已撤销")
        KEPT = "kept", _("不能撤销")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    n = models.PositiveIntegerField(_("行号"))
    sheet = models.CharField(_("工作表"), max_length=60, blank=True, default="")
    line = models.PositiveIntegerField(_("表内行号"))
    cells = EncryptedTextField(blank=True, default="", help_text="JSON: text by field")
    issues = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=8, choices=State)
    key = models.CharField(
        max_length=64, blank=True, default="", help_text="equal for the same customer, order or person"
    )
    rank = models.PositiveSmallIntegerField(default=0, help_text="lower ones are written first")
    known = models.CharField(_("已有"), max_length=60, blank=True, default="")
    twin = models.PositiveIntegerField(_("与本表的行重复"), null=True)
    choice = models.CharField(max_length=4, blank=True, default="", help_text="skip, fill or new")

    class Meta:
        # Whole, though many keys are blank: SQLite uses an index with a condition only for what is written out in the query.
        indexes = [
            models.Index(fields=["batch", "state", "rank", "n"], name="import_row_state"),
            models.Index(fields=["batch", "key"], name="import_row_key"),
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "n"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.n}"


class Result(models.Model):
    """What a staged row became: a row of a table that it made, or one that it filled with what stood there before."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="results", db_index=False)
    n = models.PositiveIntegerField()
    label = models.CharField(max_length=40, help_text="customers.customer")
    key = models.BigIntegerField()
    ref = models.CharField(max_length=60, blank=True, default="", help_text="its number in the books that it came from")
    before = EncryptedTextField(blank=True, default="", help_text="JSON: what stood in the filled fields")
    after = EncryptedTextField(blank=True, default="", help_text="JSON: what was filled in")
    # Stays when the words above are emptied. NULL, for a column that may be added to millions of rows at once.
    is_filled = models.BooleanField(null=True, help_text="it was there and was filled in; NULL: it was made")
    stuck = models.JSONField(default=list, help_text="why it can't be taken back")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch", "id"], name="import_result_batch"),
            models.Index(fields=["batch", "n"], name="import_result_row"),
            models.Index(fields=["label", "key"], name="import_result_object"),
            models.Index(fields=["label", "ref"], name="import_result_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.key}"


class Remembered(models.Model):
    """The columns of a heading as somebody has settled them: the same workbook next month is mapped by itself."""

    target = models.CharField(max_length=12)
    signature = models.CharField(max_length=32)
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "signature"], name="import_remembered_once")]

    def __str__(self) -> str:
        return f"{self.target} {self.signature}"
