"""Who may do what to a case: refusals about the person, before any data is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from zhangfa.claims.rules import CONFIRMING_POSTS
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor

REPORTING_POSTS = ("op", "ops", "oa", "cc", "cs", "sl")
Permit = Callable[..., Iterator[Refusal]]


def case_of(obj: Any) -> Any:
    return getattr(obj, "case", obj)


def people_behind(by: Actor) -> set[int]:
    """The actor and those for whom the actor stands in."""
    return {seat.person_id for seat in by.seats if seat.is_delegated} | ({by.person_id} if by.person_id else set())


def handler(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-W1: the case's handler, or who stands in for them."""
    case = case_of(obj)
    if case.handler_id not in people_behind(by):
        name = case.handler.shown_name if case.handler else ""
        yield Refusal(
            "case.handler", _("这一步由经办人%(name)s办理。"), {"name": name}, "CC-W1.1", "", (_handler_post(case),)
        )


def handler_for(clause: str) -> Permit:
    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        for refusal in handler(obj, by=by, at=at):
            yield Refusal(refusal.code, refusal.text, refusal.params, clause, refusal.field, refusal.who)

    return permit


def posts(clause: str, *codes: str) -> Permit:
    """Holders of one of the posts."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        if not by.holds(*codes):
            yield Refusal("case.post", _("您的岗位不能办理这一步。"), {}, clause, "", codes)

    return permit


def second_person(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-D7: somebody other than the handler confirms, and neither the worker concerned nor who made the survey before."""
    case = case_of(obj)
    surveyor = getattr(getattr(case, "survey", None), "surveyor_id", None)
    if not by.holds(*CONFIRMING_POSTS):
        yield Refusal("case.post", _("您的岗位不能办理这一步。"), {}, "CC-D7", "", CONFIRMING_POSTS)
    elif people_behind(by) & {case.handler_id, case.worker_id, surveyor}:
        yield Refusal(
            "case.second_person", _("须由经办人、勘察人和责任人以外的另一人确认。"), {}, "CC-D7", "", CONFIRMING_POSTS
        )


def not_handler(*codes: str) -> Permit:
    """CC-W1.6: holders of the posts, but never the handler of the case."""

    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        case = case_of(obj)
        if not by.holds(*codes):
            yield Refusal("case.post", _("您的岗位不能办理这一步。"), {}, "CC-W1.6", "", codes)
        elif case.handler_id in people_behind(by) or case.worker_id in people_behind(by):
            yield Refusal("case.not_handler", _("经办人和责任人不能录入，请由他人办理。"), {}, "CC-W1.6", "", codes)

    return permit


def handler_or(clause: str, *codes: str) -> Permit:
    def permit(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        case = case_of(obj)
        if case.handler_id not in people_behind(by) and not by.holds(*codes):
            yield Refusal(
                "case.handler",
                _("这一步由经办人%(name)s办理。"),
                {"name": case.handler.shown_name if case.handler else ""},
                clause,
                "",
                codes,
            )

    return permit


link_events = handler_or("CC-W1.5", "cc", "cs")
submit_learning = handler_or("CC-W2.1", "cs")
make_links = handler_or("CC-W1.6", "op", "ops", "cs")


def archive_talk(talk: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-D8: who spoke with the customer, or the handler, brings the archive up to date."""
    if not people_behind(by) & {talk.case.handler_id, talk.by_id}:
        yield Refusal(
            "case.handler", _("这一步由经办人%(name)s办理。"), {"name": talk.by.shown_name}, "CC-D8", "", ("cc",)
        )


def _handler_post(case: Any) -> str:
    return "oa" if case.is_outlet_handled else "cc"


def report_pressure(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-D3: the person responsible, nobody in their name."""
    if by.person_id is None or by.person_id != case_of(obj).worker_id:
        yield Refusal("pressure.own", _("只有事故责任人本人可以反映。"), {}, "CC-D3", "", ("sw",))


def answer_pressure(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-D3: those above the handler; a manager who handles the case leaves it to who stands above."""
    case = case_of(obj)
    if not by.holds("cs", "dgm", "gm") or people_behind(by) & {case.handler_id, case.worker_id}:
        yield Refusal("pressure.above", _("由不经办本案的客服中心经理或公司领导处理。"), {}, "CC-D3", "", ("cs", "dgm"))


def read_pressure(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """CC-D3: who reported it, and those who answer it."""
    if [*report_pressure(obj, by=by, at=at)]:
        yield from answer_pressure(obj, by=by, at=at)
