"""The last weeks of inspections and spot checks of the invented company, by the real actions; the newest is still to be made."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.periods import week_of
from zhangfa.inspections import actions, queries
from zhangfa.inspections.models import Inspection, Problem, Sheet
from zhangfa.inspections.rules import WEEK
from zhangfa.organisation.actor import Actor, actor_for_person, system_actor
from zhangfa.organisation.models import Absence, Grade, Holding, Person, Seat, Unit
from zhangfa.records.actions import receive_copy, sign
from zhangfa.records.models import Signature

WEEKS, COUNTED_WEEKS = 5, 2
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SAID = {
    "correct": (
        "先向客户问好，说明今天的服务内容，再请客户确认。",
        "当天填表，当天交，先给主管看。",
        "损坏先拍照，马上报专员，不私下赔。",
    ),
    "partly": ("大概知道，先做再登记。", "要填表，时间记不清了。"),
    "wrong": ("没有回答。", "这个我没有学过。"),
}
OUTLINES = ("查服务流程、安全用语和三大承诺", "查档案登记是否当天、回访是否真实", "查出勤、工具和公示牌")
ISSUES = (
    ("部分服务员讲不清三大承诺", "周内组织复述一遍，逐人过关"),
    ("档案登记表有两天没有当天填写", "每天下班前由管理员核对一次"),
    ("清洁剂没有按类别存放", "按公司图示重新摆放并贴标签"),
)


class Player:
    """Who acts when: the first person present in a post."""

    def __init__(self, seed: int, at: dt.datetime):
        self.rng, self.end = random.Random(f"{seed}:inspections"), at

    def holder(self, post: str, at: dt.datetime, unit: int | None = None) -> Person | None:
        away = Absence.objects.filter(cancelled_at=None, from_at__lte=at, to_at__gt=at).values("person_id")
        held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id=post, seat__is_active=True)
        if unit is not None:
            held = held.filter(seat__unit_id=unit)
        row = held.exclude(person_id__in=away).select_related("person").order_by("pk").first()
        return row.person if row else None

    def post(self, post: str, at: dt.datetime, unit: int | None = None) -> Actor | None:
        person = self.holder(post, at, unit)
        return actor_for_person(person, at) if person else None


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Five weeks of each, and a look at the last weeks' forms. Returns how many inspections."""
    player = Player(seed, at)
    newest = week_of(clock.local_date(at))
    outlets = list(Unit.objects.filter(kind=Unit.Kind.OUTLET, is_active=True).order_by("pk")[:12])
    departments = Seat.objects.filter(post_id="hs", is_active=True).order_by("pk").values_list("unit_id", flat=True)
    home, *others = [[unit for unit in outlets if unit.department_id == pk] for pk in departments] or [[]]
    if not home:
        return 0
    for back in range(WEEKS, -1, -1):
        monday = newest - back * WEEK
        for n, (kind, post, weekday) in enumerate((("inspection", "am", 1), ("spot_check", "hs", 2))):
            start = clock.day_start(monday + weekday * DAY) + 9 * HOUR + n * HOUR
            if start < at:
                _visit(player, home[(back * 2 + n) % len(home)], kind, post, start, is_open=back == 0)
        for further in others:
            # The head of every other department, too, goes and looks.
            start = clock.day_start(monday + 3 * DAY) + 10 * HOUR
            if further and start < at:
                _visit(player, further[back % len(further)], "spot_check", "hs", start, is_open=False)
        if back:
            _publish(player, monday)
    for back in range(COUNTED_WEEKS, 0, -1):
        when = clock.day_start(newest - (back - 1) * WEEK) + 4 * HOUR
        if when <= at:
            actions.draw_week(newest - back * WEEK, by=system_actor("inspections", when), at=when)
    return Inspection.objects.count()


