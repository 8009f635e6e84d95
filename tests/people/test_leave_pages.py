"""Leave in the browser and through the interface: the same answer as `zhangfa explain`, from asking to coming back."""

import datetime as dt
import io
import json
import re
from decimal import Decimal

import pytest
from PIL import Image

from tests.bench import bench
from tests.houses import MONDAY, House
from tests.people.test_leave import DAY, VECTORS, answer, ask, decider, step_of
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import who_has
from zhangfa.core import clock
from zhangfa.people.models import Leave, MedicalNote
from zhangfa.policy.explain import explain_command
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W4.1")]
GIVEN = {
    "kind": "personal",
    "from_on": "2026-03-09",
    "starts": "am",
    "to_on": "2026-03-09",
    "ends": "pm",
    "reason": "家里有事",
}
NAMES = {"sup": "部门主管", "dgm": "分管副总经理", "gm": "总经理", "head": "申请人的部门负责人"}
ENDS = {"0.5": ("2026-03-09", "am"), "1": ("2026-03-09", "pm"), "1.5": ("2026-03-10", "am"), "2": ("2026-03-10", "pm"), "2.5": ("2026-03-11", "am"), "3": ("2026-03-11", "pm"), "3.5": ("2026-03-12", "am"), "4.5": ("2026-03-13", "am"), "5": ("2026-03-13", "pm")}  # fmt: skip


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


def photo():
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "#c94").save(data, "JPEG")
    data.seek(0)
    data.name = "note.jpg"
    return data


