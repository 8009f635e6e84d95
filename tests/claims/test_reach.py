"""Who sees which case: the page of one, the list of all and the count of a list agree."""

import pytest

from tests.houses import House
from zhangfa.claims.models import Case
from zhangfa.claims.models.reach import seen
from zhangfa.ui.paging import bounded_count

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.clause("CC-D3")
def test_everybody_sees_the_same_cases_by_the_page_and_by_the_list(house: House):
    cases = {house.report("1800").pk, house.report("90").pk}
    sights = set()
    for name in sorted(house.people):
        actor = house.actor(name)
        visible = set(Case.objects.visible_to(actor).values_list("pk", flat=True)) & cases
        assert {pk for pk in cases if seen(Case.objects, pk, actor, ("record", "unit"))} == visible, name
        sights.add(len(visible))
    assert {0, 2} <= sights


def test_a_list_of_several_branches_counts_each_row_once(house: House, django_assert_num_queries):
    for _time in range(3):
        house.report("1800")
    actor = house.actor("oa")
    branches = Case.objects.branches(actor)
    assert len(branches) > 1
    many = Case.objects.visible_to(actor).count()
    with django_assert_num_queries(1):
        assert bounded_count(branches, 500) == (many, True)
    assert bounded_count([Case.objects.none(), *branches, *branches], 500) == (many, True)
    assert bounded_count([Case.objects.none(), Case.objects.none()], 500) == (0, True)
    assert bounded_count(branches, 2) == (2, False)
