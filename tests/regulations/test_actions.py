"""A regulation from draft to archive: who decides, who acknowledges, who reports, what it changes (AM-W2, AM-D3)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.regulations.stages import TODAY, agree, approved, drafted, in_force
from zhangfa.approvals.queries import waiting_for
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.actions import holdings
from zhangfa.policy.queries import figure_on
from zhangfa.regulations import actions, queries
from zhangfa.regulations.models import Receipt, Regulation

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-W2")]
DAY = dt.timedelta(days=1)


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    found = [refusal.code for refusal in caught.value.refusals]
    for code in codes:
        assert code in found
    return caught.value.refusals


def test_the_handbook_s_questions_are_all_asked(house):
    refusals = refused(lambda: drafted(house, title="短", summary="", reason="", problem="", clauses="", posts=[]))
    assert {r.field for r in refusals} == {"title", "summary", "reason", "problem", "clauses", "posts"}
    refused(lambda: drafted(house, kind="document"), "regulation.how", "regulation.done_by")
    refused(lambda: drafted(house, period="span"), "regulation.span")
    refused(lambda: drafted(house, by="op"), "regulation.draft")


def test_a_company_rule_is_reviewed_by_administration_and_approved_by_the_gm(house):
    regulation = drafted(house)
    assert regulation.record.number.startswith("GF-")
    actions.submit(regulation, by=house.actor("cc"), at=MONDAY)
    assert Regulation.objects.get().status == "review"
    regulation = agree(house, regulation, "am")
    assert regulation.status == "deciding"
    assert agree(house, regulation, "gm").status == "approved"


def test_who_drafted_never_decides(house):
    regulation = drafted(house, by="am")
    actions.submit(regulation, by=house.actor("am"), at=MONDAY)
    assert Regulation.objects.get().status == "deciding", "administration doesn't review its own"
    refused(lambda: agree(house, regulation, "am"))
    own = drafted(house, by="gm", title="总经理起草的规定")
    actions.submit(own, by=house.actor("gm"), at=MONDAY)
    agree(house, own, "am")
    assert all(who.pk != house.people["gm"].pk for step in waiting_for(own.record_id) for who in queries_who(step))


def queries_who(step):
    from zhangfa.approvals.queries import who_has

    return who_has(step, MONDAY)


@pytest.mark.clause("HS-W1.9")
def test_a_department_revises_its_own_rules_and_administration_approves(house):
    regulation = drafted(
        house, by="sup", kind="procedure", level="department", posts=["oa", "sw"], title="网点派工程序"
    )
    actions.submit(regulation, by=house.actor("sup"), at=MONDAY)
    assert agree(house, regulation, "hs").status == "deciding"
    assert agree(house, regulation, "am").status == "approved"
    own = drafted(house, by="hs", kind="reward", level="department", posts=["oa"], title="网点奖惩规定")
    actions.submit(own, by=house.actor("hs"), at=MONDAY)
    assert Regulation.objects.get(pk=own.pk).status == "deciding", "the head's own draft needs no review by the head"
    seen = actions.promulgate(
        agree(house, own, "am"), by=house.actor("am"), at=MONDAY, supervisor=house.people["sup"], effective_on=TODAY
    )
    assert set(seen.receipts.values_list("person__name", flat=True)) == {"人oa", "人oa2"}
    assert not Regulation.objects.visible_to(house.actor("ls")).filter(pk=own.pk).exists()
    assert Regulation.objects.visible_to(house.actor("sw")).filter(pk=own.pk).exists()


def test_what_touches_staff_is_discussed_with_them_first(house):
    regulation = drafted(house, vital=["pay"])
    refused(lambda: actions.submit(regulation, by=house.actor("cc"), at=MONDAY), "regulation.consultation")
    facts = {"consulted_how": "职工代表座谈", "consulted_count": 12, "consulted_result": "同意，绩效部分写得更清楚"}
    refused(
        lambda: actions.consult(regulation, by=house.actor("cc"), at=MONDAY, consulted_on=TODAY + DAY, **facts),
        "consultation.date",
    )
    actions.consult(regulation, by=house.actor("cc"), at=MONDAY, consulted_on=TODAY, **facts)
    assert actions.submit(regulation, by=house.actor("cc"), at=MONDAY).status == "review"


@pytest.mark.parametrize(("days", "works"), [(30, True), (31, False)])
def test_an_urgent_directive_lives_at_most_thirty_days(house, days, works):
    def issue():
        return in_force(house, vital=["safety"], is_urgent=True, is_fast=True, expires_on=TODAY + days * DAY)

    if not works:
        refused(issue, "regulation.urgent")
        return
    regulation = issue()
    assert queries.in_force(MONDAY + days * DAY).filter(pk=regulation.pk).exists()
    assert not queries.in_force(MONDAY + (days + 1) * DAY).filter(pk=regulation.pk).exists()


def test_everybody_concerned_acknowledges_and_the_list_says_who_has_not(house):
    regulation = in_force(house)
    assert set(regulation.receipts.values_list("person__name", flat=True)) == {"人sw", "人sw2", "人oa", "人oa2"}
    receipt = actions.acknowledge(regulation, by=house.actor("sw"), at=MONDAY)
    assert receipt.at == MONDAY
    refused(lambda: actions.acknowledge(regulation, by=house.actor("sw"), at=MONDAY), "receipt.done")
    refused(lambda: actions.acknowledge(regulation, by=house.actor("fin"), at=MONDAY), "receipt.none")
    assert queries.receipt_counts([regulation.pk])[regulation.pk] == (1, 4)
    owed = queries.receipts_seen(regulation, house.actor("oa")).filter(at=None)
    assert {row.person.name for row in owed} == {"人oa"}, "an outlet's manager follows up the own outlet"


@pytest.mark.clause("AM-D3")
def test_the_handbook_is_for_everybody_and_newcomers_get_it_with_their_seat(house):
    regulation = in_force(house, by="hr", kind="handbook", title="员工手册第一版", posts=["all"])
    assert regulation.receipts.count() == 22
    person = house.people["sw"]
    Receipt.objects.filter(person=person).delete()
    holdings.hold(seat=house.seats["sw2"], person=person, from_on=TODAY, by=house.actor("am"), at=MONDAY)
    assert Receipt.objects.get(person=person).regulation == regulation


def test_a_signature_on_paper_is_entered_by_the_line(house):
    regulation = in_force(house)
    facts = {"person": house.people["sw"], "note": "早会宣读，签名页在网点文件夹"}
    refused(lambda: actions.acknowledge_on_paper(regulation, by=house.actor("oa2"), at=MONDAY, **facts), "receipt.none")
    receipt = actions.acknowledge_on_paper(regulation, by=house.actor("oa"), at=MONDAY, **facts)
    assert receipt.paper_by_id == house.people["oa"].pk
    own = facts | {"person": house.people["oa"]}
    refused(lambda: actions.acknowledge_on_paper(regulation, by=house.actor("oa"), at=MONDAY, **own), "receipt.own")


def test_the_changed_clauses_are_compared_and_asked_about(house):
    first = in_force(house)
    facts = {
        "clauses": "登高作业的工具一律用绳系在手腕或腰间。\n作业前检查工具绳。\n台面先铺防护垫。",
        "revises": first,
    }
    new = drafted(house, **facts)
    assert (new.edition, new.first_id) == (2, first.pk)
    refused(lambda: drafted(house, **facts), "regulation.waiting")
    assert [line.kind for line in queries.differences(new)] == ["changed", "same", "added"]
    assert set(new.clauses.filter(is_changed=True).values_list("seq", flat=True)) == {1, 3}
    ask = {"question": "台面作业前先做什么？", "options": "铺防护垫\n擦干台面", "answer": 1}
    refused(lambda: actions.ask_question(new, by=house.actor("cc"), at=MONDAY, seq=2, **ask), "quiz.clause")
    actions.ask_question(new, by=house.actor("cc"), at=MONDAY, seq=3, **ask)
    actions.submit(new, by=house.actor("cc"), at=MONDAY)
    new = agree(house, new, "am", "gm")
    new = actions.promulgate(
        new, by=house.actor("am"), at=MONDAY, supervisor=house.people["hs"], effective_on=TODAY + DAY
    )
    first.refresh_from_db()
    assert (first.status, first.ended_on) == ("replaced", TODAY + DAY)
    assert queries.in_force(MONDAY).get() == first and queries.in_force(MONDAY + DAY).get() == new
    (refusal,) = refused(
        lambda: actions.acknowledge(new, by=house.actor("sw"), at=MONDAY, answers={3: 1}), "receipt.wrong"
    )
    assert refusal.field == "clause_3"
    assert actions.acknowledge(new, by=house.actor("sw"), at=MONDAY, answers={3: 0}).questions == 1


def test_the_file_closes_only_with_all_reports(house):
    load_catalogue()
    regulation = in_force(house)
    (execution,) = regulation.executions.all()
    assert execution.department == house.units["home"]
    assert execution.due_at.date() >= TODAY + 7 * DAY
    owed = Occurrence.objects.get(duty__key__startswith="D-AM-04", subject_key=f"record:{regulation.pk}")
    assert owed.is_open
    facts = {"words": "全部网点已开会学习并检查工具绳", "trained_count": 4, "done_rate": 100}
    refused(lambda: actions.report(execution, by=house.actor("ls"), at=MONDAY, **facts), "execution.head")
    refused(
        lambda: actions.report(execution, by=house.actor("hs"), at=MONDAY, **(facts | {"trained_count": 5})),
        "execution.trained",
    )
    actions.report(execution, by=house.actor("hs"), at=MONDAY, **facts)
    refused(lambda: actions.report(execution, by=house.actor("hs"), at=MONDAY, **facts), "execution.done")
    regulation.refresh_from_db()
    owed.refresh_from_db()
    assert regulation.executed_at == MONDAY and owed.state == "done"


@pytest.mark.clause("X-2")
def test_a_figure_changes_on_the_day_of_effect_and_never_below_the_law(house):
    refused(lambda: drafted(house, policy_key="claims.specialist_max", policy_value="99999999"), "value.order")
    facts = {"policy_key": "claims.specialist_max", "policy_value": "1200"}
    refused(lambda: in_force(house, **facts), "regulation.tomorrow")
    Regulation.objects.all().delete()
    regulation = in_force(house, day=TODAY + 3 * DAY, title="专员理赔权限调整", **facts)
    assert figure_on("claims.specialist_max", TODAY + 2 * DAY).value == 1000
    assert figure_on("claims.specialist_max", TODAY + 3 * DAY).value == 1200
    assert regulation.policy_key


def test_repeal_is_decided_by_the_level_that_issued_it(house):
    regulation = in_force(house)
    actions.ask_repeal(regulation, by=house.actor("am"), at=MONDAY, repeal_reason="设备已经更换，不再适用")
    regulation = agree(house, regulation, "gm")
    assert regulation.status == "repealed" and regulation.ended_on == TODAY + DAY
    assert not regulation.receipts.filter(at=None).exists()
    assert not queries.in_force(MONDAY + DAY).exists()


@pytest.mark.parametrize("words", ["工具", "防坠落", "手腕", "检查工具绳"])
def test_any_words_of_title_and_clauses_are_found(house, words):
    regulation = in_force(house)
    in_force(house, title="考勤打卡办法", summary="上下班怎样打卡", clauses="上下班都要打卡。")
    assert list(Regulation.objects.search(words)) == [regulation]


def test_inspection_questions_come_from_the_classes_in_force(house):
    in_force(house)
    in_force(house, title="考勤打卡办法", topic="conduct", clauses="上下班都要打卡。", posts=["all"])
    assert {c.text for c in queries.questions(MONDAY, topics=["conduct"])} == {"上下班都要打卡。"}
    assert {c.regulation.topic for c in queries.questions(MONDAY, post="fin")} == {"conduct"}
    assert queries.questions(MONDAY, post="sw").count() == 3


def test_drafts_are_seen_by_who_writes_reviews_and_decides(house):
    regulation = drafted(house)
    for name, sees in {"cc": True, "am": True, "gm": True, "hr": True, "hs": False, "sw": False}.items():
        assert Regulation.objects.visible_to(house.actor(name)).filter(pk=regulation.pk).exists() is sees, name


def test_approved_ones_wait_for_administration(house):
    regulation = approved(house)
    refused(
        lambda: actions.promulgate(
            regulation, by=house.actor("hs"), at=MONDAY, supervisor=house.people["hs"], effective_on=TODAY
        ),
        "regulation.administration",
    )
    refused(
        lambda: actions.promulgate(
            regulation, by=house.actor("am"), at=MONDAY, supervisor=house.people["sw"], effective_on=TODAY - DAY
        ),
        "regulation.past",
        "regulation.supervisor",
    )
