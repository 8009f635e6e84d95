"""What people see of inspections; outside of one's scope there is nothing."""

import base64
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.bench import bench
from tests.houses import MONDAY
from tests.inspections.stages import asked, handed, listed, ordered, planned, started
from zhangfa.core import clock
from zhangfa.inspections import actions, prints
from zhangfa.inspections.models import Answer, Inspection
from zhangfa.notices.models import Notice
from zhangfa.records.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W3")]


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(MONDAY):
        yield


def signed_in(client, house, who):
    client.force_login(house.user(who))
    return client


def test_a_list_is_drawn_up_from_the_first_page_to_the_start(client, house):
    page = signed_in(client, house, "am")
    answer = page.post(
        "/inspections/new/", {"unit": house.units["east"].pk, "planned_on": "2026-03-02", "outline": "查服务流程"}
    )
    row = Inspection.objects.get()
    base = row.get_absolute_url()
    assert answer.status_code == 303 and answer["Location"] == base
    assert page.post(f"{base}do/draw_questions/", {"posts": ["oa", "sw"], "count": "3"}).status_code == 303
    assert (
        page.post(f"{base}do/draw_inspectors/", {"department": house.units["service"].pk, "count": "2"}).status_code
        == 303
    )
    text = page.get(base).content.decode()
    assert "用同一种子和范围复算，结果一致" in text and "岗位手册" in text
    assert page.post(f"{base}do/issue/", {}).status_code == 303
    assert signed_in(client, house, "oa").get(base).status_code == 404


