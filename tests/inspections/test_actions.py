"""An inspection from its list to its end, on both databases (AM-W3, HS-W1.6)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.inspections.stages import DAY, answered, asked, handed, listed, ordered, planned, started
from zhangfa.core.decisions import Refused
from zhangfa.core.ids import uuid7
from zhangfa.inspections import actions, results, rules
from zhangfa.inspections.models import Answer, Inspection, Sheet
from zhangfa.notices.models import Notice
from zhangfa.records.actions import refuse_to_sign, sign

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


@pytest.mark.clause("AM-W3")
def test_an_inspection_cannot_start_without_its_list(house):
    row = planned(house)
    with pytest.raises(Refused) as refused:
        actions.issue(row, by=house.actor("am"), at=MONDAY)
    assert codes(refused) == {"inspection.empty", "inspection.nobody"}
    actions.appoint(row, person=house.people["hr"], by=house.actor("am"), at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.start(row, by=house.actor("hr"), at=MONDAY)
    assert codes(refused) == {"status"}


@pytest.mark.clause("AM-W3")
def test_at_least_one_item_comes_unannounced(house):
    row = planned(house)
    by = house.actor("am")
    facts = {"source": "员工手册", "clause": "第三条", "question": "上门时先做什么？", "by": by, "at": MONDAY}
    actions.add_item(row, is_announced=True, **facts)
    actions.appoint(row, person=house.people["hr"], by=by, at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.issue(row, by=by, at=MONDAY)
    assert codes(refused) == {"inspection.surprise"}
    actions.add_item(row, **facts)
    assert actions.issue(row, by=by, at=MONDAY).status == "issued"


@pytest.mark.clause("AM-W3")
def test_what_is_unannounced_notifies_nobody_before_the_start(house):
    row = listed(house, announced=False)
    actions.issue(row, by=house.actor("am"), at=MONDAY)
    oa, hs = house.people["oa"], house.people["hs"]
    assert not Notice.objects.filter(person__in=[oa, hs], code__startswith="inspections").exists()
    assert not Inspection.objects.visible_to(house.actor("oa")).exists()
    actions.start(row, by=house.actor("hr"), at=MONDAY)
    assert set(Notice.objects.filter(code="inspections.started").values_list("person_id", flat=True)) == {oa.pk, hs.pk}
    assert Inspection.objects.visible_to(house.actor("oa")).exists()


@pytest.mark.clause("AM-W3")
def test_what_is_announced_is_told_to_the_unit(house):
    row = listed(house)
    actions.issue(row, by=house.actor("am"), at=MONDAY)
    told = set(Notice.objects.filter(code="inspections.announced").values_list("person_id", flat=True))
    assert {house.people["oa"].pk, house.people["sw"].pk, house.people["hs"].pk} == told


@pytest.mark.clause("AM-W3")
def test_inspectors_are_drawn_so_that_anybody_can_draw_them_again(house):
    row = planned(house)
    row = actions.draw_inspectors(row, department=house.units["service"], count=2, by=house.actor("am"), at=MONDAY)
    draw = row.draws[0]
    assert rules.draw(draw["seed"], draw["pool"], 2) == draw["drawn"]
    assert set(row.inspectors.values_list("person_id", flat=True)) == set(draw["drawn"])
    assert house.people["oa"].pk not in draw["pool"] and house.people["cs"].pk in draw["pool"]
    with pytest.raises(Refused) as refused:
        actions.draw_inspectors(row, department=house.units["finance"], count=3, by=house.actor("am"), at=MONDAY)
    assert codes(refused) == {"inspection.pool"}


@pytest.mark.clause("AM-W3")
def test_questions_are_drawn_from_the_rules_and_name_their_clause(house):
    row = actions.draw_questions(planned(house), posts=["oa"], count=4, by=house.actor("am"), at=MONDAY)
    items = list(row.items.all())
    assert len(items) == 4 and all(item.clause and item.source and item.expected for item in items)
    again = actions.draw_questions(row, posts=["oa"], count=4, by=house.actor("am"), at=MONDAY)
    assert again.items.values("key").distinct().count() == 8


@pytest.mark.clause("AM-W3")
def test_only_those_on_the_list_ask_and_nobody_asks_themselves(house):
    row = started(house)
    with pytest.raises(Refused) as refused:
        actions.open_sheet(row, person=house.people["oa"], by=house.actor("am"), at=MONDAY)
    assert codes(refused) == {"inspection.inspector"}
    with pytest.raises(Refused) as refused:
        actions.open_sheet(row, person=house.people["hr"], by=house.actor("hr"), at=MONDAY)
    assert codes(refused) == {"sheet.own"}


@pytest.mark.clause("AM-W3")
def test_a_sheet_is_handed_in_marked_and_signed_by_the_person_asked(house):
    sheet = handed(house)
    assert (sheet.asked, sheet.correct, sheet.wrong, sheet.score) == (2, 1, 1, 90)
    assert sheet.record.number.startswith("F08-")
    assert sheet.record.due_at == MONDAY.replace(hour=0) + DAY
    waiting = set(sheet.record.signatures.values_list("role", "signer_id"))
    assert waiting == {("inspector", house.people["hr"].pk), ("asked", house.people["oa"].pk)}
    house.user("oa")
    sign(sheet.record, role="asked", by=house.actor("oa"), at=MONDAY, is_verified=True)
    assert Sheet.objects.visible_to(house.actor("oa")).exists() and Sheet.objects.visible_to(house.actor("hs")).exists()
    assert not Sheet.objects.visible_to(house.actor("oa2")).exists()


@pytest.mark.clause("AM-W3")
def test_a_sheet_with_an_open_question_is_not_handed_in(house):
    sheet = answered(house, verdicts=("correct",))
    with pytest.raises(Refused) as refused:
        actions.hand_in(sheet, by=house.actor("hr"), at=MONDAY)
    assert codes(refused) == {"sheet.unmarked"}


@pytest.mark.clause("AM-W3")
def test_an_answer_changed_meanwhile_is_shown_and_not_overwritten(house):
    sheet = asked(house)
    answer = sheet.answers.order_by("no").first()
    facts = {"verdict": "", "deduction": 0, "by": house.actor("hr"), "at": MONDAY}
    first = actions.record_answer(sheet, id=answer.pk, answer="第一种说法", version=1, **facts)
    again = actions.record_answer(sheet, id=answer.pk, answer="第一种说法", version=1, **facts)
    assert first.version == again.version == 2
    with pytest.raises(Refused) as refused:
        actions.record_answer(sheet, id=answer.pk, answer="另一种说法", version=1, **facts)
    assert codes(refused) == {"answer.changed"} and refused.value.refusals[0].params["answer"] == "第一种说法"
    assert actions.record_answer(sheet, id=answer.pk, answer="另一种说法", version=2, **facts).version == 3


@pytest.mark.clause("AM-W3")
def test_a_telephone_mints_the_ids_and_may_send_twice(house):
    row, sheet_id, answer_id = started(house), uuid7(), uuid7()
    by = house.actor("hr")
    for _turn in range(2):
        actions.open_sheet(row, person=house.people["oa"], id=sheet_id, by=by, at=MONDAY)
        sheet = Sheet.objects.get(pk=sheet_id)
        actions.record_answer(
            sheet, id=answer_id, item=1, answer="先问好", verdict="correct", deduction=0, by=by, at=MONDAY
        )
    assert Sheet.objects.count() == 1 and Answer.objects.filter(sheet=sheet).count() == 2
    assert Answer.objects.get(item__no=1).answer == "先问好"


@pytest.mark.clause("AM-W3")
def test_the_person_asked_objects_and_somebody_else_decides(house):
    sheet = handed(house)
    for who in ("hr", "am"):
        with pytest.raises(Refused):
            actions.object_to(sheet, text="判定不对，我讲了", by=house.actor(who), at=MONDAY)
    sheet = actions.object_to(sheet, text="判定不对，我讲了", by=house.actor("oa"), at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.rule_on(sheet, ruling="听过录音属实", score=100, by=house.actor("hr"), at=MONDAY)
    assert codes(refused) == {"sheet.ruler"}
    assert actions.rule_on(sheet, ruling="听过录音属实", score=100, by=house.actor("am"), at=MONDAY).score == 100


@pytest.mark.clause("AM-W3")
def test_an_inspector_does_not_decide_the_objection_to_their_own_sheet(house):
    row = listed(house)
    row = actions.appoint(row, person=house.people["am"], by=house.actor("am"), at=MONDAY)
    row = actions.start(actions.issue(row, by=house.actor("am"), at=MONDAY), by=house.actor("am"), at=MONDAY)
    actions.open_sheet(row, person=house.people["oa"], by=house.actor("am"), at=MONDAY)
    sheet = Sheet.objects.get()
    for answer in sheet.answers.all():
        actions.record_answer(
            sheet, id=answer.pk, answer="不知道", verdict="wrong", deduction=10, by=house.actor("am"), at=MONDAY
        )
    sheet = actions.write_up(sheet, comment="流程不熟悉", by=house.actor("am"), at=MONDAY)
    sheet = actions.hand_in(sheet, by=house.actor("am"), at=MONDAY)
    sheet = actions.object_to(sheet, text="没有问过我", by=house.actor("oa"), at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.rule_on(sheet, ruling="维持原判", score=80, by=house.actor("am"), at=MONDAY)
    assert codes(refused) == {"sheet.own_ruling"}
    assert actions.rule_on(sheet, ruling="维持原判", score=80, by=house.actor("gm"), at=MONDAY).status == "ruled"


@pytest.mark.clause("HS-W1.6")
def test_a_head_checks_only_the_posts_of_the_own_department(house):
    with pytest.raises(Refused) as refused:
        planned(house, kind="spot_check", by="hs", unit="site")
    assert codes(refused) == {"inspection.department"}
    sheet = handed(house, kind="spot_check", by="hs", verdicts=("partly",))
    assert sheet.record.number.startswith("F24-") and sheet.score == 95


@pytest.mark.clause("HS-W1.6")
@pytest.mark.parametrize(("day", "is_allowed"), [(13, True), (14, False)])
def test_what_a_spot_check_finds_is_solved_by_the_end_of_next_week(house, day, is_allowed):
    """Monday 2 March: the week after ends on Sunday 15 March."""
    row = started(house, kind="spot_check", by="hs")
    if is_allowed:
        assert ordered(house, row, by="hs", due=day).is_spot
    else:
        with pytest.raises(Refused) as refused:
            ordered(house, row, by="hs", due=day)
        assert codes(refused) == {"problem.next_week"}


@pytest.mark.clause("HS-W1.6")
def test_an_order_is_closed_by_a_second_look_of_somebody_else(house):
    problem = ordered(house, started(house))
    problem = actions.finish_rectifying(problem, note="已培训，现场复述通过", by=house.actor("oa"), at=MONDAY + DAY)
    with pytest.raises(Refused) as refused:
        actions.close(problem, note="现场复查合格", by=house.actor("oa"), at=MONDAY + DAY)
    assert codes(refused) == {"problem.own_recheck"}
    problem = actions.reject(
        problem, note="还是不会讲", due_on=(MONDAY + 5 * DAY).date(), by=house.actor("hr"), at=MONDAY + DAY
    )
    assert (problem.status, problem.rounds) == ("open", 1)
    problem = actions.finish_rectifying(problem, note="再次培训并考过", by=house.actor("oa"), at=MONDAY + 2 * DAY)
    assert actions.close(problem, note="现场复查合格", by=house.actor("hr"), at=MONDAY + 3 * DAY).status == "closed"


@pytest.mark.clause("AM-W3")
def test_a_person_is_named_in_public_only_on_a_ground_and_after_seeing_their_sheet(house):
    sheet = handed(house)
    facts = {
        "kind": "criticism",
        "unit": house.units["home"],
        "reason": "赔付流程不熟",
        "by": house.actor("am"),
        "at": MONDAY,
    }
    with pytest.raises(Refused) as refused:
        actions.remark(MONDAY.date(), sheet=sheet, **facts)
    assert codes(refused) == {"remark.ground", "remark.shown"}
    refuse_to_sign(sheet.record, role="asked", reason="不同意判定", by=house.actor("hs"), at=MONDAY)
    assert actions.remark(MONDAY.date(), sheet=sheet, ground="奖惩制度第 5 条", **facts).sheet == sheet


@pytest.mark.clause("AM-W3")
def test_the_week_is_published_once_it_is_over_with_receipts(house):
    handed(house)
    by, later = house.actor("am"), MONDAY + 7 * DAY
    with pytest.raises(Refused) as refused:
        actions.publish_week(MONDAY.date(), proposal="加强赔付培训", by=by, at=MONDAY + dt.timedelta(days=6, hours=13))
    assert codes(refused) == {"week.running"}
    paper = actions.publish_week(MONDAY.date(), proposal="加强赔付培训", by=by, at=later)
    row = next(r for r in paper.figures["rows"] if r["department"] == house.units["home"].pk)
    assert (row["people"], row["rate"]) == (1, 500)
    got = set(paper.record.copies.values_list("person_id", flat=True))
    assert {house.people[name].pk for name in ("gm", "dgm", "hs", "cs", "ls", "mk")} <= got
    with pytest.raises(Refused) as refused:
        actions.remark(MONDAY.date(), kind="praise", unit=house.units["home"], reason="进步明显", by=by, at=later)
    assert codes(refused) == {"week.published"}


@pytest.mark.clause("AM-W3")
def test_the_month_is_frozen_for_the_appraisal(house):
    sheet = handed(house)
    month = dt.date(2026, 3, 1)
    paper = actions.freeze_month(month, by=house.actor("am"), at=MONDAY.replace(month=4, day=1))
    assert [(r["name"], r["asked"], r["score"]) for r in paper.figures["rows"]] == [(sheet.person.shown_name, 2, 900)]
    actions.object_to(sheet, text="判定不对，我讲了", by=house.actor("oa"), at=MONDAY)
    assert results.lines(month) == []
