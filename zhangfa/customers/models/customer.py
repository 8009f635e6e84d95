"""A customer as everybody asks for them: identity, number, scope."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.core import crypto
from zhangfa.core.fields import EncryptedTextField, TenthsField
from zhangfa.core.names import SearchKeyField
from zhangfa.core.text import mask_phone, search_key
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit, found_by
from zhangfa.organisation.scope import united
from zhangfa.ui.addresses import address

# The customer service centre, marketing and the executives serve every customer; the others see their own scope.
EVERYWHERE = ("gm", "dgm", "cs", "cc", "cm", "ops", "op", "net", "mk")
BY_DEPARTMENT = ("hs", "ls")
BY_OUTLET = ("oa", "sl")
# So many at most are named one by one; fewer than `core.names.NEWEST`.
FEW = 300
# Where so many stand among this many of the newest, a page is full soon by going through the rows.
NEAR = 20_000


class CustomerQuerySet(models.QuerySet["Customer"]):
    def lock(self, pk: int) -> Customer:
        """The customer's row, locked: sums over a customer's settlements are read under it."""
        return self.select_for_update().get(pk=pk)

    def branches(self, actor: Actor) -> list[Any]:
        """What the actor may see, as at most three querysets that each stand on an index."""
        if actor.is_system or actor.holds(*EVERYWHERE):
            return [self.all()]
        departments = [seat.department_id or seat.unit_id for seat in actor.seats if seat.post in BY_DEPARTMENT]
        outlets = [seat.unit_id for seat in actor.seats if seat.post in BY_OUTLET]
        supervised = [seat.id for seat in actor.seats if seat.post == "sup"]
        found = []
        if departments:
            found.append(self.filter(department_id__in=departments))
        if outlets:
            found.append(self.filter(outlet_id__in=outlets))
        if supervised:
            below = Seat.objects.filter(reports_to_id__in=supervised, is_active=True).values_list("unit_id", flat=True)
            found.append(self.filter(outlet_id__in=list(below)))
        return found or [self.none()]

    def visible_to(self, actor: Actor) -> CustomerQuerySet:
        """Customers in the actor's scope; a worker meets customers only through a case that concerns them."""
        seen: CustomerQuerySet = united(self, self.branches(actor))
        return seen

    def standing(self, query: str = "") -> CustomerQuerySet:
        """Files that stand for somebody: none that went into another, none made anonymous; by its number each is found (PIPL 47)."""
        gone = (Customer.Status.MERGED, Customer.Status.ERASED)
        named = models.Q(no__in={query.strip(), query.strip().upper()}) if query else models.Q()
        return self.filter(~models.Q(status__in=gone) | named) if named else self.exclude(status__in=gone)

    def search(self, query: str, *, newest: bool = False) -> CustomerQuerySet:
        """`newest`: of a name that very many have only the newest, for a first page that nothing narrows further."""
        return self.filter(found_by(query, how="named_newest" if newest else "named"))

    def matching(self, query: str) -> models.Q:
        """The condition of a search that others narrow further. Asks first who is meant: a few are named one by one, some
        thousands found by their name, very many tested row by row."""
        found = newest_named(query)
        if len(found) <= FEW:
            return models.Q(pk__in=found)
        return found_by(query, how="named_widely" if found[0] - found[-1] < NEAR else "named")

    def search_first(self, query: str) -> CustomerQuerySet:
        """As `search`, for who shows the newest few; a reader who sees everybody is answered from the newest."""
        return self.search(query, newest=not self.query.where)


def newest_named(query: str) -> list[int]:
    """The newest who are meant, one more than are named one by one."""
    rows = Customer.objects.search(query, newest=True).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[: FEW + 1])


class Customer(models.Model):
    """A household, enterprise or institution that is served by an outlet."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("家庭")
        ENTERPRISE = "enterprise", _("企业")
        INSTITUTION = "institution", _("机构")

    class Status(models.TextChoices):
        ACTIVE = "active", _("在服务")
        DORMANT = "dormant", _("未活跃")
        CLOSED = "closed", _("已停用")
        KEPT = "kept", _("依法仅保存")
        MERGED = "merged", _("已合并")
        ERASED = "erased", _("已匿名")

    no = models.CharField(_("客户编号"), max_length=20, unique=True)
    kind = models.CharField(_("客户类型"), max_length=12, choices=Kind, default=Kind.HOUSEHOLD)
    name = models.CharField(_("姓名或名称"), max_length=60)
    contact = models.CharField(_("联系人"), max_length=40, blank=True, default="")
    search_key = SearchKeyField()
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    phone_hash = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    phone_last4 = models.CharField(max_length=4, blank=True, default="", db_index=True, editable=False)
    compound = models.CharField(_("小区或街道"), max_length=60, blank=True, default="")
    address = EncryptedTextField(_("楼栋门牌"), blank=True, default="")
    outlet = models.ForeignKey(
        Unit, models.PROTECT, related_name="customers", verbose_name=_("所属网点"), db_index=False
    )
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    region = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", editable=False, db_index=False)
    account_manager = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("客户经理"),
        db_index=False,
    )
    note = EncryptedTextField(_("内部备注"), blank=True, default="")
    status = models.CharField(_("状态"), max_length=8, choices=Status, default=Status.ACTIVE)
    joined_on = models.DateField(_("建档日期"))
    completeness = TenthsField(_("完整度"), default=0, help_text="of the file of F15, in tenths of a percent")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="absorbed", editable=False, verbose_name=_("并入")
    )
    held_reason = models.CharField(_("保留原因"), max_length=200, blank=True, default="", editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        # They end with the status: who is gone is passed by, and counted, without reading the file itself.
        indexes = [
            models.Index(fields=["outlet", "-id", "status"], name="customer_outlet"),
            models.Index(fields=["department", "-id", "status"], name="customer_department"),
            models.Index(fields=["account_manager", "-id", "status"], name="customer_manager"),
            models.Index(fields=["joined_on", "id", "status"], name="customer_joined"),
            models.Index(fields=["department", "joined_on", "id", "status"], name="customer_department_joined"),
            models.Index(fields=["region"], name="customer_region", condition=models.Q(region__isnull=False)),
            # What few are: a list of them would otherwise pass by everybody else.
            models.Index(fields=["kind", "-id"], name="customer_rare_kind", condition=models.Q(kind__in=("enterprise", "institution"))),
            models.Index(fields=["status", "-id"], name="customer_rare_status", condition=models.Q(status__in=("closed", "kept", "merged", "erased"))),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.no} {self.name}"

    def get_absolute_url(self) -> str:
        return address("customers:customer", pk=self.pk)

    def prepare(self) -> None:
        """Fill the look-up columns and the scope copied from the outlet."""
        self.search_key = search_key(self.name)
        self.phone_hash = crypto.fingerprint(self.phone) if self.phone else ""
        self.phone_last4 = self.phone[-4:] if self.phone else ""
        self.department_id, self.region_id = self.outlet.department_id, self.outlet.region_id

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "")

    @property
    def masked_address(self) -> str:
        """Compound or street only; building and door are revealed on the record (domain.md 2.4)."""
        return f"{self.compound} ****" if self.address else self.compound

    def masked(self, field: str) -> Any:
        """A field as it stands on a page before anybody has given a reason to see it."""
        return {"phone": self.masked_phone, "address": self.masked_address, "note": "****" if self.note else ""}[field]
