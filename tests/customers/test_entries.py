"""From the outlet's evening note to the verified file: who does what, by when, and what goes back."""

import datetime as dt

import pytest

from tests.customers.test_profile import FULL
from tests.houses import MONDAY, House
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, entries
from zhangfa.customers.models import ArchiveEntry, HandIn, Profile
from zhangfa.organisation.calendar import DayOff, renew

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W2.1")]
DAY = dt.timedelta(days=1)
TODAY = clock.local_date(MONDAY)
SAID = "老人下个月回老家，周三停一次"


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return [refusal.code for refusal in caught.value.refusals]


def written(house, at=MONDAY, **learnt):
    learnt = learnt or {"observation": SAID, **FULL}
    return actions.write_entry(house.customer, served_on=TODAY, by=house.actor("oa"), at=at, **learnt)


def entered(house):
    entry = written(house)
    actions.hand_in(by=house.actor("hs"), at=MONDAY)
    return actions.key_in(ArchiveEntry.objects.get(pk=entry.pk), by=house.actor("op"), at=MONDAY)


def test_only_a_served_customer_once_a_day_and_more_than_basic_data(house):
    by = house.actor("oa")
    facts = {"by": by, "at": MONDAY}
    assert refused(actions.write_entry, house.customer, served_on=TODAY, name="林知秋", **facts) == ["entry.basic"]
    assert refused(actions.write_entry, house.customer, served_on=TODAY, observation="很好", **facts) == ["entry.short"]
    assert refused(actions.write_entry, house.customer, served_on=TODAY, pets="#none", **facts) == ["entry.basic"]
    assert refused(actions.write_entry, house.customer, served_on=TODAY - DAY, observation=SAID, **facts) == [
        "entry.unserved"
    ]
    assert refused(actions.write_entry, house.customer, served_on=TODAY + DAY, observation=SAID, **facts) == [
        "entry.future"
    ]
    assert refused(actions.write_entry, house.customer, served_on=TODAY, household_count="99", **facts) == [
        "profile.range"
    ]
    assert refused(
        actions.write_entry, house.customer, served_on=TODAY, observation=SAID, by=house.actor("oa2"), at=MONDAY
    ) == ["entry.outlet"]
    assert [row.entry for row in entries.served_today(by, MONDAY)] == [None]
    entry = written(house)
    assert entry.record.number.startswith("F15-20260302") and not entry.is_late
    assert refused(actions.write_entry, house.customer, served_on=TODAY, observation=SAID, **facts) == ["entry.once"]
    assert [row.entry for row in entries.served_today(by, MONDAY)] == [entry]
    event = Event.objects.get(name="customers.archiveentry.written")
    assert SAID not in event.text


def test_written_after_the_day_is_late(house):
    assert written(house, at=MONDAY + DAY).is_late
    assert not written(_second(house)).is_late


def _second(house):
    house.customer = house.make_customer("林二")
    house.order = house.make_order(house.customer)
    return house


def test_the_department_hands_in_all_and_late_ones_are_counted(house):
    written(house)
    by = house.actor("hs", MONDAY + 3 * DAY)
    # 1–3 March is a period: what was served on the second is due by the end of the third.
    batch = actions.hand_in(by=by, at=MONDAY + 3 * DAY)
    assert (batch.entry_count, batch.late_count, batch.is_late) == (1, 1, True)
    assert (batch.period_on, clock.local_date(batch.due_at - dt.timedelta(seconds=1))) == (
        dt.date(2026, 3, 1),
        dt.date(2026, 3, 3),
    )
    entry = ArchiveEntry.objects.get()
    assert entry.status == "handed_in" and entry.hand_in == batch
    assert clock.local_date(entry.key_in_due_at - dt.timedelta(seconds=1)) == dt.date(2026, 3, 6)
    assert refused(actions.hand_in, by=by, at=MONDAY + 3 * DAY) == ["handin.empty"]
    assert actions.hand_in(by=by, at=MONDAY + 3 * DAY, note="今天没有完成的服务").entry_count == 0
    assert refused(actions.hand_in, by=house.actor("oa"), at=MONDAY) == ["handin.department"]
    assert refused(actions.check, batch, by=house.actor("op"), at=MONDAY, opinion="") == ["handin.check"]
    assert actions.check(batch, by=house.actor("cs"), at=MONDAY, opinion="齐全").status == "checked"
    names = set(Event.objects.values_list("name", flat=True))
    assert {"customers.archiveentry.handed_in", "customers.handin.handed_in", "customers.handin.checked"} <= names


def test_the_operator_enters_and_another_person_verifies_field_by_field(house):
    entry = entered(house)
    assert Profile.objects.get().preferences == "不用含氯的清洁剂"
    house.customer.refresh_from_db()
    assert house.customer.completeness == 100
    fields = list(entries.learnt_of(entry))
    assert refused(actions.verify, entry, by=house.actor("op"), at=MONDAY, checked=fields) == ["entry.verify"]
    assert refused(actions.verify, entry, by=house.actor("net"), at=MONDAY, checked=fields[:-1]) == ["entry.unchecked"]
    done = actions.verify(entry, by=house.actor("net"), at=MONDAY, checked=fields)
    assert done.status == "verified" and all(done.learnt.values_list("is_verified", flat=True))


def test_who_entered_does_not_verify(house):
    entry = entered(house)
    ArchiveEntry.objects.update(entered_by=house.people["net"])
    fields = list(entries.learnt_of(entry))
    assert refused(actions.verify, entry, by=house.actor("net"), at=MONDAY, checked=fields) == ["entry.second"]


