"""A case is found by its number, and by the number of the paper that somebody holds in their hand (X-3)."""

import pytest

from tests.claims import stages
from tests.claims.pages import Desk
from zhangfa.claims.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-3")]


@pytest.mark.postgres
def test_each_paper_of_a_case_leads_to_it(house):
    made = stages.settlement(house, "accepted")
    made = stages.signed(house, stages.actions.fill_form(
        made, by=house.actor(house.handler_of(made.case)), at=stages.MONDAY, **stages.form()
    ))  # fmt: skip
    stages.outlet_accident(house, "registered")
    case = Case.objects.get(pk=made.case_id)
    numbers = [case.record.number, case.survey.record.number, made.record.number]
    assert [number[:3] for number in numbers] == ["SG-", "F10", "F11"]
    for number in [*numbers, *map(str.lower, numbers)]:
        assert list(Case.objects.search(number)) == [case], number
    assert not Case.objects.search("F11-20260302-999")


def test_the_search_and_the_list_know_it_and_a_stranger_finds_nothing(house):
    made = stages.settlement(house, "paid")
    number, address = made.record.number, made.case.get_absolute_url()
    assert address in Desk(house, "cs").text(f"/search/?q={number}")
    assert made.get_absolute_url() in Desk(house, "fin").text(f"/settlements/?q={number}")
    assert address not in Desk(house, "mk").text(f"/search/?q={number}")
