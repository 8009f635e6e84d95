"""Due instants to the second, and the periods of a rhythm."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.core import clock
from zhangfa.duties import rules
from zhangfa.duties.catalogue import from_files

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=clock.TZ)  # a Monday
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MIDNIGHT = dt.datetime(2026, 3, 3, tzinfo=clock.TZ)
ANCHOR = dt.date(2026, 1, 5)


def rule(code, stage):
    return next(row.due for row in from_files().rows if (row.code, row.stage) == (code, stage))


@pytest.mark.clause("CC-W1.1")
def test_the_alert_s_clocks():
    assert rules.due_after(rule("D-CC-01", "acknowledge"), figure=15, codes={}, at=NOON) == NOON + 15 * dt.timedelta(
        minutes=1
    )
    assert rules.due_after(rule("D-CC-01", "arrive"), figure=4, codes={}, at=NOON) == NOON + 4 * HOUR
    chosen = {"arrive_due_at": (NOON + 30 * HOUR).isoformat()}
    assert rules.due_after(rule("D-CC-01", "arrive"), figure=4, codes=chosen, at=NOON) == NOON + 30 * HOUR


@pytest.mark.clause("CC-W1.3")
@pytest.mark.parametrize(("hour", "due"), [(12, NOON + 2 * HOUR), (22, MIDNIGHT), (23, MIDNIGHT)])
def test_registration_after_return_by_the_day_s_end(hour, due):
    codes = {"returned_at": NOON.replace(hour=hour)}
    assert rules.due_after(rule("D-CC-10", "register"), figure=2, codes=codes, at=NOON + 11 * HOUR) == due


@pytest.mark.clause("CC-W1.7")
@pytest.mark.parametrize("at", [NOON, NOON.replace(hour=0), NOON.replace(hour=23, minute=59, second=59)])
def test_the_claim_sheet_is_due_the_same_calendar_day(at):
    assert rules.due_after(rule("D-CC-02", "sign"), figure="same-day", codes={}, at=at) == MIDNIGHT


def test_late_begins_after_the_due_instant():
    assert rules.state_when_done(due_at=NOON, done_at=NOON) == "done"
    assert rules.state_when_done(due_at=NOON, done_at=NOON + dt.timedelta(microseconds=1)) == "late"


@pytest.mark.parametrize("value", ["soon", None, 3, "2026-03-02", "2026-03-02T10:00:00"])
def test_what_is_no_instant_is_none(value):
    assert rules.instant(value) is None


@pytest.mark.clause("CC-D1")
def test_the_bundle_is_owed_on_monday_noon_for_the_week_before():
    before = NOON - 13 * HOUR  # Sunday 23:00
    (period,) = rules.weekly_periods("weekly mon 12:00", before, NOON)
    assert (period.name, period.opens_at, period.due_at) == ("2026-02-23", clock.day_start(dt.date(2026, 3, 2)), NOON)
    assert [p.name for p in rules.weekly_periods("weekly mon 12:00", before, NOON + 28 * DAY)] == [
        "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23",
    ]  # fmt: skip
    assert next(rules.weekly_periods("weekly", before, NOON)).due_at == clock.day_start(dt.date(2026, 3, 9))


@pytest.mark.clause("CC-D5")
def test_fortnights_run_from_the_anchor():
    since = clock.day_start(ANCHOR)
    first, second = rules.fortnight_periods(ANCHOR, 2, since, clock.day_start(dt.date(2026, 2, 2)))
    assert (first.name, second.name) == ("2026-01-05", "2026-01-19")
    assert first.opens_at == clock.day_start(dt.date(2026, 1, 19))
    assert first.due_at == clock.day_start(dt.date(2026, 1, 26))  # Sunday 24:00
    assert list(rules.fortnight_periods(ANCHOR, 2, since - 300 * DAY, since)) == []


@given(
    st.integers(0, 900), st.lists(st.integers(0, 900), max_size=6), st.sampled_from(["weekly mon 12:00", "fortnights"])
)
def test_in_whatever_steps_time_comes_every_period_opens_once(first, stops, rhythm):
    """Looking each minute or after a year gives the same periods."""
    start = clock.day_start(ANCHOR) + first * HOUR

    def periods(since, until):
        if rhythm == "fortnights":
            return [p.name for p in rules.fortnight_periods(ANCHOR, 2, since, until)]
        return [p.name for p in rules.weekly_periods(rhythm, since, until)]

    moments = [start, *sorted(start + hours * HOUR for hours in stops), start + 901 * HOUR]
    pieces = [name for since, until in itertools.pairwise(moments) for name in periods(since, until)]
    assert pieces == periods(start, moments[-1])
    assert len(set(pieces)) == len(pieces)
