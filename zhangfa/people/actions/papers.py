"""Entering a worker's papers, and taking back what was entered wrongly."""

from __future__ import annotations

import datetime as dt

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person
from zhangfa.people.models import Certificate
from zhangfa.people.permissions import keep_papers
from zhangfa.people.queries import outlet_of
from zhangfa.people.rules import CLAUSE, refuse_paper


def add_paper(
    *, person: Person, kind: str, number: str, valid_from: dt.date, valid_to: dt.date | None = None, issuer: str = "",
    is_passed: bool = True, category: str = "", by: Actor, at: dt.datetime,
) -> Certificate:  # fmt: skip
    """Enter a paper (HS-W3); an older one of the same kind stays as history."""
    with work():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        unit = outlet_of(person.pk, at)
        if unit is None:
            raise Refused([Refusal("paper.seat", _("这个人现在没有任职。"), {}, CLAUSE, "person")])
        row = Certificate(
            person=person, unit=unit, department_id=unit.department_id, kind=kind, number=number, issuer=issuer, is_passed=is_passed,
            category=category if kind == Certificate.Kind.SKILL else "", valid_from=valid_from, valid_to=valid_to,
            made_by_id=by.person_id, made_at=at,
        )  # fmt: skip
        demand(keep_papers(row, by=by, at=at))
        same = Certificate.objects.standing().filter(person=person, kind=kind, number=number, valid_from=valid_from)
        demand(
            refuse_paper(
                kind=kind, valid_from=valid_from, valid_to=valid_to, today=clock.local_date(at), is_passed=is_passed, category=category,
                is_known=same.exists(),
            )
        )  # fmt: skip
        row.save(force_insert=True)
        _tell(row, "added", _("登记证件"), by=by, at=at)
    return row


def void_paper(row: Certificate, *, reason: str, by: Actor, at: dt.datetime) -> Certificate:
    """Take back a paper that was entered wrongly; it stays visible as void."""
    with work():
        # As whoever is sent out is looked at: a dispatch sees the paper gone, or is over before it goes.
        Person.objects.select_for_update(no_key=True).get(pk=row.person_id)
        row = Certificate.objects.select_for_update().get(pk=row.pk)
        demand(keep_papers(row, by=by, at=at))
        if row.voided_at is not None:
            raise Refused([Refusal("paper.void", _("这份证件已经作废。"), {}, CLAUSE)])
        row.voided_at = at
        row.save(update_fields=["voided_at"])
        _tell(row, "voided", _("作废证件"), by=by, at=at, reason=reason)
    return row


def _tell(row: Certificate, verb: str, label: str, *, by: Actor, at: dt.datetime, reason: str = "") -> None:
    codes = {"person": row.person_id, "kind": row.kind, "valid_to": row.valid_to, "is_passed": row.is_passed}
    values = {"number": row.number, **({"reason": reason} if reason else {})}
    announce(f"people.certificate.{verb}", row, by=by, at=at, label=label, codes=codes, values=values, clause=CLAUSE)
