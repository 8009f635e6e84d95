"""Year-end summaries, and administration's look at every department's plans (AM-D5, D-AM-07, D-AM-14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Unit
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.planning import queries, rules
from zhangfa.planning.actions.plan import _seat_for, _unit_for, take_turns
from zhangfa.planning.models import Level, Summary
from zhangfa.planning.permissions import check_plans, make_plans
from zhangfa.records.actions import assign_number, concern, open_record, publish, send_copies
from zhangfa.records.models import Publication

CLAUSE = rules.CLAUSE
FORM, CHECK_FORM, YEAR_FORM = "NZ", "JJ", "NH"
CHECK, YEAR = "plan_check", "plan_year"
LAST_MONTH = 12


def summarise(
    *, level: str, year: int, text: str, next_plan: str, by: Actor, at: dt.datetime, problems: str = ""
) -> Summary:
    """One's own year or one's department's: drawn from the plans as they stand, frozen when handed in."""
    demand(make_plans(by=by, at=at))
    seat = _seat_for(level, by) if level != Level.COMPANY else None
    demand(_refuse_summary(level, year, text, next_plan, seat, at))
    assert seat is not None and by.person_id is not None
    unit = _unit_for(level, seat)
    with work():
        take_turns(level, unit, by.person_id)
        demand(_refuse_second(level, year, unit, by.person_id))
        record = open_record(FORM, unit=unit, by=by, at=at, title=str(year), retention="R4")
        summary = Summary(
            record=record, level=level, year=year, unit=unit, department_id=unit.department_id, seat_id=seat.id,
            person_id=by.person_id, figures=queries.year_figures(level, year, unit, by.person_id), text=text, problems=problems,
            next_plan=next_plan, written_at=at,
        )  # fmt: skip
        summary.save(force_insert=True)
        record.url = summary.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, by.person_id, "handler")
        assign_number(record, at=at)
        announce(
            "planning.summary.handed_in", summary, by=by, at=at, label=_("提交年终总结"), record_id=record.pk, clause=CLAUSE,
            is_new=True, codes={"level": level, "year": year, "unit": unit.pk},
        )  # fmt: skip
        return summary


def _refuse_summary(level: str, year: int, text: str, next_plan: str, seat: Any, at: dt.datetime) -> Iterator[Refusal]:
    today = clock.local_date(at)
    if seat is None:
        yield Refusal("summary.level", _("部门总结由部门经理提交，个人总结由本人提交。"), {}, CLAUSE, "level")
        return
    if year > today.year or (year == today.year and today.month < LAST_MONTH):
        yield Refusal("summary.early", _("年终总结从当年 12 月起提交。"), {}, CLAUSE, "year")
    if len(text.strip()) < rules.REASON_LENGTH:
        yield Refusal("summary.text", _("请写明一年的成绩和差距。"), {}, CLAUSE, "text")
    if len(next_plan.strip()) < rules.REASON_LENGTH:
        yield Refusal("summary.next", _("请写明下年打算。"), {}, CLAUSE, "next_plan")


def _refuse_second(level: str, year: int, unit: Unit, person_id: int) -> Iterator[Refusal]:
    rows = Summary.objects.filter(level=level, year=year).select_related("person")
    first = rows.filter(person_id=person_id).first() if level == Level.PERSON else rows.filter(unit=unit).first()
    if first is not None:
        name = first.person.shown_name
        yield Refusal("summary.taken", _("这一年的总结已由%(name)s提交。"), {"name": name}, CLAUSE, "year")


def check_month(*, month: dt.date, remarks: Mapping[int, str], by: Actor, at: dt.datetime) -> Publication:
    """Every department's plan of the month with administration's remark on each; what has no plan is said (D-AM-07)."""
    demand(check_plans(by=by, at=at))
    period, _first, _last = rules.period_of(rules.MONTHLY, month)
    rows = queries.departments_in(rules.MONTHLY, period)
    demand(_refuse_check(rows, remarks, month, at))
    figures = {
        "rows": [
            {
                "unit": unit.pk, "name": unit.name, "number": (plan.record.number or "") if plan else "",
                "plan": str(plan.pk) if plan else "", "status": plan.status if plan else "", "pct": str(plan.pct) if plan else "",
                "remark": remarks[unit.pk].strip(),
            }
            for unit, plan in rows
        ]
    }  # fmt: skip
    return _publish(
        CHECK, CHECK_FORM, period, figures, _("各部门工作计划检查"), f"/plans/checks/{period}/", "checked", by, at
    )


def _refuse_check(rows: Any, remarks: Mapping[int, str], month: dt.date, at: dt.datetime) -> Iterator[Refusal]:
    if month.replace(day=1) > clock.local_date(at):
        yield Refusal("check.early", _("这个月还没有开始。"), {}, CLAUSE)
    missing = [unit.shown_name for unit, _plan in rows if len((remarks.get(unit.pk) or "").strip()) < rules.TEXT_LENGTH]
    if missing:
        yield Refusal(
            "check.remark",
            _("请写明对每个部门计划的检查意见，还缺：%(names)s。"),
            {"names": "、".join(missing)},
            CLAUSE,
        )


def close_year(*, year: int, by: Actor, at: dt.datetime) -> Publication:
    """The summaries of every department are in: administration closes the year (D-AM-14)."""
    demand(check_plans(by=by, at=at))
    rows = queries.summaries_in(year)
    demand(rules.refuse_collection(missing=[unit.shown_name for unit, summary in rows if summary is None]))
    figures = {
        "rows": [
            {"unit": unit.pk, "name": unit.name, "number": summary.record.number, "summary": str(summary.pk), "pct": summary.figures["pct"]}
            for unit, summary in rows
            if summary is not None
        ]
    }  # fmt: skip
    return _publish(
        YEAR, YEAR_FORM, str(year), figures, _("年终总结汇总"), f"/plans/years/{year}/", "year_closed", by, at
    )


def _publish(
    kind: str,
    form: str,
    period: str,
    figures: dict[str, Any],
    title: str,
    url: str,
    event: str,
    by: Actor,
    at: dt.datetime,
) -> Publication:
    with work():
        unit = Unit.objects.get(kind=Unit.Kind.COMPANY)
        paper = publish(
            kind,
            period=period,
            figures=figures,
            policy={},
            form_code=form,
            unit=unit,
            by=by,
            at=at,
            title=f"{title} {period}",
            url=url,
        )
        seats = [seat.pk for seat in seats_with_post("gm")]
        people = {person.pk for found in holders(seats, at).values() for person in found} - {by.person_id}
        send_copies(paper.record, sorted(people), by=by, at=at)
        announce(
            f"planning.plan.{event}", paper.record, by=by, at=at, label=title, record_id=paper.record_id, clause=CLAUSE,
            codes={"period": period, "revision": paper.revision},
        )  # fmt: skip
        return paper
