"""Pages of the learning chain: waiver and lessons with their test (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import django_filters as df
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals.queries import waiting_for
from zhangfa.claims import actions, learning, permissions
from zhangfa.claims.learning_rules import quiz_text
from zhangfa.claims.models import Case, Study
from zhangfa.claims.web import lesson
from zhangfa.claims.web.forms.study import STUDY_FORMS, ReadingForm, StudyForm, WaiverForm
from zhangfa.claims.web.more import OfCase
from zhangfa.core.decisions import Refusal
from zhangfa.organisation.models import Grade
from zhangfa.policy.wording import post_name
from zhangfa.records.web.parts import records_parts
from zhangfa.regulations import queries as regulations
from zhangfa.regulations.permissions import draft_regulations
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import FormPage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty
from zhangfa.ui.words import join

STATUSES = {"draft": Status(lazy("待发布"), "amber"), "released": Status(lazy("已发布"), "green")}


class Learned(OfCase, abstract=True):
    """A form about a closed case."""

    permission = permissions.submit_learning

    def subject(self) -> Case:
        case = super().subject()
        if not hasattr(case, "learning"):
            raise Http404
        return case


class Waive(Learned):
    """Ask that a special cause makes no rule."""

    title, form_class, submit_label = lazy("申请不出台制度"), WaiverForm, lazy("提交客服中心经理批准")
    help = lazy("只有特殊原因的案件可以不出台制度，须写明理由并由客服中心经理批准；普遍原因必须出台制度。")

    def act(self, form: Any) -> Any:
        return actions.ask_waiver(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("已提交。")


class WriteStudy(Learned):
    """Write the lesson of a case."""

    title, form_class, submit_label = lazy("编写预防事故发生培训资料"), StudyForm, lazy("保存，等经理发布")
    help = lazy(
        "供其他岗位学习，不能看出是谁、在哪里：写“客户”“服务员”，不写姓名、电话、住址；图片在保存后从案件照片里挑选。"
    )

    def get_initial(self) -> dict[str, Any]:
        task = self.subject().learning
        return {"analysis": task.analysis, "correct_practice": task.measures, "posts": ["sw", "oa", "sup"]}

    def act(self, form: Any) -> Any:
        return actions.write_study(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("资料已保存，等客服中心经理发布。")

    def done_url(self, outcome: Any) -> str:
        return outcome.get_absolute_url() if outcome else self.back_url


def read_studies(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody sees the lessons meant for them; the technical administrator sees none."""
    if by.person_id is None and not by.is_system:
        yield Refusal("study.read", _("系统管理员不查看单据。"), {}, "CC-W2.2")


class StudyFilter(FilterSet):
    status = df.ChoiceFilter(label=lazy("状态"), choices=Study.Status.choices)
    cause = df.ChoiceFilter(label=lazy("类别"), choices=Case.Cause.choices)


class Studies(ListPage):
    """The lessons, newest first."""

    model, permission, title, nav = Study, read_studies, lazy("预防事故发生培训资料"), "studies"
    columns = (
        Column("record.number", lazy("编号"), kind="no", link=True),
        Column("title", lazy("标题"), phone="title", wide=True),
        Column("cause", lazy("类别"), value=lambda row, page: row.get_cause_display()),
        Column("status", lazy("状态"), kind="status", phone="badge"),
        Column("released_at", lazy("发布时间"), kind="when"),
    )
    sorts = {"new": (lazy("最新"), "-pk")}
    filterset_class = StudyFilter
    select_related = ("record",)
    empty = Empty(
        lazy("还没有培训资料"), lazy("案件结案后，在案件页写成不带姓名的资料，客服中心经理发布后学习。"), "school"
    )


def readers_part(page: Any, study: Study) -> tuple[str, dict[str, Any]]:
    rows = study.readings.select_related("person", "unit").order_by("at", "pk")
    if not page.actor.holds("cc", "cs", "am", "hr", "gm", "dgm"):
        units = [s.department_id or s.unit_id for s in page.actor.seats if s.grade >= Grade.SUPERVISOR]
        rows = rows.filter(unit__department_id__in=units)
    return "claims/parts/readers.html", {
        "owed": list(rows.filter(at=None)[:200]),
        "done": list(rows.exclude(at=None)[:200]),
    }


