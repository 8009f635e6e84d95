"""The learning chain: lessons with pictures, sessions and readers, and the waiver of a rule (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.claims import actions, learning, permissions
from zhangfa.claims.api.operations import find_case
from zhangfa.claims.models import Case, LearningTask, Reading, Study, StudyPicture, StudySession
from zhangfa.claims.web.forms.study import (
    STUDY_FORMS,
    AnswersForm,
    PictureForm,
    SessionForm,
    StudyForm,
    WaiverForm,
)
from zhangfa.claims.web.learning import Studies, read_studies
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.people.permissions import arrange_training
from zhangfa.ui.api import Call, Missing, Schema, creates, lists, reads, transitions, writes
from zhangfa.ui.api.operations import Input, Number
from zhangfa.ui.api.things import finder

router = Router()
STUDY, ROWS, LESSON = "/studies/{key}", ("record", "case__record"), "CC-W2.2"


class StudyOut(Schema):
    """A lesson without names; the case behind it is not told."""

    id: str
    number: str
    title: str
    cause: str
    status: str
    status_label: str
    train_by: dt.date | None
    released_at: dt.datetime | None
    version: int
    url: str


class StudyQuestionOut(Schema):
    question: str
    options: list[str]


class StudyPictureOut(Schema):
    id: int
    caption: str
    file: str


class StudySessionOut(Schema):
    """A training session on the lesson: how many came and how many have learnt it by it."""

    training: str
    number: str
    held_on: dt.date
    status: str
    pass_score: int
    came: int
    passed: int


class StudyFullOut(StudyOut):
    products: list[str]
    posts: list[str]
    narrative: str
    analysis: str
    loss_level: str
    correct_practice: str
    checkpoints: list[str]
    quiz: list[StudyQuestionOut]
    pictures: list[StudyPictureOut]
    sessions: list[StudySessionOut]
    learnt: int
    to_learn: int
    effect: str


class StudyReadingOut(Schema):
    at: dt.datetime | None
    questions: int


class WaiverOut(Schema):
    asked_at: dt.datetime | None
    reason: str


def _facts(row: Study) -> dict[str, Any]:
    names = ("title", "cause", "status", "train_by", "released_at", "version")
    return {name: getattr(row, name) for name in names} | {
        "id": str(row.pk), "number": row.record.number or "", "status_label": row.get_status_display(), "url": row.get_absolute_url(),
    }  # fmt: skip


def line(_call: Call, row: Study) -> StudyOut:
    return StudyOut(**_facts(row))


def shown(call: Call, row: Study) -> StudyFullOut:
    row = Study.objects.select_related(*ROWS).get(pk=row.pk)
    done, everybody = learning.progress(row)
    trained = learning.trained_from(row)
    names = ("products", "posts", "narrative", "analysis", "loss_level", "correct_practice", "checkpoints")
    since = learning.effect_since(trained, row.cause, clock.local_date(call.at))
    return StudyFullOut(
        **_facts(row), **{name: getattr(row, name) for name in names},
        quiz=[StudyQuestionOut(question=one["question"], options=one["options"]) for one in row.quiz],
        pictures=[StudyPictureOut(id=one.pk, caption=one.caption, file=str(one.attachment_id)) for one in row.pictures.order_by("pk")],
        sessions=_sessions(row), learnt=done, to_learn=everybody, effect=learning.effect_words(since),
    )  # fmt: skip


def _sessions(row: Study) -> list[StudySessionOut]:
    found = list(row.sessions.select_related("training__record").order_by("training__held_on", "pk"))
    came = dict(learning.attendance([one.pk for one in found]))
    return [
        StudySessionOut(
            training=str(one.pk), number=one.training.record.number or "", held_on=one.training.held_on, status=one.training.status,
            pass_score=one.pass_score, came=came[one.pk][0], passed=came[one.pk][1],
        )
        for one in found
    ]  # fmt: skip


def session_shown(_call: Call, row: StudySession) -> StudySessionOut:
    return StudySessionOut(
        training=str(row.pk), number=row.training.record.number or "", held_on=row.training.held_on, status=row.training.status,
        pass_score=row.pass_score, came=0, passed=0,
    )  # fmt: skip


find = finder(Study, read_studies, *ROWS, key="key")


def _closed(call: Call) -> Case:
    case = find_case(call)
    if not LearningTask.objects.filter(case_id=case.pk).exists():
        raise Missing
    return case


def _to_draw(call: Call) -> Study:
    """A lesson whose case the caller sees too: the photos come from there."""
    study: Study = find(call)
    if not Case.objects.visible_to(call.actor).filter(pk=study.case_id).exists():
        raise Missing
    return study


def _picture(call: Call) -> StudyPicture:
    found: StudyPicture = call.one(find(call).pictures.select_related("attachment", "study"), pk=call.path["picture"])
    return found


def _write(given: Input) -> Study:
    return actions.write_study(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _waive(given: Input) -> LearningTask:
    return actions.ask_waiver(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _waiver(_call: Call, row: LearningTask) -> WaiverOut:
    return WaiverOut(asked_at=row.waiver_asked_at, reason=row.waiver_reason)


def _add_picture(given: Input) -> Study:
    return actions.add_picture(given.target, by=given.call.actor, at=given.call.at, **given.params).study


def _drop_picture(given: Input) -> Study:
    return actions.drop_picture(given.target, by=given.call.actor, at=given.call.at)


def _plan(given: Input) -> StudySession:
    return actions.plan_session(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _read(given: Input) -> Reading:
    return actions.read_study(given.target, by=given.call.actor, at=given.call.at, **given.params)


def _reading(_call: Call, row: Reading) -> StudyReadingOut:
    return StudyReadingOut(at=row.at, questions=row.questions)


lists(
    router,
    "/studies",
    id="studies",
    summary=_("预防事故发生培训资料"),
    page=Studies,
    line=line,
    out=StudyOut,
    about=LESSON,
)
creates(
    router, "/cases/{key}/study", id="study_write", summary=_("编写预防事故发生培训资料"), find=_closed, refuse=permissions.submit_learning, form=StudyForm,
    act=_write, show=shown, out=StudyFullOut, about=LESSON,
)  # fmt: skip
writes(
    router, "/cases/{key}/waiver", id="case_waiver", summary=_("申请不出台制度"), find=_closed, refuse=permissions.submit_learning, form=WaiverForm,
    act=_waive, show=_waiver, out=WaiverOut, about="CC-W2.1",
)  # fmt: skip
reads(
    router,
    STUDY,
    id="study",
    summary=_("一份培训资料"),
    give=lambda call: shown(call, find(call)),
    out=StudyFullOut,
    about=LESSON,
)
transitions(
    router, STUDY, model=Study, noun="study", forms_of=STUDY_FORMS, find=find, show=shown, out=StudyFullOut
)  # fmt: skip
writes(
    router, f"{STUDY}/pictures", id="study_add_picture", summary=_("放入图片"), find=_to_draw, refuse=actions.change_pictures, form=PictureForm,
    act=_add_picture, show=shown, out=StudyFullOut, about=LESSON,
)  # fmt: skip
writes(
    router, f"{STUDY}/pictures/{{picture}}/drop", id="study_drop_picture", summary=_("取出图片"), find=_picture, act=_drop_picture, show=shown,
    out=StudyFullOut, ids={"picture": Number}, about=LESSON,
)  # fmt: skip
creates(
    router, f"{STUDY}/sessions", id="study_session", summary=_("安排培训"), find=find, form=SessionForm, act=_plan, show=session_shown,
    out=StudySessionOut, permission=arrange_training, about=LESSON,
)  # fmt: skip
writes(
    router, f"{STUDY}/reading", id="study_read", summary=_("我已学习"), find=find, form=AnswersForm, act=_read, show=_reading, out=StudyReadingOut,
    about=LESSON,
)  # fmt: skip
