"""From a closed case to its rule, its lesson and its effect (CC-W2.1, CC-W2.2, RPT-14)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.houses import MONDAY
from tests.regulations.stages import in_force
from zhangfa.approvals.actions import decide
from zhangfa.approvals.queries import waiting_for
from zhangfa.claims import actions, learning
from zhangfa.claims.models import Case, Study
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.records.models import Copy
from zhangfa.regulations.threads import thread

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W2.1"), pytest.mark.clause("CC-W2.2")]
DAY = dt.timedelta(days=1)
LESSON = {
    "title": "高处作业工具滑落砸坏台面", "narrative": "服务员在客户家擦洗吊柜时工具滑落，台面开裂。", "analysis": "工具没有系绳，台面没有铺垫。",
    "correct_practice": "工具系在手腕，台面先铺防护垫。", "checkpoints": ["工具系绳", "铺防护垫"], "posts": ["sw", "oa"],
    "quiz": [{"question": "擦吊柜前先做什么？", "options": ["铺防护垫", "直接擦"], "answer": 0}],
}  # fmt: skip


def closed(house, nature="systemic", at=MONDAY):
    """A case at its end, as `close` leaves it."""
    load_catalogue()
    case = house.to_assessed(house.report("300", at=at), price="300", at=at)
    case = Case.objects.get(pk=case.pk)
    case.status, case.attempts, case.satisfaction = "assessed", 1, 5
    case.save()
    return actions.close(case, by=house.actor(house.handler_of(case), at), at=at, nature=nature)


def owed(case, code):
    return Occurrence.objects.filter(duty__key__startswith=code, subject_key=f"record:{case.pk}").first()


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    found = [refusal.code for refusal in caught.value.refusals]
    assert set(codes) <= set(found), found


def test_the_rule_is_owed_from_the_closing_and_its_clocks_end_with_it(house):
    case = closed(house)
    draft, rule = owed(case, "D-CC-03"), owed(case, "D-AM-06")
    assert (draft.due_on, rule.due_on) == (MONDAY.date() + 3 * DAY, MONDAY.date() + 7 * DAY)
    assert draft.person_id == case.handler_id and rule.person_id == house.people["am"].pk
    refused(
        lambda: actions.ask_waiver(case, by=house.actor(house.handler_of(case)), at=MONDAY, reason="客户自带工具"),
        "waiver.systemic",
    )
    in_force(house, by="cc", source_kind="claims.case", source_id=case.pk)
    draft.refresh_from_db()
    rule.refresh_from_db()
    assert (draft.state, rule.state) == ("done", "done")


def test_a_special_cause_goes_without_a_rule_when_the_manager_agrees(house):
    case = closed(house, "isolated")
    by = house.actor(house.handler_of(case))
    actions.ask_waiver(case, by=by, at=MONDAY, reason="客户自带的梯子断裂，不会再有")
    (step,) = waiting_for(case.pk)
    decide(step, by=house.actor("cs"), at=MONDAY, result="agree")
    assert {owed(case, code).state for code in ("D-CC-03", "D-AM-06")} == {"void"}
    found = thread("claims.case", str(case.pk), house.actor("am"), MONDAY)
    assert "skipped" in [stage.state(MONDAY) for stage in found.stages]
    refused(lambda: actions.ask_waiver(case, by=by, at=MONDAY, reason="再申请一次看看"), "waiver.asked")


def test_refused_the_rule_stays_owed(house):
    case = closed(house, "isolated")
    by = house.actor(house.handler_of(case))
    actions.ask_waiver(case, by=by, at=MONDAY, reason="客户自带的梯子断裂，不会再有")
    (step,) = waiting_for(case.pk)
    decide(step, by=house.actor("cs"), at=MONDAY, result="refuse", opinion="类似的梯子还在用")
    assert owed(case, "D-CC-03").is_open
    assert actions.ask_waiver(case, by=by, at=MONDAY, reason="梯子已经全部更换").waiver_asked_at


def test_the_lesson_names_nobody_and_is_released_by_the_manager(house):
    case = closed(house)
    by = house.actor(house.handler_of(case))
    refused(
        lambda: actions.write_study(case, by=by, at=MONDAY, **(LESSON | {"narrative": "林女士家台面被砸坏了"})),
        "study.name",
    )
    refused(
        lambda: actions.write_study(case, by=by, at=MONDAY, **(LESSON | {"analysis": "听松苑的台面没有铺垫"})),
        "study.place",
    )
    study = actions.write_study(case, by=by, at=MONDAY, **LESSON)
    assert study.record.number.startswith("F14-") and study.loss_level == "200–500"
    refused(lambda: actions.release(study, by=by, at=MONDAY), "study.release")
    assert not Study.objects.visible_to(house.actor("sw")).exists()
    study = actions.release(study, by=house.actor("cs"), at=MONDAY)
    assert set(study.readings.values_list("person__name", flat=True)) == {"人sw", "人sw2", "人oa", "人oa2"}
    refused(lambda: actions.read_study(study, answers={0: 1}, by=house.actor("sw"), at=MONDAY), "reading.wrong")
    refused(lambda: actions.read_study(study, answers={0: 0}, by=house.actor("fin"), at=MONDAY), "reading.none")
    assert actions.read_study(study, answers={0: 0}, by=house.actor("sw"), at=MONDAY).at == MONDAY


def test_who_wrote_it_does_not_release_it(house):
    case = closed(house)
    study = actions.write_study(case, by=house.actor("cs"), at=MONDAY, **LESSON)
    refused(lambda: actions.release(study, by=house.actor("cs"), at=MONDAY), "study.own")
    assert actions.release(study, by=house.actor("dgm"), at=MONDAY).status == "released"


def test_the_chain_is_one_thread_and_its_effect_is_published(house):
    case = closed(house)
    rule = in_force(house, source_kind="claims.case", source_id=case.pk)
    later = MONDAY + 40 * DAY
    rows = learning.draw(later.date())["rows"]
    assert rows[0]["number"] == rule.record.number and (rows[0]["before"], rows[0]["after"]) == (0, 1)
    refused(lambda: actions.publish_effect("2026-Q1", by=house.actor("cc", MONDAY), at=MONDAY), "effect.early")
    refused(lambda: actions.publish_effect("2026-Q1", by=house.actor("am", later), at=later), "effect.post")
    paper = actions.publish_effect("2026-Q1", by=house.actor("cc", later), at=later)
    assert paper.figures == learning.draw(dt.date(2026, 3, 31))
    assert Copy.objects.filter(record=paper.record, person=house.people["am"]).exists()
    assert actions.publish_effect("2026-Q1", by=house.actor("cs", later), at=later).pk == paper.pk
    found = thread("claims.case", str(case.pk), house.actor("gm", later), later)
    assert found.stages[-1].note
    assert thread("claims.case", str(case.pk), house.actor("sw2"), later) is None
    assert Decimal(rows[0]["rate_after"] or 0) >= 0
