"""Every step of a case cites the house's rule in the version that binds (CC-W1.1)."""

import pytest

from tests.claims import stages
from tests.houses import MONDAY
from tests.regulations.stages import in_force
from zhangfa.claims import citing
from zhangfa.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W1.1")]


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(MONDAY):
        yield


def rule(house, *clauses):
    return in_force(house, title=citing.TITLE, clauses="\n".join(clauses))


def page(client, house, case, who="cc", more=""):
    client.force_login(house.user(who))
    return client.get(f"{case.get_absolute_url()}{more}").content.decode()


def test_before_the_rule_is_promulgated_its_name_and_the_clause_are_cited(client, house):
    text = page(client, house, house.report("1800"))
    assert f"《{citing.TITLE}》还没有颁布" in text and "CC-W1.1" in text
    # What is missing says where it is made; whoever may draft has the button there.
    assert '<a href="/regulations/">到“制度”里起草、颁布</a>' in text
    client.force_login(house.user("am"))
    assert "/regulations/new/" in client.get("/regulations/").content.decode()


def test_the_next_step_cites_edition_and_clause_with_a_link(client, house):
    made = rule(house, "当场登记，立即通知经办人。", "认定损失须有市场价格来源。")
    case = house.report("1800")
    text = page(client, house, case)
    assert f"《{citing.TITLE}》第 1 版" in text and f"{made.get_absolute_url()}?part=clauses#clause-1" in text
    assert "当场登记，立即通知经办人。" in text
    assert "当场登记，立即通知经办人。" in page(client, house, case, more="do/acknowledge/")


@pytest.mark.postgres
def test_each_step_finds_its_own_clause(house):
    rule(house, "当场登记。", "认定损失须有市场价格来源。", "按章程的权限决定。", "赔付当天填写处理表。")
    found = [citing.find(clause, MONDAY) for clause in ("CC-W1.1", "CC-W1.4", "CC-W1.5", "CC-W1.7", "CC-D3")]
    assert [one.seq for one in found] == [1, 2, 3, 4, 0]
    assert found[-1].url and not found[-1].text


def test_a_case_that_waits_for_others_cites_what_they_do(client, house):
    rule(house, "理赔按章程的权限审批。", "客户满意后结案。", "赔付当天填写处理表。")
    plan = stages.settlement(house, "proposed")
    text = page(client, house, plan.case, who=house.handler_of(plan.case))
    assert "审批理赔方案" in text and "理赔按章程的权限审批。" in text and "客户满意后结案。" not in text
    for status, words in (("approved", "客户满意后结案。"), ("accepted", "赔付当天填写处理表。")):
        house.customer = house.make_customer(f"邻居{status}")
        house.order = house.make_order(house.customer)
        plan = stages.settlement(house, status)
        assert words in page(client, house, plan.case, who="cs")


def test_the_deciding_page_cites_the_rule_too(client, house):
    rule(house, "理赔按章程的权限决定。")
    settlement = stages.settlement(house, "proposed")
    text = page(client, house, settlement, who="dgm")
    assert "理赔按章程的权限决定。" in text


@pytest.mark.parametrize(
    ("clause", "seq"), [("CC-W1.1", 1), ("CC-W1.3", 2), ("CC-W1.5", 3), ("CC-D7", 3)], ids=lambda value: str(value)
)
def test_a_word_that_two_clauses_share_does_not_name_the_wrong_one(house, clause, seq):
    """The call says how long until somebody is on the spot; the survey is done there."""
    rule(
        house, "话务员当场登记，立即通知经办人，并告诉客户多久到现场。", "经办人到现场查看损坏物品，拍照，听取双方说明。",
        "理赔按章程的权限决定，任何人不决定自己经办的事项。",
    )  # fmt: skip
    assert citing.find(clause, MONDAY).seq == seq
