"""The customer's file of F15 on its page and as a form, further addresses, contacts, consents."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.customers import actions, queries
from zhangfa.customers import wording as answers
from zhangfa.customers.models import Consent, Contact, Customer, Place, Profile, WorkerWish
from zhangfa.customers.permissions import edit_customers
from zhangfa.customers.profile_rules import FILE, LIFT, OF_PLACE, SECRET, Ask, asks_for
from zhangfa.organisation.web.common import OnePage
from zhangfa.organisation.web.fields import person_field
from zhangfa.ui.forms import Form, PhoneField, TextField
from zhangfa.ui.words import text

MOST = 50
LENGTHS = {"number": 10, "id_no": 18, "uscc": 18, "month_day": 5, "phone": 30}
LONG = ("fragile_notes", "preferences", "access_note", "care_needs")
KEPT = _("加密保存，不填表示不变。")


class AnswerField(TextField):
    """One answer: text, or one of the words that say why there is none."""

    def to_python(self, value: Any) -> str:
        return answers.code(super().to_python(value))

    def prepare_value(self, value: Any) -> Any:
        return answers.word(value) if isinstance(value, str) else value


def answer_field(ask: Ask) -> Any:
    label = answers.label_of(Profile, ask.name)
    if ask.choices:
        return base.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("请选择")), *((key, _(words)) for key, words in ask.choices.items())],
        )
    column = Profile._meta.get_field(ask.name)
    length = LENGTHS.get(ask.shape) or getattr(column, "max_length", None) or 300
    return AnswerField(
        label=label, required=False, max_length=length, multiline=ask.name in LONG,
        help_text=KEPT if ask.name in SECRET else "",
    )  # fmt: skip


class ProfileForm(Form):
    """The answers for this kind of customer; what is masked is replaced or kept, never sent to the page."""

    has_contract = base.BooleanField(
        label=_("签有服务合同"), required=False, help_text=_("有合同的家庭客户须填身份证号。")
    )
    is_finished = base.BooleanField(
        label=_("填写完成，不再是草稿"), required=False, help_text=_("完成的档案不留空栏：没有内容请写“无”、“不适用”或“不愿提供”；“待补”只能写在草稿里。")
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kind = self.target.kind if self.target else Customer.Kind.HOUSEHOLD
        own = {ask.name: answer_field(ask) for ask in asks_for(kind)}
        self.fields = {**own, "has_contract": self.fields["has_contract"], "is_finished": self.fields["is_finished"]}

    def params(self) -> dict[str, Any]:
        return {name: value for name, value in super().params().items() if value or name not in SECRET}


class ProfileEdit(OnePage):
    """Fill in the file; what is missing is said beside its field."""

    model, permission, title, form_class, nav = Customer, edit_customers, _("填写客户档案表"), ProfileForm, "customers"

    def get_initial(self) -> dict[str, Any]:
        profile = queries.profile_of(self.object)
        known = {name: value for name, value in queries.answers_of(profile).items() if name not in SECRET}
        return {
            **known,
            **({"has_contract": profile.has_contract, "is_finished": profile.is_finished} if profile else {}),
        }

    def act(self, form: Any) -> Customer:
        return actions.save_profile(self.object, **form.params(), by=self.actor, at=self.at).customer


class PlaceForm(Form):
    label = TextField(label=_("用途"), max_length=30, help_text=_("例如父母家、办公室。"))
    compound = TextField(label=_("小区或街道"), max_length=60)
    door = TextField(label=_("楼栋门牌"), max_length=100, help_text=_("加密保存，页面上不显示。"))
    area_m2 = TextField(label=_("面积（平方米）"), max_length=10, required=False)
    layout = TextField(label=_("户型"), max_length=40, required=False)
    floor = TextField(label=_("楼层"), max_length=10, required=False)
    has_lift = base.ChoiceField(
        label=_("电梯"), required=False, choices=[("", _("请选择")), *((key, _(words)) for key, words in LIFT.items())]
    )
    access_note = TextField(label=_("门禁和钥匙"), max_length=300, multiline=True, required=False)


class PlaceEditForm(PlaceForm):
    door = TextField(label=_("新楼栋门牌"), max_length=100, required=False, help_text=_("不填表示不变。"))
    access_note = TextField(
        label=_("新门禁和钥匙"), max_length=300, multiline=True, required=False, help_text=_("不填表示不变。")
    )

    def params(self) -> dict[str, Any]:
        return {name: value for name, value in super().params().items() if value or name not in ("door", "access_note")}


class ContactForm(Form):
    name = TextField(label=_("姓名"), max_length=40)
    title = TextField(label=_("职务或关系"), max_length=40)
    role = base.ChoiceField(label=_("角色"), choices=Contact.Role.choices)
    phone = PhoneField(label=_("电话"))


class ContactEditForm(ContactForm):
    phone = PhoneField(label=_("新电话"), required=False, help_text=_("不填表示不变。"))

    def params(self) -> dict[str, Any]:
        return {name: value for name, value in super().params().items() if value or name != "phone"}


class WishForm(Form):
    worker = person_field("workers", label=_("服务员"))
    kind = base.ChoiceField(label=_("意愿"), choices=WorkerWish.Kind.choices)
    reason = TextField(
        label=_("原因"), max_length=200, required=False, help_text=_("不再派的须写明；派工时会用到，请只写事实。")
    )


class PlaceCreate(OnePage):
    model, permission, title, form_class, nav = Customer, edit_customers, _("添加地址"), PlaceForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.add_place(self.object, **form.params(), by=self.actor, at=self.at)


class ContactCreate(OnePage):
    model, permission, title, form_class, nav = Customer, edit_customers, _("添加联系人"), ContactForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.add_contact(self.object, **form.params(), by=self.actor, at=self.at)


class _OfCustomer(OnePage, abstract=True):
    """A row of the customer's file: `kwargs["row"]` among the customer's own."""

    model, nav = Customer, "customers"
    row_model: Any
    initial_of: tuple[str, ...]

    @property
    def row(self) -> Any:
        if not hasattr(self, "_row"):
            rows = self.row_model.objects.filter(customer=self.subject(), is_current=True)
            self._row = get_object_or_404(rows.select_related("customer"), pk=self.kwargs["row"])
        return self._row

    def subject(self) -> Any:
        customer = super().subject()
        if not hasattr(self, "_row"):
            rows = self.row_model.objects.filter(customer=customer, is_current=True)
            self._row = get_object_or_404(rows.select_related("customer"), pk=self.kwargs["row"])
        return customer

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.initial_of}


class PlaceEdit(_OfCustomer):
    permission, title, form_class, row_model = edit_customers, _("修改地址"), PlaceEditForm, Place
    initial_of = ("label", "compound", *OF_PLACE)

    def act(self, form: Any) -> Customer:
        return actions.edit_place(self.row, **form.params(), by=self.actor, at=self.at)


class PlaceDrop(_OfCustomer):
    permission, title, form_class, row_model = edit_customers, _("停用地址"), Form, Place
    initial_of = ()

    def act(self, form: Any) -> Customer:
        return actions.drop_place(self.row, by=self.actor, at=self.at)


class ContactEdit(_OfCustomer):
    permission, title, form_class, row_model = edit_customers, _("修改联系人"), ContactEditForm, Contact
    initial_of = ("name", "title", "role")

    def act(self, form: Any) -> Customer:
        return actions.edit_contact(self.row, **form.params(), by=self.actor, at=self.at)


class ContactDrop(_OfCustomer):
    permission, title, form_class, row_model = edit_customers, _("停用联系人"), Form, Contact
    initial_of = ()

    def act(self, form: Any) -> Customer:
        return actions.drop_contact(self.row, by=self.actor, at=self.at)


class WishCreate(OnePage):
    """Whom the customer asks for, or doesn't want again."""

    model, permission, title, form_class, nav = Customer, edit_customers, _("登记服务员意愿"), WishForm, "customers"
    help = _("希望由其服务的，派工时排在前面；不再派的，派工时不能选。")

    def act(self, form: Any) -> Customer:
        return actions.add_wish(self.object, **form.params(), by=self.actor, at=self.at)


