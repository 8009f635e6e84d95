"""Who may see and change the chart; each is a `permit`: refusals, nothing yielded means allowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.rules import CHART_POSTS, CLAUSE
from zhangfa.ui.registry import Slot


def read_chart(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody who works here may see who answers for what; so may the technical administrator."""
    if not (by.is_system or by.person_id is not None or by.is_technical):
        yield Refusal("chart.read", _("请先登录。"), clause=CLAUSE)


def edit_chart(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration, HR and the GM keep the chart; the technical administrator may, too."""
    if not (by.is_system or by.is_technical or by.holds(*CHART_POSTS)):
        yield Refusal("chart.edit", _("组织机构由行政部、人事和总经理维护。"), clause=CLAUSE, who=CHART_POSTS)


# Lent by whoever keeps the chart as versions: why units and seats can't be changed here and now.
by_revision: Slot = Slot(lambda by, at: ())


def edit_structure(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Units and seats: by those who keep the chart while it is set up, afterwards only by a revision that was approved (AM-D1)."""
    yield from edit_chart(obj, by=by, at=at)
    if not (by.is_system or _from_books.get()):
        yield from by_revision(by, at)


_from_books: ContextVar[bool] = ContextVar("from_books", default=False)


@contextmanager
def from_books() -> Iterator[None]:
    """Units and seats that come in with a workbook are set-up, however many versions of the chart there are."""
    token = _from_books.set(True)
    try:
        yield
    finally:
        _from_books.reset(token)


def read_people(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The list of people is for the staff; a worker opens their own page and finds superiors on the chart."""
    if obj is not None and by.person_id is not None and getattr(obj, "pk", None) == by.person_id:
        return
    if not (by.is_system or by.is_technical or by.grade >= 20 or any(seat.grade >= 20 for seat in by.seats)):
        yield Refusal("people.read", _("人员名单只对职员开放。"), clause=CLAUSE)


def edit_people(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not (by.is_system or by.is_technical or by.holds(*CHART_POSTS)):
        yield Refusal("people.edit", _("人员由行政部和人事登记。"), clause=CLAUSE, who=CHART_POSTS)


def reveal_phone(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """A person's number: their own, or for the staff with a reason that is kept."""
    if by.is_technical and by.person_id is None:
        yield Refusal("people.reveal", _("系统管理员不查看个人信息。"), clause=CLAUSE)
    elif not (obj is not None and by.person_id == obj.pk):
        yield from read_people(obj, by=by, at=at)


def set_absence(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Everybody for themselves; administration and HR for others. `obj` is the person who is away, or their absence."""
    person_id = getattr(obj, "person_id", None) or getattr(obj, "pk", None)
    if by.is_system or by.is_technical or by.holds(*CHART_POSTS):
        return
    if by.person_id is None or (person_id is not None and person_id != by.person_id):
        yield Refusal(
            "absence.others", _("只能登记自己的离岗；他人的由行政部或人事登记。"), clause=CLAUSE, who=CHART_POSTS
        )


def read_absences(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The list shows one's own; those who keep the chart see all."""
    if not (by.is_system or by.is_technical or by.person_id is not None):
        yield Refusal("absence.read", _("请先登录。"), clause=CLAUSE)


def announce_own_absence(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if by.person_id is None:
        yield Refusal("absence.nobody", _("这个账号不属于任何人，请在人员页面登记。"), clause=CLAUSE)


def manage_users(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Logins are the technical administrator's alone, who sees no record."""
    if not (by.is_system or by.is_technical):
        yield Refusal("users.edit", _("登录账号由系统管理员维护。"), clause=CLAUSE)


def edit_company(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    if not (by.is_system or by.is_technical or by.holds("gm")):
        yield Refusal("company.edit", _("公司设置由总经理或系统管理员修改。"), clause=CLAUSE, who=("gm",))
