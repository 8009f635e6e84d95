"""`zhangfa explain case`: who decides at every figure, a cent below and a cent above, with every figure that was compared."""

import json

import pytest

from tests.claims import stages
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.web.explain import stored
from zhangfa.policy.explain import explain_command

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W1.5"), pytest.mark.clause("X-2")]
INTAKE, OUTLET, REVIEW = "claims.outlet_max_estimate", "claims.outlet_settles_below", "claims.specialist_min"
ALONE, PLAN, DAYS = "claims.specialist_max", "claims.manager_max", "claims.aggregate_days"
TABLE = [
    ("estimate=0", "oa", [INTAKE]), ("estimate=499.99", "oa", [INTAKE]), ("estimate=500", "cc", [INTAKE]), ("estimate=500.01", "cc", [INTAKE]),
    ("settlement=0", "cc", [ALONE]), ("settlement=150", "cc", [ALONE]), ("settlement=199.99", "cc", [ALONE]), ("settlement=200", "cc", [ALONE]),
    ("settlement=999.99", "cc", [ALONE]), ("settlement=1000", "cc", [ALONE]), ("settlement=1000.01", "cs", [ALONE, PLAN]),
    ("settlement=1250", "cs", [ALONE, PLAN]), ("settlement=1499.99", "cs", [ALONE, PLAN]), ("settlement=1500", "cs", [ALONE, PLAN]),
    ("settlement=1500.01", "dgm", [PLAN]),
    ("handled_by=outlet settlement=199.99", "oa", [OUTLET]), ("handled_by=outlet settlement=200", "oa", [OUTLET, REVIEW]),
    ("handled_by=outlet settlement=200.01", "oa", [OUTLET, REVIEW]), ("handled_by=outlet settlement=499.99", "oa", [OUTLET, REVIEW]),
    ("handled_by=outlet settlement=500", "cc", [OUTLET, ALONE]), ("handled_by=outlet settlement=500.01", "cc", [OUTLET, ALONE]),
    ("handled_by=outlet settlement=1000", "cc", [OUTLET, ALONE]), ("handled_by=outlet settlement=1000.01", "cs", [OUTLET, ALONE, PLAN]),
    ("handled_by=outlet settlement=1500.01", "dgm", [OUTLET, PLAN]), ("handled_by=specialist settlement=499.99", "cc", [ALONE]),
    ("settlement=700 event_total=1600", "dgm", [PLAN]), ("settlement=700 event_total=1500", "cs", [ALONE, PLAN]),
    ("settlement=100 customer_total=1000", "cc", [ALONE, DAYS]), ("settlement=100 customer_total=1000.01", "cs", [ALONE, PLAN, DAYS]),
    ("handled_by=outlet settlement=100 customer_total=500", "cc", [OUTLET, ALONE, DAYS]),
    ("handled_by=outlet settlement=100 event_total=499.99", "oa", [OUTLET]), ("settlement=600 event_total=300", "cc", [ALONE]),
]  # fmt: skip


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(("line", "authority", "keys"), TABLE, ids=[row[0] for row in TABLE])
def test_at_every_figure(capsys, line, authority, keys):
    assert explain_command(["case", *line.split(), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["authority"], [figure["key"] for figure in found["policy"]]) == (authority, keys)
    for figure in found["policy"]:
        # What is named is said: a figure in the list stands in the sentence too.
        shown = figure["value"].removesuffix(".00")
        assert all(shown in words.replace(",", "") for words in found["why"].values()), (figure, found["why"])


def test_a_decided_plan_names_both_bounds_of_its_band(house):
    case = actions.confirm_survey(stages.accident(house, "assessed"), by=house.actor("oa"), at=MONDAY)
    plan = house.propose(case, "1200")
    found = stored(plan)
    assert plan.facts["keys"] == [ALONE, PLAN] and len(found.values) == 2
    assert "超过 1,000 元、不超过 1,500 元" in found.why[0]