def test_a_thin_file_is_not_accepted(house):
    entry = written(house, observation=SAID)
    actions.hand_in(by=house.actor("hs"), at=MONDAY)
    entry = actions.key_in(ArchiveEntry.objects.get(), by=house.actor("op"), at=MONDAY)
    assert refused(actions.verify, entry, by=house.actor("net"), at=MONDAY, checked=["observation"]) == [
        "entry.incomplete"
    ]


def test_differences_go_back_with_reasons_and_come_again(house):
    entry, net = entered(house), house.actor("net")
    assert refused(actions.send_back, entry, by=net, at=MONDAY, differences={"pets": " "}) == ["entry.no_difference"]
    back = actions.send_back(entry, by=net, at=MONDAY, differences={"pets": "客户说养了一只狗"})
    assert back.status == "returned" and back.learnt.get(field="pets").reason
    assert refused(actions.correct, back, by=house.actor("oa2"), at=MONDAY) == ["entry.outlet"]
    again = actions.correct(back, by=house.actor("oa"), at=MONDAY, pets="一只狗")
    assert (again.status, again.entered_at) == ("handed_in", None) and not again.learnt.exclude(reason="").exists()
    again = actions.key_in(again, by=house.actor("op"), at=MONDAY)
    assert Profile.objects.get().pets == "一只狗"
    assert actions.verify(again, by=net, at=MONDAY, checked=list(entries.learnt_of(again))).status == "verified"


def test_the_same_words_by_the_same_hand_are_shown(house):
    first = written(house, observation=SAID)
    second = written(_second(house), observation=SAID + " ")
    assert [(h.code, h.evidence) for h in entries.hints_of(second)] == [("same_observation", (first.record.number,))]


def test_two_entries_of_a_day_survive_a_merging(house):
    first = written(house)
    kept = house.customer
    other = written(_second(house), observation=SAID)
    actions.merge(kept, merged=house.customer, reason="同一住址", by=house.actor("op"), at=MONDAY)
    assert ArchiveEntry.objects.get(pk=other.pk).customer == house.customer
    assert ArchiveEntry.objects.get(pk=first.pk).customer == kept


def test_the_way_through_the_pages(house, client):
    def act(name, address, data=None, expect=303):
        client.force_login(house.user(name))
        answer = client.post(address, data or {})
        assert answer.status_code == expect, answer.content.decode()[:2000]
        return answer

    def see(name, address):
        client.force_login(house.user(name))
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    assert "林知夏" in see("oa", "/archive/today/")
    new = f"/customers/{house.customer.pk}/entries/new/"
    see("oa", new)
    page = act("oa", new, {"served_on": "2026-03-02", "pets": "无"}, 422).content.decode()
    assert "基本资料" in page
    act("oa", new, {"served_on": "2026-03-02", **FULL, "pets": "无", "observation": SAID})
    entry = ArchiveEntry.objects.get()
    url = entry.get_absolute_url()
    page = see("oa", url)
    assert SAID in page and "2580" not in page
    act("oa", url + "do/rewrite/", {"observation": SAID + "。"})
    assert "1" in see("hs", "/archive/handins/new/")
    act("hs", "/archive/handins/new/", {"note": ""})
    batch = HandIn.objects.get()
    assert "林知夏" in see("cs", batch.get_absolute_url() + "?part=entries")
    see("cs", "/archive/handins/")
    act("cs", batch.get_absolute_url() + "do/check/", {"opinion": "齐全"})
    act("op", url + "do/key_in/")
    see("net", url + "do/verify/")
    act("net", url + "do/send_back/", {"differs_pets": "有一只猫"})
    assert "有一只猫" in see("oa", url)
    see("oa", url + "do/correct/")
    act("oa", url + "do/correct/", {"pets": "一只猫"})
    act("op", url + "do/key_in/")
    act("net", url + "do/verify/", {"checked": ["observation"]}, 422)
    act("net", url + "do/verify/", {"checked": list(entries.learnt_of(entry))})
    assert "已核实" in see("op", "/archive/entries/?q=林知夏")
    client.force_login(house.user("oa2"))
    assert client.get(url).status_code == 404 and client.get("/archive/handins/").status_code == 403


def test_the_third_day_counts_to_its_last_second(house):
    written(house)
    _second(house)
    written(house)
    end = entries.period_of(TODAY, MONDAY).due_at
    assert clock.local_date(end - dt.timedelta(seconds=1)) == dt.date(2026, 3, 3)
    assert not _handed_at(house, end).is_late


def test_a_second_after_the_third_day_is_late(house):
    written(house)
    batch = _handed_at(house, entries.period_of(TODAY, MONDAY).due_at + dt.timedelta(seconds=1))
    assert batch.is_late and batch.late_count == 1


def _handed_at(house, at):
    return actions.hand_in(by=house.actor("hs", at), at=at)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (dt.date(2026, 3, 5), dt.date(2026, 3, 6)),
        # A Friday: neither Saturday nor Sunday is a working day.
        (dt.date(2026, 3, 6), dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 8), dt.date(2026, 3, 9)),
        # The last working day before Tomb-Sweeping Day, a Monday off, and the Saturday that is worked instead.
        (dt.date(2026, 4, 3), dt.date(2026, 4, 7)),
        (dt.date(2026, 4, 10), dt.date(2026, 4, 11)),
    ],
)
def test_entering_has_one_working_day_whatever_lies_between(house, day, due):
    at = clock.day_start(day) + dt.timedelta(hours=15)
    DayOff.objects.create(day=dt.date(2026, 4, 6), kind="holiday")
    DayOff.objects.create(day=dt.date(2026, 4, 11), kind="workday")
    renew(MONDAY)
    entry = written(house, at=MONDAY)
    _handed_at(house, at)
    entry.refresh_from_db()
    assert clock.local_date(entry.key_in_due_at - dt.timedelta(seconds=1)) == due
