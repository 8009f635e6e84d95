"""Whether the books of the cases agree with themselves (domain.md 5.8): each finding names the paper and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Q, Sum

from zhangfa.audit.queries import went_back
from zhangfa.claims.models import LIVE, Case, Settlement
from zhangfa.claims.totals import money
from zhangfa.finance.models import Payment

SHOWN = 20


def data_problems() -> Iterator[str]:
    """Every broken invariant, at most twenty papers each."""
    yield from _named(_causal_order(), "times are not in causal order")
    yield from _named(_shares(), "the shares of responsibility do not add up to 100 %")
    yield from _named(_totals(), "the total differs from the sum of its methods")
    yield from _authority()
    yield from _signatures()
    yield from _payments()
    yield from _acknowledged()


def _named(rows: Iterator[str | None], what: str) -> Iterator[str]:
    for number in islice(rows, SHOWN):
        yield f"{number or 'a paper without number'}: {what}."


def _causal_order() -> Iterator[str | None]:
    wrong = (
        Q(occurred_at__gt=F("reported_at")) | Q(arrived_at__lt=F("reported_at")) | Q(survey__surveyed_at__lt=F("arrived_at"))
        | Q(assessed_at__lt=F("survey__registered_at")) | Q(closed_at__lt=F("reported_at")) | Q(satisfaction_at__lt=F("assessed_at"))
    )  # fmt: skip
    yield from _unexplained(Case.objects.filter(wrong).exclude(kind=Case.Kind.COMPLAINT))
    late = Q(accepted_at__lt=F("decided_at")) | Q(signed_at__lt=F("accepted_at")) | Q(paid_at__lt=F("signed_at"))
    yield from _unexplained(Settlement.objects.filter(late | Q(decided_at__lt=F("proposed_at"))))


def _unexplained(rows: Any) -> Iterator[str | None]:
    """Papers whose times nothing explains: where the trail itself goes back in time, the clock was set back."""
    for pk, number in rows.values_list("pk", "record__number").iterator(chunk_size=SHOWN):
        if not went_back(pk):
            yield number


def _shares() -> Iterator[str | None]:
    # Percentages are stored as tenths; the sum is compared as it is stored.
    stored = ExpressionWrapper(
        F("company_pct") + F("worker_pct") + F("customer_pct") + F("third_party_pct"), output_field=IntegerField()
    )
    cases = Case.objects.exclude(assessed_at=None).annotate(shares=stored).exclude(shares=1000)
    yield from cases.values_list("record__number", flat=True)[:SHOWN]


def _totals() -> Iterator[str | None]:
    rows = Settlement.objects.exclude(total=F("cash_amount") + F("in_kind_amount"))
    yield from rows.values_list("record__number", flat=True)[:SHOWN]


def _authority() -> Iterator[str]:
    """The authority stored with a settlement is the one its own stored facts and figures lead to."""
    from zhangfa.claims.rules import Limits, Sums, authority_for

    rows = Settlement.objects.filter(status__in=LIVE).values_list("record__number", "authority", "facts", "total")
    found = 0
    for number, authority, facts, total in rows.iterator(chunk_size=2_000):
        values = {row["key"]: Decimal(row["value"]) for row in facts["policy"]}
        limits = Limits(
            values["claims.outlet_max_estimate"], values["claims.outlet_settles_below"], values["claims.specialist_max"],
            values["claims.manager_max"], values["claims.two_person_amount"], values["claims.two_quotes_above"],
            values["claims.specialist_min"],
        )  # fmt: skip
        sums = Sums(Decimal(facts["own"]), Decimal(facts["event"]), Decimal(facts["customer"]))
        right = authority_for(sums, handled_by=facts["handled_by"], limits=limits, has_tie=facts["has_tie"]).post
        if right != authority or sums.own != total:
            yield f"{number or 'a settlement'}: decided at {authority}, its facts lead to {right}."
            found += 1
            if found == SHOWN:
                return


def _signatures() -> Iterator[str]:
    rows = (
        Settlement.objects.filter(status__in=("signed", "paid"))
        .annotate(n=Count("record__signatures", filter=Q(record__signatures__state__in=("signed", "refused"))))
        .exclude(n=4)
    )
    for number in rows.values_list("record__number", flat=True)[:SHOWN]:
        yield f"{number}: signed, but without its four signatures or recorded refusals."


def _payments() -> Iterator[str]:
    paid = Settlement.objects.filter(status="paid")
    for number in paid.filter(record__payment=None).values_list("record__number", flat=True)[:SHOWN]:
        yield f"{number}: marked as paid, but finance has no payment."
    differing = paid.exclude(record__payment__amount=F("approved_total") - F("in_kind_amount"))
    for number in differing.exclude(record__payment=None).values_list("record__number", flat=True)[:SHOWN]:
        yield f"{number}: the payment differs from the approved cash amount."
    for number in paid.filter(record__payment__paid_by=F("decided_by")).values_list("record__number", flat=True)[
        :SHOWN
    ]:
        yield f"{number}: paid by whoever approved it."
    settled = paid.aggregate(approved=Sum("approved_total"), in_kind=Sum("in_kind_amount"))
    due = money(settled["approved"]) - money(settled["in_kind"])
    booked = money(Payment.objects.filter(record__form_code="F11").aggregate(total=Sum("amount"))["total"])
    if due != booked:
        yield f"The settlements paid come to {due}, the payments to {booked}."


def _acknowledged() -> Iterator[str]:
    """Every complaint beyond its intake has an acknowledgement."""
    rows = Case.objects.filter(kind=Case.Kind.COMPLAINT, complaint_form__acknowledged_at=None).exclude(
        status__in=("alerted", "void")
    )
    for number in rows.values_list("record__number", flat=True)[:SHOWN]:
        yield f"{number}: the complaint was taken up without an acknowledgement."
