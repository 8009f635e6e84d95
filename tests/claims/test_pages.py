"""The pages of a case: what they show to whom, what they keep when they refuse, and that they agree with the rules."""

import datetime as dt
import re
from decimal import Decimal as D

import pytest

from tests.claims import stages
from tests.claims.pages import IN_PLACE, NEXT, Desk, jpeg
from tests.houses import MONDAY
from zhangfa.audit.models import Look
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.web.settlement import SettlementRecord
from zhangfa.policy.actions import enact
from zhangfa.policy.explain import explain
from zhangfa.records.models import Attachment

RARE = "欧阳䶮㛃😀"


def reported(house, **more):
    facts = {
        "unit": house.units["east"].pk,
        "reporter": "林女士",
        "source": "operator",
        "occurred_at": "2026-03-02T09:00",
        "place": "厨房",
        "guarantee": "property",
        "summary": "清洁时台面开裂",
        "estimate": "1800",
        "severity": "minor",
    }
    return facts | more


@pytest.mark.clause("CC-W1.1")
@pytest.mark.parametrize(("estimate", "post"), [("499.99", "网点管理员"), ("500", "投诉与客户维护专员")])
def test_who_will_handle_it_is_said_before_sending(house, estimate, post):
    desk = Desk(house, "op")
    said = desk.post("/cases/new/", {"estimate": estimate, "_why": "1"}).content.decode()
    assert post in said
    assert "CC-W1.1" in said
    desk.post("/cases/new/", reported(house, estimate=estimate))
    route = Case.objects.get().route["post"]
    assert route == explain("case", {"estimate": estimate}, NEXT).authority


@pytest.mark.clause("CC-W1.1")
def test_a_chosen_order_fills_in_outlet_and_worker(house):
    desk = Desk(house, "op")
    query = f"customer={house.customer.pk}&order={house.order.pk}&unit=&worker=&seen_customer={house.customer.pk}&seen_order="
    said = desk.text(f"/cases/new/orders/?{query}")
    assert f'name="unit" value="{house.units["east"].pk}" checked' in said
    assert f'name="worker" value="{house.people["sw"].pk}" checked' in said


