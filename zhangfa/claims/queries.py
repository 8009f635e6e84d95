"""The facts that the rules of a case need, and reads across its tables."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q

from zhangfa.audit.models import Event
from zhangfa.claims.models import LIVE, Case, Settlement, Survey
from zhangfa.claims.rules import Authority, Limits, Sums
from zhangfa.core import clock
from zhangfa.core.money import ZERO
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.organisation.queries import (
    absence_of,
    holders,
    manager_seat_of,
    managing,
    present_in,
    seated_in,
    seats_with_post,
)
from zhangfa.policy.queries import figure, figures
from zhangfa.records.models import Attachment

LIMIT_KEYS = (
    "claims.outlet_max_estimate",
    "claims.outlet_settles_below",
    "claims.specialist_max",
    "claims.manager_max",
    "claims.two_person_amount",
    "claims.two_quotes_above",
    "claims.specialist_min",
)

DAYS_KEY = "claims.aggregate_days"
# Who answers for an outlet, and for a site.
OUTLET_POSTS = ("oa", "sl")
# What a decided settlement keeps: the limits, and over how many days the customer's settlements were added up.
DECIDING_KEYS = (*LIMIT_KEYS, DAYS_KEY)


def limits_at(at: dt.datetime) -> Limits:
    """The figures of authority on the day of `at`."""
    found = figures(LIMIT_KEYS, at)
    return Limits(*(found[key].value for key in LIMIT_KEYS))


def aggregate_days(at: dt.datetime) -> int:
    """Over how many days one customer's settlements count together (CC-W1.5)."""
    return int(figures((DAYS_KEY,), at)[DAYS_KEY].value)


def stamped(keys: tuple[str, ...], at: dt.datetime) -> list[dict[str, Any]]:
    """The figures with version and date, as a decision keeps them."""
    return [
        {"key": f.key, "value": str(f.value), "version": f.version, "effective_from": f.effective_from.isoformat()}
        for f in figures(keys, at).values()
    ]


def decided_by(authority: Authority) -> dict[str, Any]:
    """What a settlement keeps of the comparison that found who decides it."""
    return {
        "authority": authority.post, "clause": authority.clause, "key": authority.key, "keys": list(authority.keys),
        "comparison": authority.comparison, "basis": str(authority.basis), "limit": str(authority.limit),
        "upper": _plain(authority.upper), "passed": _plain(authority.passed),
    }  # fmt: skip


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def sums_for(case: Case, own: Decimal, at: dt.datetime, *, excluding: Any = None) -> Sums:
    """Totals of the event and of the customer's last days, own amount included; read under the customer lock (domain.md A-42)."""
    days = aggregate_days(at)
    since = clock.day_start(clock.local_date(at) - dt.timedelta(days=days - 1))
    reach = Q(event_id=case.event_id)
    if case.customer_id:
        reach |= Q(customer_id_copy=case.customer_id, proposed_at__gte=since)
    event = customer = granted = ZERO
    rows = Settlement.objects.filter(reach, status__in=LIVE).exclude(pk=excluding)
    for row in rows.only("case_id", "event_id", "customer_id_copy", "proposed_at", "approved_total", "total"):
        amount = row.approved_total if row.approved_total is not None else row.total
        if row.case_id == case.pk:
            granted += amount
        if row.event_id == case.event_id:
            event += amount
        if case.customer_id and row.customer_id_copy == case.customer_id and row.proposed_at >= since:
            customer += amount
    return Sums(own, event + own, customer + own, granted + own)


def person_in(
    post: str, at: dt.datetime, *, unit: Unit | None = None, exclude: tuple[int | None, ...] = ()
) -> Person | None:
    """Who answers from a post now: a holder, the delegate of an absent one, or the superior of an empty seat; never downwards."""
    which = Q(post=post, unit=unit) if unit else Q(post=post)
    if present := [person for person in present_in(which, at) if person.pk not in exclude]:
        return present[0]
    for seat in seats_with_post(post, unit_id=unit.pk if unit else None):
        found = answering(seat, at, exclude)
        if found:
            return found
    return None


def head_of(case: Case, at: dt.datetime) -> Person | None:
    """Who signs for the case's department: its manager, or while the seat is empty whoever stands above it."""
    seated = next(iter(seated_in(managing(case.unit), at).values()), None)
    if seated:
        return seated[0]
    return answering(manager_seat_of(case.unit), at, (case.handler_id, case.worker_id))


def outlet_of(case: Case, at: dt.datetime, exclude: tuple[int | None, ...]) -> Person | None:
    """Who signs for the case's outlet or site."""
    for post in OUTLET_POSTS:
        if found := person_in(post, at, unit=case.unit, exclude=exclude):
            return found
    return None


