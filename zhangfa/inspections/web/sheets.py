"""One person's sheet, and the page on which answers are written down, with or without a network."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import Refused
from zhangfa.inspections import actions, queries
from zhangfa.inspections.models import Answer, Inspection, Problem, Sheet
from zhangfa.inspections.permissions import inspect, read_inspections
from zhangfa.inspections.web.forms import SHEET_FORMS, VERDICTS, AnswerForm
from zhangfa.records.actions import store
from zhangfa.records.web.parts import records_parts
from zhangfa.ui import resend, words
from zhangfa.ui.access import Permission, is_open
from zhangfa.ui.page import Page
from zhangfa.ui.pages import KnownFacts, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column

S = Sheet.Status
STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"), S.HANDED.value: Status(S.HANDED.label, "blue"), S.OBJECTED.value: Status(S.OBJECTED.label, "red"),
    S.RULED.value: Status(S.RULED.label, "green"),
}  # fmt: skip
TONES = {"correct": "green", "partly": "amber", "wrong": "red"}


class SheetPage(KnownFacts):
    """What one person was asked and answered."""

    model, permission, template_name, nav, do_url = (
        Sheet,
        read_inspections,
        "inspections/sheet.html",
        "inspections",
        "inspections:sheet-do",
    )
    select_related = ["record__unit", "inspection__record", "person", "post", "unit", "ruled_by"]
    parts = records_parts("signatures", "files", "comments", "trail")
    facts = [
        Column("person.shown_name", _("受检人")), Column("post.shown_name", _("岗位")), Column("unit.shown_name", _("单位")),
        Column("checked_on", _("检查日期"), kind="date"), Column("inspection.started_at", _("到访时间"), kind="when"),
        Column("announced", _("是否预告"), value=lambda row, page: _("是") if row.inspection.items.filter(is_announced=True).exists() else _("否")),
        Column("score", _("得分"), kind="number"), Column("stated_at", _("设备所记时间"), kind="when"),
        Column("left_at", _("离开时间"), kind="when"), Column("recheck_on", _("复查日期"), kind="date"),
        Column("counted", _("是否纳入考核"), value=lambda row, page: _("是") if row.status in queries.COUNTED else _("否")),
        Column("outline", _("抽查提纲"), wide=True, value=lambda row, page: row.inspection.outline if row.inspection.is_spot else ""),
        Column("get_schedule_match_display", _("服务去向核对")), Column("profile_samples", _("档案真实性抽样"), wide=True),
        Column("follow_up_samples", _("回访真实性抽样"), wide=True), Column("comment", _("总体评价"), wide=True),
        Column("objection", _("异议"), wide=True), Column("ruling", _("处理意见"), wide=True), Column("ruled_by.shown_name", _("处理人")),
    ]  # fmt: skip

    def number(self) -> Any:
        return self.object.number

    def page_title(self) -> Any:
        return gettext("受检表：%(name)s") % {"name": self.object.person.shown_name}

    def next_step(self) -> Any:
        if self.object.status == S.HANDED and not self.object.record.signatures.filter(state="waiting").exists():
            return _("受检人不同意可提出异议")
        return {
            S.OPEN: _("记完回答，写评价，提交并请签字"),
            S.HANDED: _("受检人签字；不同意可提出异议"),
            S.OBJECTED: _("由没有参加检查的领导处理异议"),
        }.get(self.object.status, "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = self.object
        answers = [
            (a, Status(a.get_verdict_display(), TONES.get(a.verdict, "grey")) if a.verdict else None)
            for a in sheet.answers.order_by("no")
        ]
        return super().get_context_data(
            answers=answers, pictures=queries.pictures_of([sheet]).get(sheet.pk, {}), measures=[(words.text(label), value) for label, value in sheet.measures],
            may_fill=sheet.status == S.OPEN and is_open(inspect, by=self.actor, at=self.at, obj=sheet.inspection),
            problems=self.problems(), **kwargs,
        )  # fmt: skip

    def problems(self) -> Any:
        """What the spot check found, how and by whom it is put right, and what the second look said (F24)."""
        inspection = self.object.inspection
        if not inspection.is_spot:
            return ()
        rows = Problem.objects.visible_to(self.actor).filter(inspection=inspection)
        return rows.select_related("owner").order_by("pk")


class SheetDo(TransitionPage):
    record_page, nav, forms = SheetPage, "inspections", SHEET_FORMS

    def get_initial(self) -> dict[str, Any]:
        sheet = self.subject()
        if self.kwargs["name"] == "write_up":
            names = ("comment", "recheck_on", "schedule_match", "profile_samples", "follow_up_samples", "left_at")
            return {name: getattr(sheet, name) for name in names}
        return {"score": sheet.score} if self.kwargs["name"] == "rule_on" else super().get_initial()


class Fill(Page):
    """All open sheets of an inspection on one page: works as a plain form, and without a network by the script beside it."""

    permission: Permission = read_inspections
    template_name, nav = "inspections/fill.html", "inspections"

    def subject(self) -> Inspection:
        if not hasattr(self, "object"):
            rows = Inspection.objects.visible_to(self.actor).select_related("record", "unit")
            self.object = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.object

    def check(self, obj: Any) -> None:
        super().check(obj)
        if not is_open(inspect, by=self.actor, at=self.at, obj=obj):
            raise Http404

    def page_title(self) -> Any:
        return gettext("现场记录：%(unit)s") % {"unit": self.object.unit.shown_name}

    def sheets(self) -> list[dict[str, Any]]:
        rows = list(self.object.sheets.select_related("person", "post").order_by("pk"))
        by_sheet: dict[Any, list[Answer]] = {}
        for answer in Answer.objects.filter(sheet__in=rows).select_related("item").order_by("no"):
            by_sheet.setdefault(answer.sheet_id, []).append(answer)
        pictures = queries.pictures_of(rows)
        return [
            {"sheet": row, "is_open": row.status == S.OPEN, "answers": by_sheet.get(row.pk, []), "pictures": pictures.get(row.pk, {})}
            for row in rows
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        sheets = self.sheets()
        known = {sheet["sheet"].person_id for sheet in sheets}
        people = [(person, seat) for person, seat in queries.may_be_asked(row.unit, self.at) if person.pk not in known]
        return super().get_context_data(
            object=row, sheets=sheets, people=people, matches=Sheet.Match.choices, items=list(row.items.order_by("no")), verdicts=VERDICTS,
            once=resend.fresh(self.request), is_started=row.status == Inspection.Status.STARTED,
            worker=reverse("inspections:worker"), wrong=kwargs.pop("wrong", {}), typed=kwargs.pop("typed", {}), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Every answer that was typed, one after the other; those refused come back with what was typed."""
        wrong: dict[str, list[str]] = {}
        typed: dict[str, Any] = {}
        for sheet in self.object.sheets.filter(status=S.OPEN).select_related("record").order_by("pk"):
            for answer in sheet.answers.order_by("no"):
                self._keep(sheet, answer, wrong, typed)
                self._keep_pictures(sheet, answer, wrong)
        if wrong:
            return self.render_to_response(self.get_context_data(wrong=wrong, typed=typed), status=422)
        messages.success(request, gettext("已保存。"))
        return HttpResponseRedirect(request.path, status=303)

    def _keep(self, sheet: Sheet, answer: Answer, wrong: dict[str, list[str]], typed: dict[str, Any]) -> None:
        key, data = str(answer.pk), self.request.POST
        given = {
            name: data.get(f"{name}-{key}", "") for name in ("answer", "verdict", "deduction", "observation", "version")
        }
        if f"answer-{key}" not in data:
            return
        form = AnswerForm(given, actor=self.actor, at=self.at, target=sheet)
        if not form.is_valid():
            wrong[key] = [str(error) for errors in form.errors.values() for error in errors]
            typed[key] = given
            return
        if (
            not form.cleaned_data["answer"]
            and not form.cleaned_data["verdict"]
            and not form.cleaned_data["observation"]
            and answer.received_at is None
        ):
            return
        try:
            actions.record_answer(sheet, id=answer.pk, **form.params(), by=self.actor, at=self.at)
        except Refused as refused:
            wrong[key] = [words.say(refusal) for refusal in refused.refusals]
            typed[key] = given

    def _keep_pictures(self, sheet: Sheet, answer: Answer, wrong: dict[str, list[str]]) -> None:
        for upload in self.request.FILES.getlist(f"photo-{answer.pk}"):
            try:
                store(
                    sheet.record, kind="scene", upload=upload, place=queries.place_of(answer.no), by=self.actor, at=self.at
                )  # fmt: skip
            except Refused as refused:
                wrong.setdefault(str(answer.pk), []).extend(words.say(refusal) for refusal in refused.refusals)


class Worker(Page):
    """The script that keeps the pages of a visit on the telephone; it may only speak for inspections."""

    permission: Permission = read_inspections

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        script = render_to_string("inspections/worker.js")
        return HttpResponse(
            script,
            content_type="text/javascript; charset=utf-8",
            headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/inspections/"},
        )
