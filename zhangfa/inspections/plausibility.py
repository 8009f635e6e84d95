"""What makes a form look filled at random: pure rules over what was filled in; each finding names its forms (HS-W1.9).

A finding asks for a look. It is no verdict and has no consequence of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COPIED, IMPOSSIBLE, SAME, BULK = "copied", "impossible", "same", "bulk"


@dataclass(frozen=True)
class Filled:
    """One form as somebody filled it in. Texts are the long ones that are written freely; values what is chosen or scored."""

    number: str
    url: str
    person_id: int
    unit_id: int | None
    department_id: int | None
    filled_at: dt.datetime
    texts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    filled: int = 0
    wanted: int = 0
    happened_from: dt.datetime | None = None
    happened_to: dt.datetime | None = None
    place: str = ""
    due_at: dt.datetime | None = None


@dataclass(frozen=True)
class Limits:
    """Company figures: how long a text counts, how often is again and again, how long a service may last."""

    copied_length: int
    copied_times: int
    same_times: int
    longest_hours: int
    bulk_times: int
    bulk_minutes: int


@dataclass(frozen=True)
class Found:
    """A kind of finding with the forms behind it, each with its reason as a code."""

    kind: str
    forms: tuple[tuple[Filled, str], ...]


def plain(text: str) -> str:
    """Without spaces and stops: a comma more or less is the same text."""
    return "".join(char for char in text if char.isalnum()).casefold()


def copied(forms: Sequence[Filled], limits: Limits) -> list[tuple[Filled, str]]:
    """The same long text in so many forms or more."""
    by_text: dict[str, list[Filled]] = {}
    for form in forms:
        for text in {plain(text) for text in form.texts}:
            if len(text) >= limits.copied_length:
                by_text.setdefault(text, []).append(form)
    again = [group for group in by_text.values() if len(group) >= limits.copied_times]
    return _each(again, "copied")


def impossible(forms: Sequence[Filled], limits: Limits) -> list[tuple[Filled, str]]:
    """Longer than a service can be, over before it began, filled in before it happened, or in two places at once."""
    longest = dt.timedelta(hours=limits.longest_hours)
    found = []
    for form in forms:
        since, until = form.happened_from, form.happened_to
        if since and until and until < since:
            found.append((form, "backwards"))
        elif since and until and until - since > longest:
            found.append((form, "too_long"))
        if since and form.filled_at < since:
            found.append((form, "before"))
    timed = sorted(
        (f for f in forms if f.happened_from and f.happened_to and f.place), key=lambda f: (f.happened_from, f.number)
    )
    running: list[Filled] = []
    for other in timed:
        # Whatever has not ended when the next begins, however long ago it began.
        running = [one for one in running if one.happened_to > other.happened_from]  # type: ignore[operator]
        for one in running:
            if one.place != other.place:
                found += [(one, "two_places"), (other, "two_places")]
        running.append(other)
    return list(dict.fromkeys(found))


def same(forms: Sequence[Filled], limits: Limits) -> list[tuple[Filled, str]]:
    """Exactly the same values in so many forms one after the other."""
    ordered = sorted((form for form in forms if len(form.values) > 1), key=lambda form: (form.filled_at, form.number))
    runs: list[list[Filled]] = []
    for form in ordered:
        if runs and runs[-1][-1].values == form.values:
            runs[-1].append(form)
        else:
            runs.append([form])
    return _each([run for run in runs if len(run) >= limits.same_times], "same")


def bulk(forms: Sequence[Filled], limits: Limits) -> list[tuple[Filled, str]]:
    """So many forms handed in within the last minutes before they were due."""
    window = dt.timedelta(minutes=limits.bulk_minutes)
    by_due: dict[dt.datetime, list[Filled]] = {}
    for form in forms:
        if form.due_at and form.due_at - window <= form.filled_at <= form.due_at:
            by_due.setdefault(form.due_at, []).append(form)
    return _each([group for group in by_due.values() if len(group) >= limits.bulk_times], "bulk")


def _each(groups: Iterable[Sequence[Filled]], code: str) -> list[tuple[Filled, str]]:
    return list(dict.fromkeys((form, code) for group in groups for form in group))


CHECKS = {COPIED: copied, IMPOSSIBLE: impossible, SAME: same, BULK: bulk}


def findings(forms: Sequence[Filled], limits: Limits) -> Iterator[Found]:
    """What one person's forms of one kind and period show."""
    for kind, check in CHECKS.items():
        if forms_behind := check(forms, limits):
            yield Found(kind, tuple(forms_behind))


def completeness(forms: Sequence[Filled]) -> tuple[int, int]:
    """Fields filled in, and fields that were to be."""
    return sum(form.filled for form in forms), sum(form.wanted for form in forms)
