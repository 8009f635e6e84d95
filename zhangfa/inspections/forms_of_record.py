"""The papers of inspections as the records app knows them: who sees them, what is signed, by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.inspections.models import ALL_SEEING, Inspection, Sheet
from zhangfa.inspections.models.inspection import people_of
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record, Signature
from zhangfa.records.registry import Form, Role, forms

ROLES = (
    Role("inspector", _("检查人"), _("提问和回答如实记录。")),
    Role("asked", _("受检人"), _("签字表示已看过本人的回答和判定；不同意的可以写明意见或提出异议。"), is_at_hand=True),
)


def sees_list(actor: Actor, record: Record) -> bool:
    """Only those who know the whole list get its paper; what was announced to a unit stands on the page."""
    row = Inspection.objects.visible_to(actor).filter(pk=record.pk).first()
    if row is None:
        return False
    people = people_of(actor)
    insiders = record.concerns.filter(person_id__in=people, role__in=("planner", "inspector")).exists()
    return insiders or actor.holds(*ALL_SEEING) or row.status in (Inspection.Status.STARTED, Inspection.Status.DONE)


def sees_sheet(actor: Actor, record: Record) -> bool:
    return Sheet.objects.visible_to(actor).filter(pk=record.pk).exists()


def inspectors(record: Record) -> frozenset[int]:
    return frozenset(record.concerns.filter(role="inspector").values_list("person_id", flat=True))


def may_add(actor: Actor, record: Record) -> bool:
    """Pictures and files are added by those who inspect."""
    return bool(set(people_of(actor)) & inspectors(record))


def sheet_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of F08 and F24 under the signatures."""
    sheet = Sheet.objects.get(pk=record.pk)
    answers = [
        [a.no, a.source, a.clause, a.question, a.answer, a.verdict, a.deduction, a.observation]
        for a in sheet.answers.order_by("no")
    ]
    names = (
        "comment", "recheck_on", "asked", "correct", "partly", "wrong", "schedule_match", "profile_samples", "follow_up_samples",
        "measures", "checked_on",
    )  # fmt: skip
    return {name: getattr(sheet, name) for name in names} | {
        "person": sheet.person_id,
        "inspection": sheet.inspection_id,
        "answers": answers,
    }


def signed(record: Record, signature: Signature, by: Actor, at: dt.datetime) -> None:
    """What the person says to it stands in the signature. A name written on somebody else's telephone is told to its owner."""
    if signature.manner == Signature.Manner.PRESENCE and signature.signer_id:
        params = {"number": record.number or "", "name": by.name}
        notify([signature.signer_id], "inspections.signed_at_hand", params, at=at, record_id=record.pk, url=record.url)


def sees_week(actor: Actor, record: Record) -> bool:
    """Units are praised and criticised in public; everybody on the staff reads it."""
    return any(seat.grade > 10 for seat in actor.seats)


def sees_results(actor: Actor, record: Record) -> bool:
    """The whole month of everybody is for administration and the executives; the others see their lines on the page."""
    return actor.holds(*ALL_SEEING)


def published(record: Record) -> Mapping[str, Any]:
    return {"digest": record.publication.digest}


def _print(name: str) -> Callable[..., Any]:
    def build(record: Record, *, actor: Any, at: dt.datetime) -> Any:
        from zhangfa.inspections import prints

        return getattr(prints, name)(record, actor=actor, at=at)

    return build


def register() -> None:
    forms.add(
        Form(
            "U05", _("检查科目清单"), visible=sees_list, may_write=may_add, handlers=inspectors, build=_print("checklist"),
            lock=lambda record: Inspection.objects.lock(record.pk),
        )
    )  # fmt: skip
    for code, title in (("F08", _("岗位人员执行公司制度情况汇总表")), ("F24", _("下属各岗位抽查情况表"))):
        forms.add(
            Form(
                code, title, visible=sees_sheet, may_write=may_add, handlers=inspectors, content=sheet_content, roles=ROLES, signed=signed,
                build=_print("sheet"), lock=lambda record: Sheet.objects.lock(record.pk),
            )
        )  # fmt: skip
    duties.offer_models({"U05": Inspection, "F08": Sheet, "F24": Sheet})
    duties.offer_published("F09", "YHB")
    forms.add(
        Form("F09", _("岗位人员执行公司制度情况汇总总结表"), visible=sees_week, content=published, build=_print("week"))
    )
    forms.add(
        Form(
            "YHB", _("岗位人员执行公司制度情况月度汇总"), visible=sees_results, content=published, build=_print("month")
        )
    )
