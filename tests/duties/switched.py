"""The catalogue with every duty switched on: what its evidence waits for is played by one event."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from zhangfa.core.transitions import announce
from zhangfa.duties import catalogue
from zhangfa.duties.actions import load_catalogue

DONE = "tests.duty.done"
# Owed by what happens, in the program; here by the plain day, as the clock's own part is looked at.
BY_THE_CLOCK = {
    "D-OA-01": {
        "rhythm": "rhythm",
        "subject": "seat",
        "due": {"key": "archive.entry"},
        "opens": (),
        "again": False,
        "place": "",
        "on": "",
    }
}


def switched_on(*codes: str) -> catalogue.Catalogue:
    """The duties named, their rhythms closed by the played event alone; without names the whole catalogue, what is on as it is."""
    known = [
        replace(row, **BY_THE_CLOCK[row.code]) if row.code in BY_THE_CLOCK else row
        for row in catalogue.from_files().rows
    ]
    rows = [row for row in known if row.rhythm not in ("event", "plan") or row.is_on]
    chosen = [row for row in rows if not codes or row.code in codes]
    return catalogue.made_of(
        row
        if row.is_on and (not codes or row.rhythm in ("event", "plan"))
        else replace(row, off="", closes=(DONE,), match={"duty": row.code})
        for row in chosen
    )


@contextmanager
def lent(*codes: str) -> Iterator[catalogue.Catalogue]:
    known = switched_on(*codes)
    with catalogue.lent(lambda: known):
        load_catalogue()
        yield known


def done(house, name, code, at, *, thing=None, **codes):
    """Somebody does what a duty asks for; `thing` is the row that shows it."""
    announce(DONE, thing or house.people[name], by=house.actor(name, at), at=at, codes={"duty": code, **codes})