class WishDrop(_OfCustomer):
    permission, title, form_class, row_model = edit_customers, _("停用服务员意愿"), Form, WorkerWish
    initial_of = ()

    def act(self, form: Any) -> Customer:
        return actions.drop_wish(self.row, by=self.actor, at=self.at)


class ConsentForm(Form):
    purpose = base.ChoiceField(label=_("用途"), choices=Consent.Purpose.choices)
    channel = base.ChoiceField(label=_("渠道"), choices=Consent.Channel.choices)
    notice_version = TextField(label=_("隐私告知版本"), max_length=20)
    evidence = TextField(label=_("凭据"), max_length=200, help_text=_("例如签字的告知书，或通话的日期时间。"))


class ConsentWithdrawForm(Form):
    purpose = base.ChoiceField(label=_("用途"), choices=Consent.Purpose.choices)
    channel = base.ChoiceField(label=_("渠道"), choices=Consent.Channel.choices)


class ConsentCreate(OnePage):
    """Write down that the customer agreed."""

    model, permission, title, form_class, nav = Customer, edit_customers, _("登记同意"), ConsentForm, "customers"

    def act(self, form: Any) -> Customer:
        return actions.record_consent(self.object, **form.params(), is_granted=True, by=self.actor, at=self.at)


class ConsentWithdraw(OnePage):
    """The customer takes a consent back: one question, nothing to prove."""

    model, permission, title, form_class, nav = Customer, edit_customers, _("撤回同意"), Form, "customers"

    def subject(self) -> Any:
        pair = (self.kwargs["purpose"], self.kwargs["channel"])
        if pair[0] not in Consent.Purpose.values or pair[1] not in Consent.Channel.values:
            raise Http404
        return super().subject()

    def act(self, form: Any) -> Customer:
        return actions.record_consent(
            self.object, purpose=self.kwargs["purpose"], channel=self.kwargs["channel"], is_granted=False,
            notice_version="", evidence="", by=self.actor, at=self.at,
        )  # fmt: skip


