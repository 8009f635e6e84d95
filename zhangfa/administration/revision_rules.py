"""What a revision of the chart may say: its lines are tried on the chart as it stands, one after the other (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.rules import refuse_reporting, refuse_retirement, refuse_unit, refuse_unit_closing

CLAUSE = "AM-D1"
SHORTEST = 5
LONGEST = 8000
MOST_LINES = 200
# In which order they are carried out: what is new stands before anything moves there, what is left goes last.
ORDER = ("open_unit", "move_unit", "add_seat", "move_seat", "close_seat", "rename_unit", "close_unit")
RANK = {"company": 0, "region": 1, "department": 2, "outlet": 3, "site": 3}


@dataclass(frozen=True)
class UnitFacts:
    """A unit as the trial knows it; a new one has the negative number of its line."""

    kind: str
    parent: int | None
    code: str


@dataclass(frozen=True)
class SeatFacts:
    """A seat as the trial knows it: who still sits in it on the day of effect, and how many units it is in charge of."""

    grade: int
    unit: int
    above: int | None
    holders: int = 0
    charges: int = 0


@dataclass
class Chart:
    """The units and seats in use."""

    units: dict[int, UnitFacts]
    seats: dict[int, SeatFacts]


@dataclass(frozen=True)
class LineFacts:
    """One line: what it does to which unit or seat; negative numbers mean what another line makes."""

    seq: int
    kind: str
    unit: int | None = None
    seat: int | None = None
    parent: int | None = None
    above: int | None = None
    code: str = ""
    unit_kind: str = ""
    grade: int = 0
    moves_to: int | None = None


def in_order(lines: Iterable[LineFacts], grades: Mapping[int, int] | None = None) -> list[LineFacts]:
    """As they are carried out: new units from the top, new seats from the top, seats closed from the bottom."""
    grades = grades or {}

    def key(line: LineFacts) -> tuple[int, int, int]:
        inner = {
            "open_unit": RANK.get(line.unit_kind, 9),
            "add_seat": -line.grade,
            "close_seat": grades.get(line.seat or 0, 0),
            "close_unit": -RANK.get(line.unit_kind, 0),
        }
        return ORDER.index(line.kind), inner.get(line.kind, 0), line.seq

    return sorted(lines, key=key)


def problems(chart: Chart, lines: Sequence[LineFacts]) -> dict[int, list[Refusal]]:
    """What stands in the way of each line, by its number; a line that can't be carried out changes nothing for the others."""
    trial = Chart(dict(chart.units), dict(chart.seats))
    grades = {key: seat.grade for key, seat in trial.seats.items()} | {
        -one.seq: one.grade for one in lines if one.kind == "add_seat"
    }
    found: dict[int, list[Refusal]] = {}
    for line in in_order(lines, grades):
        refusals = list(_gone(trial, line)) or list(TRIALS[line.kind](trial, line))
        if refusals:
            found[line.seq] = refusals
    return found


