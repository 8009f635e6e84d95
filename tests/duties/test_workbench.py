"""The workbench: what is most at stake first and why, answered with two taps under the same rules; the plan of the post."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY
from zhangfa.approvals.models import Step
from zhangfa.claims import actions as claims
from zhangfa.core import clock
from zhangfa.records.actions import send_copies
from zhangfa.records.models import Copy
from zhangfa.runtime import worker
from zhangfa.ui import stakes
from zhangfa.ui.registry import Item

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.clause("X-4")


def item(title, days=None, **more):
    return Item(title, f"/{title}/", due_at=None if days is None else MONDAY + days * DAY, **more)


def test_gone_up_then_late_then_today_then_money_then_the_nearer_day():
    rows = [
        item("无期限"), item("后天", 2), item("后天有钱", 3, amount=Decimal(500)), item("今天", 0), item("逾期", -1),
        item("逾期有钱", -0.5, amount=Decimal(2000)), item("已上报", -0.2, rung=1), item("上报两级", -0.1, rung=2),
    ]  # fmt: skip
    ordered = sorted(rows, key=lambda row: stakes.stake(row, MONDAY).key)
    assert [row.title for row in ordered] == [
        "上报两级", "已上报", "逾期有钱", "逾期", "今天", "后天有钱", "后天", "无期限",
    ]  # fmt: skip


def test_each_says_why_it_stands_there():
    def why(row):
        return stakes.why(stakes.stake(row, MONDAY), row.rung, MONDAY)

    assert why(item("a", -2, rung=2, amount=Decimal("1800.50"))) == ["已上报 2 级", "逾期 2 天", "涉及 1,800.50 元"]
    assert why(item("b", 0)) == ["今天到期"]
    assert why(item("c", 3)) == ["还有 3 天"]
    assert why(item("d")) == ["没有定期限"]
    assert stakes.span(dt.timedelta(minutes=90)) == "1 小时"
    assert stakes.span(dt.timedelta(seconds=5)) == "1 分钟"


def answer(html, label):
    """The hidden fields and the address of the form under an answer."""
    part = html[html.index(f"<summary>{label}</summary>") :]
    part = part[: part.index("</form>")]
    fields = dict(piece.split('"')[0:3:2] for piece in part.split('<input type="hidden" name="')[1:])
    return part.split('action="')[1].split('"')[0], fields


@pytest.mark.django_db
def test_a_decision_is_taken_from_the_list_once_and_by_the_same_rules(house, client):
    case = house.to_assessed(house.report("1300"), price="1300")
    claims.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    house.propose(case, "1300")
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        html = client.get("/").content.decode()
        assert "涉及 1,300 元" in html and "本周计划" in html and "我的岗位手册" in html
        url, fields = answer(html, "同意")
        first = client.post(url, fields)
        again = client.post(url, fields)
    assert (first.status_code, first["Location"], again.status_code, again["Location"]) == (303, "/", 303, "/")
    step = Step.objects.get(kind="claims.settlement")
    assert (step.state, step.decided_by) == ("agreed", house.people["cs"])


@pytest.mark.django_db
def test_an_amount_that_changed_meanwhile_is_not_agreed_to(house, client):
    case = house.to_assessed(house.report("1300"), price="1300")
    claims.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    house.propose(case, "1300")
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        url, fields = answer(client.get("/").content.decode(), "同意")
        Step.objects.update(amount=Decimal("1400"))
        assert client.post(url, fields).status_code == 422
    assert Step.objects.get().state == "waiting"


@pytest.mark.django_db
def test_a_copy_is_acknowledged_and_an_alert_taken_from_the_list(house, client):
    case = house.report("1800")
    name = house.handler_of(case)
    send_copies(case.record, [house.people[name].pk], by=house.actor("gm"), at=MONDAY)
    client.force_login(house.user(name))
    with clock.at(MONDAY):
        for label in ("确认受理", "签收"):
            url, fields = answer(client.get("/").content.decode(), label)
            assert client.post(url, fields)["Location"] == "/"
    case.refresh_from_db()
    assert case.status == "accepted"
    assert Copy.objects.get().received_at == MONDAY


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_plan_of_the_week_and_the_month(house, client, language):
    worker.tick(MONDAY)
    client.force_login(house.user("cc"))
    client.cookies["language"] = language
    with clock.at(MONDAY):
        week = client.get("/duties/plan/").content.decode()
        month = client.get("/duties/plan/?span=month").content.decode()
    assert "2026-03-02" in week and "2026-03-08" in week
    assert "2026-03-31" in month and month.count("2026-0") > week.count("2026-0")
