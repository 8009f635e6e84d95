"""Activities go where the sum of their event sends them; money is committed after the approval and settled against it."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.administration import actions, activity
from zhangfa.administration.models import Activity
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.finance.models import Payment
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Absence, Holding
from zhangfa.policy.explain import explain_command
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W4.2"), pytest.mark.clause("AM-D7")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
S = Activity.Status


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def propose(house, amount="2000", by="cs", at=MONDAY, **more):
    facts = {
        "title": "春季团建", "theme": "春季团建", "purpose": "让各部门的人互相认识", "begins_on": dt.date(2026, 4, 11), "ends_on": dt.date(2026, 4, 11),
        "people": 30, "lines": [("场地", Decimal(amount))],
    }  # fmt: skip
    return actions.propose_one(**(facts | more), by=house.actor(by, at), at=at)


def step_of(row):
    return Step.objects.filter(record_id=row.pk).order_by("-seq").first()


def decider(house, row):
    step = step_of(row)
    return next((name for name, seat in house.seats.items() if seat.pk == step.seat_id), None)


def answer(house, row, by, result="agree", at=MONDAY + HOUR):
    decide(step_of(row), by=house.actor(by, at), at=at, result=result, opinion="请再核一下金额")
    return Activity.objects.select_related("record").get(pk=row.pk)


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


VECTORS = [
    ("2999.99", "am"),
    ("3000", "dgm"),
    ("3000.01", "dgm"),
    ("4999.99", "dgm"),
    ("5000", "gm"),
    ("5000.01", "gm"),
]


@pytest.mark.parametrize(("amount", "authority"), VECTORS)
def test_page_interface_and_command_give_the_same_answer(client, house, capsys, amount, authority):
    client.force_login(house.user("cs"))
    body = {
        "title": "春季团建", "theme": "春季团建", "purpose": "让各部门的人互相认识", "begins_on": "2026-04-11", "ends_on": "2026-04-11", "people": 30,
        "lines": f"场地费 {amount}",
    }  # fmt: skip
    page = client.post("/activities/new/", {**body, "_why": "1"}, headers={"HX-Request": "true"}).content.decode()
    names = {"am": "行政部经理", "dgm": "分管副总经理", "gm": "总经理"}
    assert f"<b>{names[authority]}</b>" in page
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=MONDAY)}"}
    made = client.post("/api/v1/activities", json.dumps(body), content_type="application/json", headers=headers)
    assert made.status_code == 201, made.content
    row = Activity.objects.get()
    assert (made.json()["authority"], decider(house, row)) == (authority, authority)
    assert explain_command(["activity", f"amount={amount}", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["authority"] == authority and said["why"]["zh"] == made.json()["why"][0] and said["why"]["zh"] in page


def test_the_parts_of_one_event_are_added_up(house):
    first = answer(house, propose(house, "2000"), "am")
    second = propose(
        house,
        "1000",
        theme="春季 团建",
        title="团建晚餐",
        at=MONDAY + 29 * DAY,
        begins_on=dt.date(2026, 5, 1),
        ends_on=dt.date(2026, 5, 1),
    )
    assert (second.total, decider(house, second)) == (Decimal(3000), "dgm")
    assert step_of(second).facts["parts"] == [first.record.number]
    facts = {"begins_on": dt.date(2026, 6, 1), "ends_on": dt.date(2026, 6, 1)}
    answer(house, second, "dgm", "refuse", MONDAY + 29 * DAY)
    later = propose(house, "1000", at=MONDAY + 30 * DAY, **facts)
    assert (later.total, decider(house, later)) == (Decimal(1000), "am")
    other = propose(house, "2999.99", theme="中秋晚会")
    assert decider(house, other) == "am"


def test_the_administration_managers_own_proposal_goes_up(house):
    row = propose(house, "500", by="am")
    assert decider(house, row) == "gm"
    assert codes(answer, house, row, "am") == {"approvals.own"}
    assert decider(house, propose(house, "3000", by="am", theme="另一个")) == "dgm"


def test_nothing_is_committed_before_the_approval_nor_beyond_it(house):
    row = propose(house, "3000")
    facts = {"by": house.actor("am"), "at": MONDAY, "label": "场地定金"}
    assert codes(actions.commit, row, amount=Decimal(1), **facts) == {"activity.unapproved"}
    assert codes(answer, house, row, "am") == {"approvals.seat"}
    row = answer(house, row, "dgm")
    actions.commit(row, amount=Decimal(3000), **facts)
    assert codes(actions.commit, row, amount=Decimal("300.01"), **facts) == {"activity.overspent"}
    actions.commit(row, amount=Decimal(300), **facts)
    assert codes(actions.commit, row, amount=Decimal(1), **(facts | {"by": house.actor("hs")})) == {
        "activity.organiser"
    }


@pytest.mark.parametrize(("actual", "status"), [("3299.99", S.SETTLED), ("3300", S.SETTLED), ("3300.01", S.OVERSPENT)])
def test_more_than_the_share_needs_approval_anew(house, actual, status):
    row = answer(house, propose(house, "3000"), "dgm")
    at = clock.day_start(dt.date(2026, 4, 12))
    by = house.actor("cs", at)
    facts = {"by": by, "at": at}
    settle = {"actual_amount": Decimal(actual), "summary": "三十人参加，反映很好"}
    assert "activity.attendance" in codes(actions.settle_activity, row, **settle, **facts)
    assert codes(actions.attend, row, people="T001 没有的人", **facts) == {"people.unknown"}
    row = actions.attend(row, people="T001，人hs\nT008", **facts)
    assert row.guests.count() == 3 - (house.people["hs"].no in ("T001", "T008"))
    if status == S.SETTLED:
        reason = {"actual_amount": Decimal(actual), "reason": "人数增加"}
        assert "activity.not_overspent" in codes(actions.ask_overspend, row, **reason, **facts)
        assert actions.settle_activity(row, **settle, **facts).status == S.SETTLED
        return
    assert codes(actions.settle_activity, row, **settle, **facts) == {"activity.overspent"}
    row = actions.ask_overspend(row, actual_amount=Decimal(actual), reason="人数比预计增加", **facts)
    assert (row.status, decider(house, row)) == (status, "dgm")
    row = answer(house, row, "dgm", at=at + HOUR)
    assert (row.status, row.approved_amount) == (S.APPROVED, Decimal(actual))
    assert actions.settle_activity(row, **settle, **facts).status == S.SETTLED


def test_a_refused_overspend_leaves_the_old_approval(house):
    row = answer(house, propose(house, "3000"), "dgm")
    facts = {"by": house.actor("cs"), "at": MONDAY, "actual_amount": Decimal(9000), "reason": "想办得更大一些"}
    row = actions.ask_overspend(row, **facts)
    assert decider(house, row) == "gm"
    row = answer(house, row, "gm", "refuse")
    assert (row.status, row.approved_amount) == (S.APPROVED, Decimal(3000))


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_the_proposal_to_the_settlement_in_the_browser(client, house, language):
    client.cookies["language"] = language
    client.force_login(house.user("cs"))
    body = {
        "title": "春季团建", "theme": "春季团建", "purpose": "让各部门的人互相认识", "begins_on": "2026-03-02", "ends_on": "2026-03-02", "people": "30",
        "lines": "场地费 1200\n晚餐：2,000元",
    }  # fmt: skip
    assert "场地" in shown(client.post("/activities/new/", {**body, "lines": "场地"}), 422)
    page = client.post("/activities/new/", body)
    row = Activity.objects.get()
    assert page["Location"] == row.get_absolute_url() and row.amount == Decimal(3200)
    client.force_login(house.user("dgm"))
    step = step_of(row)
    shown(client.get(f"/inbox/{step.pk}/"))
    assert client.post(f"/inbox/{step.pk}/", {"result": "agree", "opinion": ""}).status_code == 303
    client.force_login(house.user("cs"))
    address = f"{row.get_absolute_url()}do/"
    assert client.post(f"{address}commit/", {"label": "场地定金", "amount": "600"}).status_code == 303
    assert client.post(f"{address}attend/", {"people": house.people["cs"].no}).status_code == 303
    shown(client.get(f"{address}settle_activity/"))
    assert (
        client.post(f"{address}settle_activity/", {"actual_amount": "3100", "summary": "参加的人很高兴"}).status_code
        == 303
    )
    for part in ("costs", "guests", "trail", "files"):
        shown(client.get(f"{row.get_absolute_url()}?part={part}"))
    assert row.record.number in shown(client.get("/activities/"))
    assert b"".join(client.get(f"/records/{row.pk}/print.pdf")).startswith(b"%PDF")
    client.force_login(house.user("sw"))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get("/activities/new/").status_code == 403


def settled(house, by="cs", actual="3100", amount="3000", **more):
    """Proposed, decided, held and settled by who proposed it."""
    row = answer(house, propose(house, amount, by=by, **more), "dgm")
    at = clock.day_start(dt.date(2026, 4, 12))
    facts = {"by": house.actor(by, at), "at": at}
    row = actions.attend(row, people=house.people["hs"].no, **facts)
    return actions.settle_activity(row, actual_amount=Decimal(actual), summary="三十人参加，反映很好", **facts)


def payment(house, by="fin", **more):
    at = clock.day_start(dt.date(2026, 4, 13))
    facts = {"amount": Decimal(3100), "payee": "人cs", "method": "transfer", "voucher_no": "F-1"}
    return {**facts, **more, "by": house.actor(by, at) if isinstance(by, str) else by, "at": at}


def test_finance_pays_what_was_settled_once_and_nobody_their_own(house):
    approved = answer(house, propose(house, "3000", theme="另一个"), "dgm")
    assert codes(actions.pay_activity, approved, **payment(house)) == {"status"}
    row = settled(house)
    at = clock.day_start(dt.date(2026, 4, 13))
    assert [item.title for item in activity.to_pay(house.actor("fin", at), at)] == ["春季团建"]
    assert codes(actions.pay_activity, row, **payment(house, by="cs")) == {"activity.finance"}
    assert codes(actions.pay_activity, row, **payment(house, amount=Decimal("3100.01"))) == {"payment.differs"}
    paid = actions.pay_activity(row, **payment(house))
    assert paid.status == S.PAID and Payment.objects.get(record_id=row.pk).amount == Decimal(3100)
    assert Notice.objects.get(code="administration.activity_paid").person_id == row.proposed_by_id
    assert codes(actions.pay_activity, row, **payment(house, voucher_no="F-2")) == {"status"}
    assert not activity.to_pay(house.actor("fin", at), at)
    # Paid or not, a part of the event counts.
    other = propose(house, "1000", at=MONDAY + DAY, title="团建晚餐")
    assert decider(house, other) == "dgm"


@pytest.mark.parametrize("who", ["fin", "cs", "dgm"])
def test_who_asked_settled_or_approved_never_pays_whatever_seat_they_come_into(house, who):
    row = settled(house, by="fin" if who == "fin" else "cs")
    at = clock.day_start(dt.date(2026, 4, 13))
    if who != "fin":
        Holding.objects.create(person=house.people[who], seat=house.seats["fin2"], from_on=dt.date(2026, 4, 12))
    assert codes(actions.pay_activity, row, **payment(house, by=house.actor(who, at))) == {"payment.approver"}


def test_who_asked_does_not_pay_through_a_delegate(house):
    row = settled(house, by="fin")
    at = clock.day_start(dt.date(2026, 4, 13))
    Absence.objects.create(
        person=house.people["fin"],
        delegate=house.people["hr"],
        from_at=at,
        to_at=at + DAY,
        reason="出差",
    )
    by = house.actor("hr", at)
    assert by.holds("fin")
    assert codes(actions.pay_activity, row, **payment(house, by=by)) == {"payment.approver"}
    # What others asked for the delegate pays.
    other = settled(house, theme="另一个")
    assert actions.pay_activity(other, **payment(house, by=by)).status == S.PAID


def test_finance_pays_in_the_browser_and_through_the_interface(client, house):
    row = settled(house)
    with clock.at(clock.day_start(dt.date(2026, 4, 13))):
        client.force_login(house.user("fin"))
        address = f"{row.get_absolute_url()}do/pay_activity/"
        assert "3,100.00" in shown(client.get(address)) or "3100" in shown(client.get(address))
        body = {"amount": "3000", "payee": "人cs", "method": "transfer", "voucher_no": "F-1"}
        assert "不一致" in shown(client.post(address, body), 422)
        assert client.post(address, {**body, "amount": "3100"}).status_code == 303
        page = shown(client.get(row.get_absolute_url()))
        assert "F-1" in page and "已付款" in page
        headers = {"Authorization": f"Bearer {tokens.issue(house.user('fin'), at=MONDAY)}"}
        said = client.get(f"/api/v1/activities/{row.record.number}", headers=headers).json()
        assert (said["status"], said["paid"]) == ("paid", "3100.00")
        assert b"".join(client.get(f"/records/{row.pk}/print.pdf")).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("amount", "actual", "code"),
    [
        ("2800", "2999.99", None), ("2800", "3000", "activity.beyond_authority"), ("2800", "3080.01", "activity.overspent"),
        ("4600", "4999.99", None), ("4600", "5000", "activity.beyond_authority"), ("5000", "5500", None),
    ],
)  # fmt: skip
def test_the_share_above_an_approval_never_reaches_what_somebody_higher_decides(house, amount, actual, code):
    """AM can neither decide nor commit at or above the limit, nor can who is above them at theirs."""
    row = propose(house, amount)
    row = answer(house, row, decider(house, row))
    spend = {"label": "场地定金", "amount": Decimal(actual), "by": house.actor("cs"), "at": MONDAY}
    if code is None:
        actions.commit(row, **spend)
        return
    assert codes(actions.commit, row, **spend) == {code}
    again = {"actual_amount": Decimal(actual), "reason": "人数比预计增加", "by": house.actor("cs"), "at": MONDAY}
    row = actions.ask_overspend(row, **again)
    assert decider(house, row) == {"2800": "dgm", "4600": "gm"}[amount]


def test_the_other_parts_of_an_event_count_towards_what_may_be_spent(house):
    answer(house, propose(house, "1000"), "am")
    second = answer(house, propose(house, "1900", theme="春季 团建", title="团建晚餐"), "am")
    spend = {"label": "餐费", "by": house.actor("cs"), "at": MONDAY}
    assert codes(actions.commit, second, amount=Decimal(2000), **spend) == {"activity.beyond_authority"}
    actions.commit(second, amount=Decimal("1999.99"), **spend)
