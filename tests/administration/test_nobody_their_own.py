"""Whatever changes in between, nobody decides, pays or accepts their own (AM-W4.2, AM-W4.3, AM-D4, X-5)."""

import datetime as dt
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.administration.test_actions_coordination import ask
from tests.administration.test_activities import codes, propose, step_of
from tests.houses import MONDAY, House
from tests.people.test_leave import ask as ask_leave
from tests.people.test_nobody_their_own import MOVES, move
from zhangfa.administration import actions
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.models import Absence, Holding
from zhangfa.policy import wording
from zhangfa.policy.explain import explain_command
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-5")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def takes_over(house, who, seat, at=MONDAY):
    """Somebody comes into a seat in place of whoever held it."""
    day = clock.local_date(at)
    Holding.objects.filter(seat=house.seats[seat], to_on=None).update(to_on=day - DAY)
    Holding.objects.create(person=house.people[who], seat=house.seats[seat], from_on=day)


def stands_in(house, who, principal):
    Absence.objects.create(
        person=house.people[principal], delegate=house.people[who], from_at=MONDAY - HOUR, to_at=MONDAY + 90 * DAY
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(("cs", "hs", "am", "dgm", "gm", "hr", "fin")), st.sampled_from(("500", "3000", "5000")), st.lists(MOVES, max_size=3),
    st.lists(MOVES, max_size=4),
)  # fmt: skip
def test_nobody_ever_decides_or_pays_their_own_activity(db, who, amount, before, after):
    with transaction.atomic(), clock.at(MONDAY):
        house = House()
        for number, one in enumerate(before):
            move(house, *one, number, None)
        applicant = house.people[who]
        try:
            row = propose(house, amount, by=who)
        except Refused:
            transaction.set_rollback(True)
            return
        step = Step.objects.get(record_id=row.pk)
        for number, one in enumerate(after):
            move(house, *one, number, step)
        at = MONDAY + 9 * HOUR
        for person in (applicant, *house.people.values()):
            try:
                with transaction.atomic():
                    decide(Step.objects.get(pk=step.pk), by=actor_for_person(person, at), at=at, result="agree")
            except Refused:
                continue
        step = Step.objects.get(pk=step.pk)
        assert applicant.pk not in (step.decided_by_id, step.principal_id)
        assert not step.is_waiting or step.decided_by_id is None
        if step.state == Step.State.AGREED:
            _held_and_paid(house, row, applicant, step)
        transaction.set_rollback(True)


def _held_and_paid(house, row, applicant, step):
    at = clock.day_start(dt.date(2026, 4, 12))
    by = actor_for_person(applicant, at)
    actions.attend(row, people=house.people["hs"].no, by=by, at=at)
    row = actions.settle_activity(row, actual_amount=row.amount, summary="三十人参加，反映很好", by=by, at=at)
    facts = {"amount": row.amount, "payee": "人cs", "method": "transfer", "voucher_no": "F-1", "at": at}
    for person in (applicant, step.decided_by, *house.people.values()):
        try:
            with transaction.atomic():
                actions.pay_activity(row, by=actor_for_person(person, at), **facts)
        except Refused:
            continue
    row.refresh_from_db()
    payment = getattr(row.record, "payment", None)
    assert payment is None or payment.paid_by_id not in (applicant.pk, step.decided_by_id)


WAYS = {
    "two posts held": lambda house: Holding.objects.create(
        person=house.people["cs"], seat=house.seats["am"], from_on=MONDAY.date()
    ),
    "a change of holder in between": lambda house: takes_over(house, "cs", "am"),
    "delegation": lambda house: stands_in(house, "cs", "am"),
}


@pytest.mark.clause("AM-W4.2")
@pytest.mark.parametrize("way", WAYS)
def test_an_own_activity_is_decided_by_somebody_else_on_the_page_and_through_the_interface(client, house, way):
    row = propose(house, "2000")
    WAYS[way](house)
    step = step_of(row)
    client.force_login(house.user("cs"))
    assert "春季团建" not in client.get("/inbox/").content.decode()
    assert client.get(f"/inbox/{step.pk}/").status_code in (403, 404, 200)
    assert client.post(f"/inbox/{step.pk}/", {"result": "agree", "opinion": ""}).status_code in (403, 404, 422)
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=MONDAY)}"}
    said = client.post(
        f"/api/v1/steps/{step.pk}/decision",
        json.dumps({"result": "agree"}),
        content_type="application/json",
        headers=headers,
    )
    assert said.status_code in (403, 404, 409)
    assert codes(decide, step, by=house.actor("cs"), at=MONDAY, result="agree") & {
        "approvals.own",
        "approvals.own_principal",
        "approvals.seat",
    }
    step.refresh_from_db()
    assert step.is_waiting


@pytest.mark.clause("AM-W4.1")
@pytest.mark.parametrize("way", ["two posts held", "a change of holder in between", "delegation"])
def test_an_own_leave_is_decided_by_somebody_else_on_the_page_and_through_the_interface(client, house, way):
    leave = ask_leave(house, "oa", "1")
    step = Step.objects.get(record_id=leave.pk)
    above = next(name for name, seat in house.seats.items() if seat.pk == step.seat_id)
    if way == "delegation":
        stands_in(house, "oa", above)
    elif way == "two posts held":
        Holding.objects.create(person=house.people["oa"], seat=house.seats[above], from_on=MONDAY.date())
    else:
        takes_over(house, "oa", above)
    client.force_login(house.user("oa"))
    assert client.post(f"/inbox/{step.pk}/", {"result": "agree", "opinion": ""}).status_code in (403, 404, 422)
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('oa'), at=MONDAY)}"}
    said = client.post(
        f"/api/v1/steps/{step.pk}/decision",
        json.dumps({"result": "agree"}),
        content_type="application/json",
        headers=headers,
    )
    assert said.status_code in (403, 404, 409)
    step.refresh_from_db()
    assert step.is_waiting


