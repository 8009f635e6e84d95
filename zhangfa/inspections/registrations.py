"""What inspections lend to the house: figures read, notices, papers, menu, statuses, what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat, Substr
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.core.periods import week_of
from zhangfa.core.text import _
from zhangfa.duties.models import Occurrence
from zhangfa.inspections import forms_of_record, leaving, merits, patterns, permissions, rules, weeks
from zhangfa.inspections.actions.findings import LIMITS
from zhangfa.inspections.models import Finding, Inspection, Inspector, Problem, Sheet
from zhangfa.inspections.models.inspection import people_of
from zhangfa.inspections.web import findings, inspections, problems, sheets
from zhangfa.inspections.web.results import tenths
from zhangfa.meetings import registry as meetings
from zhangfa.meetings.registry import Line
from zhangfa.notices import registry as notices
from zhangfa.policy import registry as policy
from zhangfa.ui import menu, registry
from zhangfa.ui.registry import Item, Result

NOTICES: Mapping[str, str] = {
    "inspections.appointed": _("您是检查 %(number)s 的检查人，检查日期 %(day)s，请看清单。"),
    "inspections.announced": _("%(day)s 将检查您所在的单位（%(number)s），事先通知的科目有 %(count)s 项，请做好准备。"),
    "inspections.started": _("检查 %(number)s 已在您的单位开始。"),
    "inspections.shown": _("您的受检表 %(number)s 得分 %(score)s，请看过后签字；不同意可以提出异议。"),
    "inspections.signed_at_hand": _(
        "您的姓名由 %(name)s 的手机签在受检表 %(number)s 上。如果不是您本人签的，请马上提出异议。"
    ),
    "inspections.ruled": _("您对受检表 %(number)s 的异议已处理，请查看。"),
    "inspections.ordered": _("有一项整改 %(number)s 由您负责，期限 %(due)s。"),
    "inspections.found": _("检查发现%(unit)s有一项问题，整改 %(number)s 由%(name)s负责，期限 %(due)s。"),
    "inspections.rectified": _("整改 %(number)s 已完成，请复查。"),
    "inspections.closed": _("整改 %(number)s 复查合格，已关闭。"),
    "inspections.rejected": _("整改 %(number)s 复查不合格，请在 %(due)s 前重新整改。"),
    "inspections.finding": _("%(week)s 这一周您填写的表单有 %(count)s 张需要说明情况，请查看。"),
    "inspections.finding_ruled": _("%(week)s 这一周的表单情况已核实，请查看。"),
}
ORDERED = "D-X-12"
LIST = [("inspections:list", _("检查与抽查"))]


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(*LIMITS.values(), "inspection.publication", "spotcheck.rhythm")
    policy.serves(
        "AM-W3",
        policy.WORKS,
        [*LIST, ("inspections:weeks", _("执行制度情况总结")), ("inspections:results", _("岗位人员执行制度情况"))],
    )
    policy.serves("HS-W1.6", policy.WORKS, [*LIST, ("inspections:problems", _("整改事项"))])
    policy.serves(
        "HS-W1.9", policy.WORKS, [("inspections:findings", _("表单质量")), ("inspections:merits", _("奖惩意见"))]
    )
    rewards = [("inspections:merits", _("奖惩意见")), ("inspections:problems", _("整改事项"))]
    policy.serves("HS-D4", policy.WORKS, [*rewards, ("meetings:list", _("会议")), ("regulations:list", _("制度"))])
    policy.serves("LS-D8", policy.PARTIAL, rewards)
    policy.serves("CC-D7", policy.WORKS, [("inspections:patterns", _("案件规律统计"))])
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    forms_of_record.register()
    merits.register()
    registry.statuses.add("inspections.inspection.status", inspections.STATUSES)
    registry.statuses.add("inspections.sheet.status", sheets.STATUSES)
    registry.statuses.add("inspections.problem.status", problems.STATUSES)
    registry.statuses.add("inspections.finding.status", findings.STATUSES)
    registry.search.add("inspections", search, label=lazy("检查"), order=60)
    registry.todo.add("inspections", todo, label=lazy("检查与整改"), order=30, url="inspections:list", below="checks")
    meetings.figures("inspections", weekly, order=40)
    leaving.offer_problems()
    _menu()


def _menu() -> None:
    read, weeks = permissions.read_inspections, permissions.read_weeks
    entries = (
        ("inspections", lazy("检查与抽查"), "inspections:list", "clipboard-check", read, 40),
        ("problems", lazy("整改事项"), "inspections:problems", "tool", read, 41),
        ("results", lazy("执行制度情况"), "inspections:results", "user-check", read, 42),
        ("weeks", lazy("执行制度情况总结"), "inspections:weeks", "report", weeks, 43),
        ("findings", lazy("表单质量"), "inspections:findings", "file-search", permissions.read_findings, 44),
        ("patterns", lazy("案件规律统计"), "inspections:patterns", "chart-dots", patterns.read_patterns, 45),
    )
    for key, label, url, icon, permission, order in entries:
        menu.register(key, label, url, icon=icon, permission=permission, order=order, group="governance")


def weekly(unit: Any, first: dt.date, last: dt.date, at: dt.datetime) -> list[Line]:
    """What the weekly meeting hears: right answers of each department, and how many of the week's orders are closed."""
    drawn = weeks.draw(week_of(first))
    rows = [
        row for row in drawn["rows"] if row["people"] and unit.pk in (row["department"], unit.department_id or unit.pk)
    ]
    if unit.kind == "company":
        rows = [row for row in drawn["rows"] if row["people"]]
    lines = [
        Line(_("制度执行答对率"), tenths(row["rate"]), row["name"], tenths(row["last_rate"]) or None, "pct")
        for row in rows
    ]
    counted = weeks.closing(week_of(first))
    if unit.kind == "company" and counted["all"]:
        rate = tenths(rules.share(counted["closed"], counted["all"]))
        lines.append(Line(_("上周整改完成率"), rate, kind="pct"))
    return lines


