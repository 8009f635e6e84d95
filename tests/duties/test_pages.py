"""My duties and the catalogue, in both languages."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.duties import actions
from zhangfa.duties.web import views

pytestmark = pytest.mark.clause("X-1")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages(house, client, language):
    actions.generate(MONDAY)
    client.force_login(house.user("cc"))
    client.cookies["language"] = language
    with clock.at(MONDAY):
        mine = client.get("/duties/").content.decode()
        catalogue = client.get("/duties/catalogue/").content.decode()
        bench = client.get("/").content.decode()
    name = "上周事故与投诉的改进意见汇总" if language == "zh-hans" else "Hand in last week"
    for page in (mine, catalogue, bench):
        assert name in page
    assert "CC-D1" in mine
    assert "D-CC-11" in catalogue


def test_the_catalogue_is_narrowed_to_a_post(house, client):
    client.force_login(house.user("cc"))
    with clock.at(MONDAY):
        page = client.get("/duties/catalogue/?post=cc").content.decode()
        everything = client.get("/duties/catalogue/?post=nobody").content.decode()
    assert "D-CC-05" in page and "D-AM-01" not in page and 'value="cc" selected' in page
    assert "D-AM-01" in everything


def test_a_superior_sees_what_is_overdue_below(house, client):
    actions.generate(MONDAY)
    client.force_login(house.user("cs"))
    with clock.at(MONDAY.replace(hour=13)):
        page = client.get("/duties/").content.decode()
    assert "下属逾期" in page
    assert "人cc" in page


def test_the_page_names_the_most_urgent_and_leads_to_the_rest(house, client, monkeypatch):
    """A manager of many owes and oversees hundreds: the page stays short, the list with its filters has them all."""
    monkeypatch.setattr(views, "MOST_URGENT", 1)
    for week in range(2):
        actions.generate(MONDAY + dt.timedelta(weeks=week))
    later = MONDAY + dt.timedelta(weeks=3)
    specialist, manager = house.user("cc"), house.user("cs")
    with clock.at(later):
        client.force_login(specialist)
        mine = client.get("/duties/").content.decode()
        assert "只列最急的 1 项" in mine and f"/duties/occurrences/?person={specialist.person_id}&amp;sort=old" in mine
        client.force_login(manager)
        below = client.get("/duties/").content.decode()
        assert "/duties/occurrences/?stands=missed&amp;sort=old" in below
        assert client.get("/duties/occurrences/?stands=missed&sort=old").status_code == 200
