"""The week's table of the departments (F09, RPT-23) and the month's results per person (RPT-04), frozen and sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.periods import month_after
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.inspections import queries, results, rules, weeks
from zhangfa.inspections.actions import problem as problems
from zhangfa.inspections.models import Problem, Remark, Sheet
from zhangfa.inspections.permissions import publish_weeks
from zhangfa.meetings.queries import weekly
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.models import Grade, Person, Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.records.actions import copy_to, publish
from zhangfa.records.models import Publication

CLAUSE = rules.INSPECTIONS
WEEKLY, MONTHLY = "RPT-23", "RPT-04"
F09, RESULTS = "F09", "YHB"


def remark(
    week_on: dt.date,
    *,
    kind: str,
    unit: Unit,
    reason: str,
    sheet: Sheet | None = None,
    ground: str = "",
    by: Actor,
    at: dt.datetime,
) -> Remark:
    """Praise or criticise a department for the week; a person only on a ground and after they saw their own sheet (A-57)."""
    with work():
        demand(publish_weeks(by=by, at=at))
        demand(_refuse_week(week_on))
        demand(
            rules.refuse_remark(
                reason=reason,
                names_person=sheet is not None,
                ground=ground,
                was_shown=sheet is not None and queries.was_shown(sheet),
            )
        )
        row = Remark.objects.create(
            week_on=week_on,
            kind=kind,
            unit=unit,
            sheet=sheet,
            ground=ground,
            reason=reason,
            made_by_id=by.person_id,
            made_at=at,
        )
        announce(
            "inspections.remark.made", row, by=by, at=at, label=_("表扬或批评"), clause=CLAUSE, is_new=True,
            codes={"kind": kind, "unit": unit.pk, "sheet": str(sheet.pk) if sheet else None}, values={"reason": reason},
        )  # fmt: skip
        return row


def _refuse_week(week_on: dt.date) -> Iterator[Refusal]:
    if week_on.weekday() != 0:
        yield Refusal("week.monday", _("请给出一周的星期一。"), {}, CLAUSE, "week_on")
    if Publication.objects.filter(kind=WEEKLY, period=week_on.isoformat()).exists():
        yield Refusal("week.published", _("这一周的总结表已经公布，不能再改。"), {}, CLAUSE)


def drop_remark(row: Remark, *, by: Actor, at: dt.datetime) -> None:
    """Take a remark back before the table is published."""
    with work():
        demand(publish_weeks(by=by, at=at))
        demand(_refuse_week(row.week_on))
        announce(
            "inspections.remark.dropped",
            row,
            by=by,
            at=at,
            label=_("撤回表扬或批评"),
            clause=CLAUSE,
            values={"reason": row.reason},
        )
        row.delete()


def order_in_week(
    *,
    unit: Unit,
    issue: str,
    measure: str,
    urgency: str,
    owner: Person,
    due_on: dt.date,
    recheck_on: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
) -> Problem:
    """A department is ordered to strengthen something or to put it right at once, beside what inspections have found."""
    with work():
        demand(publish_weeks(by=by, at=at))
        demand(
            rules.refuse_order(
                issue=issue,
                measure=measure,
                due_on=due_on,
                recheck_on=recheck_on,
                today=clock.local_date(at),
                is_spot=False,
            )
        )
        return problems.order(
            inspection=None, sheet=None, unit=unit, issue=issue, measure=measure, owner=owner, due_on=due_on, urgency=urgency,
            recheck_on=recheck_on, by=by, at=at,
        )  # fmt: skip


def publish_week(week_on: dt.date, *, proposal: str, by: Actor, at: dt.datetime) -> Publication:
    """Freeze 《岗位人员执行公司制度情况汇总总结表》 and send it to the department managers and the GM (D-AM-03)."""
    demand(publish_weeks(by=by, at=at))
    demand(rules.refuse_publication(week_on=week_on, today=clock.local_date(at), proposal=proposal))
    with work():
        meeting = weekly(at).select_related("record").order_by("starts_at").first()
        told = {"number": meeting.record.number or "", "url": meeting.get_absolute_url()} if meeting else None
        figures = {**weeks.draw(week_on), "proposal": proposal, "meeting": told}
        paper = publish(
            WEEKLY, period=week_on.isoformat(), figures=figures, policy={}, form_code=F09, unit=Unit.objects.get(kind=Unit.Kind.COMPANY),
            by=by, at=at, title=f"{_('执行制度情况总结')} {week_on.isoformat()}", url=f"/inspections/weeks/{week_on.isoformat()}/", retention="R6",
        )  # fmt: skip
        _send(paper, Grade.DEPARTMENT_MANAGER, by=by, at=at)
        announce(
            "inspections.week.published", paper.record, by=by, at=at, label=_("公布执行制度情况总结表"), record_id=paper.record_id, clause=CLAUSE,
            codes={"week": week_on.isoformat(), "revision": paper.revision},
        )  # fmt: skip
        return paper


def _send(paper: Publication, grade: int, *, by: Actor, at: dt.datetime) -> None:
    seats = Seat.objects.filter(post__grade__gte=grade, is_active=True).values_list("pk", flat=True)
    copy_to(paper.record, [p.pk for people in holders(seats, at).values() for p in people], by=by, at=at)


def freeze_month(month: dt.date, *, by: Actor, at: dt.datetime) -> Publication:
    """Freeze everybody's results of a month that is over, for the appraisal; other figures later make a revision (RPT-04)."""
    demand(publish_weeks(by=by, at=at))
    demand(rules.refuse_month(ends=month_after(month), today=clock.local_date(at)))
    if month.day != 1:
        raise Refused([Refusal("month.first", _("请给出一个月的第一天。"), {}, CLAUSE, "month")])
    with work():
        paper = publish(
            MONTHLY, period=f"{month:%Y-%m}", figures=results.draw(month), policy={}, form_code=RESULTS,
            unit=Unit.objects.get(kind=Unit.Kind.COMPANY), by=by, at=at, title=f"{_('执行制度情况')} {month:%Y-%m}",
            url=f"/inspections/results/?month={month:%Y-%m}", retention="R1",
        )  # fmt: skip
        announce(
            "inspections.month.frozen", paper.record, by=by, at=at, label=_("固定当月执行制度情况"), record_id=paper.record_id, clause=CLAUSE,
            codes={"period": f"{month:%Y-%m}", "revision": paper.revision},
        )  # fmt: skip
        return paper


def freeze_due(at: dt.datetime) -> Publication | None:
    """Freeze the month that is over, once; administration may do it again after an objection was decided."""
    month = (clock.local_date(at).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    known = Publication.objects.filter(kind=MONTHLY, period=f"{month:%Y-%m}").exists()
    if known or not Sheet.objects.filter(checked_on__gte=month, checked_on__lt=month_after(month)).exists():
        return None
    return freeze_month(month, by=system_actor("inspections", at), at=at)
