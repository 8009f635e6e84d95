"""《公司大客户意见建议反映表》: what an account says, who answers until when, and whether the customer accepts it (CS-W4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from zhangfa.care import account_rules as rules
from zhangfa.care import permissions
from zhangfa.care.account_rules import CLAUSE, VISITED
from zhangfa.care.actions.accounts import head_of, period_of, subject_of
from zhangfa.care.models import Feedback, KeyAccount
from zhangfa.care.rules import refuse_text
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.duties.models import Occurrence
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.models import Person, Unit
from zhangfa.records.actions import ask_signatures, concern, copy_to, open_record
from zhangfa.records.models import Record

S, F = KeyAccount.Status, Feedback.Status
OPINIONS, ANSWER = "F23", "D-X-13."


def give_feedback(
    account: KeyAccount, *, roles: Sequence[str], visited_on: dt.date, satisfaction: int, opinion: str, solution: str, reply: str,
    responsible: Unit, owner: Person, due_on: dt.date, by: Actor, at: dt.datetime, **more: Any,
) -> Feedback:  # fmt: skip
    """《公司大客户意见建议反映表》 after a visit: copies to the department manager, marketing and administration at once."""
    with work():
        account = KeyAccount.objects.lock(account.pk)
        demand(permissions.own_account(account, by=by, at=at))
        today = clock.local_date(at)
        demand(
            rules.refuse_feedback(
                roles=roles,
                interviewees=more.get("interviewees", ""),
                has_product=more.get("product") is not None,
                category=more.get("category", ""),
                suggestion=more.get("suggestion", ""),
                opinion=opinion,
                solution=solution,
                satisfaction=satisfaction,
                visited_on=visited_on,
                due_on=due_on,
                today=today,
            )
        )
        if account.status != S.ACTIVE:
            demand([Refusal("feedback.account", _("请先为这个大客户指定负责人。"), {}, CLAUSE)])
        record = open_record(
            OPINIONS, unit=account.outlet, by=by, at=at, title=account.customer.no, url=lambda pk: f"/care/feedback/{pk}/", retention="R3",
            due_at=clock.day_start(due_on + dt.timedelta(days=1)), is_handed_in=True,
        )  # fmt: skip
        row = Feedback(
            record=record, account=account, outlet_id=account.outlet_id, department_id=account.department_id, visited_on=visited_on,
            visitor_id=by.person_id, roles=[role for role in VISITED if role in roles], satisfaction=satisfaction, opinion=opinion, solution=solution,
            reply=reply, responsible=responsible, owner=owner, due_on=due_on, **more,
        )  # fmt: skip
        row.save(force_insert=True)
        readers = [head_of(account.outlet, at), head_of(responsible, at), person_in("mk", at), person_in("am", at)]
        concern(record, owner.pk, "owner")
        copy_to(record, [one.pk for one in readers if one is not None], by=by, at=at)
        ask_signatures(record, [("visitor", by.person_id)], by=by, at=at)
        announce(
            "care.feedback.given", row, by=by, at=at, label=_("反映大客户意见"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"account": account.pk, "roles": row.roles, "due_on": due_on.isoformat(), **_owed(row)}, values={"opinion": opinion},
        )  # fmt: skip
        if owner.pk != by.person_id:
            notify([owner.pk], "care.feedback", {"day": due_on.isoformat()}, at=at, record_id=record.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip
        _settle_month(account, visited_on, by=by, at=at)
    return row


def _owed(row: Feedback, at: dt.datetime | None = None) -> dict[str, Any]:
    """Who answers until when (D-X-13); what is asked for again after its day has the days that the duty gives."""
    due_at = clock.day_start(row.due_on + dt.timedelta(days=1))
    return {"handler": row.owner_id, "due_at": None if at is not None and at > due_at else due_at}


def owe_answers(at: dt.datetime) -> int:
    """Each night for what waits for its answer and nobody owes: from before this was a duty, or its seat had gone. Returns how many."""
    by, count = system_actor("care", at), 0
    for row in list(Feedback.objects.filter(status=F.OPEN).select_related("record").order_by("pk")):
        if not Occurrence.objects.open().filter(duty__key__startswith=ANSWER, subject_key=f"record:{row.pk}").exists():
            with work():
                announce(
                    "care.feedback.waiting", row, by=by, at=at, label=_("意见待答复"), record_id=row.pk, clause=CLAUSE, codes=_owed(row),
                )  # fmt: skip
            count += 1
    return count


def met_in(account: KeyAccount, day: dt.date, at: dt.datetime) -> set[str]:
    """Whom the owner met in the turn of the day."""
    period = period_of(day, at)
    first, last = clock.local_date(period.opens_at), clock.local_date(period.due_at - dt.timedelta(seconds=1))
    rows = Feedback.objects.filter(account=account, visited_on__gte=first, visited_on__lte=last)
    return {role for roles in rows.values_list("roles", flat=True) for role in roles}


def _settle_month(account: KeyAccount, day: dt.date, *, by: Actor, at: dt.datetime) -> None:
    """Leader, buyer and handler, each met in the month: then the month's visit is done."""
    if met_in(account, day, at) >= set(VISITED):
        announce(
            "care.account.month_done", account, by=by, at=at, label=_("本月走访完成"), record_id=account.pk, clause=CLAUSE,
            codes={"subject": subject_of(account, period_of(day, at)), "handler": account.owner_id},
        )  # fmt: skip


