"""A problem from a visit as the origin of meetings and regulations, and what these bring back to it (CS-W3.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from zhangfa.care.actions.threads import ruled, told
from zhangfa.care.models import Thread
from zhangfa.care.rules import THREAD
from zhangfa.claims.queries import person_in
from zhangfa.core.text import _ as mark
from zhangfa.core.transitions import Happened, announce
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.regulations.registry import Origin, Stage

SOURCE = "care.visit"
RESOLVED, PROMULGATED = "meetings.source.resolved", "regulations.source.promulgated"
MET, NO_RULE = "care.thread.met", mark("会议决定不需要新的制度，按会议决定办理。")
# Those who call the meeting and bring out the rule follow the chain; who sees the visit sees it anyway.
READERS = ("gm", "dgm", "cs", "am")
S = Thread.Status


def seen(actor: Actor, source_id: str) -> Thread | None:
    """The thread for whoever may follow it."""
    try:
        pk = UUID(source_id)
    except ValueError:
        return None
    rows = Thread.objects.all() if actor.is_system or actor.holds(*READERS) else Thread.objects.visible_to(actor)
    return rows.select_related("record", "visit", "raised_by", "answered_by").filter(pk=pk).first()


def words(actor: Actor, source_id: str, at: dt.datetime) -> dict[str, str]:
    """What the call of its meeting begins with. Everybody invited reads the topic: it names problem and paper, not the customer."""
    thread = seen(actor, source_id)
    if thread is None:
        return {}
    facts = {"problem": thread.visit.get_problem_display(), "number": thread.record.number}
    return {"topic": _("%(problem)s：访问问题 %(number)s") % facts, "problem": thread.visit.problem_text[:1000]}


def find(actor: Actor, source_id: str, at: dt.datetime) -> Origin | None:
    """The thread as the chain of rules knows it: problem, meeting, rule, answer."""
    thread = seen(actor, source_id)
    if thread is None:
        return None
    url = thread.get_absolute_url()
    raised = Stage(
        _("访问中发现问题"), thread.raised_at, holder=thread.raised_by.shown_name if thread.raised_by else "", url=url,
        note=thread.visit.get_problem_display(), clause=THREAD,
    )  # fmt: skip
    answered = Stage(
        _("答复客户"), thread.answered_at, thread.answer_due_at, thread.answered_by.shown_name if thread.answered_by else "", url,
        is_open=thread.status == S.RULED, clause=THREAD,
    )  # fmt: skip
    noted = thread.rule if thread.ruled_at and not thread.rule_url else ""
    return Origin(
        title=f"{thread.record.number} {thread.visit.get_problem_display()}", url=url, number=thread.record.number or "", started_at=thread.raised_at,
        meeting_due_at=thread.meeting_due_at, promulgate_due_at=thread.rule_due_at, needs_meeting=True, waived=noted, before=[raised], after=[answered],
        is_closed=thread.status == S.ANSWERED, meeting_id=thread.held_meeting_id, regulation_id=thread.regulation_id,
    )  # fmt: skip


def follow(happened: Happened) -> None:
    """A meeting about the problem decided, or a rule born of it came out: the thread goes on by itself."""
    if happened.event == MET:
        # The meeting that was linked asks for no rule: what is left is to answer the customer.
        if not happened.codes["needs_rule"]:
            _ruled(Thread.objects.lock(happened.obj.pk), str(NO_RULE), None, happened)
        return
    if happened.event not in (RESOLVED, PROMULGATED):
        return
    kind, _colon, key = str(happened.codes.get("subject", "")).partition(":")
    try:
        pk = UUID(key) if kind == "record" else None
    except ValueError:
        return
    if pk is None:
        return
    # A rule may be drafted from the page of the meeting, too: then it is the meeting's, and through it the problem's.
    about = Q(pk=pk) | Q(held_meeting_id=pk) if happened.event == PROMULGATED else Q(pk=pk)
    for key in Thread.objects.filter(about).order_by("pk").values_list("pk", flat=True):
        thread = Thread.objects.lock(key)
        if happened.event == RESOLVED and thread.status == S.OPEN and happened.obj.is_passed is not False:
            _met(thread, happened)
        elif happened.event == PROMULGATED and thread.status in (S.OPEN, S.MET):
            _ruled(thread, happened.obj.title, happened.obj, happened)


def _met(thread: Thread, happened: Happened) -> None:
    told(thread, happened.obj)
    thread.status = S.MET
    thread.version += 1
    thread.save()
    if not happened.obj.needs_rule:
        _ruled(thread, str(NO_RULE), None, happened)


def _ruled(thread: Thread, rule: str, regulation: Any, happened: Happened) -> None:
    at = happened.at
    ruled(thread, at, rule, regulation)
    thread.status = S.RULED
    thread.version += 1
    thread.save()
    announce(
        "care.thread.ruled", thread, by=happened.by, at=at, label=mark("制度已出台，答复客户"), record_id=thread.pk, clause=THREAD,
        codes={"answer_due_at": thread.answer_due_at, "subject": f"record:{thread.pk}"},
    )  # fmt: skip
    manager = person_in("cs", at)
    notify([manager.pk if manager else None], "care.ruled", {"number": thread.record.number}, at=at, record_id=thread.pk, url=thread.get_absolute_url(), clause=THREAD)  # fmt: skip
