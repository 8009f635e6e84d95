"""A company makes the catalogue its own: a duty changed from a day on, one added, one switched off; nothing of what runs is lost."""

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.houses import MONDAY
from tests.people.test_leave import ask as ask_leave
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties import actions, evidence, registry
from zhangfa.duties.catalogue import catalogue
from zhangfa.duties.models import DutyChange, Occurrence
from zhangfa.records.registry import forms
from zhangfa.runtime import worker

DAY = dt.timedelta(days=1)
FIRST = MONDAY.date()
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]
BUNDLE = "D-CC-05.bundle."


def own(**more):
    facts = {
        "name": "每周核对网点钥匙", "post": "am", "rhythm": "weekly", "days": None, "needed": 1, "is_by_seat": False, "evidence": "G02:reason",
        "value": "", "copies": ["gm"], "clause": "", "papers": {"G02": {"reason": "原因"}}, "labels": {"G02:reason": "职责免责申请：已填原因"},
    }  # fmt: skip
    return actions.own_duty(**(facts | more))


def propose(house, kind, *, stem="", made=None, by="am", on=FIRST + DAY, at=MONDAY, reason="门店多，钥匙常丢"):
    return actions.propose_duty_change(
        kind=kind, stem=stem, made=made, effective_from=on, reason=reason, by=house.actor(by, at), at=at
    )


def agree(house, change, at=MONDAY):
    decide(Step.objects.get(record=change.record, state="waiting"), by=house.actor("gm", at), at=at, result="agree")
    change.refresh_from_db()
    return change


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


def rows(code):
    return list(Occurrence.objects.filter(duty__code=code).order_by("opened_at"))


@pytest.mark.postgres
def test_a_duty_of_ones_own_is_owed_from_its_day_and_closed_by_the_paper_it_names(house):
    worker.tick(MONDAY)
    change = agree(house, propose(house, "new", made=own()))
    assert (change.status, change.duty_id) == ("enacted", "D-OWN-001.do.1")
    # Two weeks without the worker: both Mondays are made up.
    worker.tick(MONDAY + 16 * DAY)
    first, second = rows("D-OWN-001")
    assert (first.period, second.period) == ("2026-03-09", "2026-03-16")
    assert first.seat == house.seats["am"]
    owed = Occurrence.objects.filter(duty__code="D-CC-05").first()
    at = MONDAY + 16 * DAY
    actions.propose_excuse(owed, by=house.actor("cc", at), at=at, reason="整周没有网络")
    first.refresh_from_db()
    second.refresh_from_db()
    # The oldest that is open is settled, late as it is; the same paper settles nothing more.
    assert (first.state, second.state) == ("late", "open")


@pytest.mark.postgres
def test_a_change_counts_for_what_begins_from_its_day_and_the_running_period_ends_as_it_began(house):
    worker.tick(MONDAY)
    change = propose(
        house, "change", stem=BUNDLE, made=actions.checked_rhythm("daily", None), by="cs", on=FIRST + 2 * DAY
    )
    assert change.record.number.startswith("ZZ-")
    agree(house, change)
    worker.tick(MONDAY + 3 * DAY)
    found = rows("D-CC-05")
    assert [(row.duty_id[-1], row.period) for row in found] == [
        ("1", "2026-02-23"),
        ("2", "2026-03-04"),
        ("2", "2026-03-05"),
    ]
    assert catalogue().by_key["D-CC-05.bundle.1"].until_at == clock.day_start(FIRST + 2 * DAY)


@pytest.mark.postgres
def test_switched_off_with_a_reason_and_on_again(house):
    worker.tick(MONDAY)
    agree(house, propose(house, "off", stem=BUNDLE, reason="本季度改为面谈"))
    worker.tick(MONDAY + 15 * DAY)
    assert [row.period for row in rows("D-CC-05")] == ["2026-02-23"]
    at = MONDAY + 15 * DAY
    with pytest.raises(Refused) as refused:
        propose(house, "off", stem=BUNDLE, at=at, on=FIRST + 20 * DAY)
    assert codes(refused) == {"duty.off"}
    agree(house, propose(house, "on", stem=BUNDLE, at=at, on=FIRST + 16 * DAY), at)
    worker.tick(MONDAY + 22 * DAY)
    assert [row.period for row in rows("D-CC-05")] == ["2026-02-23", "2026-03-16"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"on": FIRST}, "duty.day"),
        ({"reason": "忙"}, "duty.reason"),
        ({"stem": "D-XX-01.do."}, "duty.unknown"),
        ({"made": {}}, "duty.same"),
        ({"kind": "on"}, "duty.on"),
        ({"kind": "off", "stem": "D-AM-08.month."}, "duty.unwatched"),
    ],
)
def test_what_cannot_be_changed_is_refused_in_words(house, facts, code):
    given = {"kind": "change", "stem": BUNDLE, "made": {"copies": ["gm"]}} | facts
    with pytest.raises(Refused) as refused:
        propose(house, given.pop("kind"), **given)
    assert code in codes(refused)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": "核对"}, "duty.name"),
        ({"post": "xx"}, "duty.post"),
        ({"rhythm": "hourly"}, "duty.rhythm"),
        ({"rhythm": "days"}, "duty.days"),
        ({"rhythm": "days", "days": 32}, "duty.days"),
        ({"needed": 0}, "duty.needed"),
        ({"evidence": "XX:"}, "duty.form"),
        ({"evidence": "G02:colour"}, "duty.field"),
    ],
)
def test_a_duty_of_ones_own_must_be_whole(house, facts, code):
    with pytest.raises(Refused) as refused:
        own(**facts)
    assert codes(refused) == {code}