def manages(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    if not by.holds("cc", "cs", "am", "hr", "gm", "dgm", "hs", "ls", "sup"):
        yield Refusal("study.readers", _("学习名单对管理人员开放。"), {}, "CC-W2.2")


class StudyRecord(RecordPage):
    """One lesson; the case behind it only for those who see it anyway."""

    model, permission, nav, do_url = Study, read_studies, "studies", "claims:study-do"
    template_name = "claims/study.html"
    select_related = ("record__unit", "case__record", "written_by", "released_by")
    parts = [
        lesson.SESSIONS,
        Part("readers", lazy("学习名单"), readers_part, permission=manages),
        lesson.EFFECT,
        *records_parts("comments", "trail"),
    ]
    facts = (
        Column("cause", lazy("类别"), value=lambda row, page: row.get_cause_display()),
        Column("products", lazy("适用产品"), value=lambda row, page: join(row.products)),
        Column("posts", lazy("学习的岗位"), value=lambda row, page: join(str(post_name(code)) for code in row.posts)),
        Column("narrative", lazy("经过"), wide=True),
        Column("analysis", lazy("原因剖析"), wide=True),
        Column("loss_level", lazy("损失区间（元）"), wide=True),
        Column("correct_practice", lazy("正确做法"), wide=True),
        Column("checkpoints", lazy("预防要点"), value=lambda row, page: "\n".join(row.checkpoints), wide=True),
        Column("train_by", lazy("在哪天以前学完"), kind="date"),
        Column("released_by", lazy("发布人"), value=lambda row, page: row.released_by and row.released_by.shown_name),
        Column("released_at", lazy("发布时间"), kind="when"),
    )

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        return lazy("客服中心经理发布") if self.object.status == Study.Status.DRAFT else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = self.object.readings.filter(person_id=self.actor.person_id or 0).first()
        sees = Case.objects.visible_to(self.actor).filter(pk=self.object.case_id).exists()
        pictures = lesson.pictures_of(self.object)
        may_draw = sees and not list(actions.change_pictures(self.object, by=self.actor, at=self.at))
        return super().get_context_data(
            own=own, case=self.object.case if sees else None, pictures=pictures, may_draw=may_draw, **kwargs
        )


class StudyDo(TransitionPage):
    record_page, forms, nav = StudyRecord, STUDY_FORMS, "studies"

    def get_initial(self) -> dict[str, Any]:
        if self.transition.name != "revise_study":
            return {}
        study = self.subject()
        names = ("title", "narrative", "analysis", "correct_practice", "posts")
        return {name: getattr(study, name) for name in names} | {
            "checkpoints": "\n".join(study.checkpoints), "products": "\n".join(study.products), "quiz": quiz_text(study.quiz),
        }  # fmt: skip


class ReadStudy(FormPage):
    """The test at the end of a lesson."""

    permission, form_class, nav, submit_label = read_studies, ReadingForm, "studies", lazy("我已学习")
    template_name = "claims/study_read.html"

    def subject(self) -> Study:
        if not hasattr(self, "_study"):
            rows = Study.objects.visible_to(self.actor).select_related("record")
            self._study = get_object_or_404(rows, pk=self.kwargs["pk"], status=Study.Status.RELEASED)
        return self._study

    def page_title(self) -> Any:
        return self.subject().title

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.subject().get_absolute_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"quiz": self.subject().quiz}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(pictures=lesson.pictures_of(self.subject()), **kwargs)

    def act(self, form: Any) -> Any:
        return actions.read_study(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("已登记学习。")

    def done_url(self, outcome: Any) -> str:
        return self.subject().get_absolute_url()


def closed(case: Any, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """The block stands on closed cases only."""
    if not hasattr(case, "learning"):
        yield Refusal("learning.none", _("结案后才有这一步。"), {}, "CC-W2.1")


def panel(page: Any, case: Case) -> tuple[str, dict[str, Any]]:
    """On a closed case: its rule, its lesson, and what can be done next."""
    task = case.learning
    rules = regulations.of_source(learning.SOURCE, case.pk)
    may = not list(permissions.submit_learning(case, by=page.actor, at=page.at))
    study = Study.objects.filter(case=case).select_related("record").first()
    open_rule = not rules and task.waived_at is None
    waiting = bool(task.waiver_asked_at and not task.waived_at and waiting_for(case.record_id))
    return "claims/parts/learning.html", {
        "case": case, "task": task, "rules": rules, "study": study, "may_write": may and study is None, "is_waiting": waiting,
        "may_draft": may and open_rule and not waiting and not list(draft_regulations(by=page.actor, at=page.at)),
        "may_waive": may and open_rule and not waiting and task.nature == Case.Nature.ISOLATED,
    }  # fmt: skip


PANEL = Part("learning", lazy("制度、培训和效果"), panel, permission=closed, open=True)
