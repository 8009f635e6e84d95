"""The person responsible reports pressure; the handler neither reads it nor answers it (CC-D3)."""

import pytest
from django.test import Client

from tests.claims import stages
from tests.houses import MONDAY, House
from zhangfa.claims import actions
from zhangfa.claims.models import Pressure
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def codes(refused):
    return [refusal.code for refusal in refused.value.refusals]


@pytest.fixture
def house():
    return House()


@pytest.fixture
def browse(house):
    """A signed-in browser of a seat."""
    known = {}

    def ask(name, address, data=None, status=200):
        if name not in known:
            known[name] = Client()
            known[name].force_login(house.user(name))
        with clock.at(MONDAY):
            answer = known[name].get(address) if data is None else known[name].post(address, data)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer

    return ask


@pytest.mark.clause("CC-D3")
def test_pressure_goes_over_the_handlers_head_and_comes_back_answered(house, browse):
    case = stages.accident(house, "registered")
    url, handler = f"{case.get_absolute_url()}pressure/", house.handler_of(case)
    assert f'href="{url}"' in browse("sw", case.get_absolute_url()).content.decode()
    assert f'href="{url}"' not in browse(handler, case.get_absolute_url()).content.decode()
    browse(handler, url, status=403)
    browse("oa", url, status=403)
    browse("mk", url, status=404)
    browse("sw", url, {"text": "急"}, status=422)
    browse("sw", url, {"text": "经办人让我自己先垫钱"}, status=303)
    row = Pressure.objects.get()
    assert (row.person, row.text) == (house.people["sw"], "经办人让我自己先垫钱")
    assert Notice.objects.filter(person=house.people["cs"], code="claims.pressure").exists()
    assert "压力" not in browse(handler, f"{case.get_absolute_url()}?part=trail").content.decode()
    assert "垫钱" in browse("cs", url).content.decode()
    browse("cs", url, {"answer": "已和经办人谈话，垫款由公司支付"}, status=303)
    row.refresh_from_db()
    assert row.answered_by == house.people["cs"]
    assert "垫款由公司支付" in browse("sw", url).content.decode()
    assert Notice.objects.filter(person=house.people["sw"], code="claims.pressure_answered").exists()


@pytest.mark.clause("CC-D3")
def test_a_manager_who_handles_the_case_answers_nothing(house):
    case = stages.accident(house, "registered")
    case = actions.reassign(case, by=house.actor("cs"), at=MONDAY, person=house.people["cs"], reason="专员休假")
    row = actions.report_pressure(case, by=house.actor("sw"), at=MONDAY, text="经理让我不要说话")
    assert not Notice.objects.filter(person=house.people["cs"], code="claims.pressure").exists()
    assert Notice.objects.filter(person=house.people["dgm"], code="claims.pressure").exists()
    with pytest.raises(Refused) as refused:
        actions.answer_pressure(row, by=house.actor("cs"), at=MONDAY, answer="没有这回事")
    assert codes(refused) == ["pressure.above"]
    actions.answer_pressure(row, by=house.actor("dgm"), at=MONDAY, answer="已改派其他专员")
    with pytest.raises(Refused) as refused:
        actions.answer_pressure(row, by=house.actor("dgm"), at=MONDAY, answer="再答复一次")
    assert codes(refused) == ["pressure.answered"]
    with pytest.raises(Refused) as refused:
        actions.report_pressure(case, by=house.actor("oa"), at=MONDAY, text="替服务员反映")
    assert codes(refused) == ["pressure.own"]


@pytest.mark.clause("CC-D7")
def test_a_claim_to_the_insurer_matches_the_notice_and_the_settlement(house):
    made = stages.settlement(house, "paid")
    by = house.actor(house.handler_of(made.case))
    with pytest.raises(Refused) as refused:
        actions.log_insurer(made, by=by, at=MONDAY, claimed=made.total + 1)
    assert codes(refused) == ["insurer.untold", "insurer.above"]
    made = stages.told(made)
    came = {"by": by, "at": MONDAY, "claimed": made.total, "paid": made.total, "paid_on": MONDAY.date()}
    with pytest.raises(Refused) as refused:
        actions.log_insurer(made, approved=made.total - 1, **came)
    assert [(one.code, str(one.text)) for one in refused.value.refusals] == [
        ("insurer.over", "保险到账不能超过保险核定金额。")
    ]
    made = actions.log_insurer(made, **{**came, "paid": made.total - 1}, approved=made.total - 1)
    actions.log_insurer(made, **came)
