"""Requests between departments, notices, company files and the statutory calendar (AM-D1, AM-D4, AM-D6)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.administration import actions, coordination, request_rules
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest, Filing, StatutoryDate
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import escalate_due, generate
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.organisation.actor import system_actor
from zhangfa.tasks import actions as tasks

pytestmark = pytest.mark.django_db
HOUR, DAY, SECOND = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(seconds=1)
REASON = "客户投诉要当天看到订单"
requests, files, calendar = (pytest.mark.clause(clause) for clause in ("AM-D4", "AM-D1", "AM-D6"))


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def ask(house, by="cs", to="home", at=MONDAY, **more):
    facts = {"to_unit": house.units[to], "title": "提供上周派工明细", "details": REASON, **more}
    return actions.ask(**facts, by=house.actor(by, at), at=at)


def owed(row, stage):
    return list(Occurrence.objects.filter(record_id=row.pk, duty__stage=stage).order_by("pk"))


@requests
def test_a_request_is_acknowledged_and_answered_by_its_deadlines(house):
    row = ask(house)
    assert (row.ack_due_at, row.answer_due_at) == (MONDAY + 4 * HOUR, MONDAY + 2 * DAY)
    assert [found.due_at for stage in ("acknowledge", "answer") for found in owed(row, stage)] == [
        row.ack_due_at,
        row.answer_due_at,
    ]
    assert {found.person for found in owed(row, "answer")} == {house.people["hs"]}
    assert [item.note for item in coordination.request_items(house.actor("hs"), MONDAY)]
    row = actions.acknowledge(row, by=house.actor("hs"), at=MONDAY + 4 * HOUR)
    assert owed(row, "acknowledge")[0].state == "done"
    row = actions.reply(row, by=house.actor("hs"), at=MONDAY + DAY, outcome="done", answer="明细已放在附件")
    assert owed(row, "answer")[0].state == "done"
    again = actions.ask_again(row, by=house.actor("cs"), at=MONDAY + DAY, reason="缺西店的明细")
    assert [found.state for found in owed(row, "answer")] == [
        "done",
        "open",
    ] and again.answer_due_at == MONDAY + 3 * DAY
    row = actions.reply(again, by=house.actor("hs"), at=MONDAY + DAY, outcome="done", answer="西店的也补上了")
    assert actions.settle(row, by=house.actor("cs"), at=MONDAY + DAY).status == DeptRequest.Status.CLOSED


@requests
@pytest.mark.parametrize(("late", "state"), [(dt.timedelta(), "done"), (SECOND, "late")])
def test_the_last_instant_is_in_time(house, late, state):
    row = actions.acknowledge(ask(house), by=house.actor("hs"), at=MONDAY + 4 * HOUR + late)
    assert owed(row, "acknowledge")[0].state == state


@requests
def test_silence_goes_up_to_the_executive(house):
    row = ask(house)
    escalate_due(row.ack_due_at, by=system_actor("duties", row.ack_due_at), at=row.ack_due_at + HOUR)
    assert owed(row, "acknowledge")[0].escalated_to == house.seats["dgm"]
    assert Notice.objects.filter(code="administration.request_seen", person=house.people["dgm"]).exists()


@requests
@pytest.mark.parametrize(
    ("by", "to", "code"),
    [("cs", "service", "request.same"), ("cs", "east", "request.unit"), ("op", "home", "requests.make"), ("gm", "home", "requests.make")],
)  # fmt: skip
def test_who_asks_whom(house, by, to, code):
    assert code in codes(ask, house, by, to)


@requests
@pytest.mark.parametrize(
    ("who", "sees"),
    [("cs", True), ("hs", True), ("dgm", True), ("am", True), ("ls", False), ("op", False), ("oa", True)],
)
def test_both_departments_and_the_executives_see_a_request(house, who, sees):
    row = ask(house)
    assert DeptRequest.objects.visible_to(house.actor(who)).filter(pk=row.pk).exists() is sees
    if who not in ("hs", "oa"):
        assert codes(actions.acknowledge, row, by=house.actor(who), at=MONDAY) == {"request.to"}


def issue(house, by="am", unit="home", posts=(), at=MONDAY):
    return actions.issue(
        title="清明放假安排", text="四月四日至六日放假", unit=house.units[unit], posts=posts, read_by_at=MONDAY + DAY,
        by=house.actor(by, at), at=at,
    )  # fmt: skip


@requests
def test_a_notice_is_read_by_its_time_and_who_has_not_is_known(house):
    row = issue(house, posts=["oa", "sup"])
    assert set(row.readers.values_list("person__name", flat=True)) == {"人oa", "人oa2", "人sup"}
    assert codes(actions.read, row, by=house.actor("hs"), at=MONDAY) == {"bulletin.not_yours"}
    actions.read(row, by=house.actor("oa"), at=MONDAY + DAY)
    assert codes(actions.read, row, by=house.actor("oa"), at=MONDAY + DAY) == {"bulletin.read"}
    by = system_actor("administration", MONDAY)
    assert actions.chase(by=by, at=MONDAY + DAY - SECOND) == 0
    assert actions.chase(by=by, at=MONDAY + DAY) == 1 and actions.chase(by=by, at=MONDAY + 2 * DAY) == 0
    chased = Notice.objects.filter(code="administration.bulletin_late").values_list("person__name", flat=True)
    assert set(chased) == {"人oa2", "人sup"}
    assert Notice.objects.get(code="administration.bulletin_unread").params["count"] == 2
    assert not Bulletin.objects.visible_to(house.actor("sw")).exists()


@requests
def test_a_notice_needs_somebody_to_read_it_and_a_time_to_come(house):
    assert codes(issue, house, "oa") == {"bulletins.issue"}
    assert codes(issue, house, posts=["gm"]) == {"bulletin.nobody"}
    assert codes(issue, house, at=MONDAY + DAY) == {"bulletin.time"}


def keep(house, kind="document", due_at=MONDAY + 5 * DAY, **more):
    facts = {
        "kind": kind,
        "title": "消防整改通知",
        "text": "更换过期灭火器并登记",
        "owner": house.people["hr"],
        "due_at": due_at,
        **more,
    }
    return actions.keep_file(**facts, by=house.actor("am"), at=MONDAY)


@files
def test_a_file_is_followed_up_until_it_is_closed(house):
    row = keep(house)
    assert Occurrence.objects.get(record_id=row.pk, duty__code="D-X-09").person == house.people["hr"]
    row = actions.follow_up(
        row, by=house.actor("am"), at=MONDAY, seat=house.seats["oa"], title="更换灭火器", details="东店两只到期更换", standard="新瓶有合格证照片",
        due_at=MONDAY + DAY,
    )  # fmt: skip
    facts = {"by": house.actor("hr"), "at": MONDAY, "result": "全部更换完毕"}
    assert codes(actions.close_file, row, **facts) == {"file.tasks"}
    task = tasks.report(house.people["oa"].tasks.get(), by=house.actor("oa"), at=MONDAY, text="两只都已更换")
    tasks.accept(task, by=house.actor("am"), at=MONDAY)
    assert codes(actions.close_file, row, by=house.actor("cs"), at=MONDAY, result="全部更换完毕") == {"files.keep"}
    assert actions.close_file(row, **facts).status == CompanyFile.Status.CLOSED
    assert Occurrence.objects.get(record_id=row.pk, duty__code="D-X-09").state == "done"


@files
def test_what_has_to_be_done_has_a_day_and_a_strength_is_only_kept(house):
    assert codes(keep, house, due_at=None) == {"file.due"}
    assert codes(keep, house, due_at=MONDAY) == {"file.due_past"}
    assert keep(house, "strength", None).status == "kept"
    issue_ = keep(house, "issue")
    assert not CompanyFile.objects.visible_to(house.actor("cs")).filter(pk=issue_.pk).exists()
    assert CompanyFile.objects.visible_to(house.actor("hr")).filter(pk=issue_.pk).exists()


def at_day(month, day):
    return dt.datetime(2026, month, day, 8, tzinfo=clock.TZ)


@calendar
def test_the_annual_report_is_reminded_of_owed_and_filed(house):
    report = StatutoryDate.objects.get(key="annual_report")
    assert (report.alias, actions.files.window_of(report, 2026)) == (
        "工商年检",
        (dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
    )
    StatutoryDate.objects.exclude(pk=report.pk).update(status="closed")
    generate(dt.datetime(2025, 12, 31, tzinfo=clock.TZ))
    generate(at_day(1, 1))
    by = system_actor("administration", MONDAY)
    assert actions.remind(by=by, at=at_day(4, 30)) == 0
    assert actions.remind(by=by, at=at_day(5, 1)) == actions.remind(by=by, at=at_day(5, 2)) == 1
    row = Occurrence.objects.get(duty__code="D-AM-12", duty__stage="matter")
    assert (row.person, row.due_at) == (house.people["am"], clock.day_start(dt.date(2026, 7, 1)))
    filing = {"year": 2026, "filed_on": dt.date(2026, 6, 30), "receipt": "浙市监 2026-889", "by": house.actor("am")}
    assert codes(actions.file_matter, report, **filing | {"receipt": ""}, at=at_day(6, 30)) == {"filing.receipt"}
    assert codes(actions.file_matter, report, **filing, at=at_day(6, 29)) == {"filing.future"}
    assert codes(actions.file_matter, report, **filing | {"by": house.actor("cs")}, at=at_day(6, 30)) == {"files.keep"}
    assert not actions.file_matter(report, **filing, at=at_day(6, 30)).is_late
    assert codes(actions.file_matter, report, **filing, at=at_day(6, 30)) == {"filing.twice"}
    row.refresh_from_db()
    year = Occurrence.objects.get(duty__code="D-AM-12", duty__stage="do", period="2026")
    assert (row.state, year.state) == ("done", "done")
    assert actions.remind(by=by, at=at_day(6, 30)) == 0


@calendar
def test_after_the_last_day_it_is_late(house):
    report = StatutoryDate.objects.get(key="annual_report")
    filing = actions.file_matter(
        report, year=2026, filed_on=dt.date(2026, 7, 1), receipt="补报回执", by=house.actor("am"), at=at_day(7, 1)
    )
    assert filing.is_late and Filing.objects.visible_to(house.actor("op")).count() == 0


@calendar
def test_a_company_adds_its_own_matters_and_contacts(house):
    facts = {
        "name": "食品许可年审",
        "authority": "市监局",
        "basis": "",
        "from_month": 9,
        "from_day": 1,
        "to_day": 31,
        "remind_days": 10,
    }
    assert codes(actions.add_statutory, **facts, to_month=8, by=house.actor("am"), at=MONDAY) == {"statutory.order"}
    row = actions.add_statutory(**facts, to_month=9, by=house.actor("am"), at=MONDAY)
    assert actions.files.window_of(row, 2026)[1] == dt.date(2026, 9, 30)
    contact = actions.note_contact(
        kind="authority", organisation="市监局", name="王科长", phone="15400001111", by=house.actor("am"), at=MONDAY
    )
    assert contact.masked_phone == "154****1111"
    assert not type(contact).objects.visible_to(house.actor("cs")).exists()
    assert request_rules.window(year=2027, from_month=1, from_day=1, to_month=2, to_day=29)[1] == dt.date(2027, 2, 28)


@requests
def test_each_departments_head_owes_that_everybody_there_reads_the_notice(house):
    row = issue(house, posts=["oa", "fin"], unit="company")
    mine = list(Occurrence.objects.filter(duty__code="D-X-10").order_by("seat__unit__code"))
    assert {found.seat for found in mine} == {house.seats["hs"], house.seats["fin"]}
    assert {found.due_at for found in mine} == {row.read_by_at}
    for name in ("oa", "oa2"):
        assert Occurrence.objects.get(duty__code="D-X-10", seat=house.seats["hs"]).state == "open"
        actions.read(row, by=house.actor(name), at=MONDAY + HOUR)
    assert Occurrence.objects.get(duty__code="D-X-10", seat=house.seats["hs"]).state == "done"
    actions.withdraw_bulletin(row, by=house.actor("am"), at=MONDAY + HOUR, reason="时间有变，另发通知")
    assert Occurrence.objects.get(duty__code="D-X-10", seat=house.seats["fin"]).state == "void"
