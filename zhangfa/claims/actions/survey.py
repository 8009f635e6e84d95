"""At the customer's door: arrival, survey, second person, and the accident form the same day (CC-W1.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from zhangfa.claims.actions.talks import keep_talk
from zhangfa.claims.models import Case, Survey, Talk, photo_counts
from zhangfa.claims.permissions import handler_for, people_behind, second_person
from zhangfa.claims.queries import OUTLET_POSTS, head_of, limits_at, pick_specialist
from zhangfa.claims.rules import Photos, insurer_must_know, refuse_survey, registration_due
from zhangfa.core import clock
from zhangfa.core.bulk import write
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import transition
from zhangfa.notices.actions import notify
from zhangfa.organisation import calendar
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.queries import managing, seated_in
from zhangfa.policy.queries import figure
from zhangfa.records.actions import ask_signatures, assign_number, concern, concern_many, open_record, send_copies

S = Case.Status
TEXTS = (
    "narrative", "worker_statement", "customer_statement", "judgement", "cause", "remedies", "claimed_amount", "expected_amount",
    "no_photo_reason", "third_party_name", "third_party_phone", "third_party_damage", "floor", "police_no", "injury", "hospital",
    "advance_amount", "witnesses",
)  # fmt: skip


def photos_of(case: Case) -> Photos:
    counts = photo_counts(case)
    return Photos(counts.get("object", 0), counts.get("scene", 0), counts.get("evidence", 0))


def survey_of(case: Case) -> Survey | None:
    """The survey of a case, loaded with its lock; whoever holds the lock is the only one to change it."""
    return getattr(case, "survey", None)


def _survey(case: Case) -> Survey:
    survey = survey_of(case)
    assert survey is not None
    return survey


def _guard_arrive(
    case: Case, *, by: Actor, at: dt.datetime, place: str, no_photo_reason: str = ""
) -> Iterator[Refusal]:
    if not place.strip():
        yield Refusal("case.place", _("请填写到场位置。"), {}, "CC-W1.1", "place")
    if not no_photo_reason.strip() and not _has_arrival_photo(photos_of(case)):
        yield Refusal("case.arrival_photo", _("请拍一张到场照片；无法拍摄的请写明原因。"), {}, "CC-W1.1", "photos")


def _has_arrival_photo(photos: Photos) -> bool:
    return bool(photos.scenes or photos.others)


@transition(
    Case, sources=[S.ACCEPTED], target=S.ARRIVED, label=_("到场"), event="arrived", permit=handler_for("CC-W1.1"), guard=_guard_arrive,
    clause="CC-W1.1", hint=_("到场即记录时间、位置和照片。"),
)  # fmt: skip
def arrive(case: Case, *, by: Actor, at: dt.datetime, place: str, no_photo_reason: str = "") -> dict[str, Any]:
    """The handler stands at the door: time, place and photo; the paper of the survey is opened."""
    case.arrived_at, case.arrived_place = at, place
    # The form is owed from now on, whether the survey is ever finished or not.
    due = registration_due(arrived_at=at, hours=figure("claims.registration_hours", at).value)
    paper = open_record(
        "F10", unit=case.unit, by=by, at=at, title=case.record.title, url=case.get_absolute_url(), parent=case.record, due_at=due
    )  # fmt: skip
    write([Survey(record=paper, case=case, surveyor_id=by.person_id, no_photo_reason=no_photo_reason)])
    is_late = case.arrive_due_at is not None and at > case.arrive_due_at
    return {"codes": {"handler": case.handler_id, "is_late": is_late, "due_at": due}, "values": {"place": place}}


def _fill(survey: Survey, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - set(TEXTS):
        raise TypeError(f"unknown survey fields {sorted(unknown)}")
    # What a second person confirmed is confirmed no more once it changes.
    survey.confirmed_by, survey.confirmed_at = None, None
    if values.get("no_photo_reason", survey.no_photo_reason) != survey.no_photo_reason:
        survey.no_photo_confirmed_by = None
    for name, value in values.items():
        setattr(survey, name, value)


@transition(
    Case, sources=[S.ARRIVED, S.SURVEYED], target=None, label=_("记录勘察"), event="survey_saved", permit=handler_for("CC-W1.3"),
    clause="CC-W1.3", hint=_("可随时保存，资料齐全后再完成勘察。"),
)  # fmt: skip
def save_survey(case: Case, *, by: Actor, at: dt.datetime, **values: Any) -> dict[str, Any]:
    """Keep what is known so far; nothing is demanded yet."""
    survey = _survey(case)
    _fill(survey, values)
    survey.save()
    return {"values": dict(values)}


@transition(
    Case, sources=[S.ARRIVED], target=None, label=_("确认无法拍照"), event="no_photo_confirmed", permit=second_person, clause="CC-W1.3",
    applies=lambda case: _lacks_photo(case),
    guard=lambda case, **_: _guard_no_photo(case),
)  # fmt: skip
def confirm_no_photo(case: Case, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """A second person confirms why no picture is possible."""
    survey = _survey(case)
    survey.no_photo_confirmed_by_id = by.person_id
    survey.save(update_fields=["no_photo_confirmed_by"])
    return {}


def _lacks_photo(case: Case) -> bool:
    """The question only arises where the handler has written why no picture is possible."""
    survey = getattr(case, "survey", None)
    return bool(survey and survey.no_photo_reason and survey.no_photo_confirmed_by_id is None)


def _guard_no_photo(case: Case) -> Iterator[Refusal]:
    survey = survey_of(case)
    if survey is None or not survey.no_photo_reason:
        yield Refusal("survey.no_reason", _("经办人尚未填写无法拍照的原因。"), {}, "CC-W1.3")


def refuse_evidence(case: Case, *, no_photo_reason: str, statements: Mapping[str, str]) -> Iterator[Refusal]:
    """CC-W1.3: pictures, or the confirmed reason why there are none, and both accounts."""
    survey = _survey(case)
    is_confirmed = survey.no_photo_confirmed_by_id is not None and no_photo_reason == survey.no_photo_reason
    yield from refuse_survey(
        photos_of(case), guarantee=case.guarantee, impossible_reason=no_photo_reason, confirmed_by_second=is_confirmed,
        statements=statements,
    )  # fmt: skip


def refuse_objects(case: Case) -> Iterator[Refusal]:
    """CC-W1.3: the damaged objects, and whom the case is about."""
    items = list(case.items.all())
    for item in items:
        if item.rough_value is None:
            text = _("被损物“%(name)s”还没有大致价值。")
            yield Refusal("survey.rough_value", text, {"name": item.name}, "CC-W1.3", "items")
    if case.worker_id is None:
        yield Refusal("survey.worker", _("请先补登责任服务员：登记表和理赔处理表都要写明。"), {}, "CC-W1.3")
    if case.customer_id is None and case.guarantee == Case.Guarantee.PROPERTY:
        yield Refusal("survey.customer", _("请先补登客户：财物损坏的登记表必须写明是哪位客户。"), {}, "CC-W1.3")
    if case.guarantee == Case.Guarantee.PROPERTY and not items:
        yield Refusal("survey.items", _("请至少登记一件被损物。"), {}, "CC-W1.3", "items")


def _guard_finish(case: Case, *, by: Actor, at: dt.datetime, promised_days: int, returned_at: dt.datetime | None = None, archive_note: str = "", **values: Any) -> Iterator[Refusal]:  # fmt: skip
    survey = _survey(case)
    fact = {name: values.get(name, getattr(survey, name)) for name in TEXTS}
    statements = {"worker": fact["worker_statement"], "customer": fact["customer_statement"]}
    yield from refuse_evidence(case, no_photo_reason=fact["no_photo_reason"], statements=statements)
    if len(fact["narrative"].strip()) < 30:
        yield Refusal("survey.narrative", _("请把事故经过写清楚（不少于 30 个字）。"), {}, "CC-W1.3", "narrative")
    if not fact["cause"]:
        yield Refusal("survey.cause", _("请选择背景原因。"), {}, "CC-W1.3", "cause")
    if not fact["judgement"].strip():
        yield Refusal(
            "survey.judgement", _("请写下现场判断：是不是服务造成的、能不能修复。"), {}, "CC-W1.3", "judgement"
        )
    if not fact["remedies"]:
        yield Refusal("survey.remedies", _("请选择客户要求怎样处理。"), {}, "CC-W1.3", "remedies")
    yield from refuse_objects(case)
    if case.guarantee == Case.Guarantee.THIRD_PARTY:
        for name in ("third_party_name", "third_party_phone", "third_party_damage", "floor"):
            if not str(fact[name] or "").strip():
                yield Refusal(f"survey.{name}", _("涉及第三者时必须填写此项。"), {}, "CC-W1.3", name)
    if case.guarantee == Case.Guarantee.WORKER_INJURY:
        for name in ("injury", "hospital"):
            if not str(fact[name] or "").strip():
                yield Refusal(f"survey.{name}", _("涉及受伤时必须填写此项。"), {}, "CC-W1.3", name)
    if not 1 <= promised_days <= 30:
        yield Refusal("survey.promised", _("告知客户的处理工作日为 1 到 30 天。"), {}, "CC-W1.3", "promised_days")
    if returned_at is not None and case.arrived_at and not case.arrived_at <= returned_at <= clock.day_end(at):
        yield Refusal("survey.returned", _("返回时间应在到场之后、当天之内。"), {}, "CC-W1.3", "returned_at")


@transition(
    Case, sources=[S.ARRIVED], target=S.SURVEYED, label=_("完成勘察"), event="surveyed", permit=handler_for("CC-W1.3"), guard=_guard_finish,
    clause="CC-W1.3", hint=_("照片、双方陈述和承诺的工作日齐全后才能完成。"),
)  # fmt: skip
def finish_survey(
    case: Case, *, by: Actor, at: dt.datetime, promised_days: int, returned_at: dt.datetime | None = None, archive_note: str = "", **values: Any,
) -> dict[str, Any]:  # fmt: skip
    """The survey is done: pictures, both accounts, and the working days promised to the customer.

    Who comes back from the customer's owes the visit sheet, as after every contact (CC-D8).
    """
    survey = _survey(case)
    if values:
        _fill(survey, values)
    returned = returned_at or at
    survey.surveyed_at, survey.returned_at = at, returned
    survey.save()
    due = _due_after_return(case, survey, returned, at)
    case.promised_days = promised_days
    case.promised_on = clock.add_working_days(clock.local_date(at), promised_days, calendar.is_working)
    keep_talk(
        case, kind=Talk.Kind.CONTACT, mode=Talk.Mode.VISIT, content=survey.customer_statement, archive_note=archive_note,
        met_at=case.arrived_at, by=by, at=at,
    )  # fmt: skip
    return {"codes": {"handler": case.handler_id, "returned_at": returned, "due_at": due}, "values": dict(values)}


def _due_after_return(case: Case, survey: Survey, returned_at: dt.datetime, at: dt.datetime) -> dt.datetime:
    """The return brings the hour nearer, by the figure with which the clock began; what is late already stays late."""
    arrived, paper = case.arrived_at, survey.record
    assert arrived is not None and paper.due_at is not None
    if at <= paper.due_at:
        hours = figure("claims.registration_hours", arrived).value
        paper.due_at = registration_due(arrived_at=arrived, hours=hours, returned_at=returned_at)
        paper.save(update_fields=["due_at"])
    return paper.due_at


@transition(
    Case, sources=[S.SURVEYED, S.REGISTERED, S.ASSESSED], target=None, label=_("复核勘察"), event="survey_confirmed", permit=second_person,
    clause="CC-D7", hint=_("金额超过限额的案件须由另一人复核勘察结果。"), applies=lambda case: case.is_accident and not _is_confirmed(case),
)  # fmt: skip
def confirm_survey(case: Case, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """A second person stands behind the survey (two-person rule)."""
    survey = _survey(case)
    survey.confirmed_by_id, survey.confirmed_at = by.person_id, at
    survey.save(update_fields=["confirmed_by", "confirmed_at"])
    return {}


def _is_confirmed(case: Case) -> bool:
    """The question is over once somebody has confirmed; a later change of what was found asks it again."""
    survey = survey_of(case)
    return survey is not None and survey.confirmed_by_id is not None


def found_otherwise(case: Case) -> None:
    """What a second person confirmed is confirmed no more once it changes (CC-D7)."""
    survey = survey_of(case)
    if survey is not None and survey.confirmed_by_id is not None:
        survey.confirmed_by, survey.confirmed_at = None, None
        survey.save(update_fields=["confirmed_by", "confirmed_at"])


def _guard_insurer(
    case: Case, *, by: Actor, at: dt.datetime, told_at: dt.datetime, insurer_no: str
) -> Iterator[Refusal]:
    if told_at > at or told_at < case.occurred_at:
        yield Refusal("insurer.time", _("报案时间应在事故发生之后、现在之前。"), {}, "CC-W1.3", "told_at")


@transition(
    Case, sources=[S.ARRIVED, S.SURVEYED, S.REGISTERED, S.ASSESSED, S.SETTLING, S.SETTLED, S.SIGNED], target=None, label=_("登记保险报案"), event="insurer_told",
    permit=handler_for("CC-W1.3"), guard=_guard_insurer, clause="CC-W1.3", applies=lambda case: case.is_accident,
)  # fmt: skip
def tell_insurer(case: Case, *, by: Actor, at: dt.datetime, told_at: dt.datetime, insurer_no: str) -> dict[str, Any]:
    """The insurer was told: when, under which number; later than the figure is marked."""
    hours = float(figure("claims.insurer_notice_hours", at).value)
    survey = _survey(case)
    survey.is_insurer_told, survey.insurer_told_at, survey.insurer_no = True, told_at, insurer_no
    survey.save(update_fields=["is_insurer_told", "insurer_told_at", "insurer_no"])
    return {
        "codes": {"is_late": told_at > case.occurred_at + dt.timedelta(hours=hours)},
        "values": {"insurer_no": insurer_no},
    }


def refuse_uninsured(case: Case, *, note: str) -> Iterator[Refusal]:
    """CC-W1.3: where the rule says so the insurer is told, or it is written down why not yet."""
    survey = _survey(case)
    must = insurer_must_know(guarantee=case.guarantee, estimate=case.estimate, limits=limits_at(case.reported_at))
    if must and not survey.is_insurer_told and not note.strip():
        yield Refusal(
            "insurer.note",
            _("按规定应通报保险公司；尚未报案的请写明原因或先登记保险报案。"),
            {},
            "CC-W1.3",
            "insurer_note",
        )


def _guard_register(case: Case, *, by: Actor, at: dt.datetime, insurer_note: str = "") -> Iterator[Refusal]:
    yield from refuse_uninsured(case, note=insurer_note)


@transition(
    Case, sources=[S.SURVEYED], target=S.REGISTERED, label=_("提交事故登记表"), event="registered", permit=handler_for("CC-W1.3"),
    guard=_guard_register, clause="CC-W1.3", hint=_("返回后两小时内、最迟当天提交。"),
)  # fmt: skip
def register(case: Case, *, by: Actor, at: dt.datetime, insurer_note: str = "") -> dict[str, Any]:
    """《部门(网店)服务员事故登记表》 is handed in: numbered, signed for, copied to department manager and outlet."""
    survey = _survey(case)
    survey.registered_at, survey.insurer_note = at, insurer_note
    if survey.is_insurer_told is None:
        survey.is_insurer_told = False
    survey.save()
    paper = survey.record
    assign_number(paper, at=at)
    ask_signatures(paper, [("handler", case.handler_id)], by=by, at=at)
    readers = _line_of(case, at) - {by.person_id}
    concern_many(case.record, [(reader, "copy") for reader in readers])
    send_copies(paper, sorted(readers), by=by, at=at)
    if case.is_outlet_handled:
        _inform_specialist(case, at=at)
    is_late = paper.due_at is not None and at > paper.due_at
    return {"codes": {"handler": case.handler_id, "form": paper.pk, "is_late": is_late}}


def _inform_specialist(case: Case, *, at: dt.datetime) -> None:
    """What an outlet handles by itself, a specialist knows of: for information, nothing to do (domain.md A-48)."""
    specialist = pick_specialist(at, exclude=(case.handler_id, case.worker_id))
    if specialist:
        concern(case.record, specialist.pk, "informed")
        notify(
            [specialist.pk], "claims.informed", {"number": case.record.number, "estimate": str(case.estimate)}, record_id=case.pk,
            url=case.get_absolute_url(), at=at, clause="CC-W1.1",
        )  # fmt: skip


def _line_of(case: Case, at: dt.datetime) -> set[int]:
    """The department manager and the outlet's or site's manager of the case (CC-W1.4); above an empty seat whoever stands there."""
    which = managing(case.unit) | Q(post__in=OUTLET_POSTS, unit=case.unit_id)
    found = {seated[0].pk for seated in seated_in(which, at).values()}
    if len(found) < 2 and (head := head_of(case, at)):
        found.add(head.pk)
    return found


def tell_line(case: Case, code: str, *, at: dt.datetime, by: Actor, **params: Any) -> None:
    """Let the department manager and the outlet know."""
    people = _line_of(case, at) - people_behind(by)
    notify(
        sorted(people),
        code,
        {"number": case.record.number, **params},
        record_id=case.pk,
        url=case.get_absolute_url(),
        at=at,
    )