def test_every_31_days_is_the_longest(house):
    assert own(rhythm="days", days=31)["due"] == {"count": 31, "unit": "days"}


def test_only_managers_propose_and_nobody_decides_their_own(house):
    with pytest.raises(Refused) as refused:
        propose(house, "new", made=own(), by="cc")
    assert codes(refused) == {"duty.change"}
    change = propose(house, "new", made=own(), by="gm")
    step = Step.objects.get(record=change.record)
    assert house.people["gm"].pk in step.involved


def test_a_paper_that_waited_too_long_is_not_enacted(house):
    change = propose(house, "new", made=own())
    with pytest.raises(Refused) as refused:
        agree(house, change, MONDAY + 3 * DAY)
    assert codes(refused) == {"duty.day"}
    change = actions.withdraw_change(change, by=house.actor("am"), at=MONDAY)
    assert change.status == "withdrawn"


def test_the_pages_from_proposal_to_catalogue(house, client):
    client.force_login(house.user("am"))
    with clock.at(MONDAY):
        catalogue_page = client.get("/duties/catalogue/").content.decode()
        assert "新增公司职责" in catalogue_page
        form = client.get("/duties/catalogue/new/").content.decode()
        assert "/lookup/duty_evidence/?name=evidence" in form
        bad = client.post("/duties/catalogue/new/", {"name": "核"})
        assert bad.status_code == 422
        asked = {"name": "核对钥匙", "evidence": "XX:", "evidence-q": "职责免责"}
        assert "重新搜索" in client.post("/duties/catalogue/new/", asked).content.decode()
        sent = client.post(
            "/duties/catalogue/new/",
            {
                "name": "每周核对网点钥匙", "post": "am", "is_by_seat": "no", "rhythm": "weekly", "needed": "1", "evidence": "G02:", "value": "",
                "clause": "hs-w1.2", "effective_from": "2026-03-03", "reason": "门店多，钥匙常丢",
            },
        )  # fmt: skip
        assert sent.status_code == 303
        change = DutyChange.objects.get()
        assert "每周" in client.get(sent["Location"]).content.decode()
        agree(house, change)
        page = client.get("/duties/catalogue/D-OWN-001/do/").content.decode()
        assert "每周核对网点钥匙" in page and "HS-W1.2" in page
        edit = client.get("/duties/catalogue/D-OWN-001/do/change/").content.decode()
        assert "多久办一次" in edit
        sent = client.post(
            "/duties/catalogue/D-CC-05/bundle/switch/", {"effective_from": "2026-03-03", "reason": "改为面谈汇报"}
        )
        assert sent.status_code == 303
        assert client.get("/duties/changes/").status_code == 200
        assert client.get("/duties/catalogue/D-NO-01/do/").status_code == 404
    client.force_login(house.user("cc"))
    with clock.at(MONDAY):
        assert client.get("/duties/catalogue/new/").status_code == 403
        assert client.get("/duties/catalogue/D-CC-05/bundle/").status_code == 200
        assert client.get(f"/duties/changes/{change.pk}/").status_code == 404


def test_papers_may_be_offered_with_their_fields(monkeypatch):
    monkeypatch.setattr(registry, "_fields", {code: dict(fields) for code, fields in registry._fields.items()})
    registry.offer("G02", {"reason": "原因"})
    assert registry.paper("G02").fields["reason"] == "原因"
    assert registry.paper("SG") is None or registry.paper("SG").form == "SG"


def test_every_form_of_the_house_offers_its_fields_as_evidence():
    offered = {paper.form: paper.fields for paper in registry.papers()}
    assert set(offered) == {form.code for form in forms}
    # A service sheet holds photographs and nothing written: that it is there is the evidence.
    assert {code for code, fields in offered.items() if not fields} <= {"FW"}
    for code, fields in offered.items():
        for label in fields.values():
            assert re.search(r"[\u4e00-\u9fff]", str(label)), code
    named = {
        "F08",
        "F09",
        "F10",
        "F11",
        "F12",
        "F13",
        "F14",
        "F15",
        "F16",
        "F17",
        "F18",
        "F19",
        "F20",
        "F21",
        "F22",
        "F23",
        "F24",
    }
    assert named | {"U05", "U06", "U07", "U08", "U21"} <= set(offered)