@pytest.mark.clause("CC-W1.1")
def test_a_refused_report_keeps_every_word(house):
    desk = Desk(house, "op")
    answer = desk.post("/cases/new/", reported(house, occurred_at="2026-03-03T09:00", reporter=RARE, estimate="12,3x"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert RARE in said
    assert 'value="12,3x"' in said
    assert not Case.objects.exists()


def test_the_same_report_sent_twice_opens_one_case(house):
    desk = Desk(house, "op")
    once = {"once": "0198f0c0-0000-7000-8000-000000000001"}
    first = desk.post("/cases/new/", reported(house, **once))
    second = desk.post("/cases/new/", reported(house, **once))
    assert Case.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.clause("CC-D3")
def test_the_workers_name_is_hidden_from_who_need_not_know(house):
    case = house.report()
    address = f"/cases/{case.pk}/"
    name = house.people["sw"].name
    for who, knows in (("op", False), ("cs", True), ("oa", True), (house.handler_of(case), True)):
        facts = Desk(house, who).text(address).split('class="facts"')[1].split("</dl>")[0]
        assert (name in facts) is knows, who


@pytest.mark.clause("CC-D3")
def test_whom_it_does_not_concern_finds_nothing(house):
    settlement = stages.settlement(house, "proposed")
    case = settlement.case
    desk = Desk(house, "oa2")
    for address in (
        f"/cases/{case.pk}/", f"/cases/{case.pk}/history/", f"/cases/{case.pk}/clocks/", f"/cases/{case.pk}/f10.pdf",
        f"/cases/{case.pk}/photos/", f"/cases/{case.pk}/link/", f"/cases/{case.pk}/event/", f"/cases/{case.pk}/do/assess/",
        f"/settlements/{settlement.pk}/", f"/settlements/{settlement.pk}/f11.pdf", f"/settlements/{settlement.pk}/do/agree/",
    ):  # fmt: skip
        assert desk.get(address).status_code == 404, address
    assert desk.post(f"/cases/{case.pk}/do/assess/", {}).status_code == 404


@pytest.mark.clause("CC-D3")
def test_what_the_customer_has_in_mind_is_for_those_who_deal_with_it(house):
    case = house.to_assessed(house.report())
    by = house.actor(house.handler_of(case))
    case.status = "surveyed"
    case.save()
    actions.save_survey(case, by=by, at=MONDAY, expected_amount=D("1666.66"))
    part = f"/cases/{case.pk}/?part=survey"
    assert "1,666.66" in Desk(house, "cs").text(part, **IN_PLACE)
    assert "1,666.66" not in Desk(house, "oa").text(part, **IN_PLACE)


@pytest.mark.clause("CC-W1.1")
def test_a_late_clock_says_how_late_and_stays_marked(house):
    case = house.report()
    late = Desk(house, house.handler_of(case), MONDAY + dt.timedelta(minutes=27))
    assert "已超时 12 分钟" in late.text(f"/cases/{case.pk}/")
    actions.acknowledge(case, by=house.actor(house.handler_of(case)), at=late.at)
    assert "超时 12 分钟 完成" in Desk(house, "cs", MONDAY + dt.timedelta(days=1)).text(f"/cases/{case.pk}/")


@pytest.mark.clause("CC-W1.1")
def test_arriving_keeps_the_photo_even_when_it_is_refused(house):
    case = house.to_assessed(house.report(), until="accepted")
    Attachment.objects.all().delete()
    desk = Desk(house, house.handler_of(case))
    address = f"/cases/{case.pk}/do/arrive/"
    answer = desk.post(address, {"place": "", "photos": jpeg()}, **IN_PLACE)
    assert answer.status_code == 422
    assert Attachment.objects.filter(record_id=case.pk, kind="scene").count() == 1
    desk.post(address, {"place": "3 幢门口"}, **IN_PLACE)
    case.refresh_from_db()
    assert (case.status, case.arrived_place) == ("arrived", "3 幢门口")


@pytest.mark.clause("CC-W1.3")
def test_pictures_are_kept_one_by_one_at_the_door(house):
    case = house.to_assessed(house.report(), until="arrived")
    before = Attachment.objects.count()
    desk = Desk(house, house.handler_of(case))
    headers = {"HX-Request": "true", "HX-Target": "photo-strip"}
    said = desk.post(f"/cases/{case.pk}/photos/", {"photos": jpeg(shade=20), "kind": "object"}, **headers)
    assert "thumb.jpg" in said.content.decode()
    broken = desk.post(
        f"/cases/{case.pk}/photos/", {"photos": jpeg().__class__("a.jpg", b"no picture"), "kind": "object"}, **headers
    )
    assert broken.status_code == 422
    assert "a.jpg" in broken.content.decode()
    assert Attachment.objects.count() == before + 1


@pytest.mark.clause("CC-W1.3")
def test_a_draft_is_kept_while_typing_and_the_unreadable_field_is_named(house):
    case = house.to_assessed(house.report(), until="arrived")
    desk = Desk(house, house.handler_of(case))
    typed = {"_whole": "1", "worker_statement": RARE, "claimed_amount": "很多", "promised_days": "3"}
    said = desk.post(
        f"/cases/{case.pk}/do/save_survey/", typed, **{"HX-Request": "true", "HX-Target": "saved"}
    ).content.decode()
    case.survey.refresh_from_db()
    assert case.survey.worker_statement == RARE
    assert "客户索赔额" in said
    page = desk.text(f"/cases/{case.pk}/do/finish_survey/")
    assert RARE in page


@pytest.mark.clause("CC-W1.3")
def test_a_survey_refused_keeps_what_was_typed(house):
    case = house.to_assessed(house.report(), until="arrived")
    desk = Desk(house, house.handler_of(case))
    typed = {
        "_whole": "1",
        "narrative": "太短",
        "worker_statement": "手滑",
        "customer_statement": RARE,
        "cause": "operation",
        "promised_days": "3",
    }
    answer = desk.post(f"/cases/{case.pk}/do/finish_survey/", typed)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "不少于 30 个字" in said
    assert RARE in said
    # The refusal changes nothing; the page saves by itself what was typed, for whoever looks up elsewhere what is missing.
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.survey.customer_statement) == ("arrived", "")
    assert f'hx-post="/cases/{case.pk}/do/save_survey/" hx-trigger="change delay:800ms, load"' in said
    assert "load" not in re.search('hx-trigger="change[^"]*"', desk.text(f"/cases/{case.pk}/do/finish_survey/"))[0]
    desk.post(f"/cases/{case.pk}/do/save_survey/", typed, **{"HX-Request": "true", "HX-Target": "saved"})
    assert RARE in desk.text(f"/cases/{case.pk}/do/finish_survey/")


@pytest.mark.clause("CC-W1.4")
def test_the_damaged_things_are_drawn_anew_in_place(house):
    case = house.to_assessed(house.report(), until="registered")
    item = case.items.get()
    desk = Desk(house, house.handler_of(case))
    beside = {"HX-Request": "true", "HX-Target": "item-slot"}
    fields = {
        "item": item.pk,
        "source": "shop",
        "seller": "建材城丙店",
        "model": "同款",
        "price": "1800",
        "proof": jpeg(),
    }
    answer = desk.post(f"/cases/{case.pk}/do/add_price/", fields, **beside)
    assert answer["HX-Retarget"] == "#damage"
    assert "建材城丙店" in answer.content.decode()
    assert Attachment.objects.filter(record_id=case.pk, kind="price").exists()
    assert item.prices.get(seller="建材城丙店").proof_id is not None


@pytest.mark.clause("CC-W1.5")
@pytest.mark.parametrize(
    ("amount", "post", "code"),
    [
        ("1000", "投诉与客户维护专员", "cc"),
        ("1000.01", "客服中心经理", "cs"),
        ("1500", "客服中心经理", "cs"),
        ("1500.01", "分管副总经理", "dgm"),
    ],
)
def test_page_rule_and_explanation_give_one_answer(house, amount, post, code):
    case = house.to_assessed(house.report())
    actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    desk = Desk(house, house.handler_of(case))
    fields = {"methods": ["cash"], "cash_amount": amount, "claimant": "customer", "fault": "none"}
    said = desk.post(f"/cases/{case.pk}/do/propose/", fields | {"_why": "1"}).content.decode()
    assert post in said.split("<b>")[1]
    desk.post(f"/cases/{case.pk}/do/propose/", fields)
    settlement = case.settlements.get()
    assert settlement.authority == explain("case", {"settlement": amount}, NEXT).authority == code


@pytest.mark.clause("CC-W1.5")
def test_the_sums_of_event_and_customer_stand_beside_the_form(house):
    first = house.to_assessed(house.report("900"), price="900")
    house.propose(first, "900")
    second = house.to_assessed(house.report("700"), price="700")
    desk = Desk(house, house.handler_of(second))
    said = desk.post(f"/cases/{second.pk}/do/propose/", {"cash_amount": "700", "_why": "1"}).content.decode()
    assert "¥1,600.00" in said
    assert "分管副总经理" in said
    assert "¥900.00" in desk.text(f"/cases/{second.pk}/history/")


@pytest.mark.clause("X-2")
def test_the_days_of_the_customers_sum_are_the_policys(house):
    """On the page of who decides, in the answer, and as kept with a paper handed in before the change."""
    case = house.to_assessed(house.report("600"), price="600")
    house.propose(case, "600")
    other = house.to_assessed(house.report("600"), price="600")
    actions.confirm_survey(other, by=house.actor("oa"), at=MONDAY)
    paper = house.propose(other, "600")
    enact("claims.aggregate_days", "45", NEXT.date() + dt.timedelta(days=1), by=house.actor("gm"), at=MONDAY)
    later = NEXT + dt.timedelta(days=2)
    desk = Desk(house, "cs", at=later)
    assert "同一客户近 45 天合计" in desk.text("/policy/explain/?subject=case")
    given = {"settlement": "600", "customer_total": "1200"}
    assert "近 45 天" in explain("case", given, later).why.zh
    assert "45-day total" in explain("case", given, later).why.en
    assert "近 30 天" in desk.text(paper.get_absolute_url())


def test_a_figure_changed_since_does_not_move_what_the_page_says(house):
    settlement = stages.settlement(house, "proposed")
    address = f"/settlements/{settlement.pk}/"
    enact("claims.manager_max", "5000", effective_from=dt.date(2026, 3, 4), by=house.actor("gm"), at=MONDAY)
    said = Desk(house, "dgm", MONDAY + dt.timedelta(days=3)).text(address)
    assert "1,500" in said
    assert "5,000" not in said


@pytest.mark.clause("CC-W1.5")
def test_the_button_says_who_could_and_the_decision_is_one(house):
    settlement = stages.settlement(house, "proposed")
    address = f"/settlements/{settlement.pk}/do/agree/"
    assert "分管副总经理" in Desk(house, "cs").text(f"/settlements/{settlement.pk}/")
    assert Desk(house, "cs").post(address, {"amount": "1800"}).status_code == 422
    desk = Desk(house, "dgm")
    assert desk.post(address, {"amount": "1800"}, **IN_PLACE).status_code == 200
    again = desk.post(address, {"amount": "1800"}, **IN_PLACE)
    assert again.status_code == 422
    assert "已批准" in again.content.decode()


@pytest.mark.clause("CC-W1.5")
def test_whoever_decides_second_is_told_what_it_is_now_and_keeps_their_words(house, monkeypatch):
    """Two windows at the same instant: both read the paper as waiting, one comes after the other to its lock."""
    settlement = stages.settlement(house, "proposed")
    find, stale = SettlementRecord.find, []

    def as_read_before(page):
        found = find(page)
        if not stale:
            stale.append(found)
            actions.agree(Settlement.objects.get(pk=settlement.pk), by=house.actor("dgm"), at=MONDAY)
        return found

    monkeypatch.setattr(SettlementRecord, "find", as_read_before)
    typed = {"opinion": "金额偏高，请再谈一次"}
    answer = Desk(house, "dgm").post(f"/settlements/{settlement.pk}/do/send_back/", typed, **IN_PLACE)
    said = answer.content.decode()
    assert answer.status_code == 422 and len(stale) == 1
    assert "当前状态为“已批准”，不能进行“退回”" in said and "金额偏高，请再谈一次" in said


@pytest.mark.clause("CC-W1.6")
def test_closing_says_on_the_button_what_is_missing(house):
    case = Case.objects.get(pk=stages.settlement(house, "paid").case_id)
    said = Desk(house, house.handler_of(case)).text(f"/cases/{case.pk}/")
    assert "尚无客户满意度" in said


@pytest.mark.clause("CC-W1.7")
def test_a_late_form_keeps_its_mark_on_page_and_paper(house):
    settlement = stages.settlement(house, "paid")
    settlement.is_late = True
    settlement.save()
    desk = Desk(house, house.handler_of(settlement.case))
    assert "逾期签署" in desk.text(f"/settlements/{settlement.pk}/")
    paper = desk.get(f"/settlements/{settlement.pk}/f11.pdf")
    assert paper.content.startswith(b"%PDF")
    assert Look.objects.filter(record_id=settlement.pk, kind="print").exists()


@pytest.mark.clause("CC-W1.5")
def test_the_forms_print_in_both_languages(house):
    settlement = stages.settlement(house, "paid")
    desk = Desk(house, "cs")
    for language in ("zh-hans", "en"):
        desk.client.cookies["language"] = language
        for address in (f"/cases/{settlement.case_id}/f10.pdf", f"/settlements/{settlement.pk}/f11.pdf"):
            assert desk.get(address).content.startswith(b"%PDF"), address


@pytest.mark.clause("CC-W1.5")
def test_cases_of_one_event_are_linked_on_their_page(house):
    first, second = house.report(), house.report("900")
    answer = Desk(house, "cs").post(f"/cases/{second.pk}/event/", {"other": str(first.pk)})
    assert answer.status_code == 303, answer.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.event_id == first.event_id