def test_a_wrong_list_keeps_what_was_typed(client, house):
    page = signed_in(client, house, "am")
    answer = page.post(
        "/inspections/new/", {"unit": house.units["east"].pk, "planned_on": "2026-03-01", "outline": "查服务流程"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "检查日期不能早于今天" in text and "查服务流程" in text


def test_a_unit_sees_the_announced_items_only(client, house):
    row = listed(house)
    actions.issue(row, by=house.actor("am"), at=MONDAY)
    text = signed_in(client, house, "oa").get(row.get_absolute_url()).content.decode()
    assert "上门时先做什么？" in text and "损坏物品时怎么办？" not in text and "查服务流程和安全用语" not in text


def test_answers_are_written_down_on_one_plain_form(client, house):
    sheet = asked(house)
    first, second = sheet.answers.order_by("no")
    page, address = signed_in(client, house, "hr"), f"{sheet.inspection.get_absolute_url()}fill/"
    text = page.get(address).content.decode()
    assert "回答原话" in text and str(first.pk) in text and "先问客户再动手" in text
    given = {
        f"answer-{first.pk}": "先问好",
        f"verdict-{first.pk}": "correct",
        f"version-{first.pk}": "1",
        f"answer-{second.pk}": "",
        f"verdict-{second.pk}": "wrong",
    }
    answer = page.post(address, given)
    text = answer.content.decode()
    assert answer.status_code == 422 and "请先记下回答的原话" in text
    assert Answer.objects.get(pk=first.pk).answer == "先问好"
    given[f"answer-{second.pk}"] = "没有回答"
    given[f"version-{first.pk}"] = "2"
    assert page.post(address, given).status_code == 303
    assert signed_in(client, house, "oa").get(address).status_code == 404


def test_a_picture_hangs_on_its_question_without_a_script_too(client, house):
    sheet = asked(house)
    first = sheet.answers.order_by("no").first()
    page = signed_in(client, house, "hr")
    given = {f"answer-{first.pk}": "先问好", f"version-{first.pk}": "1", f"photo-{first.pk}": picture()}
    assert page.post(f"{sheet.inspection.get_absolute_url()}fill/", given).status_code == 303
    row = Attachment.objects.get(record=sheet.record)
    assert row.place == "№ 1"
    assert str(row.pk) in page.get(sheet.get_absolute_url()).content.decode()
    assert str(row.pk) in page.get(f"{sheet.inspection.get_absolute_url()}fill/").content.decode()
    given[f"photo-{first.pk}"] = SimpleUploadedFile("a.txt", b"no picture")
    assert (
        page.post(f"{sheet.inspection.get_absolute_url()}fill/", given | {f"version-{first.pk}": "2"}).status_code
        == 422
    )


def test_a_name_written_on_the_inspectors_phone_is_told_to_its_owner(client, house):
    sheet = handed(house)
    page, address = signed_in(client, house, "hr"), f"/api/v1/records/{sheet.pk}/signatures"
    seen = page.get(address).json()["seen"]
    drawn = "data:image/png;base64," + base64.b64encode(ink()).decode()
    given = {"result": "agree", "seen": seen, "signature": {"drawn": drawn}}
    got = page.post(f"{address}/asked", given, content_type="application/json")
    assert got.status_code == 200, got.content
    row = sheet.record.signatures.get(role="asked")
    assert (row.state, row.manner, row.signer_id) == ("signed", "presence", house.people["oa"].pk)
    assert Notice.objects.filter(person=house.people["oa"], code="inspections.signed_at_hand").exists()
    printed = {sign.role: sign for sign in prints.sheet(sheet.record, actor=house.actor("am"), at=MONDAY).signatures}
    assert house.people["hr"].shown_name in printed["受检人"].note and printed["受检人"].drawing
    assert "受检人签字；不同意可提出异议" in page.get(sheet.get_absolute_url()).content.decode()
    assert page.post(f"{address}/inspector", given, content_type="application/json").status_code == 200
    # Both have signed: nobody is told to sign again.
    after = page.get(sheet.get_absolute_url()).content.decode()
    assert "受检人不同意可提出异议" in after and "受检人签字；" not in after


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#8fb3a0").save(out, "JPEG")
    return SimpleUploadedFile("door.jpg", out.getvalue(), "image/jpeg")


def ink() -> bytes:
    out, sheet = io.BytesIO(), Image.new("RGBA", (600, 200))
    for x in range(60, 500):
        for y in range(90, 96):
            sheet.putpixel((x, y), (20, 32, 43, 255))
    sheet.save(out, "PNG")
    return out.getvalue()


def test_the_same_answer_written_by_two_shows_what_stands(client, house):
    sheet = asked(house)
    first = sheet.answers.order_by("no").first()
    actions.record_answer(
        sheet, id=first.pk, answer="另一位记的", verdict="", deduction=0, by=house.actor("hr"), at=MONDAY
    )
    page = signed_in(client, house, "hr")
    answer = page.post(
        f"{sheet.inspection.get_absolute_url()}fill/", {f"answer-{first.pk}": "我记的", f"version-{first.pk}": "1"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "另一位记的" in text and "我记的" in text


def test_the_person_reads_signs_and_prints_their_own_sheet(client, house):
    sheet = handed(house)
    page = signed_in(client, house, "oa")
    text = page.get(sheet.get_absolute_url()).content.decode()
    assert "先打招呼，再看现场" in text and "提出异议" in text
    assert page.get(reverse("records:print", args=[sheet.pk])).status_code == 200
    assert page.get(f"{sheet.get_absolute_url()}?part=signatures").status_code == 200
    assert signed_in(client, house, "oa2").get(sheet.get_absolute_url()).status_code == 404


def test_results_are_for_the_person_their_manager_and_administration(client, house):
    sheet = handed(house)
    for who, sees in (("oa", True), ("hs", True), ("am", True), ("cs", False), ("sw", False)):
        text = signed_in(client, house, who).get("/inspections/results/?month=2026-03").content.decode()
        assert (f"/inspections/results/people/{sheet.person_id}/" in text) is sees, who
    address = f"/inspections/results/people/{sheet.person_id}/?month=2026-03"
    assert "90.0" in signed_in(client, house, "oa").get(address).content.decode()
    assert signed_in(client, house, "cs").get(address).status_code == 404


def test_a_week_is_open_to_the_staff_once_it_is_published(client, house):
    sheet = handed(house)
    ordered(house, sheet.inspection)
    address = "/inspections/weeks/2026-03-02/"
    assert signed_in(client, house, "cs").get(address).status_code == 404
    page = signed_in(client, house, "am")
    given = {"kind": "criticism", "unit": house.units["home"].pk, "reason": "赔付流程不熟"}
    assert page.post(f"{address}remark/", given).status_code == 303
    assert "赔付流程不熟" in page.get(address).content.decode()
    with clock.at(MONDAY.replace(day=9)):
        assert page.post(address, {"proposal": "全公司培训赔付流程"}).status_code == 303
        text = signed_in(client, house, "cs").get(address).content.decode()
        assert "50.0" in text and "全公司培训赔付流程" in text and "请签收" in text


def test_an_order_is_carried_out_and_looked_at_again(client, house):
    problem = ordered(house, started(house))
    page = signed_in(client, house, "oa")
    assert (
        page.post(f"{problem.get_absolute_url()}do/finish_rectifying/", {"note": "已经培训并复述"}).status_code == 303
    )
    page = signed_in(client, house, "hr")
    assert problem.number in bench(page)
    assert page.post(f"{problem.get_absolute_url()}do/close/", {"note": "现场复查合格"}).status_code == 303
    assert signed_in(client, house, "cs").get(problem.get_absolute_url()).status_code == 404


def test_a_person_named_in_a_remark_needs_a_sheet_that_exists(client, house):
    page = signed_in(client, house, "am")
    given = {"kind": "praise", "unit": house.units["home"].pk, "reason": "进步明显", "sheet_no": "F08-1"}
    answer = page.post("/inspections/weeks/2026-03-02/remark/", given)
    assert answer.status_code == 422 and "没有这个编号的受检表" in answer.content.decode()


def test_the_interface_takes_answers_one_by_one(client, house):
    sheet = asked(house)
    first = sheet.answers.order_by("no").first()
    page = signed_in(client, house, "hr")
    address = f"/api/v1/inspections/sheets/{sheet.pk}/answers/{first.pk}"
    given = {"answer": "先问好", "verdict": "correct", "version": 1}
    got = page.post(address, given, content_type="application/json")
    assert got.status_code == 200 and got.json()["version"] == 2
    clash = page.post(address, {**given, "answer": "别的"}, content_type="application/json")
    assert clash.status_code == 409 and clash.json()["refusals"][0]["code"] == "answer.changed"
    assert page.get(f"/api/v1/inspections/sheets/{sheet.pk}").json()["answers"][0]["answer"] == "先问好"
    assert signed_in(client, house, "oa").get(f"/api/v1/inspections/{sheet.inspection_id}").status_code == 200


def test_planned_and_empty_lists_say_what_to_do(client, house):
    planned(house)
    assert "拟检查清单" in signed_in(client, house, "am").get("/inspections/").content.decode()
    assert "涉及您的检查会出现在这里" in signed_in(client, house, "op").get("/inspections/").content.decode()


@pytest.mark.clause("HS-W1.6")
def test_the_sheet_of_a_spot_check_shows_every_field_of_its_form(client, house):
    sheet = handed(house, kind="spot_check", by="hs", verdicts=("wrong",))
    ordered(house, sheet.inspection, by="hs", due=13)
    text = " ".join(signed_in(client, house, "hs").get(sheet.get_absolute_url()).content.decode().split())
    for words in (
        "到访时间",
        "离开时间",
        "抽查提纲",
        "服务去向核对",
        "问题与解决",
        "不会讲三大承诺",
        "周三前培训并复述",
    ):
        assert words in text, words
    for label, value in (("是否预告", "否"), ("是否纳入考核", "是")):
        assert re.search(rf"{label}</dt>\s*<dd[^>]*>\s*{value}", text), label
