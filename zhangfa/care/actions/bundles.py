"""The sheets of a week on their way: service centre, administration, conclusion (CS-W3.3, domain.md A-49)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, Q

from zhangfa.care import permissions
from zhangfa.care.actions.plans import centre
from zhangfa.care.models import Bundle, Thread, Visit
from zhangfa.care.rules import SHEET, WEEK, refuse_text, refuse_week
from zhangfa.claims.models import Talk
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.duties.rules import weekly_periods
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.queries import executive_seat_for, holder_of
from zhangfa.policy.queries import value
from zhangfa.records.actions import copy_to, open_record
from zhangfa.records.models import Record

S = Bundle.Status
FORM, KEY = "FH", "visit.bundle"


def visits_of(week_on: dt.date) -> Any:
    """The sheets written in the week that are in no bundle yet."""
    start = clock.day_start(week_on)
    return Visit.objects.filter(status=Visit.Status.WRITTEN, written_at__gte=start, written_at__lt=clock.day_start(week_on + WEEK), bundle=None)  # fmt: skip


def count(week_on: dt.date) -> dict[str, Any]:
    """What the week's sheets say in numbers: frozen when it is sent."""
    rows = visits_of(week_on)
    start, end = clock.day_start(week_on), clock.day_start(week_on + WEEK)
    total = rows.aggregate(
        all=Count("pk"), care=Count("pk", filter=Q(kind="care")), complaint=Count("pk", filter=Q(kind="complaint")),
        division=Count("pk", filter=Q(kind="division")), on_time=Count("pk", filter=Q(is_on_time=True)),
        measured=Count("pk", filter=Q(is_on_time__isnull=False)), late=Count("pk", filter=Q(is_late=True)),
        problems=Count("pk", filter=Q(needs_action=True)), score=Avg("satisfaction"),
    )  # fmt: skip
    score = total.pop("score")
    return {
        **total, "score": f"{score:.2f}" if score is not None else "", "talks": Talk.objects.filter(archived_at__gte=start, archived_at__lt=end).count(),
        "threads": Thread.objects.filter(raised_at__gte=start, raised_at__lt=end).count(),
    }  # fmt: skip


def due_of(week_on: dt.date, key: str, at: dt.datetime) -> dt.datetime:
    """When this stage of the week's bundle is due."""
    opens = clock.day_start(week_on + WEEK)
    period = next(iter(weekly_periods(value(key, at), opens - dt.timedelta(seconds=1), opens)))
    return period.due_at


def send_bundle(week_on: dt.date, *, note: str = "", by: Actor, at: dt.datetime) -> Bundle:
    """The service centre hands the week's sheets to administration; a week without sheets is said to be empty (D-CS-04)."""
    with work():
        demand(permissions.send_bundles(by=by, at=at))
        demand(
            refuse_week(
                week=week_on, today=clock.local_date(at), is_sent=Bundle.objects.filter(week_on=week_on).exists()
            )
        )
        record = open_record(
            FORM, unit=centre(), by=by, at=at, title=week_on.isoformat(), url=lambda pk: f"/care/bundles/{pk}/", retention="R3",
            due_at=due_of(week_on, KEY, at), is_handed_in=True,
        )  # fmt: skip
        bundle = Bundle(
            record=record, week_on=week_on, figures=count(week_on), note=note, sent_at=at, sent_by_id=by.person_id
        )
        bundle.save(force_insert=True)
        visits_of(week_on).update(bundle=bundle)
        _copy(record, [person_in("am", at)], by=by, at=at)
        announce(
            "care.bundle.sent", bundle, by=by, at=at, label=_("送出访问登记表"), record_id=record.pk, clause=SHEET, is_new=True,
            codes={"period": week_on.isoformat(), "visits": bundle.figures["all"]},
        )  # fmt: skip
    return bundle


def _copy(record: Record, people: list[Any], *, by: Actor, at: dt.datetime) -> None:
    copy_to(record, [one.pk for one in people if one is not None], by=by, at=at)


def _guard_pass(bundle: Bundle, *, by: Actor, at: dt.datetime, summary: str) -> Iterator[Refusal]:
    yield from refuse_text(summary, "summary", SHEET)


@transition(
    Bundle, sources=[S.SENT], target=S.PASSED, label=_("汇总转交"), event="passed", permit=permissions.pass_bundles, guard=_guard_pass, clause=SHEET,
)  # fmt: skip
def pass_on(bundle: Bundle, *, by: Actor, at: dt.datetime, summary: str) -> dict[str, Any]:
    """Administration says what the week's opinions come to and hands them on (D-AM-13)."""
    bundle.summary, bundle.passed_at, bundle.passed_by_id = summary, at, by.person_id
    seat = executive_seat_for(bundle.record.unit, at)
    deputy = holder_of(seat, at) if seat else person_in("dgm", at)
    _copy(bundle.record, [deputy], by=by, at=at)
    return {"codes": {"period": bundle.week_on.isoformat()}}


def _guard_conclude(bundle: Bundle, *, by: Actor, at: dt.datetime, conclusion: str) -> Iterator[Refusal]:
    yield from refuse_text(conclusion, "conclusion", SHEET)


@transition(
    Bundle, sources=[S.PASSED], target=S.CONCLUDED, label=_("登记分析结论"), event="concluded", permit=permissions.conclude_bundles,
    guard=_guard_conclude, clause=SHEET,
)  # fmt: skip
def conclude(bundle: Bundle, *, by: Actor, at: dt.datetime, conclusion: str) -> dict[str, Any]:
    """What follows for the company, to the service centre and administration (D-DGM-01)."""
    bundle.conclusion, bundle.concluded_at, bundle.concluded_by_id = conclusion, at, by.person_id
    Record.objects.filter(pk=bundle.pk).update(status=Record.Status.APPROVED)
    _copy(bundle.record, [person_in("cs", at), person_in("am", at)], by=by, at=at)
    return {"codes": {"period": bundle.week_on.isoformat()}}
