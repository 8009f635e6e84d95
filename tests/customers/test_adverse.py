"""Bad conduct: facts, evidence, a second person, a reply, an end; seen by those who need to know."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.houses import MONDAY, House
from tests.records.papers import photo
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions
from zhangfa.customers.adverse_rules import months_after
from zhangfa.customers.models import AdverseRecord
from zhangfa.records.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W2.1")]
FACTS = "3 月 2 日服务结束后，客户在门口对服务员大声辱骂，持续约十分钟，有录音。"


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return [refusal.code for refusal in caught.value.refusals]


def noted(house, by="oa", **more):
    facts = {
        "kind": "abusive",
        "occurred_on": clock.local_date(MONDAY),
        "facts": FACTS,
        "by": house.actor(by),
        "at": MONDAY,
    }
    return actions.note_conduct(house.customer, **(facts | more))


def evidence(row):
    Attachment.objects.create(
        record_id=row.pk,
        kind="evidence",
        name="a.jpg",
        content_type="image/jpeg",
        size=9,
        sha256="0" * 64,
        created_at=MONDAY,
    )


def test_facts_evidence_and_a_second_person(house):
    assert refused(noted, house, facts="态度恶劣") == ["adverse.facts"]
    assert refused(noted, house, occurred_on=clock.local_date(MONDAY) + dt.timedelta(days=1)) == ["adverse.future"]
    assert refused(noted, house, by="sw") == ["adverse.note"]
    row, facts = noted(house, by="cc"), {"ground": "听过录音，属实", "at": MONDAY}
    assert refused(actions.confirm, row, by=house.actor("cs"), **facts) == ["adverse.evidence"]
    evidence(row)
    assert refused(actions.confirm, row, by=house.actor("cc"), **facts) == ["adverse.second"]
    assert refused(actions.confirm, row, by=house.actor("oa"), **facts) == ["adverse.check"]
    row = actions.confirm(row, by=house.actor("cs"), **facts)
    assert (row.status, row.expires_on) == ("checked", dt.date(2028, 3, 2))


def test_the_customer_is_heard_and_the_record_may_fall(house):
    row = noted(house)
    evidence(row)
    row = actions.answer(row, by=house.actor("op"), at=MONDAY, reply="当时是服务员先动手")
    assert row.reply and row.status == "noted"
    row = actions.dismiss(row, by=house.actor("cc"), at=MONDAY, ground="监控显示客户没有辱骂")
    assert (row.status, row.expires_on) == ("dismissed", None)
    row.record.refresh_from_db()
    assert row.record.status == "void"


def test_it_ends_by_itself_after_its_months(house):
    row = noted(house)
    evidence(row)
    actions.confirm(row, by=house.actor("cs"), ground="听过录音，属实", at=MONDAY)
    assert actions.expire_due(MONDAY + dt.timedelta(days=700)) == 0
    assert actions.expire_due(dt.datetime(2028, 3, 2, 3, tzinfo=clock.TZ)) == 1
    assert AdverseRecord.objects.get().status == "expired"
    assert refused(actions.expire, row, by=house.actor("cs"), at=MONDAY) == ["status"]
    assert months_after(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)


@pytest.mark.clause("HS-D10")
def test_only_those_who_need_to_know_see_it_and_nobody_exports_it(house, client):
    row = noted(house)
    seen = {name for name in house.people if AdverseRecord.objects.visible_to(house.actor(name)).exists()}
    assert seen == {"gm", "dgm", "cs", "hs", "cc", "cc2", "cm", "oa"}
    client.force_login(house.user("op"))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert FACTS not in client.get(house.customer.get_absolute_url() + "?part=adverse").content.decode()
    client.force_login(house.user("net"))
    assert client.get("/archive/adverse/").status_code == 403
    client.force_login(house.user("cs"))
    assert FACTS in client.get(row.get_absolute_url()).content.decode()
    assert "spreadsheet" not in client.get("/archive/adverse/?export=xlsx")["Content-Type"]


def test_the_way_through_the_pages(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    assert client.get(url + "adverse/new/").status_code == 200
    typed = {"kind": "underpaid", "occurred_on": "2026-03-02", "facts": "少付"}
    assert client.post(url + "adverse/new/", typed).status_code == 422
    taken = SimpleUploadedFile("b.jpg", photo(), "image/jpeg")
    assert client.post(url + "adverse/new/", {**typed, "facts": FACTS, "files": taken}).status_code == 303
    row = AdverseRecord.objects.get()
    assert row.record.attachments.get().kind == "evidence", "with the first sheet, at the door"
    page = row.get_absolute_url()
    assert page not in client.get("/").content.decode(), "nobody checks their own"
    client.force_login(house.user("cs"))
    assert page in client.get("/").content.decode(), "the second person finds it on the workbench"
    assert client.post(page + "do/confirm/", {"ground": ""}).status_code == 422
    assert client.post(page + "do/confirm/", {"ground": "与账目核对属实"}).status_code == 303
    assert client.post(page + "do/answer/", {"reply": "已经补付"}).status_code == 303
    assert "已核实" in client.get("/archive/adverse/?status=checked").content.decode()
    assert row.record.number in client.get(url + "?part=adverse").content.decode()