def _gone(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    """What the line names stands, or an earlier line makes it."""
    if any(key is not None and key not in trial.units for key in (line.unit, line.parent)):
        yield Refusal("revision.unit_gone", _("所指的单位已经停用，或本单里没有新设它的一行。"), {}, CLAUSE)
    if any(key is not None and key not in trial.seats for key in (line.seat, line.above, line.moves_to)):
        yield Refusal("revision.seat_gone", _("所指的席位已经停用，或本单里没有新设它的一行。"), {}, CLAUSE)


def _unit(trial: Chart, key: int, unit: UnitFacts) -> list[Refusal]:
    parent = trial.units.get(unit.parent or 0)
    others = {other: one for other, one in trial.units.items() if other != key}
    return list(
        refuse_unit(
            unit_id=key, kind=unit.kind, parent_kind=parent.kind if parent else None, parent_id=unit.parent,
            parents={other: one.parent for other, one in trial.units.items()},
            is_code_taken=any(one.code == unit.code for one in others.values()), has_company=any(one.kind == "company" for one in others.values()),
        )
    )  # fmt: skip


def _open_unit(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    made = UnitFacts(line.unit_kind, line.parent, line.code)
    found = _unit(trial, -line.seq, made)
    if not found:
        trial.units[-line.seq] = made
    yield from found


def _move_unit(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    assert line.unit is not None
    moved = replace(trial.units[line.unit], parent=line.parent)
    found = _unit(trial, line.unit, moved)
    if not found:
        trial.units[line.unit] = moved
    yield from found


def _rename_unit(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    return iter(())


def _close_unit(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    assert line.unit is not None
    found = list(
        refuse_unit_closing(
            children=sum(one.parent == line.unit for one in trial.units.values()),
            seats=sum(one.unit == line.unit for one in trial.seats.values()),
        )
    )
    if not found:
        del trial.units[line.unit]
    yield from found


def _line(trial: Chart, key: int | None, grade: int, above: int | None) -> Iterator[Refusal]:
    superior = trial.seats.get(above) if above is not None else None
    yield from refuse_reporting(
        seat_id=key, grade=grade, superior_id=above, superior_grade=superior.grade if superior else None,
        reports_to={other: one.above for other, one in trial.seats.items()},
    )  # fmt: skip


def _add_seat(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    found = list(_line(trial, None, line.grade, line.above))
    if not found and line.unit is not None:
        trial.seats[-line.seq] = SeatFacts(line.grade, line.unit, line.above)
    yield from found


def _move_seat(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    assert line.seat is not None
    seat = trial.seats[line.seat]
    above = line.above if line.above is not None else seat.above
    found = list(_line(trial, line.seat, seat.grade, above))
    if not found:
        trial.seats[line.seat] = replace(seat, above=above, unit=line.unit if line.unit is not None else seat.unit)
    yield from found


def _close_seat(trial: Chart, line: LineFacts) -> Iterator[Refusal]:
    assert line.seat is not None
    seat = trial.seats[line.seat]
    found = list(
        refuse_retirement(
            holders=0 if line.moves_to is not None else seat.holders,
            subordinates=sum(one.above == line.seat for one in trial.seats.values()), charges=seat.charges,
        )
    )  # fmt: skip
    if line.moves_to is not None:
        found += _refuse_target(trial, line, seat)
    if not found:
        del trial.seats[line.seat]
    yield from found


def _refuse_target(trial: Chart, line: LineFacts, seat: SeatFacts) -> list[Refusal]:
    target = trial.seats[line.moves_to or 0]
    if line.moves_to == line.seat or (target.grade == 10) != (seat.grade == 10):
        return [Refusal("revision.moves_to", _("任职人只能转到另一个同类的席位。"), {}, CLAUSE, "moves_to")]
    if target.holders and target.grade != 10:
        return [Refusal("revision.taken", _("要转到的席位已有人在任。"), {}, CLAUSE, "moves_to")]
    trial.seats[line.moves_to or 0] = replace(target, holders=target.holders + seat.holders)
    return []


TRIALS = {
    "open_unit": _open_unit, "move_unit": _move_unit, "add_seat": _add_seat, "move_seat": _move_seat, "close_seat": _close_seat,
    "rename_unit": _rename_unit, "close_unit": _close_unit,
}  # fmt: skip


def refuse_words(*, title: str, reason: str) -> Iterator[Refusal]:
    """A revision says what it is about and why."""
    if len(title.strip()) < 2:
        yield Refusal("revision.title", _("请写明修订的名称。"), {}, CLAUSE, "title")
    if len(reason.strip()) < SHORTEST:
        yield Refusal(
            "revision.reason", _("请写明修订的理由（不少于 %(count)s 个字）。"), {"count": SHORTEST}, CLAUSE, "reason"
        )


def refuse_day(*, effective_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    """From tomorrow on: nothing is dated back."""
    if effective_on <= today:
        yield Refusal("revision.day", _("生效日期最早是明天。"), {}, CLAUSE, "effective_on")


def refuse_lines(found: Mapping[int, Sequence[Refusal]], *, count: int, is_first: bool) -> Iterator[Refusal]:
    """Something changes (only the first version may take the chart as it stands), and every line can be carried out."""
    if count == 0 and not is_first:
        yield Refusal("revision.empty", _("还没有写要改什么，请先添加调整事项。"), {}, CLAUSE)
    if found:
        numbers = "、".join(str(seq) for seq in sorted(found))
        yield Refusal(
            "revision.lines",
            _("第 %(lines)s 行按现在的机构办不了，原因写在该行下面，请先修改。"),
            {"lines": numbers},
            CLAUSE,
        )


def refuse_description(texts: Mapping[str, str], *, before: Mapping[str, str]) -> Iterator[Refusal]:
    """A description says what the post is for, what it does and with which powers; and it says something new."""
    for name, sentence in (
        ("purpose", _("请写明设这个岗位的目的。")), ("duties", _("请写明岗位职责，一行一条。")), ("powers", _("请写明岗位的权限。")),
        ("requirements", _("请写明任职要求。")),
    ):  # fmt: skip
        if len(texts.get(name, "").strip()) < SHORTEST:
            yield Refusal(f"description.{name}", sentence, {}, CLAUSE, name)
    if before and dict(texts) == dict(before):
        yield Refusal("description.same", _("与现行版本完全相同，没有可修订的内容。"), {}, CLAUSE)
