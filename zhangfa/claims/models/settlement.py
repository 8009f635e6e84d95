"""Settlements, talks, and what is learned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.case import READ_BY_STEPS, Case
from zhangfa.claims.models.reach import Reach, Standing, any_of
from zhangfa.core import compiled
from zhangfa.core.fields import EncryptedTextField, MoneyField
from zhangfa.core.work import held
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.records.models import Record

TO_PAY = ("signed", "paid")
# What finance still has to pay: nothing where all is given in kind or only done again.
OWING = models.Q(status="signed", approved_total__gt=models.F("in_kind_amount"))
LIVE = ("proposed", "approved", "accepted", "signed", "paid")


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def live(self) -> SettlementQuerySet:
        """Those that count towards the sums: not refused, withdrawn or void."""
        return self.filter(status__in=LIVE)

    def branches(self, actor: Actor) -> list[SettlementQuerySet]:
        """A settlement is seen by those who see its case (CC-D3); finance sees what all four have signed."""
        standing = Standing.of(actor)
        if standing.is_everywhere:
            return [self.all()]
        found = [self._of(reach) for reach in standing.reach(is_list=True)]
        return found + ([self.filter(status__in=TO_PAY)] if standing.is_paying else [])

    def _of(self, reach: Reach) -> SettlementQuerySet:
        cases = Case.objects.filter(reach.condition)
        if reach.is_many:
            return self.filter(models.Exists(cases.filter(pk=models.OuterRef("case_id"))))
        return self.filter(case_id__in=cases.order_by().values("pk"))

    def visible_to(self, actor: Actor) -> SettlementQuerySet:
        return self.seen_from(Standing.of(actor))

    def seen_from(self, standing: Standing) -> SettlementQuerySet:
        if standing.is_everywhere:
            return self.all()
        its_case = Case.objects.filter(any_of(standing.reach()), pk=models.OuterRef("case_id"))
        to_pay = models.Q(status__in=TO_PAY) if standing.is_paying else models.Q()
        return self.filter(models.Q(models.Exists(its_case)) | to_pay)

    def search(self, query: str) -> SettlementQuerySet:
        """By the case's number or customer."""
        return self.filter(case_id__in=Case.objects.search(query).order_by().values("pk"))

    def lock(self, pk: Any) -> Settlement:
        """The settlement under lock, after its customer and case."""
        return held(("settlement", pk), lambda: self._lock(pk))

    def _lock(self, pk: Any) -> Settlement:
        if not connection.features.has_select_for_update:
            found: Settlement = compiled.one(_with_case, key=UUID(str(pk)))
            found.case = held(("case", found.case_id), lambda: found.case)
            return found
        case = Case.objects.lock_around(pk)
        found = compiled.one(_locked, key=UUID(str(pk)))
        found.case = case
        return found


def _with_case(key: UUID) -> models.QuerySet[Settlement]:
    around = (f"case__{name}" for name in READ_BY_STEPS)
    return Settlement.objects.filter(pk=key).select_related("record", "proposed_by", *around)


def _locked(key: UUID) -> models.QuerySet[Settlement]:
    rows = Settlement.objects.filter(pk=key).select_related("record", "proposed_by")
    return rows.select_for_update(of=("self", "record"))


