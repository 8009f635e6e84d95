"""My duties and the catalogue, in both languages."""

import pytest

from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.duties import actions

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


def test_a_superior_sees_what_is_overdue_below(house, client):
    actions.generate(MONDAY)
    client.force_login(house.user("cs"))
    with clock.at(MONDAY.replace(hour=13)):
        page = client.get("/duties/").content.decode()
    assert "下属逾期" in page
    assert "人cc" in page
