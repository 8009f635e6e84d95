"""Two who write the next version of one regulation at one instant: one has it, the other is told who."""

import pytest

from tests.houses import House
from tests.regulations.stages import drafted, in_force
from tests.turns import one_is_refused
from zhangfa.regulations.models import Regulation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("AM-W2")]


def test_the_next_version_is_begun_once():
    house = House()
    first = in_force(house)
    refused = one_is_refused(
        "regulation.waiting",
        lambda: drafted(house, "cc", revises=first),
        lambda: drafted(house, "hs", revises=first),
    )
    second = Regulation.objects.get(edition=2)
    assert refused.params == {"number": second.record.number, "name": second.drafted_by.shown_name}
