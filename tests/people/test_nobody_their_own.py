"""Whatever changes between request and decision, nobody ever decides their own leave (AM-W4.1, X-5)."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.houses import MONDAY, House
from zhangfa.approvals.actions import decide, escalate
from zhangfa.approvals.models import Step
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import actor_for_person, system_actor
from zhangfa.organisation.models import Absence, Holding
from zhangfa.people import actions

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W4.1")]
HOUR = dt.timedelta(hours=1)
NAMES = ("oa", "oa2", "sup", "hs", "dgm", "gm", "am", "cs", "cm", "op", "ops")
DECIDING = ("sup", "hs", "dgm", "gm", "ops", "cs")
names, seats = st.sampled_from(NAMES), st.sampled_from(DECIDING)
MOVES = st.one_of(
    st.tuples(st.just("away"), names, st.one_of(st.none(), names)),
    st.tuples(st.just("moves"), names, seats),
    st.tuples(st.just("second"), names, st.none()),
    st.tuples(st.just("escalate"), st.none(), st.none()),
)


def move(house, what, who, other, number, step):
    day = MONDAY.date()
    if what == "away" and other != who:
        delegate = house.people[other] if other else None
        Absence.objects.create(
            person=house.people[who], from_at=MONDAY - HOUR, to_at=MONDAY + 900 * HOUR, delegate=delegate
        )
    elif what == "moves":
        Holding.objects.filter(seat=house.seats[other], to_on=None).update(to_on=day - dt.timedelta(days=1))
        Holding.objects.create(person=house.people[who], seat=house.seats[other], from_on=day)
    elif what == "second":
        house.name_second_decider(who)
    elif what == "escalate" and step is not None:
        at = MONDAY + (number + 1) * HOUR
        escalate(step.pk, by=system_actor("approvals", at), at=at)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    names,
    st.sampled_from(("personal", "sick")),
    st.integers(0, 6),
    st.lists(MOVES, max_size=3),
    st.lists(MOVES, max_size=4),
)
def test_nobody_ever_decides_their_own(db, who, kind, days, before, after):
    with transaction.atomic():
        house = House()
        for number, one in enumerate(before):
            move(house, *one, number, None)
        applicant, start = house.people[who], dt.date(2026, 4, 6)
        facts = {"kind": kind, "from_on": start, "to_on": start + dt.timedelta(days=days), "reason": "家里有事"}
        try:
            leave = actions.ask(**facts, by=actor_for_person(applicant, MONDAY), at=MONDAY)
        except Refused:
            transaction.set_rollback(True)
            return
        step = Step.objects.get(record_id=leave.pk)
        for number, one in enumerate(after):
            move(house, *one, number, step)
        at = MONDAY + 9 * HOUR
        for person in (applicant, *house.people.values()):
            actor = actor_for_person(person, at)
            try:
                with transaction.atomic():
                    decide(Step.objects.get(pk=step.pk), by=actor, at=at, result="agree")
            except Refused:
                continue
        step = Step.objects.get(pk=step.pk)
        assert applicant.pk not in (step.decided_by_id, step.principal_id)
        assert not step.is_waiting or step.decided_by_id is None
        transaction.set_rollback(True)
