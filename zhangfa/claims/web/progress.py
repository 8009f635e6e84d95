"""Where a case stands: the chain of steps, the running clocks, what is next and who has it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.claims.actions.paying import cash_due
from zhangfa.claims.models import LIVE, Case, Settlement
from zhangfa.core import clock
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Signature
from zhangfa.ui.words import join

S = Case.Status
ORDER = [
    S.ALERTED,
    S.ACCEPTED,
    S.ARRIVED,
    S.SURVEYED,
    S.REGISTERED,
    S.ASSESSED,
    S.SETTLING,
    S.SETTLED,
    S.SIGNED,
    S.CLOSED,
]
# A complaint is investigated and answered where an accident is surveyed and registered.
RANK = {status: place for place, status in enumerate(ORDER)} | {S.ANSWERING: ORDER.index(S.REGISTERED)}


@dataclass(frozen=True)
class Mark:
    """One step of the chain: done, current or ahead, when, and whether it was late."""

    label: Any
    state: str
    at: dt.datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Clock:
    """A deadline with its outcome: running, met or late; late stays late."""

    label: Any
    due_at: dt.datetime
    done_at: dt.datetime | None

    def is_late(self, at: dt.datetime) -> bool:
        return (self.done_at or at) > self.due_at

    def words(self, at: dt.datetime) -> str:
        """The countdown as people say it: 还剩 12 分钟, 超时 2 小时, 按时."""
        if self.done_at is not None:
            return (
                _("超时 %(span)s 完成") % {"span": span(self.done_at - self.due_at)}
                if self.is_late(at)
                else _("按时完成")
            )
        if at > self.due_at:
            return _("已超时 %(span)s") % {"span": span(at - self.due_at)}
        return _("还剩 %(span)s") % {"span": span(self.due_at - at)}

    def tone(self, at: dt.datetime) -> str:
        if self.is_late(at):
            return "red"
        if self.done_at is not None:
            return "green"
        return "amber" if self.due_at - at < dt.timedelta(hours=1) else "blue"


def span(length: dt.timedelta) -> str:
    """A length of time in the largest units that matter."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:
        return _("%(n)s 分钟") % {"n": minutes}
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return _("%(h)s 小时 %(m)s 分") % {"h": hours, "m": rest} if rest else _("%(h)s 小时") % {"h": hours}
    days, rest = divmod(minutes, 24 * 60)
    return _("%(d)s 天 %(h)s 小时") % {"d": days, "h": rest // 60} if rest >= 60 else _("%(d)s 天") % {"d": days}


def marks(case: Case, survey: Any, settlements: list[Settlement]) -> list[Mark]:
    """The chain of an accident from the call to the end, with what has been done and when."""
    live = [s for s in settlements if s.status in LIVE]
    decided, accepted, signed = _first(live, "decided_at"), _first(live, "accepted_at"), _first(live, "signed_at")
    registered = getattr(survey, "registered_at", None)
    paper_due = survey.record.due_at if survey else None
    chain = [
        (pgettext_lazy("step", "登记"), S.ALERTED, case.reported_at, False),
        (
            pgettext_lazy("step", "受理"),
            S.ACCEPTED,
            case.acknowledged_at or case.reported_at,
            _late(case.acknowledged_at, case.acknowledge_due_at),
        ),
        (pgettext_lazy("step", "到场"), S.ARRIVED, case.arrived_at, _late(case.arrived_at, case.arrive_due_at)),
        (pgettext_lazy("step", "勘察"), S.SURVEYED, getattr(survey, "surveyed_at", None), False),
        (pgettext_lazy("step", "登记表"), S.REGISTERED, registered, _late(registered, paper_due)),
        (pgettext_lazy("step", "认定"), S.ASSESSED, case.assessed_at, False),
        (pgettext_lazy("step", "方案"), None, decided, False),
        (pgettext_lazy("step", "客户接受"), S.SETTLED, accepted, False),
        (pgettext_lazy("step", "签字"), S.SIGNED, signed, any(s.is_late for s in live)),
        (pgettext_lazy("step", "结案"), S.CLOSED, case.closed_at, False),
    ]
    if case.is_complaint:
        # A complaint is answered; only one that is worth money goes the way of a settlement.
        answered = (pgettext_lazy("step", "调查答复"), S.ASSESSED, case.assessed_at, False)
        chain = [*chain[:2], answered, *(chain[6:9] if live else []), chain[9]]
    rank = RANK.get(S(case.status), 0)
    found, is_current_given = [], case.status in (S.CLOSED, S.VOID)
    for label, status, at, is_late in chain:
        is_done = decided is not None if status is None else RANK[status] <= rank
        state = "done" if is_done else "ahead"
        if not is_done and not is_current_given:
            state, is_current_given = "current", True
        found.append(Mark(label, state, at if is_done else None, is_late and is_done))
    return found


def _first(settlements: list[Settlement], name: str) -> dt.datetime | None:
    return next((value for s in settlements if (value := getattr(s, name))), None)


def _late(done: dt.datetime | None, due: dt.datetime | None) -> bool:
    return done is not None and due is not None and done > due


def clocks(case: Case, survey: Any, settlements: list[Settlement]) -> list[Clock]:
    """The deadlines that have run or are running, in the order in which they come."""
    found: list[Clock] = []
    if case.status == S.VOID:
        return found
    if case.acknowledge_due_at:
        found.append(Clock(lazy("确认受理"), case.acknowledge_due_at, case.acknowledged_at))
    if case.arrive_due_at and case.kind == Case.Kind.ACCIDENT:
        found.append(Clock(lazy("到达现场"), case.arrive_due_at, case.arrived_at))
    if survey and survey.record.due_at:
        found.append(Clock(lazy("提交事故登记表"), survey.record.due_at, survey.registered_at))
    accepted = [s.accepted_at for s in settlements if s.accepted_at]
    answer = getattr(case, "complaint_form", None) if case.is_complaint else None
    if answer and answer.first_answer_due_at:
        found.append(Clock(lazy("首次答复客户"), answer.first_answer_due_at, answer.first_answered_at))
    if answer and answer.replied_at:
        accepted.append(answer.replied_at)
    if case.promised_on:
        # The promised day counts whole: its end is the limit.
        end = clock.day_start(case.promised_on + dt.timedelta(days=1))
        found.append(Clock(lazy("向客户承诺的处理日期"), end, min(accepted) if accepted else case.closed_at))
    label = lazy("四方签署理赔处理表")
    found += [Clock(label, s.form_due_at, s.signed_at) for s in settlements if s.form_due_at and s.status in LIVE]
    return found


OBJECTED = lazy("有人签了不同意：修改理赔处理表，重新请四方签字")
NEXT = {
    S.ALERTED: lazy("确认受理，马上联系客户"),
    S.ACCEPTED: lazy("联系客户，赶到现场"),
    S.ARRIVED: lazy("拍照、记录双方说法，完成勘察"),
    S.SURVEYED: lazy("提交《部门（网店）服务员事故登记表》"),
    S.REGISTERED: lazy("核实市价，认定损失和责任"),
    S.ANSWERING: lazy("调查清楚后答复客户"),
    S.ASSESSED: lazy("提交理赔方案"),
}
CLAUSES = {
    S.ALERTED: "CC-W1.1", S.ACCEPTED: "CC-W1.1", S.ARRIVED: "CC-W1.3", S.SURVEYED: "CC-W1.3", S.REGISTERED: "CC-W1.4", S.ANSWERING: "CC-D1",
    S.ASSESSED: "CC-W1.5",
}  # fmt: skip


# Where the case stands by what its settlements say.
BY_SETTLEMENT = (S.SETTLING, S.SETTLED, S.SIGNED)


@dataclass(frozen=True)
class Standing:
    """What is next, who has it now, and the clause that the step follows."""

    next_step: Any
    holder: str
    clause: str = ""


def standing(case: Case, settlements: list[Settlement], at: dt.datetime, *, may_know_worker: bool) -> Standing:
    """Next step and holder, from the case and its settlements; one or two small reads while others have it."""
    handler = _named(case.handler, lazy("经办人"))
    if case.status == S.ASSESSED and case.attempts:
        return Standing(lazy("客户不满意，重新商谈并提交方案"), handler, "CC-W1.6")
    if case.status == S.ACCEPTED and case.called_at:
        return Standing(lazy("赶到现场，到场时登记"), handler, CLAUSES[S.ACCEPTED])
    if case.status in NEXT:
        return Standing(NEXT[S(case.status)], handler, CLAUSES[S(case.status)])
    live = [s for s in settlements if s.status in LIVE]
    if case.status == S.SETTLING:
        return _settling(live, handler, at)
    if case.status == S.SETTLED:
        return _settled(live, handler, may_know_worker)
    if case.status == S.SIGNED:
        return _signed(case, live, handler)
    if case.status == S.CLOSED and _owes_analysis(case):
        return Standing(lazy("提交事故分析"), handler, "CC-W2.1")
    return Standing("", "")


def _named(person: Any, role: Any) -> str:
    return _("%(name)s（%(role)s）") % {"name": person.shown_name, "role": role} if person else ""


def _settling(live: list[Settlement], handler: str, at: dt.datetime) -> Standing:
    waiting = next((s for s in live if s.status == Settlement.Status.PROPOSED), None)
    if waiting is None:
        return Standing(lazy("与客户商谈，谈成后登记客户接受"), handler, "CC-W1.6")
    step = next(iter(waiting_for(waiting.record_id)), None)
    people = who_has(step, at) if step else []
    who = join(person.shown_name for person in people)
    post = waits_for(waiting, step)
    return Standing(
        _("等%(post)s审批理赔方案") % {"post": post},
        _("%(name)s（%(role)s）") % {"name": who, "role": post} if who else post,
        "CC-W1.5",
    )


def waits_for(settlement: Settlement, step: Step | None) -> str:
    """The post that decides now: the one of the limit, or above it where time has passed or nobody sits."""
    return post_name(step.seat.post_id if step is not None and step.seat else settlement.authority)


def _settled(live: list[Settlement], handler: str, may_know_worker: bool) -> Standing:
    accepted = [s.pk for s in live if s.status == Settlement.Status.ACCEPTED]
    rows = (
        Signature.objects.filter(record_id__in=accepted, state=Signature.State.WAITING)
        .select_related("signer")
        .order_by("order")
    )
    # The worker's name is hidden from others even where only the signature is missing (CC-D3).
    people = [
        row.signer.shown_name if may_know_worker or row.role != "worker" else _("事故责任人")
        for row in rows
        if row.signer
    ]
    names = join(people)
    if names:
        return Standing(lazy("四方签署理赔处理表"), names, "CC-W1.7")
    is_filled = any(s.root_cause for s in live if s.status == Settlement.Status.ACCEPTED)
    return Standing(OBJECTED if is_filled else lazy("填写《事故理赔处理表》，请四方签字"), handler, "CC-W1.7")


def _signed(case: Case, live: list[Settlement], handler: str) -> Standing:
    if any(s.status == Settlement.Status.SIGNED and cash_due(s) > 0 for s in live):
        return Standing(lazy("财务付款"), _("财务部"), "CC-W1.6")
    if case.satisfaction is None:
        return Standing(lazy("回访客户，录入满意度"), _("话务员或客户本人"), "CC-W1.6")
    return Standing(lazy("结案"), handler, "CC-W1.6")


def _owes_analysis(case: Case) -> bool:
    task = getattr(case, "learning", None)
    return task is not None and task.submitted_at is None
