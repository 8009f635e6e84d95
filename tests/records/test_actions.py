"""Numbers, signatures, copies and publications as they are written."""

import datetime as dt

import pytest
from django.db import transaction

from tests.houses import MONDAY
from tests.records.papers import CODE, drawing, open_paper
from zhangfa.audit.models import Event
from zhangfa.audit.seals import seal, verify
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.ids import uuid7
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Absence
from zhangfa.records import actions, queries
from zhangfa.records.actions.papers import OutsideTransaction
from zhangfa.records.models import Concern, NumberSeries, Print, Record, Signature

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def refused(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return [refusal.code for refusal in caught.value.refusals]


def sign(house, paper, role, name, at=MONDAY + HOUR, **more):
    return actions.sign(paper, role=role, by=house.actor(name, at), at=at, is_verified=True, **more)


def test_numbers_follow_without_gaps_by_form_and_shanghai_day(house, form):
    evening = dt.datetime(2026, 3, 2, 23, 59, tzinfo=clock.TZ)
    numbers = [open_paper(house, at=at).number for at in (MONDAY, evening, evening + dt.timedelta(minutes=1))]
    assert numbers == ["T1-20260302-001", "T1-20260302-002", "T1-20260303-001"]


def test_a_rolled_back_paper_gives_its_number_back(house, form):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction.atomic():
        open_paper(house)
        raise Broken
    assert open_paper(house).number == "T1-20260302-001"


def test_a_number_is_kept_by_a_void_paper_and_given_once(house, paper):
    with transaction.atomic():
        assert actions.assign_number(paper, at=MONDAY + HOUR) == "T1-20260302-001"
    actions.void(paper, reason="重复登记", by=house.actor("cc"), at=MONDAY)
    assert open_paper(house).number == "T1-20260302-002"
    paper.refresh_from_db()
    assert (paper.status, paper.number) == ("void", "T1-20260302-001")
    assert refused(actions.void, paper, reason="再来", by=house.actor("cc"), at=MONDAY) == ["void"]


@pytest.mark.django_db(transaction=True)
def test_a_number_needs_the_transaction_that_hands_the_paper_in(house, form):
    paper = open_paper(house, number=False)
    with pytest.raises(OutsideTransaction):
        actions.assign_number(paper, at=MONDAY)
    assert not NumberSeries.objects.exists()


def test_a_client_may_mint_the_id_once(house, form):
    own = uuid7(MONDAY)
    by = house.actor("cc")
    paper = actions.open_record(CODE, unit=house.units["east"], by=by, at=MONDAY, id=own)
    assert (paper.pk, paper.number, paper.status) == (own, None, "draft")
    assert refused(actions.open_record, CODE, unit=house.units["east"], by=by, at=MONDAY, id=own) == ["exists"]


def test_concern_is_said_once(house, paper):
    person = house.people["fin"].pk
    for _time in range(2):
        actions.concern(paper, person, "payer")
    assert Concern.objects.filter(record=paper, person_id=person).count() == 1


def test_all_sign_and_the_paper_is_signed(house, asked, form):
    assert sign(house, asked, "handler", "cc").state == "signed"
    asked.refresh_from_db()
    assert asked.status == "submitted"
    sign(house, asked, "worker", "sw", method="drawn", drawing=drawing())
    last = sign(house, asked, "manager", "cs", opinion="同意")
    asked.refresh_from_db()
    assert asked.status == "signed"
    assert form == [("handler", "signed"), ("worker", "signed"), ("manager", "signed")]
    assert {s.digest for s in asked.signatures.all()} == {last.digest}
    assert all(queries.is_intact(s) for s in asked.signatures.all())
    worker = asked.signatures.get(role="worker")
    assert worker.drawing and worker.manner == "self"


@pytest.mark.clause("CC-W1.7")
def test_a_worker_without_login_signs_on_the_handlers_device(house, asked):
    row = sign(house, asked, "worker", "cc", method="drawn", drawing=drawing())
    assert (row.manner, row.signer_id, row.acted_by_id) == ("presence", house.people["sw"].pk, house.people["cc"].pk)
    house.user("cs")
    assert "not_signer" in refused(sign, house, asked, "manager", "cc", method="drawn", drawing=drawing())


@pytest.mark.clause("CC-W1.7")
def test_one_person_signs_one_role(house, paper):
    person = house.people["cs"].pk
    actions.ask_signatures(paper, [("handler", person), ("manager", person)], by=house.actor("cc"), at=MONDAY)
    sign(house, paper, "handler", "cs")
    assert refused(sign, house, paper, "manager", "cs") == ["two_roles"]


def test_a_delegate_signs_for_the_absent(house, asked):
    Absence.objects.create(
        person=house.people["cs"], delegate=house.people["hs"], from_at=MONDAY - HOUR, to_at=MONDAY + 5 * HOUR
    )
    row = sign(house, asked, "manager", "hs")
    assert (row.manner, row.signer_id, row.acted_by_id) == ("delegate", house.people["cs"].pk, house.people["hs"].pk)
    assert refused(sign, house, asked, "handler", "hs", at=MONDAY + 9 * HOUR) == ["not_signer"]


def test_a_role_without_a_name_is_signed_by_its_post(house, paper):
    actions.ask_signatures(paper, [("office", None)], by=house.actor("cc"), at=MONDAY)
    assert refused(sign, house, paper, "office", "cs") == ["not_signer"]
    Record.objects.filter(pk=paper.pk).update(unit=house.units["admin"])
    assert sign(house, paper, "office", "am").signer_id == house.people["am"].pk


def test_a_change_voids_what_was_signed(house, asked, content):
    first = sign(house, asked, "handler", "cc")
    content["amount"] = "2000.00"
    assert not queries.is_intact(first)
    assert actions.void_signatures(asked, by=house.actor("cc"), at=MONDAY + 2 * HOUR) == 1
    assert asked.version == 2
    states = list(asked.signatures.order_by("pk").values_list("role", "state", "version"))
    assert states == [
        ("handler", "void", 1),
        ("worker", "waiting", 2),
        ("manager", "waiting", 2),
        ("handler", "waiting", 2),
    ]
    again = sign(house, asked, "handler", "cc", at=MONDAY + 3 * HOUR)
    assert again.digest != first.digest and queries.is_intact(again)
    assert actions.void_signatures(open_paper(house), by=house.actor("cc"), at=MONDAY) == 0


def test_what_changed_since_it_was_shown_is_not_signed(house, asked, content):
    seen = queries.digest_now(asked)
    content["text"] = "另一段"
    assert refused(sign, house, asked, "handler", "cc", seen=seen) == ["changed"]
    assert sign(house, asked, "handler", "cc", seen=queries.digest_now(asked)).state == "signed"


@pytest.mark.clause("CC-W1.7")
def test_a_refusal_before_a_witness_counts_as_served(house, asked, form):
    def refuse(name, reason="不同意责任划分"):
        return actions.refuse_to_sign(asked, role="worker", by=house.actor(name), reason=reason, at=MONDAY + HOUR)

    assert refused(refuse, "sw") == ["witness_is_signer"]
    assert refused(refuse, "cc") == ["witness_is_handler"]
    assert refused(refuse, "oa", "不") == ["reason"]
    row = refuse("oa")
    assert (row.state, row.witness_id) == ("refused", house.people["oa"].pk)
    sign(house, asked, "handler", "cc")
    sign(house, asked, "manager", "cs")
    asked.refresh_from_db()
    assert asked.status == "signed"
    assert refused(sign, house, asked, "worker", "sw") == ["not_waiting"]


def test_several_papers_are_signed_in_one_act(house, form):
    papers = [open_paper(house) for _n in range(3)]
    for paper in papers:
        actions.ask_signatures(paper, [("manager", house.people["cs"].pk)], by=house.actor("cc"), at=MONDAY)
    actions.void(papers[1], reason="登记错了", by=house.actor("cc"), at=MONDAY)
    by = house.actor("cs")
    outcomes = actions.sign_many(
        [(p, "manager", queries.digest_now(p)) for p in papers], by=by, at=MONDAY, is_verified=True
    )
    assert [[r.code for r in outcome.refusals] for outcome in outcomes] == [[], ["void"], []]
    assert Signature.objects.filter(state="signed").count() == 2


def test_the_print_of_the_last_signature_is_kept(house, paper):
    from zhangfa.records import vault
    from zhangfa.records.jobs import store_print

    actions.ask_signatures(paper, [("manager", house.people["cs"].pk)], by=house.actor("cc"), at=MONDAY)
    sign(house, paper, "manager", "cs")
    for _time in range(2):
        store_print.func(str(paper.pk), 1)
    kept = Print.objects.get()
    assert vault.get(kept.sha256).startswith(b"%PDF")
    assert vault.path_of(kept.sha256).read_bytes()[:3] == b"k1:"


def test_copies_are_sent_once_and_acknowledged(house, paper):
    people = [house.people[name].pk for name in ("cs", "fin")]
    by = house.actor("cc")
    assert len(actions.send_copies(paper, people, by=by, at=MONDAY)) == 2
    third = actions.send_copies(paper, [*people, house.people["am"].pk], by=by, at=MONDAY)
    assert [copy.number for copy in third] == [3]
    assert Notice.objects.filter(code="records.copy").count() == 3
    copy = paper.copies.get(person=house.people["fin"])
    assert refused(actions.receive_copy, copy, by=house.actor("am"), at=MONDAY) == ["not_yours"]
    first = actions.receive_copy(copy, by=house.actor("fin"), at=MONDAY + HOUR)
    again = actions.receive_copy(copy, by=house.actor("fin"), at=MONDAY + 2 * HOUR)
    assert first.received_at == again.received_at == MONDAY + HOUR


def test_who_shares_a_paper_gets_no_copy_of_it(house, paper):
    author, reader = house.people["cc"], house.people["fin"]
    sent = actions.copy_to(paper, [author.pk, reader.pk, reader.pk], by=house.actor("cc"), at=MONDAY)
    assert [copy.person_id for copy in sent] == [reader.pk]
    assert list(paper.concerns.filter(role="copy").values_list("person_id", flat=True)) == [reader.pk]
    assert actions.copy_to(paper, [reader.pk], by=house.actor("cc"), at=MONDAY) == []


def test_comments_are_bounded(house, paper):
    by = house.actor("cc")
    assert actions.comment(paper, text="已联系客户", by=by, at=MONDAY).pk
    assert refused(actions.comment, paper, text="  ", by=by, at=MONDAY) == ["empty"]
    assert refused(actions.comment, paper, text="长" * 1001, by=by, at=MONDAY) == ["too_long"]


def test_a_publication_is_frozen_and_corrected_by_revision(house, form):
    facts = {
        "period": "2026-W10",
        "policy": {},
        "form_code": "F13",
        "unit": house.units["service"],
        "by": house.actor("cc"),
    }
    first = actions.publish("T-1", figures={"total": dt.date(2026, 3, 2)}, at=MONDAY, **facts)
    same = actions.publish("T-1", figures={"total": "2026-03-02"}, at=MONDAY, **facts)
    assert same.pk == first.pk and first.record.number
    other = actions.publish("T-1", figures={"total": "2"}, at=MONDAY, **facts)
    assert (first.revision, other.revision) == (0, 1)
    assert queries.published_digest(first) == first.digest
    first.figures["total"] = "9"
    assert queries.published_digest(first) != first.digest


def test_everything_stands_in_the_audit_chain_without_personal_words(house, asked):
    sign(house, asked, "handler", "cc", opinion="张三丰的意见")
    actions.comment(asked, text="李四的电话", by=house.actor("cc"), at=MONDAY)
    names = list(Event.objects.filter(record_id=asked.pk).order_by("n").values_list("name", flat=True))
    assert names == [
        "records.record.opened",
        "records.signature.asked",
        "records.signature.signed",
        "records.comment.added",
    ]
    texts = " ".join(Event.objects.filter(record_id=asked.pk).values_list("text", flat=True))
    assert "张三丰" not in texts and "李四" not in texts
    seal(MONDAY + 2 * HOUR)
    assert list(verify()) == []
