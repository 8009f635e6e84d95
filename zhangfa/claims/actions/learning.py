"""What follows a closed case: the rule or its waiver, the lesson without names, its readers, and the measured effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhangfa.approvals.actions import request_step
from zhangfa.approvals.models import Step
from zhangfa.claims import learning, learning_rules, permissions
from zhangfa.claims.models import Case, LearningTask, Reading, Study
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.organisation.queries import holders
from zhangfa.policy.queries import figure
from zhangfa.records.actions import assign_number, concern, copy_to, open_record, publish
from zhangfa.records.models import Publication

NO_RULE, STUDY_FORM, EFFECT_KIND, EFFECT_FORM = "claims.no_rule", "F14", "RPT-14", "XG"
DRAFT_DAYS, RULE_DAYS = "claims.regulation_draft_days", "claims.regulation_promulgate_days"
THREAD = "/threads/claims.case/"
CLAUSE, LESSON = "CC-W2.1", "CC-W2.2"
S = Study.Status


def owe_rule(case: Case, *, by: Actor, at: dt.datetime) -> None:
    """From the closing on a draft is owed by the handler, and the rule by administration (CC-W2.1, A-11)."""
    for event, label, key, handler in (
        ("claims.draft.owed", _("须起草制度"), DRAFT_DAYS, {"handler": case.handler_id}), ("claims.rule.owed", _("须颁布制度"), RULE_DAYS, {}),
    ):  # fmt: skip
        due = clock.day_end(at + dt.timedelta(days=int(figure(key, at).value)))
        announce(
            event, case, by=by, at=at, label=label, record_id=case.pk, clause=CLAUSE, codes={**handler, "due_at": due}
        )


def tell_administration(case: Case, *, at: dt.datetime) -> None:
    """The analysis is a report to administration: it finds it on the chain, without names (CC-W2.2)."""
    reader = person_in("am", at)
    if reader is not None:
        notify(
            [reader.pk],
            "claims.analysed",
            {"number": case.record.number or ""},
            at=at,
            url=f"{THREAD}{case.pk}/",
            clause=LESSON,
        )


def ask_waiver(case: Case, *, by: Actor, at: dt.datetime, reason: str) -> LearningTask:
    """Ask the manager to agree that a special cause makes no rule (A-11)."""
    demand(permissions.submit_learning(case, by=by, at=at))
    with work():
        locked = Case.objects.lock(case.pk)
        task = _task(locked)
        demand(
            learning_rules.refuse_waiver(
                nature=task.nature, has_rule=learning.has_rule(locked), reason=reason, is_waiting=task.waiver_asked_at is not None,
                is_waived=task.waived_at is not None,
            )
        )  # fmt: skip
        task.waiver_reason, task.waiver_asked_at = reason, at
        task.save(update_fields=["waiver_reason", "waiver_asked_at"])
        request_step(
            locked.record, kind=NO_RULE, authority="cs", unit=locked.unit, by=by, at=at, applicant_person_id=by.person_id,
            involved_person_ids=[locked.handler_id, locked.worker_id], clause=CLAUSE, facts={"number": locked.record.number or "", "reason": reason},
        )  # fmt: skip
        announce(
            "claims.learning.waiver_asked", task, by=by, at=at, label=_("申请不出台制度"), record_id=locked.pk, clause=CLAUSE,
            values={"reason": reason},
        )  # fmt: skip
        return task


def _task(case: Case) -> LearningTask:
    found = LearningTask.objects.select_for_update().filter(case_id=case.pk).first()
    if found is None:
        raise Refused([Refusal("learning.none", _("结案后才有这一步。"), {}, CLAUSE)])
    return found


def lock_case(step: Step) -> Case:
    return Case.objects.lock(step.record_id)


def waiver_decided(step: Step, *, by: Actor, at: dt.datetime) -> None:
    """The manager's word: no rule, or a rule after all."""
    task = LearningTask.objects.select_for_update().get(case_id=step.record_id)
    if step.state == Step.State.AGREED:
        task.waived_at, task.waived_by_id = at, by.person_id
        task.save(update_fields=["waived_at", "waived_by"])
        announce(
            "claims.learning.waived",
            task,
            by=by,
            at=at,
            label=_("同意不出台制度"),
            record_id=step.record_id,
            clause=CLAUSE,
        )
        return
    task.waiver_asked_at = None
    task.save(update_fields=["waiver_asked_at"])
    announce(
        "claims.learning.waiver_refused",
        task,
        by=by,
        at=at,
        label=_("须出台制度"),
        record_id=step.record_id,
        clause=CLAUSE,
    )


TEXTS = ("title", "narrative", "analysis", "correct_practice")


