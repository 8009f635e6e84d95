"""The workbench: what each post has to do about cases, what it waits for, and its figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Avg,
    Count,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models import LIVE, OWING, Case, LearningTask, Settlement, Survey
from zhangfa.claims.models.reach import CALLING, Standing
from zhangfa.claims.queries import limits_at
from zhangfa.claims.web import complaint
from zhangfa.claims.web.progress import NEXT
from zhangfa.claims.web.state import OWED, due_of, is_owed
from zhangfa.core import clock, compiled
from zhangfa.core.spans import DaysBetween
from zhangfa.records.models import Concern
from zhangfa.ui.registry import Answer, Figure, Item
from zhangfa.ui.words import text

S, SS = Case.Status, Settlement.Status
MOST = 24
ACKNOWLEDGE = _("确认受理")
OPEN = [s for s in S if s not in (S.CLOSED, S.VOID)]
HANDLING = ("cc", "oa", "sl", "cs")
# What a line shows of a case; the rest of its forty columns stays in the database.
LINE = (
    "kind", "status", "handler_id", "reporter", "satisfaction", "acknowledge_due_at", "arrive_due_at", "promised_on",
    "record__number", "customer__name", "unit__name", "unit__name_en", "estimate", "payable",
)  # fmt: skip
COMPLAINT = ("first_answered_at", "first_answer_due_at", "agreed_on", "investigation")


def people(actor: Any) -> set[int]:
    """The actor and those for whom the actor stands in."""
    return {pk for pk in (actor.person_id, *(s.person_id for s in actor.seats if s.is_delegated)) if pk is not None}


def _item(case: Case, title: Any, due: dt.datetime | None, url: str = "") -> Item:
    who = case.customer.name if case.customer else case.reporter
    note = f"{who} · {case.unit.shown_name}"
    amount = case.payable if case.payable is not None else case.estimate
    return Item(title, url or case.get_absolute_url(), case.record.number or "", due, note, amount=amount)


def _mine(actor: Any) -> list[Case]:
    """My cases that are open or owe their analysis, the alerts that I sent, and the customers to call back, with the state of the newest settlement.

    One query for both blocks of the workbench, kept with the request's actor.
    """
    kept: dict[str, Any] = actor.__dict__
    if "_claims_cases" in kept:
        return list(kept["_claims_cases"])
    build = _BENCHES.get((actor.holds(*HANDLING), actor.holds(*CALLING)))
    kept["_claims_cases"] = compiled.rows(build, people=sorted(people(actor))) if build else []
    return list(kept["_claims_cases"])


# Each way to be mine stands on an index of its own: they are joined as lists of keys, never by "or".
def _handled_keys(people: Sequence[int]) -> list[Any]:
    return [
        Case.objects.filter(handler_id__in=people, status__in=OPEN).order_by().values("pk"),
        LearningTask.objects.filter(owner_id__in=people, submitted_at=None).values("case_id"),
    ]


def _called_keys(people: Sequence[int]) -> list[Any]:
    sent = Concern.objects.filter(person_id__in=people, role="reporter").values("record_id")
    return [
        Case.objects.filter(record_id__in=sent, status=S.ALERTED).order_by().values("pk"),
        Case.objects.filter(status=S.SIGNED, satisfaction=None).order_by().values("pk"),
    ]


def _handled(people: Sequence[int]) -> QuerySet[Case]:
    return _lines(_handled_keys(people))


def _called(people: Sequence[int]) -> QuerySet[Case]:
    return _lines(_called_keys(people))


def _handled_and_called(people: Sequence[int]) -> QuerySet[Case]:
    return _lines(_handled_keys(people) + _called_keys(people))


# Whether somebody handles cases, and whether they call customers.
_BENCHES = {(True, False): _handled, (False, True): _called, (True, True): _handled_and_called}


def _lines(keys: list[Any]) -> QuerySet[Case]:
    newest = Settlement.objects.filter(case_id=OuterRef("pk"), status__in=LIVE).order_by("-seq")
    # Cut short before anything is joined to them.
    oldest = keys[0].union(*keys[1:]).order_by("pk")[: 2 * MOST]
    rows = Case.objects.filter(pk__in=oldest).select_related("record", "customer", "unit", "handler", "complaint_form")
    rows = rows.annotate(
        plan=Subquery(newest.values("status")[:1]), plan_due=Subquery(newest.values("form_due_at")[:1])
    )
    rows = rows.annotate(
        cause=Subquery(newest.values("root_cause")[:1]),
        # Single values and not joins: PostgreSQL would read whole tables to join them in the order of the cases.
        form_due=Subquery(Survey.objects.filter(case_id=OuterRef("pk")).values("record__due_at")[:1]),
        lesson_due=Subquery(LearningTask.objects.filter(case_id=OuterRef("pk")).values("due_at")[:1]),
        # A relation's bare value would come from SQLite as text without dashes.
        plan_pk=Subquery(newest.values("record_id")[:1], output_field=UUIDField()),
    )
    rows = rows.only(*LINE, "handler__name", "handler__name_en", *(f"complaint_form__{name}" for name in COMPLAINT))
    return rows.annotate(owed=OWED).order_by("pk")


def todo(actor: Any, at: dt.datetime) -> list[Item]:
    """What is mine to do now: my cases, call-backs, reports to read, settlements to review or pay, surveys to confirm."""
    if actor.person_id is None:
        return []
    found: list[Item] = []
    mine = people(actor)
    steps = [_own_step(case) if case.handler_id in mine else _call_back(case) for case in _mine(actor)]
    found += [item for item in steps if item]
    if actor.holds("fin"):
        to_pay = Settlement.objects.visible_to(actor).filter(OWING)
        found += [_plan(row, _("付款")) for row in _plans(to_pay)]
    if actor.holds("cc"):
        reviewed = compiled.rows(_to_review, people=sorted(mine))
        found += [_plan(row, _("复核网点理赔")) for row in reviewed]
    if actor.holds("oa", "sl", "sup", "cs"):
        found += _to_look_over(actor, at)
    return found


def _own_step(case: Case) -> Item | None:
    """What the handler of a case does next; nothing while somebody else has it."""
    plan = getattr(case, "plan", None)
    if case.is_complaint and (step := complaint.next_step(case)):
        return _item(case, step, complaint.due_of(case))
    if case.status == S.ALERTED:
        do = reverse("claims:do", kwargs={"pk": case.pk, "name": "acknowledge"})
        return replace(_item(case, NEXT[S.ALERTED], due_of(case)), answers=(Answer(ACKNOWLEDGE, do),))
    if case.status in NEXT:
        due = case.form_due if case.status == S.SURVEYED else due_of(case)  # type: ignore[attr-defined]
        return _item(case, NEXT[S(case.status)], due)
    if case.status == S.SETTLING and plan == SS.APPROVED:
        return _item(case, _("与客户商谈，登记客户接受"), due_of(case), f"/settlements/{case.plan_pk}/")  # type: ignore[attr-defined]
    if case.status == S.SETTLED and not case.cause:  # type: ignore[attr-defined]
        return _item(case, _("填写《事故理赔处理表》"), case.plan_due, f"/settlements/{case.plan_pk}/")  # type: ignore[attr-defined]
    if case.status == S.SIGNED and case.satisfaction is not None and not is_owed(case):
        return _item(case, _("结案"), None)
    if case.status == S.CLOSED and case.lesson_due:  # type: ignore[attr-defined]
        return _item(case, _("提交事故分析"), case.lesson_due, f"{case.get_absolute_url()}#learn-h")  # type: ignore[attr-defined]
    return None


def _call_back(case: Case) -> Item | None:
    """A customer to be asked how content they are (CC-W1.6)."""
    if case.status == S.SIGNED and case.satisfaction is None:
        return _item(case, _("回访客户，录入满意度"), None)
    return None


def _plans(rows: QuerySet[Settlement]) -> QuerySet[Settlement]:
    rows = rows.select_related("case__record", "case__customer", "case__unit").order_by("pk")
    return rows.only("approved_total", "total", *(f"case__{name}" for name in LINE))[:MOST]


def _plan(row: Settlement, title: Any) -> Item:
    return _item(row.case, f"{text(title)} ¥{row.approved_total or row.total:,.2f}", None, row.get_absolute_url())


def _to_review(people: Sequence[int]) -> QuerySet[Settlement]:
    mine = Concern.objects.filter(person_id__in=people, role="reviewer").values("record_id")
    return _plans(Settlement.objects.filter(case_id__in=mine, authority="oa", reviewed_at=None, status__in=LIVE))


def _to_look_over(actor: Any, at: dt.datetime) -> list[Item]:
    """Surveys that wait for a second person (CC-D7), and for CS the reports on what specialists decided alone (CC-W1.5)."""
    limit, is_reader = limits_at(at).two_person_amount, actor.holds("cs")
    standing, mine = Standing.of(actor), {f"own_{n}": pk for n, pk in enumerate(sorted(people(actor)))}

    def build(**ids: int) -> QuerySet[Case]:
        return _looked_over(standing.with_ids(ids), [ids[name] for name in mine], limit, is_reader=is_reader)

    ids = standing.ids | mine
    shape = ("claims.look_over", standing.shape, tuple(mine), limit, is_reader)
    rows = compiled.for_shape(shape, lambda: compiled.Compiled(build, **compiled.samples(ids)))(**ids)
    return [_look_over(case, is_reader=is_reader) for case in rows]


def _looked_over(standing: Standing, mine: Sequence[int], limit: Decimal, *, is_reader: bool) -> QuerySet[Case]:
    surveyed = Case.objects.filter(status__in=[S.SURVEYED, S.REGISTERED, S.ASSESSED], survey__confirmed_by=None)
    surveyed = surveyed.exclude(handler_id__in=mine).filter(Q(payable__gt=limit) | Q(payable=None, estimate__gt=limit))
    unread = Settlement.objects.filter(reported_at__isnull=False, report_acknowledged_at=None, status__in=LIVE)
    newest = unread.filter(case_id=OuterRef("pk")).order_by("-seq")
    keys = surveyed.order_by().values("pk")
    if is_reader:
        # A union, for each half stands on an index of its own.
        keys = keys.union(unread.values("case_id"))
    rows = Case.objects.seen_from(standing).filter(pk__in=keys).select_related("record", "customer", "unit")
    rows = rows.annotate(
        unread=Subquery(newest.values("record_id")[:1], output_field=UUIDField()),
        unread_total=Subquery(newest.values("approved_total")[:1]),
    )
    return rows.only(*LINE).order_by("pk")[:MOST]


def _look_over(case: Any, *, is_reader: bool) -> Item:
    if not (is_reader and case.unread):
        return _item(case, _("复核勘察"), None)
    title = _("确认专员自行决定的理赔报告")
    return _item(case, f"{text(title)} ¥{case.unread_total:,.2f}", None, f"/settlements/{case.unread}/")


WAITING = {
    S.ALERTED: _("等专员确认受理"),
    S.SETTLED: _("等四方签字"),
    S.SIGNED: _("等付款和客户评价"),
}


def waiting(actor: Any, at: dt.datetime) -> list[Item]:
    """What others have to do on my cases, and the alerts that I sent and nobody has taken yet."""
    if actor.person_id is None:
        return []
    return [item for case in _mine(actor) if (item := _others_step(case, actor))]


def _others_step(case: Case, actor: Any) -> Item | None:
    is_mine = case.handler_id in people(actor)
    if case.status not in WAITING or is_mine == (case.status == S.ALERTED) or (is_mine and _own_step(case)):
        return None
    who = case.customer.name if case.customer else case.reporter
    if case.status == S.ALERTED:
        holder = case.handler.shown_name if case.handler else ""
        return Item(
            WAITING[S.ALERTED], case.get_absolute_url(), case.record.number or "", case.acknowledge_due_at, who, holder
        )
    if not is_mine:
        return None
    due = case.plan_due if case.status == S.SETTLED else None  # type: ignore[attr-defined]
    title = _("等客户评价") if case.status == S.SIGNED and not is_owed(case) else WAITING[S(case.status)]
    return Item(title, case.get_absolute_url(), case.record.number or "", due, who)


def _scope(actor: Any) -> tuple[Standing, str, str] | None:
    """What a post's figures count: as whom (or by which column of the case alone), and the address of the list."""
    if actor.holds("gm", "cs", "dgm"):
        return Standing.of(actor), "", "/cases/?open=on"
    if actor.holds("hs", "ls"):
        departments = {s.department_id for s in actor.seats if s.post in ("hs", "ls") and s.department_id}
        return Standing(departments=tuple(sorted(departments))), "department_id", "/cases/?open=on"
    if actor.holds("oa", "sl"):
        units = {s.unit_id for s in actor.seats if s.post in ("oa", "sl")}
        return Standing(units=tuple(sorted(units))), "unit_id", "/cases/?open=on"
    if actor.holds("cc"):
        return Standing(people=tuple(sorted(people(actor)))), "handler_id", "/cases/?open=on&mine=on"
    return None


