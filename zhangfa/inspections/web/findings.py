"""表单质量: what forms look like, per person and unit; and patterns in cases for the manager of the centre."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.inspections import actions, registry
from zhangfa.inspections.merit_permissions import propose_merits
from zhangfa.inspections.models import Finding, Merit, PatternNote, Tally
from zhangfa.inspections.patterns import read_patterns
from zhangfa.inspections.permissions import read_findings
from zhangfa.inspections.web.forms import FINDING_FORMS, PatternNoteForm
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import FormPage, KnownFacts, ListPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import text

S = Finding.Status
STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"), S.OBJECTED.value: Status(S.OBJECTED.label, "blue"), S.CONFIRMED.value: Status(S.CONFIRMED.label, "red"),
    S.CLEARED.value: Status(S.CLEARED.label, "green"),
}  # fmt: skip
WHY = {
    "copied": _("与另一张内容相同"), "too_long": _("服务时间过长"), "backwards": _("结束早于开始"), "before": _("填写早于发生"),
    "two_places": _("同一时间在两处"), "same": _("各项数值与前一张完全相同"), "bulk": _("临近截止集中填写"),
}  # fmt: skip


class FindingFilter(FilterSet):
    kind = df.ChoiceFilter(label=_("情况"), choices=Finding.Kind.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))


def _form(row: Any, page: Any) -> str:
    return text(registry.form_label(row.source))


class Findings(ListPage):
    """Counts per person and week; each person sees their own."""

    model, permission, title, nav = Finding, read_findings, _("表单质量"), "findings"
    columns = [
        Column("person.shown_name", _("填写人"), phone="title", link=True), Column("get_kind_display", _("情况"), link=True),
        Column("status", _("状态"), kind="status", phone="badge"), Column("form", _("表单"), value=_form), Column("count", _("张数"), kind="number"),
        Column("unit.shown_name", _("单位")), Column("week_on", _("周"), kind="date"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = FindingFilter
    select_related = ["person", "unit"]
    links = [Link("inspections:completeness", _("完整率"), icon="list-check", is_primary=False)]
    empty = Empty(
        _("没有需要说明的表单"), _("系统每周统计一次：内容雷同、时间不合理、数值反复相同、临近截止集中填写。"), "checks"
    )


class Completeness(ListPage):
    """How much of each form was filled in, per person and week."""

    model, permission, title, nav = Tally, read_findings, _("表单完整率"), "findings"
    columns = [
        Column("person.shown_name", _("填写人"), phone="title"), Column("form", _("表单"), value=_form), Column("week_on", _("周"), kind="date"),
        Column("unit.shown_name", _("单位")), Column("forms", _("张数"), kind="number"), Column("filled", _("已填项"), kind="number", optional=True),
        Column("wanted", _("应填项"), kind="number", optional=True),
        Column("share", _("完整率"), kind="pct", value=lambda row, page: round(row.filled * 100 / row.wanted, 1) if row.wanted else None, phone="badge"),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-id")}
    select_related = ["person", "unit"]
    empty = Empty(_("还没有统计"), _("每周统计上一周填写的表单。"), "list-check")


class FindingPage(KnownFacts):
    """One count with each form behind it; a question, not a verdict."""

    model, permission, template_name, nav, do_url = (
        Finding,
        read_findings,
        "inspections/finding.html",
        "findings",
        "inspections:finding-do",
    )
    select_related = ["person", "unit", "ruled_by"]
    facts = [
        Column("person.shown_name", _("填写人")), Column("form", _("表单"), value=_form), Column("week_on", _("周"), kind="date"),
        Column("count", _("张数"), kind="number"), Column("found_at", _("统计时间"), kind="when"), Column("objection", _("本人说明"), wide=True),
        Column("ruling", _("处理意见"), wide=True), Column("ruled_by.shown_name", _("处理人")), Column("ruled_at", _("处理时间"), kind="when"),
    ]  # fmt: skip

    def page_title(self) -> Any:
        return gettext("%(kind)s：%(name)s") % {
            "kind": self.object.get_kind_display(),
            "name": self.object.person.shown_name,
        }

    def next_step(self) -> Any:
        return {S.OPEN: _("本人说明情况，或由负责人核实"), S.OBJECTED: _("由负责人核实")}.get(self.object.status, "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        evidence = [{**line, "why": WHY.get(line["why"], line["why"])} for line in self.object.evidence]
        row = self.object
        may_propose = row.status == S.CONFIRMED and not list(propose_merits(row.person, by=self.actor, at=self.at))
        merits = Merit.objects.visible_to(self.actor).filter(finding=row).select_related("record").order_by("pk")
        return super().get_context_data(evidence=evidence, may_propose=may_propose, merits=list(merits), **kwargs)


class FindingDo(TransitionPage):
    record_page, nav, forms = FindingPage, "findings", FINDING_FORMS


class Patterns(FormPage):
    """案件规律: counts, what they consist of, and what was looked at."""

    permission, title, nav, template_name, form_class = (
        read_patterns,
        _("案件规律统计"),
        "patterns",
        "inspections/patterns.html",
        PatternNoteForm,
    )
    success_url, submit_label = "/inspections/patterns/", _("记下核对情况")

    def act(self, form: Any) -> Any:
        actions.note_pattern(**form.params(), by=self.actor, at=self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = [(source.label, list(source.give(self.at))) for source in registry.pattern_sources()]
        keys = [pattern.key for _label, patterns in groups for pattern in patterns]
        notes: dict[str, list[PatternNote]] = {}
        for note in PatternNote.objects.filter(key__in=keys).select_related("noted_by").order_by("pk"):
            notes.setdefault(note.key, []).append(note)
        return super().get_context_data(
            groups=[(label, [(p, notes.get(p.key, [])) for p in patterns]) for label, patterns in groups], **kwargs
        )
