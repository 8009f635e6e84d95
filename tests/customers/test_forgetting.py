"""What is only kept, what is emptied when a customer is made anonymous, and what still proves what was signed."""

import datetime as dt
from decimal import Decimal as D
from importlib import import_module

import pytest
from django.apps import apps

from tests.care import stages
from tests.claims import stages as cases
from tests.claims.pages import jpeg
from tests.customers.test_privacy import LATER, finished, refused, taken
from tests.houses import MONDAY, House
from tests.meetings import stages as meetings
from zhangfa.audit.models import Event, EventDetail
from zhangfa.care import keeping as care_keeping
from zhangfa.care.chain import SOURCE
from zhangfa.care.models import Thread, Visit
from zhangfa.core import clock
from zhangfa.customers import actions, jobs, queries
from zhangfa.customers.models import Customer
from zhangfa.imports.actions import purge_due
from zhangfa.imports.models import Import, Result, Row
from zhangfa.imports.queries import brought
from zhangfa.orders import actions as orders
from zhangfa.records import actions as papers
from zhangfa.records.models import Print
from zhangfa.records.queries import is_intact, used_hashes
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-D10")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def agreed(house, is_granted=True, at=MONDAY):
    return actions.record_consent(
        house.customer, purpose="marketing", channel="phone", is_granted=is_granted, notice_version="2026-01", evidence="电话录音",
        by=house.actor("op", at), at=at,
    )  # fmt: skip


def test_what_is_only_kept_is_neither_changed_nor_used_and_the_page_says_why(house, client):
    finished(house)
    agreed(house)
    row = actions.erase(taken(house, "deletion"), by=house.actor("cs"), at=MONDAY)
    customer = Customer.objects.get(pk=house.customer.pk)
    assert customer.status == "kept"
    assert not queries.consents_of(customer)["marketing", "phone"].is_granted, (
        "who wants to be deleted agrees to nothing"
    )
    op = house.actor("op")
    assert refused(actions.edit, customer, name="林知秋", by=op, at=MONDAY) == ["customer.kept"]
    assert refused(agreed, house) == ["customer.kept"]
    served = {"served_from": MONDAY + dt.timedelta(days=3), "product": house.product, "quantity": D(50)}
    assert "customer.kept" in refused(orders.book, customer=customer, **served, by=op, at=MONDAY)
    house.customer = customer
    card = {"outlet": house.units["east"], "amount": D(1000), "customer": customer, "method": "wechat"}
    conduct = {"kind": "abusive", "occurred_on": MONDAY.date(), "facts": "上门时辱骂服务员，邻居听到"}
    oa = house.actor("oa")
    assert refused(orders.sell_card, **card, by=oa, at=MONDAY) == ["customer.kept"]
    assert "customer.kept" in refused(actions.note_conduct, customer, **conduct, by=op, at=MONDAY)
    assert refused(actions.write_entry, customer, served_on=MONDAY.date(), by=oa, at=MONDAY) == ["customer.kept"]
    assert "customer.kept" in refused(stages.division_visit, house)
    for name, sees in (("cs", True), ("oa", False)):
        client.force_login(house.user(name))
        page = client.get(customer.get_absolute_url()).content.decode()
        assert (
            "依法仅保存" in page and "2026-03-02 起" in page and "保存到 2029-03-02" in page and "修改资料" not in page
        )
        assert (row.get_absolute_url() in page) is sees
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=MONDAY)}"}
    for address in (f"/api/v1/customers/{customer.pk}", "/api/v1/customers?status=kept"):
        said = client.get(address, headers=headers).json()
        kept = said["items"][0]["kept"] if "items" in said else said["kept"]
        assert kept["until"] == "2029-03-02" and kept["request"] == str(row.pk) and "依法保存" in kept["reasons"][0]


