"""The pages of care as each person sees them, from the click to the row."""

import datetime as dt
import re

import pytest

from tests.care import stages
from tests.care.stages import DAY
from tests.houses import MONDAY
from tests.worlds import World
from zhangfa.care import actions
from zhangfa.care.models import CarePlan, Feedback, Promise, Visit
from zhangfa.core import clock
from zhangfa.records.models import Publication

pytestmark = pytest.mark.django_db
LISTS = (
    "months", "plans", "visits", "bundles", "threads", "gifts", "promises", "rechecks", "accounts", "feedback", "account-reports", "alliances", "reviews",
)  # fmt: skip


@pytest.fixture
def world():
    with clock.at(MONDAY):
        yield World()


@pytest.fixture
def browse(world, client):
    def signed_in(name):
        client.force_login(world.house.user(name))
        return client

    return signed_in


@pytest.mark.clause("CS-W3.1")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_and_record_opens_with_its_parts(world, browse, language):
    browser = browse("cs")
    browser.cookies["zhangfa_language"] = language
    urls = {"feedback": "feedback", "month": "months", "plan": "plans", "visit": "visits", "account": "accounts"}
    for name in LISTS:
        assert browser.get(f"/care/{name}/").status_code == 200, name
    for noun, key in world.care.items():
        answer = browser.get(f"/care/{urls.get(noun, f'{noun}s')}/{key}/")
        assert answer.status_code == 200, noun
        for part in re.findall(r'hx-get="[^"]*\?part=([a-z]+)"', answer.content.decode()):
            assert (
                browser.get(
                    f"/care/{urls.get(noun, f'{noun}s')}/{key}/?part={part}", headers={"HX-Request": "true"}
                ).status_code
                == 200
            ), (noun, part)
    assert browser.get("/care/account-reports/2026-03/").status_code == 200
    assert browser.get("/care/account-reports/2026-02/?export=xlsx").status_code == 200
    with clock.at(MONDAY):
        actions.publish_accounts(dt.date(2026, 2, 1), by=world.house.actor("cs"), at=MONDAY)
    frozen = browser.get("/care/account-reports/2026-02/").content.decode()
    assert Publication.objects.get(kind="RPT-15").digest in frozen


