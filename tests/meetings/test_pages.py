"""Meetings on screen: called, opened, voted, resolved, published, printed."""

import datetime as dt
import re

import pytest
from django.utils import translation

from tests.houses import MONDAY, House
from tests.meetings.stages import FACTS, WORDS, called, held, published
from tests.records.papers import drawing
from zhangfa.core import clock
from zhangfa.meetings.models import Meeting
from zhangfa.meetings.wording import by_unit
from zhangfa.organisation.models import Unit
from zhangfa.records import actions as records
from zhangfa.tasks import actions as tasks
from zhangfa.tasks.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W1")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def desk(client, house):
    def of(name):
        client.force_login(house.user(name))
        return client

    return of


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


def body(**more):
    return {**FACTS, "starts_at": "2026-03-02T14:00", "posts": ["hs", "cc", "am"], **more}


def test_the_mark_of_a_choice_follows_the_type_of_the_meeting(desk, house):
    """Problem, urgency and draft solution may stay empty for some types only; the form says so for the type chosen."""
    mark = 'data-needed-for="kind company problem"'
    for kind, is_needed in (("problem", True), ("company", True), ("weekly", False), ("", False)):
        page = shown(desk("cs").get(f"/meetings/new/?kind={kind}"))
        assert page.count(mark) == 3
        assert page.count(f"{mark} hidden") == (3 if is_needed else 0)
    meeting = called(house)
    page = shown(desk("cs").get(f"/meetings/{meeting.pk}/do/change_call/"))
    assert page.count(f"{mark} hidden") == 3


def test_a_problem_meeting_on_screen(desk, house):
    cs = desk("cs")
    assert "初步方案" in shown(cs.get("/meetings/new/?kind=problem"))
    wrong = shown(cs.post("/meetings/new/", body(solution="")), 422)
    assert "没有初步方案不能发会议通知" in wrong and "两周内三起台面损坏" in wrong
    answer = cs.post("/meetings/new/", body(observers=["am"]))
    assert answer.status_code == 303
    meeting = Meeting.objects.get()
    do = f"/meetings/{meeting.pk}/do"
    assert meeting.participants.count() == 5 and not meeting.participants.get(person__name="人am").has_vote
    assert desk("hs").post(f"{do}/give_opinion/", {"opinion": "同意方案"}).status_code == 303
    assert desk("fin").get(f"/meetings/{meeting.pk}/").status_code == 404
    cs = desk("cs")
    here = [house.people[name].pk for name in ("cs", "hs", "cc")]
    assert cs.post(f"{do}/open_meeting/", {"present": here}).status_code == 303
    assert "列席" in shown(cs.get(f"/meetings/{meeting.pk}/"))
    assert cs.post(f"{do}/vote/", {"vote": "yes"}).status_code == 303
    assert "保留的意见" in shown(desk("hs").post(f"{do}/vote/", {"vote": "no"}), 422)
    assert desk("hs").post(f"{do}/vote/", {"vote": "no", "dissent": "先试点一个网点"}).status_code == 303
    cs = desk("cs")
    assert cs.post(f"{do}/vote_for/", {"vote": "yes", "person": house.people["cc"].pk}).status_code == 303
    assert cs.post(f"{do}/resolve/", {**WORDS, "needs_rule": "on"}).status_code == 303
    page = shown(cs.get(f"/meetings/{meeting.pk}/"))
    assert "赞成 2，反对 1，弃权 0；须达到 50%" in page and "先试点一个网点" in page
    decision = {
        "text": "给每个网点配工具绳",
        "owner": house.people["hs"].pk,
        "due_on": "2026-03-09",
        "standard": "每人两根",
    }
    assert "field-error" in shown(cs.post(f"{do}/decide/", {**decision, "standard": ""}), 422)
    assert cs.post(f"{do}/decide/", {**decision, "standard": "每名服务员两根"}).status_code == 303
    assert cs.post(f"{do}/publish/", {}).status_code == 303
    # How far what was decided is, stands with the decision; the task itself opens for whom it concerns.
    task = Task.objects.get()
    assert f'href="/tasks/{task.pk}/"' in shown(desk("hs").get(f"/meetings/{meeting.pk}/"))
    at = MONDAY + dt.timedelta(days=1)
    task = tasks.report(task, text="每人两根工具绳，已发放", by=house.actor("hs", at), at=at)
    tasks.accept(task, by=house.actor("cs", at), at=at, opinion="符合标准")
    page = shown(desk("cc").get(f"/meetings/{meeting.pk}/"))
    assert "已完成" in page and f"/tasks/{task.pk}/" not in page
    cs = desk("cs")
    assert "据此起草制度" in shown(cs.get(f"/meetings/{meeting.pk}/?part=regulations"))
    assert "现在：" in shown(cs.get(f"/threads/meetings.meeting/{meeting.pk}/"))
    assert desk("fin").get(f"/threads/meetings.meeting/{meeting.pk}/").status_code == 404


