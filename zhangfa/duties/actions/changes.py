"""A company changes a duty, adds its own, switches one off or on: proposed, decided by the GM, in force from a day on (X-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from zhangfa.approvals.actions import request_step, void_steps
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import let_go, work
from zhangfa.duties import change_rules, company
from zhangfa.duties.actions.catalogue import table_row
from zhangfa.duties.catalogue import DutyRow, catalogue, in_turn
from zhangfa.duties.models import Duty, DutyChange, Rhythm
from zhangfa.duties.permissions import CLAUSE, after_decision, change_duties, proposer
from zhangfa.organisation.models import Unit
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.actions import renew
from zhangfa.records.actions import assign_number, concern, open_record
from zhangfa.records.models import Record

S, K = DutyChange.Status, DutyChange.Kind
KIND, FORM = "duties.change", "ZZ"
OWN = "D-OWN-"


def propose_duty_change(
    *, kind: str, effective_from: dt.date, reason: str, by: Any, at: dt.datetime, stem: str = "",
    made: Mapping[str, Any] | None = None, id: UUID | None = None,
) -> DutyChange:  # fmt: skip
    """Hand in a change of a duty, or a new one; it goes to the GM. Raises `Refused`."""
    demand(change_duties(by=by, at=at))
    made = dict(made or {})
    if kind in (K.OFF, K.ON):
        made = {
            "off": company.SWITCHED_OFF if kind == K.OFF else "",
            "why": reason.strip()[:200] if kind == K.OFF else "",
        }
    with work():
        # Two proposals take turns: the second sees the first.
        unit = Unit.objects.select_for_update(no_key=True).get(kind=Unit.Kind.COMPANY)
        demand(_refuse(kind, stem, made, effective_from, reason, at))
        record = open_record(
            FORM, unit=unit, by=by, at=at, title=title_of(kind, stem, made)[:120], id=id, retention="R5"
        )
        change = DutyChange.objects.create(
            record=record, kind=kind, stem=stem, made=made, effective_from=effective_from, reason=reason, proposed_at=at,
            proposed_by_id=by.person_id,
        )  # fmt: skip
        record.url = change.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, by.person_id, "applicant")
        assign_number(record, at=at)
        announce(
            "duties.dutychange.proposed", change, by=by, at=at, label=_("提出修改职责"), record_id=record.pk, clause=CLAUSE,
            codes={"kind": kind, "stem": stem, "effective_from": effective_from.isoformat()},
            values={"reason": reason, "made": made},
        )  # fmt: skip
        request_step(
            record, kind=KIND, authority="gm", unit=unit, by=by, at=at, applicant_person_id=by.person_id, clause=CLAUSE,
            facts={"kind": kind, "stem": stem, "title": record.title, "effective_from": effective_from.isoformat()},
        )  # fmt: skip
        return change


def title_of(kind: str, stem: str, made: Mapping[str, Any]) -> str:
    if kind == K.NEW:
        return str(made.get("zh", ""))
    versions = catalogue().by_stem.get(stem, ())
    return versions[-1].zh if versions else stem


def _refuse(
    kind: str, stem: str, made: Mapping[str, Any], effective_from: dt.date, reason: str, at: dt.datetime
) -> Iterator[Refusal]:
    newest = newest_of(stem)
    waiting = DutyChange.objects.filter(stem=stem, status=S.PROPOSED) if stem else DutyChange.objects.none()
    yield from change_rules.refuse_change(
        kind=kind, made=made, is_known=newest is not None, is_off=bool(newest and newest.off == company.SWITCHED_OFF),
        is_unwatched=bool(newest and newest.off and newest.off != company.SWITCHED_OFF), effective_from=effective_from,
        today=clock.local_date(at), reason=reason, is_waiting=waiting.exists(),
    )  # fmt: skip


def newest_of(stem: str) -> DutyRow | None:
    """The newest version of a duty, also one that is not in force yet."""
    versions = catalogue().by_stem.get(stem, ())
    return versions[-1] if versions else None


@arrow(
    DutyChange, sources=[S.PROPOSED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=proposer, clause=CLAUSE
)  # fmt: skip
def withdraw_change(change: DutyChange, *, by: Any, at: dt.datetime) -> None:
    """Take the paper back before it is decided."""
    void_steps(change.record, by=by, at=at, reason="withdrawn")
    _mark(change, Record.Status.VOID)


def _still_later(change: DutyChange, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    # The day may have come while the paper waited: what has begun keeps its version.
    if change.effective_from <= clock.local_date(at):
        text = _("生效日期已到，请提交人撤回后换一个日期重新提交。")
        yield Refusal("duty.day", text, {}, CLAUSE)


@arrow(
    DutyChange, sources=[S.PROPOSED], target=S.ENACTED, label=_("批准职责修改"), event="enacted",
    permit=after_decision("agreed"), guard=_still_later, clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def enact_change(change: DutyChange, *, by: Any, at: dt.datetime) -> None:
    """The next version of the duty is written: it counts for what begins from its day on, what runs goes on as it began."""
    code, stage, number = _place(change)
    duty = Duty(
        key=f"{code}.{stage}.{number}", code=code, stage=stage, version=number, made=change.made,
        from_at=clock.day_start(change.effective_from), record_id=change.record_id,
    )  # fmt: skip
    versions = [row for row in catalogue().by_stem.get(f"{code}.{stage}.", ()) if row.version < number]
    made = company.version_of(duty, in_turn(versions)[-1] if versions else None)
    assert made is not None
    shown = table_row(made)
    shown.made, shown.from_at, shown.record_id = duty.made, duty.from_at, change.record_id
    shown.save(force_insert=True)
    change.duty_id, change.stem = shown.key, made.stem
    if change.kind == K.NEW:
        # From its first day on no period of it is lost, whenever the clock comes by.
        Rhythm.objects.get_or_create(stem=made.stem, defaults={"until": at})
    renew(at)
    let_go(("duties", "catalogue"))
    _mark(change, Record.Status.APPROVED)


def _place(change: DutyChange) -> tuple[str, str, int]:
    if change.kind == K.NEW:
        numbers = Duty.objects.filter(code__startswith=OWN).values_list("code", flat=True)
        return f"{OWN}{1 + max((int(code.removeprefix(OWN)) for code in numbers), default=0):03}", "do", 1
    code, stage, _end = change.stem.split(".")
    known = Duty.objects.select_for_update().filter(code=code, stage=stage).values_list("version", flat=True)
    return code, stage, 1 + max(known)


@arrow(
    DutyChange, sources=[S.PROPOSED], target=S.REFUSED, label=_("不同意修改职责"), event="refused",
    permit=after_decision("refused", "returned"), clause=CLAUSE, is_automatic=True,
)  # fmt: skip
def refuse_duty_change(change: DutyChange, *, by: Any, at: dt.datetime) -> None:
    """The duty stays as it is."""
    _mark(change, Record.Status.REFUSED)


FOLLOWS = {
    Step.State.AGREED: enact_change,
    Step.State.REFUSED: refuse_duty_change,
    Step.State.RETURNED: refuse_duty_change,
}


def lock_change(step: Step) -> DutyChange:
    return DutyChange.objects.lock(step.record_id)


def follow_change(step: Step, *, by: Any, at: dt.datetime) -> None:
    FOLLOWS[Step.State(step.state)](lock_change(step), by=by, at=at)


def own_duty(
    *, name: str, post: str, rhythm: str, days: int | None, needed: int, is_by_seat: bool, evidence: str, value: str,
    copies: list[str], clause: str, papers: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What a new version says, from what was typed. Raises `Refused`."""
    form, _sep, field = evidence.partition(":")
    demand(
        change_rules.refuse_own(
            name=name, post=post, posts=POSTS, rhythm=rhythm, days=days, needed=needed, form=form, field=field, forms=papers,
        )
    )  # fmt: skip
    return {
        "code": OWN, "stage": "do", "post": post, "clause": clause or CLAUSE, "zh": name.strip(), "en": "", "subject": "seat" if is_by_seat else "company",
        "evidence_zh": labels.get(evidence, form)[:120], "evidence_en": "", "form": form,
        "asks": {"field": field, "value": value} if field else {}, "copies": copies, **rhythm_of(rhythm, days),
        **({"need": {"count": needed}} if needed > 1 else {}),
    }  # fmt: skip


def checked_rhythm(rhythm: str, days: int | None) -> dict[str, Any]:
    """A rhythm as a version says it. Raises `Refused`."""
    demand(change_rules.refuse_rhythm(rhythm=rhythm, days=days))
    return rhythm_of(rhythm, days)


def rhythm_of(rhythm: str, days: int | None) -> dict[str, Any]:
    if rhythm == change_rules.EVERY_DAYS:
        return {"rhythm": "days", "due": {"count": days, "unit": "days"}}
    return {"rhythm": "rhythm", "due": {"rhythm": rhythm}}


def _mark(change: DutyChange, status: str) -> None:
    Record.objects.filter(pk=change.record_id).update(status=status)
    change.record.status = status