def _halves(standing: Standing, column: str, month: dt.datetime) -> QuerySet[Any, Any]:
    """Two halves of one statement, each on its own index: one condition for both would read every case."""
    rows = Case.objects.seen_from(standing)
    if column:
        rows = Case.objects.filter(**{f"{column}__in": list(standing.ids.values())})
    is_open = rows.filter(status__in=OPEN).values(half=Value("open")).annotate(
        n=Count("*"), days=Value(None, FloatField()), score=Value(None, FloatField())
    )  # fmt: skip
    done = rows.filter(closed_at__gte=month).values(half=Value("done")).annotate(
        n=Count("*"), days=Avg(DaysBetween("reported_at", "closed_at")), score=Avg("satisfaction")
    )  # fmt: skip
    wanted = ("half", "n", "days", "score")
    return is_open.values_list(*wanted).union(done.values_list(*wanted), all=True)


def figures(actor: Any, at: dt.datetime) -> list[Figure]:
    """Open and closed this month, days from report to end, and how content the customers are."""
    scope = _scope(actor)
    if scope is None:
        return []
    standing, column, url = scope
    today = clock.local_date(at)
    ids, month = standing.ids, clock.day_start(today.replace(day=1))

    def build(month: dt.datetime, **ids: int) -> QuerySet[Any, Any]:
        return _halves(standing.with_ids(ids), column, month)

    given = {"month": month, **ids}
    asked = compiled.for_shape(
        ("claims.figures", standing.shape, column), lambda: compiled.Compiled(build, **compiled.samples(given))
    )
    found_halves = {
        half: {"n": n, "days": days, "score": score}
        for half, n, days, score in (asked(**given) if ids or not column else ())
    }
    nothing: dict[str, Any] = {"n": 0, "days": None, "score": None}
    is_open, done = found_halves.get("open", nothing)["n"], found_halves.get("done", nothing)
    found = [
        Figure(_("未结案件"), is_open, url=url),
        Figure(
            _("本月结案"), done["n"], url=f"/cases/?status=closed&from_on={(today - dt.timedelta(days=60)).isoformat()}"
        ),
    ]
    if done["days"] is not None:
        found.append(Figure(_("平均办理天数"), f"{done['days']:.1f}", kind="text", note=_("本月结案的")))
    if done["score"] is not None:
        found.append(
            Figure(
                _("客户满意度"),
                f"{done['score']:.1f}",
                kind="text",
                note=_("本月结案的，满分 5"),
                tone="green" if done["score"] >= 4.5 else "amber",
            )
        )
    return found
