"""The forms of an import; the one that maps columns is made for its workbook."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.imports.models import Import
from zhangfa.imports.permissions import import_rows
from zhangfa.imports.rules import LARGEST
from zhangfa.imports.targets import TARGETS
from zhangfa.imports.wording import CHOICES, WHY
from zhangfa.ui import words
from zhangfa.ui.forms import Form, TextField, WholeField

# What may be the same for all rows of a workbook.
SAME_FOR_ALL = ("outlet", "product", "person", "choice", "flag", "date", "post")
DATES = ("date",)


class UploadForm(Form):
    """What comes, and the file."""

    target = base.ChoiceField(label=_("导入什么"), choices=Import.Target.choices, widget=base.RadioSelect)
    file = base.FileField(
        label=_("表格文件"),
        widget=base.FileInput({"accept": ".xlsx,.xls,.csv,.txt"}), max_length=250, allow_empty_file=True,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # Put into words here: a sentence filled in when the program starts stays in that language for everybody.
        said = _("xlsx、xls 或 csv，最大 %(limit)s MB。表头在第几行、列叫什么都可以，下一步再对应。")
        self.fields["file"].help_text = said % {"limit": LARGEST // 2**20}
        field: Any = self.fields["target"]
        if self.actor is not None and self.at is not None:
            field.choices = [
                (key, label)
                for key, label in Import.Target.choices
                if not list(import_rows(key, by=self.actor, at=self.at))
            ]
            if len(field.choices) == 1:
                field.initial = field.choices[0][0]


def letter(n: int) -> str:
    """A, B … AA: as the workbook names its columns."""
    name = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        name = chr(65 + rest) + name
    return name


class MappingForm(Form):
    """Which column is what, what is the same for all rows, what to do with what is known."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        batch: Import = self.target
        self.batch, self.kind = batch, TARGETS[batch.target]
        sheets = batch.shape["sheets"]
        self.best = max(sheets, key=lambda one: (one["score"], one["height"]))
        self.alike = [
            one for one in sheets if one["signature"] == self.best["signature"] and one["names"] == self.best["names"]
        ]
        if len(self.alike) > 1:
            names = [one["name"] for one in self.alike]
            self.fields["sheets"] = base.MultipleChoiceField(
                label=_("导入哪些工作表"),
                choices=[(name, name) for name in names],
                initial=names,
                widget=base.CheckboxSelectMultiple,
            )
        self._columns()
        self._constants()
        self._options()
        # Made after the base form bound its own.
        for field in self.fields.values():
            field.widget.is_required = field.required

    def _columns(self) -> None:
        choices = [("", _("不导入")), *((field.name, words.text(field.zh)) for field in self.kind.fields)]
        before = self.batch.mapping.get("columns", {})
        for n, name in enumerate(self.best["names"]):
            samples = self.best["samples"][n] if n < len(self.best["samples"]) else []
            if not name and not samples:
                continue
            guess = self.best["guesses"].get(str(n))
            self.fields[f"col_{n}"] = base.ChoiceField(
                label=gettext("%(letter)s 列：%(name)s") % {"letter": letter(n), "name": name or gettext("（没有列名）")},
                choices=[(key, words.text(label)) for key, label in choices], required=False,
                initial=before.get(str(n), guess[0] if guess else ""), help_text=_hint(samples, guess),
            )  # fmt: skip

    def _constants(self) -> None:
        known = self.batch.mapping.get("constants") or self.best["constants"]
        guessed = {guess[0] for guess in self.best["guesses"].values()}
        for field in self.kind.fields:
            if field.kind in SAME_FOR_ALL and field.is_common and field.name not in guessed:
                self.fields[f"same_{field.name}"] = TextField(
                    label=gettext("%(field)s（表里没有这一列时，对所有行填同一个）") % {"field": words.text(field.zh)}, max_length=60,
                    required=False, initial=known.get(field.name, ""),
                )  # fmt: skip

    def _options(self) -> None:
        self.fields["on_known"] = base.ChoiceField(
            label=_("已有的和重复的"), choices=[(key, CHOICES[key]) for key in self.kind.choices if key != "new"] or None,
            initial=self.batch.options.get("on_known", "skip"), widget=base.RadioSelect, help_text=_("检查完还可以逐行改。"),
        )  # fmt: skip
        if any(field.kind in DATES for field in self.kind.fields):
            this = clock.local_date(self.at or clock.now()).year
            self.fields["year"] = WholeField(
                label=_("只写了月和日的日期，是哪一年"),
                min_value=1990,
                max_value=this + 1,
                required=False,
                initial=self.batch.options.get("year"),
            )
        if self.kind.asks_source:
            self.fields["source"] = TextField(
                label=_("数据来源和依据"), max_length=300, initial=self.batch.source,
                help_text=_("从哪里来、客户凭什么知道并同意，例如：2022–2024 年纸质服务合同，合同第 6 条。随每一行留存。"),
            )  # fmt: skip

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "columns": {name.removeprefix("col_"): value for name, value in data.items() if name.startswith("col_")},
            "constants": {name.removeprefix("same_"): value for name, value in data.items() if name.startswith("same_")},
            "sheets": data.get("sheets") or [self.alike[0]["name"]], "on_known": data["on_known"], "year": data.get("year"),
            "source": data.get("source", ""),
        }  # fmt: skip


