"""A complaint on the case record: its chain, its deadlines, what is next, and the content of its form (CC-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.models import LIVE, Case, ComplaintForm, Settlement
from zhangfa.claims.web import progress
from zhangfa.claims.web.progress import Clock, Mark, Standing
from zhangfa.core import clock
from zhangfa.ui.words import join

S = Case.Status
Step = tuple[Any, bool, dt.datetime | None, bool]  # label, done, when, late
OVER = (S.SIGNED, S.CLOSED)


def marks(case: Case, settlements: list[Settlement]) -> list[Mark]:
    """The chain of a complaint: answered, or where it is worth money settled; a dissatisfied customer opens it again."""
    form: ComplaintForm = case.complaint_form
    taken, answered, told = form.acknowledged_at, form.first_answered_at, case.status in OVER
    chain: list[Step] = [
        (lazy("登记"), True, case.reported_at, False),
        (lazy("受理"), taken is not None, taken, _late(taken, case.acknowledge_due_at)),
        (lazy("首次答复"), answered is not None, answered, _late(answered, form.first_answer_due_at)),
        (lazy("调查"), bool(form.investigation) or case.status not in (S.ALERTED, S.ANSWERING), None, False),
    ]
    if case.assessed_at:
        chain += _money(case, [s for s in settlements if s.status in LIVE])
    else:
        chain.append((lazy("答复了结"), told, form.replied_at, form.is_late))
    is_rated = case.satisfaction is not None and told
    chain += [
        (lazy("客户评价"), is_rated, case.satisfaction_at if is_rated else None, False),
        (lazy("结案"), case.status == S.CLOSED, case.closed_at, False),
    ]
    return _standing_in_line(case, chain)


def _money(case: Case, live: list[Settlement]) -> list[Step]:
    """Compensation goes the way of a settlement (CC-W1.5)."""
    last = live[-1] if live else None
    accepted = last.accepted_at if last else None
    day = case.complaint_form.agreed_on
    is_late = accepted is not None and day is not None and clock.local_date(accepted) > day
    return [
        (lazy("认定补偿"), True, case.assessed_at, False),
        (lazy("方案"), last is not None and last.decided_at is not None, last.decided_at if last else None, False),
        (lazy("客户接受"), accepted is not None, accepted, is_late),
        (lazy("签字"), last is not None and last.signed_at is not None, last.signed_at if last else None, bool(last and last.is_late)),
    ]  # fmt: skip


def _standing_in_line(case: Case, chain: list[Step]) -> list[Mark]:
    found, is_current_given = [], case.status in (S.CLOSED, S.VOID)
    for label, is_done, at, is_late in chain:
        state = "done" if is_done else "ahead"
        if not is_done and not is_current_given:
            state, is_current_given = "current", True
        found.append(Mark(label, state, at if is_done else None, is_late and is_done))
    return found


def _late(done: dt.datetime | None, due: dt.datetime | None) -> bool:
    return done is not None and due is not None and done > due


def clocks(case: Case, settlements: list[Settlement]) -> list[Clock]:
    """Taking up, first answer, the day agreed with the customer, and the form where money is paid."""
    form: ComplaintForm = case.complaint_form
    found: list[Clock] = []
    if case.status == S.VOID:
        return found
    if case.acknowledge_due_at:
        found.append(Clock(lazy("受理投诉"), case.acknowledge_due_at, form.acknowledged_at))
    if form.first_answer_due_at:
        found.append(Clock(lazy("首次答复客户"), form.first_answer_due_at, form.first_answered_at))
    if form.agreed_on:
        # The agreed day counts whole: its end is the limit.
        found.append(Clock(lazy("与客户核定的完成日"), end_of(form.agreed_on), solved_at(case, settlements)))
    label = lazy("四方签署理赔处理表")
    found += [Clock(label, s.form_due_at, s.signed_at) for s in settlements if s.form_due_at and s.status in LIVE]
    return found


def end_of(day: dt.date) -> dt.datetime:
    return clock.day_start(day + dt.timedelta(days=1))


def solved_at(case: Case, settlements: list[Settlement]) -> dt.datetime | None:
    """When the customer had the answer or accepted compensation; None again while a dissatisfied one waits."""
    if case.status in (S.ALERTED, S.ANSWERING, S.ASSESSED, S.SETTLING):
        return None
    accepted = [s.accepted_at for s in settlements if s.accepted_at and s.status in LIVE]
    return max(accepted) if accepted else case.complaint_form.replied_at or case.closed_at


def next_step(case: Case) -> Any:
    """What the handler does next; empty where the case goes on like an accident's."""
    form: ComplaintForm = case.complaint_form
    if case.status == S.ALERTED:
        return lazy("受理投诉，与客户核定完成日")
    if case.status != S.ANSWERING:
        return ""
    if form.first_answered_at is None:
        return lazy("给客户首次答复")
    if case.satisfaction is not None:
        return lazy("客户不满意，重新处理后再答复")
    return lazy("答复客户并了结，或认定补偿") if form.investigation else lazy("调查清楚，记录原因")


