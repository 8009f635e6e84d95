"""Regulations on screen: drafted, approved, promulgated, read with its test, reported on; words beside the field."""

import re

import pytest

from tests.bench import bench
from tests.houses import MONDAY, House
from tests.regulations.stages import FACTS, agree, in_force
from tests.regulations.test_actions import refused
from zhangfa.core import clock
from zhangfa.regulations import actions
from zhangfa.regulations.models import Regulation

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W2")]


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


def body(**more):
    return {**FACTS, "level": "company", "period": "daily", **more}


def test_a_title_that_is_in_force_already_is_pointed_out_before_the_draft_is_kept(desk, house):
    """A hint under the title with the way to the regulation; a second one stays possible, and a revision isn't asked."""
    row = in_force(house)
    found = f'<div class="form-hint" id="id_title_helptext">已有同名的现行制度 <a href="{row.get_absolute_url()}">{row.record.number}</a>'
    cs = desk("cs")
    assert "已有同名" not in shown(cs.get("/regulations/new/", {"title": "另一件事"}))
    asked = cs.get("/regulations/new/", {"title": f" {row.title} "}, headers={"HX-Request": "true"})
    assert found in shown(asked)
    assert "已有同名" not in shown(cs.get("/regulations/new/", {"revises": str(row.pk)}))
    assert cs.post("/regulations/new/", body(title=row.title)).status_code == 303


def test_from_draft_to_archive_on_screen(desk, house):
    cc = desk("cc")
    assert "起草制度" in shown(cc.get("/regulations/new/"))
    wrong = shown(cc.post("/regulations/new/", body(reason="", posts=[])), 422)
    assert "field-error" in wrong and "作业前检查工具绳" in wrong
    answer = cc.post("/regulations/new/", body())
    assert answer.status_code == 303
    regulation = Regulation.objects.get()
    page = shown(cc.get(answer["Location"]))
    assert "起草中" in page and "登高作业的工具一律用绳" not in page
    assert "登高作业的工具一律用绳" in shown(cc.get(f"{answer['Location']}?part=clauses"))
    do = f"/regulations/{regulation.pk}/do"
    assert (
        cc.post(
            f"{do}/ask_question/", {"seq": 1, "question": "工具系在哪里？", "options": "手腕\n口袋", "answer": 1}
        ).status_code
        == 303
    )
    assert cc.post(f"{do}/submit/", {}).status_code == 303
    agree(house, regulation, "am", "gm")
    am = desk("am")
    assert "颁布制度：" in bench(am)
    late = shown(am.post(f"{do}/promulgate/", {"supervisor": house.people["hs"].pk, "effective_on": "2026-03-01"}), 422)
    assert "生效日期不能早于今天" in late
    assert (
        am.post(f"{do}/promulgate/", {"supervisor": house.people["hs"].pk, "effective_on": "2026-03-02"}).status_code
        == 303
    )
    assert "还没有签收" in shown(am.get(f"/regulations/{regulation.pk}/?part=receipts"))
    sw = desk("sw")
    assert "高处作业工具防坠落规定" in shown(sw.get("/regulations/mine/"))
    read = f"/regulations/{regulation.pk}/read/"
    assert "工具系在哪里" in shown(sw.get(read))
    assert "答得不对" in shown(sw.post(read, {"clause_1": "1"}), 422)
    assert sw.post(read, {"clause_1": "0"}).status_code == 303
    assert "已签收" in shown(sw.get("/regulations/mine/"))
    execution = regulation.executions.get()
    assert "部门经理提交" in shown(desk("am").get(f"/regulations/executions/{execution.pk}/"))
    hs = desk("hs")
    report = {"words": "全部网点已学习", "trained_count": "4", "done_rate": "100"}
    assert hs.post(f"/regulations/executions/{execution.pk}/", report).status_code == 303
    assert "归档" in shown(hs.get(f"/regulations/{regulation.pk}/?part=executions"))
    assert (
        desk("oa")
        .post(f"/regulations/{regulation.pk}/paper/", {"person": house.people["sw"].pk, "note": "早会宣读"})
        .status_code
        == 422
    )
    assert shown(desk("sw").get("/regulations/?q=手腕")).count("高处作业工具防坠落规定") >= 1


def test_the_difference_is_shown_where_it_is_read(desk, house):
    first = in_force(house)
    new = actions.draft(
        by=house.actor("cc"), at=MONDAY, **(FACTS | {"clauses": "登高作业的工具一律用绳系在腰间。", "revises": first})
    )
    cc = desk("cc")
    page = shown(cc.get(f"/regulations/{new.pk}/?part=clauses"))
    assert "<ins>" in page and "<del>" in page and "与第 1 版的差异" in page
    assert "第 2 版" in shown(cc.get(f"/regulations/{new.pk}/?part=editions"))
    assert "登高作业的工具一律用绳系在手腕" in shown(cc.get(f"/regulations/new/?revises={first.pk}"))
    assert cc.get("/regulations/new/?revises=nobody").status_code == 404