def above_outlet(case: Case, at: dt.datetime, exclude: tuple[int | None, ...]) -> Person | None:
    """Who countersigns what the outlet itself handled: the supervisor above it, else one of the department (domain.md A-54)."""
    own = next((seat for post in OUTLET_POSTS for seat in seats_with_post(post, unit_id=case.unit_id)), None)
    above = own.reports_to if own else None
    if above is None or above.post_id != "sup":
        home = case.department_id or case.unit_id
        found = present_in(Q(post="sup") & (Q(unit=home) | Q(unit__department=home)), at)
        if person := next((one for one in found if one.pk not in exclude), None):
            return person
    return answering(above, at, exclude)


def answering(seat: Any, at: dt.datetime, exclude: tuple[int | None, ...] = ()) -> Person | None:
    """Holder, else delegate, else the superior's holder and so on up the chain (domain.md A-41)."""
    seen: set[int] = set()
    while seat is not None and seat.pk not in seen:
        seen.add(seat.pk)
        for person in holders([seat.pk], at).get(seat.pk, []):
            if person.pk in exclude:
                continue
            absence = absence_of(person.pk, at)
            if absence is None:
                return person
            if absence.delegate and absence.delegate_id not in exclude:
                return absence.delegate
        seat = seat.reports_to
    return None


def has_post(person_id: int, posts: tuple[str, ...], at: dt.datetime) -> bool:
    """Whether somebody holds one of the posts on that day."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person_id=person_id, seat__is_active=True)
    return held.filter(seat__post_id__in=posts).exists()


def pick_specialist(at: dt.datetime, *, exclude: tuple[int | None, ...] = ()) -> Person | None:
    """The specialist who takes the next alert: present, with the fewest open cases, longest without a new one."""
    present = [person for person in present_in(Q(post="cc"), at) if person.pk not in exclude]
    if not present:
        seats = seats_with_post("cc")
        return answering(seats[0], at, exclude) if seats else None
    loads = {
        row["handler"]: (row["open"], row["last"])
        for row in Case.objects.filter(handler__in=[p.pk for p in present])
        .exclude(status__in=[Case.Status.CLOSED, Case.Status.VOID])
        .values("handler")
        .annotate(open=Count("pk"), last=Max("reported_at"))
    }
    early = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return min(present, key=lambda person: (*loads.get(person.pk, (0, early)), person.pk))


def may_know_worker(case: Case, actor: Any) -> bool:
    """CC-D3: the responsible worker's name is for the handler, the worker, the line above the worker, and CS, DGM, GM, HR."""
    if actor.is_system or actor.person_id in (case.handler_id, case.worker_id) or actor.holds("cs", "dgm", "gm", "hr"):
        return True
    if any(seat.is_delegated and seat.person_id == case.handler_id for seat in actor.seats):
        return True
    return actor.holds("oa", "sl", unit_id=case.unit_id) or (
        case.department_id is not None and actor.holds("hs", "ls", "sup", department_id=case.department_id)
    )


def late_cases(rows: Any, at: dt.datetime) -> Any:
    """Those whose running deadline has passed: acknowledging, arriving, registering, the promised day, signing."""
    status = Case.Status
    today = clock.local_date(at)
    running = [status.ARRIVED, status.SURVEYED, status.REGISTERED, status.ANSWERING, status.ASSESSED, status.SETTLING]
    unregistered = Survey.objects.filter(
        case__status__in=(status.ARRIVED, status.SURVEYED), record__due_at__lt=at
    ).values("case_id")
    unsigned = Settlement.objects.filter(status=Settlement.Status.ACCEPTED, form_due_at__lt=at).values("case_id")
    # The open ones first, in words of the index on status: closed cases are most of the table.
    return rows.filter(status__in=[s for s in status if s not in (status.CLOSED, status.VOID)]).filter(
        Q(status=status.ALERTED, acknowledge_due_at__lt=at)
        | Q(status=status.ACCEPTED, arrive_due_at__lt=at)
        | Q(status__in=(status.ARRIVED, status.SURVEYED), pk__in=unregistered)
        | Q(status__in=running, promised_on__lt=today)
        | Q(status=status.SETTLED, pk__in=unsigned)
    )


def needs_agreement(settlement: Settlement, amount: Decimal) -> bool:
    """CC-W1.6: above the outlet's figure the customer signs an agreement, and none is in the file yet."""
    if amount <= figure("claims.outlet_max_estimate", settlement.proposed_at).value:
        return False
    signed = Attachment.objects.filter(record_id=settlement.case_id, kind=Attachment.Kind.AGREEMENT, removed_at=None)
    return not signed.exists()


@dataclass(frozen=True)
class Rating:
    """One score that a customer gave, with what they said."""

    at: dt.datetime
    score: int
    words: str


def ratings(case: Case) -> list[Rating]:
    """What the customer said each time, newest first; it stands in the trail and goes with it when it is erased (CC-W1.6)."""
    rows = Event.objects.filter(record_id=case.pk, name="claims.case.rated").select_related("detail").order_by("-pk")
    # Who brought cases in from elsewhere kept their last score only.
    scored = [(row, json.loads(row.text)["codes"].get("score", case.satisfaction)) for row in rows[:20]]
    return [Rating(row.at, score, str(row.detail.values.get("words") or "")) for row, score in scored if score]
