"""Leave goes where level and days send it, a split does not dodge the limit, nobody decides their own, days come back."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import inbox
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.notices.models import Notice
from zhangfa.organisation.calendar import DayOff
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.people import actions
from zhangfa.people import leave as facts_of
from zhangfa.people.jobs import note_owed
from zhangfa.people.leave_kinds import kind_of
from zhangfa.people.models import Leave, LeaveEntry, MedicalNote
from zhangfa.policy.actions import renew
from zhangfa.policy.explain import explain
from zhangfa.policy.models import PolicyValue
from zhangfa.records.actions import Prepared
from zhangfa.records.sensitive import HIDDEN, shown
from zhangfa.runtime.models import Alarm

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W4.1")]
HOUR = dt.timedelta(hours=1)
DAY = dt.date(2026, 3, 9)  # a Monday
S = Leave.Status


@pytest.fixture
def house():
    return House()


def ask(house, who="op", days="1", kind="personal", *, start=DAY, at=MONDAY, by="", **more):
    """So many working days from a morning on."""
    halves = int(Decimal(days) * 2)
    day, left = start, halves
    while left > 2:
        day += dt.timedelta(days=1)
        left -= 2 if facts_of.is_working(day) else 0
    ends = "pm" if left == 2 else "am"
    if halves > 2 and not facts_of.is_working(day):
        raise AssertionError
    person = None if by in ("", who) else house.people[who]
    facts = {"kind": kind, "from_on": start, "to_on": day, "starts": "am", "ends": ends, "reason": "家里有事"}
    return actions.ask(**(facts | more), person=person, by=house.actor(by or who, at), at=at)


def step_of(leave):
    return Step.objects.filter(record_id=leave.pk).order_by("-seq").first()


def decider(house, leave):
    """The seat's name that the step lies before."""
    step = step_of(leave)
    return next((name for name, seat in house.seats.items() if seat.pk == step.seat_id), None)


def answer(house, leave, by, result="agree", at=MONDAY + HOUR, opinion="情况不清楚，请补充"):
    decide(step_of(leave), by=house.actor(by, at), at=at, result=result, opinion=opinion)
    return Leave.objects.select_related("record", "person", "absence", "unit").get(pk=leave.pk)


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


VECTORS = [
    # who, kind, days, the seat that decides, what `explain` answers
    ("oa", "personal", "0.5", "sup", "sup"), ("oa", "personal", "2", "sup", "sup"), ("oa", "personal", "2.5", "dgm", "dgm"),
    ("oa", "personal", "4.5", "dgm", "dgm"), ("oa", "personal", "5", "gm", "gm"), ("oa", "sick", "3", "sup", "sup"),
    ("oa", "sick", "3.5", "dgm", "dgm"), ("oa", "sick", "5", "gm", "gm"), ("op", "personal", "2", "ops", "sup"),
    ("cm", "personal", "2", "cs", "sup"), ("sw", "personal", "2", "sup", "sup"), ("sup", "personal", "1", "hs", "head"),
    ("sup", "personal", "1.5", "dgm", "dgm"), ("sup", "sick", "2", "hs", "head"), ("sup", "sick", "2.5", "dgm", "dgm"),
    ("sup", "sick", "5", "gm", "gm"), ("hs", "personal", "1", "dgm", "dgm"), ("hs", "personal", "1.5", "dgm", "dgm"),
    ("hs", "personal", "4.5", "dgm", "dgm"), ("hs", "personal", "5", "gm", "gm"), ("dgm", "personal", "0.5", "gm", "gm"),
    ("dgm", "sick", "5", "gm", "gm"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "kind", "days", "seat", "authority"), VECTORS)
def test_level_and_days_decide_who_decides(house, who, kind, days, seat, authority):
    leave = ask(house, who, days, kind)
    step = step_of(leave)
    assert (decider(house, leave), leave.days) == (seat, Decimal(days))
    level = facts_of.leave_level(house.seats[who].post.grade)
    same = explain("leave", {"level": {"executive": "manager"}.get(level, level), "kind": kind, "days": days}, MONDAY)
    assert step.facts["authority"] == authority
    if level != "executive":
        assert (same.authority, same.why.zh) == (authority, step.facts["why"]["zh"])
    assert {row["key"] for row in step.policy} >= set(same.policy if level != "executive" else ())
    assert leave.record.number.startswith("U07-20260302-")


