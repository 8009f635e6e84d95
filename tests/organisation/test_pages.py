"""The chart in the browser: who sees what, what a form refuses, what a reveal leaves behind."""

import re

import pytest

from tests.houses import MONDAY, House
from zhangfa.audit.models import Look
from zhangfa.core import clock
from zhangfa.organisation.models import Absence, Holding, Person, Seat, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def browse(client, house):
    def as_post(name):
        client.force_login(
            house.user(name) if name != "admin" else User.objects.get_or_create(username="admin", is_technical=True)[0]
        )
        return client

    return as_post


def shown(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


OPEN = ["/org/", "/org/units/{unit}/", "/org/seats/{seat}/", "/org/absences/", "/org/calendar/"]
STAFF = ["/org/people/", "/org/people/{person}/", "/org/people/{person}/phone/"]
KEEPERS = [
    "/org/problems/", "/org/units/new/", "/org/units/{unit}/edit/", "/org/units/{unit}/move/", "/org/units/{unit}/close/",
    "/org/units/{unit}/seats/new/", "/org/units/{unit}/charge/", "/org/units/{unit}/charge/end/", "/org/seats/{seat}/hold/", "/org/seats/{seat}/superior/",
    "/org/seats/{seat}/retire/", "/org/holdings/{holding}/end/", "/org/people/new/", "/org/people/{person}/edit/",
    "/org/people/{person}/absence/", "/org/calendar/new/",
]  # fmt: skip
TECHNICAL = ["/org/users/", "/org/users/new/", "/org/users/{user}/password/", "/org/users/{user}/activity/"]


def address(house, pattern):
    person = house.people["cm"]
    return pattern.format(
        unit=house.units["home"].pk, seat=house.seats["oa"].pk, person=person.pk, holding=Holding.objects.get(person=person).pk,
        user=house.user("cm").pk,
    )  # fmt: skip


@pytest.mark.parametrize("pattern", [*OPEN, *STAFF, *KEEPERS, *TECHNICAL, "/org/company/", "/org/absences/new/"])
def test_each_page_opens_for_those_it_is_for(house, browse, pattern):
    expected = {
        "am": 200 if pattern in OPEN + STAFF + KEEPERS + ["/org/absences/new/"] else 403,
        "op": 200 if pattern in [*OPEN, *STAFF, "/org/absences/new/"] else 403,
        "sw": 200 if pattern in [*OPEN, "/org/absences/new/"] else 404 if "{person}" in pattern else 403,
        "admin": 403 if pattern in ("/org/people/{person}/phone/", "/org/absences/new/") else 200,
        "gm": 403 if pattern in TECHNICAL else 200,
    }
    found = {name: browse(name).get(address(house, pattern)).status_code for name in expected}
    assert found == expected


def test_nobody_looks_in_without_signing_in(client, house):
    for pattern in [*OPEN, *STAFF, *KEEPERS, *TECHNICAL]:
        assert client.get(address(house, pattern)).status_code == 302


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_chart_shows_seats_vacancies_and_absences(house, browse, language):
    Holding.objects.filter(seat=house.seats["op"]).delete()
    Absence.objects.create(
        person=house.people["cs"], delegate=house.people["cc"], from_at=MONDAY, to_at=MONDAY.replace(hour=23)
    )
    client = browse("am")
    client.cookies["language"] = language
    page = shown(client.get("/org/"))
    words = ("空缺", "离岗", "由人cc代理", "话务员") if language != "en" else ("人cc", "Call operator")
    assert all(word in page for word in words)
    assert house.people["dgm"].name in page
    assert house.seats["op"].get_absolute_url() in shown(client.get("/org/problems/"))


def test_a_unit_is_opened_with_what_was_typed_kept_when_refused(house, browse):
    client = browse("am")
    typed = {"kind": "outlet", "parent": str(house.units["company"].pk), "code": "east", "name": "㛃街网点 <b>"}
    page = shown(client.post("/org/units/new/", typed), 422)
    assert "这个单位代码已经用过" in page and "网点和驻点属于部门" in page and "㛃街网点 &lt;b&gt;" in page
    response = client.post("/org/units/new/", {**typed, "parent": str(house.units["home"].pk), "code": "N1"})
    assert response.status_code == 303
    assert Unit.objects.get(code="N1").name == "㛃街网点 <b>"


@pytest.mark.parametrize(
    "name", ["", "\x00", "名" * 61, "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "x" * 70]
)
def test_nonsense_is_a_message_and_never_an_error(house, browse, name):
    typed = {"kind": "outlet", "parent": "99999999999999999999", "code": "N1", "name": name}
    assert browse("am").post("/org/units/new/", typed).status_code == 422
    assert not Unit.objects.filter(code="N1").exists()


def test_a_seat_gets_its_holder_and_loses_him(house, browse):
    client = browse("hr")
    seat = Seat.objects.create(post_id="cm", unit=house.units["service"], reports_to=house.seats["cs"])
    assert (
        client.post(
            "/org/people/new/",
            {"kind": "staff", "no": "N1", "name": "单禾", "phone": "154 0000 7777", "joined_on": "2026-03-01"},
        ).status_code
        == 303
    )
    person = Person.objects.get(no="N1")
    assert client.post(f"/org/seats/{seat.pk}/hold/", {"person": person.pk, "from_on": "2026-03-02"}).status_code == 303
    page = shown(client.get(f"/org/seats/{seat.pk}/"))
    assert "单禾" in page
    holding = Holding.objects.get(seat=seat)
    assert client.post(f"/org/holdings/{holding.pk}/end/", {"to_on": "2026-03-05"}).status_code == 303
    assert Holding.objects.get(pk=holding.pk).to_on.day == 5


@pytest.mark.clause("A-04")
def test_a_charge_ends_without_a_successor(house, browse):
    page, unit = browse("gm"), house.units["home"]
    address = f"/org/units/{unit.pk}/charge/end/"
    assert address in shown(page.get(unit.get_absolute_url()))
    assert page.post(address, {}).status_code in (302, 303)
    assert address not in shown(page.get(unit.get_absolute_url()))
    assert page.get(address).status_code == 404


def test_lists_find_people_and_mask_their_numbers(house, browse):
    client = browse("op")
    page = shown(client.get("/org/people/?q=T001"))
    assert "人dgm" in page and "人gm" not in page and house.people["dgm"].phone not in page and "154****0001" in page


def test_a_number_is_revealed_once_with_a_reason(house, browse):
    client, person = browse("op"), house.people["cm"]
    url = f"/org/people/{person.pk}/phone/"
    assert person.phone not in shown(client.get(url))
    assert person.phone not in shown(client.post(url, {"reason": ""}), 422)
    assert person.phone in shown(client.post(url, {"reason": "确认到岗时间"}))
    assert Look.objects.get().reason == "确认到岗时间"
    assert person.phone not in shown(client.get(f"/org/people/{person.pk}/"))
    assert person.phone not in shown(browse("hr").get(f"/org/people/{person.pk}/edit/"))


def test_one_says_to_be_away_with_a_delegate(house, browse):
    client = browse("cs")
    typed = {
        "from_at": "2026-03-03T08:00",
        "to_at": "2026-03-05T18:00",
        "delegate": str(house.people["cs"].pk),
        "reason": "年休假",
    }
    assert "代理人不能是本人" in shown(client.post("/org/absences/new/", typed), 422)
    assert client.post("/org/absences/new/", {**typed, "delegate": str(house.people["cc"].pk)}).status_code == 303
    absence = Absence.objects.get()
    assert absence.from_at.astimezone(clock.TZ).hour == 8
    assert f"/org/absences/{absence.pk}/cancel/" in shown(client.get("/org/absences/"))
    assert browse("op").post(f"/org/absences/{absence.pk}/cancel/").status_code == 404
    assert browse("cs").post(f"/org/absences/{absence.pk}/cancel/").status_code == 303


def test_the_technical_administrator_makes_logins(house, browse):
    client = browse("admin")
    typed = {"username": "new one", "person": str(house.people["net"].pk), "password": "kurz-9"}
    assert "登录名只能用" in shown(client.post("/org/users/new/", typed), 422)
    page = shown(client.post("/org/users/new/", {**typed, "username": "net1"}), 422)
    assert "密码不符合要求" in page and "kurz-9" not in page
    assert (
        client.post("/org/users/new/", {**typed, "username": "net1", "password": "bamboo-gate-77"}).status_code == 303
    )
    user = User.objects.get(username="net1")
    assert user.check_password("bamboo-gate-77")
    assert client.post(f"/org/users/{user.pk}/activity/").status_code == 303
    assert not User.objects.get(pk=user.pk).is_active


def test_the_gm_changes_the_company_s_name(house, browse):
    client = browse("gm")
    assert client.post("/org/company/", {"name": "试验家政二"}).status_code == 303
    assert "试验家政二" in shown(client.get("/org/"))


def test_a_company_without_second_decider_is_led_to_the_policy(house, browse):
    assert 'href="/policy/authority.second_decider/"' in shown(browse("am").get("/org/problems/"))


@pytest.mark.parametrize("source", ["people", "staff", "delegates", "workers", "units", "outlets", "seats"])
def test_typed_searches_answer_in_scope(house, browse, source):
    url = f"/lookup/{source}/?name=x&x-q="
    typed = {"units": "east", "outlets": "east", "seats": "oa", "workers": "人"}.get(source, "T012")
    assert 'type="radio"' in shown(browse("am").get(url + typed))
    if source in ("people", "staff", "delegates", "workers"):
        assert "人cs" not in shown(browse("sw").get(url + "人"))
