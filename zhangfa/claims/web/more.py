"""Pages around a case that are no step of it: photos, the same event, the analysis, the archive after a talk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms as base
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, permissions
from zhangfa.claims.models import LIVE, Case, Talk
from zhangfa.claims.web import access, parts
from zhangfa.claims.web.forms import LearningForm, LinkEventForm
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.core.decisions import Refusal
from zhangfa.customers import wording as answers
from zhangfa.customers.actions.learnt import OFFERED, ROOM
from zhangfa.customers.models import Profile
from zhangfa.records import permissions as papers
from zhangfa.records.actions import attach
from zhangfa.records.models import Attachment
from zhangfa.records.web.fields import FilesField
from zhangfa.ui.forms import TextField
from zhangfa.ui.pages import FormPage


class OfCase(FormPage, abstract=True):
    """A form about one case that the person may see."""

    permission = access.read_cases
    nav = "cases"
    template_name = "claims/case_form.html"

    def subject(self) -> Case:
        if not hasattr(self, "_case"):
            rows = Case.objects.visible_to(self.actor).select_related("record", "handler", "customer", "unit")
            self._case = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._case

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return self.subject().get_absolute_url()

    def done_url(self, outcome: Any) -> str:
        return self.subject().get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.subject(), number=self.subject().record.number, back=self.back_url, **kwargs
        )


class PhotoForm(CaseForm):
    """Pictures of one kind, kept as soon as they are taken."""

    photos = FilesField(label=lazy("照片"), minimum=1)
    kind = TextField(max_length=10)

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return kind if kind in Attachment.Kind.values else Attachment.Kind.SCENE


def add_photos(case: Case, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever may add files to the case's paper."""
    yield from papers.add_files(case.record, by=by, at=at)


class Photos(OfCase):
    """The strip of pictures on the survey page: each is kept at once, so that nothing is lost at the door."""

    permission = add_photos
    title, form_class = lazy("照片"), PhotoForm
    template_name = "claims/parts/photo_strip.html"
    fragment_template = "claims/parts/photo_strip.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.get_form(), status=200)

    def act(self, form: Any) -> Any:
        for prepared in form.cleaned_data["photos"]:
            attach(self.subject().record, prepared, kind=form.cleaned_data["kind"], by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return _("照片已保存。")

    def done_url(self, outcome: Any) -> str:
        return reverse("claims:do", kwargs={"pk": self.subject().pk, "name": "finish_survey"})

    def succeed(self, url: str) -> HttpResponse:
        if not self.is_fragment:
            return super().succeed(url)
        # The strip itself shows that it worked.
        list(messages.get_messages(self.request))
        return self.show(PhotoForm(actor=self.actor, at=self.at, target=self.subject()), status=200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(photos=parts.photos(self.subject()), may_add=True, **kwargs)


class LinkEvent(OfCase):
    """Say that two cases are one event: their sums decide together (CC-W1.5)."""

    permission = permissions.link_events
    title, form_class, submit_label = lazy("关联同一事件"), LinkEventForm, lazy("关联")
    help = lazy("同一事件的几起案件合并计算理赔金额，再决定由谁审批。关联后不能撤销。")

    def act(self, form: Any) -> Any:
        return actions.link_event(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("已关联为同一事件。")


class Learning(OfCase):
    """Hand in the analysis of a closed case (CC-W2.1)."""

    permission = permissions.submit_learning
    title, form_class, submit_label = lazy("提交事故分析"), LearningForm, lazy("提交")
    help = lazy("写清原因和以后怎么做；不写客户、服务员姓名和住址。")

    def subject(self) -> Case:
        case = super().subject()
        if not hasattr(case, "learning"):
            raise Http404
        return case

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # Handed in, it is read where the rest of the case is read, by whoever may read that.
        if request.method == "GET" and request.user.is_authenticated and self.subject().learning.submitted_at:
            return HttpResponseRedirect(f"{self.back_url}?part=learning#part-learning")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        task = self.subject().learning
        known = {name: getattr(task, name) for name in ("analysis", "indirect", "management", "measures")}
        if task.submitted_at is None:
            # Cause and prevention are typed once, on the form that all four signed (domain.md A-51).
            form = self.subject().settlements.filter(status__in=LIVE).exclude(root_cause="").order_by("-seq").first()
            known["analysis"] = known["analysis"] or (form.root_cause if form else "")
            known["measures"] = known["measures"] or (form.prevention if form else "")
        return known

    def act(self, form: Any) -> Any:
        return actions.submit_learning(self.subject(), by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("分析已提交。")


class ArchiveForm(CaseForm):
    """What the talk adds to the customer's archive."""

    archive_note = TextField(label=lazy("写入客户档案的内容"), max_length=1000, multiline=True)
    opinion = TextField(label=lazy("客户意见"), max_length=1000, multiline=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for row in range(1, ROOM + 1):
            self.fields[f"file_field_{row}"] = base.ChoiceField(
                label=lazy("档案栏目"), choices=file_choices, required=False, help_text=lazy("选了栏目，内容直接写进客户档案表。") if row == 1 else ""
            )  # fmt: skip
            self.fields[f"file_value_{row}"] = TextField(label=lazy("写入的内容"), max_length=100, required=False)

    def params(self) -> dict[str, Any]:
        given = super().params()
        for row in range(1, ROOM + 1):
            given[f"file_value_{row}"] = answers.code(given.get(f"file_value_{row}") or "")
        return given


def file_choices() -> list[tuple[str, Any]]:
    """The lines of the customer's file that a contact may fill in."""
    return [("", lazy("不写入")), *((name, answers.label_of(Profile, name)) for name in OFFERED)]


class Archive(OfCase):
    """Bring visit sheet and archive up to date after a contact (CC-D8)."""

    permission = permissions.archive_talk
    title, form_class, submit_label = lazy("访问客户登记记录表"), ArchiveForm, lazy("填好并更新客户档案")
    help = lazy("每次联系客户后填写；客户档案没有变化的请写“无”，有变化的选栏目写进档案。")

    @cached_property
    def talk(self) -> Talk:
        return get_object_or_404(Talk.objects.select_related("case", "by"), pk=self.kwargs["talk"], case=self.subject())

    def check(self, obj: Any) -> None:
        super().check(self.talk)

    def get_initial(self) -> dict[str, Any]:
        return {"opinion": self.talk.opinion}

    def act(self, form: Any) -> Any:
        return actions.archive_talk(self.talk, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("客户档案已更新。")
