"""The invented company's chart as a first version, descriptions of some posts, and a revision on its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhangfa.administration import actions
from zhangfa.administration.models import Revision, RevisionReader
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.organisation.actor import actor_for_person, system_actor
from zhangfa.organisation.models import Person, Post, Seat, Unit
from zhangfa.organisation.queries import holder_of

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TEXTS = {
    "cc": ("让每件投诉和事故有人负责到底，客户得到公正的答复。", "在章程限额内决定赔付方案。", "大专以上；两年以上客户服务经验；能写会算，处事公正。"),
    "oa": ("把一个网点的订单、服务员和客户管好。", "调度本网点服务员；处理限额以内的小额事故。", "高中以上；一年以上家政现场经验；熟悉周边小区。"),
    "hr": ("让人员的进出、假期、培训有章可循。", "受理请假登记；要求各部门按期补齐人事材料。", "大专以上；熟悉劳动合同法和社会保险。"),
}  # fmt: skip
# What an outlet's manager does; the starting text would copy what the department does with the outlets' help.
OWN = {
    "oa": {
        "duties": "受理本网点的订单和客户来访，当天录入。\n安排本网点服务员的排班和派工，随时知道每个人的去向。\n服务后按规定回访客户，走访客户并填写意见表。\n"
        "按时报送本网点的考勤、客户档案和费用单据。\n督促本网点服务员学习并遵守制度，发现问题当场指出。",
        "procedures": "接到损坏报告，先估损失：限额以内由网点当天处理，达到限额立即报话务员转专员。\n参加部门周例会，报告本周订单、投诉和任务完成情况。\n"
        "接受检查和抽查，对查出的问题按期整改并报复查。",
    }
}


def build(*, seed: int, scale: str, at: dt.datetime) -> int:
    """Two months ago the chart became version 1; three posts have descriptions; an outlet is about to be opened. Returns how many papers."""
    people = {post: _holder(post, at) for post in ("am", "hr", "dgm", "gm")}
    if not all(people.values()):
        return 0
    then = clock.day_start(clock.local_date(at) - dt.timedelta(days=60)) + 9 * HOUR
    first = actions.draft_chart_revision(
        title="组织机构第一版", reason="按现状定版，此后的修改都经审核和批准", effective_on=clock.local_date(then + DAY), by=_actor(people["hr"], then), at=then
    )  # fmt: skip
    _through(first, people, then)
    for code, (purpose, powers, requirements) in TEXTS.items():
        post = Post.objects.get(pk=code)
        row = actions.draft_post_revision(
            post=post, title=f"{post.name}岗位说明", reason="按岗位手册整理成文", effective_on=clock.local_date(then + DAY),
            by=_actor(people["hr"], then), at=then,
        )  # fmt: skip
        given = {name: text for name, text in row.description.texts().items() if name != "superior"}
        texts = {**given, "purpose": purpose, "powers": powers, "requirements": requirements, **OWN.get(code, {})}
        actions.describe(row, superior=row.description.superior, **texts, by=_actor(people["hr"], then), at=then)
        _through(row, people, then)
    actions.bring_into_force(by=system_actor("administration", then + DAY), at=then + DAY)
    RevisionReader.objects.filter(revision__status=Revision.Status.IN_FORCE, pk__gt=0).exclude(pk__in=_latest()).update(
        read_at=then + DAY
    )
    _running(people, at)
    return 2 + len(TEXTS)


def _latest() -> list[int]:
    """The last few still owe their receipt."""
    return list(RevisionReader.objects.order_by("-pk").values_list("pk", flat=True)[:3])


def _running(people: dict[str, Any], at: dt.datetime) -> None:
    """A new outlet, drafted yesterday and waiting for its review."""
    home = Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, seats__post_id="hs", is_active=True).order_by("pk").first()
    above = Seat.objects.filter(post_id="sup", unit__department=home, is_active=True).order_by("pk").first()
    if home is None or above is None:
        return
    then = at - DAY
    by = _actor(people["hr"], then)
    row = actions.draft_chart_revision(
        title="新设滨江网点", reason="滨江片新交付三个小区，现有网点路程太远", effective_on=clock.local_date(at) + dt.timedelta(days=14), by=by, at=then
    )  # fmt: skip
    actions.open_unit(
        row, unit_kind="outlet", code="BJ01", name="滨江网点", name_en="Riverside outlet", parent=home, by=by, at=then
    )
    actions.add_seat(row, post=Post.objects.get(pk="oa"), new_unit=1, above=above, by=by, at=then)
    actions.add_seat(row, post=Post.objects.get(pk="sw"), new_unit=1, new_above=2, by=by, at=then)
    actions.submit(row, by=by, at=then)


def _through(row: Revision, people: dict[str, Any], at: dt.datetime) -> None:
    actions.submit(row, by=_actor(people["hr"], at), at=at)
    for number, post in enumerate(("am", "gm"), 1):
        step = Step.objects.get(record_id=row.pk, state=Step.State.WAITING)
        decide(step, result="agree", by=_actor(people[post], at + number * HOUR), at=at + number * HOUR)


def _holder(post: str, at: dt.datetime) -> Person | None:
    seat = Seat.objects.filter(post_id=post, is_active=True).order_by("pk").first()
    return holder_of(seat, at) if seat else None


def _actor(person: Any, at: dt.datetime) -> Any:
    return actor_for_person(person, at)
