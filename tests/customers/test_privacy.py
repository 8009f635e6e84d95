"""A customer's rights over their data: a copy, deletion where the law lets, holds, retention, and the log of exports."""

import ast
import datetime as dt
import io
import zipfile
from decimal import Decimal as D
from pathlib import Path

import pytest

from tests.care import stages
from tests.houses import MONDAY, House
from zhangfa.audit.models import Event, EventDetail
from zhangfa.calls import actions as calls
from zhangfa.care import actions as care
from zhangfa.care import keeping as care_keeping
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers import actions, jobs, privacy
from zhangfa.customers.models import Contact, Customer, PersonalRequest
from zhangfa.customers.web import privacy as web
from zhangfa.orders import actions as orders
from zhangfa.orders.models import Card, Order
from zhangfa.records.models import Export
from zhangfa.ui.pages import ListPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-D10")]
LATER = dt.datetime(2029, 3, 5, 10, tzinfo=clock.TZ)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return [refusal.code for refusal in caught.value.refusals]


def taken(house, kind, at=MONDAY):
    return actions.take_request(house.customer, kind=kind, identity="本人到店出示身份证", by=house.actor("op"), at=at)


def finished(house):
    Order.objects.update(status="finished")


def test_a_copy_holds_everything_and_is_logged(house, client):
    actions.add_contact(
        house.customer, name="林母", title="母亲", role="family", phone="15400007777", by=house.actor("op"), at=MONDAY
    )
    row = taken(house, "access")
    assert clock.local_date(row.due_at - dt.timedelta(seconds=1)) == dt.date(2026, 3, 23)
    cs = house.actor("cs")
    assert refused(actions.fulfil, row, by=cs, at=MONDAY, outcome="已交付副本") == ["request.copy"]
    client.force_login(house.user("op"))
    assert client.post(row.get_absolute_url() + "copy/").status_code == 403
    client.force_login(house.user("cs"))
    assert "导出副本" in client.get(row.get_absolute_url()).content.decode()
    answer = client.post(row.get_absolute_url() + "copy/")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    words = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "replace")
    assert all(text in words for text in ("15400009999", "3 幢 402", "15400007777", house.order.number))
    log = Export.objects.get()
    assert (log.is_masked, log.filters) == (False, house.customer.no)
    assert client.post(row.get_absolute_url() + "do/fulfil/", {"outcome": "已交付副本"}).status_code == 303
    assert house.customer.no in client.get("/archive/exports/").content.decode()
    assert PersonalRequest.objects.get().status == "done"
    client.force_login(house.user("op"))
    assert client.get("/archive/exports/").status_code == 403


def test_what_the_law_keeps_is_restricted_with_the_reason(house, client):
    finished(house)
    row = actions.erase(taken(house, "deletion"), by=house.actor("cs"), at=MONDAY)
    assert row.status == "restricted" and [ground[0] for ground in row.grounds] == ["erasure.kept"]
    client.force_login(house.user("cs"))
    assert "依法保存到 2029-03-02" in client.get(row.get_absolute_url()).content.decode()
    assert Customer.objects.get(pk=house.customer.pk).name == "林知夏"


def test_open_business_and_a_hold_keep_it_however_old(house):
    Order.objects.update(status="assigned")
    row = actions.erase(taken(house, "deletion", LATER), by=house.actor("cs", LATER), at=LATER)
    assert [ground[0] for ground in row.grounds] == ["erasure.open"]
    finished(house)
    assert refused(actions.hold, house.customer, reason="诉讼", by=house.actor("op"), at=LATER) == ["request.answer"]
    actions.hold(house.customer, reason="正在诉讼", by=house.actor("cs", LATER), at=LATER)
    row = actions.erase(taken(house, "deletion", LATER), by=house.actor("cs", LATER), at=LATER)
    assert [ground[0] for ground in row.grounds] == ["erasure.held"]
    with clock.at(LATER):
        assert jobs.make_anonymous.func() == 0
    actions.release(house.customer, by=house.actor("cs", LATER), at=LATER)
    with clock.at(LATER):
        assert jobs.make_anonymous.func() == 1


