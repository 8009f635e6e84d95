"""The week's look at forms: counted for each person, explained by them, judged by somebody else (HS-W1.9); notes on patterns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.periods import week_of
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.inspections import plausibility, registry, rules
from zhangfa.inspections.models import Finding, PatternNote, Tally
from zhangfa.inspections.patterns import read_patterns
from zhangfa.inspections.permissions import FORMS, object_to_finding, rule_on_finding
from zhangfa.inspections.plausibility import Filled, Limits
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.policy.queries import value

S = Finding.Status
LIMITS = {
    "copied_length": "forms.copied_length", "copied_times": "forms.copied_times", "same_times": "forms.same_times",
    "longest_hours": "forms.longest_hours", "bulk_times": "forms.bulk_times", "bulk_minutes": "forms.bulk_minutes",
}  # fmt: skip
MOST_EVIDENCE = 60


def limits_at(at: dt.datetime) -> Limits:
    return Limits(**{name: int(value(key, at)) for name, key in LIMITS.items()})


def draw_week(week_on: dt.date, *, by: Actor, at: dt.datetime) -> int:
    """Count a week that is over, once: what is there already stays as it is. Returns how many findings are new."""
    limits, made = limits_at(at), 0
    for source in registry.form_sources():
        by_person: dict[int, list[Filled]] = {}
        for form in source.rows(week_on, week_on + dt.timedelta(days=6)):
            by_person.setdefault(form.person_id, []).append(form)
        for person_id, forms in sorted(by_person.items()):
            made += _person(source.key, person_id, forms, week_on, limits, by=by, at=at)
    return made


def _person(
    source: str, person_id: int, forms: list[Filled], week_on: dt.date, limits: Limits, *, by: Actor, at: dt.datetime
) -> int:
    last, made = forms[-1], 0
    scope = {"unit_id": last.unit_id, "department_id": last.department_id}
    key = {"source": source, "person_id": person_id, "week_on": week_on}
    with work():
        filled, wanted = plausibility.completeness(forms)
        Tally.objects.update_or_create(
            **key, defaults={**scope, "forms": len(forms), "filled": filled, "wanted": wanted}
        )
        for found in plausibility.findings(forms, limits):
            evidence = [{"number": f.number, "url": f.url, "why": why} for f, why in found.forms[:MOST_EVIDENCE]]
            count = len({f.number for f, _why in found.forms})
            row, is_new = Finding.objects.get_or_create(
                **key, kind=found.kind, defaults={**scope, "count": count, "evidence": evidence, "found_at": at}
            )
            if not is_new:
                continue
            made += 1
            announce(
                "inspections.finding.counted", row, by=by, at=at, label=_("统计表单质量"), clause=FORMS, is_new=True,
                codes={"source": source, "kind": found.kind, "person": person_id, "count": count},
            )  # fmt: skip
            notify(
                [person_id],
                "inspections.finding",
                {"count": count, "week": week_on.isoformat()},
                at=at,
                url=row.get_absolute_url(),
            )
    return made


def _guard_contest(row: Finding, *, by: Actor, at: dt.datetime, text: str) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=text, field="text", clause=FORMS)


@arrow(
    Finding, sources=[S.OPEN], target=S.OBJECTED, label=_("说明情况"), event="contested", permit=object_to_finding, guard=_guard_contest,
    clause=FORMS, hint=_("写明实际情况；由部门经理或行政部经理核实，系统不会自动处罚。"),
)  # fmt: skip
def contest(row: Finding, *, by: Actor, at: dt.datetime, text: str) -> None:
    """The person says how it was."""
    row.objection, row.objected_at, row.objected_by_id = text, at, by.person_id


def _guard_ruling(row: Finding, *, by: Actor, at: dt.datetime, ruling: str) -> Iterator[Refusal]:
    yield from rules.refuse_note(text=ruling, field="ruling", clause=FORMS)


def _rule(row: Finding, by: Actor, at: dt.datetime, ruling: str) -> None:
    row.ruling, row.ruled_at, row.ruled_by_id = ruling, at, by.person_id
    notify(
        [row.person_id],
        "inspections.finding_ruled",
        {"week": row.week_on.isoformat()},
        at=at,
        url=row.get_absolute_url(),
    )


@arrow(
    Finding, sources=[S.OPEN, S.OBJECTED], target=S.CONFIRMED, label=_("核实属实"), event="confirmed", permit=rule_on_finding,
    guard=_guard_ruling, clause=FORMS,
)  # fmt: skip
def confirm(row: Finding, *, by: Actor, at: dt.datetime, ruling: str) -> dict[str, Any]:
    """Somebody else looked at the forms: it is so. What follows is decided elsewhere, by people."""
    _rule(row, by, at, ruling)
    return {"codes": {"person": row.person_id}}


@arrow(
    Finding, sources=[S.OPEN, S.OBJECTED], target=S.CLEARED, label=_("排除"), event="cleared", permit=rule_on_finding, guard=_guard_ruling,
    clause=FORMS,
)  # fmt: skip
def clear(row: Finding, *, by: Actor, at: dt.datetime, ruling: str) -> dict[str, Any]:
    """Looked at and nothing wrong: it counts no more."""
    _rule(row, by, at, ruling)
    return {"codes": {"person": row.person_id}}


def note_pattern(key: str, *, text: str, by: Actor, at: dt.datetime) -> PatternNote:
    """What was looked at in a pattern, and what was seen (CC-D7)."""
    with work():
        demand(read_patterns(by=by, at=at))
        demand(rules.refuse_note(text=text, field="text", clause="CC-D7"))
        row = PatternNote.objects.create(key=key[:120], text=text, noted_by_id=by.person_id, noted_at=at)
        announce(
            "inspections.pattern.noted", row, by=by, at=at, label=_("记录核对情况"), clause="CC-D7", is_new=True, codes={"key": row.key},
            values={"text": text},
        )  # fmt: skip
        return row


def last_week(at: dt.datetime) -> dt.date:
    return week_of(clock.local_date(at)) - rules.WEEK
