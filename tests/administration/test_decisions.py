"""Instant decisions stand on a rule, take effect at once, are seen by whom they concern and listed to the GM each week."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.administration import actions
from zhangfa.administration.models import DecisionList, InstantDecision
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Holding

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W4.3")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def given(house, **more):
    facts = {
        "matter": "secondment", "facts": "客服中心这一周人手不足", "decision": "从家庭服务中心抽调一人到客服中心", "effect": "从今天起到周五在客服中心上班",
        "ground": "《人员调配制度》第三条", "people": house.people["oa"].no, "unit": house.units["home"], "other_unit": house.units["service"],
    }  # fmt: skip
    return facts | more


def decide(house, by="am", at=MONDAY, **more):
    return actions.decide_at_once(**given(house, **more), by=house.actor(by, at), at=at)


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def test_it_takes_effect_at_once_and_those_concerned_learn_of_it(house):
    row = decide(house)
    assert (row.status, row.responsible_id, row.decided_at) == ("in_force", house.people["gm"].pk, MONDAY)
    told = set(Notice.objects.filter(code="administration.instant_decided").values_list("person_id", flat=True))
    assert told == {house.people[name].pk for name in ("oa", "gm", "hs", "cs")}
    sees = {name for name in house.seats if InstantDecision.objects.visible_to(house.actor(name)).exists()}
    assert sees == {"am", "hr", "dgm", "gm", "oa", "hs", "cs"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ground": "领导同意"}, "instant.ground"), ({"people": ""}, "instant.people"), ({"effect": "无"}, "instant.short"),
        ({"other_unit": None}, "instant.other"), ({"matter": "supplies"}, "instant.amount"),
        ({"people": "没有这个人"}, "people.unknown"),
    ],
)  # fmt: skip
def test_without_ground_effect_or_people_there_is_no_decision(house, more, code):
    assert code in codes(decide, house, **more)
    assert not InstantDecision.objects.exists()


def test_only_posts_below_department_level_and_never_oneself(house):
    assert codes(decide, house, matter="lower_post", people=house.people["hs"].no) == {"instant.grade"}
    assert codes(decide, house, people=house.people["am"].no) == {"instant.own"}
    assert codes(decide, house, by="hs") == {"instant.post"}
    Holding.objects.filter(seat=house.seats["gm"]).update(to_on=dt.date(2026, 2, 1))
    assert codes(decide, house) == {"instant.gm"}


def test_the_gm_revokes_for_the_future_only(house):
    row = decide(house)
    facts = {"by": house.actor("gm"), "at": MONDAY, "reason": "人手已经够了"}
    assert codes(actions.revoke, row, from_on=dt.date(2026, 3, 1), **facts) == {"instant.revoke_past"}
    assert codes(actions.revoke, row, from_on=dt.date(2026, 3, 2), **(facts | {"by": house.actor("am")})) == {
        "instant.gm"
    }
    row = actions.revoke(row, from_on=dt.date(2026, 3, 4), **facts)
    assert (row.status, row.revoked_from) == ("revoked", dt.date(2026, 3, 4))
    assert Notice.objects.filter(code="administration.instant_revoked", person=house.people["oa"]).exists()


@pytest.mark.clause("X-1")
def test_the_weekly_list_reaches_the_gm_and_settles_the_duty(house):
    from zhangfa.duties.actions import load_catalogue
    from zhangfa.duties.catalogue import catalogue

    load_catalogue()
    row = decide(house)
    later = MONDAY + dt.timedelta(days=7)
    facts = {"by": house.actor("am", later), "at": later}
    sent = actions.send_list(week_on=dt.date(2026, 3, 4), **facts)
    row.refresh_from_db()
    assert row.on_list == sent and sent.week_on == dt.date(2026, 3, 2)
    assert codes(actions.send_list, week_on=dt.date(2026, 3, 5), **facts) == {"instant.list_sent"}
    assert codes(actions.send_list, week_on=dt.date(2026, 4, 5), **facts) == {"instant.list_future"}
    assert actions.note_list(sent, by=house.actor("gm", later), at=later).status == "noted"
    event = Event.objects.get(name="administration.decisionlist.sent")
    duty = next(duty for duty in catalogue().rows if duty.code == "D-AM-16")
    assert duty.is_on and event.name in duty.closes


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_decision_and_list_in_the_browser(client, house, language):
    client.cookies["language"] = language
    client.force_login(house.user("am"))
    shown(client.get("/decisions/new/"))
    units = {name: str(house.units[unit].pk) for name, unit in (("unit", "home"), ("other_unit", "service"))}
    body = {**given(house, **units), "amount": "12.50"}
    page = shown(client.post("/decisions/new/", {**body, "ground": "领导同意"}), 422)
    assert "领导同意" in page and "is-invalid" in page
    assert client.post("/decisions/new/", body).status_code == 303
    row = InstantDecision.objects.get()
    assert row.amount == Decimal("12.50")
    shown(client.get(row.get_absolute_url()))
    shown(client.get("/decisions/"))
    assert client.post("/decisions/lists/new/", {"week_on": "2026-03-02"}).status_code == 303
    sent = DecisionList.objects.get()
    client.force_login(house.user("gm"))
    assert row.record.number in shown(client.get(f"{sent.get_absolute_url()}?part=rows"))
    shown(client.get("/decisions/lists/"))
    assert client.post(f"{sent.get_absolute_url()}do/note_list/", {"opinion": ""}).status_code == 303
    assert (
        client.post(
            f"{row.get_absolute_url()}do/revoke/", {"from_on": "2026-03-05", "reason": "人手已经够了"}
        ).status_code
        == 303
    )
    for pk in (row.pk, sent.pk):
        assert b"".join(client.get(f"/records/{pk}/print.pdf")).startswith(b"%PDF")
    client.force_login(house.user("cm"))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get("/decisions/lists/").status_code == 403