def test_an_anonymous_file_tells_nobody_who_it_was(house):
    op = house.actor("op")
    actions.add_contact(house.customer, name="林母", title="母亲", role="family", phone="15400007777", by=op, at=MONDAY)
    actions.save_profile(
        house.customer,
        is_finished=False,
        has_contract=False,
        preferences="怕猫怕狗",
        alt_phone="15400006666",
        by=op,
        at=MONDAY,
    )
    other = house.make_customer("林知下")
    actions.merge(house.customer, merged=other, reason="同一住址", by=op, at=MONDAY)
    actions.edit(house.customer, name="林知秋", by=op, at=MONDAY)
    finished(house)
    row = actions.erase(taken(house, "deletion", LATER), by=house.actor("cs", LATER), at=LATER)
    assert row.status == "done"
    for customer in Customer.objects.all():
        assert (customer.name, customer.phone, customer.phone_hash, customer.address, customer.status) == (
            "***",
            "",
            "",
            "",
            "erased",
        )
    assert not Customer.objects.search("林知秋").exists() and not Customer.objects.search("9999").exists()
    assert Contact.objects.get().phone in ("", None) and not house.customer.profile.preferences
    details = EventDetail.objects.filter(
        event__chain=f"customers.customer:{house.customer.pk}", event__name="customers.customer.edited"
    )
    assert [(detail.values, detail.erased_at is None) for detail in details] == [({}, False)]
    assert Event.objects.filter(name="customers.customer.erased").count() == 2
    assert Order.objects.get().customer == house.customer


def test_retention_makes_old_files_anonymous_and_spares_the_young(house):
    finished(house)
    with clock.at(MONDAY):
        assert jobs.make_anonymous.func() == 0
    with clock.at(LATER):
        assert jobs.make_anonymous.func() == 1 and jobs.make_anonymous.func() == 0
    assert not Case.objects.exists()


def test_who_never_bought_anything_is_forgotten_when_they_ask_and_not_before(house):
    newcomer = house.make_customer("只问过价", "east")
    assert [why.code for _one, reasons in privacy.reasons_to_keep([newcomer], MONDAY) for why in reasons] == [
        "erasure.kept"
    ]
    row = actions.take_request(
        newcomer, kind="deletion", identity="本人到店出示身份证", by=house.actor("op"), at=MONDAY
    )
    row = actions.erase(row, by=house.actor("cs"), at=MONDAY)
    newcomer.refresh_from_db()
    assert row.status == PersonalRequest.Status.DONE and not row.grounds
    assert (newcomer.status, newcomer.name, newcomer.phone) == (Customer.Status.ERASED, "***", "")


def test_requests_on_the_pages(house, client):
    client.force_login(house.user("oa"))
    url = house.customer.get_absolute_url()
    assert client.post(url + "requests/new/", {"kind": "correction", "identity": ""}).status_code == 422
    assert client.post(url + "requests/new/", {"kind": "correction", "identity": "回拨核对"}).status_code == 303
    row = PersonalRequest.objects.get()
    assert client.get(row.get_absolute_url()).status_code == 200 and client.get("/archive/requests/").status_code == 200
    client.force_login(house.user("oa2"))
    assert client.get(row.get_absolute_url()).status_code == 404
    client.force_login(house.user("cs"))
    assert (
        client.post(row.get_absolute_url() + "do/decline_request/", {"outcome": "所称有误，与合同一致"}).status_code
        == 303
    )
    assert client.post(url + "hold/", {"reason": "正在诉讼"}).status_code == 303
    assert "正在诉讼" in client.get(url).content.decode()
    assert client.post(url + "release/").status_code == 303


def test_the_log_says_in_words_what_was_exported():
    from zhangfa.customers.web.privacy import subject_words

    assert (
        str(subject_words("customers.customer")) == "客户档案" and str(subject_words("reports.mix")) == "产品使用比例"
    )
    assert subject_words("no.such") == "no.such"


def test_what_is_not_finished_beside_orders_keeps_a_file_too(house):
    """A check, a sheet on its way, a promise, a call to make: nobody is made anonymous in the middle of it."""
    finished(house)
    customer, op, cs = house.customer, house.actor("op", LATER), house.actor("cs", LATER)
    facts = "服务结束后客户在门口大声辱骂服务员十分钟，邻居在场，有录音。"
    row = actions.note_conduct(customer, kind="abusive", occurred_on=LATER.date(), facts=facts, by=op, at=LATER)
    promise = care.promise(customer, text="补擦外窗", due_at=LATER + dt.timedelta(days=2), by=op, at=LATER)
    call = calls.take(phone=customer.phone, by=op, at=LATER)
    with clock.at(LATER):
        assert jobs.make_anonymous.func() == 0
    [(_one, reasons)] = privacy.reasons_to_keep([customer], LATER)
    assert sorted(r.params["what"] for r in reasons if r.code == "erasure.open") == ["客户关怀", "档案事项", "通话"]
    titles = [sheet.title for sheet in privacy.copy_of(customer)]
    assert {"访问", "承诺", "通话"} <= set(titles), "a copy holds everything"
    actions.dismiss(row, ground="录音里没有", by=cs, at=LATER)
    care.keep(promise, by=op, at=LATER, result="外窗已经补擦，客户看过")
    call = calls.hang_up(call, by=op, at=LATER)
    calls.write_up(call, by=op, at=LATER, kind="enquiry", content="问外窗什么时候补擦，已答复。", result="answered")
    with clock.at(LATER):
        assert jobs.make_anonymous.func() == 1