def _visit(player: Player, unit: Unit, kind: str, post: str, start: dt.datetime, *, is_open: bool) -> None:
    """A list drawn up the day before, one or two people asked, something to put right."""
    rng, before = player.rng, start - 20 * HOUR
    planner = player.post(post, before, unit.department_id if kind == "spot_check" else None)
    if planner is None:
        return
    row = actions.plan(
        kind=kind, unit=unit, planned_on=clock.local_date(start), outline=rng.choice(OUTLINES), by=planner, at=before
    )
    posts = ["oa", "sw"]
    row = actions.draw_questions(row, posts=posts, count=3, by=planner, at=before)
    if kind == "inspection":
        row = actions.draw_questions(row, posts=posts, count=1, is_announced=True, by=planner, at=before)
        centre = Unit.objects.filter(seats__post_id="cs", seats__is_active=True).order_by("pk").first()
        try:
            row = actions.draw_inspectors(row, department=centre, count=2, by=planner, at=before)
        except Refused:
            row = actions.appoint(row, person=player.holder("hr", before), by=planner, at=before)
    row = actions.issue(row, by=planner, at=before + HOUR)
    goes = row.inspectors.select_related("person").order_by("pk").first()
    if is_open or goes is None:
        return
    by = actor_for_person(goes.person, start)
    row = actions.start(row, by=by, at=start)
    asked = [
        p for p, seat in queries.may_be_asked(unit, start) if seat.post.grade >= Grade.WORKER and p.pk != goes.person_id
    ][:2]
    for n, person in enumerate(asked):
        _ask(player, row, person, by, start + (n + 1) * dt.timedelta(minutes=40))
    later = start + 3 * HOUR
    _order(player, row, asked, by, later)
    actions.finish(
        row, comment="总体较好，个别要求讲不清。", recheck_on=clock.local_date(start) + 14 * DAY, by=by, at=later
    )


def _ask(player: Player, row: Inspection, person: Person, by: Actor, at: dt.datetime) -> None:
    actions.open_sheet(row, person=person, by=by, at=at)
    sheet = Sheet.objects.select_related("record", "inspection").get(inspection=row, person=person)
    for answer in sheet.answers.order_by("no"):
        verdict = player.rng.choices(("correct", "partly", "wrong"), (70, 20, 10))[0]
        points = {"correct": 0, "partly": 5, "wrong": 10}[verdict]
        words = player.rng.choice(SAID[verdict])
        actions.record_answer(sheet, id=answer.pk, answer=words, verdict=verdict, deduction=points, by=by, at=at)
    more: dict[str, Any] = {}
    if row.is_spot:
        more = {
            "schedule_match": "match",
            "profile_samples": "抽 3 份档案，与客户核对一致。",
            "follow_up_samples": "抽 3 次回访，客户都接到过电话。",
        }
    sheet = actions.write_up(
        sheet, comment="基本掌握，按要求改进。", by=by, at=at + 10 * dt.timedelta(minutes=1), **more
    )
    at += 15 * dt.timedelta(minutes=1)
    sheet = actions.hand_in(sheet, by=by, at=at)
    for signature in (
        Signature.objects.filter(record_id=sheet.pk, state=Signature.State.WAITING)
        .select_related("signer")
        .order_by("order")
    ):
        signer = signature.signer
        if signer is not None and hasattr(signer, "user"):
            sign(sheet.record, role=signature.role, by=actor_for_person(signer, at), at=at, is_verified=True)


def _order(player: Player, row: Inspection, asked: list[Person], by: Actor, at: dt.datetime) -> None:
    """One order each; those of earlier weeks are carried out and looked at again."""
    owner = next((p for p in asked if p.kind == Person.Kind.STAFF), None)
    if owner is None:
        return
    issue, measure = player.rng.choice(ISSUES)
    due = clock.local_date(at) + 5 * DAY
    urgency = player.rng.choice(Problem.Urgency.values)
    actions.order_problem(
        row, issue=issue, measure=measure, owner=owner, due_on=due, urgency=urgency, recheck_on=due + DAY, by=by, at=at
    )
    problem = Problem.objects.filter(inspection=row).latest("pk")
    done_at = at + 4 * DAY
    if done_at + DAY > player.end:
        return
    problem = actions.finish_rectifying(
        problem, note="已按要求整改，照片已留存。", by=actor_for_person(owner, done_at), at=done_at
    )
    if player.rng.random() < 0.8:
        actions.close(
            problem,
            note="现场复查，符合要求。",
            by=actor_for_person(Person.objects.get(pk=by.person_id), done_at),
            at=done_at + DAY,
        )


def _publish(player: Player, monday: dt.date) -> None:
    """The week's table: a department praised or criticised, published on the Monday after."""
    at = clock.day_start(monday + WEEK) + 10 * HOUR
    by = player.post("am", at)
    department = Unit.objects.filter(seats__post_id="hs", seats__is_active=True).order_by("pk").first()
    if by is None or department is None or at > player.end:
        return
    kind = player.rng.choice(("praise", "criticism"))
    reason = {"praise": "回答完整，登记及时。", "criticism": "三大承诺讲不清的人较多。"}[kind]
    actions.remark(monday, kind=kind, unit=department, reason=reason, by=by, at=at - HOUR)
    paper = actions.publish_week(monday, proposal="下周例会统一讲一遍赔付流程。", by=by, at=at)
    for copy in paper.record.copies.select_related("record", "person")[:4]:
        receive_copy(copy, by=actor_for_person(copy.person, at + HOUR), at=at + HOUR)
