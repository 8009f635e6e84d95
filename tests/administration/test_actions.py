"""A figure changes by proposal, the GM's approval and its day; nobody approves their own; the law's limit stands."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.administration import actions, queries
from zhangfa.administration.models import PolicyChange
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import inbox
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Person
from zhangfa.policy import queries as policy

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-2")]
KEY, DAY = "claims.specialist_max", dt.date(2026, 4, 1)
HOUR = dt.timedelta(hours=1)
S = PolicyChange.Status


@pytest.fixture
def house():
    return House()


def propose(house, by="cs", *, key=KEY, value="1200", day=DAY, reason="物价上涨，原数字太低", at=MONDAY):
    return actions.propose(key=key, value=value, effective_from=day, reason=reason, by=house.actor(by, at), at=at)


def step_of(change):
    return Step.objects.filter(record_id=change.pk).order_by("-seq").first()


def answer(house, change, result="agree", by="gm", at=MONDAY + HOUR, opinion="请再核一下数字"):
    decide(step_of(change), by=house.actor(by, at), at=at, result=result, opinion=opinion)
    return PolicyChange.objects.select_related("record").get(pk=change.pk)


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def test_a_change_goes_to_the_gm_and_counts_from_its_day(house):
    change = propose(house)
    assert change.record.number.startswith("G01-") and [s.record_id for s in inbox(house.actor("gm"), MONDAY)] == [
        change.pk
    ]
    change = answer(house, change)
    assert (change.status, change.enacted_version, change.record.status) == (S.ENACTED, 2, "approved")
    figure = policy.figure_on(KEY, DAY)
    assert (figure.value, figure.version) == (Decimal("1200.00"), 2)
    assert policy.figure_on(KEY, DAY - dt.timedelta(days=1)).version == 1
    row = policy.PolicyValue.objects.get(key=KEY, version=2)
    assert row.record_id == change.pk and row.enacted_by_id == house.people["gm"].pk
    names = set(Event.objects.filter(record_id=change.pk).values_list("name", flat=True))
    assert {
        "administration.policychange.proposed",
        "administration.policychange.enacted",
        "policy.value.enacted",
    } <= names


def test_those_whose_handbook_names_the_figure_are_told(house):
    answer(house, propose(house))
    told = set(Notice.objects.filter(code="administration.policy_changed").values_list("person_id", flat=True))
    assert {house.people[name].pk for name in ("cs", "cc", "oa", "dgm")} <= told and house.people["sw"].pk not in told
    notice = Notice.objects.filter(code="administration.policy_changed").first()
    assert "1,000 元 → 1,200 元" in queries.changed_words(notice.params)


@pytest.mark.parametrize("by", ["cs", "am", "dgm", "hs"])
def test_only_the_gm_decides(house, by):
    assert codes(answer, house, propose(house, "fin"), by=by) == {"approvals.seat"}
    assert policy.figure_on(KEY, DAY).version == 1


def test_nobody_decides_their_own_not_even_the_gm(house):
    house.name_second_decider("am")
    change = propose(house, "gm")
    assert codes(answer, house, change, by="gm") == {"approvals.own"}
    assert answer(house, change, by="am").status == S.ENACTED


@pytest.mark.parametrize("by", ["op", "cc", "oa", "sw", "sup"])
def test_posts_below_department_manager_do_not_propose(house, by):
    assert codes(propose, house, by) == {"change.post"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"key": "claims.recourse_wage_share", "value": "20.1"}, {"value.law"}),
        ({"key": "complaints.first_answer_days", "value": "6"}, {"value.law"}),
        ({"value": "1500.01"}, {"value.order"}),
        ({"value": "abc"}, {"value.number"}),
        ({"value": "1000"}, {"value.same"}),
        ({"day": dt.date(2026, 3, 2)}, {"value.date"}),
        ({"reason": "短"}, {"change.reason"}),
        ({"key": "no.such"}, {"value.unknown"}),
    ],
)
def test_refused_proposals_leave_no_paper(house, given, expected):
    assert codes(propose, house, **given) == expected
    assert not PolicyChange.objects.exists()


@pytest.mark.clause("X-5")
@pytest.mark.parametrize(("who", "code"), [("gm", "value.decider_gm"), ("sw", "value.decider_staff")])
def test_the_second_decider_is_somebody_else_on_the_staff(house, who, code):
    key, person = "authority.second_decider", house.people[who]
    assert codes(propose, house, key=key, value=str(person.pk)) == {code}
    assert codes(propose, house, key=key, value="宋禾") == {"value.person"}


@pytest.mark.clause("X-5")
def test_the_second_decider_changes_on_the_day_that_was_approved(house):
    house.name_second_decider("fin")
    answer(house, propose(house, key="authority.second_decider", value=str(house.people["dgm"].pk)))
    assert policy.second_decider(MONDAY) == house.people["fin"]
    assert policy.second_decider(clock.day_start(DAY)) == house.people["dgm"]
    Person.objects.filter(pk=house.people["dgm"].pk).update(left_on=DAY)
    assert policy.second_decider(clock.day_start(DAY + dt.timedelta(days=1))) is None


def test_one_proposal_for_a_figure_at_a_time(house):
    propose(house)
    assert codes(propose, house, "am", value="1300") == {"change.waiting"}


def test_an_approval_after_its_day_is_refused_and_writes_nothing(house):
    change = propose(house, day=dt.date(2026, 3, 3))
    assert codes(answer, house, change, at=MONDAY + dt.timedelta(days=1)) == {"value.date"}
    assert step_of(change).is_waiting and policy.figure_on(KEY, DAY).version == 1


def test_sent_back_mended_and_agreed(house):
    change = answer(house, propose(house), "return")
    assert change.status == S.RETURNED
    cs = house.actor("cs", MONDAY)
    actions.propose_again(
        change, by=cs, at=MONDAY + 2 * HOUR, value="1100", effective_from=DAY, reason="按意见改低一些"
    )
    assert answer(house, change, at=MONDAY + 3 * HOUR).status == S.ENACTED
    assert policy.figure_on(KEY, DAY).value == Decimal("1100.00")


def test_a_no_leaves_the_figure(house):
    assert answer(house, propose(house), "refuse").status == S.REFUSED
    assert policy.figure_on(KEY, DAY).version == 1


def test_withdrawn_by_its_proposer_only(house):
    change = propose(house)
    assert codes(actions.withdraw, change, by=house.actor("am"), at=MONDAY) == {"change.proposer"}
    actions.withdraw(change, by=house.actor("cs"), at=MONDAY)
    change.refresh_from_db()
    assert change.status == S.WITHDRAWN and not step_of(change).is_waiting


def test_what_follows_from_the_decision_has_no_button_of_its_own(house):
    change = propose(house)
    for follow in (actions.approve, actions.refuse, actions.send_back):
        assert codes(follow, change, by=house.actor("gm"), at=MONDAY) == {"change.decision"}


def test_a_paper_handed_in_before_keeps_its_figure(house):
    case = house.to_assessed(house.report("900"), price="900")
    settlement = house.propose(case, "900")
    answer(house, propose(house, value="800"))
    settlement.refresh_from_db()
    kept = next(row for row in settlement.facts["policy"] if row["key"] == KEY)
    assert settlement.authority == "cc" and (kept["value"], kept["version"]) == ("1000.00", 1)


def test_managers_and_the_proposer_see_the_paper(house):
    change = propose(house)
    for name, sees in (("gm", True), ("hr", True), ("am", True), ("op", False), ("sw", False), ("cc", False)):
        assert PolicyChange.objects.visible_to(house.actor(name)).filter(pk=change.pk).exists() is sees, name