@pytest.mark.clause("AM-W4.2")
@pytest.mark.parametrize(
    ("amount", "applicant", "authority"),
    [
        ("500", "am", "gm"),
        ("500", "cs", "am"),
        ("3000", "dgm", "gm"),
        ("5000", "am", "gm"),
        ("5000", "gm", "second_decider"),
    ],
)
def test_the_command_says_where_an_own_activity_goes(house, capsys, amount, applicant, authority):
    assert explain_command(["activity", f"amount={amount}", f"applicant={applicant}", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["authority"] == authority
    assert ("本人不能批自己的活动" in said["why"]["zh"]) == (
        authority != "am" and not (amount == "5000" and applicant == "am")
    )


def instant(house, by, people, at=MONDAY):
    return actions.decide_at_once(
        matter="lower_post", facts="连续三天没有参加晨会", decision="书面提醒一次，下周复查", effect="本周起参加晨会", ground="《考勤制度》第十二条",
        people=people, by=house.actor(by, at), at=at,
    )  # fmt: skip


@pytest.mark.clause("AM-W4.3")
def test_no_instant_decision_about_oneself_nor_about_whom_one_stands_in_for(house):
    am, hr, oa = (house.people[name].no for name in ("am", "hr", "oa"))
    assert "instant.own" in codes(instant, house, "am", f"{am} {oa}".replace(" ", "，"))
    stands_in(house, "hr", "am")
    assert "instant.own" in codes(instant, house, "hr", hr)
    assert "instant.own" in codes(instant, house, "hr", am)
    assert instant(house, "hr", oa).decided_by == house.people["hr"]


@pytest.mark.clause("AM-W4.3")
def test_who_decided_never_notes_their_own_list_for_the_gm(house):
    row = instant(house, "am", house.people["oa"].no)
    week = actions.send_list(week_on=MONDAY.date(), by=house.actor("am"), at=MONDAY)
    stands_in(house, "am", "gm")
    assert codes(actions.note_list, week, by=house.actor("am"), at=MONDAY) == {"instant.own"}
    facts = {"from_on": MONDAY.date() + DAY, "reason": "依据不足，撤销"}
    assert codes(actions.revoke, row, by=house.actor("am"), at=MONDAY, **facts) == {"instant.own"}


@pytest.mark.clause("AM-D4")
def test_nobody_answers_their_own_request_or_is_content_with_their_own_answer(house):
    row = ask(house)
    takes_over(house, "cs", "hs")
    answer = {"outcome": "done", "answer": "明细已放在附件", "at": MONDAY}
    assert codes(actions.acknowledge, row, by=house.actor("cs"), at=MONDAY) == {"request.own"}
    assert codes(actions.reply, row, by=house.actor("cs"), **answer) == {"request.own"}
    # Nor does whoever stands in for them there.
    stands_in(house, "hr", "cs")
    assert codes(actions.reply, row, by=house.actor("hr"), **answer) == {"request.own"}


@pytest.mark.clause("AM-D4")
def test_the_page_and_the_interface_say_why_ones_own_request_is_refused_and_who_could(client, house):
    row = ask(house)
    takes_over(house, "cs", "hs")
    with clock.at(MONDAY):
        client.force_login(house.user("cs"))
        page = client.get(row.get_absolute_url()).content.decode()
        # The button is there, closed, with the reason and the posts of the other department that could.
        assert "答复（现在不能办理，打开看原因）" in page and "自己发出的协作单由他人答复" in page
        assert "可以办理的岗位" in page and wording.post_name("sup") in page.partition("可以办理的岗位")[2][:60]
        headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=MONDAY)}"}
        answer = {"outcome": "done", "answer": "明细已放在附件"}
        said = client.post(
            f"/api/v1/dept-requests/{row.pk}/transitions/reply", json.dumps(answer), content_type="application/json", headers=headers
        )  # fmt: skip
    assert said.status_code == 409, said.content.decode()
    (refusal,) = said.json()["refusals"]
    assert refusal["code"] == "request.own" and {"sup", "oa"} <= set(refusal["who"]) and "hs" not in refusal["who"]


@pytest.mark.clause("AM-W4.3")
def test_the_page_says_why_ones_own_list_is_not_noted_and_by_whom(client, house):
    instant(house, "am", house.people["oa"].no)
    week = actions.send_list(week_on=MONDAY.date(), by=house.actor("am"), at=MONDAY)
    stands_in(house, "am", "gm")
    with clock.at(MONDAY):
        client.force_login(house.user("am"))
        page = client.get(week.get_absolute_url()).content.decode()
    assert "自己作出的决定由他人审阅" in page and wording.post_name("gm") in page.partition("可以办理的岗位")[2][:60]


@pytest.mark.clause("AM-D4")
def test_who_answered_and_came_over_is_not_the_one_to_be_content(house):
    row = actions.reply(ask(house), by=house.actor("hs"), at=MONDAY, outcome="done", answer="明细已放在附件")
    takes_over(house, "hs", "cs")
    assert codes(actions.settle, row, by=house.actor("hs"), at=MONDAY) == {"request.own_answer"}
