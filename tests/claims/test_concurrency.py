"""Several people at the same instant: one wins, the other is told, and the sums hold."""

import threading
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import connection

from tests.houses import MONDAY, House
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event
from zhangfa.audit.seals import verify
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.decisions import Refused
from zhangfa.records.models import NumberSeries, Record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> House:
    return House()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; gives each result or the refusal codes."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait(20)
            results[index] = call()
        except Refused as refused:
            results[index] = {refusal.code for refusal in refused.refusals}
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed := [result for result in results if isinstance(result, Exception)]:
        raise failed[0]
    return results


@pytest.mark.clause("CC-W1.5")
def test_two_decisions_at_once_have_one_effect(house):
    case = house.to_assessed(house.report())
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    settlement = house.propose(case, "1800")
    dgm = house.actor("dgm")
    results = at_once(
        lambda: actions.agree(settlement, by=dgm, at=MONDAY),
        lambda: actions.send_back(settlement, by=dgm, at=MONDAY, opinion="请重新核价"),
    )
    assert sum(isinstance(result, set) for result in results) == 1
    assert {"status"} in results
    assert Step.objects.exclude(state="waiting").count() == 1
    assert Event.objects.filter(name__in=["claims.settlement.approved", "claims.settlement.returned"]).count() == 1
    assert list(verify()) == []


@pytest.mark.clause("CC-W1.5")
def test_two_settlements_of_one_customer_at_the_same_instant_are_summed(house):
    cases = [house.to_assessed(house.report("900"), price="900") for _n in range(2)]
    for case in cases:
        actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    facts = {"methods": ["cash"], "cash_amount": D(900), "in_kind_amount": D(0)}
    people = [house.actor(house.handler_of(case)) for case in cases]
    at_once(
        lambda: actions.propose(cases[0], by=people[0], at=MONDAY, **facts),
        lambda: actions.propose(cases[1], by=people[1], at=MONDAY, **facts),
    )
    found = sorted(Settlement.objects.values_list("authority", flat=True))
    assert found == ["cc", "dgm"]


@pytest.mark.clause("X-3")
def test_numbers_have_no_gaps_under_pressure(house):
    reports = [lambda: house.report("100") for _n in range(4)]
    at_once(*reports)
    numbers = sorted(Record.objects.filter(form_code="SG").values_list("number", flat=True))
    assert numbers == [f"SG-20260302-{n:03}" for n in range(1, 5)]
    assert NumberSeries.objects.get(form_code="SG").last == 4


@pytest.mark.clause("CC-W1.1")
def test_an_alert_is_acknowledged_once(house):
    case = house.report()
    by = house.actor(house.handler_of(case))
    results = at_once(*[lambda: actions.acknowledge(case, by=by, at=MONDAY)] * 2)
    assert sum(isinstance(result, set) for result in results) == 1
    assert Event.objects.filter(name="claims.case.acknowledged").count() == 1
    assert Case.objects.get(pk=case.pk).status == "accepted"
