"""The learning chain on screen: rule, waiver, lesson, test, thread, effect (CC-W2.1, CC-W2.2)."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tests.claims.test_actions_learning import closed
from tests.claims.test_actions_lesson import photo_of
from tests.houses import MONDAY, House
from tests.regulations.stages import FACTS, in_force
from zhangfa.claims.models import LearningTask, Study
from zhangfa.core import clock
from zhangfa.records.models import Copy, Publication
from zhangfa.records.prints import print_of
from zhangfa.regulations.models import Regulation
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W2.1"), pytest.mark.clause("CC-W2.2")]
LESSON = {
    "title": "工具滑落砸坏台面", "narrative": "服务员擦洗吊柜时工具滑落。", "analysis": "工具没有系绳。", "correct_practice": "工具系在手腕。",
    "checkpoints": "工具系绳\n铺防护垫", "posts": ["sw"], "quiz": "先做什么？\n* 铺防护垫\n直接擦",
}  # fmt: skip


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def desk(client, house):
    def of(name):
        client.force_login(house.user(name))
        return client

    return of


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


def test_from_the_case_to_the_lesson(desk, house):
    case = closed(house, "isolated")
    handler = house.handler_of(case)
    page = shown(desk(handler).get(f"{case.get_absolute_url()}?part=learning"))
    assert "编写培训资料" in page and "申请不出台制度" in page and "看整条线" in page
    client = desk("cc") if handler != "cc" else desk(handler)
    client = desk(handler)
    wrong = shown(client.post(f"/cases/{case.pk}/learning/study/", LESSON | {"narrative": "林女士家的台面坏了"}), 422)
    assert "当事人的姓名" in wrong and "林女士家的台面坏了" in wrong
    answer = client.post(f"/cases/{case.pk}/learning/study/", LESSON)
    assert answer.status_code == 303
    study = Study.objects.get()
    assert desk("sw").get(f"/claims/studies/{study.pk}/").status_code == 404
    release = f"/claims/studies/{study.pk}/do/release/"
    assert desk("cs").post(release, {"train_by": "2026-03-20"}).status_code == 303
    sw = desk("sw")
    page = shown(sw.get(f"/claims/studies/{study.pk}/"))
    assert "学习并答题" in page
    assert "这道题答得不对" in shown(sw.post(f"/claims/studies/{study.pk}/read/", {"question_0": "1"}), 422)
    assert sw.post(f"/claims/studies/{study.pk}/read/", {"question_0": "0"}).status_code == 303
    assert "已学习" in shown(desk("cs").get(f"/claims/studies/{study.pk}/?part=readers"))
    assert case.record.number in shown(desk("cs").get(f"/claims/studies/{study.pk}/"))
    assert desk(handler).post(f"/cases/{case.pk}/learning/waive/", {"reason": "客户自带的工具"}).status_code == 303
    assert "等待批准" in shown(desk(handler).get(f"{case.get_absolute_url()}?part=learning"))
    assert print_of(study.record, actor=house.actor("cs"), at=MONDAY).startswith(b"%PDF")


def test_the_thread_and_the_effect(desk, house):
    case = closed(house)
    cc = desk("cc")
    url = f"/regulations/new/?source_kind=claims.case&source_id={case.pk}"
    assert f'value="{case.pk}"' in shown(cc.get(url))
    body = {**FACTS, "level": "company", "period": "daily", "source_kind": "claims.case", "source_id": str(case.pk)}
    assert cc.post("/regulations/new/", body).status_code == 303
    Regulation.objects.get(source_id=str(case.pk))
    page = shown(desk("am").get(f"/threads/claims.case/{case.pk}/"))
    assert "起草制度" in page and "各部门报告执行情况" in page and "林知夏" not in page
    assert desk("sw2").get(f"/threads/claims.case/{case.pk}/").status_code == 404
    assert desk("am").get("/threads/claims.case/nobody/").status_code == 404
    assert desk("am").get("/threads/nothing/1/").status_code == 404
    in_force(house, source_kind="claims.case", source_id=case.pk, title="第二份防坠落规定")
    cs = desk("cs")
    assert "第二份防坠落规定" in shown(cs.get("/claims/effect/"))
    assert "2026-Q1" in shown(cs.get("/claims/effect/2026-Q1/"))
    assert cs.get("/claims/effect/2026-Q9/").status_code == 404
    assert desk("sw").get("/claims/effect/").status_code == 403


def test_the_analysis_is_handed_in_once_and_is_a_paper_that_names_nobody(desk, house):
    case = closed(house)
    handler, address = house.handler_of(case), f"/cases/{case.pk}/learning/"
    fields = {"analysis": "高处作业没有系绳", "management": "班前没有提醒", "measures": "写入规范"}
    assert desk(handler).post(address, fields).status_code == 303
    assert desk(handler).post(address, fields).status_code == 422
    assert desk("oa").post(address, fields).status_code in (403, 404, 422)
    task = LearningTask.objects.get(case=case)
    assert task.record.number in shown(desk(handler).get(case.get_absolute_url())) and task.similar == 0
    # By its address it leads to where everybody reads it who reads the case, and nobody else.
    for who in (handler, "hs", "gm"):
        answer = desk(who).get(address)
        assert answer.headers["Location"].startswith(f"{case.get_absolute_url()}?part=learning"), who
        page = shown(desk(who).get(f"{case.get_absolute_url()}?part=learning"))
        assert "高处作业没有系绳" in page and "班前没有提醒" in page and "写入规范" in page
    assert desk("oa2" if "oa2" in house.people else "mk").get(address).status_code == 404
    # Administration reads the report without the case.
    paper = f"/records/{task.record_id}/print.pdf"
    assert paper in shown(desk("am").get(f"/threads/claims.case/{case.pk}/"))
    pdf = desk("am").get(paper)
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF")
    assert desk("sw2").get(paper).status_code == 404


@pytest.mark.clause("CC-W2.2")
def test_a_quarters_effect_is_frozen_printed_and_taken_as_a_spreadsheet(desk, house):
    case = closed(house)
    in_force(house, source_kind="claims.case", source_id=case.pk, title="防坠落规定")
    with clock.at(MONDAY.replace(month=4, day=7)):
        cs = desk("cs")
        address = "/claims/effect/2026-Q1/"
        assert "防坠落规定" in shown(cs.get(address)) and cs.post(address).status_code == 303
        page = shown(cs.get(address))
        paper = Publication.objects.get(kind="RPT-14")
        assert paper.digest in page and "首次发布" in page and ">发布并发送<" not in page
        book = CalamineWorkbook.from_filelike(io.BytesIO(cs.get(f"{address}?export=xlsx").content))
        about = [cell for line in book.get_sheet_by_name("说明").to_python() for cell in line]
        assert "防坠落规定" in book.get_sheet_by_index(0).to_python()[3] and "2026-03-31" in about
        assert cs.get("/claims/effect/?export=xlsx").status_code == 200
        assert print_of(paper.record, actor=house.actor("cs"), at=MONDAY).startswith(b"%PDF")
        assert Copy.objects.filter(record=paper.record, person=house.people["am"]).exists()


def test_pictures_sessions_and_effect_on_screen(desk, house):
    case = closed(house)
    handler = house.handler_of(case)
    client = desk(handler)
    assert client.post(f"/cases/{case.pk}/learning/study/", LESSON).status_code == 303
    study, photo = Study.objects.get(), photo_of(case)
    url = study.get_absolute_url()
    assert "放入图片" in shown(client.get(url))
    picking = f"{url}pictures/"
    assert str(photo.pk) in shown(client.get(picking))
    assert "已选" in shown(client.get(f"{picking}?photo={photo.pk}"))
    body = {"photo": str(photo.pk), "caption": "砸裂的台面"}
    assert "没有人脸" in shown(client.post(picking, body), 422)
    assert client.post(picking, {**body, "is_anonymous": "on"}).status_code == 303
    (picture,) = study.pictures.all()
    assert client.get(f"/records/files/{picture.attachment_id}/view.jpg").status_code == 200
    # Whoever doesn't see the case doesn't see its photos, writer or not.
    assert desk("sw2").get(picking).status_code == 404
    cs, release = desk("cs"), f"{url}do/release/"
    assert "pictures_checked" in shown(cs.get(release))
    assert "逐张核对" in shown(cs.post(release, {"train_by": "2026-03-20"}), 422)
    assert cs.post(release, {"train_by": "2026-03-20", "pictures_checked": "on"}).status_code == 303
    page = shown(cs.get(f"{url}?part=sessions"))
    assert "砸裂的台面" in page and "已学习 0 / 2 人" in page and "2026-03-20 以前学完" in page
    planned = cs.post(
        f"{url}sessions/", {"held_on": "2026-03-02", "hours": "1", "trainer": house.people["cc"].pk, "pass_score": "60"}
    )
    assert planned.status_code == 303
    training = planned["Location"]
    page = shown(cs.get(f"{training}?part=lesson"))
    assert study.record.number in page and house.people["sw"].name in page
    assert desk("sw2").get(f"/records/files/{picture.attachment_id}/view.jpg").status_code == 200
    assert "还没有人学习" in shown(desk("cs").get(f"{url}?part=effect"))
    assert "效果对" not in shown(desk("sw").get(url)) and "砸裂的台面" in shown(desk("sw").get(f"{url}read/"))
    assert desk("sw").get(f"{url}sessions/").status_code == 403


def test_the_same_by_a_program(client, house):
    case = closed(house)
    by = house.handler_of(case)
    photo = photo_of(case)

    def call(name, path, body, status):
        token = tokens.issue(house.user(name), at=MONDAY)
        answer = client.post(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == status, answer.content.decode()[:800]
        return answer.json()

    lesson = {**LESSON, "posts": ["sw"]}
    made = call(by, f"/cases/{case.pk}/study", lesson, 201)
    assert "case" not in made and made["quiz"] == [{"question": "先做什么？", "options": ["铺防护垫", "直接擦"]}]
    path = f"/studies/{made['number']}"
    picture = {"photo": str(photo.pk), "caption": "砸裂的台面", "is_anonymous": False}
    assert call(by, f"{path}/pictures", picture, 409)["refusals"][0]["code"] == "picture.unconfirmed"
    shown_now = call(by, f"{path}/pictures", {**picture, "is_anonymous": True}, 200)
    assert [one["caption"] for one in shown_now["pictures"]] == ["砸裂的台面"]
    call("cs", f"{path}/transitions/release", {"train_by": "2026-03-20", "pictures_checked": True}, 200)
    plan = {"held_on": "2026-03-02", "hours": "1", "trainer": house.people["cc"].pk}
    assert call("cs", f"{path}/sessions", plan, 201)["status"] == "planned"
    assert call("sw", f"{path}/reading", {"answers": "1"}, 200)["questions"] == 1
