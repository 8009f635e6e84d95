"""The plain reference for the roll-up: the same questions asked of the occurrences one by one."""

import datetime as dt
from collections import Counter

from zhangfa.core.periods import month_after, month_of
from zhangfa.duties import compliance, counting, kept, rules
from zhangfa.duties.models import Occurrence, scope_of

NAMES = ("department", "post", "duty", "person")


def agrees(house, at, readers=("gm", "dgm", "hs", "sup", "oa"), months=(-1, 0, 1)):
    """The roll-up says of every reader's part what its occurrences say, for the months around an instant."""
    assert counting.wrong() == []
    today = compliance.last_day(at)
    for name in readers:
        actor = house.actor(name, at)
        rows = list(Occurrence.objects.visible_to(actor).select_related("seat"))
        department = house.units["home"].pk
        for narrow in ({}, {"department": department}, {"post": "oa"}):
            counts = kept.Kept(scope_of(actor), at, NAMES, **narrow)
            for away in months:
                first = month_after(month_of(today), away)
                last = month_after(first) - dt.timedelta(days=1)
                mine = [row for row in rows if first <= row.due_on <= last and _is_in(row, narrow)]
                told = counts.split(first, last)
                assert {by: plain(told[by]) for by in NAMES} == {by: _counted(mine, by, at) for by in NAMES}
                assert plain(counts.days(first, last)) == _counted(mine, "due_on", at)


def plain(tallies):
    return {
        (key, state): count for key, tally in tallies.items() for state in compliance.STATES if (count := getattr(tally, state))
    }  # fmt: skip


def _is_in(row, narrow):
    if row.state == "void":
        return False
    return row.department_id == narrow.get("department", row.department_id) and row.seat.post_id == narrow.get(
        "post", row.seat.post_id
    )


def _counted(rows, by, at):
    values = {"department": "department_id", "post": "seat.post_id", "duty": "duty_id", "person": "person_id"}
    found = Counter()
    for row in rows:
        value = row
        for part in values.get(by, by).split("."):
            value = getattr(value, part)
        found[value, rules.standing(state=row.state, due_at=row.due_at, at=at)] += 1
    return dict(found)
