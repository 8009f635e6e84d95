"""The file of F15: no blank, the right shape, masked, plausible."""

import datetime as dt

import pytest
from django.db import connection

from tests.houses import MONDAY, House
from zhangfa.audit.models import Event, Look
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, prints, queries, registry
from zhangfa.customers.models import Contact, Place, Profile
from zhangfa.customers.profile_rules import (
    asks_for,
    completeness,
    hints,
    is_id_no,
    is_made_up,
    is_month_day,
    is_uscc,
    refuse_file,
)
from zhangfa.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
DAY = dt.timedelta(days=1)
FULL = {
    "source": "referral", "household_count": "3", "pets": "#none", "area_m2": "89.5", "layout": "三室一厅", "floor": "12", "has_lift": "yes",
    "access_note": "门禁 2580", "fragile_notes": "客厅有一架钢琴", "preferences": "不用含氯的清洁剂", "time_slots": "工作日下午", "pay_mode": "mobile",
}  # fmt: skip


def file(**changes):
    facts = {"kind": "household", "has_contract": False, "is_finished": True, "contacts": 0, "has_care_consent": False}
    facts |= {name: changes.pop(name) for name in list(changes) if name in facts}
    return [(r.code, r.field) for r in refuse_file({**FULL, **changes}, **facts)]


def test_a_finished_file_has_no_blank_and_a_code_says_why():
    assert file() == []
    assert file(pets="") == [("profile.blank", "pets")]
    assert file(pets="", is_finished=False) == []
    assert file(pets="#declined") == [] and file(source="#declined") == [("profile.declined", "source")]
    assert file(pets="#pending") == [("profile.pending", "pets")]
    assert file(pets="#pending", is_finished=False) == []
    assert file(has_contract=True) == [("profile.blank", "id_no")]
    assert ("profile.contacts", "") in file(kind="enterprise")


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("household_count", "0", "1"), ("household_count", "21", "20"), ("area_m2", "viel", "8"), ("id_no", "330203199001011234", "11010519491231002X"),
        ("birthday", "02-30", "02-29"), ("alt_phone", "12", "057487654321"), ("source", "x", "online"), ("has_lift", "maybe", "no"),
    ],
)  # fmt: skip
def test_what_is_written_has_its_shape_in_a_draft_too(field, wrong, right):
    assert [f for _code, f in file(is_finished=False, **{field: wrong})] == [field]
    assert file(is_finished=False, **{field: right}) == []


def test_check_digits():
    assert is_id_no("11010519491231002X") and not is_id_no("110105194912310021")
    assert is_uscc("91350100M000100Y43") and not is_uscc("91350100M000100Y44")
    assert is_month_day("12-31") and not is_month_day("13-01") and not is_month_day("1-1")


def test_completeness_counts_codes_as_answers():
    assert completeness({}, "household") == 0 and completeness(FULL, "household") == 100
    assert 91 < completeness({**FULL, "pets": "#pending"}, "household") < 92
    names = {ask.name for ask in asks_for("enterprise")}
    assert "uscc" in names and "pets" not in names


@pytest.mark.clause("HS-D10")
def test_care_needs_ask_for_their_own_consent(db):
    house = House()
    assert file(care_needs="半失能老人") == [("profile.care_consent", "care_needs")]
    customer, facts = house.customer, {"by": house.actor("oa"), "at": MONDAY}
    with pytest.raises(Refused):
        actions.save_profile(customer, is_finished=False, has_contract=False, care_needs="半失能", **facts)
    consent = {"purpose": "health", "channel": "any", "notice_version": "2026-1", "evidence": "签字告知书"}
    actions.record_consent(customer, is_granted=True, **consent, **facts)
    actions.save_profile(customer, is_finished=False, has_contract=False, care_needs="半失能", **facts)
    actions.record_consent(customer, is_granted=False, **{**consent, "evidence": "", "notice_version": ""}, **facts)
    assert not queries.has_care_consent(customer) and customer.consents.count() == 2


