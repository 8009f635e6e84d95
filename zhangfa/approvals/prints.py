"""Decisions as they stand under a printed form."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import steps_of
from zhangfa.policy.wording import post_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Sign, when
from zhangfa.ui.words import text


def decisions_of(record: Record, *, head: str = "") -> list[Sign]:
    """Each step that counts: the post, who decided for whom, when, and what they said; `head` names the head's role on this form (X-5)."""
    return [_decision(step, head) for step in steps_of(record) if step.state != Step.State.VOID]


def _decision(step: Step, head: str) -> Sign:
    return Sign(
        role=head if head and step.role == "head" else post_name(step.role), state="signed" if step.decided_at else "waiting",
        name=step.decided_by.shown_name if step.decided_by else "", at=when(step.decided_at), opinion=step.opinion, result=text(step.get_state_display()),
        note=_("代 %(name)s") % {"name": step.principal.shown_name} if step.principal else "",
    )  # fmt: skip