def test_a_field_is_read_from_the_paper_as_stored_and_in_words(house):
    leave = ask_leave(house, "oa", "2")
    paper = leave.record
    assert registry.said(paper, "kind") == ["personal", "事假", "Personal leave"]
    change = propose(house, "new", made=own())
    assert registry.said(change.record, "kind") == ["new", DutyChange.Kind.NEW.label, "Add a duty"]
    assert registry.said(paper, "note_at") == [] and registry.said(paper, "no_such") == []
    duty = SimpleNamespace(asks={"field": "kind", "value": str(DutyChange.Kind.NEW.label)})
    assert evidence.proves(duty, change.record)
    for asks, proves in (
        ({}, True), ({"field": "kind"}, True), ({"field": "kind", "value": "sick"}, False), ({"field": "note_at"}, False),
        ({"field": "reason", "value": "家里有事"}, True),
    ):  # fmt: skip
        assert evidence.proves(SimpleNamespace(asks=asks), paper) is proves
    assert evidence.same(True, "是") and not evidence.same(True, "否")
    assert evidence.same(5, "5.0") and not evidence.same(5, "五") and not evidence.same(Decimal("4.9"), "5")


@pytest.mark.postgres
def test_a_paper_of_another_app_closes_a_duty_of_ones_own(house):
    worker.tick(MONDAY)
    made = own(evidence="U07:reason", papers={"U07": {"reason": "原因"}}, labels={"U07:reason": "请假单：已填“原因”"})
    agree(house, propose(house, "new", made=made))
    at = MONDAY + 8 * DAY
    worker.tick(at)
    (owed,) = rows("D-OWN-001")
    ask_leave(house, "oa", "1", start=FIRST + 14 * DAY, at=at)
    owed.refresh_from_db()
    assert owed.state == "done"


@pytest.mark.postgres
def test_the_wrong_paper_or_the_wrong_words_close_nothing(house):
    worker.tick(MONDAY)
    papers, labels = {"U07": {"kind": "假别"}}, {"U07:kind": "请假单：假别"}
    made = own(evidence="U07:kind", value="病假", rhythm="daily", papers=papers, labels=labels)
    agree(house, propose(house, "new", made=made))
    at = MONDAY + DAY
    worker.tick(at)
    (owed,) = rows("D-OWN-001")
    assert (owed.period, owed.state, owed.person) == ((FIRST + DAY).isoformat(), "open", house.people["am"])
    # Another form, and the form with another kind of leave.
    actions.propose_excuse(
        Occurrence.objects.get(duty__code="D-CC-05"), by=house.actor("cc", at), at=at, reason="整周没有网络"
    )
    ask_leave(house, "oa", "1", start=FIRST + 14 * DAY, at=at)
    owed.refresh_from_db()
    assert owed.state == "open" and not owed.evidence.exists()
    ask_leave(house, "oa2", "1", kind="sick", start=FIRST + 14 * DAY, at=at + dt.timedelta(hours=1))
    owed.refresh_from_db()
    assert (owed.state, owed.evidence.count()) == ("done", 1)
    # The next day is owed anew, and nobody closes it: red, and told to the superior.
    worker.tick(MONDAY + 3 * DAY)
    worker.tick(MONDAY + 3 * DAY)
    assert [(row.period[-2:], row.rung) for row in rows("D-OWN-001")] == [("03", 0), ("04", 1), ("05", 0)]


def test_what_the_field_has_to_say_stands_where_it_is_approved(house, client):
    client.force_login(house.user("am"))
    sent = {
        "name": "每周开培训专题会", "post": "hr", "is_by_seat": "no", "rhythm": "weekly", "needed": "1", "evidence": "HY:topic", "value": " 培训 ",
        "effective_from": "2026-03-03", "reason": "公司要求每周一次",
    }  # fmt: skip
    with clock.at(MONDAY):
        page = client.post("/duties/catalogue/new/", sent, follow=True).content.decode()
    assert "已填“主题”，内容为“培训”" in page


def test_the_page_offers_each_form(house, client):
    client.force_login(house.user("am"))
    with clock.at(MONDAY):
        for typed, value in (
            ("访问客户登记 满意度", "F19:satisfaction"), ("事故 经过", "F10:narrative"), ("u08 预算", "U08:amount"), ("f13 期间", "F13:period"),
            ("会议 决议", "HY:resolution"), ("fw: 已提交", "FW:"), ("职责免责申请 提交", "G02:"),
        ):  # fmt: skip
            found = client.get("/lookup/duty_evidence/", {"name": "evidence", "evidence-q": typed}).content.decode()
            assert value in found, typed
        none = client.get("/lookup/duty_evidence/", {"name": "evidence", "evidence-q": "会议 没有这样的栏目"})
        assert "HY:" not in none.content.decode()
