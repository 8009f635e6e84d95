"""Other 2:8 figures tried out: who comes, who goes, how much revenue moves; reckoned beside the page, the answer kept (CS-D4)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms as base
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.core.money import from_fen, to_fen
from zhangfa.customers.models import Customer
from zhangfa.reports import actions, facts
from zhangfa.reports import permissions as may
from zhangfa.reports.models import Trial
from zhangfa.reports.rules import MONTHS, month_back, month_of, named
from zhangfa.reports.rules_figures import rate
from zhangfa.reports.web.common import CLASS_NAMES, month_in, yuan_of
from zhangfa.ui.forms import Form, MoneyField, PercentField, WholeField
from zhangfa.ui.pages import FormPage, Page

SHOWN = 10
NAMES = ("share", "months", "key_amount", "loyal_orders", "satisfaction", "years", "plan_months")


class TrialForm(Form):
    share = PercentField(label=lazy("前部客户比例（%）"))
    months = WholeField(label=lazy("看近几个月"), min_value=1, max_value=36)
    key_amount = MoneyField(label=lazy("大客户年金额"))
    loyal_orders = WholeField(label=lazy("忠诚客户订单数"), min_value=1, max_value=100)
    satisfaction = WholeField(label=lazy("忠诚客户满意度"), min_value=1, max_value=5)
    years = WholeField(label=lazy("长期客户年数"), min_value=1, max_value=20)
    plan_months = WholeField(label=lazy("长期服务月数"), min_value=1, max_value=60)
    month = base.CharField(
        label=lazy("月份"), required=False, max_length=7, widget=base.TextInput(attrs={"type": "month"})
    )

    def clean_month(self) -> str:
        month = str(self.cleaned_data["month"])
        if month:
            try:
                month_in(month, self.at)
            except Http404:
                raise base.ValidationError(_("请填写已经开始的月份，例如 2026-10。")) from None
        return month


def others(data: dict[str, Any]) -> dict[str, Any]:
    """What the form holds, as the action takes it: money in fen."""
    return {name: to_fen(data[name]) if name == "key_amount" else data[name] for name in NAMES}


def last_month(at: dt.datetime) -> int:
    """The month that ended last."""
    return month_back(month_of(clock.local_date(at)), 1)


class Asking(FormPage):
    """Ask: the company's own figures stand in the form, or those of an earlier trial."""

    permission, title, nav, template_name = may.try_figures, lazy("二八试算"), "trial", "reports/trial.html"
    form_class, submit_label = TrialForm, lazy("试算")

    def get_initial(self) -> dict[str, Any]:
        limits, _policy = facts.limits_at(self.at)
        usual = {
            "share": limits.share, "months": MONTHS, "key_amount": from_fen(limits.key_amount), "loyal_orders": limits.loyal_orders,
            "satisfaction": limits.satisfaction, "years": limits.years, "plan_months": limits.plan_months,
            "month": named(last_month(self.at)),
        }  # fmt: skip
        return {name: self.request.GET.get(name) or value for name, value in usual.items()}

    def act(self, form: Any) -> Trial:
        data = form.cleaned_data
        month = month_in(data["month"], self.at) if data["month"] else last_month(self.at)
        return actions.ask_trial(month, others(data), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Trial.objects.filter(by_id=self.actor.person_id).order_by("-pk")[:SHOWN]
        return super().get_context_data(mine=[(row, said(row)) for row in mine], **kwargs)


def said(trial: Trial) -> dict[str, Any]:
    """The question in the words of its form."""
    asked = trial.asked
    return {
        **asked,
        "share": Decimal(asked["share"]),
        "key_amount": from_fen(asked["key_amount"]),
        "month": named(trial.month),
    }


class Answer(Page):
    """How far a trial is, and its answer with the instant it stands on; the page may be left meanwhile."""

    permission, nav, template_name = may.try_figures, "trial", "reports/trial_result.html"

    @cached_property
    def trial(self) -> Trial:
        found: Trial = get_object_or_404(Trial.objects.select_related("by"), pk=self.kwargs["pk"])
        return found

    def page_title(self) -> Any:
        return _("二八试算 %(month)s") % {"month": named(self.trial.month)}

    @property
    def is_progress(self) -> bool:
        """The bar alone is asked for again while the work goes on."""
        return self.is_fragment and self.request.headers.get("HX-Target") == "progress"

    def get_template_names(self) -> Any:
        return ["reports/parts/progress.html" if self.is_progress else self.template_name]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_progress and not self.trial.is_working:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trial = self.trial
        usual, _policy = facts.limits_at(trial.asked_at)
        told = said(trial)
        own = {
            **{name: getattr(usual, name) for name in NAMES},
            "months": MONTHS,
            "key_amount": from_fen(usual.key_amount),
        }
        fields = TrialForm.base_fields
        changed = [
            (fields[name].label, own[name], told[name], name == "key_amount")
            for name in NAMES
            if own[name] != told[name]
        ]
        again = "&".join(f"{name}={told[name]}" for name in (*NAMES, "month"))
        return super().get_context_data(
            trial=trial, changed=changed, again=again, result=self._shown(trial.result) if trial.state == Trial.State.DONE else None,
            as_of=trial.as_of, **kwargs,
        )  # fmt: skip

    def _shown(self, found: dict[str, Any]) -> dict[str, Any]:
        seen = _customers_in(found, self.actor)
        names = {"top": _("前部客户"), **CLASS_NAMES}
        moves = []
        for code, label in names.items():
            move = found["moves"][code]
            moves.append(
                {
                    "label": label, "before": found["before"]["classes"][code]["count"], "after": found["after"]["classes"][code]["count"],
                    "entered": _part(move["entered"], seen), "left": _part(move["left"], seen),
                }
            )  # fmt: skip
        heads = [
            {**head, "amount": yuan_of(head["amount"]), "share": rate(head["top_amount"], head["amount"])}
            for head in (found["before"], found["after"])
        ]
        return {"moves": moves, "heads": heads}


def _customers_in(found: dict[str, Any], actor: Any) -> dict[int, Customer]:
    """Those who come or go, as far as the reader may see them."""
    keys = {key for move in found["moves"].values() for part in move.values() for key, _paid in part["rows"]}
    return {c.pk: c for c in Customer.objects.visible_to(actor).filter(pk__in=keys)}


def shown_result(trial: Trial, actor: Any) -> dict[str, Any]:
    """The answer as kept, without the customers whom the reader may not see; empty until it is there."""
    if trial.state != Trial.State.DONE:
        return {}
    seen = _customers_in(trial.result, actor)
    moves = {
        code: {name: {**part, "rows": [row for row in part["rows"] if row[0] in seen]} for name, part in move.items()}
        for code, move in trial.result["moves"].items()
    }
    return {**trial.result, "moves": moves}


def _part(part: dict[str, Any], seen: dict[int, Customer]) -> dict[str, Any]:
    return {
        "count": part["count"],
        "amount": yuan_of(part["amount"]),
        "rows": [(seen[key], yuan_of(paid)) for key, paid in part["rows"] if key in seen],
    }
