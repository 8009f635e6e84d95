"""Prices, value, loss and responsibility (CC-W1.4)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.actions.assess import EXCLUSIONS
from zhangfa.claims.models import PriceCheck
from zhangfa.claims.web.forms.base import CaseForm, ItemForm, radio
from zhangfa.ui import words
from zhangfa.ui.forms import MoneyField, PercentField, TextField

YES_NO = [("no", _("否")), ("yes", _("是"))]


class PriceForm(ItemForm):
    """A market price: where it was seen, and what shows it."""

    source = radio(PriceCheck.Source.choices, label=_("来源"))
    seller = TextField(label=_("店名或网址"), max_length=120)
    model = TextField(label=_("名称型号"), max_length=80)
    price = MoneyField(label=_("市价"))
    proof_id = forms.UUIDField(label=_("凭证"), required=False, widget=forms.HiddenInput)


class ValueForm(ItemForm):
    """What the object is worth now."""

    market_price = MoneyField(label=_("市场单价"))
    depreciation_pct = PercentField(label=_("折旧率"), help_text=_("新的填 0；按使用年数折算。"))
    repair_price = MoneyField(
        label=_("修复报价"), required=False, help_text=_("能修的填修理费；认定损失不超过折旧后的价值。")
    )


class AssessForm(CaseForm):
    """Shares of responsibility and the exclusion questions, each answered by itself."""

    zero = ("other_loss",)

    company_pct = PercentField(label=_("公司责任"))
    worker_pct = PercentField(label=_("服务员责任"))
    customer_pct = PercentField(label=_("客户责任"))
    third_party_pct = PercentField(label=_("第三者责任"), initial=0)
    liability_basis = TextField(
        label=_("划分依据"), max_length=1000, multiline=True, help_text=_("凭什么这样划分，不少于 5 个字。")
    )
    other_loss = MoneyField(label=_("其他损失"), required=False, help_text=_("医疗费、误工等物品以外的损失。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, question in EXCLUSIONS.items():
            self.fields[f"exclusion_{code}"] = radio(YES_NO, label=words.text(question))
            self.fields[f"exclusion_{code}_note"] = TextField(
                label=_("写明事实"), max_length=400, required=False,
                widget=forms.TextInput({"data-needed-for": f"exclusion_{code} yes"}),
            )  # fmt: skip

    def questions(self) -> list[tuple[Any, Any]]:
        """Each question with the place for its facts."""
        return [(self[f"exclusion_{code}"], self[f"exclusion_{code}_note"]) for code in EXCLUSIONS]

    def params(self) -> dict[str, Any]:
        values = super().params()
        answers = [
            {"code": code, "answer": values.pop(f"exclusion_{code}"), "note": values.pop(f"exclusion_{code}_note")}
            for code in EXCLUSIONS
        ]
        return {**values, "exclusions": answers}
