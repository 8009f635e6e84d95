"""What the demo's closed cases led to: waivers, rules, a lesson that was studied, and one that waits (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt

from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.claims import actions, learning
from zhangfa.claims.models import Case, LearningTask, Reading
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import actor_for_person
from zhangfa.regulations.demo import actor, fulfil, issued

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
    facts = {
        "kind": "regulation", "topic": "safety", "title": title, "summary": "以后怎样避免同样的事故", "reason": "发生了同类事故，原因是普遍的",
        "problem": "同样的损坏一再发生", "posts": ["oa", "sup"], "clauses": clauses, "source_kind": learning.SOURCE, "source_id": case.pk,
    }  # fmt: skip
    fulfil(issued(facts, "cc", when), when)
    if lessons >= 3:
        return 0
    study = actions.write_study(case, by=by, at=when, **{**LESSON, "title": f"{LESSON['title']}（{lessons + 1}）"})
    if lessons < 2:
        later = when + DAY
        releaser = next(name for name in ("cs", "dgm") if actor(name, later).person_id != study.written_by_id)
        actions.release(study, by=actor(releaser, later), at=later)
        Reading.objects.filter(study=study).update(at=later + DAY, questions=1)
    return 1
