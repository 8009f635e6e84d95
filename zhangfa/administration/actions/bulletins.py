"""Notices of the company: issued to posts of a unit, read by a time, chased once (AM-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from zhangfa.administration import request_rules as rules
from zhangfa.administration.coordination_permissions import issue_bulletins, issuer, reader
from zhangfa.administration.models import Bulletin, Reader
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Unit
from zhangfa.organisation.queries import manager_seat_of
from zhangfa.records.actions import assign_number, open_record
from zhangfa.records.models import Record

S = Bulletin.Status
CLAUSE = rules.REQUEST
BULLETIN_FORM = "TZ"
MOST = 200


def issue(
    *, title: str, text: str, unit: Unit, read_by_at: dt.datetime | None, by: Actor, at: dt.datetime, posts: Sequence[str] = (),
    about: Record | None = None,
) -> Bulletin:  # fmt: skip
    """Send a notice to everybody who sits in these posts of the unit and below it; who has read it is known.

    `about` is the paper that it rolls out. Each department's head owes that everybody there has read it in time.
    """
    demand(issue_bulletins(by=by, at=at))
    people = readers_of(unit, posts, at)
    people.pop(by.person_id or 0, None)
    demand(_refuse_bulletin(title, text, read_by_at, people, at))
    assert read_by_at is not None
    with work():
        record = open_record(
            BULLETIN_FORM, unit=unit, by=by, at=at, title=title[:120], retention="R4", due_at=read_by_at
        )
        row = Bulletin(
            record=record,
            title=title,
            text=text,
            unit=unit,
            about=about,
            posts=sorted(posts),
            read_by_at=read_by_at,
            issued_at=at,
            issued_by_id=by.person_id,
        )
        row.save(force_insert=True)
        record.url = row.get_absolute_url()
        record.save(update_fields=["url"])
        assign_number(record, at=at)
        Reader.objects.bulk_create(
            [Reader(bulletin=row, person_id=person, unit_id=place) for person, place in sorted(people.items())],
            batch_size=1000,
        )
        announce(
            "administration.bulletin.issued", row, by=by, at=at, label=_("发出公司通知"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"unit": unit.pk, "posts": sorted(posts), "readers": len(people), "about": str(about.pk) if about else ""}, values={"title": title, "text": text},
        )  # fmt: skip
        _owe(row, by=by, at=at)
        _tell(row, people, "administration.bulletin", at)
        return row


def _owe(row: Bulletin, *, by: Actor, at: dt.datetime) -> None:
    """One duty for each department whose people read it, however many they are."""
    readers = Reader.objects.filter(bulletin=row).exclude(unit__department=None)
    for department in Unit.objects.filter(pk__in=readers.values("unit__department")).order_by("pk"):
        seat = manager_seat_of(department)
        if seat is None:
            continue
        announce(
            "administration.bulletin.owed", row, by=by, at=at, label=_("督促本部门阅读通知"), record_id=row.pk, clause=CLAUSE,
            codes={"subject": _subject(row, department.pk), "seat": seat.pk, "due_at": row.read_by_at.isoformat()},
        )  # fmt: skip


def _subject(row: Bulletin, department: int) -> str:
    return f"record:{row.pk}/{department}"


def readers_of(unit: Unit, posts: Sequence[str], at: dt.datetime) -> dict[int, int]:
    """Who reads it: the people in the seats of the unit, its department or region, each with their unit."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__is_active=True, person__left_on=None)
    if unit.kind != Unit.Kind.COMPANY:
        place = Q(seat__unit=unit) | Q(seat__unit__department=unit) | Q(seat__unit__region=unit)
        held = held.filter(place)
    if posts:
        held = held.filter(seat__post_id__in=posts)
    return dict(held.order_by("-pk").values_list("person_id", "seat__unit_id"))


def _refuse_bulletin(
    title: str, text: str, read_by_at: dt.datetime | None, people: dict[int, int], at: dt.datetime
) -> Iterator[Refusal]:
    yield from rules.refuse_text(title, "title", CLAUSE)
    yield from rules.refuse_text(text, "text", CLAUSE)
    if read_by_at is None or read_by_at <= at:
        yield Refusal("bulletin.time", _("最晚阅读时间应在现在之后。"), {}, CLAUSE, "read_by_at")
    if not people:
        yield Refusal("bulletin.nobody", _("这个范围里没有在岗的人。"), {}, CLAUSE, "unit")


@arrow(Bulletin, sources=[S.ISSUED], target=None, label=_("我已阅读"), event="read", permit=reader, clause=CLAUSE)
def read(row: Bulletin, *, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """A receipt, once."""
    mine = Reader.objects.filter(bulletin=row, person_id=by.person_id)
    mine.filter(read_at=None).update(read_at=at)
    department = mine.values_list("unit__department", flat=True).first()
    unread = Reader.objects.filter(bulletin=row, read_at=None, unit__department=department)
    if department is not None and not unread.exists():
        announce(
            "administration.bulletin.all_read", row, by=by, at=at, label=_("本部门已全部阅读"), record_id=row.pk, clause=CLAUSE,
            codes={"subject": _subject(row, department)},
        )  # fmt: skip
    return {"codes": {"person": by.person_id, "late": at > row.read_by_at}}


def _guard_reason(row: Bulletin, *, by: Actor, at: dt.datetime, reason: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(reason, "reason", CLAUSE)


@arrow(
    Bulletin, sources=[S.ISSUED], target=S.WITHDRAWN, label=_("撤回"), event="withdrawn", permit=issuer, guard=_guard_reason,
    clause=CLAUSE,
)  # fmt: skip
def withdraw_bulletin(row: Bulletin, *, by: Actor, at: dt.datetime, reason: str) -> None:
    row.opinion = reason
    for department in Reader.objects.filter(bulletin=row).values_list("unit__department", flat=True).distinct():
        announce(
            "administration.bulletin.released", row, by=by, at=at, label=_("通知撤回，不再督促"), record_id=row.pk, clause=CLAUSE,
            codes={"subject": _subject(row, department or 0)},
        )  # fmt: skip
    Record.objects.filter(pk=row.pk).update(status=Record.Status.VOID)
    row.record.status = Record.Status.VOID


def chase(*, by: Any, at: dt.datetime) -> int:
    """The time is over: those who have not read it are told again, and the issuer how many they are; once each."""
    keys = list(
        Bulletin.objects.filter(status=S.ISSUED, chased_at=None, read_by_at__lte=at).values_list("pk", flat=True)[:MOST]
    )
    for key in keys:
        with work():
            row = Bulletin.objects.lock(key)
            if row.chased_at is not None or row.status != S.ISSUED:
                continue
            row.chased_at = at
            row.save(update_fields=["chased_at"])
            people = list(Reader.objects.filter(bulletin=row, read_at=None).values_list("person_id", flat=True))
            announce(
                "administration.bulletin.chased", row, by=by, at=at, label=_("催阅通知"), record_id=row.pk, clause=CLAUSE,
                codes={"unread": len(people)},
            )  # fmt: skip
            _tell(row, people, "administration.bulletin_late", at)
            if people:
                params = {"number": row.record.number or "", "count": len(people)}
                notify(
                    [row.issued_by_id],
                    "administration.bulletin_unread",
                    params,
                    at=at,
                    record_id=row.pk,
                    url=row.get_absolute_url(),
                    clause=CLAUSE,
                )
    return len(keys)


def _tell(row: Bulletin, people: Any, code: str, at: dt.datetime) -> None:
    params = {"number": row.record.number or "", "due": row.read_by_at.isoformat()}
    notify(people, code, params, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)
