"""Units, posts, seats and the people who hold them, all dated (X-5)."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as AuthUserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhangfa.core import crypto
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.names import SearchKeyField
from zhangfa.core.text import mask_phone, search_key
from zhangfa.organisation.calendar import DayOff
from zhangfa.organisation.rules import CHART_POSTS

__all__ = [
    "Absence",
    "Charge",
    "Company",
    "DayOff",
    "Grade",
    "Holding",
    "Named",
    "Person",
    "Post",
    "Seat",
    "SeatPlacement",
    "SignIn",
    "Unit",
    "UnitPlacement",
    "User",
    "found_by",
]


class Grade(models.IntegerChoices):
    """The ladder of domain.md A-20; 以上 and 以下 include the rung itself."""

    WORKER = 10, _("服务员")
    CLERK = 20, _("职员")
    LINE_MANAGER = 30, _("管理员")
    SUPERVISOR = 40, _("主管")
    DEPARTMENT_MANAGER = 50, _("部门经理")
    EXECUTIVE = 60, _("副总经理")
    GM = 70, _("总经理")


class Named(models.Model):
    """Something with a Chinese name and, where given, an English one."""

    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def __str__(self) -> str:
        return self.shown_name


class ChartQuerySet(models.QuerySet[Any]):
    """Units and seats: who answers for what is open to everybody who works here."""

    def visible_to(self, actor: Any) -> ChartQuerySet:
        return self if actor.is_system or actor.is_technical or actor.person_id is not None else self.none()

    def search(self, query: str) -> ChartQuerySet:
        return self.filter(models.Q(search_key__named=query) | models.Q(code__iexact=query.strip()))


class Unit(Named):
    """A part of the company: company, region, department, outlet or client site."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("公司")
        REGION = "region", _("区域")
        DEPARTMENT = "department", _("部门")
        OUTLET = "outlet", _("网点")
        SITE = "site", _("驻点")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    code = models.CharField(_("代码"), max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    department = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    search_key = SearchKeyField()
    is_active = models.BooleanField(_("使用中"), default=True)

    objects = ChartQuerySet.as_manager()

    @property
    def status(self) -> str:
        return "active" if self.is_active else "closed"

    def get_absolute_url(self) -> str:
        return reverse("organisation:unit", args=[self.pk])

    def place(self) -> None:
        """Fill what rows copy for their scope: the department and region this unit belongs to."""
        parent = self.parent
        self.department_id = (
            self.pk if self.kind == self.Kind.DEPARTMENT else (parent.department_id if parent else None)
        )
        self.region_id = self.pk if self.kind == self.Kind.REGION else (parent.region_id if parent else None)
        self.search_key = search_key(self.name)


class UnitPlacement(models.Model):
    """Where a unit hung in the tree and what it was called, from when to when; without a name it is the present one."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True, default="")
    name_en = models.CharField(max_length=80, blank=True, default="")
    from_on = models.DateField()
    to_on = models.DateField(null=True)


class Post(Named):
    """A kind of job 岗位: code (am, cc …) and grade; duties, clauses and limits name posts."""

    code = models.CharField(_("代码"), max_length=8, primary_key=True)
    grade = models.IntegerField(_("职级"), choices=Grade)
    order = models.PositiveSmallIntegerField(default=0)


class Seat(models.Model):
    """A post in a unit, reporting to a seat; records, steps and occurrences name seats."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="seats", verbose_name=_("岗位"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats", verbose_name=_("单位"))
    reports_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name=_("直接上级")
    )
    is_active = models.BooleanField(_("使用中"), default=True)

    objects = ChartQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "post"], name="seat_unit_post")]

    def __str__(self) -> str:
        return f"{self.unit.shown_name} · {self.post.shown_name}"

    @property
    def status(self) -> str:
        return "active" if self.is_active else "retired"

    def get_absolute_url(self) -> str:
        return reverse("organisation:seat", args=[self.pk])


class SeatPlacement(models.Model):
    """Where a seat stood and whom it reported to, from when to when; a seat without any has always stood as it stands."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="placements", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    reports_to = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["seat", "from_on"], name="seat_placement_seat"),
            models.Index(fields=["unit", "from_on"], name="seat_placement_unit"),
        ]


WHOLE_PHONE = 7
PHONE_MARKS = str.maketrans("", "", " -+()（）")


def found_by(query: str, *, whose: str = "", how: str = "named") -> models.Q:
    """People and customers as they are looked for: by number, name, pinyin or initials, whole phone or its last four digits.

    `whose`: the path to them from another row; `how`: the look-up of names (core.names).
    """
    query = query.strip()
    digits = "".join(char for char in query if char.isascii() and char.isdigit())
    asked: dict[str, Any] = {"no__in": {query, query.upper()}}
    if len(digits) >= WHOLE_PHONE:
        asked["phone_hash"] = crypto.fingerprint(digits)
    if len(digits) < WHOLE_PHONE or digits != query.translate(PHONE_MARKS):
        # A telephone is no name, and a search by name beside it would keep PostgreSQL from the index of telephones.
        asked[f"search_key__{how}"] = query
    if digits == query and len(digits) == 4:
        asked["phone_last4"] = digits
    return reduce(or_, (models.Q((f"{whose}{path}", value)) for path, value in asked.items()))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Any) -> PersonQuerySet:
        """The staff see everybody's name and seat; a worker sees themselves."""
        if actor.is_system or actor.is_technical or any(seat.grade > Grade.WORKER for seat in actor.seats):
            return self
        return self.filter(pk=actor.person_id) if actor.person_id is not None else self.none()

    def search(self, query: str) -> PersonQuerySet:
        return self.filter(found_by(query))


