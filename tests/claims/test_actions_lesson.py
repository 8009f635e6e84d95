"""Pictures that show nobody, a training plan with signed attendance, and the effect of a lesson (F14, CC-W2.2)."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tests.claims.test_actions_learning import LESSON, closed, refused
from tests.houses import MONDAY
from tests.regulations.stages import in_force
from zhangfa.claims import actions, learning
from zhangfa.claims.models import Reading
from zhangfa.core import clock
from zhangfa.notices.models import Notice
from zhangfa.people.actions import close_training, note_learners
from zhangfa.people.models import Training
from zhangfa.records import vault
from zhangfa.records.actions import refuse_to_sign, sign, store
from zhangfa.records.models import Attachment
from zhangfa.records.prints import print_of
from zhangfa.regulations.threads import thread

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CC-W2.2")]
DAY = dt.timedelta(days=1)
SYSTEM = {"content_type": "image/jpeg"}


def jpeg(colour="red", place=b""):
    out = BytesIO()
    image = Image.new("RGB", (640, 480), colour)
    exif = image.getexif()
    exif[0x010E] = "林知夏家"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def photo_of(case, colour="red"):
    """A photo on the case's paper, as it was taken at the door."""
    from zhangfa.records.actions.attachments import prepare

    ready = prepare(jpeg(colour), name="林知夏家厨房.jpg")
    return Attachment.objects.create(
        record=case.record, kind="object", name=ready.name, size=ready.size, content_type=ready.content_type, sha256=ready.sha256,
        view_sha256=ready.view_sha256, thumb_sha256=ready.thumb_sha256, width=ready.width, height=ready.height, created_at=MONDAY,
        place="听松苑",
    )  # fmt: skip


def written(house, **more):
    case = closed(house)
    by = house.actor(house.handler_of(case))
    return case, by, actions.write_study(case, by=by, at=MONDAY, **(LESSON | more))


def released(house, **more):
    case, _by, study = written(house, **more)
    return case, actions.release(study, by=house.actor("cs"), at=MONDAY, train_by=MONDAY.date() + 14 * DAY)


def test_a_picture_is_a_copy_of_its_own_that_somebody_says_shows_nobody(house):
    case, by, study = written(house)
    photo = photo_of(case)
    facts = {"photo": photo, "by": by, "at": MONDAY}
    refused(
        lambda: actions.add_picture(study, caption="砸裂的台面", is_anonymous=False, **facts), "picture.unconfirmed"
    )
    refused(lambda: actions.add_picture(study, caption="林女士家的台面", is_anonymous=True, **facts), "study.name")
    picture = actions.add_picture(study, caption="砸裂的台面", is_anonymous=True, **facts)
    copy = picture.attachment
    assert copy.record_id == study.pk and copy.sha256 not in (photo.sha256, photo.view_sha256)
    assert (copy.name, copy.place, copy.taken_at) == ("picture.jpg", "", None)
    data = vault.get(copy.sha256)
    assert not Image.open(BytesIO(data)).getexif() and "林知夏".encode() not in data
    refused(lambda: actions.add_picture(study, caption="再放一次", is_anonymous=True, **facts), "picture.again")
    refused(lambda: actions.release(study, by=house.actor("cs"), at=MONDAY), "study.pictures")
    study = actions.release(study, by=house.actor("cs"), at=MONDAY, pictures_checked=True)
    refused(lambda: actions.drop_picture(picture, by=by, at=MONDAY), "picture.released")
    assert print_of(study.record, actor=house.actor("sw"), at=MONDAY).startswith(b"%PDF")


def test_only_photos_of_its_own_case_and_only_by_its_writers(house):
    case, by, study = written(house)
    strange = store(study.record, kind="other", upload=jpeg("blue"), by=by, at=MONDAY)
    facts = {"caption": "砸裂的台面", "is_anonymous": True, "at": MONDAY}
    refused(lambda: actions.add_picture(study, photo=strange, by=by, **facts), "picture.none")
    photo = photo_of(case)
    refused(lambda: actions.add_picture(study, photo=photo, by=house.actor("sw2"), **facts), "study.writer")
    picture = actions.add_picture(study, photo=photo, by=by, **facts)
    actions.drop_picture(picture, by=by, at=MONDAY)
    assert not study.pictures.exists()


