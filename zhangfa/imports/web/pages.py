"""The list of imports, one import with its progress, bringing a file in."""

from __future__ import annotations

import json
from typing import Any

import django_filters as df
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.imports import actions, queries
from zhangfa.imports.actions.uploading import keep_file
from zhangfa.imports.models import Import, Row
from zhangfa.imports.permissions import begin_imports, read_imports
from zhangfa.imports.staffing import missing_units
from zhangfa.imports.web.forms import MappingForm, ReheadForm, UploadForm
from zhangfa.imports.wording import field_name, line
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.tables import Column, Empty, Link

S, R = Import.Status, Row.State
NEXT = {
    S.READING: _("正在读取文件，可以离开，稍后再来"), S.MAPPING: _("对应列：说明每一列是什么"), S.CHECKING: _("正在检查，可以离开，稍后再来"),
    S.CHECKED: _("看检查结果，改错，然后写入"), S.APPLYING: _("正在写入，可以离开，稍后再来"), S.PLANNING: _("正在核对哪些能撤销"),
    S.PLANNED: _("看不能撤销的行和原因，再决定"), S.UNDOING: _("正在撤销，可以离开，稍后再来"),
}  # fmt: skip
ORDER = ("resume", "check", "apply", "undo", "keep", "replace", "reread", "remap", "plan_undo", "cancel")
SHOWN = (R.READY, R.WRONG, R.DOUBLED, R.SKIPPED, R.APPLIED, R.UNDONE, R.KEPT)
HUNDRED = 100

# So many rows of a staff list are looked through for units that are not there yet.
MOST_ROWS = 20_000


class ImportFilter(FilterSet):
    target = df.ChoiceFilter(label=_("内容"), choices=Import.Target.choices, empty_label=_("全部"))
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))


class Imports(ListPage):
    model, permission, title, nav = Import, read_imports, _("导入"), "imports"
    columns = [
        Column("number", _("导入编号"), kind="no", link=True),
        Column("name", _("文件名"), phone="title", link=True),
        Column("get_target_display", _("内容")),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("rows", _("行数"), kind="number", value=lambda row, page: sum(row.counts.get(s, 0) for s in SHOWN)),
        Column("applied", _("已写入"), kind="number", value=lambda row, page: row.count(R.APPLIED)),
        Column("made_by.shown_name", _("导入人")),
        Column("made_at", _("导入时间"), kind="when"),
    ]
    sorts = {"new": (_("最新"), "-id")}
    filterset_class = ImportFilter
    select_related = ["made_by"]
    links = [Link("imports:new", _("导入表格"), icon="upload", permission=begin_imports)]
    empty = Empty(
        _("还没有导入"),
        _("把客户、历史订单或花名册的表格从“导入表格”传进来。先检查，改好再写入，写入后还能整体撤销。"),
        "upload",
    )


class Upload(CreatePage):
    """导入表格: a file of customers, orders or staff."""

    permission, title, form_class, nav = begin_imports, _("导入表格"), UploadForm, "imports"
    submit_label, back_url = _("上传"), "/imports/"
    help = _("先上传表格，再对应列、检查、改错，最后写入。写入之前系统里什么都不会变。")

    def act(self, form: Any) -> Import:
        kept = keep_file(form.cleaned_data["file"])
        return actions.upload(kept, target=form.cleaned_data["target"], by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("文件已上传。")


class ImportPage(RecordPage):
    """One import: how far it is, what it found, what may be done."""

    model, permission, template_name, nav = Import, read_imports, "imports/import.html", "imports"
    select_related = ["made_by"]
    do_url = "imports:do"
    facts = [
        Column("name", _("文件名")), Column("get_target_display", _("内容")), Column("made_by.shown_name", _("导入人")),
        Column("made_at", _("导入时间"), kind="when"), Column("applied_at", _("写入时间"), kind="when"),
        Column("undone_at", _("撤销时间"), kind="when"), Column("rows_left_out", _("跳过的空行、合计行和重复表头"), kind="number"),
        Column("source", _("来源和依据"), wide=True),
    ]  # fmt: skip

    def number(self) -> str:
        return self.object.number

    def buttons(self) -> list[Any]:
        """The usual step first, the ways back last."""
        return sorted(super().buttons(), key=lambda button: ORDER.index(button[0].name))

    def page_title(self) -> Any:
        return self.object.name

    def next_step(self) -> Any:
        return NEXT.get(self.object.status, "")

    def holder(self) -> Any:
        return self.object.made_by.shown_name if self.object.made_by else ""

    @property
    def is_progress(self) -> bool:
        """The bar alone is asked for again while the work goes on."""
        return self.is_fragment and self.request.headers.get("HX-Target") == "progress"

    def get_template_names(self) -> Any:
        return "imports/parts/progress.html" if self.is_progress else self.template_name

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.is_progress and (not self.object.is_working or self.object.trouble):
            # The work is over: other buttons, other figures.
            return HttpResponse(headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)

    def made_units(self) -> list[str]:
        """Departments and outlets that a staff list would set up, said before it is written."""
        if self.object.target != Import.Target.STAFF or self.object.status != Import.Status.CHECKED:
            return []
        rows = Row.objects.filter(batch=self.object, state=Row.State.READY).order_by("n")
        return missing_units(json.loads(cells) for cells in rows.values_list("cells", flat=True)[:MOST_ROWS] if cells)

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The mistakes that many rows share, in words, with the way to mend them at once."""
        batch = self.object
        if batch.status != S.CHECKED or not batch.count(R.WRONG):
            return []
        return [
            {
                "said": line(batch, group), "cell": group["cell"], "count": group["count"], "field": field_name(batch, group["field"]),
                "key": group["field"], "can_replace": bool(group["field"]),
            }
            for group in queries.groups_of(batch)
        ]  # fmt: skip

    def status_context(self) -> dict[str, Any]:
        context = super().status_context()
        ready = context["ready"]
        # To stop or to undo is possible and not what the import waits for.
        return context | {"is_quiet_head": bool(ready) and ready[0][0].name in ("cancel", "plan_undo")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch: Import = self.object
        tallies = [(state, batch.counts[state]) for state in SHOWN if batch.counts.get(state)]
        return super().get_context_data(
            batch=batch, made_units=self.made_units(), tallies=[(R(state).label, state, count) for state, count in tallies], percent=percent_of(batch), groups=self.groups,
            rows_url=reverse("imports:rows", args=[batch.pk]), wrong=batch.count(R.WRONG), stuck=batch.count("stuck", R.KEPT),
            is_open=batch.status in (S.CHECKED, S.APPLIED, S.CANCELLED) and not batch.is_purged, **kwargs,
        )  # fmt: skip


def percent_of(batch: Import) -> int | None:
    """How far the work at hand is; None where that can't be known."""
    total = sum(batch.counts.get(state, 0) for state in SHOWN)
    waiting = batch.count(R.READY, R.DOUBLED)
    done, whole = {
        S.CHECKING: (batch.read_to, batch.total),
        S.APPLYING: (batch.count(R.APPLIED), batch.count(R.APPLIED) + waiting),
        S.UNDOING: (batch.count(R.UNDONE, R.KEPT), batch.count(R.UNDONE, R.KEPT, R.APPLIED)),
    }.get(batch.status, (0, 0))  # type: ignore[call-overload]
    return min(HUNDRED, done * HUNDRED // whole) if whole and total is not None else None


class ImportDo(TransitionPage):
    """Map, write, stop, take back."""

    record_page = ImportPage
    forms = {"check": MappingForm, "reread": ReheadForm}
    nav = "imports"
