"""Settlement, decision, talks, form and payment (CC-W1.5 – CC-W1.7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.actions.paying import is_past_promise
from zhangfa.claims.choices import METHODS
from zhangfa.claims.confidential import shown_account
from zhangfa.claims.models import Settlement, Talk
from zhangfa.claims.settlement_rules import plain_account
from zhangfa.claims.web.forms.base import CaseForm, archive_field, radio
from zhangfa.finance.models import Payment
from zhangfa.ui.forms import DateField, MoneyField, TextField

# What happens with an acceptance has its own step.
TALKS = [(value, label) for value, label in Talk.Kind.choices if value != Talk.Kind.ACCEPTANCE]


class AccountField(TextField):
    """Where money goes: its figures are kept without the gaps in which people write them."""

    def to_python(self, value: Any) -> str:
        return plain_account(super().to_python(value))


def money_for(rule: str) -> forms.TextInput:
    """A box for an amount that some answers of another field make compulsory."""
    return forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-unit": "¥", "data-needed-for": rule})


class ProposeForm(CaseForm):
    """A settlement as handed in."""

    zero = ("cash_amount", "in_kind_amount", "recourse_amount")

    claimant = radio(Settlement.Claimant.choices, label=_("赔给谁"), initial=Settlement.Claimant.CUSTOMER)
    methods = forms.MultipleChoiceField(label=_("赔偿方式"), choices=METHODS, widget=forms.CheckboxSelectMultiple)
    cash_amount = MoneyField(label=_("现金"), required=False, widget=money_for("methods cash refund"))
    in_kind_amount = MoneyField(label=_("非现金折价"), required=False, help_text=_("维修、更换、服务券等折合的金额。"))
    over_ground = TextField(label=_("高于公司应承担金额的理由"), max_length=400, multiline=True, required=False)
    has_tie = forms.BooleanField(label=_("我与客户有亲友或利益关系"), required=False)
    tie_note = TextField(
        label=_("是什么关系"), max_length=200, required=False, widget=forms.TextInput({"data-needed-for": "has_tie on"})
    )
    recourse_amount = MoneyField(
        label=_("向服务员追偿"), required=False, help_text=_("只有故意或重大过失才能追偿；一般填 0。")
    )
    fault = forms.ChoiceField(label=_("过错程度"), choices=Settlement.Fault.choices, initial=Settlement.Fault.NONE)
    recourse_basis = TextField(
        label=_("追偿依据"),
        max_length=400,
        multiline=True,
        required=False,
        help_text=_("有追偿金额时必填，不少于 5 个字。"),
    )


class AgreeForm(CaseForm):
    """Agreement, at the sum proposed or a lower one."""

    amount = MoneyField(label=_("批准金额"))
    opinion = TextField(label=_("意见"), max_length=400, multiline=True, required=False)


class SendBackForm(CaseForm):
    """A no with its reason."""

    opinion = TextField(label=_("退回的意见"), max_length=400, multiline=True)


class TalkForm(CaseForm):
    """One contact with the customer."""

    kind = radio(TALKS, label=_("这次沟通"))
    mode = radio(Talk.Mode.choices, label=_("方式"), initial=Talk.Mode.PHONE)
    amount = MoneyField(
        label=_("金额"), required=False, help_text=_("公司报价或客户还价时填写。"),
        widget=money_for(f"kind {Talk.Kind.OFFER} {Talk.Kind.COUNTER}"),
    )  # fmt: skip
    content = TextField(label=_("内容"), max_length=2000, multiline=True)
    attitude = TextField(label=_("客户态度"), max_length=120, required=False)
    opinion = TextField(label=_("客户意见"), max_length=1000, multiline=True, required=False)
    archive_note = archive_field()


class AcceptForm(CaseForm):
    """The customer says yes."""

    amount = MoneyField(label=_("客户接受的金额"))
    mode = radio(Talk.Mode.choices, label=_("方式"), initial=Talk.Mode.VISIT)
    content = TextField(label=_("怎么谈成的"), max_length=2000, multiline=True)
    customer_opinion = TextField(label=_("客户意见"), max_length=1000, multiline=True, required=False)
    payee = TextField(label=_("收款人"), max_length=60, required=False)
    payee_account = AccountField(
        label=_("收款账号"), max_length=60, required=False,
        help_text=_("银行账号、手机号、邮箱或微信号，不写开户行；现金可不填。签字后按这个账号付款。"),
    )  # fmt: skip
    archive_note = archive_field()


class ReviewForm(CaseForm):
    """What the specialist thinks of an outlet's own settlement."""

    opinion = TextField(label=_("复核意见"), max_length=400, multiline=True, required=False)


class FillForm(CaseForm):
    """The texts of 《事故理赔处理表》; the rest is known already."""

    root_cause = TextField(label=_("事故发生原因"), max_length=2000, multiline=True)
    customer_opinion = TextField(label=_("客户意见"), max_length=1000, multiline=True)
    handling = TextField(label=_("处理办法"), max_length=2000, multiline=True)
    prevention = TextField(label=_("可预防措施"), max_length=2000, multiline=True)
    asked = ("late_reason",)
    late_reason = TextField(
        label=_("超过承诺日期的原因"),
        max_length=400,
        multiline=True,
        required=False,
        help_text=_("晚于向客户承诺的日期时填写。"),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.target, Settlement) and not is_past_promise(self.target):
            del self.fields["late_reason"]


class PayForm(CaseForm):
    """A payment against the signed form."""

    amount = MoneyField(label=_("付款金额"))
    method = radio(Payment.Method.choices, label=_("付款方式"))
    asked = ("payee",)
    payee = TextField(label=_("收款人"), max_length=60, required=False)
    payee_account = AccountField(
        label=_("收款账号"), max_length=60, required=False, help_text=_("客户接受时没有登记账号；银行转账须填写。"),
        widget=forms.TextInput({"data-needed-for": f"method {Payment.Method.TRANSFER}"}),
    )  # fmt: skip
    voucher_no = TextField(label=_("凭证号"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # What all four have signed is not asked for again.
        for name in ("payee", "payee_account"):
            if getattr(self.target, name, ""):
                del self.fields[name]
        if isinstance(self.target, Settlement) and self.target.payee:
            self.fields["amount"].help_text = self._to_whom(self.target)

    def _to_whom(self, settlement: Settlement) -> str:
        """What the payer types into the bank's form stands beside the amount."""
        account = shown_account(settlement.payee_account, settlement, self.actor)
        words = _("付给%(payee)s，账号 %(account)s。") if account else _("付给%(payee)s。")
        return words % {"payee": settlement.payee, "account": account}


class InsurerMoneyForm(CaseForm):
    """What was claimed from the insurer, and what came back."""

    claimed = MoneyField(label=_("向保险索赔"))
    approved = MoneyField(label=_("保险核定"), required=False)
    paid = MoneyField(label=_("保险到账"), required=False)
    paid_on = DateField(label=_("到账日期"), required=False, help_text=_("填了到账金额，日期必填。"))
    refusal = TextField(label=_("拒赔原因"), max_length=200, required=False)


def known_values(settlement: Any) -> dict[str, Any]:
    """What the form can take over from the case, so that it is typed once (domain.md A-51)."""
    survey = getattr(settlement.case, "survey", None)
    return {
        "customer_opinion": settlement.customer_opinion,
        "root_cause": settlement.root_cause or (survey.get_cause_display() if survey and survey.cause else ""),
        "handling": settlement.handling,
        "prevention": settlement.prevention,
        "late_reason": settlement.late_reason,
    }