def _hint(samples: list[str], guess: list[Any] | None) -> str:
    from django.utils.html import escape

    parts = []
    if samples:
        shown = "、".join(escape(cell[:24]) for cell in samples)
        parts.append(gettext("例：%(samples)s") % {"samples": shown})
    if guess:
        parts.append(gettext("把握 %(sure)s%%，%(why)s") % {"sure": guess[1], "why": WHY[guess[2]]})
    return "；".join(parts)


class ReheadForm(Form):
    """Where the heading is."""

    sheet = base.ChoiceField(label=_("工作表"), required=False)
    head = WholeField(label=_("表头在第几行"), min_value=0, max_value=40, help_text=_("没有表头填 0。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        sheets = self.target.shape["sheets"]
        field: Any = self.fields["sheet"]
        field.choices = [(one["name"], one["name"] or gettext("（唯一的表）")) for one in sheets]
        field.initial = sheets[0]["name"]
        self.fields["head"].initial = sheets[0]["last"] + 1


class RowForm(Form):
    """One staged row: its cells by field, and what becomes of it."""

    def __init__(self, *args: Any, row: Any = None, cells: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.row, batch = row, row.batch
        kind = TARGETS[batch.target]
        mapped = {
            *batch.mapping.get("columns", {}).values(),
            *batch.mapping.get("constants", {}),
            *(i["field"] for i in row.issues),
        }
        for field in kind.fields:
            if field.name in mapped or field.required:
                self.fields[field.name] = TextField(
                    label=words.text(field.zh), max_length=max(field.limit, 200), multiline=field.is_multiline, required=field.required,
                    initial=(cells or {}).get(field.name, ""),
                )  # fmt: skip
        if row.known or row.twin:
            self.fields["choice"] = base.ChoiceField(
                label=_("这一行怎么办"),
                choices=[(key, CHOICES[key]) for key in kind.choices],
                initial=row.choice,
                widget=base.RadioSelect,
            )

    def params(self) -> dict[str, Any]:
        cells = {name: value for name, value in self.cleaned_data.items() if name != "choice"}
        return {"cells": cells, "choice": self.cleaned_data.get("choice", "")}


class ReplaceForm(Form):
    """One value for another in all wrong rows."""

    field = base.CharField(widget=base.HiddenInput, max_length=20)
    old = base.CharField(widget=base.HiddenInput, max_length=2000, required=False, strip=False)
    new = TextField(label=_("改成"), max_length=200)


class MendedForm(Form):
    """The list of mistakes, mended in a spreadsheet."""

    file = base.FileField(
        label=_("改好的错误表"), help_text=_("请上传从本次导入下载、改好的 xlsx；“行号”列不要改动。"),
        widget=base.FileInput({"accept": ".xlsx"}), max_length=250,
    )  # fmt: skip
