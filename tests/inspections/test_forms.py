"""The weekly look at forms and the patterns in cases: counted, explained, judged by somebody else (HS-W1.9, CC-D7)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.claims import patterns
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions as archive
from zhangfa.inspections import actions, registry
from zhangfa.inspections.models import Finding, PatternNote, Tally
from zhangfa.inspections.registrations import todo
from zhangfa.notices.models import Notice
from zhangfa.organisation.actor import system_actor

pytestmark = [pytest.mark.django_db]
WEEK, LATER = MONDAY.date(), MONDAY + dt.timedelta(days=7)
TEXT = "客户家里有老人和一只猫，厨房油烟较重，下次要带强力清洁剂和长柄刷"


@pytest.fixture
def copied(house):
    for n in range(3):
        customer = house.make_customer(f"邻居{n}")
        house.make_order(customer)
        archive.write_entry(customer, served_on=WEEK, observation=TEXT, by=house.actor("oa"), at=MONDAY)
    actions.draw_week(WEEK, by=system_actor("inspections", LATER), at=LATER)
    return Finding.objects.get(kind="copied")


@pytest.mark.clause("HS-W1.9")
def test_copied_entries_are_counted_once_with_each_of_them_shown(house, copied):
    assert (copied.person, copied.count, len(copied.evidence)) == (house.people["oa"], 3, 3)
    assert Tally.objects.get(source="entries").forms == 3
    assert actions.draw_week(WEEK, by=system_actor("inspections", LATER), at=LATER) == 0
    assert Notice.objects.filter(code="inspections.finding").count() == 1


@pytest.mark.clause("HS-W1.9")
def test_the_person_explains_and_somebody_else_looks(house, copied):
    with pytest.raises(Refused):
        actions.contest(copied, text="确实相同", by=house.actor("hs"), at=LATER)
    row = actions.contest(copied, text="三家同一户型，情况确实相同", by=house.actor("oa"), at=LATER)
    # It waits for the head of the department and for administration, and for nobody else.
    waits = {
        who for who in ("oa", "hs", "ls", "am", "cs") if copied.get_absolute_url() in str(todo(house.actor(who), LATER))
    }
    assert waits == {"hs", "am"}
    with pytest.raises(Refused):
        actions.clear(row, ruling="情况相同，排除", by=house.actor("oa"), at=LATER)
    with pytest.raises(Refused):
        actions.clear(row, ruling="情况相同，排除", by=house.actor("ls"), at=LATER)
    assert actions.clear(row, ruling="情况相同，排除", by=house.actor("hs"), at=LATER).status == "cleared"
    assert copied.get_absolute_url() not in str(todo(house.actor("hs"), LATER))


@pytest.mark.clause("HS-W1.9")
def test_the_page_shows_the_evidence_to_those_whom_it_concerns(client, house, copied):
    for who, sees in (("oa", 200), ("hs", 200), ("am", 200), ("oa2", 404), ("cs", 404)):
        client.force_login(house.user(who))
        answer = client.get(copied.get_absolute_url())
        assert answer.status_code == sees, who
        assert sees == 404 or copied.evidence[0]["number"] in answer.content.decode()
    client.force_login(house.user("hs"))
    assert "客户档案登记表" in client.get("/inspections/forms/completeness/").content.decode()


@pytest.mark.clause("CC-D7")
def test_patterns_are_counts_for_the_manager_who_notes_what_was_looked_at(client, house):
    # Two specialists take turns: three of the five are with one of them.
    for n in range(5):
        customer = house.make_customer(f"客户{n}")
        case = house.to_assessed(house.report("950", customer=customer, order=house.make_order(customer)), price="950")
        house.propose(case, "950")
    with clock.at(MONDAY + dt.timedelta(days=1)):
        found = patterns.under(clock.now())
        assert [(p.count, len(p.lines)) for p in found if "1,000" in str(p.title)][:1] == [(3, 3)]
        client.force_login(house.user("cs"))
        text = client.get("/inspections/patterns/").content.decode()
        assert "接近审批上限的理赔" in text and found[0].lines[0][0] in text
        given = {"key": found[0].key, "text": "三件都有两处价格来源，属实"}
        assert client.post("/inspections/patterns/", given).status_code == 303
        assert PatternNote.objects.get().key == found[0].key
        assert "三件都有两处价格来源" in client.get("/inspections/patterns/").content.decode()
        for who in ("cc", "am", "hs", "oa"):
            client.force_login(house.user(who))
            assert client.get("/inspections/patterns/").status_code == 403


@pytest.mark.clause("CC-D7")
def test_of_the_most_frequent_the_page_shows_the_first_settlements(house, monkeypatch):
    monkeypatch.setattr(patterns, "MOST_LINES", 2)
    for n in range(6):
        customer = house.make_customer(f"客户{n}")
        case = house.to_assessed(house.report("950", customer=customer, order=house.make_order(customer)), price="950")
        house.propose(case, "950")
    found = [p for p in patterns.under(MONDAY) if "1,000" in str(p.title)]
    assert found and {(p.count, len(p.lines), p.unlisted) for p in found} == {(3, 2, 1)}


@pytest.mark.clause("CC-D7")
def test_nothing_below_the_count_is_listed(house):
    case = house.to_assessed(house.report("950"), price="950")
    house.propose(case, "950")
    assert patterns.under(MONDAY) == [] and patterns.pairs(MONDAY) == []
    assert {source.key for source in registry.form_sources()} >= {"entries", "services", "revisits", "surveys"}