def order(case: Case) -> tuple[str, ...]:
    """The steps in the order of the work: what is next stands first."""
    own = ("resolve", "investigate") if case.complaint_form.investigation else ("investigate", "resolve")
    return ("take_up", "first_answer", *own, "compensate", "propose", "log_talk", "move_day", "rate", "close")


def due_of(case: Case) -> dt.datetime | None:
    """The deadline that runs now: taking up, the first answer, then the agreed day."""
    form: ComplaintForm = case.complaint_form
    if case.status == S.ALERTED:
        return case.acknowledge_due_at
    if case.status == S.ANSWERING and form.first_answered_at is None:
        return form.first_answer_due_at
    return end_of(form.agreed_on) if form.agreed_on else None


def standing(case: Case, settlements: list[Settlement], at: dt.datetime, *, may_know_worker: bool) -> Standing:
    """Next step and holder."""
    usual = progress.standing(case, settlements, at, may_know_worker=may_know_worker)
    own = next_step(case)
    return Standing(own, usual.holder, "CC-D1") if own else usual


def sheet(case: Case, settlements: list[Settlement], at: dt.datetime) -> dict[str, Any]:
    """The form's content as the page shows it."""
    form: ComplaintForm = case.complaint_form
    names = dict(REMEDIES)
    last = next((s for s in reversed(settlements) if s.accepted_at and s.status in LIVE), None)
    solved = solved_at(case, settlements)
    is_over = form.agreed_on is not None and (solved or at) >= end_of(form.agreed_on)
    return {
        "form": form, "remedies": join(str(names.get(code, code)) for code in form.remedies),
        "resolutions": join(str(names.get(code, code)) for code in form.resolutions),
        "is_late": form.is_late or (is_over and case.status != S.VOID), "compensation": last.approved_total if last else None,
        "is_answered": form.replied_at is not None or last is not None,
    }  # fmt: skip


def _take_up(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"agreed_on": case.complaint_form.agreed_on}


def _investigate(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {name: getattr(case.complaint_form, name) for name in ("investigation", "cause", "root_cause", "avoidable")}


def _compensate(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    return {"amount": case.payable or case.estimate or None, "ground": case.liability_basis}


def _resolve(case: Case, request: Any, at: dt.datetime) -> dict[str, Any]:
    names = ("investigation", "cause", "root_cause", "avoidable", "resolutions", "resolution")
    return {name: getattr(case.complaint_form, name) for name in names}


FIRST_VALUES: dict[str, Callable[[Any, Any, dt.datetime], dict[str, Any]]] = {
    "take_up": _take_up,
    "move_day": _take_up,
    "investigate": _investigate,
    "compensate": _compensate,
    "resolve": _resolve,
}
