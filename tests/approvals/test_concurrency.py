"""Two deciders at the same moment: one wins, the other is told."""

import pytest

from tests.approvals.papers import ask
from tests.houses import MONDAY, House
from tests.runtime.test_concurrency import together
from zhangfa.approvals import actions
from zhangfa.approvals.models import Step
from zhangfa.core.decisions import Refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("X-5")
def test_two_deciders_at_once():
    house = House()
    from zhangfa.organisation.models import Holding

    Holding.objects.create(person=house.people["mk"], seat=house.seats["cs"], from_on=MONDAY.date())
    step = ask(house)
    actors = [house.actor("cs"), house.actor("mk")]
    results = ["agree", "return"]

    outcomes = together(
        lambda n: actions.decide(step, by=actors[n], at=MONDAY, result=results[n], opinion="金额没有凭据"), count=2
    )
    refused = [o for o in outcomes if isinstance(o, Refused)]
    won = [o for o in outcomes if isinstance(o, Step)]
    assert (len(won), len(refused)) == (1, 1)
    assert refused[0].refusals[0].code == "approvals.decided"
    assert Step.objects.get().state == won[0].state
