"""Opening, numbering and voiding papers, and saying whom they concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from zhangfa.core import clock, compiled
from zhangfa.core.bulk import write
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.ids import uuid7
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import held, hold, work
from zhangfa.organisation.models import Unit
from zhangfa.records.models import Concern, NumberSeries, Record, Signature
from zhangfa.records.registry import forms
from zhangfa.records.rules import number_for

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

S = Record.Status


class OutsideTransaction(RuntimeError):
    """A number was asked for outside the transaction that hands the paper in; it could be lost."""


def lock(record: Record | UUID) -> Record:
    """Lock a paper inside a transaction: its domain row first (lock order), then the record."""
    return held(_key(record), lambda: _locked(record))


def _key(record: Record | UUID) -> tuple[str, UUID]:
    return ("record", record if isinstance(record, UUID) else record.pk)


def _locked(record: Record | UUID) -> Record:
    if isinstance(record, UUID):
        return compiled.one(_for_update, key=record)  # type: ignore[no-any-return]
    subject = forms.get(record.form_code).lock(record)
    own = getattr(subject, "record", None)
    # The lock of a domain row covers its own record where it says so; a paper under a case is locked besides.
    if subject is not None and getattr(subject, "pk", None) == record.pk and isinstance(own, Record):
        return own
    return compiled.one(_for_update, key=record.pk)  # type: ignore[no-any-return]


def _for_update(key: UUID) -> QuerySet[Record]:
    return Record.objects.select_for_update().filter(pk=key)


def open_record(
    form_code: str, *, unit: Unit, by: Actor, at: dt.datetime, title: str = "", url: str | Callable[[UUID], str] = "",
    parent: Record | None = None, id: UUID | None = None, retention: str = "R2",
    due_at: dt.datetime | None = None, is_handed_in: bool = False,
) -> Record:  # fmt: skip
    """Begin a paper of a form: a draft without a number, or handed in at once (domain.md 4.0 HDR).

    A client may mint the id; the same id twice is refused with code `exists`. `url` may be made of the id.
    """
    with work(is_part=False):
        if id is not None and Record.objects.filter(pk=id).exists():
            raise Refused([Refusal("exists", _("这张单据已经登记过了。"))])
        pk = id or uuid7(at)
        record = Record(
            id=pk, form_code=form_code, title=title, url=url(pk) if callable(url) else url, parent=parent, unit=unit,
            department_id=unit.department_id, region_id=unit.region_id, created_at=at,
            created_by_id=by.person_id, retention=retention, due_at=due_at,
        )  # fmt: skip
        if is_handed_in:
            _hand_in(record, at)
        write([record])
        hold(_key(record), record)
        codes = {"form": form_code, "unit": unit.pk, "parent": parent.pk if parent else None}
        announce(
            "records.record.opened", record, by=by, at=at, label=_("建立单据"), record_id=record.pk,
            codes=codes,
        )  # fmt: skip
        return record


def assign_number(record: Record, *, at: dt.datetime) -> str:
    """Hand the paper in: the next number of its form and Shanghai day, without gaps.

    Belongs to the caller's transaction: the counter row stays locked until it ends, and a rollback
    gives the number back. A paper that has a number keeps it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction("assign_number needs the transaction that hands the paper in")
    if record.number:
        return record.number
    _hand_in(record, at)
    record.save(update_fields=["number", "submitted_at", "status"])
    return str(record.number)


def _hand_in(record: Record, at: dt.datetime) -> None:
    day = clock.local_date(at)
    record.number = number_for(record.form_code, day, _next(record.form_code, day))
    record.submitted_at = record.submitted_at or at
    if record.status == S.DRAFT:
        record.status = S.SUBMITTED


def _next(form_code: str, day: dt.date) -> int:
    """Counted on in the row, which stays locked; the first paper of a day makes it."""
    found = _count_on(form_code, day)
    if found is None:
        NumberSeries.objects.get_or_create(form_code=form_code, day=day)
        found = _count_on(form_code, day)
    return int(found or 0)


def _count_on(form_code: str, day: dt.date) -> int | None:
    """One statement: the row is counted on and its number given back."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    asked = f"UPDATE {table} SET last = last + 1 WHERE form_code = %s AND day = %s RETURNING last"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked, [form_code, connection.ops.adapt_datefield_value(day)])
        row = cursor.fetchone()
    return row[0] if row else None


def concern(record: Record, person_id: int, role: str) -> None:
    """Say that a paper concerns a person, and as what; saying it twice changes nothing."""
    concern_many(record, [(person_id, role)])


def concern_many(record: Record, people: Iterable[tuple[int, str]]) -> None:
    rows = [Concern(record=record, person_id=person_id, role=role) for person_id, role in people]
    Concern.objects.bulk_create(rows, ignore_conflicts=True)


def release(record: Record, person_id: int | None, role: str) -> None:
    """The paper no longer concerns a person in that role, unless they put or still owe their name to it or a paper under it."""
    papers = Q(record=record) | Q(record__parent=record)
    if not Signature.objects.filter(papers, signer_id=person_id).exclude(state=Signature.State.VOID).exists():
        Concern.objects.filter(record=record, person_id=person_id, role=role).delete()


def void(record: Record, *, reason: str, by: Actor, at: dt.datetime) -> Record:
    """Declare a paper void; its number stays taken and its reason stands on it."""
    with work():
        locked = lock(record)
        demand(_refuse_void(locked, reason))
        locked.status, locked.void_reason = S.VOID, reason
        locked.save(update_fields=["status", "void_reason"])
        announce(
            "records.record.voided", locked, by=by, at=at, label=_("作废单据"), record_id=locked.pk,
            codes={"number": locked.number}, values={"void_reason": reason},
        )  # fmt: skip
        return locked


def _refuse_void(record: Record, reason: str) -> Iterable[Refusal]:
    if record.status == S.VOID:
        yield Refusal("void", _("这张单据已经作废。"))
    if len(reason.strip()) < 2:
        yield Refusal("reason", _("请写明作废的原因。"), field="reason")
