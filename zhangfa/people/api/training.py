"""Training in the caller's scope: sessions, their steps, and one's hours against the quotas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.organisation.models import Person
from zhangfa.people import actions
from zhangfa.people import training as ledger
from zhangfa.people.api.papers import router
from zhangfa.people.models import Training
from zhangfa.people.permissions import arrange_training, read_training
from zhangfa.people.training_rules import CLAUSE
from zhangfa.people.web.training import TRAINING_FORMS, TrainingForm, Trainings, title_of
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.things import making

TRAINING = "/training/{key}"


class TrainingOut(Schema):
    """One session with the number of those who took part."""

    id: str
    number: str
    topic: str
    subject: str
    manner: str
    held_on: dt.date
    hours: str
    trainer: int | None
    outside_trainer: str
    has_test: bool
    needs_signing: bool
    status: str
    learners: int
    url: str


class QuotaOut(Schema):
    key: str
    title: str
    subject: str
    owed: str
    expected: str
    done: str
    elearned: str
    forecast: str | None


class HoursOut(Schema):
    person: int
    year: int
    items: list[QuotaOut]


def shown(_call: Call, row: Training) -> TrainingOut:
    return TrainingOut(
        id=str(row.pk), number=row.record.number or "", topic=row.topic, subject=row.subject, manner=row.manner, held_on=row.held_on,
        hours=str(row.hours), trainer=row.trainer_id, outside_trainer=row.outside_trainer, has_test=row.has_test, needs_signing=row.needs_signing, status=row.status,
        learners=len(row.learners.all()), url=row.get_absolute_url(),
    )  # fmt: skip


def _with_learners(_call: Call, rows: Sequence[Any]) -> None:
    """Who took part in the sessions of a page, read once."""
    prefetch_related_objects(list(rows), "learners")


def find(call: Call) -> Training:
    rows = Training.objects.visible_to(call.actor).select_related("record")
    found: Training = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_training, found)
    return found


def _mine(call: Call) -> HoursOut:
    year = clock.local_date(call.at).year
    people = list(Person.objects.filter(pk=call.actor.person_id or 0))
    items: list[Any] = [
        QuotaOut(
            key=line.quota.key, title=title_of(line.quota), subject=line.quota.subject, owed=str(line.owed), expected=str(line.expected),
            done=str(line.done), elearned=str(line.elearned), forecast=None if line.forecast is None else str(line.forecast),
        )
        for line in ledger.ledger(people, year, call.at)
    ]  # fmt: skip
    return HoursOut(person=call.actor.person_id or 0, year=year, items=items)


lists(
    router,
    "/training",
    id="trainings",
    summary=_("培训"),
    page=Trainings,
    line=shown,
    out=TrainingOut,
    about=CLAUSE,
    prepare=_with_learners,
)
creates(
    router, "/training", id="training_arrange", summary=_("安排培训"), form=TrainingForm, act=making(actions.arrange), show=shown, out=TrainingOut,
    permission=arrange_training, about=CLAUSE,
)  # fmt: skip
reads(
    router,
    TRAINING,
    id="training",
    summary=_("一次培训"),
    give=lambda call: shown(call, find(call)),
    out=TrainingOut,
    about=CLAUSE,
)
transitions(
    router, TRAINING, model=Training, noun="training", forms_of=TRAINING_FORMS, find=find, show=shown, out=TrainingOut
)
reads(router, "/training-hours", id="training_hours", summary=_("我的学时"), give=_mine, out=HoursOut, about=CLAUSE)
