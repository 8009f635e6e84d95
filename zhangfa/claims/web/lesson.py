"""What hangs on a lesson: its pictures, the sessions at which it is taught, who learnt it, and what came of it (F14, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, learning
from zhangfa.claims.models import Case, Study, StudyPicture, StudySession
from zhangfa.claims.web.forms.study import PictureForm, SessionForm
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.organisation.models import Grade
from zhangfa.people.models import Training
from zhangfa.people.permissions import arrange_training, keeps_training
from zhangfa.records.models import Attachment
from zhangfa.regulations import queries as regulations
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage
from zhangfa.ui.registry import Part


def pictures_of(study: Study) -> list[StudyPicture]:
    return list(study.pictures.select_related("attachment", "confirmed_by").order_by("pk"))


def signed_in(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None and not by.is_system:
        yield Refusal("study.read", _("系统管理员不查看单据。"), {}, "CC-W2.2")


class OfStudy(FormPage, abstract=True):
    """A form about one lesson that the person may see."""

    permission: Any = signed_in
    nav = "studies"

    def subject(self) -> Study:
        if not hasattr(self, "_study"):
            rows = Study.objects.visible_to(self.actor).select_related("record", "case__record")
            self._study = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._study

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.subject().get_absolute_url()

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class AddPicture(OfStudy):
    """Pick a photo of the case; only those who see the case see what there is to pick."""

    permission = actions.change_pictures
    title, form_class, submit_label = lazy("放入图片"), PictureForm, lazy("放入资料")
    template_name, fragment_template = "claims/picture.html", "claims/picture.html"
    help = lazy(
        "图片会另存一份、重新编码，不带拍摄地点等信息。能认出人或住处的照片不要放；发布时由客服中心经理再逐张核对。"
    )

    def subject(self) -> Study:
        study = super().subject()
        if not Case.objects.visible_to(self.actor).filter(pk=study.case_id).exists():
            raise Http404
        return study

    def get_initial(self) -> dict[str, Any]:
        return {"photo": self.request.GET.get("photo", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Attachment.objects.filter(record_id=self.subject().case_id, removed_at=None).exclude(view_sha256="")
        return super().get_context_data(photos=list(rows.order_by("kind", "pk")[:60]), **kwargs)

    def act(self, form: Any) -> Any:
        return actions.add_picture(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("图片已放入资料。")


class DropPicture(OfStudy):
    """Take a picture out again."""

    permission = actions.change_pictures
    title, form_class, submit_label, is_dangerous = lazy("取出图片"), Form, lazy("取出"), True

    def act(self, form: Any) -> Any:
        rows = self.subject().pictures.select_related("attachment")
        return actions.drop_picture(get_object_or_404(rows, pk=self.kwargs["picture"]), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return _("图片已取出。")


class PlanSession(OfStudy):
    """Arrange a session on the lesson for those who still have to study it."""

    permission = arrange_training
    title, form_class, submit_label = lazy("安排培训"), SessionForm, lazy("安排并通知")
    help = lazy(
        "安排后，还没有学习的人会收到通知。培训时登记参加的人、请他们签到、写小测验成绩；计入学时后，及格的人算学完。"
    )

    def act(self, form: Any) -> Any:
        return actions.plan_session(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("培训已安排。")

    def done_url(self, outcome: Any) -> str:
        return outcome.training.get_absolute_url() if outcome else self.back_url


def sessions_part(page: Any, study: Study) -> tuple[str, dict[str, Any]]:
    """The training plan: how many owe it, by when, and each session with who came and who passed."""
    rows = list(
        study.sessions.select_related("training__record", "training__trainer").order_by("training__held_on", "pk")
    )
    seen = set(Training.objects.visible_to(page.actor).filter(lesson__study=study).values_list("pk", flat=True))
    came = dict(learning.attendance([row.pk for row in rows]))
    done, everybody = learning.progress(study)
    return "claims/parts/sessions.html", {
        "study": study, "done": done, "everybody": everybody, "owed": everybody - done,
        "is_late": study.train_by is not None and study.train_by < clock.local_date(page.at) and done < everybody,
        "sessions": [(row, row.pk in seen, *came.get(row.pk, (0, 0))) for row in rows],
        "may_plan": done < everybody and is_open(arrange_training, by=page.actor, at=page.at),
    }  # fmt: skip


def released(study: Study, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    if study.status != Study.Status.RELEASED:
        yield Refusal("session.draft", _("资料发布后才能安排培训。"), {}, "CC-W2.2")


def effect_part(page: Any, study: Study) -> tuple[str, dict[str, Any]]:
    """The same cause per 1,000 orders before and after the rule, and before and after the training."""
    today = clock.local_date(page.at)
    rule = next((row for row in regulations.of_source(learning.SOURCE, study.case_id) if row.is_public), None)
    trained = learning.trained_from(study)
    return "claims/parts/study_effect.html", {
        "cause": study.get_cause_display(),
        "rule_from": rule.effective_on if rule else None,
        "by_rule": learning.effect_words(learning.effect(rule, study.cause, today)) if rule else "",
        "trained_from": trained,
        "by_training": learning.effect_words(learning.effect_since(trained, study.cause, today)),
    }


def measures(study: Study, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The company's figures are for those who manage."""
    yield from released(study, by=by, at=at)
    if not (by.is_system or any(seat.grade >= Grade.LINE_MANAGER for seat in by.seats)):
        yield Refusal("study.effect", _("效果对管理人员开放。"), {}, "CC-W2.2")


SESSIONS = Part("sessions", lazy("培训计划"), sessions_part, permission=released, open=True)
EFFECT = Part("effect", lazy("前后效果"), effect_part, permission=measures)


def of_training(page: Any, training: Training) -> tuple[str, dict[str, Any]]:
    """On a training session: the lesson that it teaches, and who still owes it."""
    session = StudySession.objects.select_related("study__record").get(pk=training.pk)
    owed = learning.owed_within(session.study, page.actor)
    people = session.study.readings.filter(at=None, person_id__in=owed[:200]).select_related("person", "unit")
    seen = Study.objects.visible_to(page.actor).filter(pk=session.study_id).exists()
    return "claims/parts/of_training.html", {
        "session": session, "study": session.study, "sees_study": seen,
        "owed": [] if list(keeps_training(training, by=page.actor, at=page.at)) else list(people.order_by("person__no")),
    }  # fmt: skip


def teaches(training: Training, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    if not StudySession.objects.filter(pk=training.pk).exists():
        yield Refusal("session.none", _("这次培训不是讲预防资料的。"), {}, "CC-W2.2")


LESSON = Part("lesson", lazy("培训资料"), of_training, permission=teaches, open=True)