def _refuse_study(case: Case, given: Mapping[str, Any]) -> Iterator[Refusal]:
    texts = {name: given[name] for name in TEXTS}
    points, quiz = given["checkpoints"], given["quiz"]
    yield from learning_rules.refuse_study(texts=texts, posts=given["posts"], checkpoints=points)
    yield from learning_rules.refuse_quiz(quiz)
    asked = "\n".join([str(one["question"]) for one in quiz] + [str(text) for one in quiz for text in one["options"]])
    all_texts = {**texts, "checkpoints": "\n".join(points), "quiz": asked}
    yield from learning_rules.refuse_identifying(all_texts, **learning.identities(case))


def write_study(
    case: Case, *, title: str, narrative: str, analysis: str, correct_practice: str, checkpoints: Sequence[str], posts: Sequence[str],
    quiz: Sequence[Mapping[str, Any]], products: Sequence[str] = (), by: Actor, at: dt.datetime,
) -> Study:  # fmt: skip
    """Tell a closed case without names, as a lesson with its test; the manager releases it (F14). Raises `Refused`."""
    given = {
        "title": title, "narrative": narrative, "analysis": analysis, "correct_practice": correct_practice, "checkpoints": list(checkpoints),
        "posts": list(posts), "quiz": [dict(one) for one in quiz], "products": list(products),
    }  # fmt: skip
    demand(permissions.submit_learning(case, by=by, at=at))
    with work():
        locked = Case.objects.lock(case.pk)
        _task(locked)
        if Study.objects.filter(case=locked).exists():
            raise Refused([Refusal("study.exists", _("这起案件已经有培训资料。"), {}, LESSON)])
        demand(_refuse_study(locked, given))
        unit = Unit.objects.filter(seats__post_id="cs", seats__is_active=True).order_by("pk").first() or locked.unit
        record = open_record(
            STUDY_FORM, unit=unit, by=by, at=at, title=title[:120], retention="R5", url=lambda pk: f"/claims/studies/{pk}/"
        )  # fmt: skip
        study = Study(
            record=record, case=locked, cause=learning.cause_of(locked), loss_level=learning.loss_level(locked), written_at=at,
            written_by_id=by.person_id, **given,
        )  # fmt: skip
        study.save(force_insert=True)
        if by.person_id is not None:
            concern(record, by.person_id, "writer")
        assign_number(record, at=at)
        # On the lesson's own chain the case stands as an id only.
        announce(
            "claims.study.written", study, by=by, at=at, label=_("编写预防事故发生培训资料"), record_id=record.pk, clause=LESSON, is_new=True,
            codes={"case": locked.pk, "cause": study.cause},
        )  # fmt: skip
        manager = person_in("cs", at, exclude=(by.person_id,))
        if manager is not None:
            notify(
                [manager.pk],
                "claims.study_written",
                {"title": title},
                at=at,
                record_id=record.pk,
                url=study.get_absolute_url(),
            )
        return study


