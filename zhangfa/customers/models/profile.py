"""What the archive knows beyond name and number: the file of F15, further addresses, contacts (CS-W2.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.core import crypto
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.text import mask_phone
from zhangfa.customers.models.customer import Customer
from zhangfa.organisation.models import Person


class Profile(models.Model):
    """The customer's file 《客户档案表》: every answer is content or one of the codes of `profile_rules.CODES`."""

    customer = models.OneToOneField(Customer, models.PROTECT, primary_key=True, related_name="profile")
    is_finished = models.BooleanField(default=False, help_text="no longer a draft: nothing is left blank or pending")
    has_contract = models.BooleanField(_("签有服务合同"), default=False)
    source = models.CharField(_("来源"), max_length=12, blank=True, default="")
    alt_phone = EncryptedTextField(_("备用电话"), blank=True, default="")
    alt_phone_hash = models.CharField(max_length=32, blank=True, default="", editable=False)
    wechat = EncryptedTextField(_("微信"), blank=True, default="")
    id_no = EncryptedTextField(_("身份证号"), blank=True, default="")
    sex = models.CharField(_("性别"), max_length=12, blank=True, default="")
    birthday = EncryptedTextField(_("生日（月-日）"), blank=True, default="")
    household_count = models.CharField(_("家庭人口"), max_length=10, blank=True, default="")
    care_needs = EncryptedTextField(_("照护需求"), blank=True, default="")
    pets = models.CharField(_("宠物"), max_length=100, blank=True, default="")
    area_m2 = models.CharField(_("面积（平方米）"), max_length=10, blank=True, default="")
    layout = models.CharField(_("户型"), max_length=40, blank=True, default="")
    floor = models.CharField(_("楼层"), max_length=10, blank=True, default="")
    has_lift = models.CharField(_("电梯"), max_length=10, blank=True, default="")
    access_note = EncryptedTextField(_("门禁和钥匙"), blank=True, default="")
    fragile_notes = models.CharField(_("易损和贵重物品"), max_length=300, blank=True, default="")
    preferences = models.CharField(_("偏好和忌讳"), max_length=300, blank=True, default="")
    time_slots = models.CharField(_("可服务的时段"), max_length=100, blank=True, default="")
    pay_mode = models.CharField(_("支付方式"), max_length=12, blank=True, default="")
    invoice_title = models.CharField(_("开票抬头"), max_length=100, blank=True, default="")
    legal_name = models.CharField(_("单位全称"), max_length=100, blank=True, default="")
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    industry = models.CharField(_("行业"), max_length=60, blank=True, default="")
    staff_count = models.CharField(_("单位人数"), max_length=10, blank=True, default="")
    settle_mode = models.CharField(_("结算方式"), max_length=12, blank=True, default="")
    credit_days = models.CharField(_("账期（天）"), max_length=10, blank=True, default="")
    text_key = models.CharField(max_length=32, blank=True, default="", editable=False, help_text="equal free texts")
    updated_at = models.DateTimeField(_("最近修改"))
    updated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        # Whole, though most are blank: a condition that a bound value must imply keeps SQLite from ever using them.
        indexes = [
            models.Index(fields=["alt_phone_hash"], name="profile_alt_phone"),
            models.Index(fields=["text_key"], name="profile_text"),
            models.Index(
                fields=["updated_by"], name="profile_updated_by", condition=models.Q(updated_by__isnull=False)
            ),
        ]

    def prepare(self) -> None:
        """Fill the look-up column."""
        is_number = self.alt_phone and not self.alt_phone.startswith("#")
        self.alt_phone_hash = crypto.fingerprint(self.alt_phone) if is_number else ""


class Place(models.Model):
    """A further address at which the customer is served."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="places", verbose_name=_("客户"))
    label = models.CharField(_("用途"), max_length=30)
    compound = models.CharField(_("小区或街道"), max_length=60)
    door = EncryptedTextField(_("楼栋门牌"))
    area_m2 = models.CharField(_("面积（平方米）"), max_length=10, blank=True, default="")
    layout = models.CharField(_("户型"), max_length=40, blank=True, default="")
    floor = models.CharField(_("楼层"), max_length=10, blank=True, default="")
    has_lift = models.CharField(_("电梯"), max_length=10, blank=True, default="")
    access_note = EncryptedTextField(_("门禁和钥匙"), blank=True, default="")
    is_current = models.BooleanField(default=True)

    @property
    def reveal_key(self) -> str:
        return f"place-{self.pk}"

    @property
    def masked_door(self) -> str:
        return f"{self.compound} ****"


class WorkerWish(models.Model):
    """Whom the customer asks for, or doesn't want again (F15 指定服务员, 禁派); dispatch asks for it."""

    class Kind(models.TextChoices):
        PREFERRED = "preferred", _("希望由其服务")
        BLOCKED = "blocked", _("不再派")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="worker_wishes", verbose_name=_("客户"))
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("服务员"), db_index=False)
    kind = models.CharField(_("意愿"), max_length=10, choices=Kind)
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    is_current = models.BooleanField(default=True)
    noted_at = models.DateTimeField(_("登记时间"))
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "worker"], condition=models.Q(is_current=True), name="one_wish_each"),
        ]  # fmt: skip


class Contact(models.Model):
    """Somebody to speak to: at a company by their part in the contract, at a household a relative."""

    class Role(models.TextChoices):
        LEADER = "leader", _("分管领导")
        MANAGER = "manager", _("直接管理者")
        HANDLER = "handler", _("经办人")
        FINANCE = "finance", _("财务")
        FAMILY = "family", _("家人")
        OTHER = "other", _("其他")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts", verbose_name=_("客户"))
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务或关系"), max_length=40)
    role = models.CharField(_("角色"), max_length=10, choices=Role)
    phone = EncryptedTextField(_("电话"))
    phone_hash = models.CharField(max_length=32, db_index=True, editable=False)
    is_current = models.BooleanField(default=True)

    @property
    def reveal_key(self) -> str:
        return f"contact-{self.pk}"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone or "")

    def prepare(self) -> None:
        """Fill the look-up column."""
        self.phone_hash = crypto.fingerprint(self.phone)
