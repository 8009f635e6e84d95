"""The forms as pages show them: with pictures, and filled with what is known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.actions.survey import TEXTS, refuse_evidence, refuse_objects
from zhangfa.claims.models import Case, DamagedItem, Settlement
from zhangfa.claims.queries import needs_agreement, sums_for
from zhangfa.claims.web import complaint
from zhangfa.claims.web.forms.assess import PriceForm
from zhangfa.claims.web.forms.intake import ArriveForm
from zhangfa.claims.web.forms.settle import AcceptForm, known_values
from zhangfa.claims.web.forms.survey import FinishSurveyForm
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.records.models import Attachment
from zhangfa.records.web.fields import FilesField

K = Attachment.Kind
# Each promise has its own person to be paid; the customer may still be chosen (CC-W1.2).
CLAIMANT: dict[str, str] = {
    Case.Guarantee.WORKER_INJURY: Settlement.Claimant.WORKER,
    Case.Guarantee.THIRD_PARTY: Settlement.Claimant.THIRD_PARTY,
}


class WithFiles:
    """Mixed into a form whose pictures are kept before the step: `file_kinds` says as what."""

    file_kinds: dict[str, str] = {}

    def params(self) -> dict[str, Any]:
        values: dict[str, Any] = super().params()  # type: ignore[misc]
        return {name: value for name, value in values.items() if name not in self.file_kinds}


class ArrivePageForm(WithFiles, ArriveForm):
    file_kinds = {"photos": K.SCENE}
    asked = ("photos",)
    field_order = ["photos", "place", "no_photo_reason"]
    photos = FilesField(label=_("到场照片"), required=False)


class FinishPageForm(FinishSurveyForm):
    """The survey as it must be at the end: what is asked for has no 选填 beside it."""

    needed = {
        "narrative": _("请把事故经过写清楚（不少于 30 个字）。"),
        "worker_statement": _("请记录服务员的陈述。"),
        "customer_statement": _("请记录客户的陈述。"),
        "cause": _("请选择背景原因。"),
        "judgement": _("请写下现场判断：是不是服务造成的、能不能修复。"),
        "remedies": _("请选择客户要求怎样处理。"),
        **dict.fromkeys(("third_party_name", "third_party_phone", "third_party_damage", "floor"), _("涉及第三者时必须填写此项。")),
        **dict.fromkeys(("injury", "hospital"), _("涉及受伤时必须填写此项。")),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Third party and injury are asked for where the promise is about them.
        for name, words in ((name, words) for name, words in self.needed.items() if name in self.fields):
            self.fields[name].required = True
            self.fields[name].error_messages = {**self.fields[name].error_messages, "required": words}

    def clean(self) -> dict[str, Any]:
        """With a word still missing, the pictures and objects that are missing are said at the same time, not a round later."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors and hasattr(self.target, "survey"):
            reason = values.get("no_photo_reason") or ""
            evidence = refuse_evidence(self.target, no_photo_reason=reason, statements={})
            self.refuse((*evidence, *refuse_objects(self.target)))
        return values


class PricePageForm(WithFiles, PriceForm):
    file_kinds = {"proof": K.PRICE}
    proof = FilesField(label=_("价格凭证"), required=False, help_text=_("报价截图、标价牌或小票。"))


class AcceptPageForm(WithFiles, AcceptForm):
    file_kinds = {"agreement": K.AGREEMENT}
    agreement = FilesField(label=_("客户签字的赔偿协议"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.target, Settlement):
            approved = self.target.approved_total or ZERO
            is_cash, is_missing = approved > self.target.in_kind_amount, needs_agreement(self.target, approved)
            self.asked = (*["payee"] * is_cash, *["agreement"] * is_missing)


def _identify(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"customer": case.customer_id, "order": case.order_id, "worker": case.worker_id}


def _arrive(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"place": case.customer.compound if case.customer else case.place}


def _save_survey(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    survey = getattr(case, "survey", None)
    known = {name: getattr(survey, name) for name in TEXTS} if survey else {}
    return known | {"promised_days": case.promised_days or 3}


def _tell_insurer(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"told_at": timezone.localtime(at, clock.TZ).replace(second=0, microsecond=0)}


def _item(case: Case, request: Any) -> DamagedItem | None:
    asked = request.GET.get("item", "")
    items = DamagedItem.objects.filter(case=case).order_by("pk")
    return items.filter(pk=asked).first() if asked.isascii() and asked.isdigit() and len(asked) < 18 else items.first()


def _add_price(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    item = _item(case, request)
    return {"item": item.pk, "model": f"{item.name} {item.brand_model}".strip()[:80]} if item else {}


def _value_item(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    item = _item(case, request)
    if item is None:
        return {}
    prices = sorted(check.price for check in item.prices.all())
    # The lowest price that was found is what the object can be bought for.
    return {
        "item": item.pk, "market_price": item.market_price or (prices[0] if prices else None),
        "depreciation_pct": item.depreciation_pct if item.depreciation_pct is not None else 0, "repair_price": item.repair_price,
    }  # fmt: skip


def _assess(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    if case.assessed_at is None:
        return {"company_pct": 100, "worker_pct": 0, "customer_pct": 0, "third_party_pct": 0}
    known: dict[str, Any] = {
        name: getattr(case, name)
        for name in ("company_pct", "worker_pct", "customer_pct", "third_party_pct", "liability_basis")
    }
    for answer in case.exclusions:
        known[f"exclusion_{answer['code']}"] = answer.get("answer")
        known[f"exclusion_{answer['code']}_note"] = answer.get("note", "")
    return known


def _propose(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    # What was granted before, to a customer who was not content or to somebody else, is not offered a second time.
    left = max(ZERO, (case.payable or ZERO) - sums_for(case, ZERO, at).case)
    claimant = CLAIMANT.get(case.guarantee, Settlement.Claimant.CUSTOMER)
    return {
        "claimant": claimant,
        "cash_amount": left,
        "in_kind_amount": 0,
        "recourse_amount": 0,
        "methods": ["cash"] * bool(left),
    }


def _agree(settlement: Any, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"amount": settlement.total}


def _accept(settlement: Any, request: Any, at: dt.datetime) -> dict[str, Any]:
    case = settlement.case
    payees = {"customer": case.customer, "worker": case.worker}
    payee = getattr(payees.get(settlement.claimant), "name", "")
    if settlement.claimant == "third_party" and hasattr(case, "survey"):
        payee = case.survey.third_party_name
    return {"amount": settlement.approved_total, "payee": payee}


def _fill_form(settlement: Any, request: Any, at: dt.datetime) -> dict[str, Any]:
    return known_values(settlement)


def _pay(settlement: Any, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"amount": cash_due(settlement)}


FIRST_VALUES: dict[str, Callable[[Any, Any, dt.datetime], dict[str, Any]]] = {
    **complaint.FIRST_VALUES,
    "identify": _identify,
    "arrive": _arrive,
    "save_survey": _save_survey,
    "finish_survey": _save_survey,
    "tell_insurer": _tell_insurer,
    "add_price": _add_price,
    "value_item": _value_item,
    "assess": _assess,
    "propose": _propose,
    "agree": _agree,
    "accept": _accept,
    "fill_form": _fill_form,
    "pay": _pay,
}


def first_values(name: str, obj: Any, request: Any, at: dt.datetime) -> dict[str, Any]:
    """What the form of a step can know before anybody types."""
    asked = {"item": request.GET["item"]} if "item" in request.GET else {}
    give = FIRST_VALUES.get(name)
    return asked | (give(obj, request, at) if give else {})
