"""What the handbook decides about care, visits and gifts: pure, each with its clause."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.periods import month_of, week_of
from zhangfa.core.text import _

PLAN, VISIT, SHEET, THREAD = "CS-W3.1", "CS-W3.2", "CS-W3.3", "CS-W3.4"
WEEK = dt.timedelta(days=7)
TEXT_LENGTH, LONG_TEXT = 4, 8
# What is looked at before somebody leaves for a customer; without the first two nobody goes.
APPEARANCE, NOTEBOOK, GIFT = "appearance", "notebook", "gift"
CHECKLIST = {APPEARANCE: _("仪表着装整洁"), NOTEBOOK: _("带好记录本和客户资料"), GIFT: _("带好优惠券或礼品")}
MUST = (APPEARANCE, NOTEBOOK)
SCORES = {
    "result": _("服务效果"), "appearance": _("服务员仪表"), "attitude": _("服务态度"), "skill": _("服务技能"), "safety": _("安全与物品保护"),
}  # fmt: skip


def minutes_after(start: dt.datetime, arrived: dt.datetime) -> int:
    """Whole minutes from the start of the service to the arrival, rounded up: a second over the hour is the next minute."""
    return -int((start - arrived).total_seconds() // 60)


def is_on_time(start: dt.datetime, arrived: dt.datetime, limit_minutes: int) -> bool:
    """CS-W3.2: from the real start to the limit, both included; who is there before the work begins is in time."""
    return arrived <= start + dt.timedelta(minutes=limit_minutes)


def sheet_due(returned: dt.datetime, hours: int, day_end: dt.datetime) -> dt.datetime:
    """CS-W3.3: so many hours after the return, the end of the day the hard limit."""
    return min(returned + dt.timedelta(hours=hours), day_end)


def refuse_leaving(checked: Collection[str]) -> Iterator[Refusal]:
    """CS-W3.2: nobody goes to a customer untidy or without the notebook."""
    for item in MUST:
        if item not in checked:
            yield Refusal(
                "visit.checklist", _("出发前请先做到：%(item)s。"), {"item": CHECKLIST[item]}, VISIT, "checklist"
            )


def refuse_times(*, arrived: dt.datetime, left: dt.datetime, at: dt.datetime) -> Iterator[Refusal]:
    """Times of a visit follow each other and lie behind us."""
    if left < arrived:
        yield Refusal("visit.order", _("离开时间不能早于到达时间。"), {}, SHEET, "left_at")
    if arrived > at:
        yield Refusal("visit.future_arrival", _("到达时间不能在现在之后。"), {}, SHEET, "arrived_at")
    if left > at:
        yield Refusal("visit.future", _("离开时间不能在现在之后。"), {}, SHEET, "left_at")


def refuse_sheet(
    *, opinion: str, suggestion: str, satisfaction: int | None, in_service: bool, scores: Mapping[str, int], needs_action: bool, problem: str,
    problem_text: str, interviewee: str, profile_note: str, needs_profile: bool, has_updates: bool = False,
) -> Iterator[Refusal]:  # fmt: skip
    """CS-W3.2, CS-W3.3: what the customer said, how content they are, what was checked; a problem in words."""
    if not interviewee.strip():
        yield Refusal("sheet.interviewee", _("请写明见到了谁。"), {}, SHEET, "interviewee")
    if len(opinion.strip()) < TEXT_LENGTH:
        yield Refusal("sheet.opinion", _("请写明客户的意见；没有意见也要写明客户怎么说。"), {}, SHEET, "opinion")
    if not suggestion.strip():
        yield Refusal("sheet.suggestion", _("请写明客户的建议；没有建议请写“无”。"), {}, SHEET, "suggestion")
    if satisfaction is None or not 1 <= satisfaction <= 5:
        yield Refusal("sheet.satisfaction", _("请询问并填写满意度。"), {}, VISIT, "satisfaction")
    if in_service:
        for name in SCORES:
            if not 1 <= scores.get(name, 0) <= 5:
                yield Refusal("sheet.score", _("服务中的访问要检查质量，请逐项打分。"), {}, VISIT, f"score_{name}")
    if needs_action and not problem:
        yield Refusal("sheet.problem", _("需要处理的问题请选择类别。"), {}, THREAD, "problem")
    if needs_action and len(problem_text.strip()) < LONG_TEXT:
        yield Refusal(
            "sheet.problem_text", _("请把问题写清楚（不少于 %(count)s 个字）。"), {"count": LONG_TEXT}, THREAD, "problem_text"
        )  # fmt: skip
    if needs_profile and not profile_note.strip() and not has_updates:
        yield Refusal(
            "sheet.profile", _("请写明客户档案需要更新的内容；没有变化请写“无”。"), {}, "CC-D8", "profile_note"
        )


def needs_approval(*, given: Decimal, more: Decimal, limit: Decimal) -> bool:
    """CS-W3.2: what one visit leaves may be worth the limit, the limit included; above it somebody approves."""
    return given + more > limit


def refuse_stock(*, on_hand: int, count: int) -> Iterator[Refusal]:
    """Nothing is given that isn't there."""
    if count < 1:
        yield Refusal("gift.count", _("数量至少是 1。"), {}, VISIT, "count")
    elif count > on_hand:
        yield Refusal("gift.stock", _("库存只有 %(on_hand)s 件，不够 %(count)s 件。"), {"on_hand": on_hand, "count": count}, VISIT, "count")  # fmt: skip


