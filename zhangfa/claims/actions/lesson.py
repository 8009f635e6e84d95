"""What belongs to a lesson besides its words: pictures that show nobody, and the sessions at which it is taught (F14, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from zhangfa.claims import learning, learning_rules
from zhangfa.claims.actions.learning import LESSON, writer
from zhangfa.claims.models import Reading, Study, StudyPicture, StudySession
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import Happened, announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.people.actions import arrange
from zhangfa.people.models import Learner, Training
from zhangfa.records import vault
from zhangfa.records.actions import attach, prepare
from zhangfa.records.files import resized
from zhangfa.records.models import Attachment, Signature

PICTURE, EDGE = "picture.jpg", 1200
CLOSED = "people.training.closed"


def change_pictures(study: Study, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever writes the lesson, as long as it isn't released."""
    yield from writer(study, by=by, at=at)
    if study.status != Study.Status.DRAFT:
        yield Refusal("picture.released", _("资料已经发布，图片不能再改。"), {}, LESSON)


def add_picture(
    study: Study, *, photo: Attachment, caption: str, is_anonymous: bool, by: Actor, at: dt.datetime
) -> StudyPicture:
    """Take a photo of the case into the lesson as a copy of its own, encoded anew; the writer says that it shows nobody.

    Raises `Refused`.
    """
    demand(change_pictures(study, by=by, at=at))
    if photo.record_id != study.case_id or not photo.view_sha256 or photo.removed_at is not None:
        raise Refused([Refusal("picture.none", _("请从这起案件的照片里选一张。"), {}, LESSON, "photo")])
    copy = prepare(resized(vault.get(photo.view_sha256), EDGE), name=PICTURE)
    with work():
        locked = Study.objects.lock(study.pk)
        demand(change_pictures(locked, by=by, at=at))
        present = list(locked.pictures.values_list("attachment__sha256", flat=True))
        demand(
            [
                *learning_rules.refuse_picture(
                    caption=caption, is_confirmed=is_anonymous, pictures=len(present), is_present=copy.sha256 in present
                ),
                *learning_rules.refuse_identifying({"caption": caption}, **learning.identities(locked.case)),
            ]
        )
        file = attach(locked.record, copy, kind=Attachment.Kind.OTHER, by=by, at=at)
        row = StudyPicture.objects.create(
            study=locked, attachment=file, caption=caption, confirmed_by_id=by.person_id, confirmed_at=at
        )
        announce(
            "claims.study.picture_added", locked, by=by, at=at, label=_("放入图片，确认没有人脸和客户信息"), record_id=locked.pk, clause=LESSON,
            codes={"attachment": file.pk, "photo": photo.pk},
        )  # fmt: skip
        return row


def drop_picture(picture: StudyPicture, *, by: Actor, at: dt.datetime) -> Study:
    """Take a picture out of the lesson before it is released."""
    with work():
        locked = Study.objects.lock(picture.study_id)
        demand(change_pictures(locked, by=by, at=at))
        file = picture.attachment
        StudyPicture.objects.filter(pk=picture.pk).delete()
        Attachment.objects.filter(pk=file.pk, removed_at=None).update(
            removed_at=at, removed_by_id=by.person_id, removed_reason=""
        )
        announce(
            "claims.study.picture_dropped", locked, by=by, at=at, label=_("取出图片"), record_id=locked.pk, clause=LESSON,
            codes={"attachment": file.pk},
        )  # fmt: skip
        return locked


def plan_session(
    study: Study, *, held_on: dt.date, hours: Decimal, trainer: Person | None = None, outside_trainer: str = "", place: str = "",
    pass_score: int = 0, by: Actor, at: dt.datetime,
) -> StudySession:  # fmt: skip
    """Arrange a session on the lesson: attendance is signed, a test is marked, and those who still owe it are told (CC-W2.2).

    `hours` by the half hour; `pass_score` 0–100. Raises `Refused`.
    """
    with work():
        locked = Study.objects.lock(study.pk)
        owed = learning.owed_within(locked, by)
        demand(
            learning_rules.refuse_session(
                is_released=locked.status == Study.Status.RELEASED, owed=len(owed), pass_score=pass_score
            )
        )
        training = arrange(
            topic=locked.title, subject=Training.Subject.PREVENTION, held_on=held_on, hours=hours, trainer=trainer, outside_trainer=outside_trainer,
            place=place, has_test=bool(locked.quiz), needs_signing=True, by=by, at=at,
        )  # fmt: skip
        session = StudySession.objects.create(study=locked, training=training, pass_score=pass_score)
        announce(
            "claims.study.session_planned", locked, by=by, at=at, label=_("安排培训"), record_id=locked.pk, clause=LESSON,
            codes={"training": training.pk, "held_on": held_on, "owed": len(owed)},
        )  # fmt: skip
        notify(
            [pk for pk in owed if pk != by.person_id], "claims.study_session", {"title": locked.title, "held_on": held_on.isoformat(), "place": place or "—"},
            at=at, record_id=locked.pk, url=locked.get_absolute_url(), clause=LESSON,
        )  # fmt: skip
        return session


def note_learnt(happened: Happened) -> None:
    """A closed session: who signed there and passed has studied the lesson."""
    if happened.event != CLOSED:
        return
    session = StudySession.objects.select_related("training__record").filter(training_id=happened.obj.pk).first()
    if session is None:
        return
    signed = session.training.record.signatures.filter(state=Signature.State.SIGNED).values("signer_id")
    here = Learner.objects.filter(training=session.training, person_id__in=signed)
    passed = {
        row.person_id: row.score
        for row in here
        if learning_rules.has_passed(has_test=session.training.has_test, score=row.score, pass_score=session.pass_score)
    }
    rows = list(
        Reading.objects.select_for_update()
        .filter(study_id=session.study_id, person_id__in=passed, at=None)
        .order_by("pk")
    )
    for row in rows:
        row.at, row.session, row.score = happened.at, session, passed[row.person_id]
    Reading.objects.bulk_update(rows, ["at", "session", "score"])
