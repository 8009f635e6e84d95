"""What is left when the year is over, and how long sickness protects: by law and by the ledger (domain.md E16–E18)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.people import actions, leave_kinds, leave_rules
from zhangfa.people import leave as facts_of
from zhangfa.people.models import LeaveEntry

pytestmark = [pytest.mark.clause("AM-W4.1")]
D = Decimal
TODAY = clock.local_date(MONDAY)
ANNUAL = leave_kinds.kind_of("annual")


@pytest.fixture
def house(db):
    with clock.at(MONDAY):
        house = House()
        person = house.people["oa"]
        person.joined_on = dt.date(2014, 1, 1)
        person.save()
        yield house


def settle(house, days="10", how="carry", by="hr", who="oa", **more):
    facts = {"kind": "annual", "year": 2025, "days": D(days), "how": how, "reason": "本人 1 月 5 日书面同意"}
    return actions.settle(house.people[who], **(facts | more), by=house.actor(by), at=MONDAY)


def left(house, year):
    return facts_of.balance_of(house.people["oa"], ANNUAL, year, MONDAY).words("left")


def codes(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return {refusal.code for refusal in caught.value.refusals}


@pytest.mark.postgres
def test_what_is_left_is_carried_paid_or_given_up_and_never_twice(house):
    assert (left(house, 2025), left(house, 2026)) == ("10", "10")
    settle(house, "4")
    assert (left(house, 2025), left(house, 2026)) == ("6", "14")
    settle(house, "3.5", how="pay")
    settle(house, "2", how="waive")
    assert (left(house, 2025), left(house, 2026)) == ("0.5", "14")
    assert codes(settle, house, "1") == {"leave.balance"}
    settle(house, "0.5", how="waive")
    assert codes(settle, house, "0.5") == {"leave.balance"}
    whys = list(LeaveEntry.objects.order_by("pk").values_list("why", "year", "halves"))
    assert whys == [
        ("carry", 2025, -8),
        ("carry", 2026, 8),
        ("pay", 2025, -7),
        ("waive", 2025, -4),
        ("waive", 2025, -1),
    ]


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"year": 2026}, "leave.settle_running"), ({"days": "0"}, "leave.correct_zero"), ({"days": "10.5"}, "leave.balance"),
        ({"reason": "同意"}, "leave.settle_reason"), ({"year": 2024}, "leave.settle_late"), ({"kind": "sick"}, "leave.settle_kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_settled_is_refused_in_words(house, facts, code):
    given = dict(facts)
    assert code in codes(settle, house, given.pop("days", "1"), **given)


def test_nobody_settles_their_own(house):
    person = house.people["hr"]
    person.joined_on = dt.date(2014, 1, 1)
    person.save()
    assert codes(settle, house, "1", who="hr")
    assert codes(settle, house, "1", by="oa")
    assert not LeaveEntry.objects.exists()


@pytest.mark.parametrize(
    ("years", "prior", "period"),
    [
        (0, 0, (3, 6)), (4, 0, (3, 6)), (4, 59, (3, 6)), (4, 12 * 6, (6, 12)), (5, 0, (6, 12)), (9, 0, (6, 12)), (10, 0, (12, 18)), (5, 60, (9, 15)),
        (9, 12, (9, 15)), (14, 0, (12, 18)), (15, 0, (18, 24)), (19, 0, (18, 24)), (20, 0, (24, 30)), (0, 120, (6, 12)),
    ],
)  # fmt: skip
def test_the_medical_period_follows_service(years, prior, period):
    joined = dt.date(2026 - years, 3, 2)
    assert leave_rules.medical_period(joined_on=joined, prior_months=prior, today=dt.date(2026, 3, 2)) == period


def test_a_day_before_five_years_it_is_still_the_shorter_one():
    facts = {"joined_on": dt.date(2021, 3, 3), "prior_months": 0}
    assert leave_rules.medical_period(**facts, today=dt.date(2026, 3, 2)) == (3, 6)
    assert leave_rules.medical_period(**facts, today=dt.date(2026, 3, 3)) == (6, 12)
    assert leave_rules.sick_pay_floor(D("2490")) == D("1992.00")
    spans = [(leave_rules.slot_of(dt.date(2026, 2, 27), "am"), leave_rules.slot_of(dt.date(2026, 3, 4), "am"))]
    assert leave_rules.days_within(spans, dt.date(2026, 3, 1), dt.date(2026, 3, 4)) == D("3.5")


def test_page_and_interface_show_and_settle(house, client):
    client.force_login(house.user("hr"))
    person = house.people["oa"]
    with clock.at(MONDAY):
        page = client.get(f"/leave/balance/{person.pk}/").content.decode()
        assert "医疗期 12 个月，在 18 个月内累计" in page and "结清上一年的余额" in page
        body = {"kind": "annual", "year": "2025", "days": "11", "how": "carry", "reason": "本人 1 月 5 日书面同意"}
        wrong = client.post(f"/leave/balance/{person.pk}/settle/", body)
        assert (
            wrong.status_code == 422
            and "余额还有 10 天" in wrong.content.decode()
            and 'value="11"' in wrong.content.decode()
        )
        assert client.post(f"/leave/balance/{person.pk}/settle/", body | {"days": "4"}).status_code == 303
        answer = client.post(
            f"/api/v1/leave-balances/{person.pk}/settlements",
            body | {"year": 2025, "days": "2"},
            content_type="application/json",
        )
        assert answer.status_code in (200, 201), answer.content
        assert answer.json()["medical_months"] == 12
        assert left(house, 2025) == "4"
    client.force_login(house.user("oa"))
    with clock.at(MONDAY):
        assert client.get(f"/leave/balance/{person.pk}/settle/").status_code == 403
