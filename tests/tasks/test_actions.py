"""A task from the superior's word to the accepted result; its duty, its holder, its counts (X-7)."""

import datetime as dt

import pytest

from tests.houses import MONDAY, START
from tests.tasks.works import DAY, DUE, HOUR, WORDS, give
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import escalate_due
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.organisation.actions import holdings as chart
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Absence, Holding, Person
from zhangfa.tasks import actions, queries, registry
from zhangfa.tasks.models import Problem, Task

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-7")]
S = Task.Status
DONE = "公示牌已更换，照片已上传"


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def owed(task, stage="do"):
    return list(Occurrence.objects.filter(record_id=task.pk, duty__stage=stage, duty__code="D-X-07").order_by("pk"))


def report(house, task, by="oa", at=MONDAY + HOUR):
    return actions.report(task, by=house.actor(by, at), at=at, text=DONE)


def accept(house, task, by="hs", at=MONDAY + DAY):
    return actions.accept(task, by=house.actor(by, at), at=at)


def test_a_task_is_given_reported_and_accepted(house):
    task = give(house)
    assert task.record.number.startswith("RW-20260302-") and task.owner == house.people["oa"]
    assert [(row.due_at, row.state) for row in owed(task)] == [(DUE, "open")]
    assert [item.title for item in queries.todo_items(house.actor("oa"), MONDAY)] == [WORDS["title"]]
    task = report(house, task)
    assert owed(task)[0].state == "done" and owed(task, "check")[0].person == house.people["hs"]
    assert [item.title for item in queries.todo_items(house.actor("hs"), MONDAY)] == [WORDS["title"]]
    task = accept(house, task)
    assert (task.status, task.outcome(MONDAY + DAY), task.closed_by) == (S.ACCEPTED, "in_time", house.people["hs"])
    assert owed(task, "check")[0].state == "done"
    told = list(Notice.objects.filter(code__startswith="tasks.").order_by("pk").values_list("code", "person__name"))
    assert told == [("tasks.assigned", "人oa"), ("tasks.reported", "人hs"), ("tasks.accepted", "人oa")]


@pytest.mark.clause("HS-W1.2")
def test_without_details_finish_time_and_standard_nothing_is_written(house):
    found = codes(give, house, details=" ", standard="", due_at=None)
    assert found == {"task.details", "task.standard", "task.due"} and not Task.objects.exists()


@pytest.mark.parametrize(
    ("by", "to", "code"),
    [("oa", "hs", "task.below"), ("cs", "oa", "task.below"), ("hs", "hs", "task.self"), ("op", "sw", "tasks.give"), ("sw", "oa", "tasks.give")],
)  # fmt: skip
def test_tasks_go_down_the_line_only(house, by, to, code):
    assert code in codes(give, house, by, to)


@pytest.mark.parametrize("by", ["sup", "hs", "dgm", "gm"])
def test_every_superior_of_the_line_may_give(house, by):
    assert give(house, by).giver == house.people[by]


@pytest.mark.parametrize(
    ("by", "code"), [("oa", "task.giver"), ("cs", "task.giver"), ("sup", "task.giver"), ("oa2", "task.giver")]
)
def test_others_do_not_accept(house, by, code):
    task = report(house, give(house))
    assert codes(accept, house, task, by) == {code}


def test_the_givers_superior_may_accept(house):
    assert accept(house, report(house, give(house)), "dgm").status == S.ACCEPTED


def test_nobody_accepts_their_own_not_as_a_delegate_either(house):
    Absence.objects.create(
        person=house.people["hs"], delegate=house.people["oa"], from_at=MONDAY - DAY, to_at=MONDAY + 9 * DAY
    )
    task = report(house, give(house, "sup"))
    assert codes(accept, house, task, "oa") == {"task.own"}
    # Who reported for somebody away doesn't accept it for the giver.
    other = give(house, to="oa2")
    Absence.objects.create(
        person=house.people["oa2"], delegate=house.people["sup"], from_at=MONDAY - DAY, to_at=MONDAY + 9 * DAY
    )
    given_by_sup = give(house, "sup", "oa2")
    assert other.owner == given_by_sup.owner
    assert codes(accept, house, report(house, given_by_sup, "sup"), "sup") == {"task.reporter"}


