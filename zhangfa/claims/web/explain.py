"""Who decides and why, in words, beside the forms and on the pages (CC-W1.1, CC-W1.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import explanation
from zhangfa.claims import wording
from zhangfa.claims.actions.settle import open_step
from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.queries import aggregate_days, limits_at, sums_for
from zhangfa.claims.rules import authority_for, route_for
from zhangfa.core.money import ZERO, yuan
from zhangfa.policy import queries as policy
from zhangfa.policy.values import typed, words
from zhangfa.policy.wording import language, post_name, title
from zhangfa.ui.display import money
from zhangfa.ui.tables import Explanation

Value = tuple[Any, Any, Any]


def typed_value(form: Any, name: str) -> Any:
    """What is typed in one field so far, None where it can't be read."""
    if not form.is_bound:
        return form.get_initial_for_field(form.fields[name], name)
    field = form.fields[name]
    try:
        return field.clean(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
    except ValidationError:
        return None


def report(form: Any, at: dt.datetime) -> Explanation:
    """Who will handle an accident of the estimate as typed (CC-W1.1)."""
    estimate = typed_value(form, "estimate")
    if estimate is None:
        return Explanation(_("填写初估损失后，这里显示由谁办理"))
    authority = route_for(estimate, limits_at(at))
    why = wording.compared(authority, "estimate")
    return Explanation(post_name(authority.post), authority.clause, (_said(why),), tuple(figures(authority.keys, at)))


def proposal(case: Case, form: Any, at: dt.datetime) -> Explanation | None:
    """Who will decide a settlement as typed: own amount, the event's and the customer's sums, the largest rules (CC-W1.5)."""
    cash, in_kind = typed_value(form, "cash_amount"), typed_value(form, "in_kind_amount")
    if cash is None and in_kind is None:
        return None
    own = yuan((cash or ZERO) + (in_kind or ZERO))
    sums = sums_for(case, own, at)
    limits = limits_at(at)
    authority = authority_for(
        sums, handled_by=case.handled_by, limits=limits, has_tie=bool(typed_value(form, "has_tie"))
    )
    why = wording.compared(authority, sums.reason, aggregate_days(at))
    lines = [_said(why), *_sum_lines(own, sums.event, sums.customer, aggregate_days(at))]
    if case.is_outlet_handled and sums.basis >= limits.outlet_settles_below:
        lines.append(_("网点不能自行处理这个金额，请先移交投诉与客户维护专员。"))
    if sums.basis > limits.two_person_amount:
        survey = getattr(case, "survey", None)
        is_confirmed = survey is None or survey.confirmed_by_id is not None
        lines.append(_("勘察已由另一人复核。") if is_confirmed else _("超过两人复核限额：提交前须由另一人复核勘察。"))
    return Explanation(post_name(authority.post), authority.clause, tuple(lines), tuple(figures(authority.keys, at)))


def _sum_lines(own: Decimal, event: Decimal, customer: Decimal, days: int) -> list[str]:
    lines = [_("本次 %(own)s") % {"own": money(own)}]
    if event != own:
        lines.append(_("同一事故合计 %(sum)s") % {"sum": money(event)})
    if customer != own:
        lines.append(_("同一客户近 %(days)s 天合计 %(sum)s") % {"days": days, "sum": money(customer)})
    return lines


def stored(settlement: Settlement) -> Explanation:
    """Why this authority, from what was kept when the paper was handed in; a later change of the figures does not move it."""
    step = open_step(settlement) if settlement.status == Settlement.Status.PROPOSED else None
    if step is None and settlement.authority not in ("oa", "cc"):
        step = Step.objects.filter(record_id=settlement.pk).select_related("seat__post").order_by("-seq").first()
    facts = settlement.facts
    sums = (
        _sum_lines(settlement.total, Decimal(facts["event"]), Decimal(facts["customer"]), wording.stored_days(facts))
        if facts
        else []
    )
    values = tuple(_stored_figure(row) for row in facts.get("policy", []) if row["key"] in facts.get("keys", ()))
    if step is not None:
        found = explanation(step)
        return Explanation(found.authority, found.clause, (*found.why, *sums), values, found.route)
    return Explanation(
        post_name(settlement.authority), facts.get("clause", ""), (*wording.reasons(facts), *sums), values
    )


def route_of(case: Case) -> Explanation | None:
    """Why the outlet or the specialist handles the case, as it was decided at intake."""
    if not case.route:
        return None
    values = tuple(_stored_figure(row) for row in case.route.get("policy", []))
    return Explanation(post_name(case.route["post"]), case.route["clause"], (wording.route_reason(case.route),), values)


def figures(keys: Iterable[str], at: dt.datetime) -> list[Value]:
    """Figures with their value in words, version and day."""
    return [_stored_figure(policy.figure(key, at).as_json()) for key in keys]


def _stored_figure(row: Mapping[str, Any]) -> Value:
    definition = policy.definitions().get(row["key"])
    if definition is None:
        return row["key"], row["value"], ""
    shown = words(definition.kind, definition.unit, typed(definition.kind, row["value"]), language())
    since = _("第 %(version)s 版，%(day)s 起") % {"version": row["version"], "day": row["effective_from"]}
    return title(definition), shown, since


def _said(why: Any) -> str:
    return str(why.en if language() == "en" else why.zh)
