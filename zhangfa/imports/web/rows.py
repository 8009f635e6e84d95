"""Staged rows: the list, one row to mend, a value put for another in many, the list of mistakes out and in again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import django_filters as df
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refused, demand
from zhangfa.imports import actions, books, queries
from zhangfa.imports.models import Import, Result, Row
from zhangfa.imports.permissions import carry_import, read_imports
from zhangfa.imports.rules import refuse_upload_again
from zhangfa.imports.targets import TARGETS
from zhangfa.imports.web.forms import MendedForm, ReplaceForm, RowForm
from zhangfa.imports.wording import CHOICES, TABLES, field_name, line, said, why_stuck
from zhangfa.records.exports import Column as SheetColumn
from zhangfa.records.exports import Sheet, write
from zhangfa.ui import words
from zhangfa.ui.exports import XLSX
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import FormPage, ListPage
from zhangfa.ui.tables import Column, Empty

MOST_OUT = 20_000
PAGES = {
    "customers.customer": "customers:customer", "orders.order": "orders:order", "organisation.person": "organisation:person",
    "organisation.unit": "organisation:unit", "organisation.seat": "organisation:seat",
}  # fmt: skip
ROW, WRONGS = "行号", "问题"


class OfImport:
    """Mixed into a page of one import, found among those that the actor may see."""

    kwargs: dict[str, Any]
    actor: Any
    _batch: Import

    def subject(self) -> Import:
        if not hasattr(self, "_batch"):
            rows = Import.objects.visible_to(self.actor).select_related("made_by")
            self._batch = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._batch

    @property
    def back_url(self) -> str:
        return self.subject().get_absolute_url()


class RowFilter(FilterSet):
    state = df.ChoiceFilter(label=_("状态"), choices=Row.State.choices, empty_label=_("全部"))
    doubled = df.ChoiceFilter(
        label=_("重复的"), choices=[("yes", _("只看重复的"))], empty_label=_("全部"), method="only_doubled"
    )

    def only_doubled(self, rows: Any, _name: str, value: str) -> Any:
        return queries.doubles(rows) if value == "yes" else rows


def _cells(row: Row, page: Any) -> str:
    """The first cells of a row, enough to know it again."""
    cells = json.loads(row.cells) if row.cells else {}
    names = [field.name for field in TARGETS[page.subject().target].fields if cells.get(field.name)]
    return " · ".join(cells[name][:30] for name in names[:4])


class Rows(OfImport, ListPage):
    """What stands on the stage."""

    model, permission, nav, title, template_name = Row, read_imports, "imports", _("导入的行"), "imports/rows.html"
    columns = [
        Column("n", _("行号"), kind="number", value=lambda row, page: row.n, link=True),
        Column("cells", _("内容"), value=_cells, phone="title", link=True, wide=True),
        Column("state", _("状态"), kind="status", phone="badge"),
        Column(
            "issues",
            _("问题"),
            wide=True,
            value=lambda row, page: " ".join(line(page.subject(), issue) for issue in row.issues),
        ),
        Column("known", _("已有或重复"), value=lambda row, page: _known(row)),
        Column("choice", _("怎么办"), value=lambda row, page: words.text(CHOICES[row.choice]) if row.choice else ""),
        Column("place", _("在文件里"), optional=True, value=lambda row, page: f"{row.sheet} {row.line}".strip()),
    ]
    sorts = {"order": (_("行号"), "n", "id")}
    filterset_class = RowFilter
    is_searchable, is_exportable = False, False
    empty = Empty(_("没有这样的行"), _("换一个筛选条件。"), "list")

    def rows(self) -> Any:
        return Row.objects.filter(batch=self.subject())

    def row_url(self, row: Row) -> str:
        return reverse("imports:row", args=[self.subject().pk, row.n])

    def page_title(self) -> Any:
        return gettext("%(no)s 的行") % {"no": self.subject().number}


def _known(row: Row) -> str:
    parts = [row.known] if row.known else []
    if row.twin:
        parts.append(gettext("本表第 %(n)s 行") % {"n": row.twin})
    return "，".join(parts)


class Mend(OfImport, FormPage):
    """One row, mended in place; then the next one that needs a hand."""

    permission, form_class, nav, submit_label = carry_import, RowForm, "imports", _("保存，看下一行")
    template_name = "imports/row.html"
    told: Sequence[Any] = ()
    _row: Row

    def row(self) -> Row:
        if not hasattr(self, "_row"):
            self._row = get_object_or_404(Row.objects.filter(batch=self.subject()), n=self.kwargs["n"])
            self._row.batch = self.subject()
        return self._row

    def page_title(self) -> Any:
        return gettext("%(no)s 第 %(n)s 行") % {"no": self.subject().number, "n": self.row().n}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.row(), "cells": json.loads(self.row().cells or "{}")}

    def get_form(self, form_class: Any = None) -> Any:
        """What is wrong stands above the form and at its field; of what was sent again, only what has no field here."""
        form = super().get_form(form_class)
        self.told = [one for one in self.row().issues if not form.is_bound or one["field"] not in form.fields]
        if not form.is_bound:
            for issue in self.row().issues:
                if issue["field"] in form.fields:
                    form.fields[issue["field"]].help_text = said(issue)
        return form

    def act(self, form: Any) -> Row:
        return actions.mend(self.row(), **form.params(), by=self.actor, at=self.at)

    def done_message(self, outcome: Row) -> str:
        return gettext("第 %(n)s 行：%(state)s。") % {"n": outcome.n, "state": outcome.get_state_display()}

    def done_url(self, outcome: Row) -> str:
        if outcome.state == Row.State.WRONG:
            return reverse("imports:row", args=[self.subject().pk, outcome.n])
        found = queries.next_wrong(self.subject(), outcome.n)
        return reverse("imports:row", args=[self.subject().pk, found.n]) if found else self.back_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row()
        found = queries.next_wrong(self.subject(), row.n)
        context = super().get_context_data(
            row=row,
            batch=self.subject(),
            next_row=found if found and found.n != row.n else None,
            known=_known(row),
            **kwargs,
        )
        return context | {"issues": [line(self.subject(), issue) for issue in self.told]}


class Replace(OfImport, FormPage):
    """One value for another wherever it stands in a wrong row."""

    permission, form_class, nav, title, submit_label = (
        carry_import,
        ReplaceForm,
        "imports",
        _("统一替换"),
        _("替换并重新检查"),
    )

    def get_initial(self) -> dict[str, Any]:
        return {"field": self.request.GET.get("field", "")[:20], "old": self.request.GET.get("old", "")[:2000]}

    def page_title(self) -> Any:
        asked = self.request.GET if self.request.method == "GET" else self.request.POST
        name = field_name(self.subject(), asked.get("field", ""))
        return gettext("把“%(field)s”里的“%(old)s”统一改成") % {"field": name, "old": asked.get("old", "")[:60]}

    def act(self, form: Any) -> Import:
        if form.cleaned_data["field"] not in TARGETS[self.subject().target].by_name:
            raise Http404
        return actions.replace(self.subject(), by=self.actor, at=self.at, **form.params())


class Errors(OfImport, FormPage):
    """The rows that need a hand as a spreadsheet, with what is wrong beside each; who took it is logged."""

    permission, nav, title = carry_import, "imports", _("下载错误表")
    form_class = MendedForm

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.subject()
        fields = _mended_fields(batch)
        columns = [
            SheetColumn(ROW, "number", 8),
            *(SheetColumn(words.text(field.zh), width=18) for field in fields),
            SheetColumn(WRONGS, width=60),
        ]
        sheet = Sheet(gettext("需要修改的行"), columns, _error_lines(batch, [field.name for field in fields]))
        try:
            content = write(
                [sheet],
                subject="imports.row",
                filters=batch.number,
                by=self.actor,
                at=self.at,
                is_masked=False,
                limit=MOST_OUT,
            )
        except Refused as refused:
            from django.contrib import messages
            from django.http import HttpResponseRedirect

            for refusal in refused.refusals:
                messages.error(request, words.say(refusal))
            return HttpResponseRedirect(self.back_url)
        name = f"{batch.number}-{clock.local_date(self.at):%Y%m%d}.xlsx"
        return HttpResponse(
            content, XLSX, headers={"Content-Disposition": content_disposition_header(True, name) or ""}
        )


def _mended_fields(batch: Import) -> list[Any]:
    mapped = {*batch.mapping.get("columns", {}).values(), *batch.mapping.get("constants", {})}
    return [field for field in TARGETS[batch.target].fields if field.name in mapped or field.required]


def _error_lines(batch: Import, names: list[str]) -> Iterator[list[Any]]:
    rows = Row.objects.filter(batch=batch, state=Row.State.WRONG).order_by("n")
    for row in rows.iterator(chunk_size=500):
        cells = json.loads(row.cells) if row.cells else {}
        yield [row.n, *(cells.get(name, "") for name in names), "\n".join(line(batch, issue) for issue in row.issues)]


class Mended(OfImport, FormPage):
    """The list of mistakes comes back mended."""

    permission, nav, title, form_class, submit_label = (
        carry_import,
        "imports",
        _("上传改好的错误表"),
        MendedForm,
        _("上传并重新检查"),
    )

    def act(self, form: Any) -> Import:
        batch = self.subject()
        cells = _mended_cells(batch, form.cleaned_data["file"].read(20 * 2**20))
        known = (
            Row.objects.filter(batch=batch, state=Row.State.WRONG, n__in=[int(n) for n in cells]).count()
            if cells
            else 0
        )
        demand(refuse_upload_again(rows=len(cells), known=known))
        return actions.replace(batch, by=self.actor, at=self.at, cells=cells)

    def done_message(self, outcome: Any) -> str:
        return gettext("已收到，正在重新检查。")


def _mended_cells(batch: Import, data: bytes) -> dict[str, dict[str, str]]:
    """What stands in the mended list, by row number and field."""
    import io

    names = {words.text(field.zh): field.name for field in _mended_fields(batch)}
    found: dict[str, dict[str, str]] = {}
    try:
        book = books.read(io.BytesIO(data), books.sniff(data) or "xls")
        heads: list[str] = []
        for _number, row in book.rows(book.names[0]):
            if not heads:
                heads = row if ROW in row else []
                continue
            cells = dict(zip(heads, row, strict=False))
            n = cells.get(ROW, "")
            if n.isascii() and n.isdigit() and len(n) < 10:
                found[n] = {names[head]: cell for head, cell in cells.items() if head in names}
    except (books.Unreadable, IndexError):
        return {}
    return found


class Stuck(OfImport, ListPage):
    """What can't be taken back, each with its reason."""

    called: dict[str, dict[int, str]]
    model, permission, nav, title, template_name = Result, read_imports, "imports", _("不能撤销的"), "imports/rows.html"
    columns = [
        Column("n", _("行号"), kind="number", value=lambda row, page: row.n, phone="title"),
        Column(
            "what",
            _("写入成"),
            link=True,
            value=lambda row, page: f"{words.text(TABLES[row.label])} {page.called[row.label].get(row.key, row.ref)}",
        ),
        Column(
            "stuck",
            _("为什么不能撤销"),
            wide=True,
            value=lambda row, page: "；".join(dict.fromkeys(why_stuck(one) for one in row.stuck)),
        ),
    ]
    sorts = {"order": (_("行号"), "id")}
    is_searchable, is_exportable = False, False
    empty = Empty(_("都能撤销"), _("没有不能撤销的行。"), "check")

    def rows(self) -> Any:
        return Result.objects.filter(batch=self.subject()).exclude(stuck=[])

    def complete(self, rows: Sequence[Result]) -> None:
        """What it is called that each line became: nobody knows a key."""
        self.called = {label: queries.called(label, [row.key for row in rows if row.label == label]) for label in {row.label for row in rows}}  # fmt: skip

    def row_url(self, row: Result) -> str:
        return reverse(PAGES[row.label], args=[row.key]) if row.label in PAGES else ""