def test_a_resolution_binds_its_own_chair_and_somebody_above_accepts(house, monkeypatch):
    monkeypatch.setitem(registry._sources, "tests.resolution", registry.Source("tests.resolution", "会议决议"))
    task = give(house, "hs", "hs", source_kind="tests.resolution", source_id="7", source_title="周例会决议")
    assert (task.owner, task.giver) == (house.people["hs"], house.people["dgm"])
    assert codes(accept, house, report(house, task, "hs"), "hs") == {"task.giver"}
    assert [row.pk for row in queries.of_source("tests.resolution", 7)] == [task.pk]


def test_what_is_sent_back_is_owed_anew_the_same_day_too(house):
    task = report(house, give(house))
    facts = {"by": house.actor("hs"), "at": MONDAY + 2 * HOUR}
    assert codes(actions.send_back, task, **facts, reason="差") == {"task.reason"}
    task = actions.send_back(task, **facts, reason="西店照片看不清")
    assert (task.status, task.returned_count) == (S.RETURNED, 1)
    assert [(row.state, row.due_at) for row in owed(task)] == [("done", DUE), ("open", DUE)]
    assert [row.state for row in owed(task, "check")] == ["done"]
    task = report(house, task, at=MONDAY + 3 * HOUR)
    assert [row.state for row in owed(task)] == ["done", "done"]
    assert accept(house, task).outcome(MONDAY) == "in_time"


def test_done_again_after_the_first_finish_time_is_late(house):
    task = report(house, give(house))
    at = DUE + HOUR
    assert codes(actions.send_back, task, by=house.actor("hs", at), at=at, reason="没有达到标准") == {"task.redo"}
    task = actions.send_back(task, by=house.actor("hs", at), at=at, reason="没有达到标准", redo_at=at + DAY)
    assert owed(task)[-1].due_at == at + DAY
    task = accept(house, report(house, task, at=at + HOUR), at=at + 2 * HOUR)
    assert task.outcome(at + 2 * HOUR) == "late"


def test_overdue_goes_to_the_superior(house):
    task = give(house)
    escalate_due(DUE, by=system_actor("duties", DUE), at=DUE + HOUR)
    row = owed(task)[0]
    assert (row.rung, row.escalated_to) == (1, house.seats["sup"])
    assert Notice.objects.filter(code="duties.escalated", person=house.people["sup"]).exists()


def test_withdrawn_is_owed_by_nobody(house):
    task = give(house)
    assert codes(actions.withdraw, task, by=house.actor("oa"), at=MONDAY, reason="不想做了吧") == {"task.giver"}
    task = actions.withdraw(task, by=house.actor("hs"), at=MONDAY, reason="价目表推迟发布")
    assert (task.status, owed(task)[0].state, task.record.status) == (S.WITHDRAWN, "void", "void")


def test_a_finish_time_moves_with_its_duty_before_it_has_passed(house):
    task = give(house)
    task = actions.postpone(task, by=house.actor("hs"), at=MONDAY, due_at=DUE + DAY, reason="供应商延期交货")
    assert task.due_at == owed(task)[0].due_at == DUE + DAY
    at = DUE + DAY
    found = codes(actions.postpone, task, by=house.actor("hs", at), at=at, due_at=at + DAY, reason="供应商延期交货")
    assert found == {"task.postpone_late"}


def test_handed_over_to_another_seat_it_is_owed_there(house):
    task = give(house)
    task = actions.hand_over(task, by=house.actor("hs"), at=MONDAY, seat=house.seats["oa2"], reason="东店人手不足")
    assert task.owner == house.people["oa2"]
    assert [(row.state, row.person) for row in owed(task)] == [
        ("void", house.people["oa"]),
        ("open", house.people["oa2"]),
    ]
    assert not Task.objects.visible_to(house.actor("sw")).exists()


def test_the_successor_takes_over_what_runs_and_what_waits_for_acceptance(house):
    task, waiting = give(house), report(house, give(house, "oa", "sw"), "sw")
    newcomer = Person.objects.create(no="N1", name="新管理员", kind="staff")
    today = clock.local_date(MONDAY)
    gm = house.actor("gm")
    chart.end(house.people["oa"].holdings.get(), to_on=today - dt.timedelta(days=1), by=gm, at=MONDAY)
    chart.hold(person=newcomer, seat=house.seats["oa"], from_on=today, by=gm, at=MONDAY)
    task.refresh_from_db()
    waiting.refresh_from_db()
    assert (task.owner, waiting.giver) == (newcomer, newcomer)
    assert owed(task)[0].person == newcomer
    assert Notice.objects.filter(code="tasks.inherited", person=newcomer).exists()


