"""A reward or penalty: proposed by a person, never by a count; heard, decided by somebody else, carried out, open to appeal (HS-W1.9)."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.houses import MONDAY
from tests.inspections.test_forms import LATER, copied  # noqa: F401  the fixture
from tests.regulations.stages import in_force
from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for, who_has
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.inspections import actions
from zhangfa.inspections.models import Merit
from zhangfa.policy.actions import enact
from zhangfa.records.prints import print_of
from zhangfa.regulations.models import Receipt
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-W1.9"), pytest.mark.clause("HS-D4")]


@pytest.fixture
def rule(house):
    """A rule that the outlet manager has acknowledged."""
    row = in_force(house, title="表单填写规定", posts=["oa", "op"])
    Receipt.objects.filter(regulation=row, person=house.people["oa"]).update(at=MONDAY)
    return row


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return {refusal.code for refusal in caught.value.refusals}


def propose(house, rule, by="hs", at=LATER, **more):
    facts = {
        "kind": "penalty", "measure": "talk", "person": house.people["oa"], "fact": "三份档案内容相同，没有到访", "ground": rule, "clause": "第一条",
    }  # fmt: skip
    return actions.propose_merit(**(facts | more), by=house.actor(by), at=at)


def settle(row, name, house, result="agree", opinion="事实清楚，同意", at=LATER):
    (step,) = waiting_for(row.pk)
    decide(step, by=house.actor(name, at), at=at, result=result, opinion=opinion)
    return Merit.objects.get(pk=row.pk)


def test_a_count_alone_has_no_consequence(house, copied, rule):  # noqa: F811
    assert not Merit.objects.exists()
    assert "merit.unconfirmed" in codes(lambda: propose(house, rule, finding=copied))
    confirmed = actions.confirm(copied, ruling="三户确实没有到访", by=house.actor("hs"), at=LATER)
    assert not Merit.objects.exists()
    assert propose(house, rule, finding=confirmed).finding == confirmed


def test_a_penalty_stands_on_a_rule_that_bound_the_person_and_takes_no_money(house, rule):
    assert "merit.ground" in codes(lambda: propose(house, None))
    assert "merit.amount" in codes(lambda: propose(house, rule, amount=Decimal(50)))
    assert "merit.measure" in codes(lambda: propose(house, rule, measure="bonus"))
    assert "merit.clause" in codes(lambda: propose(house, rule, clause=""))
    Receipt.objects.filter(regulation=rule).update(at=None)
    assert "merit.unread" in codes(lambda: propose(house, rule))


def test_who_may_propose_and_nobody_for_themselves(house, rule):
    assert codes(lambda: propose(house, rule, by="oa")) == {"merit.own"}
    assert codes(lambda: propose(house, rule, by="ls")) == {"merit.not_yours"}
    assert codes(lambda: propose(house, rule, by="sw")) == {"merit.post"}


def test_heard_then_decided_by_somebody_else_then_carried_out(house, rule):
    row = propose(house, rule)
    assert (row.status, waiting_for(row.pk)) == ("proposed", [])
    assert codes(lambda: actions.state(row, text="无异议", by=house.actor("hs"), at=LATER)) == {"merit.person"}
    row = actions.state(row, text="当天客户不在家，是补写的", by=house.actor("oa"), at=LATER)
    (step,) = waiting_for(row.pk)
    assert [person.pk for person in who_has(step, LATER)] == [house.people["am"].pk]
    row = settle(row, "am", house)
    assert (row.status, row.decided_by_id) == ("agreed", house.people["am"].pk)
    assert codes(lambda: actions.carry_out(row, by=house.actor("hs"), at=LATER)) == {"merit.executor"}
    row = actions.carry_out(row, by=house.actor("hr"), at=LATER)
    assert (row.status, row.done_on) == ("done", clock.local_date(LATER))
    assert print_of(row.record, actor=house.actor("am", LATER), at=LATER).startswith(b"%PDF")


def test_administration_does_not_decide_what_it_proposed_or_what_is_about_it(house, rule):
    own = propose(house, rule, by="am")
    own = actions.state(own, text="无异议", by=house.actor("oa"), at=LATER)
    (step,) = waiting_for(own.pk)
    assert house.people["am"].pk not in {person.pk for person in who_has(step, LATER)}
    reward = propose(
        house,
        None,
        by="gm",
        kind="reward",
        measure="praise",
        person=house.people["am"],
        clause="",
        fact="组织培训很认真",
    )
    (step,) = waiting_for(reward.pk)
    deciders = {person.pk for person in who_has(step, LATER)}
    assert not deciders & {house.people["am"].pk, house.people["gm"].pk}


def test_silence_needs_a_witness_and_an_appeal_goes_to_the_general_manager(house, rule):
    row = propose(house, rule)
    assert codes(lambda: actions.note_silence(row, text="当面告知，不说话", by=house.actor("hs"), at=LATER)) == {
        "merit.witness"
    }
    row = actions.note_silence(row, text="周一上午在网点当面告知，不作陈述", by=house.actor("hr"), at=LATER)
    row = settle(row, "am", house)
    row = actions.appeal(row, text="那几天我在请假，不是我写的", by=house.actor("oa"), at=LATER)
    (step,) = waiting_for(row.pk)
    assert [person.pk for person in who_has(step, LATER)] == [house.people["gm"].pk]
    row = settle(row, "gm", house, opinion="查明是他人代写")
    assert row.status == "lifted"
    second = actions.state(propose(house, rule), text="无异议", by=house.actor("oa"), at=LATER)
    second = settle(second, "am", house)
    second = settle(
        actions.appeal(second, text="再看一遍我的说明", by=house.actor("oa"), at=LATER),
        "gm",
        house,
        "refuse",
        "维持原决定",
    )
    assert second.status == "agreed"
    assert codes(lambda: actions.appeal(second, text="再申诉一次试试", by=house.actor("oa"), at=LATER)) == {
        "merit.appealed"
    }


def shown(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return re.sub(r"\s+", " ", answer.content.decode())


def test_from_the_finding_to_the_decision_on_screen(client, house, copied, rule):  # noqa: F811
    with clock.at(LATER):
        client.force_login(house.user("hs"))
        actions.confirm(copied, ruling="三户确实没有到访", by=house.actor("hs"), at=LATER)
        assert f"/merits/new/?finding={copied.pk}" in shown(client.get(copied.get_absolute_url()))
        page = shown(client.get(f"/merits/new/?finding={copied.pk}"))
        assert copied.evidence[0]["number"] in page and "不会自动奖惩" in page
        body = {
            "kind": "penalty", "person": house.people["oa"].pk, "fact": "三份档案内容相同，没有到访", "ground": str(rule.pk), "clause": "第一条",
            "measure": "talk", "finding": copied.pk,
        }  # fmt: skip
        assert "依据制度的哪一条" in shown(client.post("/merits/new/", body | {"clause": ""}), 422)
        answer = client.post("/merits/new/", body)
        assert answer.status_code == 303
        url = answer["Location"]
        assert "情况已核实" in shown(client.get(copied.get_absolute_url()))
        client.force_login(house.user("oa"))
        assert "奖惩意见" in shown(client.get("/"))
        assert client.post(f"{url}do/state/", {"text": "当天客户不在家"}).status_code == 303
        client.force_login(house.user("am"))
        (step,) = waiting_for(Merit.objects.get().pk)
        assert "当天客户不在家" in shown(client.get(f"/inbox/{step.pk}/"))
        for name, sees in (("cs", 404), ("sup", 404), ("hr", 200)):
            client.force_login(house.user(name))
            assert client.get(url).status_code == sees, name
        shown(client.get("/merits/"))
        shown(client.get("/merits/?kind=penalty&q=U33"))


def test_the_same_by_a_program(client, house, rule):
    with clock.at(LATER):
        head = {"Authorization": f"Bearer {tokens.issue(house.user('hs'), at=LATER)}"}
        body = {
            "kind": "reward",
            "measure": "bonus",
            "amount": "200.00",
            "person": house.people["oa"].pk,
            "fact": "客户来信表扬三次",
        }
        answer = client.post("/api/v1/merits", body, content_type="application/json", headers=head)
        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert (made["status"], made["amount"]) == ("deciding", "200.00")
        back = client.post(
            f"/api/v1/merits/{made['number']}/transitions/withdraw_merit",
            {},
            content_type="application/json",
            headers=head,
        )
        assert back.json()["status"] == "withdrawn"
        assert client.get("/api/v1/merits", headers=head).json()["items"][0]["number"] == made["number"]


def test_days_later_nothing_has_happened_by_itself(house, copied):  # noqa: F811
    later = LATER + dt.timedelta(days=60)
    with clock.at(later):
        assert not Merit.objects.exists()


@pytest.mark.clause("HS-D9")
def test_bonuses_stay_within_the_departments_budget_of_the_year(house):
    def bonus(amount, by="hs", who="oa", at=LATER):
        facts = {"kind": "reward", "measure": "bonus", "person": house.people[who], "fact": "主动排除燃气隐患"}
        return actions.propose_merit(**facts, amount=Decimal(amount), by=house.actor(by, at), at=at)

    # No budget set: nothing to hold against.
    bonus("9000").refresh_from_db()
    enact("reward.yearly_cap", "10000", LATER.date(), by=house.actor("gm"), at=MONDAY)
    first = bonus("999.99")
    assert codes(lambda: bonus("0.02")) == {"merit.budget"}
    bonus("0.01")
    assert bonus("500", by="am", who="op").amount == Decimal(500)  # another department's own budget
    actions.withdraw_merit(first, by=house.actor("hs", LATER), at=LATER)
    assert bonus("999.99")
    assert bonus("10000", at=LATER + dt.timedelta(days=366)).amount == Decimal(10000)
