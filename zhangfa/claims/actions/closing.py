"""Satisfaction, reopening, closing and what is learned (CC-W1.6, CC-W2.1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

from zhangfa.claims import permissions
from zhangfa.claims.actions.complaint import keep_improvement
from zhangfa.claims.actions.learning import owe_rule, tell_administration
from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.learning import similar_to
from zhangfa.claims.models import LIVE, Case, LearningTask, Settlement
from zhangfa.claims.permissions import handler_or, not_handler, people_behind, posts
from zhangfa.claims.queries import has_post
from zhangfa.claims.rules import refuse_closing, refuse_satisfaction
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.duties.models import Handover
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.models import Person
from zhangfa.policy.queries import figure
from zhangfa.records.actions import concern, open_record, release
from zhangfa.records.actions import void as void_record

S = Case.Status
ANALYSIS_FORM = "U31"
RATEABLE = [S.SETTLED, S.SIGNED]


def _guard_rate(case: Case, *, by: Actor, at: dt.datetime, score: int, words: str = "") -> Iterator[Refusal]:
    yield from refuse_satisfaction(score=score, entered_by=by.person_id, handler=case.handler_id)


@transition(
    Case, sources=RATEABLE, target=None, label=_("回访录入满意度"), event="rated", permit=not_handler("op", "ops", "cs", "cm", "hs", "ls"),
    guard=_guard_rate, clause="CC-W1.6",
)  # fmt: skip
def rate(case: Case, *, by: Actor, at: dt.datetime, score: int, words: str = "") -> dict[str, Any]:
    """Somebody other than the handler asks the customer; 1 to 3 reopens the case."""
    # Whoever took the customer's words has part in the case from now on, also once it waits for no call any more (CC-D3).
    concern(case.record, by.person_id, "caller")
    return _rated(case, score=score, channel="call", person_id=by.person_id, words=words, at=at)


def _rated(
    case: Case, *, score: int, channel: str, person_id: int | None, words: str, at: dt.datetime
) -> dict[str, Any]:
    case.satisfaction, case.satisfaction_at = score, at
    case.satisfaction_by_id, case.satisfaction_channel = person_id, channel
    if score < figure("claims.close_min_satisfaction", at).value:
        case.status = S.ANSWERING if case.is_complaint and not case.settlements.exists() else S.ASSESSED
        notify([case.handler_id], "claims.reopened", {"number": case.record.number, "score": score}, record_id=case.pk, url=case.get_absolute_url(), at=at)  # fmt: skip
    return {
        "codes": {"score": score, "channel": channel, "reopened": case.status in (S.ASSESSED, S.ANSWERING)},
        "values": {"words": words},
    }


def rate_by_link(case: Case, *, score: int, words: str, at: dt.datetime) -> Case:
    """The customer answers through their own link; once per acceptance."""
    demand(refuse_satisfaction(score=score, entered_by=None, handler=case.handler_id))
    with work():
        locked = Case.objects.lock(case.pk)
        if locked.status not in RATEABLE or not locked.link_key or locked.link_key != case.link_key:
            raise Refused([Refusal("status", _("这个链接已经用过或已失效。"), {}, "CC-W1.6")])
        by = system_actor("customer-link", at)
        outcome = _rated(locked, score=score, channel="link", person_id=None, words=words, at=at)
        locked.link_key, locked.version = "", locked.version + 1
        locked.save()
        announce(
            "claims.case.rated", locked, by=by, at=at, label=_("客户评价"), record_id=case.pk, codes=outcome["codes"],
            values=outcome["values"], clause="CC-W1.6",
        )  # fmt: skip
    return locked


LINK_DAYS = 30


def make_link(case: Case, *, by: Actor, at: dt.datetime) -> str:
    """A new link for the customer's own score, shown this one time; the one made before is over (CC-W1.6)."""
    demand(permissions.make_links(case, by=by, at=at))
    token = f"{secrets.token_urlsafe(24)}.{int((at + dt.timedelta(days=LINK_DAYS)).timestamp())}"
    with work():
        locked = Case.objects.lock(case.pk)
        if locked.status not in RATEABLE:
            raise Refused([Refusal("link.early", _("客户接受理赔后才能请客户评价。"), {}, "CC-W1.6")])
        locked.link_key, locked.version = _link_digest(token), locked.version + 1
        locked.save(update_fields=["link_key", "version"])
        announce(
            "claims.link.made", locked, by=by, at=at, label=_("生成客户评价链接"), record_id=case.pk, clause="CC-W1.6"
        )
    return token


