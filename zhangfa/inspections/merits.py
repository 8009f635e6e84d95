"""What rewards and penalties lend to the house: decisions, paper, notices, menu, statuses, what waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals.models import Step
from zhangfa.approvals.registry import kind
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.inspections import merit_permissions as permissions
from zhangfa.inspections.actions import merits as actions
from zhangfa.inspections.models import Merit
from zhangfa.inspections.web import merits as pages
from zhangfa.notices import registry as notices
from zhangfa.organisation.actor import Actor
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.ui import menu, registry
from zhangfa.ui.registry import Item
from zhangfa.ui.words import text

NOTICES: Mapping[str, str] = {
    "inspections.merit_hearing": _("有一份关于您的奖惩意见 %(number)s，请写明您的说法，之后才会决定。"),
    "inspections.merit_decided": _("关于您的奖惩意见 %(number)s 已决定，请查看。"),
    "inspections.merit_over": _("关于您的奖惩意见 %(number)s 已撤回。"),
}


def register() -> None:
    """Fill the registries; called once at start-up."""
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    policy.reads(actions.REWARD_CAP)
    about = {"lock": actions.lock_merit, "summary": lambda step: step.facts.get("number", ""), "why": _why}
    kind(actions.KIND, _("奖惩意见"), decided=actions.follow_merit, **about)
    kind(actions.APPEAL, _("奖惩申诉"), decided=actions.follow_appeal, **about)
    forms.add(Form(actions.FORM, _("奖惩意见"), visible=_sees, build=_print, content=_content))
    duties.offer_models({actions.FORM: Merit})
    registry.statuses.add("inspections.merit.status", pages.STATUSES)
    registry.todo.add("merits", todo, label=lazy("奖惩意见"), order=31, url="inspections:merits")
    menu.register(
        "merits", lazy("奖惩意见"), "inspections:merits", icon="award", permission=permissions.read_merits, order=46, group="governance",
    )  # fmt: skip


def _why(step: Step) -> list[str]:
    row = Merit.objects.select_related("ground").filter(pk=step.record_id).first()
    if row is None:
        return []
    said = [text(row.get_kind_display()) + gettext("：") + text(row.get_measure_display()), row.fact]
    if row.ground:
        said.append(f"{row.ground.title} {row.clause}")
    if row.statement:
        said.append(gettext("本人陈述：%(text)s") % {"text": row.statement})
    if row.appeal:
        said.append(gettext("申诉：%(text)s") % {"text": row.appeal})
    return said


def _sees(actor: Actor, record: Record) -> bool:
    """The person, the proposer, administration; and whoever the decision lies before or was made by."""
    if Merit.objects.visible_to(actor).filter(pk=record.pk).exists():
        return True
    return record.steps.filter(Q(seat__in=[s.id for s in actor.seats]) | Q(decided_by_id=actor.person_id or 0)).exists()


def _content(record: Record) -> dict[str, Any]:
    row = Merit.objects.get(pk=record.pk)
    names = ("kind", "measure", "amount", "person_id", "fact", "ground_id", "clause", "statement")
    return {name: getattr(row, name) for name in names}


def _print(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.inspections.merit_prints import merit

    return merit(record, **kwargs)


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """One's own word that is awaited, and what administration has to carry out."""
    if actor.person_id is None:
        return []
    waits = Q(person_id=actor.person_id, status=Merit.Status.PROPOSED)
    if actor.holds(*permissions.EXECUTORS):
        waits |= Q(status=Merit.Status.AGREED) & ~Q(person_id=actor.person_id)
    rows = Merit.objects.filter(waits).select_related("record").order_by("pk")[: 2 * registry.LIMIT]
    return [
        Item(
            gettext("陈述：奖惩意见") if row.status == Merit.Status.PROPOSED else gettext("执行奖惩意见"), row.get_absolute_url(),
            row.record.number or "",
        )
        for row in rows
    ]  # fmt: skip
