"""The statutory calendar and the contacts outside through the programming interface (AM-D6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.administration import actions
from zhangfa.administration import coordination_permissions as may
from zhangfa.administration.models import Filing, OutsideContact, StatutoryDate
from zhangfa.administration.request_rules import CALENDAR
from zhangfa.administration.web.coordination_forms import (
    CONTACT_FORMS,
    STATUTORY_FORMS,
    ContactForm,
    FilingForm,
    StatutoryForm,
)
from zhangfa.administration.web.files import Calendar, ContactList
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.ui.api import Call, Input, Schema, creates, lists, reads, transitions, writes
from zhangfa.ui.api.things import making


class StatutoryOut(Schema):
    """A yearly matter with its days of this year and, once filed, the receipt."""

    id: int
    name: str
    alias: str
    authority: str
    basis: str
    from_month: int
    from_day: int
    to_month: int
    to_day: int
    remind_days: int
    status: str
    opens_on: dt.date
    last_on: dt.date
    filed_on: dt.date | None
    url: str


class OutsideContactOut(Schema):
    """Somebody at an authority or a partner company; the number in full only for those who keep the list."""

    id: int
    kind: str
    organisation: str
    name: str
    title: str
    phone: str
    matters: str
    status: str
    url: str


def _matter(call: Call, row: StatutoryDate) -> StatutoryOut:
    year = clock.local_date(call.at).year
    opens, last = actions.files.window_of(row, year)
    filing = Filing.objects.filter(matter=row, year=year).first()
    names = (
        "name",
        "alias",
        "authority",
        "basis",
        "from_month",
        "from_day",
        "to_month",
        "to_day",
        "remind_days",
        "status",
    )
    return StatutoryOut(
        id=row.pk, opens_on=opens, last_on=last, filed_on=filing.filed_on if filing else None, url=row.get_absolute_url(),
        **{name: getattr(row, name) for name in names},
    )  # fmt: skip


def _contact(call: Call, row: OutsideContact) -> OutsideContactOut:
    names = ("kind", "organisation", "name", "title", "matters", "status")
    phone = row.phone if call.actor.holds(*may.KEEPERS) else row.masked_phone
    return OutsideContactOut(
        id=row.pk, phone=phone or "", url=row.get_absolute_url(), **{name: getattr(row, name) for name in names}
    )


def _finds(model: Any, permission: Any) -> Any:
    def find(call: Call) -> Any:
        found = call.one(model.objects.visible_to(call.actor), pk=call.path["key"])
        call.check(permission, found)
        return found

    return find


def _file(given: Input) -> Any:
    actions.file_matter(given.target, by=given.call.actor, at=given.call.at, **given.params)
    return given.target


def attach_to(router: Router) -> None:
    """Declare the operations on the router of administration."""
    for path, noun, plural, model, page, read, form, act, steps, out, show, words in (
        ("/statutory-matters", "statutory_matter", "statutory_matters", StatutoryDate, Calendar, may.read_calendar, StatutoryForm, actions.add_statutory, STATUTORY_FORMS, StatutoryOut, _matter, (_("法定事项日历"), _("一项法定事项"), _("增加法定事项"))),
        ("/outside-contacts", "outside_contact", "outside_contacts", OutsideContact, ContactList, may.read_contacts, ContactForm, actions.note_contact, CONTACT_FORMS, OutsideContactOut, _contact, (_("对外联系人"), _("一位联系人"), _("登记联系人"))),
    ):  # fmt: skip
        find = _finds(model, read)
        lists(router, path, id=plural, summary=words[0], page=page, line=show, out=out, about=CALENDAR)
        creates(
            router, path, id=f"make_{noun}", summary=words[2], form=form, act=making(act), show=show, out=out, permission=may.keep_files,
            about=CALENDAR,
        )  # fmt: skip
        one = f"{path}/{{key}}"
        reads(router, one, id=noun, summary=words[1], give=_giving(show, find), out=out, about=CALENDAR)
        transitions(router, one, model=model, noun=noun, forms_of=steps, find=find, show=show, out=out)
    writes(
        router, "/statutory-matters/{key}/filings", id="file_statutory_matter", summary=_("登记办理记录"),
        find=_finds(StatutoryDate, may.read_calendar), refuse=may.keep_files, form=FilingForm, act=_file, show=_matter, out=StatutoryOut,
        about=CALENDAR,
    )  # fmt: skip


def _giving(show: Any, find: Any) -> Any:
    return lambda call: show(call, find(call))