def test_money_on_a_card_and_a_series_that_goes_on_keep_a_file(house):
    """Nobody is made anonymous whose money the company still holds, or to whom it still goes."""
    finished(house)
    op = house.actor("op")
    kept = {"customer": house.customer, "by": op, "at": MONDAY}
    card = orders.sell_card(outlet=house.units["east"], amount=D(500), method="cash", **kept)
    series = orders.agree_series(
        product=house.product, quantity=D(50), weekdays=[1], starts=dt.time(8, 30), from_on=MONDAY.date() + dt.timedelta(days=60), **kept
    )  # fmt: skip

    def is_kept():
        [(_one, reasons)] = privacy.reasons_to_keep([house.customer], LATER)
        return "erasure.open" in {one.code for one in reasons}

    assert is_kept()
    Card.objects.filter(pk=card.pk).update(balance=0)
    assert is_kept(), "the series goes on"
    orders.end_series(series, by=op, at=MONDAY, reason="搬家")
    assert not is_kept()
    Card.objects.filter(pk=card.pk).update(balance=D("0.01"))
    assert is_kept(), "a cent on the card"
    Card.objects.filter(pk=card.pk).update(balance=0)
    Order.objects.update(payment="refunding")
    assert is_kept(), "money on its way back"


def test_words_and_numbers_beside_the_file_go_with_it(house):
    op = house.actor("op")
    call = calls.hang_up(calls.take(phone=house.customer.phone, by=op, at=MONDAY), by=op, at=MONDAY)
    call = calls.write_up(
        call, by=op, at=MONDAY, kind="enquiry", content="林女士问外窗，住 3 幢 402", result="answered"
    )
    assert call.customer_id == house.customer.pk and call.phone_hash
    finished(house)
    Order.objects.update(note="门禁 2580，林女士在家")
    actions.erase(taken(house, "deletion", LATER), by=house.actor("cs", LATER), at=LATER)
    call.refresh_from_db()
    assert (call.phone or "", call.phone_hash, call.phone_last4, call.content) == ("", "", "", "")
    assert call.kind == "enquiry" and not any(order.note for order in Order.objects.all())


def test_who_was_spoken_to_and_what_they_said_goes_with_the_file(house):
    visit = stages.division_visit(house)
    assert visit.interviewee
    account = stages.account(house)
    care.add_decider(account, by=house.actor("cm"), at=MONDAY, name="王一鸣", title="科长", role="leader")
    care_keeping.forget([visit.customer_id, account.customer_id], LATER)
    visit.refresh_from_db()
    assert not visit.interviewee and not visit.title and not account.deciders.exists()
    assert not visit.opinion and visit.satisfaction, "how content they were is a figure"


def test_a_consent_given_after_midnight_has_its_day_in_the_copy(house):
    night = dt.datetime(2026, 3, 3, 0, 30, tzinfo=clock.TZ)
    actions.record_consent(
        house.customer, purpose="care", channel="phone", is_granted=True, notice_version="2026-01", evidence="电话录音",
        by=house.actor("op", night), at=night,
    )  # fmt: skip
    sheet = next(one for one in privacy.copy_of(house.customer) if one.title == "同意与撤回")
    assert [row[-1] for row in sheet.rows] == ["2026-03-03"]


def test_who_saw_a_number_for_what_reason_can_be_read(house, client):
    actions.reveal(house.customer, field="phone", reason="客户来电改约，需回拨", by=house.actor("op"), at=MONDAY)
    mother = actions.add_contact(
        house.customer, name="林母", title="母亲", role="family", phone="15400007777", by=house.actor("op"), at=MONDAY
    ).contacts.get()
    actions.reveal(
        house.customer, field=mother.reveal_key, reason="本人不在，联系家人", by=house.actor("oa"), at=MONDAY
    )
    client.force_login(house.user("cs"))
    page = client.get("/archive/looks/").content.decode()
    assert all(text in page for text in ("客户来电改约", "本人不在", house.customer.no, house.people["op"].name))
    assert "联系人电话" in page and "15400007777" not in page and "15400009999" not in page
    client.force_login(house.user("op"))
    assert client.get("/archive/looks/").status_code == 403


def test_every_list_that_leaves_the_house_is_named_in_words():
    root, named = Path(web.__file__).parents[2], set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("spreadsheet", "write"):
                named |= {
                    one.value.value
                    for one in node.keywords
                    if one.arg == "subject" and isinstance(one.value, ast.Constant)
                }
    assert len(named) > 8 and not {subject for subject in named if web.subject_words(subject) == subject}
    pages, waiting = [], list(ListPage.__subclasses__())
    while waiting:
        pages.append(waiting.pop())
        waiting += pages[-1].__subclasses__()
    lists = {page.model._meta.label_lower for page in pages if getattr(page, "model", None) and page.is_exportable}
    assert not {label for label in lists if web.subject_words(label) == label}