def test_the_gms_own_leave_goes_to_the_second_decider(house):
    house.name_second_decider("am")
    leave = ask(house, "gm", "1")
    assert step_of(leave).person_id == house.people["am"].pk
    assert codes(answer, house, leave, "gm") == {"approvals.own"}
    assert answer(house, leave, "am").status == S.APPROVED


def test_half_days_holidays_and_make_up_days(house):
    DayOff.objects.bulk_create(
        [DayOff(day=dt.date(2026, 3, 11), kind="holiday"), DayOff(day=dt.date(2026, 3, 14), kind="workday")]
    )
    facts = {"kind": "personal", "reason": "搬家", "by": house.actor("op"), "at": MONDAY}
    leave = actions.ask(from_on=DAY, starts="pm", to_on=dt.date(2026, 3, 15), ends="pm", **facts)
    # Monday afternoon, Tuesday, Thursday, Friday, the Saturday worked: 0.5 + 1 + 1 + 1 + 1.
    assert leave.days == Decimal("4.5")
    assert codes(actions.ask, from_on=dt.date(2026, 3, 21), to_on=dt.date(2026, 3, 22), **facts) == {"leave.none"}


def test_the_own_roster_beats_the_calendar(house):
    hr = house.actor("hr")
    actions.set_roster(unit=house.units["east"], weekdays="34567", from_on=dt.date(2026, 3, 2), by=hr, at=MONDAY)
    leave = ask(house, "oa", start=dt.date(2026, 3, 11), to_on=dt.date(2026, 3, 17), ends="pm")
    assert leave.days == Decimal(5)  # Wednesday to Sunday; Monday and Tuesday are the outlet's days off
    assert decider(house, leave) == "gm"
    facts = {"unit": house.units["east"], "weekdays": "12345", "by": hr, "at": MONDAY}
    assert codes(actions.set_roster, from_on=dt.date(2026, 3, 2), **facts) == {"roster.order"}
    assert codes(actions.set_roster, from_on=DAY, **(facts | {"by": house.actor("oa")})) == {"roster.keep"}


def test_overlapping_requests_are_refused_and_the_other_half_is_not(house):
    first = ask(house, "op", "0.5")
    facts = {"kind": "sick", "from_on": DAY, "to_on": DAY, "reason": "发烧", "by": house.actor("op"), "at": MONDAY}
    assert codes(actions.ask, **facts) == {"leave.overlap"}
    afternoon = actions.ask(**facts, starts="pm")
    assert afternoon.days == Decimal("0.5")
    actions.withdraw(afternoon, by=house.actor("op"), at=MONDAY)
    actions.withdraw(first, by=house.actor("op"), at=MONDAY)
    assert actions.ask(**facts).days == Decimal(1)


@pytest.mark.parametrize(
    ("start", "seat"),
    [
        (dt.date(2026, 3, 11), "dgm"),  # the days after
        (dt.date(2026, 3, 16), "dgm"),  # six days from the last day: within seven
        (dt.date(2026, 3, 17), "sup"),  # seven days
    ],
)
def test_a_split_does_not_dodge_the_limit(house, start, seat):
    first = answer(house, ask(house, "oa", "2"), "sup")  # Monday, Tuesday
    second = ask(house, "oa", "1", start=start)
    assert decider(house, second) == seat
    if seat == "dgm":
        assert (second.total_halves, step_of(second).facts["together"]) == (6, [first.record.number])
        # Another kind stands by itself.
    other = ask(house, "oa", "1", "sick", start=start + dt.timedelta(days=1))
    assert decider(house, other) == "sup"


def test_leave_over_the_weekend_and_on_is_one_leave(house):
    ask(house, "oa", "2", start=dt.date(2026, 3, 5))  # Thursday, Friday
    ask(house, "oa", "2", start=dt.date(2026, 3, 9))  # Monday, Tuesday: two weeks apart by pieces, yet without a break
    third = ask(house, "oa", "1", start=dt.date(2026, 3, 11))
    assert third.total_halves == 10 and decider(house, third) == "gm"


