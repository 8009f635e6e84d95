"""The statutory calendar and the contacts outside: added, kept up to date, closed with the reason (AM-D6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.administration import request_rules as rules
from zhangfa.administration.actions.files import subject_of, window_of
from zhangfa.administration.coordination_permissions import keep_files
from zhangfa.administration.models import Filing, OutsideContact, StatutoryDate
from zhangfa.administration.models.files import Use
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.organisation.actor import Actor

CLAUSE = rules.CALENDAR
Facts = dict[str, Any]


def _guard_matter(row: StatutoryDate, *, by: Actor, at: dt.datetime, **facts: Any) -> Iterator[Refusal]:
    yield from rules.refuse_matter(**{name: facts[name] for name in ("from_month", "from_day", "to_month", "to_day")})


@arrow(
    StatutoryDate, sources=[Use.ACTIVE], target=None, label=_("修改"), event="changed", permit=keep_files, guard=_guard_matter, clause=CLAUSE,
    hint=_("日期改变后，本年还没办理的期限跟着改变。"),
)  # fmt: skip
def change_statutory(row: StatutoryDate, *, by: Actor, at: dt.datetime, **facts: Any) -> Facts:
    """Another day, another authority: what is owed this year is due by the new day."""
    for name, value in facts.items():
        setattr(row, name, value)
    year = clock.local_date(at).year
    _opens, last = window_of(row, year)
    announce(
        "administration.statutorydate.moved", row, by=by, at=at, label=_("法定事项期限改变"), clause=CLAUSE,
        codes={"subject": subject_of(row, year), "due_at": clock.day_start(last + dt.timedelta(days=1)).isoformat()},
    )  # fmt: skip
    return {"codes": {"key": row.key}}


def _guard_reason(row: Any, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(reason, "reason", CLAUSE)


@arrow(
    StatutoryDate, sources=[Use.ACTIVE], target=Use.CLOSED, label=_("停用"), event="closed", permit=keep_files, guard=_guard_reason, clause=CLAUSE,
    hint=_("公司不再需要办理这一事项时停用，办理记录都保留。"),
)  # fmt: skip
def close_statutory(row: StatutoryDate, *, by: Actor, at: dt.datetime, reason: str) -> Facts:
    """The company owes it no longer; what was filed stays on file."""
    row.why_closed = reason
    year = clock.local_date(at).year
    if not StatutoryDate.objects.filter(status=Use.ACTIVE).exclude(pk=row.pk).exclude(filings__year=year).exists():
        announce(
            "administration.filing.year_complete",
            row,
            by=by,
            at=at,
            label=_("全年法定事项办齐"),
            clause=CLAUSE,
            codes={"period": str(year)},
        )
    return {"codes": {"key": row.key, "subject": subject_of(row, year)}}


@arrow(
    StatutoryDate, sources=[Use.CLOSED], target=Use.ACTIVE, label=_("恢复使用"), event="reopened", permit=keep_files, clause=CLAUSE,
)  # fmt: skip
def reopen_statutory(row: StatutoryDate, *, by: Actor, at: dt.datetime) -> Facts:
    """It is owed again, from the next reminder on."""
    row.why_closed = ""
    return {"codes": {"key": row.key}}


@arrow(
    OutsideContact, sources=[Use.ACTIVE], target=None, label=_("修改"), event="changed", permit=keep_files, clause=CLAUSE,
)  # fmt: skip
def change_contact(row: OutsideContact, *, by: Actor, at: dt.datetime, **facts: Any) -> Facts:
    """Another person, number or office."""
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, facts[name])
    return {"codes": {"fields": changed}}


@arrow(
    OutsideContact, sources=[Use.ACTIVE], target=Use.CLOSED, label=_("停用"), event="closed", permit=keep_files, guard=_guard_reason, clause=CLAUSE,
    hint=_("对方离职或不再往来时停用。"),
)  # fmt: skip
def close_contact(row: OutsideContact, *, by: Actor, at: dt.datetime, reason: str) -> None:
    """Nobody calls them any more."""
    row.why_closed = reason


def filings_of(year: int) -> dict[int, Filing]:
    """The filings of a year by their matter."""
    return {row.matter_id: row for row in Filing.objects.filter(year=year).select_related("record")}