def profile_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """The answers with their masks, how whole they are, and what looks made up."""
    profile = queries.profile_of(customer)
    given = queries.answers_of(profile)
    wanted = {ask.name for ask in asks_for(customer.kind)}
    rows = [
        (answers.label_of(Profile, ask.name), answers.masked(ask.name, given[ask.name]),
         ask.name if ask.name in SECRET and given[ask.name] and not given[ask.name].startswith("#") else "")
        for ask in FILE if ask.name in wanted
    ]  # fmt: skip
    hints = [
        (gettext(hint.text) % hint.params, [text(word) for word in hint.evidence])
        for hint in queries.hints_of(page.actor, customer, profile)
    ]
    return "customers/parts/profile.html", {"profile": profile, "rows": rows, "hints": hints, "customer": customer}


def contacts_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """Further addresses and the people to speak to, both masked."""
    return "customers/parts/contacts.html", {
        "customer": customer,
        "places": customer.places.filter(is_current=True).order_by("pk")[:MOST],
        "wishes": customer.worker_wishes.filter(is_current=True).select_related("worker").order_by("pk")[:MOST],
        "contacts": customer.contacts.filter(is_current=True).order_by("pk")[:MOST],
        "may_edit": not any(edit_customers(customer, by=page.actor, at=page.at)),
    }


def consents_part(page: Any, customer: Customer) -> tuple[str, dict[str, Any]]:
    """What the customer agreed to and took back."""
    standing = sorted(queries.consents_of(customer).values(), key=lambda row: -row.pk)
    return "customers/parts/consents.html", {
        "customer": customer, "consents": standing, "may_edit": not any(edit_customers(customer, by=page.actor, at=page.at)),
    }  # fmt: skip