def search(actor: Any, q: str, at: dt.datetime) -> list[Result]:
    """Inspections by number or unit."""
    rows = Inspection.objects.visible_to(actor).search(q).select_related("record", "unit").order_by("-pk")
    return [
        Result(
            row.unit.shown_name,
            row.get_absolute_url(),
            row.number,
            inspections.STATUSES[row.status].label,
            row.get_kind_display(),
        )
        for row in rows[: registry.LIMIT]
    ]


def todo(actor: Any, at: dt.datetime) -> list[Item]:
    """Visits to make, orders to carry out or to look at again, forms to explain, objections to decide: one read for all."""
    people = people_of(actor)
    if not people:
        return []
    S, P = Inspection.Status, Problem.Status
    visits = Inspection.objects.filter(
        pk__in=Inspector.objects.filter(person_id__in=people).values("inspection_id"), status__in=(S.ISSUED, S.STARTED)
    )
    seats = [seat.id for seat in actor.seats]
    owed = Problem.objects.filter(
        Q(owner_id__in=people, status=P.OPEN) | Q(seat_id__in=seats, status=P.OPEN)
        | Q(ordered_by_id__in=people, status=P.DONE) | Q(orderer_seat_id__in=seats, status=P.DONE)
    )  # fmt: skip
    # What a duty of theirs reminds of already isn't said twice.
    said = Occurrence.objects.open().filter(
        subject_key=Concat(Value("inspections.problem:"), Cast(OuterRef("pk"), TextField())), duty__code=ORDERED,
        seat_id__in=seats,
    )  # fmt: skip
    owed = owed.exclude(Exists(said))
    mine = Finding.objects.filter(person_id=actor.person_id, status=Finding.Status.OPEN)
    parts = [
        _part(visits, "visit", F("unit__name"), F("record__number"), F("planned_on"), more=F("unit__name_en")),
        _part(owed, "problem", Substr("issue", 1, 40), NOTHING, F("due_on"), more=F("status")),
        _part(mine, "finding", F("kind"), NOTHING, NO_DAY),
    ]
    explained = _explained(actor)
    if explained is not None:
        parts.append(_part(explained, "explained", F("kind"), NOTHING, NO_DAY))
    if actor.holds(*permissions.RULERS):
        contested = Sheet.objects.filter(status=Sheet.Status.OBJECTED).exclude(person_id=actor.person_id)
        parts.append(_part(contested, "sheet", NOTHING, F("record__number"), NO_DAY))
    rows = parts[0].union(*parts[1:], all=True).order_by("w_due", "w_key")
    return [_item(*row) for row in rows[: 2 * registry.LIMIT]]


def _explained(actor: Any) -> Any:
    """What people said about their forms and nobody has looked at: the heads those of their departments, administration all (HS-W1.9)."""
    rows = Finding.objects.filter(status=Finding.Status.OBJECTED).exclude(person_id__in=people_of(actor))
    if actor.holds("am"):
        return rows
    departments = [s.department_id or s.unit_id for s in actor.seats if s.post in permissions.HEADS]
    return rows.filter(department_id__in=departments) if departments else None


NOTHING = Value("", output_field=TextField())
NO_DAY = Cast(Value(None), DateField())
NAMES = ("w_kind", "w_key", "w_text", "w_more", "w_number", "w_due")


def _part(rows: Any, kind: str, text: Any, number: Any, due: Any, *, more: Any = NOTHING) -> Any:
    key = Cast("pk", TextField())
    return (
        rows.order_by()
        .annotate(w_kind=Value(kind), w_key=key, w_text=text, w_more=more, w_number=number, w_due=due)
        .values_list(*NAMES)
    )


def _item(kind: str, key: str, text: str, more: str, number: str, due: dt.date | None) -> Item:
    due_at = clock.day_start(due + dt.timedelta(days=1)) if due else None
    if kind == "visit":
        name = more if more and (get_language() or "").startswith("en") else text
        return Item(
            gettext("检查：%(unit)s") % {"unit": name},
            reverse("inspections:inspection", args=[UUID(key)]),
            number,
            due_at,
        )
    if kind == "finding":
        label = Finding.Kind(text).label
        return Item(
            gettext("说明表单情况：%(kind)s") % {"kind": label}, reverse("inspections:finding", args=[int(key)])
        )
    if kind == "explained":
        label = Finding.Kind(text).label
        return Item(
            gettext("核实表单情况说明：%(kind)s") % {"kind": label}, reverse("inspections:finding", args=[int(key)])
        )
    if kind == "sheet":
        return Item(gettext("处理受检表异议"), reverse("inspections:sheet", args=[UUID(key)]), number)
    url, shown = reverse("inspections:problem", args=[int(key)]), f"ZG{int(key):06d}"
    if more == Problem.Status.DONE:
        return Item(gettext("复查整改：%(issue)s") % {"issue": text}, url, shown)
    return Item(gettext("整改：%(issue)s") % {"issue": text}, url, shown, due_at)
