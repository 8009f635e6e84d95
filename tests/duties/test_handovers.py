"""A seat changes hands: one list of what is open, three names, and the successor has it all on the first day."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.claims import actions as claims
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties import actions
from zhangfa.duties.models import Handover, Occurrence
from zhangfa.duties.web.handovers import seat_of
from zhangfa.organisation.actions import holdings
from zhangfa.organisation.models import Holding, Person
from zhangfa.records.actions import send_copies, sign
from zhangfa.runtime import worker

DAY = dt.timedelta(days=1)
FIRST = MONDAY.date()
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]


def newcomer(house, name="接班人"):
    person = Person(no="N001", name=name, kind="staff")
    person.prepare()
    person.save()
    house.people["new"] = person
    return person


def leave(house, name="cs", days=5):
    holding = Holding.objects.get(seat=house.seats[name])
    holdings.end(holding, to_on=FIRST + days * DAY, by=house.actor("am"), at=MONDAY)
    return Handover.objects.get(seat=house.seats[name])


def come(house, name="cs", days=6):
    person = newcomer(house)
    holdings.hold(person=person, seat=house.seats[name], from_on=FIRST + days * DAY, by=house.actor("am"), at=MONDAY)
    return person


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


def put_name(house, handover, role, who, at):
    house.user(who)
    sign(handover.record, role=role, by=house.actor(who, at), at=at, is_verified=True)


@pytest.mark.postgres
def test_a_manager_leaves_and_the_list_knows_what_is_open(house):
    worker.tick(MONDAY)
    case = house.to_assessed(house.report("1300"), price="1300")
    claims.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    house.propose(case, "1300")
    handover = leave(house)
    assert (handover.leaver, handover.superior, handover.successor) == (house.people["cs"], house.people["dgm"], None)
    assert "decisions" in set(handover.items.values_list("source", flat=True))
    with pytest.raises(Refused) as refused:
        actions.send_for_signing(handover, by=house.actor("cs"), at=MONDAY)
    assert codes(refused) == {"handover.nobody"}


@pytest.mark.postgres
def test_three_names_and_the_successor_has_it_in_hand(house):
    worker.tick(MONDAY)
    case = house.report("1300")
    leaver = house.handler_of(case)
    handover = leave(house, leaver)
    successor = come(house, leaver)
    handover.refresh_from_db()
    assert handover.successor == successor
    at = MONDAY + 5 * DAY
    handover = actions.send_for_signing(handover, by=house.actor(leaver, at), at=at, note="门店钥匙在行政部")
    assert handover.items.filter(source="cases", key=str(case.pk)).exists()
    put_name(house, handover, "leaver", leaver, at)
    day = MONDAY + 6 * DAY
    worker.tick(day)
    put_name(house, handover, "successor", "new", day)
    put_name(house, handover, "superior", "cs", day)
    handover.refresh_from_db()
    case.refresh_from_db()
    assert (handover.status, handover.record.status) == ("done", "signed")
    assert case.handler == successor
    assert handover.items.filter(source="cases", moved_at=day).count() == 1
    owed = Occurrence.objects.open().filter(seat=house.seats[leaver])
    assert owed.exists() and set(owed.values_list("person", flat=True)) == {successor.pk}


def test_nobody_takes_over_from_themselves(house):
    handover = leave(house)
    for person, code in (("cs", "handover.same"), ("dgm", "handover.superior")):
        with pytest.raises(Refused) as refused:
            actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people[person])
        assert codes(refused) == {code}
    with pytest.raises(Refused) as refused:
        actions.name_successor(handover, by=house.actor("cc"), at=MONDAY, person=house.people["cm"])
    assert codes(refused) == {"handover.oversee"}


def test_another_successor_asks_for_the_names_anew(house):
    handover = leave(house)
    actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["cm"])
    handover = actions.send_for_signing(Handover.objects.get(), by=house.actor("cs"), at=MONDAY)
    put_name(house, handover, "leaver", "cs", MONDAY)
    handover = actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["ops"])
    assert handover.status == "open"
    assert handover.record.signatures.filter(state="void").count() == 1
    handover = actions.cancel_handover(handover, by=house.actor("am"), at=MONDAY)
    assert (handover.status, handover.record.status) == ("void", "void")


def test_one_list_at_a_time_about_somebody_who_held_the_seat(house):
    leave(house)
    for leaver, code in (("cs", "handover.running"), ("cc", "handover.held")):
        with pytest.raises(Refused) as refused:
            actions.draw_up(
                seat=house.seats["cs"], leaver=house.people[leaver], last_on=FIRST, by=house.actor("hr"), at=MONDAY
            )
        assert codes(refused) == {code}


def test_a_worker_who_leaves_hands_over_nothing(house):
    holding = Holding.objects.get(seat=house.seats["sw"])
    holdings.end(holding, to_on=FIRST + DAY, by=house.actor("am"), at=MONDAY)
    assert not Handover.objects.exists()


def test_the_pages(house, client):
    handover = leave(house)
    client.force_login(house.user("cs"))
    with clock.at(MONDAY):
        assert "人cs" in client.get("/duties/handovers/").content.decode()
        page = client.get(handover.get_absolute_url()).content.decode()
        assert "确定接任人" in page
        actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["cm"])
        address = f"/duties/handovers/{handover.pk}/do/send_for_signing/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"note": "钥匙"}).status_code == 303
        assert "签字" in client.get(handover.get_absolute_url()).content.decode()
        assert client.get(f"/records/{handover.pk}/print/").status_code in (200, 302, 404)
    client.force_login(house.user("oa"))
    with clock.at(MONDAY):
        assert client.get(handover.get_absolute_url()).status_code == 404
    client.force_login(house.user("hr"))
    with clock.at(MONDAY):
        sent = client.post("/duties/handovers/new/", {"leaver": house.people["cc"].pk, "last_on": "2026-03-20"})
        assert sent.status_code == 303


def test_what_is_the_leavers_own_leads_nowhere_for_others(house, client):
    handover = leave(house)
    handover.items.create(
        source="signatures", key="1", title="签字 某表", number="F11-20260302-001", url="/records/of-the-leaver/"
    )
    for who, leads in (("cs", True), ("am", False)):
        client.force_login(house.user(who))
        with clock.at(MONDAY):
            page = client.get(handover.get_absolute_url()).content.decode()
        assert "签字 某表" in page and ("/records/of-the-leaver/" in page) is leads


def two_posts(house):
    """The specialist sits in an outlet, too, and has a case of each."""
    Holding.objects.filter(seat=house.seats["oa"]).delete()
    who = house.people["cc"]
    Holding.objects.create(person=who, seat=house.seats["oa"], from_on=FIRST)
    big, small = house.report("1800"), house.report("300")
    type(big).objects.filter(pk__in=[big.pk, small.pk]).update(handler=who)
    return str(big.pk), str(small.pk)


def listed(handover, source="cases"):
    return set(handover.items.filter(source=source).values_list("key", flat=True))


@pytest.mark.postgres
def test_who_holds_two_posts_and_leaves_one_hands_over_what_belongs_to_it(house):
    big, small = two_posts(house)
    assert listed(leave(house, "oa")) == {small}
    assert listed(leave(house, "cc")) == {big}


def test_who_leaves_one_of_two_posts_keeps_what_is_their_own(house):
    two_posts(house)
    case = house.to_assessed(house.report("1300"), price="1300")
    send_copies(case.record, [house.people["cc"].pk], by=house.actor("cs"), at=MONDAY)
    # The other post is kept: what waits for this person, whatever the post, stays with them.
    assert not listed(leave(house, "oa"), "copies")
    assert listed(leave(house, "cc", days=9), "copies")


def test_a_promoted_person_hands_over_what_belonged_to_the_post_they_leave(house):
    case = house.report("1800")
    type(case).objects.filter(pk=case.pk).update(handler=house.people["cc"])
    Holding.objects.filter(seat=house.seats["ls"]).delete()
    holdings.hold(
        person=house.people["cc"], seat=house.seats["ls"], from_on=FIRST + 6 * DAY, by=house.actor("am"), at=MONDAY
    )
    holding = Holding.objects.get(seat=house.seats["cc"])
    holdings.end(holding, to_on=FIRST + 5 * DAY, by=house.actor("am"), at=MONDAY)
    handover = Handover.objects.get(seat=house.seats["cc"])
    assert listed(handover) == {str(case.pk)}
    # After the promotion, too, when the list is drawn up a last time.
    later = MONDAY + 7 * DAY
    assert listed(actions.collect_again(handover, by=house.actor("am", later), at=later)) == {str(case.pk)}


@pytest.mark.postgres
def test_a_holder_between_who_leaves_again_passes_the_list_on(house):
    handover = leave(house)
    first = come(house)
    handover = Handover.objects.get(pk=handover.pk)
    handover = actions.send_for_signing(handover, by=house.actor("cs"), at=MONDAY)
    put_name(house, handover, "leaver", "cs", MONDAY)
    by, at = house.actor("am", MONDAY + 7 * DAY), MONDAY + 7 * DAY
    holdings.end(Holding.objects.get(person=first), to_on=FIRST + 8 * DAY, by=by, at=at)
    second = house.people["cm"]
    holdings.hold(person=second, seat=house.seats["cs"], from_on=FIRST + 9 * DAY, by=by, at=at)
    handover.refresh_from_db()
    assert (handover.successor, handover.status) == (second, "open")
    assert Handover.objects.get(leaver=first).successor == second
    assert handover.record.signatures.filter(state="void").exists()


def test_who_signed_before_leaving_again_keeps_what_they_took_over(house):
    handover = leave(house)
    first = come(house)
    handover = actions.send_for_signing(Handover.objects.get(pk=handover.pk), by=house.actor("cs"), at=MONDAY)
    put_name(house, handover, "successor", "new", MONDAY + 6 * DAY)
    by, at = house.actor("am", MONDAY + 7 * DAY), MONDAY + 7 * DAY
    holdings.end(Holding.objects.get(person=first), to_on=FIRST + 8 * DAY, by=by, at=at)
    holdings.hold(person=house.people["cm"], seat=house.seats["cs"], from_on=FIRST + 9 * DAY, by=by, at=at)
    handover.refresh_from_db()
    assert (handover.successor, handover.status) == (first, "signing")


def test_whoever_sits_above_when_it_is_sent_watches_over_it(house):
    handover = leave(house)
    actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["cm"])
    Holding.objects.filter(seat=house.seats["dgm"]).update(to_on=FIRST - DAY)
    handover = actions.send_for_signing(Handover.objects.get(), by=house.actor("cs"), at=MONDAY)
    assert handover.superior == house.people["gm"]
    assert set(handover.record.signatures.values_list("signer_id", flat=True)) == {
        house.people[name].pk for name in ("cs", "cm", "gm")
    }


def test_of_two_posts_the_page_asks_which(house, client):
    two_posts(house)
    client.force_login(house.user("hr"))
    sent = {"leaver": house.people["cc"].pk, "last_on": "2026-03-20"}
    with clock.at(MONDAY):
        page = client.post("/duties/handovers/new/", sent)
        assert page.status_code == 422 and "请写明交接哪一个" in page.content.decode()
        assert client.post("/duties/handovers/new/", sent | {"seat": house.seats["oa"].pk}).status_code == 303
    assert Handover.objects.get().seat == house.seats["oa"]


def test_a_seat_that_is_only_entered_for_later_is_not_the_one_that_is_left(house):
    leave(house, days=5)
    last = house.seats["cs"].holdings.get(person=house.people["cs"]).to_on
    Holding.objects.create(person=house.people["cs"], seat=house.seats["oa"], from_on=last + dt.timedelta(days=1))
    assert seat_of(house.people["cs"], last, None) == house.seats["cs"]
    assert seat_of(house.people["cs"], last + dt.timedelta(days=1), None) == house.seats["oa"]


@pytest.mark.postgres
def test_a_list_that_waits_for_a_superior_who_has_left_goes_to_the_next_one_up(house):
    handover = leave(house, "cc")
    actions.name_successor(handover, by=house.actor("am"), at=MONDAY, person=house.people["cc2"])
    handover = actions.send_for_signing(Handover.objects.get(), by=house.actor("cc"), at=MONDAY)
    assert handover.superior == house.people["cs"]
    put_name(house, handover, "leaver", "cc", MONDAY)
    # The superior goes, and nobody sits in the seat above that.
    for name, last in (("cs", FIRST + DAY), ("dgm", FIRST)):
        Holding.objects.filter(seat=house.seats[name]).update(to_on=last)
    worker.tick(MONDAY + DAY)
    handover.refresh_from_db()
    assert handover.superior == house.people["cs"]
    at = MONDAY + 2 * DAY
    worker.tick(at)
    worker.tick(at)
    handover.refresh_from_db()
    assert (handover.superior, handover.status) == (house.people["gm"], "signing")
    put_name(house, handover, "successor", "cc2", at)
    put_name(house, handover, "superior", "gm", at)
    handover.refresh_from_db()
    assert handover.status == "done"


def test_who_sits_above_and_takes_over_does_not_watch_over_it_too(house):
    handover = leave(house, "cc")
    Handover.objects.filter(pk=handover.pk).update(successor=house.people["cs"], superior=house.people["ls"])
    Holding.objects.filter(seat=house.seats["ls"]).update(to_on=FIRST - DAY)
    worker.tick(MONDAY)
    handover.refresh_from_db()
    assert handover.superior == house.people["dgm"]
