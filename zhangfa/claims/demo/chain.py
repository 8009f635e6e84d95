"""What the demo's closed cases led to: waivers, rules, a lesson that was studied, and one that waits (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.claims import actions, learning
from zhangfa.claims.models import Case, LearningTask, Reading, Study
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Person
from zhangfa.people.actions import close_training, note_learners
from zhangfa.records.actions import sign
from zhangfa.regulations.demo import actor, fulfil, issued
from zhangfa.regulations.models import Regulation

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
RULES = {
    "operation": ("高处作业工具系绳规定", ["登高作业的工具一律用绳系在手腕。", "台面先铺防护垫。"]),
    "agent": ("清洁剂使用规定", ["先看材质，再选清洁剂，先在不显眼处试用。"]), "rush": ("排班间隔规定", ["两单之间至少留出半小时路上时间。"]),
    "training": ("上岗前培训规定", ["没有通过考核的服务项目不派单。"]),
}  # fmt: skip
LESSON = {
    "title": "擦吊柜时工具滑落", "narrative": "服务员在高处擦洗时工具没有系绳，滑落砸裂台面。", "analysis": "没有系工具绳，台面没有铺垫，事前没有人提醒。",
    "correct_practice": "工具系在手腕，台面铺防护垫，先搬开易碎物品。", "checkpoints": ["工具系绳", "铺防护垫", "搬开易碎物品"], "posts": ["oa", "sup"],
    "quiz": [{"question": "擦吊柜前先做什么？", "options": ["铺防护垫", "直接擦", "请客户帮忙"], "answer": 0}],
}  # fmt: skip


def build(seed: int, scale: str, at: dt.datetime) -> None:
    """Follow up every closed accident of the small company; the newest ones are left to be done."""
    if scale != "small":
        return
    tasks = LearningTask.objects.filter(submitted_at__isnull=False, case__kind=Case.Kind.ACCIDENT).select_related(
        "case__handler"
    )
    done = [
        task for task in tasks.order_by("case__closed_at") if task.case.closed_at and task.case.closed_at < at - 4 * DAY
    ]
    lessons = 0
    for task in done:
        try:
            lessons += _follow(task, lessons)
        except (Refused, StopIteration, IndexError):
            # Nobody of the time is in the seat any more: the case goes on owing it.
            continue


def _follow(task: LearningTask, lessons: int) -> int:
    """One case to its waiver or its rule; the first few to a lesson. Returns how many lessons were written."""
    case = task.case
    assert case.closed_at is not None
    when = case.closed_at + DAY
    by = actor_for_person(case.handler, when) if case.handler else actor("cc", when)
    if task.nature == Case.Nature.ISOLATED:
        actions.ask_waiver(case, by=by, at=when, reason="客户自己的物品本来就松动，换人换处都不会再有。")
        for step in waiting_for(case.pk):
            later = when + 3 * HOUR
            decide(step, by=actor_for_person(who_has(step, later)[0], later), at=later, result="agree", opinion="同意")
        return 0
    title, clauses = RULES.get(learning.cause_of(case), RULES["operation"])
    if before := Regulation.objects.filter(title__startswith=title).count():
        # The rule stands already; each further case adds to it under its own name.
        title = f"{title}补充规定（{before}）"
    facts = {
        "kind": "regulation", "topic": "safety", "title": title, "summary": "以后怎样避免同样的事故", "reason": "发生了同类事故，原因是普遍的",
        "problem": "同样的损坏一再发生", "posts": ["oa", "sup"], "clauses": clauses, "source_kind": learning.SOURCE, "source_id": case.pk,
    }  # fmt: skip
    fulfil(issued(facts, "cc", when), when)
    if lessons >= 3:
        return 0
    study = actions.write_study(case, by=by, at=when, **{**LESSON, "title": f"{LESSON['title']}（{lessons + 1}）"})
    photo = case.record.attachments.filter(removed_at=None).exclude(view_sha256="").order_by("pk").first()
    if photo is not None:
        actions.add_picture(study, photo=photo, caption="砸裂的台面", is_anonymous=True, by=by, at=when)
    if lessons < 2:
        later = when + DAY
        releaser = next(name for name in ("cs", "dgm") if actor(name, later).person_id != study.written_by_id)
        train_by = clock.local_date(later + 14 * DAY)
        study = actions.release(study, by=actor(releaser, later), at=later, train_by=train_by, pictures_checked=True)
        _teach(study, later + DAY)
        if lessons < 1:
            Reading.objects.filter(study=study, at=None).update(at=later + DAY, questions=1)
    return 1


def _teach(study: Study, at: dt.datetime) -> None:
    """A session at which some of those concerned sign in; the others learn it online."""
    by = actor("cc", at)
    if by.person_id is None:
        return
    facts = {"held_on": clock.local_date(at), "hours": Decimal(1), "pass_score": 60, "place": "客服中心培训室"}
    session = actions.plan_session(study, trainer=Person.objects.get(pk=by.person_id), by=by, at=at, **facts)
    here = [
        row.person
        for row in study.readings.filter(at=None)
        .exclude(person_id=by.person_id)
        .select_related("person")
        .order_by("pk")[:4]
    ]
    end = at + HOUR
    marks = "\n".join(f"{person.no} {score}" for person, score in zip(here, (95, 85, 70, 50), strict=False))
    training = note_learners(session.training, people=marks, by=by, at=end)
    for person in here:
        learner = actor_for_person(person, end)
        sign(training.record, role=f"learner-{person.pk}", by=learner, at=end, is_verified=True)
    close_training(training, by=by, at=end)