def test_who_comes_back_is_served_again_and_asked_anew(house, client):
    finished(house)
    agreed(house)
    actions.erase(taken(house, "deletion"), by=house.actor("cs"), at=MONDAY)
    client.force_login(house.user("op"))
    url = f"{house.customer.get_absolute_url()}restore/"
    assert client.post(url, {"reason": "客户来电要求上门"}).status_code == 403
    client.force_login(house.user("cs"))
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "客户来电要求上门"}).status_code == 303
    customer = Customer.objects.get(pk=house.customer.pk)
    assert customer.status == "active" and not queries.consents_of(customer)["marketing", "phone"].is_granted
    assert agreed(house) and "依法仅保存" not in client.get(customer.get_absolute_url()).content.decode()
    assert refused(actions.restore, customer, reason="再点一次", by=house.actor("cs"), at=MONDAY) == ["restore.used"]


def test_who_asked_is_forgotten_as_soon_as_nothing_keeps_the_file(house):
    newcomer = house.make_customer("只问过价", "east")
    actions.hold(newcomer, reason="正在诉讼", by=house.actor("cs"), at=MONDAY)
    row = actions.take_request(
        newcomer, kind="deletion", identity="本人到店出示身份证", by=house.actor("op"), at=MONDAY
    )
    actions.erase(row, by=house.actor("cs"), at=MONDAY)
    assert jobs.make_anonymous.func() == 0
    actions.release(newcomer, by=house.actor("cs"), at=MONDAY)
    assert jobs.make_anonymous.func() == 1, "not only after the years of who never asked"
    newcomer.refresh_from_db()
    assert newcomer.status == "erased"


def signed_visit(house):
    visit = stages.written(house, opinion="林女士说厨房油烟机没擦干净，她住 3 幢 402")
    papers.sign(visit.record, role="visitor", by=house.actor("cm"), at=MONDAY, is_verified=True)
    return Visit.objects.get(pk=visit.pk)


def test_words_under_a_signature_go_and_the_signature_still_tells_a_change(house, client):
    visit = signed_visit(house)
    finished(house)
    signature = visit.record.signatures.get()
    told = Event.objects.filter(record_id=visit.pk, name="care.visit.written").get()
    before = signature.digest
    care_keeping.forget([visit.customer_id], LATER)
    visit.refresh_from_db()
    signature = visit.record.signatures.get()
    assert not visit.opinion and not visit.suggestion and visit.satisfaction
    assert signature.digest == before != signature.rest_digest and is_intact(signature)
    assert EventDetail.objects.get(event=told).values == {}
    client.force_login(house.user("cs"))
    page = client.get(f"{visit.get_absolute_url()}?part=signatures").content.decode()
    assert "只留下摘要" in page and "有改动" not in page
    Visit.objects.filter(pk=visit.pk).update(satisfaction=1)
    assert not is_intact(visit.record.signatures.get()), "what is left is still watched"


@pytest.mark.clause("HS-D10", "CS-W3.4")
def test_the_meeting_about_a_problem_keeps_what_it_decided_and_not_what_the_customer_said(house):
    thread = Thread.objects.get(visit=stages.written(house, **stages.PROBLEM))
    at, said = thread.raised_at + dt.timedelta(days=1), "林女士家厨房没擦干净，她住 3 幢 402"
    held = meetings.resolved(house, at=at, problem=said, source_kind=SOURCE, source_id=thread.pk)
    other = meetings.resolved(house, at=at, problem="全公司的事", source_kind=SOURCE, source_id=held.pk)
    care_keeping.forget([thread.customer_id], LATER)
    held.refresh_from_db()
    other.refresh_from_db()
    assert held.problem == "" and held.resolution and other.problem == "全公司的事"
    assert not any(said in str(row.values) for row in EventDetail.objects.filter(event__record_id=held.pk))


def test_a_signature_that_was_broken_is_not_mended_by_forgetting(house):
    visit = signed_visit(house)
    Visit.objects.filter(pk=visit.pk).update(satisfaction=1)
    visit.record.signatures.update(opinion="林女士住 3 幢 402", reason="她不在家")
    care_keeping.forget([visit.customer_id], LATER)
    signature = visit.record.signatures.get()
    assert not is_intact(signature) and not signature.rest_digest
    assert (signature.opinion, signature.reason) == ("", "***"), "words go from a broken signature, too"


