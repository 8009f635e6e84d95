"""The bell and the list behind it."""

import pytest

from tests.houses import MONDAY
from zhangfa.notices import actions, registry
from zhangfa.notices.models import Notice

registry.text("test.told", "编号 %(number)s 有变化。")


@pytest.fixture
def reader(house, client):
    client.force_login(house.user("cc"))
    return client


def test_the_list_shows_mine_and_a_click_reads_and_opens(house, reader):
    actions.notify(
        [house.people["cc"].pk], "test.told", {"number": "F10-1"}, at=MONDAY, url="/duties/", clause="CC-W1.1"
    )
    actions.notify([house.people["cs"].pk], "test.told", {"number": "F10-2"}, at=MONDAY)
    page = reader.get("/notices/").content.decode()
    assert "F10-1" in page
    assert "F10-2" not in page
    mine, other = Notice.objects.order_by("pk")
    answer = reader.post(f"/notices/{mine.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, "/duties/")
    assert reader.post(f"/notices/{other.pk}/").status_code == 404
    mine.refresh_from_db()
    assert mine.read_at is not None


def test_a_notice_never_leads_out_of_the_house(house, reader):
    actions.notify([house.people["cc"].pk], "test.told", {"number": 1}, at=MONDAY, url="https://elsewhere.example/")
    assert reader.post(f"/notices/{Notice.objects.get().pk}/")["Location"] == "/notices/"


def test_reading_all_and_paging(house, reader):
    for number in range(35):
        actions.notify([house.people["cc"].pk], "test.told", {"number": number}, at=MONDAY)
    page = reader.get("/notices/").content.decode()
    assert "更早的通知" in page
    oldest_shown = Notice.objects.order_by("-pk")[29].pk
    assert "编号 0 " in reader.get(f"/notices/?before={oldest_shown}").content.decode()
    for nonsense in ("x", "-1", "9" * 30, "１"):
        assert reader.get(f"/notices/?before={nonsense}").status_code == 200
        assert reader.post("/notices/read/", {"newest": nonsense}).status_code == 303
    assert Notice.objects.filter(read_at=None).count() == 35
    reader.post("/notices/read/", {"newest": Notice.objects.latest("pk").pk})
    assert not Notice.objects.filter(read_at=None).exists()


def test_an_empty_list_says_what_comes(reader):
    assert "没有通知" in reader.get("/notices/").content.decode()