@pytest.mark.parametrize("name", ["op", "sw"])
def test_drafting_is_not_for_everybody(desk, house, name):
    assert desk(name).get("/regulations/new/").status_code == 403
    regulation = actions.draft(by=house.actor("cc"), at=MONDAY, **FACTS)
    assert desk(name).get(f"/regulations/{regulation.pk}/").status_code == 404


def test_prints(house):
    from zhangfa.records.prints import print_of

    regulation = in_force(house)
    (execution,) = regulation.executions.all()
    execution = actions.report(
        execution, words="全部网点已学习", trained_count=4, done_rate=90, by=house.actor("hs"), at=MONDAY
    )
    for record in (regulation.record, execution.record):
        assert print_of(record, actor=house.actor("am"), at=MONDAY).startswith(b"%PDF")


@pytest.mark.clause("AM-W2")
def test_the_print_carries_every_field_of_a_regulation_and_of_a_report(house):
    """U03 and U04: level, consultation, receipts, and the proof of a department."""
    from zhangfa.regulations.prints import regulation_form, report_form

    regulation = in_force(house)
    am = house.actor("am")
    (facts, *_rest) = regulation_form(regulation.record, actor=am, at=MONDAY).sections
    told = {field.label: field.value for field in facts.fields}
    asked = regulation.receipts.count()
    assert asked and told["签收"] == f"0/{asked}" and told["颁发级别"].startswith("公司")
    assert {"员工协商", "修改章程", "来源", "何时完成", "终止日期", "执行监督人"} <= set(told)
    (execution,) = regulation.executions.all()
    execution = actions.report(
        execution, words="全部网点已学习", trained_count=4, done_rate=90, by=house.actor("hs"), at=MONDAY
    )
    assert report_form(execution.record, actor=am, at=MONDAY).sections[-1].title == "证据"


def test_only_managers_are_offered_to_supervise(desk, house):
    am = desk("am")

    def offered(name):
        return f">{name} T" in shown(am.get("/lookup/managers/", {"name": "supervisor", "supervisor-q": name}))

    assert [offered(f"人{name}") for name in ("oa", "hs", "op", "sw")] == [True, True, False, False]


def primary(text):
    """The words of the coloured buttons, in order."""
    found = re.findall(r'<a class="btn btn-primary"[^>]*>(.*?)</a>', re.sub(r"<svg.*?</svg>", "", text))
    return [re.sub(r"<[^>]*>", "", words).strip() for words in found]


def test_the_coloured_button_is_what_the_reader_came_for(desk, house):
    regulation = in_force(house)
    url = regulation.get_absolute_url()
    assert primary(shown(desk("sw").get(url))) == ["学习并签收"] and "提请废止" not in shown(desk("sw").get(url))
    assert primary(shown(desk("hs").get(url))) == ["提交执行报告"]
    administration = shown(desk("am").get(url))
    assert primary(administration) == [] and "提请废止" in administration


def test_the_next_step_of_a_draft_is_its_coloured_button(desk, house):
    draft = actions.draft(by=house.actor("cc"), at=MONDAY, **FACTS | {"vital": ["safety"]})
    url = draft.get_absolute_url()
    assert primary(shown(desk("cc").get(url))) == ["登记员工协商"]
    talk = {
        "consulted_on": MONDAY.date(),
        "consulted_how": "座谈",
        "consulted_count": 5,
        "consulted_result": "全部同意，无修改",
    }
    actions.consult(draft, by=house.actor("cc"), at=MONDAY, **talk)
    assert primary(shown(desk("cc").get(url))) == ["提交审批"]
    actions.submit(draft, by=house.actor("cc"), at=MONDAY)
    assert "出考题" not in primary(shown(desk("cc").get(url)))
    agree(house, draft, "am", "gm")
    assert primary(shown(desk("am").get(url))) == ["颁布"]


def test_while_repeal_waits_the_page_says_so_and_it_is_not_asked_twice(desk, house):
    regulation = in_force(house)
    facts = {"by": house.actor("am"), "at": MONDAY, "repeal_reason": "设备已经更换，不再适用"}
    actions.ask_repeal(regulation, **facts)
    page = shown(desk("am").get(regulation.get_absolute_url()))
    assert "批准废止" in page and "已经提请废止，正等待批准" in page and "设备已经更换" in page
    refused(lambda: actions.ask_repeal(regulation, **facts), "regulation.repeal_waiting")
    agree(house, regulation, "gm", result="refuse", opinion="设备仍在使用，继续执行")
    page = shown(desk("am").get(regulation.get_absolute_url()))
    assert "批准废止" not in page and "设备已经更换" not in page
    actions.ask_repeal(regulation, **facts)
