"""Activities and instant decisions in the caller's scope; added to the app's router by `api`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from ninja import Router

from zhangfa.administration import actions, activity
from zhangfa.administration.activity_rules import CLAUSE, DECISIONS, EVENTS
from zhangfa.administration.models import Activity, ActivityLine, DecisionList, InstantDecision
from zhangfa.administration.permissions import (
    decide_instantly,
    propose_activity,
    read_activities,
    read_decisions,
    read_lists,
)
from zhangfa.administration.web.activities import Activities
from zhangfa.administration.web.activity_forms import (
    ACTIVITY_FORMS,
    ActivityForm,
    InstantForm,
    ListForm,
    NoteForm,
    RevokeForm,
)
from zhangfa.administration.web.decisions import DecisionLists, Decisions
from zhangfa.core.money import ZERO
from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.things import making

ACTIVITY, DECISION, LIST = "/activities/{key}", "/decisions/{key}", "/decision-lists/{key}"
BY_HAND = ("withdraw_activity", *ACTIVITY_FORMS)


class ActivityOut(Schema):
    """One activity: budget, sum of its event, who decides, what it came to."""

    id: str
    number: str
    title: str
    theme: str
    status: str
    status_label: str
    begins_on: dt.date
    ends_on: dt.date
    people: int
    amount: str
    total: str
    approved_amount: str | None
    actual_amount: str | None
    spent: str
    paid: str | None
    came: int
    authority: str
    why: list[str]
    version: int
    url: str


class InstantOut(Schema):
    """One instant decision with its ground and effect."""

    id: str
    number: str
    matter: str
    facts: str
    decision: str
    effect: str
    ground: str
    amount: str | None
    responsible: int
    decided_at: dt.datetime
    status: str
    revoked_from: dt.date | None
    url: str


class DecisionListOut(Schema):
    id: str
    number: str
    week_on: dt.date
    status: str
    decisions: list[str]
    sent_at: dt.datetime
    noted_at: dt.datetime | None


def _text(amount: Any) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _with_rows(_call: Call, rows: Sequence[Any]) -> None:
    """What the lines of a page need, read once for all of them."""
    if rows and isinstance(rows[0], DecisionList):
        prefetch_related_objects(list(rows), "decisions__record")
    elif rows:
        prefetch_related_objects(list(rows), "lines", "guests", "record__steps")


def activity_shown(_call: Call, row: Activity) -> ActivityOut:
    step = max(row.record.steps.all(), key=lambda one: one.seq, default=None)
    spent = sum((line.amount for line in row.lines.all() if line.kind == ActivityLine.Kind.COST), ZERO)
    return ActivityOut(
        id=str(row.pk), number=row.record.number or "", title=row.title, theme=row.theme, status=row.status, status_label=row.get_status_display(),
        begins_on=row.begins_on, ends_on=row.ends_on, people=row.people, amount=f"{row.amount:.2f}", total=f"{row.total:.2f}",
        approved_amount=_text(row.approved_amount), actual_amount=_text(row.actual_amount), spent=f"{spent:.2f}", paid=_text(row.actual_amount) if row.status == Activity.Status.PAID else None,
        came=row.guests.count(), authority=step.facts["authority"] if step else "", why=activity.why_of(step.facts) if step else [],
        version=row.version, url=row.get_absolute_url(),
    )  # fmt: skip


def instant_shown(_call: Call, row: InstantDecision) -> InstantOut:
    return InstantOut(
        id=str(row.pk), number=row.record.number or "", matter=row.matter, facts=row.facts, decision=row.decision, effect=row.effect, ground=row.ground,
        amount=_text(row.amount), responsible=row.responsible_id, decided_at=row.decided_at, status=row.status, revoked_from=row.revoked_from,
        url=row.get_absolute_url(),
    )  # fmt: skip


def list_shown(_call: Call, row: DecisionList) -> DecisionListOut:
    numbers = sorted(str(one.record) for one in row.decisions.all())
    return DecisionListOut(
        id=str(row.pk), number=row.record.number or "", week_on=row.week_on, status=row.status, decisions=numbers,
        sent_at=row.sent_at, noted_at=row.noted_at,
    )  # fmt: skip


def _finder(model: Any, permission: Any) -> Any:
    def find(call: Call) -> Any:
        rows = model.objects.visible_to(call.actor).select_related("record")
        found = call.one(rows, **key_lookup(call.path["key"], "record__number"))
        call.check(permission, found)
        return found

    return find


def register(router: Router) -> None:
    """Add the operations."""
    find_activity, find_decision = _finder(Activity, read_activities), _finder(InstantDecision, read_decisions)
    find_list = _finder(DecisionList, read_lists)
    lists(
        router,
        "/activities",
        id="activities",
        summary=_("公司活动"),
        page=Activities,
        line=activity_shown,
        out=ActivityOut,
        about=EVENTS,
        prepare=_with_rows,
    )
    creates(
        router, "/activities", id="activity_propose", summary=_("提交活动方案"), form=ActivityForm, act=making(actions.propose_one),
        show=activity_shown, out=ActivityOut, permission=propose_activity, about=CLAUSE,
    )  # fmt: skip
    reads(router, ACTIVITY, id="activity", summary=_("一项活动"), give=lambda call: activity_shown(call, find_activity(call)), out=ActivityOut, about=EVENTS)  # fmt: skip
    transitions(router, ACTIVITY, model=Activity, noun="activity", forms_of=ACTIVITY_FORMS, find=find_activity, show=activity_shown, out=ActivityOut, only=BY_HAND)  # fmt: skip
    lists(
        router,
        "/decisions",
        id="decisions",
        summary=_("即时决定"),
        page=Decisions,
        line=instant_shown,
        out=InstantOut,
        about=DECISIONS,
    )
    creates(
        router, "/decisions", id="decision_decide", summary=_("即时决定"), form=InstantForm, act=making(actions.decide_at_once), show=instant_shown,
        out=InstantOut, permission=decide_instantly, about=DECISIONS,
    )  # fmt: skip
    reads(router, DECISION, id="decision", summary=_("一项即时决定"), give=lambda call: instant_shown(call, find_decision(call)), out=InstantOut, about=DECISIONS)  # fmt: skip
    transitions(router, DECISION, model=InstantDecision, noun="decision", forms_of={"revoke": RevokeForm}, find=find_decision, show=instant_shown, out=InstantOut)  # fmt: skip
    lists(router, "/decision-lists", id="decision_lists", summary=_("周清单"), page=DecisionLists, line=list_shown, out=DecisionListOut, about=DECISIONS, prepare=_with_rows)  # fmt: skip
    creates(
        router, "/decision-lists", id="decision_list_send", summary=_("报总经理"), form=ListForm, act=making(actions.send_list), show=list_shown,
        out=DecisionListOut, permission=decide_instantly, about=DECISIONS,
    )  # fmt: skip
    reads(router, LIST, id="decision_list", summary=_("一张周清单"), give=lambda call: list_shown(call, find_list(call)), out=DecisionListOut, about=DECISIONS)  # fmt: skip
    transitions(router, LIST, model=DecisionList, noun="decision_list", forms_of={"note_list": NoteForm}, find=find_list, show=list_shown, out=DecisionListOut)  # fmt: skip
