"""What a sheet sets in motion: the customer's file, signatures, the look at forms, notes for whoever answers, the window of a year."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.care import stages
from tests.care.stages import DAY, HOUR
from tests.houses import MONDAY, House
from zhangfa.calls import plausible as call_forms
from zhangfa.calls.models import Call
from zhangfa.care import actions, plausible, queries, totals
from zhangfa.care.prints import account_file, feedback, visit_sheet
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.periods import twelve_months_to
from zhangfa.customers.models import Profile
from zhangfa.inspections import registry as inspections
from zhangfa.records.actions import sign
from zhangfa.records.models import Signature
from zhangfa.records.prints import render_png
from zhangfa.records.queries import is_intact
from zhangfa.reports import panels
from zhangfa.reports import rules as report_rules
from zhangfa.reports.models import MonthSum, Use

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def house():
    return House()


def fields(refused):
    return {(refusal.code, refusal.field) for refusal in refused.value.refusals}


@pytest.mark.clause("CC-D8")
def test_a_specialist_s_sheet_writes_the_customer_s_file(house):
    updates = {"file_field_1": "pets", "file_value_1": "两只猫", "file_field_3": "household_count", "file_value_3": "4"}
    visit = stages.division_visit(house, "cc", profile_note="", **updates)
    profile = Profile.objects.get(customer=house.customer)
    assert (profile.pets, profile.household_count, profile.updated_by_id) == ("两只猫", "4", house.people["cc"].pk)
    visit.refresh_from_db()
    assert visit.profile_updates == {"pets": "两只猫", "household_count": "4"} and visit.record.form_code == "F20"


@pytest.mark.clause("CC-D8")
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"file_field_1": "household_count", "file_value_1": "二十一"}, ("profile.number", "file_value_1")),
        ({"file_field_2": "household_count", "file_value_2": "21"}, ("profile.range", "file_value_2")),
        ({"file_field_2": "pets", "file_value_2": ""}, ("sheet.file_row", "file_value_2")),
        ({"file_field_3": "", "file_value_3": "猫"}, ("sheet.file_row", "file_field_3")),
        ({"file_field_1": "industry", "file_value_1": "物业"}, ("sheet.file_kind", "file_field_1")),
    ],
)
def test_what_the_file_doesn_t_take_is_said_beside_its_line(house, row, expected):
    with pytest.raises(Refused) as refused:
        stages.division_visit(house, "cc", **row)
    assert fields(refused) == {expected}
    assert not Profile.objects.filter(customer=house.customer).exists()


@pytest.mark.clause("CS-W3.3")
def test_the_visitor_signs_the_sheet(house):
    visit = stages.division_visit(house)
    row = sign(visit.record, role="visitor", by=house.actor("oa"), at=MONDAY, is_verified=True)
    assert row.state == "signed" and is_intact(Signature.objects.get(pk=row.pk))
    with pytest.raises(Refused):
        sign(stages.division_visit(house).record, role="visitor", by=house.actor("cs"), at=MONDAY, is_verified=True)


FILED = {
    "drivers": "响应快",
    "potential": "外窗",
    "risks": "年底比选",
    "purchase_mode": "direct",
    "competitors": "无",
    "purchase_months": "12 月",
    "target": D(120_000),
    "is_gift_rule_read": True,
}


@pytest.mark.clause("CS-W4")
def test_the_file_is_signed_by_owner_and_manager_and_again_when_it_changes(house):
    account, cm = stages.account(house), house.actor("cm")
    for role in ("leader", "purchaser", "handler"):
        account = actions.add_decider(account, by=cm, at=MONDAY, name="王一", title="主管", role=role)
    account = actions.save_file(account, by=cm, at=MONDAY, **FILED)
    waiting = account.record.signatures.filter(state="waiting")
    assert list(waiting.order_by("order").values_list("role", "signer_id")) == [
        ("owner", house.people["cm"].pk),
        ("manager", house.people["hs"].pk),
    ]
    sign(account.record, role="owner", by=cm, at=MONDAY, is_verified=True)
    sign(account.record, role="manager", by=house.actor("hs"), at=MONDAY, is_verified=True)
    account.refresh_from_db()
    account = actions.save_file(account, by=cm, at=MONDAY + HOUR, **{**FILED, "risks": "换了采购负责人"})
    states = sorted(account.record.signatures.values_list("role", "state"))
    assert states == [("manager", "void"), ("manager", "waiting"), ("owner", "void"), ("owner", "waiting")]


@pytest.mark.clause("CS-W4")
def test_who_visited_signs_the_opinions_and_the_answer_leaves_the_signature_whole(house):
    account = stages.account(house)
    row = stages.feedback(house, account)
    signed = sign(row.record, role="visitor", by=house.actor("cm"), at=MONDAY, is_verified=True)
    row.refresh_from_db()
    actions.answer_feedback(
        row, by=house.actor("hs"), at=MONDAY + DAY, answer="周末班下月起排好，先试两次", reply="call"
    )
    assert is_intact(Signature.objects.get(pk=signed.pk))


@pytest.mark.clause("HS-W1.9")
def test_sheets_files_opinions_and_calls_are_lent_to_the_look_at_forms(house):
    visit = stages.division_visit(house)
    stages.feedback(house, stages.account(house))
    call = Call.objects.create(
        status="done", kind="enquiry", result="answered", content="问价格", operator=house.people["op"], started_at=MONDAY, answered_at=MONDAY,
        ended_at=MONDAY + dt.timedelta(minutes=3),
    )  # fmt: skip
    day = MONDAY.date()
    (sheet,) = plausible.sheets(day, day)
    assert (sheet.number, sheet.person_id, sheet.happened_to) == (visit.record.number, house.people["oa"].pk, MONDAY)
    assert [form.person_id for form in plausible.opinions(day, day)] == [house.people["cm"].pk]
    (entry,) = call_forms.entries(day, day)
    assert (entry.number, entry.filled, entry.wanted) == (str(call), 3, 3)
    assert not list(plausible.sheets(day - DAY, day - DAY))
    assert {"visits", "accounts", "opinions", "calls"} <= {source.key for source in inspections.form_sources()}


@pytest.mark.clause("HS-W1.7")
def test_an_untrue_record_stands_among_the_figures_of_a_spot_check(house):
    stages.division_visit(house)
    (row,) = actions.draw_sample(by=house.actor("hs"), at=MONDAY)
    person, east = house.people["oa"], house.units["east"]
    assert ("核查不属实的记录", "0") in plausible.measures(person, east, MONDAY.date(), MONDAY.date())
    row = actions.note_false(
        row, by=house.actor("hs"), at=MONDAY, evidence="客户说当天没有人来过，也没有接到电话", mode="phone"
    )
    assert ("核查不属实的记录", "1") in plausible.measures(person, east, MONDAY.date(), MONDAY.date())
    row = actions.object_to(row, by=house.actor("oa"), at=MONDAY, objection="去的是客户的父母家，不是本人")
    actions.lift(row, by=house.actor("am"), at=MONDAY, decision="核实属实，撤销认定")
    assert ("核查不属实的记录", "0") in plausible.measures(person, east, MONDAY.date(), MONDAY.date())


@pytest.mark.clause("CS-W3.2")
def test_whoever_answers_next_reads_what_was_promised(house):
    cs, customer = house.actor("cs"), house.customer
    late = actions.promise(customer, text="本周补擦外窗", due_at=MONDAY + HOUR, by=cs, at=MONDAY)
    kept = actions.promise(customer, text="带除味剂", due_at=MONDAY + DAY, by=cs, at=MONDAY)
    actions.keep(kept, by=cs, at=MONDAY, result="已经带去")
    notes = queries.caller_notes(house.actor("op"), {customer.pk}, MONDAY + 2 * HOUR)
    assert notes == {customer.pk: [("本周补擦外窗", late.get_absolute_url(), True)]}
    assert queries.caller_notes(house.actor("op"), set(), MONDAY) == {}


@pytest.mark.clause("CS-W3.2")
def test_the_desk_and_the_call_show_the_promise(house, client):
    actions.promise(house.customer, text="本周补擦外窗", due_at=MONDAY + HOUR, by=house.actor("cs"), at=MONDAY)
    call = Call.objects.create(status="ringing", customer=house.customer, started_at=MONDAY)
    client.force_login(house.user("op"))
    with clock.at(MONDAY):
        for address in ("/calls/desk/", call.get_absolute_url()):
            assert "本周补擦外窗" in client.get(address).content.decode(), address


@pytest.mark.clause("CS-W4")
@pytest.mark.parametrize(
    ("on", "first"),
    [
        (dt.date(2026, 11, 30), dt.date(2025, 12, 1)), (dt.date(2026, 2, 28), dt.date(2025, 3, 1)), (dt.date(2028, 2, 28), dt.date(2027, 3, 1)),
        (dt.date(2028, 2, 29), dt.date(2027, 3, 1)), (dt.date(2026, 12, 31), dt.date(2026, 1, 1)), (dt.date(2026, 3, 2), dt.date(2025, 3, 3)),
    ],
)  # fmt: skip
def test_care_and_the_month_end_list_look_at_the_same_twelve_months(on, first):
    assert twelve_months_to(on) == first
    if (on + DAY).day == 1:
        month = report_rules.month_of(on)
        assert first == report_rules.first_of(report_rules.month_back(month, report_rules.MONTHS - 1))


@pytest.mark.clause("CS-W4")
def test_an_order_counts_from_the_first_instant_of_the_window(house):
    customer, start = stages.company(house), clock.day_start(twelve_months_to(MONDAY.date()))
    stages.paid(house, customer, "60000", at=start)
    stages.paid(house, customer, "50000", at=start - dt.timedelta(microseconds=1))
    assert totals.amounts(MONDAY)[customer.pk].total == D(60000)


@pytest.mark.clause("CS-W3.1")
def test_the_month_s_care_shows_its_share_of_revenue(house):
    month = stages.issued(house)
    for number, (key, amount) in enumerate(((house.customer.pk, "250"), (house.customer.pk + 900_000, "750"))):
        Use.objects.create(
            customer_id=key, month=202603, product_id="DC01", orders=1, amount=D(amount), first_on=MONDAY.date(), last_on=MONDAY.date(), department_id=number
        )  # fmt: skip
    MonthSum.objects.create(month=202603, department_id=-1, product_id="", orders=2, amount=D(1000), customers=2)

    class Reader:
        at = MONDAY

    _template, context = panels.share_part(Reader(), month)
    rows = {row["month"]: row for row in context["rows"]}
    assert list(rows) == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert rows["2026-03"]["share"] == D("25.0") and rows["2026-03"]["visited_share"] == D("0.0")
    assert rows["2026-02"]["share"] is None
    Reader.at = MONDAY + 31 * DAY
    assert [row["month"] for row in panels.share_part(Reader(), month)[1]["rows"]][-1] == "2026-04"


@pytest.mark.clause("CS-W4")
def test_the_file_and_the_opinions_print_every_field_of_their_form(house):
    account, cm = stages.account(house), house.actor("cm")
    for role in ("leader", "purchaser", "handler"):
        account = actions.add_decider(account, by=cm, at=MONDAY, name="王一", title="主管", role=role)
    account = actions.save_file(account, by=cm, at=MONDAY, **FILED)
    said = words_of(account_file(account.record, actor=house.actor("cs"), at=MONDAY))
    for text in ("在用产品", "合同", "团购", "应收", "统一社会信用代码", "120,000.00", "12 月", "深度保洁"):
        assert text in said, text
    assert "120,000.00" not in words_of(account_file(account.record, actor=house.actor("oa"), at=MONDAY))
    row = stages.feedback(house, account)
    said = words_of(feedback(row.record, actor=house.actor("cm"), at=MONDAY))
    assert "时间与到岗" in said and "王一（科长）" in said and "深度保洁" in said
    assert "王一" not in words_of(feedback(row.record, actor=house.actor("mk"), at=MONDAY))


@pytest.mark.clause("CS-W3.4")
def test_a_sheet_with_a_problem_names_its_thread(house):
    visit = stages.division_visit(
        house,
        needs_action=True,
        problem="quality",
        severity="middle",
        problem_text="卫生间水垢两次没有处理干净",
        title="户主",
    )
    form = visit_sheet(visit.record, actor=house.actor("cs"), at=MONDAY)
    assert len(render_png(form, ppi=20)) == 1, "one sheet of paper"
    said = words_of(form)
    assert visit.thread.record.number in said and "户主" in said


def words_of(form):
    """Every value of a form's grids, tables and texts."""
    found = []
    for part in form.sections:
        found.append(part.title if hasattr(part, "title") else "")
        for one in getattr(part, "fields", ()):
            value = one.value if isinstance(one.value, str) else " ".join(tick.text for tick in one.value if tick.is_on)
            found += [one.label, value]
        for line in getattr(part, "rows", ()):
            found += [str(cell) for cell in line]
        found.append(getattr(part, "text", ""))
    return " ".join(map(str, found))