def writer(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever wrote it, or the service centre."""
    if not by.is_system and not by.is_any_of([obj.written_by_id]) and not by.holds("cc", "cs"):
        yield Refusal("study.writer", _("这一步由编写人办理。"), {}, LESSON, "", ("cc", "cs"))


def releaser(obj: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The manager of the service centre releases it; never who wrote it."""
    if by.is_system:
        return
    if not by.holds("cs", "dgm", "gm"):
        yield Refusal("study.release", _("培训资料由客服中心经理发布。"), {}, LESSON, "", ("cs",))
    elif by.is_any_of([obj.written_by_id]):
        yield Refusal("study.own", _("自己编写的资料由他人发布。"), {}, LESSON, "", ("dgm",))


def _guard_revise(study: Study, *, by: Actor, at: dt.datetime, **given: Any) -> Iterator[Refusal]:
    yield from _refuse_study(study.case, given)


@arrow(
    Study,
    sources=[S.DRAFT],
    target=None,
    label=_("修改资料"),
    event="revised",
    permit=writer,
    guard=_guard_revise,
    clause=LESSON,
)
def revise_study(study: Study, *, by: Actor, at: dt.datetime, **given: Any) -> None:
    """Mend the lesson before it is released."""
    for name in (*TEXTS, "checkpoints", "posts", "quiz", "products"):
        if name in given:
            setattr(study, name, list(given[name]) if isinstance(given[name], tuple) else given[name])


def _guard_release(
    study: Study, *, by: Actor, at: dt.datetime, train_by: dt.date | None = None, pictures_checked: bool = False
) -> Iterator[Refusal]:
    # A name may have come to light since it was written.
    given = {name: getattr(study, name) for name in (*TEXTS, "checkpoints", "posts", "quiz")}
    captions = list(study.pictures.values_list("caption", flat=True))
    found = [
        *_refuse_study(study.case, given),
        *learning_rules.refuse_identifying({"caption": "\n".join(captions)}, **learning.identities(study.case)),
    ]
    for refusal in found:
        yield Refusal(refusal.code, refusal.text, refusal.params, refusal.clause)
    yield from learning_rules.refuse_plan(
        today=clock.local_date(at), train_by=train_by, pictures=len(captions), are_checked=pictures_checked
    )


@arrow(
    Study, sources=[S.DRAFT], target=S.RELEASED, label=_("发布资料"), event="released", permit=releaser, guard=_guard_release, clause=LESSON,
    hint=_("发布后，所选岗位的每个人都要学习并答题。"),
)  # fmt: skip
def release(
    study: Study, *, by: Actor, at: dt.datetime, train_by: dt.date | None = None, pictures_checked: bool = False
) -> dict[str, Any]:
    """Everybody concerned studies it, by the day that the manager sets."""
    study.released_at, study.released_by_id, study.train_by = at, by.person_id, train_by
    rows = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), seat__post_id__in=study.posts, seat__is_active=True, person__left_on=None
    )
    people: dict[int, int] = {}
    for person, unit in rows.order_by("pk").values_list("person_id", "seat__unit_id"):
        people.setdefault(person, unit)
    Reading.objects.bulk_create(Reading(study=study, person_id=person, unit_id=unit) for person, unit in people.items())
    notify(
        people,
        "claims.study_released",
        {"title": study.title},
        at=at,
        record_id=study.pk,
        url=study.get_absolute_url(),
        clause=LESSON,
    )
    return {
        "codes": {
            "people": len(people),
            "cause": study.cause,
            "train_by": train_by,
            "pictures_checked": pictures_checked,
        }
    }


def read_study(study: Study, *, answers: Mapping[int, int | None], by: Actor, at: dt.datetime) -> Reading:
    """Say that one has studied it, every question answered rightly; only for oneself."""
    with work():
        row = Reading.objects.select_for_update().filter(study=study, person_id=by.person_id or 0).first()
        demand(_refuse_reading(study, row, answers))
        assert row is not None
        row.at, row.questions = at, len(study.quiz)
        row.save(update_fields=["at", "questions"])
        announce(
            "claims.study.read",
            row,
            by=by,
            at=at,
            label=_("学习培训资料"),
            record_id=study.pk,
            clause=LESSON,
            codes={"person": row.person_id},
        )
        return row


def _refuse_reading(study: Study, row: Reading | None, answers: Mapping[int, int | None]) -> Iterator[Refusal]:
    if row is None:
        yield Refusal("reading.none", _("这份资料不需要您学习。"), {}, LESSON)
        return
    if row.at is not None:
        yield Refusal("reading.done", _("您已经学习过了。"), {}, LESSON)
    for number, one in enumerate(study.quiz):
        if answers.get(number) != one["answer"]:
            yield Refusal("reading.wrong", _("这道题答得不对，请再看一遍。"), {}, LESSON, f"question_{number}")


def publish_effect(name: str, *, by: Actor, at: dt.datetime) -> Publication:
    """Freeze RPT-14 of a quarter that is over and send it to the service centre, administration and the departments."""
    if not by.holds("cc", "cs"):
        raise Refused(
            [Refusal("effect.post", _("只有投诉与客户维护专员或客服中心经理可以发布。"), {}, LESSON, "", ("cc", "cs"))]
        )
    found = learning.quarter_named(name)
    if found is None or found[2] >= clock.local_date(at):
        raise Refused([Refusal("effect.early", _("季度结束后才能发布。"), {}, LESSON)])
    with work():
        paper = publish(
            EFFECT_KIND, period=name, figures=learning.draw(found[2]), policy={}, form_code=EFFECT_FORM,
            unit=Unit.objects.get(kind=Unit.Kind.COMPANY), by=by, at=at, title=f"{_('事故制度效果')} {name}", url=f"/claims/effect/{name}/",
        )  # fmt: skip
        seats = Seat.objects.filter(post_id__in=("cs", "am", "hs", "ls", "fin", "mk"), is_active=True).values_list(
            "pk", flat=True
        )
        people: list[Person] = [person for found in holders(seats, at).values() for person in found]
        copy_to(paper.record, [person.pk for person in people], by=by, at=at)
        announce(
            "claims.effect.published", paper.record, by=by, at=at, label=_("发布事故制度效果"), record_id=paper.record_id, clause=LESSON,
            codes={"period": name, "revision": paper.revision},
        )  # fmt: skip
        return paper
