"""The person responsible reports pressure to the manager; the handler neither reads nor answers it (CC-D3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from zhangfa.claims import permissions
from zhangfa.claims.models import Case, Pressure
from zhangfa.claims.queries import person_in
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor

SHORTEST = 5


def _refuse_words(words: str, field: str) -> Iterator[Refusal]:
    if len(words.strip()) < SHORTEST:
        yield Refusal("pressure.words", _("请写清楚（不少于 5 个字）。"), {}, "CC-D3", field)


def report_pressure(case: Case, *, by: Actor, at: dt.datetime, text: str) -> Pressure:
    """The manager of the centre is told, or whoever stands above where the manager handles the case."""
    demand([*permissions.report_pressure(case, by=by, at=at), *_refuse_words(text, "text")])
    with work():
        row = Pressure.objects.create(case=case, person_id=by.person_id, text=text, reported_at=at)
        apart = (case.handler_id, case.worker_id)
        reader = person_in("cs", at, exclude=apart) or person_in("dgm", at, exclude=apart)
        # No record: the case's trail is open to the handler.
        announce("claims.pressure.reported", row, by=by, at=at, label=_("反映受到压力"), clause="CC-D3", is_new=True)
        if reader:
            notify(
                [reader.pk], "claims.pressure", {"number": case.record.number}, record_id=case.pk,
                url=f"{case.get_absolute_url()}pressure/", at=at, clause="CC-D3",
            )  # fmt: skip
    return row


def _refuse_answer(row: Pressure, *, by: Actor, at: dt.datetime, answer: str) -> Iterator[Refusal]:
    yield from permissions.answer_pressure(row, by=by, at=at)
    if row.answered_at:
        yield Refusal("pressure.answered", _("已经答复过了。"), {}, "CC-D3")
    yield from _refuse_words(answer, "answer")


def answer_pressure(row: Pressure, *, by: Actor, at: dt.datetime, answer: str) -> Pressure:
    """What the manager found and did; the one who reported it is told."""
    with work():
        locked = Pressure.objects.select_for_update(of=("self",)).select_related("case__record").get(pk=row.pk)
        demand(_refuse_answer(locked, by=by, at=at, answer=answer))
        locked.answer, locked.answered_at, locked.answered_by_id = answer, at, by.person_id
        locked.save(update_fields=["answer", "answered_at", "answered_by"])
        announce("claims.pressure.answered", locked, by=by, at=at, label=_("答复受到的压力"), clause="CC-D3")
        notify(
            [locked.person_id], "claims.pressure_answered", {"number": locked.case.record.number}, record_id=locked.case_id,
            url=f"{locked.case.get_absolute_url()}pressure/", at=at, clause="CC-D3",
        )  # fmt: skip
    return locked