def test_what_looks_made_up_is_shown_with_its_evidence():
    same = dict.fromkeys(("pets", "layout", "preferences"), "很好")
    found = list(hints({**FULL, **same}, phone="15400001234", same_in=("K1",)))
    assert [hint.code for hint in found] == ["same_text", "same_files"] and found[1].evidence == ("K1",)
    assert not list(hints(FULL, phone="15400001234", same_in=[]))
    assert is_made_up("13888888888") and is_made_up("13612345678") and not is_made_up("15400001234")
    assert [h.code for h in hints({"household_count": "9", "area_m2": "20"}, phone="", same_in=[])] == ["crowded"]


def test_a_file_is_written_encrypted_counted_and_told(db):
    house = House()
    other = house.make_customer("同样的人", outlet="east")
    facts = {"is_finished": True, "has_contract": False, "by": house.actor("oa"), "at": MONDAY}
    actions.save_profile(house.customer, **FULL, **facts)
    house.customer.refresh_from_db()
    assert house.customer.completeness == 100 and Profile.objects.get().is_finished
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_note FROM customers_profile")
        assert "2580" not in cursor.fetchone()[0]
    event = Event.objects.get(name="customers.customer.profile_saved")
    assert "2580" not in event.text and "access_note" not in event.detail.values
    profile = actions.save_profile(other, **FULL, **facts)
    assert [h.code for h in queries.hints_of(house.actor("oa"), other, profile)] == ["same_files"]
    actions.save_profile(other, is_finished=False, has_contract=False, pets="一只猫", by=house.actor("oa"), at=MONDAY)
    assert queries.answers_of(Profile.objects.get(customer=other))["layout"] == "三室一厅"


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def test_a_file_is_filled_in_words_and_keeps_what_was_typed(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    typed = {**FULL, "pets": "无", "preferences": "", "is_finished": "on"}
    answer = client.post(url + "profile/", typed)
    assert answer.status_code == 422 and "模板各栏不得少填" in answer.content.decode()
    assert "三室一厅" in answer.content.decode()
    client.cookies["language"] = "en"
    assert client.post(url + "profile/", {**typed, "preferences": "none"}).status_code == 303
    profile = Profile.objects.get()
    assert (profile.pets, profile.preferences, profile.is_finished) == ("#none", "#none", True)
    client.cookies["language"] = "zh-hans"
    page = client.get(url + "?part=profile").content.decode()
    assert "完整度 100" in page and "2580" not in page and "#none" not in page
    page = client.get(url + "profile/").content.decode()
    assert "2580" not in page and 'value="无"' in page
    assert client.post(url + "profile/", {**typed, "preferences": "怕吵", "access_note": ""}).status_code == 303
    assert Profile.objects.get().access_note == "门禁 2580"


def test_contacts_and_places_are_masked_revealed_and_dropped(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    contact = {"name": "林母", "title": "母亲", "role": "family", "phone": "15400002222"}
    assert client.post(url + "contacts/new/", contact).status_code == 303
    place = {"label": "父母家", "compound": "枫屿里", "door": "5 幢 101", "access_note": "钥匙在门卫"}
    assert client.post(url + "places/new/", place).status_code == 303
    row, home = Contact.objects.get(), Place.objects.get()
    page = client.get(url + "?part=contacts").content.decode()
    assert "林母" in page and "15400002222" not in page and "5 幢 101" not in page
    shown = client.post(f"{url}reveal/contact-{row.pk}/", {"reason": "联系家人"}).content.decode()
    assert "15400002222" in shown
    assert "5 幢 101 钥匙在门卫" in client.post(f"{url}reveal/place-{home.pk}/", {"reason": "上门"}).content.decode()
    assert Look.objects.count() == 2
    assert client.get(f"{url}reveal/place-{home.pk + 9}/").status_code == 404
    edited = {"label": "父母家", "compound": "枫屿里", "door": "", "area_m2": "80"}
    assert client.post(f"{url}places/{home.pk}/", edited).status_code == 303
    home.refresh_from_db()
    assert (home.door, home.area_m2) == ("5 幢 101", "80")
    assert client.post(f"{url}contacts/{row.pk}/drop/").status_code == 303
    seen = Place.objects.get(pk=home.pk)
    assert client.post(f"{url}places/{home.pk}/drop/").status_code == 303
    # Whoever had the form open while another dropped the address does not bring it back.
    actions.edit_place(seen, label="老家", by=house.actor("op"), at=MONDAY)
    assert not Place.objects.get(pk=home.pk).is_current
    assert client.get(f"{url}contacts/{row.pk}/").status_code == 404
    client.force_login(house.user("oa2"))
    assert client.get(f"{url}contacts/new/").status_code == 404


def test_whom_a_customer_wants_and_whom_not_is_noted_and_taken_back(house, client):
    client.force_login(house.user("oa"))
    url, worker = house.customer.get_absolute_url(), house.people["sw"]
    wish = {"worker": worker.pk, "kind": "blocked", "reason": ""}
    refused = client.post(url + "wishes/new/", wish)
    assert refused.status_code == 422 and "请写明原因" in refused.content.decode()
    assert client.post(url + "wishes/new/", {**wish, "reason": "两次迟到，客户要求换人"}).status_code == 303
    again = client.post(url + "wishes/new/", {**wish, "kind": "preferred"})
    assert again.status_code == 422 and "已经登记过" in again.content.decode()
    page = client.get(url + "?part=contacts").content.decode()
    assert worker.shown_name in page and "不再派" in page and "两次迟到" in page
    row = house.customer.worker_wishes.get()
    assert client.post(f"{url}wishes/{row.pk}/drop/").status_code == 303
    assert client.post(url + "wishes/new/", {**wish, "kind": "preferred"}).status_code == 303
    client.force_login(house.user("oa2"))
    assert client.get(url + "wishes/new/").status_code == 404


def test_a_further_address_has_the_shapes_of_the_first(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    place = {
        "label": "父母家",
        "compound": "枫屿里",
        "door": "5 幢 101",
        "area_m2": "很大",
        "floor": "3",
        "has_lift": "yes",
    }
    answer = client.post(url + "places/new/", place)
    assert answer.status_code == 422 and "请填写数字" in answer.content.decode()
    assert client.post(url + "places/new/", {**place, "area_m2": "88"}).status_code == 303
    home = Place.objects.get()
    assert (home.area_m2, home.floor, home.has_lift) == ("88", "3", "yes")


@pytest.mark.clause("HS-D10")
def test_a_consent_is_given_with_evidence_and_taken_back_with_one_press(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    typed = {"purpose": "marketing", "channel": "any", "notice_version": "2026-1", "evidence": "签字"}
    assert client.post(url + "consents/new/", typed).status_code == 422
    typed["channel"] = "sms"
    assert client.post(url + "consents/new/", typed).status_code == 303
    assert client.post(url + "consents/new/", typed).status_code == 422
    assert "2026-1" in client.get(url + "?part=consents").content.decode()
    assert client.post(url + "consents/marketing/sms/withdraw/").status_code == 303
    assert client.post(url + "consents/marketing/sms/withdraw/").status_code == 422
    assert [row.is_granted for row in house.customer.consents.order_by("pk")] == [True, False]


def test_the_file_says_what_the_customer_bought_and_what_went_wrong(client):
    with clock.at(MONDAY):
        house = House()
        order = house.order
        Order.objects.filter(pk=order.pk).update(
            status="finished", amount=300, paid=300, payment="paid", satisfaction=4, served_from=MONDAY - 30 * DAY
        )
        house.report("300")
        said = dict(registry.consumed(house.customer, house.actor("cs"), MONDAY))
        assert (said["完成订单"], said["累计实付"], said["平均满意度"], said["事故次数"]) == (
            "1",
            "¥300.00",
            "4.0",
            "1",
        )
        assert dict(registry.consumed(house.customer, house.actor("oa"), MONDAY))["累计实付"] == "****"
        for post, sees in (("cs", True), ("net", False)):
            form = prints.customer_file(house.customer, actor=house.actor(post), at=MONDAY)
            titles = [part.title for part in form.sections]
            assert "消费情况" in titles and "录入和核实" in titles
            assert ("不良消费记录" in titles) is sees
        client.force_login(house.user("oa"))
        page = client.get(f"{house.customer.get_absolute_url()}?part=consumption", headers={"HX-Request": "true"})
        assert "完成订单" in page.content.decode() and "¥" not in page.content.decode()
