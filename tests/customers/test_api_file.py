"""What hangs on a customer's file through the interface: masked, changed by its rules, in clear only with a reason and a log entry."""

import pytest

from tests.customers.test_api import ask, house  # noqa: F401
from zhangfa.audit.models import Look
from zhangfa.customers.models import Consent, Contact, Place
from zhangfa.runtime.models import Once

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1"), pytest.mark.clause("HS-D10"), pytest.mark.postgres]
PLACE = {"label": "父母家", "compound": "听松苑", "door": "3幢402", "access_note": "门卫登记"}
CONTACT = {"name": "林母", "title": "母亲", "role": "family", "phone": "13800007777"}


def test_addresses_and_contacts_come_change_and_go(house, ask):  # noqa: F811
    one = f"/customers/{house.customer.pk}"
    status, file = ask("op", "POST", f"{one}/places", PLACE)
    assert status == 201 and file["places"][0]["address"] == "听松苑 ****"
    row = file["places"][0]["id"]
    status, file = ask("op", "POST", f"{one}/places/{row}", {"label": "母亲家", "compound": "听松苑"})
    assert status == 200 and file["places"][0]["label"] == "母亲家" and Place.objects.get().door == "3幢402"
    status, file = ask("op", "POST", f"{one}/contacts", CONTACT)
    assert status == 201 and file["contacts"][0]["phone"] == "138****7777"
    contact = file["contacts"][0]["id"]
    assert ask("oa2", "POST", f"{one}/contacts/{contact}/drop")[0] == 404
    assert ask("op", "POST", f"{one}/contacts/{contact}/drop")[1]["contacts"] == []
    assert ask("op", "POST", f"{one}/contacts/{contact}/drop")[0] == 404
    assert Contact.objects.filter(pk=contact, is_current=False).exists(), "the history stays"
    wish = {"worker": str(house.people["sw"].pk), "kind": "blocked", "reason": "客户要求换人"}
    status, file = ask("op", "POST", f"{one}/wishes", wish)
    assert status == 201 and file["wishes"][0]["kind"] == "blocked"
    assert ask("op", "POST", f"{one}/wishes/{file['wishes'][0]['id']}/drop")[1]["wishes"] == []
    other = house.make_customer("别人")
    assert ask("op", "POST", f"/customers/{other.pk}/places/{row}/drop")[0] == 404


def test_one_value_in_clear_with_a_reason_and_a_log_entry(house, ask):  # noqa: F811
    one = f"/customers/{house.customer.pk}"
    assert ask("op", "POST", f"{one}/reveal/phone", {})[0] == 422
    status, said = ask("op", "POST", f"{one}/reveal/phone", {"reason": "约上门时间"})
    assert status == 200 and said == {"field": "phone", "value": house.customer.phone}
    look = Look.objects.get(kind="customer")
    assert (look.person_id, look.field, look.reason) == (
        house.people["op"].pk,
        f"phone:{house.customer.pk}",
        "约上门时间",
    )
    assert ask("op", "POST", f"{one}/reveal/nothing", {"reason": "约上门时间"})[0] == 404
    assert ask("oa2", "POST", f"{one}/reveal/phone", {"reason": "约上门时间"})[0] == 404
    assert not Once.objects.exists(), "what is said in clear rests nowhere else"


def test_a_consent_is_taken_back_as_easily_as_it_was_given(house, ask):  # noqa: F811
    one = f"/customers/{house.customer.pk}"
    pair = {"purpose": "marketing", "channel": "phone"}
    status, refused = ask("op", "POST", f"{one}/consents/withdraw", pair)
    assert status == 409, refused
    assert ask("op", "POST", f"{one}/consents", {**pair, "notice_version": "v1", "evidence": "通话 3月2日"})[0] == 200
    status, file = ask("op", "POST", f"{one}/consents/withdraw", pair)
    assert status == 200 and [row["is_granted"] for row in file["consents"]] == [False]
    assert Consent.objects.count() == 2


def test_a_merging_is_undone(house, ask):  # noqa: F811
    double = house.make_customer("林知夏二")
    one = f"/customers/{house.customer.pk}"
    assert ask("op", "POST", f"{one}/merge", {"merged": str(double.pk), "reason": "同一电话同一地址"})[0] == 200
    _status, file = ask("op", "GET", f"{one}/details")
    merge = file["merges"][0]
    assert merge["merged"] == double.pk and merge["undone_at"] is None
    assert ask("hr", "POST", f"{one}/merges/{merge['id']}/undo")[0] in (403, 404)
    assert ask("op", "POST", f"{one}/merges/{merge['id']}/undo")[0] == 200
    assert ask("op", "GET", f"{one}/details")[1]["merges"][0]["undone_at"]
    double.refresh_from_db()
    assert double.status != "merged"