def _guard_answer(row: Feedback, *, by: Actor, at: dt.datetime, answer: str, reply: str) -> Iterator[Refusal]:
    yield from refuse_text(answer, "answer", CLAUSE)


@transition(
    Feedback, sources=[F.OPEN], target=F.ANSWERED, label=_("答复客户"), event="answered", permit=permissions.own_feedback, guard=_guard_answer, clause=CLAUSE,
)  # fmt: skip
def answer_feedback(row: Feedback, *, by: Actor, at: dt.datetime, answer: str, reply: str) -> dict[str, Any]:
    """At a meeting, on a visit or by letter: what the company does about it."""
    row.answered_at, row.answer, row.reply = at, answer, reply
    return {"codes": {"is_late": clock.local_date(at) > row.due_on}, "values": {"answer": answer}}


def _guard_close(row: Feedback, *, by: Actor, at: dt.datetime, is_accepted: bool, result: str) -> Iterator[Refusal]:
    yield from refuse_text(result, "result", CLAUSE, 2)
    if not is_accepted:
        yield Refusal("feedback.accepted", _("客户还不认可时请先“重新答复”，不能关闭。"), {}, CLAUSE, "is_accepted")


@transition(
    Feedback, sources=[F.ANSWERED], target=F.CLOSED, label=_("客户确认并关闭"), event="closed", permit=permissions.own_feedback, guard=_guard_close,
    clause=CLAUSE,
)  # fmt: skip
def close_feedback(row: Feedback, *, by: Actor, at: dt.datetime, is_accepted: bool, result: str) -> dict[str, Any]:
    """The customer accepts the answer."""
    row.closed_at, row.is_accepted, row.result = at, is_accepted, result
    Record.objects.filter(pk=row.pk).update(status=Record.Status.APPROVED)
    return {"values": {"result": result}}


def _guard_reopen(row: Feedback, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from refuse_text(reason, "reason", CLAUSE, 4)


@transition(
    Feedback, sources=[F.ANSWERED], target=F.OPEN, label=_("重新答复"), event="reopened", permit=permissions.own_feedback, guard=_guard_reopen, clause=CLAUSE,
)  # fmt: skip
def reopen_feedback(row: Feedback, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """The customer isn't content with the answer."""
    row.is_accepted, row.answered_at = False, None
    if row.owner_id != by.person_id:
        notify([row.owner_id], "care.feedback_again", {"number": row.account.customer.no}, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip
    return {"codes": _owed(row, at), "values": {"reason": reason}}