def test_the_figure_of_the_hand_in_decides(house):
    change = dt.date(2026, 3, 4)
    PolicyValue.objects.create(
        key="leave.personal.staff_days",
        version=2,
        value="1",
        effective_from=change,
        enacted_at=MONDAY,
        clause="AM-W4.1",
    )
    renew(MONDAY)
    before = ask(house, "oa", "2")
    later = MONDAY + dt.timedelta(days=2)
    after = ask(house, "cm", "2", at=later)
    assert (decider(house, before), decider(house, after)) == ("sup", "dgm")
    assert [row["version"] for row in step_of(before).policy if row["key"] == "leave.personal.staff_days"] == [1]


def test_vacant_and_absent_seats_are_covered_by_delegate_else_superior(house):
    Absence.objects.create(
        person=house.people["sup"], from_at=MONDAY - HOUR, to_at=MONDAY + 48 * HOUR, delegate=house.people["oa2"]
    )
    leave = ask(house, "oa", "1")
    assert [row["why"] for row in step_of(leave).chain] == ["delegate"]
    assert inbox(house.actor("oa2"), MONDAY)
    # The delegate's own leave isn't theirs to decide, not even for the supervisor: it goes up.
    own = ask(house, "oa2", "1", start=DAY + dt.timedelta(days=1))
    assert decider(house, own) == "hs"
    assert [row["why"] for row in step_of(own).chain] == ["own_delegate", "decides"]
    Holding.objects.filter(seat=house.seats["ops"]).update(to_on=dt.date(2026, 2, 1))
    assert decider(house, ask(house, "op", "1")) == "cs"


def test_two_posts_held_count_as_the_higher_and_never_decide_their_own(house):
    Holding.objects.filter(seat=house.seats["sup"]).update(to_on=dt.date(2026, 2, 1))
    Holding.objects.create(person=house.people["oa"], seat=house.seats["sup"], from_on=dt.date(2026, 2, 2))
    leave = ask(house, "oa", "1.5")
    assert (leave.level, decider(house, leave)) == ("supervisor", "dgm")


def test_who_moves_into_the_deciding_seat_still_does_not_decide_their_own(house):
    leave = ask(house, "oa", "1")
    Holding.objects.filter(seat=house.seats["sup"]).update(to_on=dt.date(2026, 3, 1))
    Holding.objects.create(person=house.people["oa"], seat=house.seats["sup"], from_on=dt.date(2026, 3, 2))
    assert codes(answer, house, leave, "oa") == {"approvals.own"}
    assert leave.pk not in [step.record_id for step in inbox(house.actor("oa"), MONDAY)]


def test_approved_leave_is_an_absence_and_approvals_go_to_the_delegate(house):
    leave = answer(house, ask(house, "cs", "1", delegate=house.people["cc"]), "dgm")
    absence = Absence.objects.get(person=house.people["cs"])
    assert (absence.delegate_id, leave.absence) == (house.people["cc"].pk, absence)
    assert (absence.from_at, absence.to_at) == (clock.day_start(DAY), clock.day_start(DAY + dt.timedelta(days=1)))
    during = clock.day_start(DAY) + 10 * HOUR
    other = ask(house, "cm", "1", start=DAY + dt.timedelta(days=2), at=during)
    assert [row["why"] for row in step_of(other).chain] == ["delegate"]
    assert Notice.objects.filter(code="people.leave.stands_in", person=house.people["cc"]).exists()


def test_a_delegate_who_is_away_meanwhile_is_refused_at_the_field(house):
    ask_facts = {"delegate": house.people["cc"]}
    Absence.objects.create(
        person=house.people["cc"], from_at=clock.day_start(DAY), to_at=clock.day_start(DAY + dt.timedelta(days=2))
    )
    with pytest.raises(Refused) as caught:
        ask(house, "cs", "1", **ask_facts)
    assert [(r.code, r.field) for r in caught.value.refusals] == [("absence.delegate_away", "delegate")]


def joined(house, who, day):
    Person.objects.filter(pk=house.people[who].pk).update(joined_on=day)
    house.people[who].refresh_from_db()