@pytest.mark.clause("CS-W3.3")
@pytest.mark.parametrize(
    ("noun", "titles"),
    [
        ("visit", ["访问客户意见表"]),
        ("account", ["大客户档案模板"]),
        ("feedback", ["公司大客户意见建议反映表"]),
        ("bundle", []),
        ("review", []),
    ],
)
def test_the_forms_print(world, browse, noun, titles):
    answer = browse("cs").get(f"/records/{world.care[noun]}/print.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


@pytest.mark.clause("HS-D6")
def test_a_manager_writes_a_visit_down_and_a_blank_is_told_beside_its_field(world, browse):
    browser = browse("oa")
    facts = {
        "customer": world.house.customer.pk, "mode": "onsite", "arrived_at": "2026-03-02T09:00", "left_at": "2026-03-02T09:40", "interviewee": "林女士",
        "level": "household", "satisfaction": "4", "opinion": "", "suggestion": "", "once": "visit-1",
    }  # fmt: skip
    answer = browser.post("/care/visits/new/", facts)
    assert answer.status_code == 422 and "林女士" in answer.content.decode()
    count = Visit.objects.count()
    answer = browser.post("/care/visits/new/", {**facts, "opinion": "希望周三来", "once": "visit-2"})
    assert answer.status_code == 422 and Visit.objects.count() == count
    answer = browser.post(
        "/care/visits/new/", {**facts, "opinion": "希望周三来", "suggestion": "无", "once": "visit-3"}
    )
    assert answer.status_code == 303 and Visit.objects.count() == count + 1
    assert "林女士" in browser.get(answer.headers["Location"]).content.decode()


@pytest.mark.clause("CS-W3.2")
def test_from_the_timetable_to_the_sheet_in_the_browser(world, browse):
    plan = CarePlan.objects.get(pk=world.care["plan"])
    browse("cs").post(f"/care/months/{world.care['month']}/do/issue/", {"once": "a"})
    browser = browse("cm")
    page = browser.get(f"/care/plans/{plan.pk}/").content.decode()
    assert "去访问" in page
    answer = browser.post(f"/care/plans/{plan.pk}/visit/", {"checklist": ["gift"], "once": "b"})
    assert answer.status_code == 422 and "仪表着装整洁" in answer.content.decode()
    answer = browser.post(
        f"/care/plans/{plan.pk}/visit/", {"checklist": ["appearance", "notebook"], "is_notified": "on", "once": "c"}
    )
    address = answer.headers["Location"]
    assert browser.post(f"{address}do/arrive/", {"place": "客户家", "once": "d"}).status_code == 303
    assert browser.post(f"{address}do/come_back/", {"once": "e"}).status_code == 303
    sheet = {
        "interviewee": "林女士",
        "level": "household",
        "satisfaction": "5",
        "opinion": "很满意，想擦外窗",
        "suggestion": "无",
        "once": "f",
    }
    assert browser.post(f"{address}do/write_sheet/", sheet).status_code == 303
    assert Visit.objects.get(plan=plan).status == "written"


@pytest.mark.clause("CS-W3.2")
def test_promises_stand_where_the_next_person_looks(world, browse):
    row = Promise.objects.get(pk=world.care["promise"])
    browser = browse("op")
    for address in (f"/customers/{row.customer_id}/", f"/orders/{world.planned.pk}/"):
        part = browser.get(f"{address}?part=promises", headers={"HX-Request": "true"})
        assert part.status_code == 200 and row.text in part.content.decode(), address


@pytest.mark.clause("CS-W4")
def test_an_outlet_sees_no_amount_and_masked_deciders(world, browse):
    browser = browse("oa")
    page = browser.get(f"/care/accounts/{world.care['account']}/").content.decode()
    assert "100,000" not in page
    assert "100,000" in browse("cs").get(f"/care/accounts/{world.care['account']}/").content.decode()
    assert browse("oa2").get(f"/care/accounts/{world.care['account']}/").status_code == 404


@pytest.mark.clause("CS-W4")
def test_the_owner_hands_in_the_opinion_form(world, browse):
    count = Feedback.objects.count()
    facts = {
        "visited_on": "2026-03-02", "roles": ["leader"], "satisfaction": "4", "priority": "low", "opinion": "希望增加夜间保洁", "suggestion": "无", "category": "time", "interviewees": "王一（科长）", "product": world.house.product.pk, "solution": "排夜班试一个月", "reply": "visit",
        "responsible": world.house.units["home"].pk, "owner": world.house.people["hs"].pk, "due_on": (MONDAY + 5 * DAY).date().isoformat(), "once": "g",
    }  # fmt: skip
    answer = browse("cm").post(f"/care/accounts/{world.care['account']}/feedback/", facts)
    assert answer.status_code == 303, answer.content.decode()[:3000]
    assert Feedback.objects.count() == count + 1


@pytest.mark.clause("CS-W2.2")
def test_the_worker_s_phone_shows_the_care_instruction(world, browse):
    from zhangfa.care import actions

    actions.issue(CarePlan.objects.get(pk=world.care["plan"]).month, by=world.house.actor("cs"), at=MONDAY)
    CarePlan.objects.update(advice="老人在家，动作轻一些")
    with clock.at(world.sent.served_from - dt.timedelta(hours=1)):
        page = browse("sw").get("/orders/mine/").content.decode()
    assert "优质客户" in page and "老人在家" in page
    assert stages.HOUR


@pytest.mark.clause("CC-D8")
def test_a_visit_is_one_step_from_the_customers_page_and_ones_own_timetable_from_the_list(world, browse):
    house = world.house
    part = browse("cc").get(f"{house.customer.get_absolute_url()}?part=care", headers={"HX-Request": "true"})
    address = re.search(r'href="(/care/visits/new/\?customer=\d+)"', part.content.decode())
    assert address and house.customer.no in browse("cc").get(address[1]).content.decode()
    assert browse("cc").get("/care/visits/new/?customer=x").status_code == 200
    assert "visits/new" not in browse("hr").get(f"{house.customer.get_absolute_url()}?part=care").content.decode()
    own = re.search(r'href="(/care/plans/\?manager=[^"]+)"', browse("cm").get("/care/plans/").content.decode())
    assert own and browse("cm").get(own[1].replace("&amp;", "&")).status_code == 200
    assert "我的时间表" not in browse("gm").get("/care/plans/").content.decode()
