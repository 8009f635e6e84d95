"""Arranging a training session, noting who was there, and booking the hours (AM-D3, CS-D6, CC-D6, HS-D9, LS-D6, HR-D3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from zhangfa.administration.named import people_in
from zhangfa.core import bulk, clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.organisation.models import Person, Unit
from zhangfa.people import training as ledger
from zhangfa.people import training_rules as rules
from zhangfa.people.leave import seat_of
from zhangfa.people.models import Learner, Training
from zhangfa.people.permissions import arrange_training, keeps_training
from zhangfa.people.training_rules import CLAUSE
from zhangfa.policy import queries as policy
from zhangfa.records.actions import ask_signatures, assign_number, concern_many, open_record
from zhangfa.records.models import Record, Signature

S = Training.Status
FORM, LEARNER = "U21", "learner"
SCORED = re.compile(r"^(.*?)[\s,，:：]+(\d{1,3})$")


def arrange(
    *, topic: str, subject: str, held_on: dt.date, hours: Decimal, manner: str = "class", trainer: Person | None = None,
    outside_trainer: str = "", has_test: bool = False, needs_signing: bool = False, place: str = "", by: Any, at: dt.datetime, id: UUID | None = None,
) -> Training:  # fmt: skip
    """Put a session down, ahead or afterwards. Raises `Refused`."""
    demand(arrange_training(by=by, at=at))
    halves = int(hours * 2) if hours * 2 == int(hours * 2) else 0
    has_trainer = trainer is not None or bool(outside_trainer.strip())
    demand(rules.refuse_session(topic=topic, halves=halves, held_on=held_on, today=clock.local_date(at), has_trainer=has_trainer))  # fmt: skip
    seat = seat_of(by.person_id, at)
    if seat is None:
        raise Refused([Refusal("training.seat", _("您现在没有任职，不能安排培训。"), {}, CLAUSE)])
    giving = seat_of(trainer.pk, at) if trainer else None
    unit: Unit = seat.unit
    with work():
        record = open_record(FORM, unit=unit, by=by, at=at, title=topic, id=id, retention="R6", url=_url)
        row = Training.objects.create(
            record=record, topic=topic, subject=subject, manner=manner, trainer=trainer, outside_trainer=outside_trainer, held_on=held_on,
            halves=halves, has_test=has_test, needs_signing=needs_signing, place=place, unit=unit, department_id=unit.department_id or unit.pk, made_by_id=by.person_id,
            given_by=giving.post_id if giving else "",
        )  # fmt: skip
        concern_many(
            record,
            {
                (pk, role)
                for pk, role in ((by.person_id, "handler"), (trainer.pk if trainer else None, "trainer"))
                if pk
            },
        )
        assign_number(record, at=at)
        codes = {"subject": subject, "halves": halves, "trainer": trainer.pk if trainer else None}
        announce(
            "people.training.arranged",
            row,
            by=by,
            at=at,
            label=_("安排培训"),
            record_id=record.pk,
            codes=codes,
            clause=CLAUSE,
        )
        return row


def _url(pk: UUID) -> str:
    return f"/training/{pk}/"


def _read(text: str) -> tuple[list[Person], dict[int, int]]:
    """One learner a line, a score behind the name where there was a test."""
    names, scores = [], []
    for line in text.splitlines():
        found = SCORED.match(line.strip())
        names.append(found[1] if found else line)
        scores.append(int(found[2]) if found else None)
    if not any(score is not None for score in scores):
        return people_in(text, field="people"), {}
    marks: dict[int, int] = {}
    people: list[Person] = []
    for name, score in zip(names, scores, strict=True):
        found_people = people_in(name, field="people") if name.strip() else []
        people += found_people
        if score is not None:
            marks |= {person.pk: score for person in found_people}
    return list(dict.fromkeys(people)), marks


def _guard_learners(row: Training, *, by: Any, at: dt.datetime, people: str) -> Iterator[Refusal]:
    found, marks = _read(people)
    left = [
        p.shown_name
        for p in found
        if (p.joined_on and p.joined_on > row.held_on) or (p.left_on and p.left_on < row.held_on)
    ]
    yield from rules.refuse_attendance(
        people=[p.pk for p in found], trainer=row.trainer_id, left=left, scores=list(marks.values())
    )


@arrow(
    Training, sources=[S.PLANNED], target=None, label=_("登记参加的人"), event="attended", permit=keeps_training, guard=_guard_learners,
    clause=CLAUSE, hint=_("每行一人；有小测验的，在后面写成绩。再登记一次可以补人、补成绩。"),
)  # fmt: skip
def note_learners(row: Training, *, by: Any, at: dt.datetime, people: str) -> dict[str, Any]:
    """Who was there, with the score of the test."""
    found, marks = _read(people)
    known = {one.person_id: one for one in row.learners.all()}
    Learner.objects.bulk_create(
        [Learner(training=row, person=p, score=marks.get(p.pk)) for p in found if p.pk not in known]
    )
    marked = [known[pk] for pk in marks if pk in known]
    for one in marked:
        one.score = marks[one.person_id]
    bulk.update(Learner, marked, ["score"])
    concern_many(row.record, [(person.pk, "learner") for person in found])
    if row.needs_signing:
        here = row.learners.order_by("pk").values_list("person_id", flat=True)
        ask_signatures(row.record, [(f"{LEARNER}-{pk}", pk) for pk in here], by=by, at=at)
    return {"codes": {"people": sorted(person.pk for person in found)}}


def _guard_close(row: Training, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    learners = list(row.learners.values_list("score", flat=True))
    yield from rules.refuse_closing(
        held_on=row.held_on, today=clock.local_date(at), learners=len(learners), has_test=row.has_test,
        scored=sum(1 for score in learners if score is not None),
        unsigned=row.record.signatures.filter(state=Signature.State.WAITING).count() if row.needs_signing else 0,
    )  # fmt: skip


@arrow(
    Training, sources=[S.PLANNED], target=S.CLOSED, label=_("计入学时"), event="closed", permit=keeps_training, guard=_guard_close, clause=CLAUSE,
    hint=_("学时计入每个人的台账，以后不能再改名单。"),
)  # fmt: skip
def close_training(row: Training, *, by: Any, at: dt.datetime) -> None:
    """The hours are booked: received by each learner, delivered by the trainer's post."""
    learners = list(row.learners.select_related("person").order_by("person_id"))
    share = Decimal(policy.value(ledger.ELEARNING, at))
    people = [one.person_id for one in learners]
    posts, hours = ledger.posts_held(people, row.held_on), ledger.hours_of(people, row.held_on.year)
    by_hours: dict[int, list[int]] = {}
    for one in learners:
        quota = ledger.quota_of(row.subject, posts.get(one.person_id, ()))
        owed = None
        if quota is not None:
            figure = Decimal(policy.value(quota.key, at))
            owed = int(
                2
                * rules.owed_hours(
                    figure, year=row.held_on.year, joined_on=one.person.joined_on, left_on=one.person.left_on
                )
            )
        one.counted = rules.counted_halves(
            halves=row.halves, is_elearning=row.manner == Training.Manner.ELEARNING, quota=owed,
            elearned=hours.get((one.person_id, row.subject, Training.Manner.ELEARNING), 0), share=share,
        )  # fmt: skip
        by_hours.setdefault(one.counted, []).append(one.person_id)
    bulk.update(Learner, learners, ["counted"])
    row.closed_at, row.status = at, S.CLOSED
    Record.objects.filter(pk=row.record_id).update(status=Record.Status.APPROVED)
    row.save(update_fields=["status", "closed_at"])
    _tell(row, by_hours, by=by, at=at)


