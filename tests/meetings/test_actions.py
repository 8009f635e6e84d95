"""A meeting from invitation to tasks: solution first, votes, dissent, decisions with owners (AM-W1)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.meetings.stages import HOUR, WORDS, called, held, published, resolved
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.meetings import actions, queries
from zhangfa.meetings.models import Meeting, Participant
from zhangfa.notices.models import Notice
from zhangfa.records.actions import sign
from zhangfa.records.models import Copy, Signature
from zhangfa.records.queries import is_intact
from zhangfa.regulations.threads import thread

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W1")]


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    found = [refusal.code for refusal in caught.value.refusals]
    for code in codes:
        assert code in found, found
    return caught.value.refusals


@pytest.mark.parametrize("kind", ["problem", "company"])
def test_no_invitation_without_a_draft_solution(house, kind):
    (refusal,) = refused(lambda: called(house, kind=kind, solution=""), "meeting.solution")
    assert refusal.field == "solution"
    refused(lambda: called(house, kind=kind, problem="", urgency=""), "meeting.short")


def test_weekly_meetings_need_none_and_bring_their_figures(house):
    meeting = called(
        house, by="am", kind="weekly", topic="第九周行政例会", problem="", urgency="", solution="", people=("cs", "hs")
    )
    assert meeting.week_on == dt.date(2026, 2, 23) and isinstance(meeting.figures, list)
    refused(lambda: called(house, by="op"), "meeting.call")
    refused(lambda: called(house, starts_at=MONDAY - HOUR), "meeting.past")
    refused(lambda: called(house, people=()), "meeting.people")


def test_only_those_present_with_a_vote_decide(house):
    meeting = called(house, voters=[house.people["cs"], house.people["hs"]])
    actions.give_opinion(meeting, by=house.actor("cc"), at=MONDAY, opinion="同意，先从厨房做起")
    refused(
        lambda: actions.give_opinion(meeting, by=house.actor("fin"), at=MONDAY, opinion="好"), "meeting.participant"
    )
    meeting = actions.open_meeting(
        meeting, by=house.actor("cs"), at=MONDAY, present=[house.people["cs"], house.people["cc"]]
    )
    assert (meeting.invited, meeting.present, meeting.voters) == (4, 2, 1)
    refused(lambda: actions.vote(meeting, by=house.actor("hs"), at=MONDAY, vote="yes"), "vote.absent")
    refused(lambda: actions.vote(meeting, by=house.actor("cc"), at=MONDAY, vote="yes"), "vote.none")
    refused(lambda: actions.vote(meeting, by=house.actor("cs"), at=MONDAY, vote="no"), "vote.dissent")
    actions.vote_for(meeting, by=house.actor("cs"), at=MONDAY, person=house.people["cs"], vote="yes")
    meeting = actions.resolve(meeting, by=house.actor("cs"), at=MONDAY, **WORDS)
    assert meeting.is_passed and (meeting.voters, meeting.yes) == (1, 1)


@pytest.mark.parametrize(
    ("votes", "passes"), [(("yes", "yes", "no", "no"), True), (("yes", "no", "no"), False), (("yes", "yes"), True), (("yes",), False)]
)  # fmt: skip
def test_half_of_those_present_carries_it_and_dissent_is_kept(house, votes, passes):
    meeting = resolved(house, votes=votes)
    assert meeting.is_passed is passes and meeting.voters == 4
    assert Participant.objects.filter(meeting=meeting, dissent="成本太高，先试点").count() == votes.count("no")
    if not passes:
        refused(
            lambda: actions.decide(
                meeting, by=house.actor("cs"), at=MONDAY, text="买工具绳", owner=house.people["hs"], due_on=MONDAY.date(), standard="每人两根绳"
            ),
            "decision.failed",
        )  # fmt: skip


def test_no_decision_without_owner_day_and_standard(house):
    meeting = resolved(house)
    refused(lambda: actions.publish(meeting, by=house.actor("cs"), at=MONDAY), "meeting.decisions")
    refused(
        lambda: actions.decide(
            meeting, by=house.actor("cs"), at=MONDAY, text="买", owner=house.people["hs"], due_on=MONDAY.date() - dt.timedelta(days=1), standard=""
        ),
        "decision.text", "decision.standard", "decision.due",
    )  # fmt: skip


def test_the_result_goes_to_everybody_with_receipt(house):
    meeting = published(house)
    assert meeting.status == "published"
    assert {c.person.name for c in Copy.objects.filter(record=meeting.record)} == {"人hs", "人cc", "人am"}
    assert {s.role for s in meeting.record.signatures.all()} == {"chair", "keeper"}
    assert queries.content(meeting.record)["decisions"][0][0] == "给每个网点配工具绳"


@pytest.mark.clause("HS-W1.4")
def test_the_next_weekly_meeting_finds_the_tasks_of_the_last(house):
    facts = {"kind": "department", "problem": "", "urgency": "", "solution": "", "topic": "家庭服务中心周例会"}
    first = held(house, by="hs", people=("sup", "oa"), **facts)
    actions.resolve(first, by=house.actor("hs"), at=MONDAY, **WORDS)
    first = Meeting.objects.get(pk=first.pk)
    actions.decide(
        first, by=house.actor("hs"), at=MONDAY, text="整理工具柜", owner=house.people["oa"], due_on=MONDAY.date(), standard="每件有标签"
    )  # fmt: skip
    actions.publish(first, by=house.actor("hs"), at=MONDAY)
    second = called(house, by="hs", people=("sup", "oa"), at=MONDAY + dt.timedelta(days=7), **facts)
    assert queries.last_like(second) == first and [d.text for d in queries.tasks_of(first)] == ["整理工具柜"]


def test_weekly_meetings_settle_their_duties(house):
    load_catalogue()
    from zhangfa.duties import catalogue, turning

    turning.turn(MONDAY, catalogue.catalogue().rhythmic)
    facts = {"kind": "weekly", "problem": "", "urgency": "", "solution": "", "topic": "第九周行政例会"}
    meeting = held(house, by="am", people=("cs", "hs"), **facts)
    meeting = actions.resolve(meeting, by=house.actor("am"), at=MONDAY, **WORDS)
    actions.decide(
        meeting, by=house.actor("am"), at=MONDAY, text="各部门报上周改进", owner=house.people["cs"], due_on=MONDAY.date(), standard="书面一页纸"
    )  # fmt: skip
    actions.publish(Meeting.objects.get(pk=meeting.pk), by=house.actor("am"), at=MONDAY)
    assert Occurrence.objects.filter(
        duty__key__startswith="D-AM-01", evidence__event="meetings.meeting.published"
    ).exists()


@pytest.mark.clause("CS-W3.4")
def test_a_problem_meeting_owes_its_rule_the_next_day(house):
    from tests.regulations.stages import in_force

    load_catalogue()
    meeting = resolved(house)
    owed = Occurrence.objects.get(duty__key__startswith="D-AM-05", subject_key=f"record:{meeting.pk}")
    assert owed.due_at.date() == MONDAY.date() + dt.timedelta(days=1) or owed.is_open
    found = thread("meetings.meeting", str(meeting.pk), house.actor("am"), MONDAY)
    assert [stage.state(MONDAY) for stage in found.stages][:2] == ["done", "due"]
    regulation = in_force(house, source_kind="meetings.meeting", source_id=meeting.pk, is_fast=True)
    owed.refresh_from_db()
    assert owed.state == "done" and regulation.is_fast
    found = thread("meetings.meeting", str(meeting.pk), house.actor("am"), MONDAY)
    assert found.stages[3].done_at == MONDAY
    assert thread("meetings.meeting", str(meeting.pk), house.actor("sw"), MONDAY) is None


def test_who_takes_part_sees_it(house):
    meeting = called(house)
    for name, sees in {
        "cs": True,
        "hs": True,
        "cc": True,
        "am": True,
        "gm": True,
        "fin": False,
        "sw": False,
        "op": False,
    }.items():
        assert Meeting.objects.visible_to(house.actor(name)).filter(pk=meeting.pk).exists() is sees, name


@pytest.mark.clause("HS-W1.4")
def test_the_figures_are_those_of_the_week_before_the_meeting_and_stand_when_it_opens(house, monkeypatch):
    from zhangfa.meetings import registry

    seen = []

    def give(unit, first, last, at):
        seen.append((first, last))
        return [registry.Line("起数", len(seen))]

    monkeypatch.setattr(registry, "_figures", {"mine": (1, give)})
    monday = MONDAY + dt.timedelta(days=7)
    meeting = called(
        house,
        by="am",
        kind="weekly",
        topic="第十周行政例会",
        problem="",
        urgency="",
        solution="",
        people=("cs", "hs"),
        starts_at=monday + HOUR,
    )
    # Called a week ahead: the week of the figures is still running.
    assert meeting.week_on == MONDAY.date() and seen == [(MONDAY.date(), MONDAY.date() + dt.timedelta(days=6))]
    meeting = actions.open_meeting(
        meeting, by=house.actor("am", monday), at=monday + HOUR, present=[house.people["cs"]]
    )
    assert meeting.figures[0]["value"] == "2"
    meeting = actions.open_meeting(
        meeting, by=house.actor("am", monday), at=monday + 2 * HOUR, present=[house.people["hs"]]
    )
    assert len(seen) == 2


@pytest.mark.clause("HS-W1.4")
def test_a_weekly_meeting_knows_what_was_done_and_what_comes(house):
    from zhangfa.meetings import queries
    from zhangfa.meetings.registrations import task_figures
    from zhangfa.tasks.models import Task

    facts = {"by": "am", "kind": "weekly", "problem": "", "urgency": "", "solution": "", "people": ("cs", "hs")}
    first = called(house, topic="第九周行政例会", **facts)
    am = house.actor("am")
    first = actions.open_meeting(first, by=am, at=MONDAY, present=[house.people["cs"]])
    first = actions.resolve(first, by=am, at=MONDAY, **WORDS)
    due = MONDAY.date() + dt.timedelta(days=3)
    given = {"text": "把改正做法发到网点", "owner": house.people["cs"], "due_on": due, "standard": "每个网点有学习记录"}
    first = actions.publish(actions.decide(first, by=am, at=MONDAY, **given), by=am, at=MONDAY)
    second = called(house, topic="第十周行政例会", at=MONDAY + HOUR, **facts)
    last = queries.tasks_of(queries.last_like(second))
    assert [task.status for task in queries.states_of(last).values()] == ["assigned"]
    assert [task.title for task in queries.coming_tasks(second)] == ["把改正做法发到网点"]
    week = (MONDAY.date(), MONDAY.date() + dt.timedelta(days=6))
    assert task_figures(second.unit, *week, MONDAY)[0].value == "0.0"
    Task.objects.update(status=Task.Status.ACCEPTED, reported_at=MONDAY)
    assert task_figures(second.unit, *week, MONDAY)[0].value == "100.0"
    assert task_figures(second.unit, due + dt.timedelta(days=10), due + dt.timedelta(days=16), MONDAY) == []


@pytest.mark.postgres
def test_a_name_under_the_minutes_stands_for_the_discussion_too(house):
    meeting = published(house)
    record, facts = meeting.record, {"at": MONDAY + HOUR}
    sign(record, role="chair", by=house.actor("cs"), is_verified=True, **facts)
    first = record.signatures.get(role="chair", state="signed")
    assert is_intact(first)
    # Behind the program's back: the name no longer stands for what is there.
    Meeting.objects.filter(pk=meeting.pk).update(discussion="各部门没有讨论")
    assert not is_intact(Signature.objects.get(pk=first.pk))
    Meeting.objects.filter(pk=meeting.pk).update(discussion=meeting.discussion)
    meeting = Meeting.objects.get(pk=meeting.pk)
    for words, code in ((meeting.discussion, "minutes.same"), (" ", "minutes.discussion")):
        with pytest.raises(Refused) as refused:
            actions.correct_minutes(meeting, by=house.actor("cs"), discussion=words, **facts)
        assert [one.code for one in refused.value.refusals] == [code]
    with pytest.raises(Refused):
        actions.correct_minutes(meeting, by=house.actor("hs"), discussion="后勤也发了言", **facts)
    actions.correct_minutes(meeting, by=house.actor("cs"), discussion="后勤也发了言", **facts)
    states = list(record.signatures.filter(role="chair").order_by("pk").values_list("state", flat=True))
    assert states == ["void", "waiting"]
    assert Notice.objects.filter(code="meetings.corrected", person=house.people["hs"]).exists()
