"""Proposals to change the company's figures."""

from __future__ import annotations

import datetime as dt

from django import forms
from ninja import Router

from zhangfa.administration import actions, affair_api, calendar_api, coordination_api, queries, revision_api
from zhangfa.administration.models import PolicyChange
from zhangfa.administration.permissions import CLAUSE, propose_change, read_changes
from zhangfa.administration.web.changes import BY_HAND, ChangeList
from zhangfa.administration.web.forms import ChangeForm
from zhangfa.core.text import _
from zhangfa.policy.queries import definitions
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.operations import Input
from zhangfa.ui.forms import TextField

router = Router()


class AgainForm(ChangeForm):
    """The figure as text, whatever its kind: the rule checks it."""

    value = TextField(label=_("新的值"), max_length=200, required=False)


class ProposeForm(AgainForm):
    key = forms.ChoiceField(label=_("修改哪个值"), choices=[(key, key) for key in definitions()])


class ChangeOut(Schema):
    """One proposal: old and new, from when, why, and what became of it."""

    id: str
    number: str
    key: str
    title: str
    status: str
    status_label: str
    old_value: str
    value: str
    effective_from: dt.date
    reason: str
    proposed_at: dt.datetime
    proposed_by: str
    enacted_version: int | None
    version: int
    url: str


def shown(_call: Call, change: PolicyChange) -> ChangeOut:
    return ChangeOut(
        id=str(change.pk), number=change.record.number or "", key=change.key, title=queries.title_of(change.key), status=change.status,
        status_label=change.get_status_display(), old_value=change.old_value, value=change.value, effective_from=change.effective_from,
        reason=change.reason, proposed_at=change.proposed_at, proposed_by=change.proposed_by.shown_name if change.proposed_by else "",
        enacted_version=change.enacted_version, version=change.version, url=change.get_absolute_url(),
    )  # fmt: skip


def find(call: Call) -> PolicyChange:
    rows = PolicyChange.objects.visible_to(call.actor).select_related("record", "proposed_by")
    found: PolicyChange = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_changes, found)
    return found


def _propose(given: Input) -> PolicyChange:
    change = actions.propose(by=given.call.actor, at=given.call.at, **given.params)
    return PolicyChange.objects.select_related("record", "proposed_by").get(pk=change.pk)


CHANGE = "/policy/changes/{key}"
lists(
    router,
    "/policy/changes",
    id="policy_changes",
    summary=_("章程修改"),
    page=ChangeList,
    line=shown,
    out=ChangeOut,
    about=CLAUSE,
)
creates(
    router, "/policy/changes", id="policy_change_propose", summary=_("提出修改"), form=ProposeForm, act=_propose, show=shown, out=ChangeOut,
    permission=propose_change, about=CLAUSE,
)  # fmt: skip
reads(
    router,
    CHANGE,
    id="policy_change",
    summary=_("一份章程修改单"),
    give=lambda call: shown(call, find(call)),
    out=ChangeOut,
    about=CLAUSE,
)
transitions(
    router, CHANGE, model=PolicyChange, noun="policy_change", forms_of={"propose_again": AgainForm}, find=find, show=shown, out=ChangeOut,
    only=BY_HAND,
)  # fmt: skip
affair_api.register(router)
coordination_api.attach_to(router)
calendar_api.attach_to(router)
revision_api.attach_to(router)
