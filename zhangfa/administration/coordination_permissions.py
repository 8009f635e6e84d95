"""Who asks other departments, answers, keeps the company's files and sends notices (AM-D1, AM-D4, AM-D6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from zhangfa.administration.models.bulletins import Bulletin, Reader
from zhangfa.administration.models.files import KEEPERS, READERS
from zhangfa.administration.models.requests import EVERYWHERE, departments_of
from zhangfa.administration.request_rules import CALENDAR, FILES, REQUEST
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Holding

ISSUERS = ("am", "hr", "gm", "dgm")


def read_requests(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Those who speak for a department, the executives and administration."""
    if not (by.is_system or departments_of(by) or by.holds(*EVERYWHERE)):
        yield Refusal("requests.read", _("协作单对部门的管理岗位开放。"), {}, REQUEST)


def make_requests(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None or not departments_of(by):
        yield Refusal("requests.make", _("协作单由部门的管理岗位发出。"), {}, REQUEST)


def speakers(department: int, at: dt.datetime, besides: int | None = None) -> tuple[str, ...]:
    """The posts from which somebody else speaks for a department now, the highest first."""
    of_it = Q(seat__unit_id=department) | Q(seat__unit__department_id=department)
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), of_it, seat__is_active=True)
    rows = rows.filter(seat__post__grade__gte=Grade.LINE_MANAGER).exclude(person_id=besides or 0)
    found = rows.order_by("-seat__post__grade", "seat__post_id").values_list("seat__post_id", flat=True)
    return tuple(dict.fromkeys(found))


def asked(request: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The department that was asked; never who asked."""
    speaking = [s for s in by.seats if s.department_id == request.to_unit_id and s.grade >= Grade.LINE_MANAGER]
    if not speaking:
        who = speakers(request.to_unit_id, at)
        yield Refusal("request.to", _("这一步由%(unit)s办理。"), {"unit": request.to_unit.shown_name}, REQUEST, "", who)
    elif request.asked_by_id in {by.person_id} or all(seat.person_id == request.asked_by_id for seat in speaking):
        # Their own, also where they came into a seat of the other department or somebody stands in for them there.
        who = speakers(request.to_unit_id, at, besides=request.asked_by_id)
        yield Refusal("request.own", _("自己发出的协作单由他人答复。"), {}, REQUEST, "", who)


def asker(request: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The department that asked."""
    if not (by.is_any_of([request.asked_by_id]) or request.from_unit_id in departments_of(by)):
        who = speakers(request.from_unit_id, at)
        yield Refusal(
            "request.asker", _("这一步由%(unit)s办理。"), {"unit": request.from_unit.shown_name}, REQUEST, "", who
        )


def content_with(request: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whether the answer will do is said by the department that asked, and never by who gave it."""
    yield from asker(request, by=by, at=at)
    if request.answered_by_id is not None and request.answered_by_id == by.person_id:
        who = speakers(request.from_unit_id, at, besides=by.person_id)
        yield Refusal("request.own_answer", _("答复是您本人给的，由发出部门的其他人确认。"), {}, REQUEST, "", who)


def read_files(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None and not by.is_system:
        yield Refusal("files.read", _("系统管理员不查看公司文件。"), {}, FILES)


def keep_files(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration keeps the company's files and its calendar."""
    if by.person_id is None or not by.holds(*KEEPERS):
        yield Refusal("files.keep", _("公司文件和法定事项由行政部办理。"), {}, FILES, "", KEEPERS)


def owner_or_keeper(row: Any, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.is_any_of([row.owner_id]):
        yield from keep_files(by=by, at=at)


def read_calendar(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not by.is_system and not (
        by.holds(*READERS) or any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats)
    ):
        yield Refusal("calendar.read", _("法定事项日历对行政部和部门经理以上开放。"), {}, CALENDAR)


def read_contacts(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not (by.is_system or by.holds(*READERS)):
        yield Refusal("contacts.read", _("对外联系人对行政部和公司领导开放。"), {}, CALENDAR, "", READERS)


def read_bulletins(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None and not by.is_system:
        yield Refusal("bulletins.read", _("系统管理员不查看通知。"), {}, REQUEST)


def issue_bulletins(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration and department managers and above."""
    manages = any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in by.seats)
    if by.person_id is None or not (manages or by.holds(*ISSUERS)):
        yield Refusal("bulletins.issue", _("公司通知由行政部和部门经理以上发出。"), {}, REQUEST)


def issuer(row: Bulletin, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not (by.is_any_of([row.issued_by_id]) or by.holds("am")):
        name = row.issued_by.shown_name if row.issued_by else ""
        yield Refusal("bulletin.issuer", _("这一步由发出人%(name)s办理。"), {"name": name}, REQUEST)


def reader(row: Bulletin, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody for themselves, once."""
    mine = Reader.objects.filter(bulletin_id=row.pk, person_id=by.person_id or 0).first()
    if mine is None:
        yield Refusal("bulletin.not_yours", _("这份通知不是发给您的。"), {}, REQUEST)
    elif mine.read_at is not None:
        yield Refusal("bulletin.read", _("您已经确认阅读。"), {}, REQUEST)