def case_behind(token: str, at: dt.datetime) -> Case | None:
    """The case that a customer's link opens; None once it was used, replaced or is too old."""
    end = token.rpartition(".")[2]
    # The end of its time stands in the token itself and can't be changed: the digest covers it.
    if not (end.isascii() and end.isdigit() and len(end) < 12 and at.timestamp() < int(end)):
        return None
    found = Case.objects.filter(link_key=_link_digest(token), status__in=RATEABLE)
    return found.select_related("record").first()


def _link_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_paid(case: Case) -> bool:
    """Every live settlement of the case is signed, and paid where cash is due."""
    return all(
        s.status == Settlement.Status.PAID or (s.status == Settlement.Status.SIGNED and cash_due(s) == 0)
        for s in case.settlements.filter(status__in=LIVE)
    )


def _guard_close(
    case: Case, *, by: Actor, at: dt.datetime, nature: str, low_score_reason: str = ""
) -> Iterator[Refusal]:
    yield from refuse_closing(
        score=case.satisfaction, minimum=figure("claims.close_min_satisfaction", at).value, is_manager=by.holds("cs"),
        reason=low_score_reason, attempts=case.attempts, is_paid=is_paid(case),
    )  # fmt: skip
    if case.status in (S.ASSESSED, S.ANSWERING) and not case.attempts:
        yield Refusal("closing.unsettled", _("案件尚未理赔，不能结案。"), {}, "CC-W1.6")


@transition(
    Case, sources=[S.SIGNED, S.ASSESSED, S.ANSWERING], target=S.CLOSED, label=_("结案"), event="closed", permit=handler_or("CC-W1.6", "cs"),
    guard=_guard_close, clause="CC-W1.6", hint=_("结案时判断原因是普遍性还是特殊性。"),
)  # fmt: skip
def close(case: Case, *, by: Actor, at: dt.datetime, nature: str, low_score_reason: str = "") -> dict[str, Any]:
    """The case is closed; its cause is common or special, and the learning task starts (CC-W2.1)."""
    case.nature, case.low_score_reason, case.closed_at = nature, low_score_reason, at
    key = "claims.regulation_draft_days" if nature == Case.Nature.SYSTEMIC else "claims.case_report_days"
    days = int(figure(key, at).value)
    due = clock.day_end(at + dt.timedelta(days=days))
    keep_improvement(case, by=by, at=at)
    LearningTask.objects.create(case=case, nature=nature, owner_id=case.handler_id, due_at=due)
    if case.is_accident or nature == Case.Nature.SYSTEMIC:
        owe_rule(case, by=by, at=at)
    return {
        "codes": {"handler": case.handler_id, "nature": nature, "learning_due_at": due},
        "values": {"reason": low_score_reason},
    }


def submit_learning(
    case: Case, *, by: Actor, at: dt.datetime, analysis: str, measures: str, indirect: str = "", management: str = ""
) -> LearningTask:
    """Hand 事故分析报告, and for a common cause the points of a draft rule, to administration (CC-W2.1, U31).

    How many cases of the same cause there were in the year before is counted now and stays.
    """
    demand(permissions.submit_learning(case, by=by, at=at))
    with work():
        task = LearningTask.objects.select_for_update().get(case_id=case.pk)
        if task.submitted_at:
            raise Refused([Refusal("learning.done", _("分析已经提交。"), {}, "CC-W2.1")])
        task.analysis, task.measures, task.submitted_at = analysis, measures, at
        task.indirect, task.management, task.similar = indirect, management, similar_to(case, at)
        task.record = open_record(
            ANALYSIS_FORM, unit=case.unit, by=by, at=at, parent=case.record, url=case.get_absolute_url(), due_at=task.due_at, is_handed_in=True
        )  # fmt: skip
        task.save()
        announce(
            "claims.learning.submitted", task, by=by, at=at, label=_("提交事故分析"), record_id=case.pk,
            codes={"nature": task.nature, "is_late": at > task.due_at}, clause="CC-W2.1",
        )  # fmt: skip
        tell_administration(case, at=at)
    return task


