"""RPT-13 as a reader meets it: outlets under their departments, sums, shares that add up, words of the reader (CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims.models import Case, ComplaintForm
from zhangfa.claims.totals import ratio
from zhangfa.core.shares import WHOLE, shares
from zhangfa.policy.wording import language

TENTH = Decimal("0.1")
# key, heading, kind; accidents first, complaints apart from them, then what concerns both
ACCIDENTS = (
    ("accidents", lazy("事故"), "number"), ("open", lazy("未结"), "number"), ("claimed", lazy("客户索赔"), "money"),
    ("loss", lazy("认定损失"), "money"), ("settled", lazy("已理赔"), "money"), ("share", lazy("占比"), "pct"),
    ("recovered", lazy("保险回收"), "money"), ("orders", lazy("服务单"), "number"), ("per_thousand", lazy("每千单"), "rate"),
    ("year_settled", lazy("本年累计"), "money"),
)  # fmt: skip
COMPLAINTS = (
    ("complaints", lazy("投诉"), "number"), ("open_complaints", lazy("未结"), "number"), ("claimed_complaints", lazy("客户索赔"), "money"),
    ("settled_complaints", lazy("补偿"), "money"), ("share_complaints", lazy("占比"), "pct"),
    ("year_complaints", lazy("本年累计"), "money"),
)  # fmt: skip
SUMMED = (
    "accidents", "open", "closed", "complaints", "open_complaints", "closed_complaints", "settlements", "orders", "claimed", "loss",
    "settled", "recovered", "claimed_complaints", "settled_complaints", "net", "year_settled", "year_complaints",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the table: an outlet, a department's sum, or the company's."""

    name: str
    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Slice:
    """One cause, promise or category with its part of the whole."""

    name: str
    count: int
    amount: Decimal
    share: Decimal


@dataclass(frozen=True)
class Table:
    """The whole report: lines in order, the total, what it splits into, and how it stands against the period before."""

    lines: Sequence[Line]
    total: Line
    causes: Sequence[Slice]
    promises: Sequence[Slice]
    categories: Sequence[Slice]
    change: Decimal | None


def table(figures: Mapping[str, Any]) -> Table:
    """The frozen or live figures as lines; departments are summed here, and every share column adds up to 100.0."""
    rows = [_read(row) for row in figures["rows"]]
    total = _read(figures["total"])
    parts = zip(
        shares([row["settled"] for row in rows]), shares([row["settled_complaints"] for row in rows]), strict=True
    )
    for row, (share, share_complaints) in zip(rows, parts, strict=True):
        row |= {"share": share, "share_complaints": share_complaints}
    lines: list[Line] = []
    for name, mine in groupby(rows, key=lambda row: _name(row, "department")):
        members = list(mine)
        lines.append(Line(name, "department", _sum(members)))
        lines += [Line(_name(row, "unit"), "outlet", row) for row in members]
    total |= {
        name: WHOLE if total[of] else None
        for name, of in (("share", "settled"), ("share_complaints", "settled_complaints"))
    }
    return Table(
        lines, Line(_("合计"), "total", total), _slices(figures["by_cause"], Case.Cause), _slices(figures["by_promise"], Case.Guarantee),
        _slices(figures["by_category"], ComplaintForm.Category), _change(total, _read(figures["before"])),
    )  # fmt: skip


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """Money and rates as decimals again: frozen figures travel as text."""
    words = ("unit", "unit_en", "department", "department_en")
    return {
        name: Decimal(value) if isinstance(value, str) and name not in words else value for name, value in row.items()
    }


def _name(row: Mapping[str, Any], of: str) -> str:
    english = row.get(f"{of}_en")
    return str(english if english and language() == "en" else row[of])


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: sum((row[name] for row in rows), 0) for name in (*SUMMED, "share", "share_complaints")
    }
    rate = ratio(found["accidents"] * 1000, found["orders"], "0.01")
    return found | {"per_thousand": None if rate is None else Decimal(rate)}


def _slices(rows: Sequence[Mapping[str, Any]], choices: Any) -> list[Slice]:
    amounts = [Decimal(row["amount"]) for row in rows]
    names = dict(choices.choices)
    found = [
        Slice(str(names.get(row["code"], _("未认定"))), row["count"], amount, share)
        for row, amount, share in zip(rows, amounts, shares(amounts), strict=True)
    ]
    return sorted(found, key=lambda part: -part.amount)


def _change(total: Mapping[str, Any], before: Mapping[str, Any]) -> Decimal | None:
    """How what was settled, complaints included, stands against the period before, in percent."""
    now, then = (row["settled"] + row["settled_complaints"] for row in (total, before))
    return ((now - then) * WHOLE / then).quantize(TENTH, ROUND_HALF_UP) if then else None


def fortnight(figures: Mapping[str, Any]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(figures["from_on"]), dt.date.fromisoformat(figures["to_on"])