def test_annual_leave_is_taken_from_its_balance_and_comes_back(house):
    joined(house, "oa", dt.date(2023, 5, 1))
    kind = kind_of("annual")
    assert facts_of.balance_of(house.people["oa"], kind, 2026, MONDAY).left == 10
    leave = answer(house, ask(house, "oa", "3", "annual"), "hs")
    assert facts_of.balance_of(house.people["oa"], kind, 2026, MONDAY).left == 4
    assert codes(ask, house, "oa", "3", "annual", start=dt.date(2026, 3, 16)) == {"leave.balance"}
    back = clock.day_start(dt.date(2026, 3, 10)) + 14 * HOUR
    facts = {"returned_on": dt.date(2026, 3, 10), "returned_half": "pm"}
    assert codes(actions.report_back, leave, by=house.actor("op", back), at=back, **facts) == {"leave.applicant"}
    leave = actions.report_back(leave, by=house.actor("oa", back), at=back, **facts)
    # Monday and Tuesday morning were used; one and a half days come back, and the absence is over.
    assert (leave.days, leave.status) == (Decimal("1.5"), S.ENDED)
    assert facts_of.balance_of(house.people["oa"], kind, 2026, back).left == 7
    assert Absence.objects.get(person=house.people["oa"]).cancelled_at == back


def test_a_leave_is_cancelled_only_before_it_begins(house):
    joined(house, "oa", dt.date(2023, 5, 1))
    leave = answer(house, ask(house, "oa", "1", "annual"), "hs")
    begun = clock.day_start(DAY) + HOUR
    assert codes(actions.cancel, leave, by=house.actor("oa", begun), at=begun) == {"leave.begun"}
    leave = actions.cancel(leave, by=house.actor("oa"), at=MONDAY + 2 * HOUR, reason="不去了")
    assert leave.status == S.CANCELLED and Absence.objects.get().cancelled_at is not None
    assert facts_of.balance_of(house.people["oa"], kind_of("annual"), 2026, MONDAY).left == 10
    assert ask(house, "oa", "1", "annual").status == S.PROPOSED


def test_coming_back_later_than_agreed_needs_a_request(house):
    leave = answer(house, ask(house, "oa", "1", start=dt.date(2026, 3, 6)), "sup")  # a Friday
    late = clock.day_start(dt.date(2026, 3, 11))
    facts = {"by": house.actor("oa", late), "at": late, "returned_half": "am"}
    assert codes(actions.report_back, leave, returned_on=dt.date(2026, 3, 10), **facts) == {"leave.return_late"}
    assert actions.report_back(leave, returned_on=dt.date(2026, 3, 9), **facts).halves == 2


def test_a_sick_leave_owes_its_note_and_the_note_stays_with_personnel(house):
    leave = answer(house, ask(house, "oa", "1", "sick"), "sup")
    assert leave.note_due_on == DAY + dt.timedelta(days=3)
    alarm = Alarm.objects.get(kind="people.leave_note")
    assert alarm.next_alarm_at == clock.day_start(DAY + dt.timedelta(days=4))
    note_owed(alarm, alarm.next_alarm_at)
    told = set(Notice.objects.filter(code="people.leave.note_owed").values_list("person_id", flat=True))
    assert told == {house.people["oa"].pk, house.people["hr"].pk}
    after = clock.day_start(DAY + dt.timedelta(days=2))
    facts = {
        "unfit_from": DAY,
        "unfit_to": DAY,
        "hospital": "上呼吸道感染",
        "by": house.actor("oa", after),
        "at": after,
    }
    assert codes(actions.hand_note, leave, **facts) == {"leave.note_file"}
    file = Prepared("note.pdf", "application/pdf", 10, "0" * 64)
    leave = actions.hand_note(leave, files=[file], **facts)
    assert leave.note_at == after and not leave.is_note_owed
    for name, sees in (("oa", True), ("hr", True), ("sup", False), ("gm", False), ("hs", False)):
        assert MedicalNote.objects.visible_to(house.actor(name)).exists() is sees, name


def test_what_the_law_gives_cannot_be_refused(house):
    leave = ask(house, "oa", start=DAY, kind="maternity", to_on=DAY + dt.timedelta(days=157), options=["first_child"])
    assert (leave.days, decider(house, leave)) == (Decimal(158), "hs")
    assert codes(answer, house, leave, "hs", "refuse") == {"leave.right"}
    assert answer(house, leave, "hs", "return").status == S.RETURNED
    long = {"start": DAY, "kind": "maternity", "to_on": DAY + dt.timedelta(days=98)}
    assert codes(ask, house, "cm", **long) == {"leave.limit"}
    assert codes(ask, house, "cm", options=["first_child"]) == {"leave.options"}
    assert codes(ask, house, "cm", "0.5", "marriage") == {"leave.halves"}


