"""A problem from a visit through a meeting and a rule, two at once at the stock, and the invented company."""

import datetime as dt

import pytest

from tests.care import stages
from tests.care.stages import DAY, HOUR
from tests.houses import MONDAY, House
from tests.meetings import stages as meetings
from tests.regulations import stages as rules
from zhangfa.care import demo
from zhangfa.care.chain import SOURCE
from zhangfa.care.models import Thread, Visit
from zhangfa.core import clock
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.meetings.models import Meeting
from zhangfa.orders.models import Order
from zhangfa.regulations.threads import thread as chain_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def house():
    made = House()
    load_catalogue()
    return made


@pytest.mark.clause("CS-W3.4")
@pytest.mark.parametrize("needs_rule", [True, False])
def test_the_meeting_about_the_problem_moves_its_thread(house, needs_rule):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at = thread.raised_at + DAY
    meetings.resolved(house, at=at, needs_rule=needs_rule, source_kind=SOURCE, source_id=thread.pk)
    thread.refresh_from_db()
    assert thread.status == ("met" if needs_rule else "ruled") and thread.meeting_url
    rows = {
        row.duty.key.split(".")[0]: row.state for row in Occurrence.objects.filter(subject_key=f"record:{thread.pk}")
    }
    assert rows["D-CS-05"] == "done"
    assert ("D-CS-12" in rows) is not needs_rule
    found = chain_of(SOURCE, str(thread.pk), house.actor("am", at), at)
    assert found is not None and found.stages[0].done_at == thread.raised_at
    assert chain_of(SOURCE, str(thread.pk), house.actor("fin", at), at) is None


