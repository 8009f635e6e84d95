"""Plans from the company to the person: handed in, reviewed, progressed, rolled up, summed up (AM-D5)."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import generate
from zhangfa.duties.models import Occurrence
from zhangfa.planning import actions, queries
from zhangfa.planning.models import Plan, Summary
from zhangfa.records.models import Publication

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-D5")]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TODAY = clock.local_date(MONDAY)
DECEMBER = dt.datetime(2026, 12, 20, 10, tzinfo=clock.TZ)


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def begin(house, by="hs", level="department", rhythm="monthly", at=MONDAY, **more):
    return actions.begin(level=level, rhythm=rhythm, day=clock.local_date(at), by=house.actor(by, at), at=at, **more)


def filled(house, by="hs", level="department", rhythm="monthly", at=MONDAY, parent=None, item=None, **more):
    plan = begin(house, by, level, rhythm, at, parent=parent)
    facts = {
        "title": "新增客户",
        "standard": "签约付款",
        "due_on": plan.to_on,
        "target": Decimal(10),
        "unit": "家",
        "parent": item,
    }
    return actions.add_item(plan, by=house.actor(by, at), at=at, **{**facts, **more})


def approved(house, by="hs", reviewer="dgm", at=MONDAY, **more):
    plan = actions.submit(filled(house, by, at=at, **more), by=house.actor(by, at), at=at)
    return actions.approve(plan, by=house.actor(reviewer, at), at=at)


def test_a_department_plan_is_handed_in_and_reviewed_by_the_superior(house):
    plan = begin(house)
    assert codes(actions.submit, plan, by=house.actor("hs"), at=MONDAY) == {"plan.empty"}
    assert codes(begin, house) == {"plan.taken"}
    plan = actions.add_item(plan, by=house.actor("hs"), at=MONDAY, title="新增客户", standard="签约", due_on=plan.to_on)
    plan = actions.submit(plan, by=house.actor("hs"), at=MONDAY)
    assert plan.record.number.startswith("JH-20260302-")
    assert codes(actions.approve, plan, by=house.actor("hs"), at=MONDAY) == {"plan.own"}
    assert codes(actions.approve, plan, by=house.actor("cs"), at=MONDAY) == {"plan.reviewer"}
    assert [item.note for item in queries.todo_items(house.actor("dgm"), MONDAY)] == ["审核计划"]
    plan = actions.send_back(plan, by=house.actor("dgm"), at=MONDAY, reason="没有数字目标")
    assert plan.status == "returned"
    plan = actions.approve(actions.submit(plan, by=house.actor("hs"), at=MONDAY), by=house.actor("gm"), at=MONDAY)
    assert (plan.status, plan.reviewed_by) == ("approved", house.people["gm"])


@pytest.mark.parametrize(
    ("by", "level", "code"),
    [("oa", "department", "plan.department"), ("hs", "company", "plan.company"), ("sw", "person", "plans.make")],
)
def test_each_plans_what_is_theirs(house, by, level, code):
    assert codes(begin, house, by, level) == {code}


def test_the_gms_own_plan_goes_to_the_second_decider(house):
    house.name_second_decider("am")
    plan = actions.submit(filled(house, "gm", "company", "yearly"), by=house.actor("gm"), at=MONDAY)
    assert codes(actions.approve, plan, by=house.actor("gm"), at=MONDAY) == {"plan.own"}
    assert codes(actions.approve, plan, by=house.actor("dgm"), at=MONDAY) == {"plan.second"}
    assert actions.approve(plan, by=house.actor("am"), at=MONDAY).status == "approved"


def test_progress_rolls_up_from_the_person_to_the_company(house):
    company = approved(house, "am", "gm", level="company", rhythm="yearly")
    department = approved(house, parent=company, item=company.items.get().pk)
    top, middle = company.items.get(), department.items.get()
    plan = approved(house, "oa", "sup", level="person", rhythm="weekly", parent=department, item=middle.pk)
    item = plan.items.get()
    facts = {"by": house.actor("oa"), "at": MONDAY, "item": item.pk}
    assert codes(actions.progress, plan, **facts, note="签了四家") == {"progress.actual"}
    plan = actions.progress(plan, **facts, actual=Decimal(4), note="签了四家")
    item.refresh_from_db()
    assert (plan.pct, item.variance) == (Decimal("40.0"), Decimal(-6))
    for row in (top, middle):
        row.refresh_from_db()
        assert row.pct == Decimal("40.0")
    assert Plan.objects.get(pk=company.pk).pct == Decimal("40.0")
    # What is entered above stands for itself.
    actions.progress(department, by=house.actor("hs"), at=MONDAY, item=middle.pk, actual=Decimal(9), note="全部门九家")
    actions.progress(plan, **facts, actual=Decimal(5), note="又签一家")
    middle.refresh_from_db()
    assert middle.pct == Decimal("90.0") and item.progress.count() == 2
    assert codes(
        actions.progress, department, by=house.actor("oa2"), at=MONDAY, item=middle.pk, actual=Decimal(1), note="一家"
    ) == {"plan.progress"}
    assert [line["below"][0].plan_id for line in queries.lines_of(department, MONDAY)] == [plan.pk]


def test_the_figures_of_a_plan_that_was_summed_up_stand(house):
    company = approved(house, "am", "gm", level="company", rhythm="yearly")
    department = approved(house, parent=company, item=company.items.get().pk)
    facts = {"by": house.actor("hs"), "at": MONDAY, "item": department.items.get().pk}
    actions.progress(department, **facts, actual=Decimal(4), note="全部门四家")
    actions.close(Plan.objects.get(pk=company.pk), by=house.actor("am"), at=MONDAY, result="完成四成，下半年补上差距")
    department = actions.progress(department, **facts, actual=Decimal(9), note="全部门九家")
    assert department.pct == Decimal("90.0")
    assert Plan.objects.get(pk=company.pk).pct == company.items.get().pct == Decimal("40.0")


def test_an_item_hangs_only_on_the_plan_above(house):
    company = approved(house, "am", "gm", level="company", rhythm="yearly")
    other = approved(house, "cs", "dgm")
    assert codes(filled, house, parent=company, item=other.items.get().pk) == {"item.parent"}


def test_a_closed_plan_stands(house):
    plan = approved(house)
    assert codes(actions.close, plan, by=house.actor("hs"), at=MONDAY, result="好") == {"plan.result"}
    plan = actions.close(plan, by=house.actor("hs"), at=MONDAY, result="完成四家，差六家，因人手不足")
    facts = {"item": plan.items.get().pk, "actual": Decimal(9), "note": "补记"}
    assert codes(actions.progress, plan, by=house.actor("hs"), at=MONDAY, **facts) == {"status"}


@pytest.mark.parametrize(
    ("who", "sees"),
    [("oa", True), ("sup", True), ("hs", True), ("dgm", True), ("am", True), ("oa2", False), ("cs", False)],
)
def test_who_sees_a_persons_plan(house, who, sees):
    plan = begin(house, "oa", "person")
    assert Plan.objects.visible_to(house.actor(who)).filter(pk=plan.pk).exists() is sees


@pytest.mark.clause("HS-D1")
@pytest.mark.parametrize(
    ("by", "code"), [("hs", "D-HS-13"), pytest.param("ls", "D-LS-13", marks=pytest.mark.clause("LS-D1"))]
)
def test_a_plan_handed_in_fulfils_the_duty_of_its_rhythm(house, by, code):
    generate(MONDAY - DAY)
    generate(MONDAY)
    owed = Occurrence.objects.filter(duty__code=code)
    assert owed.filter(duty__stage="month", state="open").exists()
    actions.submit(filled(house, by), by=house.actor(by), at=MONDAY)
    assert not owed.filter(duty__stage="month", state="open").exists()
    assert owed.filter(duty__stage="quarter", state="done").count() == 0


def test_administration_checks_every_departments_plan_of_the_month(house):
    generate(MONDAY - DAY)
    generate(MONDAY)
    approved(house)
    rows = queries.departments_in("monthly", "2026-03")
    assert [unit.code for unit, plan in rows if plan] == ["home"]
    remarks = {unit.pk: "有计划，可行" if plan else "未提交，催办" for unit, plan in rows}
    facts = {"month": dt.date(2026, 3, 1), "at": MONDAY}
    assert codes(actions.check_month, **facts, remarks={}, by=house.actor("am")) == {"check.remark"}
    assert codes(actions.check_month, **facts, remarks=remarks, by=house.actor("hs")) == {"plans.check"}
    paper = actions.check_month(**facts, remarks=remarks, by=house.actor("am"))
    assert paper.record.copies.get().person == house.people["gm"]
    assert Occurrence.objects.get(duty__code="D-AM-07", period="2026-03").state == "done"


def test_the_year_is_drawn_from_the_plans_and_frozen(house, client):
    plan = approved(house, at=DECEMBER)
    actions.progress(
        plan, by=house.actor("hs", DECEMBER), at=DECEMBER, item=plan.items.get().pk, actual=Decimal(8), note="八家"
    )
    words = {"level": "department", "year": 2026, "text": "签约八家，差两家", "next_plan": "补足人手再签"}
    assert codes(actions.summarise, **words, by=house.actor("hs"), at=MONDAY) == {"summary.early"}
    summary = actions.summarise(**words, by=house.actor("hs", DECEMBER), at=DECEMBER)
    assert (summary.figures["pct"], summary.figures["count"]) == ("80.0", 1)
    assert codes(actions.summarise, **words, by=house.actor("hs", DECEMBER), at=DECEMBER) == {"summary.taken"}
    actions.progress(
        plan, by=house.actor("hs", DECEMBER), at=DECEMBER, item=plan.items.get().pk, actual=Decimal(10), note="十家"
    )
    assert Summary.objects.get(pk=summary.pk).figures["pct"] == "80.0"
    # Each person writes their own besides; administration sees how many of each department have.
    own = {**words, "level": "person", "text": "我的一年办完了每一项"}
    for by in ("oa", "sup"):
        actions.summarise(**own, by=house.actor(by, DECEMBER), at=DECEMBER)
    assert queries.personal_summaries(2026) == {house.units["home"].pk: 2}
    with clock.at(DECEMBER):
        client.force_login(house.user("am"))
        page = client.get("/plans/years/2026/").content.decode()
    assert re.search(r'data-label="个人总结（份）">2<', page)
    am = house.actor("am", DECEMBER)
    assert codes(actions.close_year, year=2026, by=am, at=DECEMBER) == {"check.missing"}
    for by in ("am", "fin", "mk", "cs", "ls"):
        actions.summarise(**words, by=house.actor(by, DECEMBER), at=DECEMBER)
    generate(dt.datetime(2025, 12, 31, tzinfo=clock.TZ))
    generate(DECEMBER - DAY)
    actions.close_year(year=2026, by=am, at=DECEMBER)
    assert Publication.objects.filter(kind="plan_year", period="2026").exists()
    assert Occurrence.objects.get(duty__code="D-AM-14", period="2026").state == "done"


def test_a_plan_hangs_only_on_the_company_s_its_own_unit_s_or_the_person_s_own(house):
    """Another unit's plan is refused with words, and not offered either."""
    yearly = {"level": "department", "rhythm": "yearly"}
    home = approved(house, "hs", **yearly)
    service = approved(house, "cs", **yearly)
    own = approved(house, "oa", "sup", level="person", rhythm="yearly")
    assert codes(begin, house, "hs", parent=service) == {"plan.parent_unit"}
    assert codes(begin, house, "oa", "person", parent=service) == {"plan.parent_unit"}
    assert codes(begin, house, "oa2", "person", parent=own) == {"plan.parent_unit"}
    offered = {key for key, _title in queries.parents_for(house.actor("oa"), MONDAY)}
    assert offered == {str(home.pk), str(own.pk)}
    assert begin(house, "oa", "person", "monthly", parent=own).parent == own
    assert begin(house, "hs", parent=home).parent == home