def test_a_certified_sickness_at_the_gms_level_is_noted_not_weighed(house):
    leave = ask(house, "oa", "5", "sick")
    facts = {"unfit_from": MONDAY.date(), "unfit_to": DAY, "by": house.actor("oa"), "at": MONDAY}
    actions.hand_note(leave, files=[Prepared("n.pdf", "application/pdf", 10, "0" * 64)], **facts)
    assert codes(answer, house, leave, "gm", "refuse") == {"leave.certified"}
    assert answer(house, leave, "gm").status == S.APPROVED


def test_returned_requests_are_mended_and_reckoned_anew(house):
    leave = answer(house, ask(house, "oa", "2"), "sup", "return")
    facts = {"kind": "personal", "from_on": DAY, "to_on": DAY + dt.timedelta(days=2), "reason": "改成三天"}
    leave = actions.ask_again(leave, by=house.actor("oa"), at=MONDAY + 2 * HOUR, **facts)
    assert (leave.days, decider(house, leave)) == (Decimal(3), "dgm")
    assert codes(actions.withdraw, leave, by=house.actor("sup"), at=MONDAY) == {"leave.applicant"}


def test_personnel_grants_and_corrects_with_a_reason_but_never_their_own(house):
    facts = {"kind": "childcare", "year": 2026, "days": Decimal(10), "reason": "子女 2024-05-01 出生", "is_grant": True}
    assert codes(ask, house, "oa", "1", "childcare") == {"leave.balance"}
    actions.correct(house.people["oa"], **facts, by=house.actor("hr"), at=MONDAY)
    assert ask(house, "oa", "1", "childcare").status == S.PROPOSED
    assert codes(actions.correct, house.people["hr"], **facts, by=house.actor("hr"), at=MONDAY) == {"leave.correct_own"}
    assert codes(actions.correct, house.people["oa"], **facts, by=house.actor("hs"), at=MONDAY) == {"leave.keep"}
    wrong = facts | {"kind": "annual", "days": Decimal("0.3"), "reason": "短"}
    refused = codes(actions.correct, house.people["oa"], **wrong, by=house.actor("hr"), at=MONDAY)
    assert refused == {"leave.correct_zero", "leave.correct_reason"}
    assert LeaveEntry.objects.count() == 1


def test_the_paper_says_how_it_ended(house):
    """Refused, sent back or given up, it is open nowhere any more."""
    for who, result, status in (("oa", "refuse", "refused"), ("oa2", "return", "returned")):
        leave = answer(house, ask(house, who, "1"), "sup", result)
        leave.record.refresh_from_db()
        assert leave.record.status == status
    leave = answer(house, ask(house, "sw", "1", by="oa"), "sup")
    assert leave.record.status == "approved"
    leave = actions.cancel(leave, by=house.actor("sw"), at=MONDAY + 2 * HOUR, reason="不去了")
    leave.record.refresh_from_db()
    assert leave.record.status == "void"


def test_an_outlet_fills_in_for_its_worker_and_then_does_not_decide(house):
    leave = ask(house, "sw", "1", by="oa")
    assert leave.person_id == house.people["sw"].pk and decider(house, leave) == "sup"
    assert codes(ask, house, "sw2", "1", by="oa") == {"leave.others"}


def test_only_those_concerned_see_a_leave(house):
    leave = ask(house, "oa", "1", delegate=house.people["oa2"])
    sees = {name for name in house.seats if Leave.objects.visible_to(house.actor(name)).filter(pk=leave.pk).exists()}
    assert sees == {"oa", "oa2", "sup", "hs", "gm", "am", "hr"}
    reasons = {name: shown(house.actor(name), Leave.objects.get(pk=leave.pk), "reason") for name in sees}
    assert {name for name, words in reasons.items() if words == HIDDEN} == {"oa2", "hs", "am"}


def test_who_decides_is_named_in_words_in_both_languages(house):
    from django.utils.translation import override

    from zhangfa.approvals.queries import explanation

    step = step_of(ask(house, "sup", "1"))
    with override("zh-hans"):
        assert explanation(step).authority == "申请人的部门负责人"
    with override("en"):
        assert explanation(step).authority == "The applicant's head of department"