SPECIALISTS = ("cc", "cs")


def _guard_reassign(case: Case, *, by: Actor, at: dt.datetime, person: Person, reason: str) -> Iterator[Refusal]:
    if person.pk == case.handler_id or person.pk == case.worker_id:
        yield Refusal("case.reassign", _("请选择经办人和责任人以外的人。"), {}, "CC-D3", "person")
    elif not case.is_outlet_handled and not has_post(person.pk, SPECIALISTS, at):
        # The handler decides up to the specialist's limit: nobody else may come to it this way.
        text = _("专员的案件只能改派给投诉与客户维护专员或客服中心经理。")
        yield Refusal("case.reassign_post", text, {}, "CC-W1.5", "person", SPECIALISTS)


@transition(
    Case, sources=[S.ALERTED, S.ACCEPTED, S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ANSWERING, S.ASSESSED, S.SETTLING, S.SETTLED, S.SIGNED],
    target=None, label=_("改派经办人"), event="reassigned", permit=posts("CC-D3", "cs"), guard=_guard_reassign, clause="CC-D3",
)  # fmt: skip
def reassign(case: Case, *, by: Actor, at: dt.datetime, person: Person, reason: str) -> dict[str, Any]:
    """The manager gives the case to another handler; one of an outlet that a specialist takes is the specialist's from now on."""
    return _give(case, person, at) | {"values": {"reason": reason}}


_ONLY_BY_LIST = Refusal("case.take_over", _("案件随三方签字的工作交接单移交。"), {}, "X-1")


def _in_signed_list(case: Case, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Follows from the list that leaver, successor and superior have signed; nobody's button."""
    if not Handover.objects.filter(status="signing", leaver_id=case.handler_id).exists():
        yield _ONLY_BY_LIST


def _to_somebody(case: Case, *, by: Actor, at: dt.datetime, person: Person | None = None) -> Iterator[Refusal]:
    """Whoever the list names; the interface, which names nobody, can't take a case from anybody."""
    if person is None:
        yield _ONLY_BY_LIST


@transition(
    Case, sources=[S.ALERTED, S.ACCEPTED, S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ANSWERING, S.ASSESSED, S.SETTLING, S.SETTLED, S.SIGNED],
    target=None, label=_("随交接单移交"), event="taken_over", permit=_in_signed_list, guard=_to_somebody, clause="X-1", is_automatic=True,
)  # fmt: skip
def take_over(case: Case, *, by: Actor, at: dt.datetime, person: Person | None = None) -> dict[str, Any]:
    """The successor of the handler's seat takes the case with the signed list."""
    assert person is not None
    return _give(case, person, at)


def _give(case: Case, person: Person, at: dt.datetime) -> dict[str, Any]:
    former, case.handler = case.handler_id, person
    if case.is_outlet_handled and has_post(person.pk, SPECIALISTS, at):
        case.handled_by = Case.HandledBy.SPECIALIST
    concern(case.record, person.pk, "handler")
    release(case.record, former, "handler")
    notify(
        [person.pk],
        "claims.handed_over",
        {"number": case.record.number},
        record_id=case.pk,
        url=case.get_absolute_url(),
        at=at,
    )
    return {"codes": {"former": former, "handler": person.pk}}


def _guard_void(case: Case, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    if case.settlements.filter(status__in=LIVE).exists():
        yield Refusal("case.void_live", _("已有理赔方案，不能作废；请先撤回。"), {}, "X-3")
    if case.handler_id in people_behind(by):
        yield Refusal("case.void_own", _("经办人不能作废自己的案件。"), {}, "X-5", "", ("cs",))


@transition(
    Case, sources=[S.ALERTED, S.ACCEPTED, S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ANSWERING, S.ASSESSED], target=S.VOID, label=_("作废"),
    event="voided", permit=posts("X-3", "cs"), guard=_guard_void, clause="X-3",
)  # fmt: skip
def void_case(case: Case, *, by: Actor, at: dt.datetime, reason: str) -> dict[str, Any]:
    """A case opened by mistake is void; its number stays taken."""
    void_record(case.record, reason=reason, by=by, at=at)
    return {"values": {"reason": reason}}
