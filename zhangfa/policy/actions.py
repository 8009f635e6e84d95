"""Writes on the company's figures: the first install and every later version (X-2)."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.models import Person
from zhangfa.organisation.queries import holders, seats_with_post
from zhangfa.policy import queries, wording
from zhangfa.policy.catalogue import DEFAULT_PRESET, Definition, catalogue
from zhangfa.policy.models import PolicyValue, Stamp
from zhangfa.policy.rules import SECOND_DECIDER_KEY, refuse_date, refuse_order, refuse_second_decider, refuse_value
from zhangfa.policy.values import canonical, typed


def install_preset(name: str = DEFAULT_PRESET, *, at: dt.datetime, own: Mapping[str, str] | None = None) -> int:
    """Write the preset's versions of every figure that has none yet, with the company's own first values where it is
    founded with some; returns how many rows were written."""
    own = own or {}
    with work():
        _lock(at)
        known = set(PolicyValue.objects.values_list("key", flat=True).distinct())
        rows = [
            PolicyValue(
                key=key,
                version=number,
                value=own.get(key, text),
                effective_from=day,
                clause=definition.clause,
                enacted_at=at,
            )
            for key, definition in catalogue(name).definitions.items()
            if key not in known
            for number, (day, text) in enumerate(definition.versions, start=1)
        ]
        PolicyValue.objects.bulk_create(rows)
        if rows:
            renew(at)
    return len(rows)


def refuse_enact(
    key: str, value: str, effective_from: dt.date, at: dt.datetime, *, may_repeat: bool = False
) -> list[Refusal]:
    """Every reason why a figure can't be changed so: read by the proposal's form and again on the day of approval.

    `may_repeat`: the paper may say again what stands.
    """
    try:
        definition = queries.definition_of(key)
    except queries.UnknownKey:
        return [Refusal("value.unknown", _("没有名为 %(key)s 的值。"), {"key": key[:80]}, "X-2", "key")]
    found = [
        *refuse_value(definition, value, law=wording.law(definition)),
        *refuse_date(effective_from, today=clock.local_date(at)),
    ]
    if not found:
        text = canonical(definition.kind, value)
        if key == SECOND_DECIDER_KEY and text:
            found.extend(refuse_second_decider(**_facts_of(int(text), clock.day_start(effective_from))))
        if text == queries.figure_on(key, effective_from).text and not may_repeat:
            found.append(Refusal("value.same", _("这个值没有变化。"), {}, "X-2", "value"))
        found.extend(_refuse_place(definition, typed(definition.kind, text), effective_from))
    return found


def _refuse_place(definition: Definition, value: Any, day: dt.date) -> Iterator[Refusal]:
    """The limits beside this one on its ladder, as they stand on that day."""
    names = {other.key: wording.pair(other.zh, other.en) for other in _neighbours(definition)}
    others = {other.key: queries.figure_on(other.key, day).value for other in _neighbours(definition)}
    yield from refuse_order(definition, value, others, names)


def _facts_of(person_id: int, at: dt.datetime) -> dict[str, bool]:
    person = Person.objects.filter(pk=person_id, kind=Person.Kind.STAFF, left_on=None).first()
    gm = holders([seat.pk for seat in seats_with_post("gm")], at)
    return {"is_staff": person is not None, "holds_gm": any(person in people for people in gm.values())}


def enact(
    key: str, value: str, effective_from: dt.date, *, by: Any, at: dt.datetime, record_id: UUID | None = None, approved_by: int | None = None,
    may_repeat: bool = False,
) -> PolicyValue:  # fmt: skip
    """Write the next version of a figure, from 00:00 of a later day on. Raises Refused, the legal floor's article included.

    `approved_by`: who approved the paper where somebody else carries it out.
    """
    with work():
        _lock(at)
        queries.forget()
        demand(refuse_enact(key, value, effective_from, at, may_repeat=may_repeat))
        definition = queries.definition_of(key)
        if not PolicyValue.objects.filter(key=key).exists():
            _write_first(definition, at)
        last = PolicyValue.objects.filter(key=key).aggregate(last=Max("version"))["last"]
        before = queries.figure_on(key, effective_from)
        row = PolicyValue.objects.create(
            key=key, version=last + 1, value=canonical(definition.kind, value), effective_from=effective_from,
            clause=definition.clause, enacted_at=at, enacted_by_id=approved_by or by.person_id, record_id=record_id,
        )  # fmt: skip
        renew(at)
        announce(
            "policy.value.enacted", row, by=by, at=at, label=_("章程值已修改"), record_id=record_id, clause=definition.clause,
            codes={
                "key": key, "version": row.version, "old": before.text, "new": row.value,
                "effective_from": effective_from.isoformat(),
            },
        )  # fmt: skip
    return row


def withdraw(record_id: UUID, *, by: Any, at: dt.datetime) -> list[PolicyValue]:
    """What a paper set for days to come counts no more: it ended before them. Let `demand_order` judge what is left."""
    return _mark(record_id, at, "policy.value.withdrawn", _("章程值未生效已撤回"), by=by, at=at)


def restore(record_id: UUID, *, by: Any, at: dt.datetime) -> list[PolicyValue]:
    """What was withdrawn with a paper comes after all, where its day is still ahead."""
    return _mark(record_id, None, "policy.value.restored", _("章程值恢复待生效"), by=by, at=at)


def _mark(
    record_id: UUID, withdrawn_at: dt.datetime | None, event: str, label: str, *, by: Any, at: dt.datetime
) -> list[PolicyValue]:
    with work():
        _lock(at)
        rows = PolicyValue.objects.filter(record_id=record_id, withdrawn_at__isnull=withdrawn_at is not None)
        found = list(rows.filter(effective_from__gt=clock.local_date(at)).order_by("pk"))
        for row in found:
            row.withdrawn_at = withdrawn_at
            row.save(update_fields=["withdrawn_at"])
            announce(
                event, row, by=by, at=at, label=label, record_id=record_id, clause=row.clause,
                codes={"key": row.key, "version": row.version, "value": row.value, "effective_from": row.effective_from.isoformat()},
            )  # fmt: skip
        if found:
            renew(at)
    return found


def demand_order(rows: Iterable[PolicyValue]) -> None:
    """Limits of one ladder keep their order also on the days of what was withdrawn or restored (X-2). Raises `Refused`."""
    if found := list(_refuse_left(rows)):
        # The copy was read with what is now taken back.
        queries.forget()
        raise Refused(found)


def _refuse_left(rows: Iterable[PolicyValue]) -> Iterator[Refusal]:
    for row in rows:
        definition, left = queries.definition_of(row.key), queries.figure_on(row.key, row.effective_from)
        facts = {
            "figure": wording.pair(definition.zh, definition.en), "value": left.text, "day": row.effective_from.isoformat(),
        }  # fmt: skip
        words = _(
            "“%(figure)s”从 %(day)s 起将是 %(value)s，与“%(name)s”的 %(limit)s 不相容。请先调整“%(name)s”，再办理。"
        )
        for refusal in _refuse_place(definition, left.value, row.effective_from):
            yield Refusal("value.left", words, {**refusal.params, **facts}, "X-2")


def _neighbours(definition: Definition) -> list[Definition]:
    """The limits next to this one on its ladder."""
    return [
        other
        for other in queries.definitions().values()
        if other.key == definition.below or other.below == definition.key
    ]


def _write_first(definition: Definition, at: dt.datetime) -> None:
    # A figure that came with a newer program: its preset versions become rows before the first change.
    PolicyValue.objects.bulk_create(
        PolicyValue(
            key=definition.key, version=number, value=text, effective_from=day, clause=definition.clause, enacted_at=at
        )
        for number, (day, text) in enumerate(definition.versions, start=1)
    )


def _lock(at: dt.datetime) -> None:
    """One change at a time: the stamp's row is the lock."""
    Stamp.objects.get_or_create(name=queries.STAMP, defaults={"token": secrets.token_hex(16), "changed_at": at})
    Stamp.objects.select_for_update().get(name=queries.STAMP)


def renew(at: dt.datetime) -> None:
    Stamp.objects.filter(name=queries.STAMP).update(token=secrets.token_hex(16), changed_at=at)
    queries.forget()
