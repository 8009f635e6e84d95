"""What the people's app lends to the house: figures read, decisions, forms, notices, menu, statuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals.registry import kind
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.notices import registry as notices
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.people import leave as facts_of
from zhangfa.people import leave_words, permissions
from zhangfa.people import training as ledger
from zhangfa.people.actions import hours, notes, training
from zhangfa.people.actions import leave as actions
from zhangfa.people.models import Leave, MedicalNote, Training
from zhangfa.people.web import leave as pages
from zhangfa.people.web import training as training_pages
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record, Signature
from zhangfa.records.registry import Form, Role, forms
from zhangfa.records.sensitive import declare
from zhangfa.ui import menu, registry

NOTICES: Mapping[str, str] = {
    "people.leave.stands_in": _("%(from_on)s 至 %(to_on)s 由您代理请假的同事（%(number)s），期间的审批会到您这里。"),
    "people.leave.no_delegate": _("请假单 %(number)s 已批准，但代理人现在不能代理，期间的审批由您的上级处理。"),
    "people.leave.cancelled": _("请假单 %(number)s 已由请假人取消。"),
    "people.leave.ended": _("请假单 %(number)s 已销假。"),
    "people.training.signed_at_hand": _(
        "您的姓名由 %(name)s 的手机签在培训记录 %(number)s 的签到栏。如果不是您本人签的，请马上告诉人事。"
    ),
    "people.leave.note_owed": _("请假单 %(number)s 的医院证明到期没有交。"),
}
PAGES = [("people:leaves", _("请假")), ("people:leave-calendar", _("请假日历")), ("people:balance", _("我的假期余额"))]
TRAINING = [
    ("people:trainings", _("培训")),
    ("people:training-ledger", _("培训台账")),
    ("people:hours-reports", _("学时月报")),
]


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(*facts_of.READS)
    policy.serves("AM-W4.1", policy.WORKS, PAGES)
    policy.reads(*ledger.READS)
    for clause in ("AM-D3", "CS-D6", "CC-D6", "HS-D9", "LS-D6", "HR-D3"):
        policy.serves(clause, policy.PARTIAL, TRAINING)
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    kind(
        actions.KIND, _("请假"), lock=actions.lock_leave, decided=actions.follow, summary=leave_words.step_summary, why=leave_words.step_why,
        decide_url=leave_words.decide_url,
    )  # fmt: skip
    forms.add(Form(actions.FORM, _("请假单"), visible=_sees_leave, content=_content, build=_print))
    duties.offer_models({actions.FORM: Leave, notes.FORM: MedicalNote, training.FORM: Training})
    forms.add(Form(notes.FORM, _("医院证明"), visible=_sees_note))
    forms.add(
        Form(
            training.FORM,
            _("培训记录"),
            visible=_sees_training,
            build=_print_training,
            may_write=_keeps_training,
            content=_training_content,
            handlers=_training_keepers,
            signed=_signed_in,
            lock=lambda record: Training.objects.lock(record.pk),
            roles=(Role(training.LEARNER, _("签到"), _("本人参加了这次培训。"), is_at_hand=True, is_each=True),),
        )
    )
    forms.add(Form(hours.FORM, _("培训学时月报"), visible=_reads_hours, build=_print_hours))
    duties.offer_published(hours.FORM)
    declare("people.leave", "reason", may_see=knows_reason)
    registry.statuses.add("people.leave.status", pages.STATUSES)
    registry.statuses.add("people.training.status", training_pages.STATUSES)
    registry.todo.add("people", leave_words.todo, label=lazy("请假"), order=40, url="/leave/", below="checks")
    registry.search.add("people", leave_words.search, label=lazy("请假"), order=60)
    _menu()


def _menu() -> None:
    entries = (
        ("papers", lazy("服务员证件"), "people:list", "id", permissions.read_papers, 40),
        ("leaves", lazy("请假"), "people:leaves", "beach", permissions.read_leaves, 30),
        ("training", lazy("培训"), "people:trainings", "school", permissions.read_training, 50),
        ("rosters", lazy("排班"), "people:rosters", "calendar-time", permissions.keep_rosters, 60),
    )
    for key, label, url, icon, permission, order in entries:
        menu.register(key, label, url, icon=icon, permission=permission, order=order, group="people")


def knows_reason(actor: Actor, leave: Leave) -> bool:
    """Why somebody is away: for themselves, who filled it in, who decides or decided, and personnel."""
    people = {leave.person_id, leave.filed_by_id}
    if actor.is_system or actor.person_id in people or actor.holds("hr", "gm"):
        return True
    steps = leave.record.steps.all()
    seats = {seat.id for seat in actor.seats}
    return any(step.seat_id in seats or actor.person_id in (step.person_id, step.decided_by_id) for step in steps)


def _sees_leave(actor: Actor, record: Record) -> bool:
    return Leave.objects.visible_to(actor).filter(pk=record.pk).exists()


def _sees_note(actor: Actor, record: Record) -> bool:
    return MedicalNote.objects.visible_to(actor).filter(pk=record.pk).exists()


def _sees_training(actor: Actor, record: Record) -> bool:
    return Training.objects.visible_to(actor).filter(pk=record.pk).exists()


def _reads_hours(actor: Actor, record: Record) -> bool:
    return not list(permissions.read_hours(by=actor, at=actor.at))


def _keeps_training(actor: Actor, record: Record) -> bool:
    row = Training.objects.filter(pk=record.pk).first()
    return row is not None and not list(permissions.keeps_training(row, by=actor, at=actor.at))


def _training_content(record: Record) -> dict[str, Any]:
    """What those who took part sign: the session, not the marks that come afterwards."""
    row = Training.objects.get(pk=record.pk)
    names = ("topic", "subject", "manner", "held_on", "halves", "trainer_id", "outside_trainer", "place")
    return {name: getattr(row, name) for name in names}


def _signed_in(record: Record, signature: Signature, by: Actor, at: Any) -> None:
    """A name written on the trainer's telephone is told to its owner."""
    if signature.manner == Signature.Manner.PRESENCE and signature.signer_id:
        params = {"number": record.number or "", "name": by.name}
        notify(
            [signature.signer_id], "people.training.signed_at_hand", params, at=at, record_id=record.pk, url=record.url
        )


def _training_keepers(record: Record) -> frozenset[int]:
    """On whose device those present may write their names."""
    row = Training.objects.get(pk=record.pk)
    return frozenset({row.made_by_id, row.trainer_id} - {None})


def _content(record: Record) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    leave = Leave.objects.get(pk=record.pk)
    names = ("person_id", "kind", "options", "from_on", "starts", "to_on", "ends", "halves", "reason", "delegate_id")
    return {name: getattr(leave, name) for name in names}


def _print(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.people.prints import leave_form

    return leave_form(record, **kwargs)


def _print_training(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.people.prints import training_form

    return training_form(record, **kwargs)


def _print_hours(record: Any, **kwargs: Any) -> Any:
    """The print's builder, found when a print is asked for."""
    from zhangfa.people.prints import hours_form

    return hours_form(record, **kwargs)