def _tell(row: Training, by_hours: dict[int, list[int]], *, by: Any, at: dt.datetime) -> None:
    """The evidence of the quotas, one event for those whose hours are the same."""
    facts = {"by": by, "at": at, "record_id": row.record_id, "clause": CLAUSE}
    for halves, people in sorted(by_hours.items()):
        if halves:
            codes = {"subject": row.subject, "people": people, "hours": Decimal(halves) / 2}
            announce("people.training.received", row, label=_("学时入账"), codes=codes, **facts)
    if row.given_by:
        codes = {"subject": row.subject, "given_by": row.given_by, "hours": row.hours}
        announce("people.training.delivered", row, label=_("授课学时"), codes=codes, **facts)
    if row.subject in ledger.MANAGER_SUBJECTS and not ledger.managers_lacking(row.held_on.year, row.held_on):
        announce(
            "people.training.managers_complete",
            row,
            label=_("管理员三门课程齐全"),
            codes={"year": row.held_on.year},
            **facts,
        )


@arrow(
    Training, sources=[S.PLANNED], target=S.CANCELLED, label=_("取消培训"), event="cancelled", permit=keeps_training, clause=CLAUSE,
)  # fmt: skip
def cancel_training(row: Training, *, by: Any, at: dt.datetime) -> None:
    """It doesn't take place."""
    Record.objects.filter(pk=row.record_id).update(status=Record.Status.VOID)
