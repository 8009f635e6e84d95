"""A period replayed with another figure: decisions through the rules that took them, duties through theirs (issue 4, item 8)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.duties import compliance, rules, turning, whatif_rules
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.duties.registry import Decided, Replay, all_replays, replays
from zhangfa.organisation.calendar import is_working
from zhangfa.policy import queries as policy
from zhangfa.policy.rules import ACTIVITY_KEYS, LEAVE_KEYS, activity_authority, leave_authority

# So many decisions of one kind are taken again.
MOST = 50_000
# No rhythm has a longer period: what was due in the time asked about may have begun so long before.
LONGEST_PERIOD = dt.timedelta(days=400)


def keys() -> dict[str, str]:
    """The figures that can be asked about, and what they decide: who decides, when something is due, how much is owed."""
    found = {key: "limit" for replay in all_replays() for key in replay.figures}
    for row in catalogue().rows:
        if not row.is_on:
            continue
        if "key" in row.need:
            found.setdefault(row.need["key"], "quota")
        if "key" in row.due:
            found.setdefault(row.due["key"], "deadline" if row.is_eventful else "rhythm")
    return {
        key: kind
        for key, kind in found.items()
        if policy.definition_of(key).kind not in ("bool", "person", "date", "text")
    }


@dataclass
class Kept:
    """How the duties that read the figure would have been kept, how much they would have asked for, and which would have been late."""

    row: DutyRow
    before: compliance.Tally = field(default_factory=compliance.Tally)
    after: compliance.Tally = field(default_factory=compliance.Tally)
    needed_before: Decimal = Decimal(0)
    needed_after: Decimal = Decimal(0)
    later: list[tuple[Occurrence, str]] = field(default_factory=list)
    later_count: int = 0

    @property
    def key(self) -> str:
        return self.row.key


@dataclass(frozen=True)
class Answer:
    """What the other figure would have done."""

    decisions: list[tuple[Replay, whatif_rules.Moved]]
    duties: list[Kept]


def ask(key: str, value: Any, *, since: dt.date, until: dt.date, at: dt.datetime) -> Answer:
    """Replay the days given, both included; nothing is written."""
    first, last = clock.day_start(since), clock.day_start(until + compliance.DAY)
    with policy.one_reading():
        decisions = [
            (replay, _decisions(replay, key, value, first, last)) for replay in all_replays() if key in replay.figures
        ]
        return Answer(decisions, list(_duties(key, value, since, until, at)))


def _decisions(replay: Replay, key: str, value: Any, first: dt.datetime, last: dt.datetime) -> whatif_rules.Moved:
    moved = whatif_rules.Moved()
    for number, row in enumerate(replay.past(first, last)):
        if number >= MOST:
            break
        standing = {name: policy.figure(name, row.at).value for name in replay.figures}
        known = standing | dict(row.facts.get("figures", {}))
        would = replay.again(row.facts, known | {key: value})
        moved.count(row.post or replay.again(row.facts, known), would, row.amount or Decimal(0), row)
    return moved


def _duties(key: str, value: Any, since: dt.date, until: dt.date, at: dt.datetime) -> Iterator[Kept]:
    for row in catalogue().rows:
        reads = {row.need.get("key"), row.due.get("key")}
        if row.is_on and key in reads:
            yield _kept(row, key, value, since, until, at)


def _kept(row: DutyRow, key: str, value: Any, since: dt.date, until: dt.date, at: dt.datetime) -> Kept:
    """One duty: each occurrence again, or, where the rhythm itself changes, the periods that the other rhythm would have had."""
    is_turned = row.due.get("key") == key and not row.is_eventful
    rows = compliance.due_in(Occurrence.objects.filter(duty_id=row.key), since, until).order_by("pk")
    if row.need:
        rows = rows.prefetch_related("evidence")
    kept, before, after = Kept(row), Counter[str](), Counter[str]()
    seats: dict[tuple[int, str], list[whatif_rules.Owed]] = {}
    for occurrence in rows.select_related("seat__unit", "seat__post", "person", "record").iterator(2000):
        was = rules.standing(state=occurrence.state, due_at=occurrence.due_at, at=at)
        before[was] += 1
        kept.needed_before += occurrence.needed
        if is_turned:
            owed = seats.setdefault((occurrence.seat_id, occurrence.subject_key), [])
            owed.append(_owed(occurrence, bool(row.need)))
            continue
        if row.need.get("key") == key:
            would = _quota(occurrence, key, value, at)
            kept.needed_after += whatif_rules.scaled(
                occurrence.needed, old=_figure(occurrence, key), new=Decimal(value)
            )
        else:
            would = _deadline(occurrence, key, value, row.due, at)
            kept.needed_after += occurrence.needed
        after[would] += 1
        if was == rules.ON_TIME and would in (rules.LATE, rules.MISSED):
            kept.later_count += 1
            if len(kept.later) < whatif_rules.LISTED:
                kept.later.append((occurrence, would))
    if is_turned:
        turns = turned_periods(row, value, since, until, at)
        is_same = _is_same_kind(row, value, at)
        for owed in seats.values():
            states = whatif_rules.turned(owed, turns, is_same=is_same, is_counted=bool(row.need), at=at)
            after.update(states)
            kept.needed_after += owed[0].needed * len(states)
    kept.before, kept.after = _tally(before), _tally(after)
    return kept


def turned_periods(row: DutyRow, value: Any, since: dt.date, until: dt.date, at: dt.datetime) -> list[rules.Period]:
    """The periods of another rhythm that would have been due on the days given and had begun."""
    first, last = clock.day_start(since), clock.day_start(until + compliance.DAY)
    start = first - LONGEST_PERIOD
    if row.rhythm == "weeks":
        found = rules.fortnight_periods(policy.value(row.due["anchor"], at), int(value), start, min(last, at))
    elif row.rhythm == "days":
        found = rules.day_periods(int(value), start, min(last, at))
    else:
        found = rules.periods(str(value), start, min(last, at), is_working)
    return [period for period in found if first < period.due_at <= last]


def _is_same_kind(row: DutyRow, value: Any, at: dt.datetime) -> bool:
    """Whether the periods keep their names: a week stays that week, whatever day of it counts."""
    return row.rhythm == "rhythm" and str(value).split()[0] == turning.rhythm_of(row, at).split()[0]


def _owed(occurrence: Occurrence, is_counted: bool) -> whatif_rules.Owed:
    proofs = tuple((proof.at, proof.amount) for proof in occurrence.evidence.all()) if is_counted else ()
    return whatif_rules.Owed(occurrence.period, occurrence.state, occurrence.done_at, occurrence.needed, proofs)


def _tally(counts: Mapping[str, int]) -> compliance.Tally:
    return compliance.Tally(**{name: counts.get(name, 0) for name in compliance.STATES})


def _figure(occurrence: Occurrence, key: str) -> Decimal:
    """As it was read when it opened."""
    stored = next((fact["value"] for fact in occurrence.policy if fact["key"] == key), None)
    return Decimal(str(stored)) if stored is not None else Decimal(policy.figure(key, occurrence.opened_at).value)


def _deadline(occurrence: Occurrence, key: str, value: Any, rule: Mapping[str, Any], at: dt.datetime) -> str:
    due = whatif_rules.moved_due(
        occurrence.due_at, occurrence.opened_at, old=_figure(occurrence, key), new=Decimal(value), rule=rule,
        is_working=is_working,
    )  # fmt: skip
    return whatif_rules.stands(due_at=due, done_at=occurrence.done_at, state=occurrence.state, at=at)


def _quota(occurrence: Occurrence, key: str, value: Any, at: dt.datetime) -> str:
    needed = whatif_rules.scaled(occurrence.needed, old=_figure(occurrence, key), new=Decimal(value))
    proofs = sorted((proof.at, proof.amount) for proof in occurrence.evidence.all())
    return whatif_rules.quota_stands(proofs, needed=needed, due_at=occurrence.due_at, state=occurrence.state, at=at)


def _steps(kind: str, since: dt.datetime, until: dt.datetime) -> Iterator[Step]:
    rows = Step.objects.filter(kind=kind, requested_at__gte=since, requested_at__lt=until).exclude(
        state=Step.State.VOID
    )
    return rows.select_related("record").order_by("pk").iterator(1000)


def leaves(since: dt.datetime, until: dt.datetime) -> Iterator[Decided]:
    """Leave requests with the facts that their steps keep."""
    for step in _steps("people.leave", since, until):
        facts = step.facts
        if {"level", "kind", "total"} <= set(facts) and facts["kind"] in ("personal", "sick"):
            post = facts.get("authority") or step.role
            yield Decided(
                step.requested_at, step.record.number or "", step.record.url, post, facts, None, step.record.title
            )


def leave_again(facts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    days = Decimal(str(facts["total"]))
    return leave_authority(level=facts["level"], kind=facts["kind"], days=days, figures=figures).authority


def activities(since: dt.datetime, until: dt.datetime) -> Iterator[Decided]:
    """Activities with their amount and the sum of their event."""
    for step in _steps("administration.activity", since, until):
        if step.amount is not None:
            yield Decided(
                step.requested_at, step.record.number or "", step.record.url, step.role,
                {"amount": str(step.amount), "event_total": step.facts.get("event_total") or step.facts.get("total")}, step.amount,
                step.record.title,
            )  # fmt: skip


def activity_again(facts: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    total = facts.get("event_total")
    return activity_authority(
        amount=Decimal(facts["amount"]), figures=figures, event_total=None if total is None else Decimal(str(total))
    ).authority


def offer_own() -> None:
    replays(Replay("leave", _("请假"), LEAVE_KEYS, leaves, leave_again, "AM-W4.1", 30))
    replays(Replay("activity", _("活动"), ACTIVITY_KEYS, activities, activity_again, "AM-W4.2", 40))