def test_a_holding_entered_ahead_moves_the_task_on_its_day(house):
    task = give(house)
    newcomer = Person.objects.create(no="N1", name="新管理员", kind="staff")
    first = (MONDAY + DAY).date()
    Holding.objects.filter(person=house.people["oa"]).update(to_on=first - dt.timedelta(days=1))
    Holding.objects.create(person=newcomer, seat=house.seats["oa"], from_on=first)
    at = MONDAY + DAY
    assert actions.follow_changes(START, first, by=system_actor("tasks", at), at=at) == 1
    assert actions.follow_changes(START, first, by=system_actor("tasks", at), at=at) == 0
    task.refresh_from_db()
    assert task.owner == newcomer


@pytest.mark.parametrize(
    ("who", "sees"),
    [("oa", True), ("hs", True), ("sup", True), ("dgm", True), ("gm", True), ("am", True), ("oa2", False), ("cs", False), ("sw", False)],
)  # fmt: skip
def test_who_sees_a_task(house, who, sees):
    task = give(house)
    assert Task.objects.visible_to(house.actor(who)).filter(pk=task.pk).exists() is sees


def test_counts_per_person(house):
    accept(house, report(house, give(house)))
    late = report(house, give(house), at=DUE + HOUR)
    accept(house, late, at=DUE + 2 * HOUR)
    give(house)
    actions.withdraw(give(house), by=house.actor("hs"), at=MONDAY, reason="不再需要了")
    found = queries.tallies(None, MONDAY, DUE + DAY, DUE + 3 * HOUR)
    assert [(row.person, row.total, row.in_time, row.late, row.overdue) for row in found] == [
        (house.people["oa"], 3, 1, 1, 1)
    ]
    assert round(found[0].share or 0, 1) == 33.3
    assert queries.tallies([house.people["oa2"].pk], MONDAY, DUE + DAY, DUE) == []


@pytest.mark.clause("HS-W1.2")
def test_a_problem_becomes_a_task_in_one_step_and_is_solved_with_it(house):
    problem = actions.raise_problem(
        outlet=house.units["east"], kind="tools", text="洗衣机坏了三天", by=house.actor("oa"), at=MONDAY
    )
    assert [item.number for item in queries.problems_waiting(house.actor("hs"), MONDAY)] == [str(problem)]
    problem = actions.make_task(problem, by=house.actor("hs"), at=MONDAY, seat=house.seats["oa"], **WORDS, due_at=DUE)
    task = problem.task
    assert (problem.status, task.source_kind, task.source_id) == ("tasked", "tasks.problem", str(problem.pk))
    accept(house, report(house, task))
    problem.refresh_from_db()
    assert (problem.status, problem.answer) == (Problem.Status.SOLVED, DONE)


@pytest.mark.clause("HS-W1.2")
def test_a_problem_whose_task_is_withdrawn_waits_again(house):
    problem = actions.raise_problem(
        outlet=house.units["east"], kind="tools", text="洗衣机坏了三天", by=house.actor("oa"), at=MONDAY
    )
    problem = actions.make_task(problem, by=house.actor("hs"), at=MONDAY, seat=house.seats["oa"], **WORDS, due_at=DUE)
    actions.withdraw(problem.task, by=house.actor("hs"), at=MONDAY, reason="厂家已来修好")
    problem.refresh_from_db()
    assert (problem.status, problem.task) == ("raised", None)
    assert codes(actions.solve, problem, by=house.actor("oa"), at=MONDAY, answer="厂家已来修好") == {"problems.answer"}
    assert actions.solve(problem, by=house.actor("hs"), at=MONDAY, answer="厂家已来修好").status == "solved"
    assert not Problem.objects.visible_to(house.actor("oa2")).exists()
    assert codes(actions.raise_problem, outlet=house.units["east"], kind="tools", text="坏了", by=house.actor("sw"), at=MONDAY) == {
        "problems.raise", "problem.text",
    }  # fmt: skip
