"""Activities and instant decisions as plain rules: parts of one event, costs against the approval, ground and effect (AM-W4.2, AM-W4.3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE, EVENTS, DECISIONS = "AM-W4.2", "AM-D7", "AM-W4.3"
TEXT_LENGTH, MOST_LINES = 5, 40
CENT = Decimal("0.01")
LOWER_POST = "lower_post"
CITED = re.compile(r"《[^》]+》|第[一二三四五六七八九十百零\d]+条|[A-Z]{1,3}\d*-[\w.-]+")


def refuse_activity(
    *, purpose: str, begins_on: dt.date, ends_on: dt.date, today: dt.date, lines: Collection[tuple[str, Decimal]], people: int
) -> Iterator[Refusal]:  # fmt: skip
    """A proposal says what for, when, for how many, and what it costs line by line, before it takes place (AM-D7)."""
    if len(purpose.strip()) < TEXT_LENGTH:
        yield _no("purpose", _("请写明活动目的（不少于 %(count)s 个字）。"), "purpose", count=TEXT_LENGTH)
    if ends_on < begins_on:
        yield _no("order", _("结束日期不能早于开始日期。"), "ends_on")
    if begins_on < today:
        yield _no("late", _("活动要先批准再办，开始日期不能早于今天。"), "begins_on")
    if not lines or sum(amount for _label, amount in lines) <= 0:
        yield _no("lines", _("请列出预算，每行一项：名称和金额。"), "lines")
    if len(lines) > MOST_LINES:
        yield _no("many", _("预算最多 %(most)s 行。"), "lines", most=MOST_LINES)
    if people < 1:
        yield _no("people", _("请填写参加人数。"), "people")


def allowed(approved: Decimal, share: Decimal, ceiling: Decimal | None = None) -> Decimal:
    """What may be spent without asking anew: the approved amount and the share above it, below what somebody higher decides.

    `ceiling`: the amount from which it would have gone to a higher authority; None where there is none.
    """
    most = (approved * (100 + share) / 100).quantize(CENT)
    return most if ceiling is None else min(most, max(approved, ceiling - CENT))


def refuse_spending(
    *, spent: Decimal, approved: Decimal | None, share: Decimal, ceiling: Decimal | None = None, field: str = "actual_amount"
) -> Iterator[Refusal]:  # fmt: skip
    """Nobody commits before the approval, nor more than it allows; beyond the share it needs approval anew (AM-W4.2)."""
    if approved is None:
        yield _no("unapproved", _("还没有批准，不能花钱，也不能对外承诺。"), field)
    elif spent > allowed(approved, share):
        yield _no(
            "overspent", _("合计 %(spent)s 元，超过批准的 %(approved)s 元再加 %(share)s%%：请先“超支重新报批”。"), field,
            spent=spent, approved=approved, share=f"{share:f}".removesuffix(".0"),
        )  # fmt: skip
    elif spent > allowed(approved, share, ceiling):
        yield _no(
            "beyond_authority", _("合计 %(spent)s 元，达到了要由上一级批准的 %(ceiling)s 元：请先“超支重新报批”。"), field,
            spent=spent, ceiling=ceiling,
        )  # fmt: skip


def refuse_overspend(
    *, spent: Decimal, approved: Decimal, share: Decimal, reason: str, ceiling: Decimal | None = None
) -> Iterator[Refusal]:
    """Only what exceeds the share, or the authority that approved, goes back, with its reason."""
    if spent <= allowed(approved, share, ceiling):
        yield _no("not_overspent", _("没有超过允许的范围，直接结算即可。"), "actual_amount")
    if len(reason.strip()) < TEXT_LENGTH:
        yield _no("overspend_reason", _("请写明超支的原因（不少于 %(count)s 个字）。"), "reason", count=TEXT_LENGTH)


def refuse_settlement(*, summary: str, ends_on: dt.date, today: dt.date, came: int) -> Iterator[Refusal]:
    """An activity is settled when it has taken place and is known who came (AM-D7)."""
    if today < ends_on:
        yield _no("not_over", _("活动还没有结束，不能结算。"), "")
    if not came:
        yield _no("attendance", _("请先登记到场的人。"), "")
    if len(summary.strip()) < TEXT_LENGTH:
        yield _no("summary", _("请写活动总结（不少于 %(count)s 个字）。"), "summary", count=TEXT_LENGTH)


def refuse_instant(
    *, matter: str, facts: str, decision: str, effect: str, ground: str, has_people: bool, grades: Collection[int], is_own: bool,
    has_gm: bool, other_needed: bool, amount: Decimal | None,
) -> Iterator[Refusal]:  # fmt: skip
    """An instant decision stands on a rule, says what it brings about and whom it concerns (AM-W4.3)."""
    for name, words in (("facts", facts), ("decision", decision), ("effect", effect)):
        if len(words.strip()) < TEXT_LENGTH:
            yield _said("short", _("请写清楚（不少于 %(count)s 个字）。"), name, count=TEXT_LENGTH)
    if not CITED.search(ground):
        yield _said("ground", _("请写明依据的制度或条款，例如《考勤制度》第十二条或 AM-W4.3。"), "ground")
    if is_own:
        yield _said("own", _("您本人是当事人，不能决定；请报总经理。"), "people", who=("gm",))
    if matter == LOWER_POST and any(grade >= 50 for grade in grades):
        yield _said("grade", _("部门经理以上的岗位不在即时决定的范围内，请报总经理。"), "people", who=("gm",))
    if not has_people:
        yield _said("people", _("请写明告知哪些人。"), "people")
    if other_needed:
        yield _said("other", _("请选择另一个部门。"), "other_unit")
    if matter == "supplies" and not amount:
        yield _said("amount", _("办公用品采购请填写金额。"), "amount")
    if not has_gm:
        yield _said("gm", _("总经理岗位空缺，没有承担责任的领导，不能即时决定。"), "")


def refuse_revocation(*, from_on: dt.date, today: dt.date, reason: str) -> Iterator[Refusal]:
    """The GM revokes for the future: what was done until then stands (domain.md A-50)."""
    if from_on < today:
        yield _said("revoke_past", _("撤销只对以后有效，日期不能早于今天。"), "from_on")
    if len(reason.strip()) < TEXT_LENGTH:
        yield _said("revoke_reason", _("请写明撤销的理由（不少于 %(count)s 个字）。"), "reason", count=TEXT_LENGTH)


def _no(code: str, text: str, field: str, **params: object) -> Refusal:
    return Refusal(f"activity.{code}", text, params, CLAUSE, field)


def _said(code: str, text: str, field: str, *, who: tuple[str, ...] = (), **params: object) -> Refusal:
    return Refusal(f"instant.{code}", text, params, DECISIONS, field, who)