class Person(Named):
    """Everyone employed or sent out, workers included; a login is optional."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("职员")
        WORKER = "worker", _("服务员")

    no = models.CharField(_("工号"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind, default=Kind.STAFF)
    phone = EncryptedTextField(_("手机"), blank=True, default="")
    phone_hash = models.CharField(max_length=32, blank=True, default="", db_index=True, editable=False)
    phone_last4 = models.CharField(max_length=4, blank=True, default="", db_index=True, editable=False)
    search_key = SearchKeyField()
    joined_on = models.DateField(_("入职日期"), null=True, blank=True)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "no"], name="person_kind_no")]

    @property
    def status(self) -> str:
        return "left" if self.left_on else "working"

    def get_absolute_url(self) -> str:
        return reverse("organisation:person", args=[self.pk])

    def prepare(self) -> None:
        """Fill the look-up columns that stand beside the encrypted and the clear ones."""
        self.search_key = search_key(self.name)
        self.phone_hash = crypto.fingerprint(self.phone) if self.phone else ""
        self.phone_last4 = self.phone[-4:] if self.phone else ""

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "")


class Holding(models.Model):
    """A person holds a seat from a day to a day (both included)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name=_("任职人"))
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="holdings", verbose_name=_("岗位席位"))
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "from_on"], name="holding_person"),
            models.Index(fields=["seat", "from_on"], name="holding_seat"),
            # Who comes and goes on a day, without reading everybody.
            models.Index(fields=["from_on"], name="holding_from"),
            models.Index(fields=["to_on"], name="holding_to", condition=models.Q(to_on__isnull=False)),
        ]

    @staticmethod
    def valid_q(day: dt.date, prefix: str = "") -> models.Q:
        return models.Q(**{f"{prefix}from_on__lte": day}) & (
            models.Q(**{f"{prefix}to_on": None}) | models.Q(**{f"{prefix}to_on__gte": day})
        )


class Charge(models.Model):
    """A deputy GM is in charge of a unit by assignment, not by title (domain.md A-04)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="charges", verbose_name=_("分管领导席位"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="charges", verbose_name=_("分管单位"))
    from_on = models.DateField(_("开始日期"))
    to_on = models.DateField(_("结束日期"), null=True, blank=True)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, actor: Any) -> AbsenceQuerySet:
        """One's own absences and delegations; those who keep the chart see all."""
        if actor.is_system or actor.is_technical or actor.holds(*CHART_POSTS):
            return self
        if actor.person_id is None:
            return self.none()
        return self.filter(models.Q(person_id=actor.person_id) | models.Q(delegate_id=actor.person_id))


class Absence(models.Model):
    """A person is away; a delegate, where named, acts in their seats meanwhile (domain.md A-41)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name=_("离岗人"))
    from_at = models.DateTimeField(_("开始时间"))
    to_at = models.DateTimeField(_("结束时间"))
    delegate = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="stands_in", verbose_name=_("代理人")
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["to_at", "from_at"], name="absence_period")]


class UserManager(AuthUserManager["User"]):
    """Logins come with their person: every request needs both, none the person's telephone."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .select_related("person")
            .defer("person__phone", "person__phone_hash", "person__search_key")
        )


class User(AbstractUser):
    """A login. The technical administrator manages users, seats and settings and sees no record."""

    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="user")
    is_technical = models.BooleanField(_("系统管理员"), default=False)
    language = models.CharField(max_length=10, blank=True, default="")
    has_given_password = models.BooleanField(
        default=False, help_text="somebody else knows the password: its owner chooses another before anything else"
    )

    objects = UserManager()  # type: ignore[misc]


class SignInQuerySet(models.QuerySet["SignIn"]):
    def running(self, at: dt.datetime) -> SignInQuerySet:
        """Those whose session is not over yet."""
        sessions = Session.objects.filter(expire_date__gt=at, session_key=models.OuterRef("session_key"))
        return self.filter(models.Exists(sessions))


class SignIn(models.Model):
    """A browser that signed in: when, with what and from where, so that its owner knows it again and may end it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField()
    device = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=45, default="")

    objects = SignInQuerySet.as_manager()


class Company(models.Model):
    """The one company of this installation: its name and printed header."""

    name = models.CharField(_("公司名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, default="")
    preset = models.CharField(max_length=40, default="ningbo")
    is_demo = models.BooleanField(default=False)
    stamp = models.PositiveIntegerField(default=0, help_text="grows with every change of units, seats and holdings")
