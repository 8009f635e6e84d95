"""Two people change the chart at the same instant: they take turns, and no loop slips between."""

import threading

import pytest
from django.db import connection

from tests.houses import MONDAY, House
from zhangfa.core.decisions import Refused
from zhangfa.organisation import queries
from zhangfa.organisation.actions import holdings, people, seats
from zhangfa.organisation.models import Holding, Post, Seat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("X-5")]


def at_once(*calls):
    start, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(n, call):
        start.wait()
        try:
            outcomes[n] = call()
        except Refused as refused:
            outcomes[n] = refused.refusals[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_successors_for_one_seat():
    house = House()
    by = house.actor("am")
    seat = seats.add(
        post=Post.objects.get(pk="cm"), unit=house.units["service"], reports_to=house.seats["cs"], by=by, at=MONDAY
    )
    first, second = (people.add(no=f"N{n}", name=f"候选{n}", by=by, at=MONDAY) for n in (1, 2))
    outcomes = at_once(
        *(
            lambda p=p: holdings.hold(person=p, seat=seat, from_on=MONDAY.date(), by=by, at=MONDAY)
            for p in (first, second)
        )
    )
    assert outcomes.count("holding.taken") == 1 and Holding.objects.filter(seat=seat).count() == 1


def test_two_changes_that_together_would_go_round():
    house = House()
    by = house.actor("am")
    # Same unit, three rungs: each change alone is fine, both together would be a circle.
    Post.objects.filter(pk="cm").update(grade=20)
    low, middle = house.seats["cm"], house.seats["cc"]
    Post.objects.filter(pk="cc").update(grade=30)
    outcomes = at_once(
        lambda: seats.set_superior(
            low, reports_to=Seat.objects.select_related("post").get(pk=middle.pk), by=by, at=MONDAY
        ),
        lambda: seats.set_superior(
            middle, reports_to=Seat.objects.select_related("post").get(pk=low.pk), by=by, at=MONDAY
        ),
    )
    assert sum(isinstance(outcome, str) for outcome in outcomes) >= 1
    assert not [problem for problem in queries.chain_problems(MONDAY) if problem.code == "reporting_loop"]