def test_a_void_signature_keeps_no_words(house):
    visit = signed_visit(house)
    visit.record.signatures.update(state="void", opinion="林女士住 3 幢 402", reason="她不在家")
    care_keeping.forget([visit.customer_id], LATER)
    signature = visit.record.signatures.get()
    assert (signature.opinion, signature.reason, signature.rest_digest) == ("", "***", "")


def test_pictures_and_prints_of_a_home_go_and_their_digests_stay(house, client):
    visit, cm = stages.written(house), house.actor("cm")
    row = papers.attach(visit.record, papers.prepare(jpeg("客厅.jpg")), kind="other", by=cm, at=MONDAY)
    Print.objects.create(record=visit.record, version=1, language="zh-hans", sha256="f" * 64, size=1, created_at=MONDAY)
    assert used_hashes([row.sha256, "f" * 64]) == {row.sha256, "f" * 64}
    care_keeping.forget([visit.customer_id], LATER)
    row.refresh_from_db()
    assert not used_hashes([row.sha256, "f" * 64]) and row.sha256 and not row.name
    client.force_login(house.user("cs"))
    assert client.get(f"/records/files/{row.pk}/view.jpg").status_code == 404


def test_cells_of_the_lists_that_brought_a_customers_orders_go_too(house):
    finished(house)
    batch = Import.objects.create(
        target="orders", status="applied", name="老订单.xlsx", kind="xlsx", size=1, sha256="", made_at=LATER
    )
    for n, key in ((1, house.order.pk), (2, house.order.pk + 999)):
        Row.objects.create(
            batch=batch, n=n, line=n, state="applied", cells='{"customer": "林知夏", "phone": "15400009999"}'
        )
        Result.objects.create(batch=batch, n=n, label="orders.order", key=key)
    actions.erase(taken(house, "deletion", LATER), by=house.actor("cs", LATER), at=LATER)
    assert [row.cells for row in Row.objects.order_by("n")] == ["", '{"customer": "林知夏", "phone": "15400009999"}']


def test_papers_of_cases_stay_for_their_years_and_page_and_answer_say_so(house, client):
    case = cases.accident(house, "closed")
    finished(house)
    when = case.closed_at + dt.timedelta(days=4 * 366)
    row = actions.erase(taken(house, "deletion", when), by=house.actor("cs", when), at=when)
    assert row.status == "done" and [ground[0] for ground in row.grounds] == ["stays.cases"]
    until = f"保存到 {clock.local_date(case.closed_at).year + 5}"
    client.force_login(house.user("cs"))
    with clock.at(when):
        for address in (row.get_absolute_url(), house.customer.get_absolute_url()):
            assert until in client.get(address).content.decode()
        headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=when)}"}
        said = client.get(f"/api/v1/archive/requests/{row.pk}", headers=headers).json()
    assert until in said["grounds"][0]


def test_what_a_list_just_brought_is_not_forgotten_before_its_orders_came(house):
    """The list says five years old, the orders come with the next list: the night between must not erase."""
    finished(house)
    came = LATER
    Customer.objects.filter(pk=house.customer.pk).update(joined_on=MONDAY.date() - dt.timedelta(days=2_000))
    newcomer = house.make_customer("老客户", "east")
    Customer.objects.filter(pk=newcomer.pk).update(joined_on=MONDAY.date() - dt.timedelta(days=2_000))
    batch = Import.objects.create(target="customers", status="applied", name="客户.xlsx", kind="xlsx", size=1, sha256="", made_at=came, applied_at=came)  # fmt: skip
    for n, customer in enumerate((house.customer, newcomer), start=1):
        Result.objects.create(batch=batch, n=n, label="customers.customer", key=customer.pk)
    with clock.at(came + dt.timedelta(days=89)):
        assert jobs.make_anonymous.func() == 0
    with clock.at(came + dt.timedelta(days=91)):
        assert jobs.make_anonymous.func() == 1, (
            "whose last order is known goes when the list can't be taken back any more"
        )
    with clock.at(came + dt.timedelta(days=3 * 366)):
        assert jobs.make_anonymous.func() == 1, "of whom nothing is known, the years run from the day of the list"