class Settlement(models.Model):
    """One claimant's settlement: route, approval, talks, form 《事故理赔处理表》, payment (CC-W1.5 – CC-W1.7)."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        APPROVED = "approved", _("已批准")
        ACCEPTED = "accepted", _("客户已接受")
        SIGNED = "signed", _("已签署")
        PAID = "paid", _("已付款")
        RETURNED = "returned", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Claimant(models.TextChoices):
        CUSTOMER = "customer", _("客户")
        WORKER = "worker", _("受伤服务员")
        THIRD_PARTY = "third_party", _("第三者")

    class Fault(models.TextChoices):
        NONE = "none", _("无故意或重大过失")
        GROSS = "gross_negligence", _("重大过失")
        INTENT = "intent", _("故意")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="settlement")
    case = models.ForeignKey(Case, models.PROTECT, related_name="settlements", db_index=False)
    event_id = models.UUIDField(db_index=True)
    customer_id_copy = models.BigIntegerField(null=True, help_text="the case's customer, for the sum of thirty days")
    status = models.CharField(_("状态"), max_length=10, choices=Status)
    version = models.PositiveIntegerField(default=1)
    seq = models.PositiveIntegerField(
        help_text="the case's version when it was handed in: grows whatever the clock says"
    )
    claimant = models.CharField(_("赔付对象"), max_length=12, choices=Claimant, default=Claimant.CUSTOMER)
    methods = models.JSONField(_("赔偿方式"), default=list)
    cash_amount = MoneyField(_("现金"), default=0)
    in_kind_amount = MoneyField(_("非现金折价"), default=0)
    total = MoneyField(_("理赔总额"))
    approved_total = MoneyField(_("批准金额"), null=True)
    over_ground = models.CharField(_("高于认定损失的理由"), max_length=400, default="", blank=True)
    has_tie = models.BooleanField(_("与客户有利益关系"), default=False)
    tie_note = models.CharField(_("关系说明"), max_length=200, default="", blank=True)
    recourse_amount = MoneyField(_("追偿服务员"), default=0)
    fault = models.CharField(_("过错程度"), max_length=18, choices=Fault, default=Fault.NONE)
    recourse_basis = models.CharField(_("追偿依据"), max_length=400, default="", blank=True)
    authority = models.CharField(_("审批级别"), max_length=4)
    facts = models.JSONField(default=dict, help_text="sums, figures with versions, comparison: why this authority")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("客户接受时间"), null=True)
    form_due_at = models.DateTimeField(null=True, help_text="end of the day of acceptance")
    is_late = models.BooleanField(_("逾期签署"), default=False)
    root_cause = models.TextField(_("事故发生原因"), default="", blank=True)
    customer_opinion = models.TextField(_("客户意见"), default="", blank=True)
    handling = models.TextField(_("处理办法"), default="", blank=True)
    prevention = models.TextField(_("可预防措施"), default="", blank=True)
    late_reason = models.CharField(_("超过承诺日期的原因"), max_length=400, default="", blank=True)
    signed_at = models.DateTimeField(null=True)
    customer_file = EncryptedTextField(
        default="", blank=True, help_text="the customer's file when the form was filled: claims.customer_file"
    )
    payee = EncryptedTextField(_("收款人"), default="", blank=True)
    payee_account = EncryptedTextField(_("收款账号"), default="", blank=True)
    paid_at = models.DateTimeField(_("付款时间"), null=True)
    reported_at = models.DateTimeField(null=True, help_text="self-decided settlement reported to the manager")
    report_acknowledged_at = models.DateTimeField(null=True)
    insurer_claimed = MoneyField(_("保险索赔"), null=True, blank=True)
    insurer_approved = MoneyField(_("保险核定"), null=True, blank=True)
    insurer_paid = MoneyField(_("保险到账"), null=True, blank=True)
    insurer_paid_on = models.DateField(_("到账日期"), null=True, blank=True)
    insurer_refusal = models.CharField(_("保险拒赔原因"), max_length=200, default="", blank=True)
    reviewed_at = models.DateTimeField(null=True, help_text="outlet settlement reviewed by the specialist")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = SettlementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="settlement_seq")]
        indexes = [
            models.Index(fields=["customer_id_copy", "proposed_at"], name="settlement_customer"),
            models.Index(fields=["status", "-record"], name="settlement_status"),
            models.Index(fields=["accepted_at"], name="settlement_accepted"),
            models.Index(
                fields=["status", "case"],
                name="settlement_unread",
                condition=models.Q(report_acknowledged_at=None, reported_at__isnull=False),
            ),
            models.Index(
                fields=["status", "case"],
                name="settlement_unreviewed",
                condition=models.Q(authority="oa", reviewed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.record.number or str(self.case)

    def get_absolute_url(self) -> str:
        return self.url_of(self.pk)

    @staticmethod
    def url_of(pk: Any) -> str:
        """Where the page stands, known before the row is."""
        return f"/settlements/{pk}/"


class Talk(models.Model):
    """One contact with the customer: offer, counter-offer, refusal, acceptance or plain talk (CC-W1.6, CC-D8)."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("沟通")
        OFFER = "offer", _("公司报价")
        COUNTER = "counter", _("客户还价")
        REFUSAL = "refusal", _("客户拒绝")
        ACCEPTANCE = "acceptance", _("客户接受")

    class Mode(models.TextChoices):
        VISIT = "visit", _("上门")
        PHONE = "phone", _("电话")
        MESSAGE = "message", _("消息")

    case = models.ForeignKey(Case, models.PROTECT, related_name="talks")
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, related_name="talks")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    mode = models.CharField(_("方式"), max_length=8, choices=Mode, default=Mode.PHONE)
    amount = MoneyField(_("金额"), null=True, blank=True)
    content = models.TextField(_("内容"))
    attitude = models.CharField(_("客户态度"), max_length=120, default="", blank=True)
    opinion = models.TextField(_("客户意见"), default="", blank=True)
    archive_note = models.TextField(_("客户档案更新"), default="", blank=True)
    archived_at = models.DateTimeField(null=True, help_text="visit sheet and archive brought up to date (CC-D8)")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="talk_case")]


class LearningTask(models.Model):
    """What a closed case asks for: analysis and, for a common cause, a draft regulation to AM in time (CC-W2.1)."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="learning")
    nature = models.CharField(max_length=10, choices=Case.Nature)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    analysis = models.TextField(_("原因分析"), default="", blank=True)
    record = models.OneToOneField(
        Record,
        models.PROTECT,
        null=True,
        related_name="analysis",
        help_text="the paper 事故分析报告, once it is handed in",
    )
    indirect = models.TextField(_("间接原因"), default="", blank=True)
    management = models.TextField(_("管理原因"), default="", blank=True)
    similar = models.PositiveIntegerField(
        _("同类起数"), null=True, help_text="of the same cause in the year before it was handed in"
    )
    measures = models.TextField(_("预防措施与制度草案要点"), default="", blank=True)
    submitted_at = models.DateTimeField(null=True)
    waiver_reason = models.CharField(_("不出台制度的理由"), max_length=400, default="", blank=True)
    waiver_asked_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(_("同意不出台制度"), null=True)
    waived_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["submitted_at", "due_at"], name="learning_due")]