def refuse_back(*, given: int, count: int) -> Iterator[Refusal]:
    """No more comes back than was given."""
    if count < 1:
        yield Refusal("gift.count", _("数量至少是 1。"), {}, VISIT, "count")
    elif count > given:
        yield Refusal("gift.back", _("这次访问只送出 %(given)s 件，不能收回 %(count)s 件。"), {"given": given, "count": count}, VISIT, "count")  # fmt: skip


def refuse_issue(*, left_out: int, drafts: int) -> Iterator[Refusal]:
    """CS-W3.1: a plan for every premium customer before the month is issued."""
    if left_out:
        yield Refusal(
            "month.left_out", _("还有 %(count)s 位优质或忠诚客户没有计划，请重新编制。"), {"count": left_out}, PLAN
        )
    if not drafts:
        yield Refusal("month.empty", _("这个月没有关怀计划，请先编制。"), {}, PLAN)


def refuse_day(*, day: dt.date, month: dt.date, today: dt.date) -> Iterator[Refusal]:
    """A visit is planned within its month and not for a day that is over."""
    if month_of(day) != month:
        yield Refusal("plan.month", _("计划访问日要在 %(month)s 内。"), {"month": f"{month:%Y-%m}"}, PLAN, "planned_on")
    elif day < today:
        yield Refusal("plan.past", _("计划访问日不能早于今天。"), {}, PLAN, "planned_on")


def refuse_week(*, week: dt.date, today: dt.date, is_sent: bool) -> Iterator[Refusal]:
    """CS-W3.3: a week is bundled when it is over, once."""
    if week != week_of(week):
        yield Refusal("bundle.monday", _("请选择一周的星期一。"), {}, SHEET, "week_on")
    elif today < week + WEEK:
        yield Refusal("bundle.running", _("这一周还没有结束。"), {}, SHEET, "week_on")
    elif is_sent:
        yield Refusal("bundle.sent", _("这一周的访问表已经送出。"), {}, SHEET, "week_on")


def refuse_text(text: str, field: str, clause: str, least: int = LONG_TEXT) -> Iterator[Refusal]:
    """Something that others go by is written in words."""
    if len(text.strip()) < least:
        yield Refusal("care.text", _("请写清楚（不少于 %(count)s 个字）。"), {"count": least}, clause, field)


def refuse_meeting(*, is_deciding: bool, is_passed: bool, is_after: bool) -> Iterator[Refusal]:
    """CS-W3.4: the problem is dealt with by a meeting with problem, solution and vote, held since it was raised."""
    if not is_deciding:
        yield Refusal("thread.kind", _("只有写明问题和初步方案的问题会议或公司会议可以关联。"), {}, THREAD, "meeting")
    elif not is_passed:
        yield Refusal("thread.undecided", _("这次会议还没有作出通过的决议。"), {}, THREAD, "meeting")
    elif not is_after:
        yield Refusal("thread.before", _("这次会议在问题提出之前，没有讨论过它。"), {}, THREAD, "meeting")


def refuse_rule(*, is_public: bool, is_after: bool) -> Iterator[Refusal]:
    """CS-W3.4: what settles the problem is a rule that everybody can read, issued since the problem was raised."""
    if not is_public:
        yield Refusal("thread.draft", _("这项制度还没有颁布，或已经不再执行。"), {}, THREAD, "regulation")
    elif not is_after:
        yield Refusal("thread.old_rule", _("这项制度在问题提出之前就有，没有解决它。"), {}, THREAD, "regulation")


def refuse_promise(*, text: str, due_at: dt.datetime, at: dt.datetime) -> Iterator[Refusal]:
    """A promise says what and until when."""
    yield from refuse_text(text, "text", VISIT, TEXT_LENGTH)
    if due_at <= at:
        yield Refusal("promise.due", _("兑现期限应在现在之后。"), {}, VISIT, "due_at")


def refuse_recheck(*, result: str, evidence: str, checker: int | None, concerned: int) -> Iterator[Refusal]:
    """HS-W1.7: somebody else checks, and what isn't true is shown by evidence."""
    if checker == concerned:
        yield Refusal("recheck.own", _("不能核查自己的记录。"), {}, "HS-W1.7")
    if result not in ("true", "doubtful", "false"):
        yield Refusal("recheck.result", _("请选择核查结果。"), {}, "HS-W1.7", "result")
    least = TEXT_LENGTH if result == "true" else LONG_TEXT * 2
    yield from refuse_text(evidence, "evidence", "HS-W1.7", least)


def chosen(rows: Iterable[tuple[str, int]], count: int, seed: str) -> list[tuple[str, int]]:
    """A sample that nobody picks: the same draw for the same week, spread by a digest of each key."""

    def place(row: tuple[str, int]) -> str:
        return hashlib.sha256(f"{seed}:{row[0]}:{row[1]}".encode()).hexdigest()

    return sorted(rows, key=place)[:count]