@pytest.mark.clause("CS-W3.4")
def test_the_thread_leads_to_the_next_step_and_the_rule_waits_for_the_meeting(client, house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at = thread.raised_at + DAY
    page = f"/threads/{SOURCE}/{thread.pk}/"

    def shown(name):
        client.force_login(house.user(name))
        with clock.at(at):
            return client.get(page).content.decode()

    assert "召集问题会议" in shown("cs") and "据此起草制度" not in shown("cs")
    states = {str(s.label): s.state(at) for s in chain_of(SOURCE, str(thread.pk), house.actor("am", at), at).stages}
    assert states["起草制度"] == "waiting" and states["召开问题会议"] == "due"
    with clock.at(at):
        form = client.get(f"/meetings/new/?kind=problem&source_kind={SOURCE}&source_id={thread.pk}&topic=x")
        assert str(thread.pk) in form.content.decode()
        # The problem is written down already: nobody types it again.
        assert form.context["form"]["problem"].value() == thread.visit.problem_text
        bare = client.get(f"/meetings/new/?kind=problem&source_kind={SOURCE}&source_id={thread.pk}").context["form"]
        assert thread.record.number in bare["topic"].value() and thread.customer.name not in bare["topic"].value()
        client.force_login(house.user("fin"))
        strange = client.get(f"/meetings/new/?kind=problem&source_kind={SOURCE}&source_id={thread.pk}").context["form"]
        assert not strange["problem"].value() and not strange["topic"].value()
    meetings.resolved(house, at=at, needs_rule=True, source_kind=SOURCE, source_id=thread.pk)
    assert "据此起草制度" in shown("am") and "召集问题会议" not in shown("am")
    held = Meeting.objects.get()
    with clock.at(at):
        draft = client.get(f"/regulations/new/?source_kind={SOURCE}&source_id={thread.pk}").context["form"]
    said = {name: draft[name].value() for name in ("summary", "reason", "problem", "is_fast")}
    assert said == {"summary": held.resolution, "reason": held.urgency, "problem": held.problem, "is_fast": True}


def test_a_meeting_about_nonsense_is_a_meeting_about_nothing(house):
    meeting = meetings.resolved(house, at=MONDAY, source_kind=SOURCE, source_id="no such thing")
    assert meeting.is_passed and not Thread.objects.exists()


@pytest.mark.clause("CS-W3.4")
def test_a_rule_drafted_from_the_meeting_settles_the_problem_too(client, house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at = thread.raised_at + DAY
    held = meetings.resolved(house, at=at, needs_rule=True, source_kind=SOURCE, source_id=thread.pk)
    client.force_login(house.user("am"))
    with clock.at(at):
        draft = client.get(f"/regulations/new/?source_kind=meetings.meeting&source_id={held.pk}").context["form"]
    assert (draft["problem"].value(), draft["is_fast"].value()) == (held.problem, True)
    rule = rules.in_force(house, at=at, day=at.date(), source_kind="meetings.meeting", source_id=held.pk)
    thread.refresh_from_db()
    assert (thread.status, thread.regulation_id) == ("ruled", rule.pk) and thread.answer_due_at


@pytest.mark.clause("CS-W3.4", "X-4")
def test_the_minutes_are_typed_only_for_who_may_read_them(client, house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at, origin = thread.raised_at + DAY, {"source_kind": SOURCE, "source_id": str(thread.pk)}
    held = meetings.resolved(house, at=at, people=("cc", "am"), votes=("yes",) * 3, **origin)
    assert chain_of(SOURCE, str(thread.pk), house.actor("hs", at), at), "the head sees the problem"
    assert not Meeting.objects.visible_to(house.actor("hs", at)).exists(), "and was not in the meeting"

    def typed(name, **asked):
        client.force_login(house.user(name))
        with clock.at(at):
            form = client.get("/regulations/new/", origin | asked).context["form"]
        return [form[field].value() or "" for field in ("summary", "reason", "problem", "references")]

    assert typed("am")[:3] == [held.resolution, held.urgency, held.problem]
    assert typed("hs") == [""] * 4
    assert typed("hs", source_kind="meetings.meeting", source_id=str(held.pk)) == [""] * 4
    Meeting.objects.filter(pk=held.pk).update(status="cancelled")
    assert typed("am") == [""] * 4


@pytest.mark.clause("CS-W3.4")
def test_the_line_follows_the_draft_that_came_out(house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at, about = thread.raised_at + DAY, {"source_kind": SOURCE, "source_id": thread.pk}
    meetings.resolved(house, at=at, needs_rule=True, **about)
    rules.drafted(house, at=at, title="先起草、没有用上的一份", **about)
    rules.in_force(house, at=at, day=at.date(), **about)
    found = chain_of(SOURCE, str(thread.pk), house.actor("am", at), at)
    states = {str(stage.label): stage.state(at) for stage in found.stages}
    assert states["颁布制度"] == "done" and states["审核和批准"] == "done"


@pytest.mark.clause("CS-W3.4")
@pytest.mark.parametrize(("name", "reads"), [("am", True), ("cs", True), ("cc", True), ("gm", True), ("hs", False)])
def test_what_the_meeting_decided_is_read_by_who_may_open_it(client, house, name, reads):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at, origin = thread.raised_at + DAY, {"source_kind": SOURCE, "source_id": str(thread.pk)}
    held = meetings.resolved(house, at=at, people=("cc", "am"), votes=("yes",) * 3, **origin)
    rule = rules.drafted(house, "am", at=at, **origin)
    assert Meeting.objects.visible_to(house.actor(name, at)).filter(pk=held.pk).exists() is reads
    client.force_login(house.user(name))
    with clock.at(at):
        found = [client.get(url) for url in (f"/threads/{SOURCE}/{thread.pk}/", thread.get_absolute_url())]
    texts = [one.content.decode() for one in found if one.status_code == 200]
    assert texts or name == "cc", "whoever follows the chain or sees the visit"
    for text in texts:
        assert (held.resolution in text, "内容供参会人员查看" in text) == (reads, not reads)
        assert reads or (
            rule.title not in text and str(rule.pk) not in text and f'href="{held.get_absolute_url()}' not in text
        )


def test_a_lost_vote_leaves_the_thread_open(house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at = thread.raised_at + DAY
    meetings.resolved(house, at=at, votes=("yes", "no", "no", "no"), source_kind=SOURCE, source_id=thread.pk)
    thread.refresh_from_db()
    assert thread.status == "open"


def test_the_invented_company_has_care_behind_it(house):
    stages.good_customer(house)
    start = MONDAY - 20 * DAY
    for number in range(6):
        customer = house.make_customer(f"客户{number}")
        order = house.make_order(customer)
        when = start + number * DAY
        Order.objects.filter(pk=order.pk).update(
            served_from=when, served_to=when + 3 * HOUR, started_at=when, finished_at=when + 3 * HOUR, payment="paid", paid=order.amount
        )  # fmt: skip
    company = stages.company(house)
    stages.paid(house, company, "120000")
    assert demo.build(1, "small", MONDAY + dt.timedelta(days=10)) > 0
    assert Visit.objects.filter(kind="division", status="written").exists()
