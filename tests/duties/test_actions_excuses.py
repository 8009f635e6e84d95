"""Excuses: asked by whoever owes, decided above, never by oneself; excused is neither green nor red."""

import datetime as dt

import pytest

from tests.duties.switched import lent
from tests.houses import MONDAY
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core.decisions import Refused
from zhangfa.duties import actions, compliance, wording
from zhangfa.duties.models import Excuse, Occurrence
from zhangfa.organisation.models import Absence
from zhangfa.runtime import worker

DAY = dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]


@pytest.fixture
def owed(house):
    """A bundle of improvements that the specialist owes."""
    actions.generate(MONDAY)
    return Occurrence.objects.get(duty__code="D-CC-05")


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


def ask(house, owed, name="cc", at=MONDAY, reason="整周没有网络，无法汇总"):
    return actions.propose_excuse(owed, by=house.actor(name, at), at=at, reason=reason)


def test_the_superior_excuses_and_it_is_no_longer_passed_up(house, owed):
    excuse = ask(house, owed)
    step = Step.objects.get(record=excuse.record)
    assert (step.seat, excuse.record.number[:3]) == (house.seats["cs"], "G02")
    decide(step, by=house.actor("cs"), at=MONDAY + DAY, result="agree")
    owed.refresh_from_db()
    assert owed.state == "excused"
    worker.tick(MONDAY + 30 * DAY)
    owed.refresh_from_db()
    assert (owed.state, owed.rung) == ("excused", 0)
    rows = compliance.tallies(Occurrence.objects.filter(pk=owed.pk), "duty_id", MONDAY + 30 * DAY)
    (tally,) = rows.values()
    assert (tally.excused, tally.counted, tally.share) == (1, 0, None)


@pytest.mark.parametrize(("result", "opinion"), [("refuse", "这不是理由，应当补交"), ("return", "请把原因写清楚一些")])
def test_what_is_not_agreed_stays_owed_and_may_be_asked_anew(house, owed, result, opinion):
    first = ask(house, owed)
    decide(Step.objects.get(record=first.record), by=house.actor("cs"), at=MONDAY, result=result, opinion=opinion)
    first.refresh_from_db()
    owed.refresh_from_db()
    first.record.refresh_from_db()
    assert (first.status, first.record.status, owed.state) == ("refused", "refused", "open")
    assert ask(house, owed, at=MONDAY + DAY).status == "proposed"


def test_nobody_else_asks_and_nobody_decides_their_own(house, owed):
    with pytest.raises(Refused) as refused:
        ask(house, owed, name="cs")
    assert codes(refused) == {"excuse.owner"}
    # The specialist stands in for the absent manager: the paper goes past them.
    Absence.objects.create(
        person=house.people["cs"], delegate=house.people["cc"], from_at=MONDAY - DAY, to_at=MONDAY + 9 * DAY
    )
    excuse = ask(house, owed)
    step = Step.objects.get(record=excuse.record)
    assert step.seat == house.seats["dgm"]
    with pytest.raises(Refused):
        decide(step, by=house.actor("cc"), at=MONDAY, result="agree")


def test_one_paper_at_a_time_and_with_a_reason(house, owed):
    with pytest.raises(Refused) as refused:
        ask(house, owed, reason="忙")
    assert codes(refused) == {"excuse.reason"}
    ask(house, owed)
    with pytest.raises(Refused) as refused:
        ask(house, owed)
    assert codes(refused) == {"excuse.waiting"}


def test_what_was_done_in_time_needs_no_excuse_and_a_late_one_keeps_when_it_was_done(house, owed):
    Occurrence.objects.filter(pk=owed.pk).update(state="done", done_at=MONDAY)
    with pytest.raises(Refused) as refused:
        ask(house, owed)
    assert codes(refused) == {"excuse.state"}
    Occurrence.objects.filter(pk=owed.pk).update(state="late", done_at=MONDAY + DAY)
    excuse = ask(house, owed, at=MONDAY + 2 * DAY)
    decide(Step.objects.get(record=excuse.record), by=house.actor("cs"), at=MONDAY + 2 * DAY, result="agree")
    owed.refresh_from_db()
    assert (owed.state, owed.done_at) == ("excused", MONDAY + DAY)


def test_a_paper_may_be_taken_back_by_its_proposer_only(house, owed):
    excuse = ask(house, owed)
    with pytest.raises(Refused):
        actions.withdraw(excuse, by=house.actor("cc2"), at=MONDAY)
    assert actions.withdraw(excuse, by=house.actor("cc"), at=MONDAY).status == "withdrawn"
    assert not Step.objects.filter(record=excuse.record, state="waiting").exists()
    assert Excuse.objects.visible_to(house.actor("gm")).get() == excuse
    assert not Excuse.objects.visible_to(house.actor("oa")).exists()


def test_of_an_excused_quota_nothing_is_expected_any_more(house):
    with lent("D-HS-04"):
        actions.generate(MONDAY)
        row = Occurrence.objects.get(seat=house.seats["oa"])
        later = MONDAY + 2 * DAY
        assert "按进度现在应有" in wording.progress(row, later)
        excuse = ask(house, row, "oa", later)
        decide(Step.objects.get(record=excuse.record), by=house.actor("sup", later), at=later, result="agree")
        row.refresh_from_db()
        assert (row.state, wording.progress(row, later)) == ("excused", "0 / 2，已免责，不再要求")
        row.state = "void"
        assert wording.progress(row, later) == "0 / 2"
