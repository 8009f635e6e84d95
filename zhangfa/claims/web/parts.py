"""Blocks of a case's page that are fetched when they are opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Sum, Window
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhangfa.claims import permissions
from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.confidential import knows_expected
from zhangfa.claims.models import LIVE, Case, DamagedItem, PriceCheck, Settlement
from zhangfa.claims.queries import aggregate_days, limits_at, ratings, sums_for
from zhangfa.claims.web.state import OWED
from zhangfa.core.fields import MoneyField
from zhangfa.core.money import ZERO
from zhangfa.core.transitions import find
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order
from zhangfa.records.models import Attachment
from zhangfa.ui.registry import Part

S = Case.Status
YEAR = dt.timedelta(days=365)
Given = tuple[str, dict[str, Any]]


def of_case(case: Case) -> list[Part]:
    """The blocks that this case has by now."""
    found = []
    if case.is_accident and case.arrived_at:
        # What is being worked on stands open.
        is_valuing = case.status in (S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ASSESSED)
        found.append(Part("damage", _("被损物与价格"), damage, open=is_valuing))
        found.append(Part("survey", _("勘察记录"), survey, open=case.status in (S.SURVEYED, S.REGISTERED)))
    if case.assessed_at:
        found.append(
            Part(
                "assessment",
                pgettext_lazy("part", "损失与责任认定"),
                assessment,
                open=case.status in (S.ASSESSED, S.SETTLING),
            )
        )
    found.append(Part("talks", _("与客户的沟通"), talks, open=case.status in (S.SETTLING,)))
    return found


def of_settlement(case: Case) -> list[Part]:
    """What somebody who decides or signs wants to see of the case, on the settlement's own page."""
    found = [Part("talks", _("与客户的沟通"), _about_case(talks))]
    if case.is_accident:
        found = [
            Part("assessment", pgettext_lazy("part", "损失与责任认定"), _about_case(assessment), open=True), Part("damage", _("被损物与价格"), _about_case(damage)),
            Part("survey", _("勘察记录与照片"), _about_case(survey)), *found,
        ]  # fmt: skip
    return found


def _about_case(give: Any) -> Any:
    return lambda page, settlement: give(page, settlement.case)


def may(page: Any, case: Case, name: str) -> bool:
    """Whether the button beside a thing works for this person now."""
    step = find(Case, name)
    return (
        step is not None
        and step.applies(case)
        and not any(True for _r in step.refuse_now(case, by=page.actor, at=page.at))
    )


def damage(page: Any, case: Case) -> Given:
    """Damaged objects with their price checks, value and loss."""
    checks = Prefetch("prices", PriceCheck.objects.select_related("checked_by"))
    items = list(DamagedItem.objects.filter(case=case).prefetch_related(checks).order_by("pk"))
    names = ("add_item", "drop_item", "add_price", "value_item")
    return "claims/parts/damage.html", {"case": case,
        "items": items, "may": {name: may(page, case, name) for name in names}, "limit": limits_at(case.reported_at).two_quotes_above,
        "total": sum((item.loss or ZERO for item in items), ZERO),
    }  # fmt: skip


def survey(page: Any, case: Case) -> Given:
    """What was found, told and promised; the expected sum only for those who deal with the case."""
    found = getattr(case, "survey", None)
    remedies = dict(REMEDIES)
    return "claims/parts/survey.html", {"case": case,
        "survey": found, "remedies": [remedies.get(code, code) for code in (found.remedies if found else [])],
        "may_save": may(page, case, "save_survey"), "may_tell": may(page, case, "tell_insurer"),
        "knows_expected": knows_expected(case, page.actor), "photos": photos(case),
    }  # fmt: skip


def photos(case: Case) -> list[Attachment]:
    rows = Attachment.objects.filter(record_id=case.pk, removed_at=None).exclude(thumb_sha256="")
    return list(rows.order_by("kind", "pk")[:60])


def assessment(page: Any, case: Case) -> Given:
    from zhangfa.claims.actions.assess import EXCLUSIONS
    from zhangfa.ui.words import text

    answers = {answer["code"]: answer for answer in case.exclusions}
    shares = [
        (_("公司"), case.company_pct), (_("服务员"), case.worker_pct), (_("客户"), case.customer_pct), (_("第三者"), case.third_party_pct),
    ]  # fmt: skip
    questions = [(text(question), answers.get(code, {})) for code, question in EXCLUSIONS.items()]
    return "claims/parts/assessment.html", {"case": case, "shares": shares, "questions": questions}


def talks(page: Any, case: Case) -> Given:
    rows = case.talks.select_related("by").order_by("-at", "-pk")[:100]
    return "claims/parts/talks.html", {
        "case": case,
        "talks": rows,
        "may_talk": may(page, case, "log_talk"),
        "is_handler": _handles(page, case),
        "ratings": ratings(case),
        "own": permissions.people_behind(page.actor),
    }


def _handles(page: Any, case: Case) -> bool:
    return case.handler_id in permissions.people_behind(page.actor)


def history(case: Case, actor: Any, at: dt.datetime) -> dict[str, Any]:
    """What is known about the customer: file, orders of a year, other cases, and the sums that decide the authority.

    `case` brings its customer with outlet and account manager along.
    """
    sums = sums_for(case, ZERO, at)
    context: dict[str, Any] = {
        "days": aggregate_days(at), "event_sum": sums.event, "customer_sum": sums.customer, "customer": case.customer,
    }  # fmt: skip
    others = _others(case, actor)
    context["linked"] = [row for row in others if row.event_id == case.event_id]
    if case.customer is None:
        return context
    orders = Order.objects.filter(customer=case.customer, served_from__gte=at - YEAR).select_related("product")
    orders = orders.annotate(n=Window(Count("pk")), total=Window(Sum("amount"))).order_by("-pk")
    return context | {
        "knows_file": Customer.objects.visible_to(actor).filter(pk=case.customer_id).exists(),
        "orders": list(orders[:5]),
        "earlier": [row for row in others if row.customer_id == case.customer_id],
    }


def _others(case: Case, actor: Any) -> list[Case]:
    """The customer's other cases and those of the same event, with what was paid and whether this person may open them."""
    reach = Q(event_id=case.event_id)
    if case.customer_id:
        reach |= Q(customer_id=case.customer_id)
    live = Settlement.objects.filter(case_id=OuterRef("pk"), status__in=LIVE).order_by().values("case_id")
    rows = Case.objects.filter(reach).exclude(pk=case.pk).select_related("record")
    rows = rows.annotate(
        paid=Subquery(live.annotate(sum=Sum("approved_total")).values("sum"), output_field=MoneyField())
    )
    rows = rows.annotate(is_visible=Exists(Case.objects.visible_to(actor).filter(pk=OuterRef("pk"))))
    return list(rows.annotate(owed=OWED).order_by("-pk")[:10])