@pytest.mark.clause("AM-W1")
def test_minutes_show_the_hand_that_signed_them(house):
    from zhangfa.meetings.prints import minutes

    meeting, by = published(house), house.actor("cs")
    records.sign(meeting.record, role="chair", by=by, at=MONDAY, method="drawn", drawing=drawing())
    chair, keeper = minutes(meeting.record, actor=by, at=MONDAY).signatures
    assert (chair.state, bool(chair.drawing)) == ("signed", True) and keeper.state == "waiting"


@pytest.mark.clause("AM-W1")
def test_minutes_are_printed_with_the_day_on_which_they_were_published(desk, house):
    from zhangfa.meetings.prints import minutes
    from zhangfa.records.prints import print_of, when

    meeting = published(house)
    cs = house.actor("cs")
    assert print_of(meeting.record, actor=cs, at=MONDAY).startswith(b"%PDF")
    facts = {field.label: field.value for field in minutes(meeting.record, actor=cs, at=MONDAY).sections[0].fields}
    meeting.refresh_from_db()
    assert facts["公布时间"] == when(meeting.published_at) and facts["决议时间"]
    page = shown(desk("cs").get(f"/meetings/{meeting.pk}/"))
    assert "公布时间" in page
    # A correction is possible, but it is not the next step.
    assert re.search(r'<a class="btn " [^>]*>更正讨论记录</a>', page)


def test_nobody_is_away_from_a_meeting_that_was_not_held_yet(house):
    from zhangfa.meetings.prints import minutes

    def printed(meeting):
        return {
            f.label: f.value for f in minutes(meeting.record, actor=house.actor("cs"), at=MONDAY).sections[0].fields
        }

    facts = printed(called(house))
    assert (facts["到会"], facts["缺席"], facts["应到/实到"]) == ("", "", "4/")
    assert facts["参会人"] == "人cs、人hs、人cc、人am"
    facts = printed(held(house, people=("hs", "cc")))
    assert "参会人" not in facts and facts["到会"] == "人cs、人hs、人cc"


def test_the_weekly_meeting_shows_its_figures(desk, house):
    facts = body(kind="weekly", topic="第九周行政例会", problem="", urgency="", solution="")
    assert desk("am").post("/meetings/new/", facts).status_code == 303
    meeting = Meeting.objects.get()
    meeting.figures = [
        {"label": "订单", "value": "120", "unit": "家庭服务中心", "before": "100", "kind": "number", "tone": ""}
    ]
    meeting.save()
    assert "120" in shown(desk("hs").get(f"/meetings/{meeting.pk}/"))


@pytest.mark.clause("HS-W1.4")
def test_the_figures_stand_by_unit_in_the_readers_language(house):
    Unit.objects.filter(pk=house.units["home"].pk).update(name_en="Home service centre")
    home, east = (house.units[name].name for name in ("home", "east"))
    lines = [
        {"unit": home, "label": "完成订单"},
        {"unit": east, "label": "完成订单"},
        {"unit": home, "label": "服务金额"},
        {"unit": "", "label": "任务"},
    ]
    with translation.override("en"):
        groups = [(unit, [line["label"] for line in told]) for unit, told in by_unit(lines)]
    assert groups == [("", ["任务"]), ("Home service centre", ["完成订单", "服务金额"]), (east, ["完成订单"])]