@pytest.mark.parametrize("status", ["applying", "applied"])
def test_a_list_that_is_still_being_written_or_was_stopped_counts_too(house, status):
    newcomer = house.make_customer("老客户", "east")
    Customer.objects.filter(pk=newcomer.pk).update(joined_on=MONDAY.date() - dt.timedelta(days=2_000))
    batch = Import.objects.create(target="customers", status=status, name="客户.xlsx", kind="xlsx", size=1, sha256="", made_at=MONDAY, applied_at=None)  # fmt: skip
    Result.objects.create(batch=batch, n=1, label="customers.customer", key=newcomer.pk)
    with clock.at(MONDAY + dt.timedelta(days=1)):
        assert jobs.make_anonymous.func() == 0


def test_a_list_that_only_filled_a_file_did_not_bring_it_even_when_its_cells_are_gone(house):
    known = house.make_customer("老客户", "east")
    batch = Import.objects.create(target="customers", status="applied", name="客户.xlsx", kind="xlsx", size=1, sha256="", made_at=MONDAY, applied_at=MONDAY)  # fmt: skip
    Row.objects.create(batch=batch, n=1, line=1, cells="{}", state="applied", choice="fill")
    filled = Result.objects.create(batch=batch, n=1, label="customers.customer", key=known.pk, after='{"contact": "x"}', is_filled=True)  # fmt: skip
    made = Result.objects.create(batch=batch, n=2, label="customers.customer", key=house.customer.pk)
    assert set(brought([known.pk, house.customer.pk], MONDAY)) == {house.customer.pk}
    assert purge_due(MONDAY + dt.timedelta(days=91)) == 1
    filled.refresh_from_db()
    assert not filled.after and set(brought([known.pk, house.customer.pk], MONDAY)) == {made.key}


def test_results_of_earlier_days_are_marked_as_far_as_they_tell(house):
    marks = import_module("zhangfa.imports.migrations.0004_filled_results")
    batch = Import.objects.create(target="customers", status="applied", name="客户.xlsx", kind="xlsx", size=1, sha256="", made_at=MONDAY, applied_at=MONDAY)  # fmt: skip
    for n, choice in enumerate(("", "fill", "", "fill"), start=1):
        Row.objects.create(batch=batch, n=n, line=n, state="applied", choice=choice)
    label = {n: "organisation.unit" if n == 4 else "customers.customer" for n in range(1, 5)}
    for n, after in enumerate(('{"contact": "x"}', "", "", ""), start=1):
        Result.objects.create(batch=batch, n=n, label=label[n], key=n, after=after)
    Import.objects.update(is_purged=True)
    marks.mark(apps, None)
    assert list(Result.objects.order_by("n").values_list("is_filled", flat=True)) == [True, True, None, None], (
        "by what was filled in; emptied, by what its row was to do; a unit beside a filled person was made"
    )


def test_who_asks_is_not_held_back_by_the_list_that_brought_them(house):
    newcomer = house.make_customer("只问过价", "east")
    batch = Import.objects.create(target="customers", status="applied", name="客户.xlsx", kind="xlsx", size=1, sha256="", made_at=MONDAY, applied_at=MONDAY)  # fmt: skip
    Result.objects.create(batch=batch, n=1, label="customers.customer", key=newcomer.pk)
    row = actions.take_request(
        newcomer, kind="deletion", identity="本人到店出示身份证", by=house.actor("op"), at=MONDAY
    )
    assert actions.erase(row, by=house.actor("cs"), at=MONDAY).status == "done"
