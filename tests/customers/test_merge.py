"""Duplicates found at entry, and two files that become one and two again."""

import pytest

from tests.houses import MONDAY, House
from zhangfa.audit.models import Event
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.relations import pointers
from zhangfa.customers import actions, queries
from zhangfa.customers.models import Contact, Customer, Merge
from zhangfa.customers.registry import STAYS, followers

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("CS-W2.1")]


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call, *args, **facts):
    with pytest.raises(Refused) as caught:
        call(*args, **facts)
    return [refusal.code for refusal in caught.value.refusals]


def other(house, phone="15400005555"):
    customer = house.make_customer("林知下", outlet="west")
    customer.phone = phone
    customer.prepare()
    customer.save()
    return customer


def test_a_number_is_found_wherever_it_stands(house, client):
    customer, facts = house.customer, {"by": house.actor("oa"), "at": MONDAY}
    actions.add_contact(customer, name="林母", title="母亲", role="family", phone="15400007777", **facts)
    actions.save_profile(customer, is_finished=False, has_contract=False, alt_phone="15400006666", **facts)
    for number in (customer.phone, "15400007777", "15400006666"):
        assert [one.pk for one in queries.known_by(number)] == [customer.pk]
    new = {"name": "新客户", "phone": "15400007777", "outlet": house.units["east"], "compound": "枫屿里", **facts}
    assert refused(actions.register, is_other=False, **new) == ["customer.mentioned"]
    client.force_login(house.user("oa"))
    typed = {
        "kind": "household",
        "name": "新客户",
        "phone": "15400007777",
        "outlet": str(house.units["east"].pk),
        "compound": "枫屿里",
    }
    page = client.post("/customers/new/", typed)
    assert page.status_code == 422 and customer.get_absolute_url() in page.content.decode()
    assert client.post("/customers/new/", {**typed, "is_other": "on"}).status_code == 303
    client.force_login(house.user("oa2"))
    typed = {**typed, "phone": customer.phone, "outlet": str(house.units["west"].pk)}
    page = client.post("/customers/new/", typed).content.decode()
    assert customer.no in page and customer.get_absolute_url() not in page and customer.name not in page


def test_everything_that_points_to_a_file_moves_and_goes_back(house):
    kept, merged, op = house.customer, other(house), house.actor("op")
    order, later = house.make_order(merged), None
    case = house.report(customer=merged, order=order)
    actions.add_contact(merged, name="林母", title="母亲", role="family", phone="15400007777", by=op, at=MONDAY)
    actions.merge(kept, merged=merged, reason="同一住址", by=op, at=MONDAY)
    merged.refresh_from_db()
    assert (merged.status, merged.merged_into) == ("merged", kept)
    order.refresh_from_db()
    assert order.customer == kept and Case.objects.get(pk=case.pk).customer == kept
    assert Contact.objects.get().customer == kept
    assert [one.pk for one in queries.known_by("15400005555")] == [kept.pk]
    assert refused(actions.edit, merged, name="x", by=op, at=MONDAY) == ["customer.closed"]
    assert queries.LOOKUP.get(op, str(merged.pk), MONDAY) is None
    later = house.make_order(kept)
    row = Merge.objects.get()
    assert row.rows_moved == 3
    actions.undo_merge(row, by=op, at=MONDAY)
    for moved in (order, later, merged):
        moved.refresh_from_db()
    assert (order.customer, later.customer, merged.status, merged.merged_into) == (merged, kept, "active", None)
    assert Case.objects.get(pk=case.pk).customer == merged
    assert Event.objects.filter(name="customers.customer.merged").count() == 2
    assert refused(actions.undo_merge, row, by=op, at=MONDAY) == ["merge.undone"]


def test_every_table_with_a_customer_follows():
    known = {label for label, _mover in followers()}
    assert {
        "orders.order.customer",
        "claims.case.customer",
        "customers.contact.customer",
        "customers.workerwish.customer",
        "customers.consent.customer",
        # These have no name on the customer's side.
        "care.thread.customer",
        "care.recheck.customer",
    } <= known
    assert {rel.related_model for rel in pointers(Customer)} >= set(STAYS)


def test_who_merges_what(house):
    kept, merged = house.customer, other(house)
    facts = {"reason": "同一住址", "at": MONDAY}
    assert refused(actions.merge, kept, merged=merged, by=house.actor("oa"), **facts) == ["customers.merge"]
    assert refused(actions.merge, kept, merged=kept, by=house.actor("op"), **facts) == ["merge.same"]
    assert refused(actions.merge, kept, merged=merged, by=house.actor("op"), reason="", at=MONDAY) == ["merge.reason"]
    actions.merge(kept, merged=merged, by=house.actor("op"), **facts)
    assert refused(actions.merge, merged, merged=kept, by=house.actor("op"), **facts) == ["customer.closed"]
    third = other(house, "15400004444")
    actions.merge(third, merged=kept, by=house.actor("op"), **facts)
    assert refused(actions.undo_merge, Merge.objects.first(), by=house.actor("op"), at=MONDAY) == ["merge.later"]


def test_merging_and_undoing_on_the_pages(house, client):
    kept, merged = house.customer, other(house)
    client.force_login(house.user("op"))
    url = kept.get_absolute_url()
    assert client.post(url + "merge/", {"merged": str(merged.pk), "reason": ""}).status_code == 422
    assert client.post(url + "merge/", {"merged": str(merged.pk), "reason": "同一住址"}).status_code == 303
    assert kept.no in client.get(merged.get_absolute_url()).content.decode()
    assert "撤销合并" in client.get(url + "?part=merges").content.decode()
    assert client.post(f"{url}merge/{Merge.objects.get().pk}/undo/").status_code == 303
    assert not Customer.objects.filter(status="merged").exists()
    client.force_login(house.user("oa"))
    assert client.get(url + "merge/").status_code == 403