@pytest.mark.parametrize(("who", "kind", "days", "seat", "authority"), VECTORS)
def test_page_interface_and_command_give_the_same_answer(client, house, capsys, who, kind, days, seat, authority):
    client.force_login(house.user(who))
    to_on, ends = ENDS[days]
    body = {**GIVEN, "kind": kind, "to_on": to_on, "ends": ends}
    before = shown(client.post("/leave/new/", {**body, "_why": "1"}, headers={"HX-Request": "true"}))
    assert f"<b>{NAMES[authority]}</b>" in before
    token = tokens.issue(house.user(who), at=MONDAY)
    answer = client.post(
        "/api/v1/leave", json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 201
    made = answer.json()
    leave = Leave.objects.select_related("record").get()
    # One's own request never comes to oneself.
    assert house.people[who].pk not in [person.pk for person in who_has(step_of(leave), MONDAY)]
    assert (made["authority"], Decimal(made["days"]), decider(house, leave)) == (authority, Decimal(days), seat)
    level = {
        "oa": "staff",
        "op": "staff",
        "cm": "staff",
        "sw": "staff",
        "sup": "supervisor",
        "hs": "manager",
        "dgm": "",
    }[who]
    if level:
        assert explain_command(["leave", f"level={level}", f"kind={kind}", f"days={days}", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["authority"] == authority and said["why"]["zh"] == made["why"][0] and said["why"]["zh"] in before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_asking_to_coming_back(client, house, language):
    client.cookies["language"] = language
    client.force_login(house.user("oa"))
    shown(client.get("/leave/new/"))
    page = client.post("/leave/new/", {**GIVEN, "kind": "sick", "delegate": str(house.people["oa2"].pk)})
    leave = Leave.objects.get()
    assert page["Location"] == leave.get_absolute_url()
    shown(client.get(leave.get_absolute_url()))
    step = Step.objects.get()
    client.force_login(house.user("sup"))
    assert f"/leave/decide/{step.pk}/" in shown(client.get("/inbox/"))
    page = shown(client.get(f"/leave/decide/{step.pk}/"))
    assert "家里有事" in page and 'id="part-balance-body"' in page and 'id="part-team-body"' in page
    assert client.post(f"/leave/decide/{step.pk}/", {"result": "agree", "opinion": ""}).status_code == 303
    leave.refresh_from_db()
    assert leave.status == "approved"
    client.force_login(house.user("oa"))
    with clock.at(clock.day_start(DAY) + 4 * (MONDAY - clock.day_start(MONDAY.date()))):
        assert leave.record.number in bench(client)
        address = f"{leave.get_absolute_url()}do/"
        body = {"unfit_from": "2026-03-09", "unfit_to": "2026-03-09", "hospital": "上呼吸道感染"}
        shown(client.post(f"{address}hand_note/", body), 422)
        assert client.post(f"{address}hand_note/", {**body, "files": [photo()]}).status_code == 303
        note = MedicalNote.objects.get()
        assert note.record.attachments.count() == 1
        assert "上呼吸道感染" in shown(client.get(f"{leave.get_absolute_url()}?part=notes"))
        back = {"returned_on": "2026-03-10", "returned_half": "am"}
        assert client.post(f"{address}report_back/", back).status_code == 303
        leave.refresh_from_db()
        assert leave.status == "ended"
        assert b"".join(client.get(f"/records/{leave.pk}/print.pdf")).startswith(b"%PDF")
        client.force_login(house.user("sup"))
        page = shown(client.get(f"{leave.get_absolute_url()}?part=notes"))
        assert "上呼吸道感染" not in page and note.record.number not in page
        file = note.record.attachments.get()
        assert client.get(f"/records/files/{file.pk}/view.jpg").status_code == 404
        for part in ("balance", "team", "trail", "comments"):
            shown(client.get(f"{leave.get_absolute_url()}?part={part}"))


def test_a_refused_form_keeps_what_was_typed(client, house):
    client.force_login(house.user("oa"))
    page = shown(client.post("/leave/new/", {**GIVEN, "to_on": "2026-03-08", "reason": "去医院看望亲戚"}), 422)
    assert "结束不能早于开始" in page and "去医院看望亲戚" in page
    page = shown(client.post("/leave/new/", {**GIVEN, "from_on": "2026-03-07", "to_on": "2026-03-08"}), 422)
    assert "没有工作日" in page
    client.post("/leave/new/", GIVEN)
    assert "重叠" in shown(client.post("/leave/new/", {**GIVEN, "once": "2"}), 422)
    for bad in (
        {"kind": "none"},
        {"from_on": "99999-01-01"},
        {"starts": "x"},
        {"reason": "\x00"},
        {"delegate": "999999"},
    ):
        shown(client.post("/leave/new/", {**GIVEN, **bad}), 422)


def test_balances_calendar_and_rosters(client, house):
    client.force_login(house.user("oa"))
    client.post("/leave/new/", GIVEN)
    shown(client.get("/leave/balance/"))
    page = shown(client.get("/leave/calendar/?month=2026-03"))
    assert "全天" in page and "事假" not in page
    oa = house.people["oa"].pk
    assert client.get(f"/leave/balance/{oa}/correct/").status_code == 403
    client.force_login(house.user("hr"))
    body = {"kind": "childcare", "year": "2026", "days": "10", "is_grant": "on", "reason": "子女 2024-05-01 出生"}
    assert client.post(f"/leave/balance/{oa}/correct/", body)["Location"] == f"/leave/balance/{oa}/"
    assert "子女 2024-05-01 出生" in shown(client.get(f"/leave/balance/{oa}/"))
    body = {"prior_months": "30", "is_continuous": "on", "ground": "社保缴费记录"}
    assert client.post(f"/leave/balance/{oa}/service/", body).status_code == 303
    shown(client.get(f"/leave/balance/{oa}/service/"))
    body = {"unit": str(house.units["east"].pk), "weekdays": ["3", "4", "5", "6", "7"], "from_on": "2026-04-01"}
    assert client.post("/rosters/new/", body).status_code == 303
    assert "周三、周四" in shown(client.get("/rosters/"))
    client.force_login(house.user("cm"))
    assert client.get(f"/leave/balance/{oa}/").status_code == 403
    assert client.get(Leave.objects.get().get_absolute_url()).status_code == 404
    assert client.get("/rosters/").status_code == 403


def test_the_interface_shows_balances_and_takes_the_steps(client, house):
    client.force_login(house.user("oa"))
    client.post("/leave/new/", {**GIVEN, "kind": "sick"})
    leave = Leave.objects.select_related("record").get()
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('oa'), at=MONDAY)}"}
    steps = client.get(f"/api/v1/leave/{leave.record.number}/transitions", headers=headers).json()["items"]
    assert {step["name"] for step in steps if step["is_open"]} == {"withdraw"}
    items = client.get(f"/api/v1/leave-balances/{house.people['oa'].pk}", headers=headers).json()["items"]
    assert {item["kind"]: item["asked"] for item in items}["sick"] == "1"
    body = {"unfit_from": "2026-03-02", "unfit_to": "2026-03-09", "file": photo()}
    answer = client.post(f"/api/v1/leave/{leave.pk}/note", body, headers=headers)
    assert answer.status_code == 201 and answer.json()["is_note_handed_in"]
    again = client.post(
        f"/api/v1/leave/{leave.pk}/transitions/withdraw", "{}", content_type="application/json", headers=headers
    )
    assert again.json()["status"] == "withdrawn"
    assert client.get("/api/v1/leave", headers=headers).json()["items"][0]["number"] == leave.record.number


def test_page_and_print_say_what_of_the_year_was_taken_to_those_who_may_know(client, house):
    from zhangfa.people.prints import leave_form

    first = answer(house, ask(house, "op", "1"), "ops")
    leave = ask(house, "op", "2", start=DAY + dt.timedelta(days=14), delegate=house.people["net"])

    def printed(name):
        return {
            f.label: f.value for f in leave_form(leave.record, actor=house.actor(name), at=MONDAY).sections[0].fields
        }

    assert first.status == Leave.Status.APPROVED
    assert [printed(name)["本年累计（含本单）"] for name in ("op", "ops", "hr", "net")] == ["3 天", "3 天", "3 天", ""]
    client.force_login(house.user("op"))
    assert re.search(
        r"本年累计（含本单）</dt>\s*<dd[^>]*>\s*3 天", client.get(leave.get_absolute_url()).content.decode()
    )
