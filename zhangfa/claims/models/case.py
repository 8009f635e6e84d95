"""The case: one accident or complaint with everything that belongs to it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.reach import Standing, any_of
from zhangfa.core.compiled import Compiled
from zhangfa.core.fields import EncryptedTextField, MoneyField, TenthsField
from zhangfa.core.work import held
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.models import Record

CASE_CODES = ("SG", "TS")


def _is_to_pay() -> models.Exists:
    """Finance sees what it pays: cases with a settlement that all four have signed (CC-W1.6)."""
    from zhangfa.claims.models.settlement import TO_PAY, Settlement

    return models.Exists(Settlement.objects.filter(case_id=models.OuterRef("pk"), status__in=TO_PAY))


# What a step and the head of the page after it read: loaded with the lock.
READ_BY_STEPS = ("record", "customer", "unit", "handler", "survey__record", "complaint_form__record")


class CaseQuerySet(models.QuerySet["Case"]):
    def branches(self, actor: Actor) -> list[Self]:
        """What the actor may see, one queryset for each way to see it: a list merges them, each sorted on its own index."""
        standing = Standing.of(actor)
        if standing.is_everywhere:
            return [self.all()]
        found = [self.filter(reach.condition) for reach in standing.reach(is_list=True)]
        return found + ([self.filter(_is_to_pay())] if standing.is_paying else [])

    def visible_to(self, actor: Actor) -> Self:
        """CC-D3: a case is seen by those it concerns, by its outlet's and department's manager, and by CS, DGM and GM for theirs."""
        return self.seen_from(Standing.of(actor))

    def seen_from(self, standing: Standing) -> Self:
        if standing.is_everywhere:
            return self.all()
        return self.filter(any_of(standing.reach()) | (Q(_is_to_pay()) if standing.is_paying else Q()))

    def search(self, query: str) -> Self:
        """By case number or its beginning or end, by the number of one of its papers (F11-20261201-005), or by the customer's
        number, name, pinyin or phone."""
        query = query.strip()
        found = [Case.objects.filter(customer_id__in=Customer.objects.search(query).order_by().values("pk"))]
        if re.fullmatch(r"[A-Za-z]{2}-?[0-9-]{0,14}", query):
            # A range on the number's index: LIKE would scan, for it also ignores case.
            start = query.upper()
            found.append(Case.objects.filter(record__number__gte=start, record__number__lt=start + "\uffff"))
        elif re.fullmatch(r"[0-9]{8}-[0-9]{1,4}", query):
            found.append(Case.objects.filter(record__number__in=[f"{code}-{query}" for code in CASE_CODES]))
        elif re.fullmatch(r"[A-Za-z][0-9]{2}-[0-9]{8}-[0-9]{1,4}", query):
            papers = Record.objects.filter(number=query.upper())
            found.append(Case.objects.filter(pk__in=papers.order_by().values("parent_id")))
        # A union, for one condition with "or" across three tables stands on no index.
        keys = [rows.order_by().values("pk") for rows in found]
        return self.filter(pk__in=keys[0].union(*keys[1:]) if keys[1:] else keys[0])

    def lock(self, pk: Any) -> Case:
        """The case under lock, in the order customer → case, with every other case and customer of its event: sums are read under it."""
        return held(("case", pk), lambda: _BY_CASE.lock(pk))

    def lock_around(self, settlement_id: Any) -> Case:
        """The case of a settlement, under the same lock."""
        case = _BY_SETTLEMENT.lock(settlement_id)
        return held(("case", case.pk), lambda: case)


class _Lock:
    """How a case is locked that a key leads to; each step asks it, so its words are made once."""

    def __init__(self, which: Callable[[Any], Q]):
        self.which = which
        samples = uuid.UUID(int=7_700_001), uuid.UUID(int=7_700_002)
        self.read = Compiled(lambda key: self.asked(key).select_related(*READ_BY_STEPS), key=samples)
        self.customers = Compiled(self._customers, key=samples)
        self.cases = Compiled(self._cases, key=samples)

    def asked(self, key: Any) -> Any:
        return Case.objects.filter(self.which(key))

    def _of_event(self, key: Any) -> Q:
        # One value and not a list: among so many joins PostgreSQL would begin with the whole table.
        return Q(event_id=models.Subquery(self.asked(key).values("event_id")[:1]))

    def _customers(self, key: Any) -> Any:
        payers = Case.objects.filter(self._of_event(key)).values("customer_id")
        return Customer.objects.select_for_update().filter(pk__in=payers).order_by("pk").values_list("pk", flat=True)

    def _cases(self, key: Any) -> Any:
        is_asked = models.Exists(self.asked(key).filter(pk=models.OuterRef("pk")))
        rows = Case.objects.select_related(*READ_BY_STEPS).select_for_update(of=("self", "record"))
        # Not sorted: two who lock one event walk the same index, and sorting a row so wide costs more than reading it.
        return rows.filter(self._of_event(key)).annotate(is_asked=is_asked)

    def lock(self, key: Any) -> Case:
        key = uuid.UUID(str(key))
        if not connection.features.has_select_for_update:
            # An SQLite write transaction is immediate: it holds the whole database already.
            found = self.read(key=key)
            if not found:
                raise Case.DoesNotExist
            return found[0]
        while True:
            locked = {None, *self.customers(key=key)}
            cases = self.cases(key=key)
            # A link made meanwhile moves the case to another event: lock again.
            if locked.issuperset(case.customer_id for case in cases):
                if asked := next((case for case in cases if case.is_asked), None):
                    return asked
                if not self.asked(key).exists():
                    raise Case.DoesNotExist


class Case(models.Model):
    """One accident 事故 or complaint 投诉: intake, clocks, survey, assessment, learning; settlements hang under it."""

    class Kind(models.TextChoices):
        ACCIDENT = "accident", _("事故")
        COMPLAINT = "complaint", _("投诉")

    class Status(models.TextChoices):
        ALERTED = "alerted", _("待受理")
        ACCEPTED = "accepted", _("待到场")
        ARRIVED = "arrived", _("勘察中")
        SURVEYED = "surveyed", _("待登记")
        REGISTERED = "registered", _("待认定")
        ANSWERING = "answering", _("调查答复中")
        ASSESSED = "assessed", _("待理赔方案")
        SETTLING = "settling", _("审批商谈中")
        SETTLED = "settled", _("待签字")
        SIGNED = "signed", _("待付款评价")
        CLOSED = "closed", _("已结案")
        VOID = "void", _("已作废")

    class Source(models.TextChoices):
        OPERATOR = "operator", _("话务")
        OUTLET = "outlet", _("网点")
        CUSTOMER = "customer", _("客户")
        WORKER = "worker", _("服务员")
        THIRD_PARTY = "third_party", _("第三者")
        INSURER = "insurer", _("保险公司")

    class Guarantee(models.TextChoices):
        PROPERTY = "property", _("客户财物损坏")
        WORKER_INJURY = "worker_injury", _("服务员受伤")
        THIRD_PARTY = "third_party", _("第三者损害")

    class Severity(models.TextChoices):
        MINOR = "minor", _("轻微")
        SERIOUS = "serious", _("较重")
        MAJOR = "major", _("重大")

    class HandledBy(models.TextChoices):
        OUTLET = "outlet", _("网点")
        SPECIALIST = "specialist", _("专员")

    class Cause(models.TextChoices):
        OPERATION = "operation", _("操作不当")
        AGENT = "agent", _("药剂或工具用错")
        RUSH = "rush", _("疲劳赶工")
        TRAINING = "training", _("未经培训")
        INSTRUCTION = "instruction", _("客户指令")
        DEFECT = "defect", _("物品自身缺陷")
        HAZARD = "hazard", _("隐蔽隐患")
        EQUIPMENT = "equipment", _("设备故障")
        EXTERNAL = "external", _("外部原因")

    class Nature(models.TextChoices):
        SYSTEMIC = "systemic", _("普遍性")
        ISOLATED = "isolated", _("特殊性")

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="case")
    event_id = models.UUIDField(db_index=True, help_text="cases of one event share it; alone, it is the case's own id")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    status = models.CharField(_("状态"), max_length=12, choices=Status)
    version = models.PositiveIntegerField(default=1)
    # An index of their own leads with these columns: the one that comes with a foreign key would only cost every write.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("网点"))
    department = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("部门")
    )
    region = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="cases", db_index=False, verbose_name=_("客户")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("订单")
    )
    worker = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任服务员")
    )
    contract_model = models.CharField(max_length=20, default="employee_model")

    source = models.CharField(_("信息来源"), max_length=12, choices=Source)
    reporter = EncryptedTextField(_("报告人"), default="")
    reporter_phone = EncryptedTextField(_("报告人电话"), default="", blank=True)
    reported_at = models.DateTimeField(_("报告时间"))
    occurred_at = models.DateTimeField(_("发生时间"))
    place = models.CharField(_("发生地点"), max_length=120)
    guarantee = models.CharField(_("承诺类别"), max_length=14, choices=Guarantee, default=Guarantee.PROPERTY)
    summary = models.TextField(_("情况简述"))
    estimate = MoneyField(_("初估损失"))
    severity = models.CharField(_("严重程度"), max_length=8, choices=Severity, default=Severity.MINOR)
    handled_by = models.CharField(_("处理方"), max_length=10, choices=HandledBy)
    handler = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("处理人")
    )
    route = models.JSONField(default=dict, help_text="facts, figures with versions and comparison of the routing")

    alerted_at = models.DateTimeField(null=True)
    acknowledge_due_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    customer_hour = models.DateTimeField(_("客户约定到场时间"), null=True)
    arrive_due_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(_("到场时间"), null=True)
    arrived_place = models.CharField(_("到场位置"), max_length=120, default="")
    promised_days = models.PositiveSmallIntegerField(_("告知处理工作日"), null=True)
    promised_on = models.DateField(_("承诺日期"), null=True)

    company_pct = TenthsField(_("公司责任"), null=True)
    worker_pct = TenthsField(_("服务员责任"), null=True)
    customer_pct = TenthsField(_("客户责任"), null=True)
    third_party_pct = TenthsField(_("第三者责任"), null=True)
    liability_basis = models.TextField(_("划分依据"), default="")
    exclusions = models.JSONField(default=list, help_text="the exclusion questions with their answers")
    assessed_loss = MoneyField(_("认定损失"), null=True)
    payable = MoneyField(_("公司应承担"), null=True)
    assessed_at = models.DateTimeField(null=True)

    satisfaction = models.PositiveSmallIntegerField(_("客户满意度"), null=True)
    satisfaction_at = models.DateTimeField(null=True)
    satisfaction_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    satisfaction_channel = models.CharField(max_length=8, default="")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="settlements accepted so far")
    link_key = models.CharField(max_length=64, default="", db_index=True, help_text="digest of the customer's own link")
    nature = models.CharField(_("原因性质"), max_length=10, choices=Nature, default="", blank=True)
    low_score_reason = models.CharField(_("低满意度结案理由"), max_length=400, default="", blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-record"], name="case_unit"),
            models.Index(fields=["department", "-record"], name="case_department"),
            models.Index(fields=["status", "-record"], name="case_status"),
            models.Index(fields=["handler", "-record"], name="case_handler"),
            models.Index(fields=["handler", "status"], name="case_handler_status"),
            models.Index(fields=["handler", "closed_at", "reported_at", "satisfaction"], name="case_handler_closed"),
            models.Index(fields=["customer", "-record"], name="case_customer"),
            models.Index(fields=["kind", "-record"], name="case_kind"),
            models.Index(fields=["reported_at"], name="case_reported"),
            # The figures of a month are read from the index alone.
            models.Index(fields=["closed_at", "reported_at", "satisfaction"], name="case_closed"),
        ]

    def __str__(self) -> str:
        return self.record.number or str(self.pk)

    def get_absolute_url(self) -> str:
        return self.url_of(self.pk)

    @staticmethod
    def url_of(pk: Any) -> str:
        """Where the page stands, known before the row is."""
        return f"/cases/{pk}/"

    @property
    def is_outlet_handled(self) -> bool:
        return self.handled_by == self.HandledBy.OUTLET

    @property
    def is_accident(self) -> bool:
        return self.kind == self.Kind.ACCIDENT

    @property
    def is_complaint(self) -> bool:
        return self.kind == self.Kind.COMPLAINT


_BY_CASE = _Lock(lambda key: Q(pk=key))
_BY_SETTLEMENT = _Lock(lambda key: Q(settlements=key))