def test_who_signed_and_passed_has_learnt_it(house):
    _case, study = released(house)
    plan = {"held_on": MONDAY.date(), "hours": Decimal(1), "trainer": house.people["cc"], "pass_score": 60}
    session = actions.plan_session(study, by=house.actor("cc"), at=MONDAY, **plan)
    training, facts = session.training, {"by": house.actor("cc"), "at": MONDAY + dt.timedelta(hours=2)}
    assert (training.subject, training.needs_signing, training.has_test) == ("prevention", True, True)
    numbers = {name: house.people[name].no for name in ("sw", "sw2", "oa")}
    training = note_learners(training, people=f"{numbers['sw']} 80\n{numbers['sw2']} 40\n{numbers['oa']} 90", **facts)
    refused(lambda: close_training(training, **facts), "training.unsigned")
    for name in ("sw", "sw2"):
        sign(
            training.record,
            role=f"learner-{house.people[name].pk}",
            by=house.actor(name),
            at=facts["at"],
            is_verified=True,
        )
    refuse_to_sign(
        training.record,
        role=f"learner-{house.people['oa'].pk}",
        by=house.actor("cs"),
        at=facts["at"],
        reason="提前离开了会场",
    )
    close_training(Training.objects.get(pk=training.pk), **facts)
    learnt = dict(Reading.objects.filter(study=study).values_list("person__name", "at"))
    assert {name: at is not None for name, at in learnt.items()} == {
        "人sw": True,
        "人sw2": False,
        "人oa": False,
        "人oa2": False,
    }
    assert Reading.objects.get(study=study, person=house.people["sw"]).score == 80
    assert dict(learning.attendance([session.pk])) == {session.pk: (3, 1)}
    assert print_of(study.record, actor=house.actor("cs"), at=MONDAY).startswith(b"%PDF")
    assert print_of(training.record, actor=house.actor("cs"), at=MONDAY).startswith(b"%PDF")


def test_no_session_before_the_release_or_when_all_have_learnt_it(house):
    _case, _by, study = written(house)
    plan = {"held_on": MONDAY.date(), "hours": Decimal(1), "trainer": house.people["cc"], "by": house.actor("cc")}
    refused(lambda: actions.plan_session(study, at=MONDAY, **plan), "session.draft")
    study = actions.release(study, by=house.actor("cs"), at=MONDAY)
    refused(lambda: actions.plan_session(study, at=MONDAY, **(plan | {"pass_score": 101})), "session.score")
    Reading.objects.filter(study=study).update(at=MONDAY)
    refused(lambda: actions.plan_session(study, at=MONDAY, **plan), "session.nobody")


def test_the_thread_says_by_when_it_is_learnt_and_the_effect_counts_from_the_training(house):
    case, study = released(house)
    late = MONDAY + 20 * DAY
    stage = next(
        one
        for one in thread("claims.case", str(case.pk), house.actor("am", late), late).stages
        if "学习" in str(one.label)
    )
    assert (stage.due_at, stage.state(late)) == (clock.day_end(MONDAY + 14 * DAY), "overdue")
    assert learning.trained_from(study) is None and learning.effect_since(None, study.cause, late.date()) is None
    actions.read_study(study, answers={0: 0}, by=house.actor("sw"), at=MONDAY)
    found = learning.effect_since(learning.trained_from(study), study.cause, late.date())
    assert (found.before, found.after) == (0, 1)


def test_a_name_written_on_the_trainers_phone_is_told_to_its_owner(house):
    _case, study = released(house)
    session = actions.plan_session(
        study, by=house.actor("cc"), at=MONDAY, held_on=MONDAY.date(), hours=Decimal(1), trainer=house.people["cc"]
    )
    training = note_learners(session.training, people=house.people["oa"].no, by=house.actor("cc"), at=MONDAY)
    out = BytesIO()
    ink = Image.new("RGBA", (400, 150), (0, 0, 0, 0))
    ImageDraw.Draw(ink).line([(20, 20), (380, 130)], fill=(0, 0, 0, 255), width=9)
    ink.save(out, "PNG")
    role = f"learner-{house.people['oa'].pk}"
    signed = sign(training.record, role=role, by=house.actor("cc"), at=MONDAY, method="drawn", drawing=out.getvalue())
    assert (signed.manner, signed.signer_id) == ("presence", house.people["oa"].pk)
    assert Notice.objects.filter(code="people.training.signed_at_hand", person=house.people["oa"]).count() == 1


def test_the_published_effect_counts_from_the_rule_and_from_the_training(house):
    case, study = released(house)
    in_force(house, source_kind="claims.case", source_id=case.pk)
    later = MONDAY + 40 * DAY
    assert learning.draw(later.date())["rows"][0]["training"] is None
    actions.read_study(study, answers={0: 0}, by=house.actor("sw"), at=MONDAY)
    found = learning.draw(later.date())["rows"][0]["training"]
    assert (found["from"], found["before"], found["after"]) == (MONDAY.date().isoformat(), 0, 1)
    assert learning.draw((MONDAY - DAY).date())["rows"] == []
    paper = actions.publish_effect("2026-Q1", by=house.actor("cc", later), at=later)
    assert print_of(paper.record, actor=house.actor("cs"), at=later).startswith(b"%PDF")
