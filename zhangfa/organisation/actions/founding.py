"""Founding: an empty company with its first administrator (`zhangfa init`)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhangfa.core import clock, crypto
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.work import work
from zhangfa.organisation import calendar
from zhangfa.organisation.actions import holdings, people, seats, units, users
from zhangfa.organisation.actions.chart import tell
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Company, Person, Post, Unit, User
from zhangfa.organisation.rules import CLAUSE


@dataclass(frozen=True)
class Founded:
    company: Company
    root: Unit
    administrator: User
    manager: Person | None
    second_decider: Person | None


def found(
    *, name: str, administrator: str, password: str, at: dt.datetime, name_en: str = "", preset: str = "ningbo", manager_name: str = "",
    manager_username: str = "", second_decider_name: str = "",
) -> Founded:  # fmt: skip
    """Write the company, its head office, the posts of the handbook and the technical administrator.

    With `manager_name` also the administration department with its manager, who keeps the chart and has an own login
    (`manager_username`, same first password); with `second_decider_name` the person whom the policy then names.
    Raises `Refused` where a company already stands.
    """
    by = system_actor("init", at)
    today = clock.local_date(at)
    # The keys for personal data are made now, so that the first backup already has them.
    crypto.ring()
    with work():
        if Company.objects.exists():
            demand([Refusal("company.exists", _("公司已经建立，不能再次初始化。"), clause=CLAUSE)])
        seats.install_posts()
        calendar.seed(range(today.year - 1, today.year + 2), at=at)
        company = Company.objects.create(name=name, name_en=name_en, preset=preset)
        tell("company.founded", company, _("建立公司"), by=by, at=at, codes={"preset": preset}, values={"name": name})
        root = units.create(
            kind=Unit.Kind.COMPANY, code="HQ", name=name[:60], name_en=name_en[:80], parent=None, by=by, at=at
        )
        head = seats.add(post=Post.objects.get(pk="gm"), unit=root, reports_to=None, by=by, at=at)
        login = users.create(
            username=administrator, password=password, is_technical=True, is_own_choice=True, by=by, at=at
        )
        manager = None
        if manager_name:
            office = units.create(
                kind=Unit.Kind.DEPARTMENT, code="AM", name="行政部", name_en="Administration", parent=root, by=by, at=at
            )
            seat = seats.add(post=Post.objects.get(pk="am"), unit=office, reports_to=head, by=by, at=at)
            manager = people.add(no="Z00001", name=manager_name, by=by, at=at)
            holdings.hold(person=manager, seat=seat, from_on=today, by=by, at=at)
            users.create(username=manager_username or "am", password=password, person=manager, by=by, at=at)
        second = people.add(no="Z00002", name=second_decider_name, by=by, at=at) if second_decider_name else None
    return Founded(company, root, login, manager, second)
