"""What the archive's pages cost in statements: within the budget, and the same when there is more to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.customers.test_profile import FULL
from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.customers import actions
from zhangfa.customers.models import ArchiveEntry, Learnt
from zhangfa.duties.actions import generate

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
# A step counts with the three statements that know the person.
LIST, RECORD, STEP, PART = 10, 12, 18, 8
QUIET = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", 'INSERT INTO "audit_look"')
TODAY = clock.local_date(MONDAY)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def cost(call):
    with CaptureQueriesContext(connection) as made:
        answer = call()
    assert answer.status_code in (200, 303), answer.content.decode()[:500]
    return len([row for row in made.captured_queries if not row["sql"].startswith(QUIET)])


def entry(house, name=""):
    if name:
        house.customer = house.make_customer(name)
        house.make_order(house.customer)
    return actions.write_entry(
        house.customer,
        served_on=TODAY,
        by=house.actor("oa"),
        at=MONDAY,
        observation=f"下个月回老家停一次{name}",
        **FULL,
    )


def test_lists_and_records_cost_the_same_with_more_to_show(house, client):
    first = entry(house)
    facts = {"kind": "abusive", "occurred_on": TODAY, "facts": "服务结束后在门口对服务员大声辱骂约十分钟", "at": MONDAY}
    bad = actions.note_conduct(house.customer, by=house.actor("oa"), **facts)
    asked = actions.take_request(house.customer, kind="access", identity="回拨核对", by=house.actor("op"), at=MONDAY)
    customer = house.customer.get_absolute_url()
    actions.reveal(house.customer, field="phone", reason="客户来电改约，需回拨", by=house.actor("op"), at=MONDAY)
    pages = {
        ("oa", "/archive/today/"): LIST, ("oa", "/archive/entries/"): LIST, ("oa", first.get_absolute_url()): RECORD, ("oa", customer): RECORD,
        ("cs", "/archive/adverse/"): LIST, ("cs", bad.get_absolute_url()): RECORD, ("cs", "/archive/requests/"): LIST,
        ("cs", asked.get_absolute_url()): RECORD, ("cs", "/archive/exports/"): LIST, ("cs", "/archive/looks/"): LIST, ("cs", "/archive/handins/"): LIST,
        **{("cs", f"{customer}?part={part}"): RECORD + PART for part in ("profile", "contacts", "consents", "merges", "adverse", "consumption")},
    }  # fmt: skip

    def costs():
        found = {}
        for who, address in pages:
            client.force_login(house.user(who))
            client.get(address)
            found[who, address] = cost(lambda address=address: client.get(address))
        return found

    before = costs()
    assert not {page: n for page, n in before.items() if n > pages[page]}
    for n in range(12):
        entry(house, f"客{n}")
        actions.note_conduct(house.customer, by=house.actor("oa"), **facts)
        seen = house.make_customer(f"看{n}")
        actions.reveal(seen, field="phone", reason="客户来电改约，需回拨", by=house.actor("op"), at=MONDAY)
    after = costs()
    assert not {page: (before[page], after[page]) for page in pages if after[page] > before[page]}


def test_steps_stay_within_the_budget_and_a_hand_in_grows_by_nothing(house, client):
    first = entry(house)
    client.force_login(house.user("oa"))
    client.get("/")
    url = first.get_absolute_url()
    assert cost(lambda: client.post(url + "do/rewrite/", {"pets": "一只狗"})) <= STEP
    for n in range(10):
        entry(house, f"客{n}")
    # As on any day: the periods are open, and it is not the first paper of its kind.
    generate(MONDAY)
    actions.hand_in(note="今天没有完成的服务", by=house.actor("ls"), at=MONDAY)
    client.force_login(house.user("hs"))
    client.get("/")
    assert cost(lambda: client.post("/archive/handins/new/", {"note": ""})) <= STEP + 1
    assert ArchiveEntry.objects.filter(status="handed_in").count() == 11
    client.force_login(house.user("op"))
    client.get("/")
    assert cost(lambda: client.post(url + "do/key_in/")) <= STEP
    client.force_login(house.user("net"))
    client.get("/")
    checked = list(Learnt.objects.filter(entry=first).values_list("field", flat=True))
    assert cost(lambda: client.post(url + "do/verify/", {"checked": checked})) <= STEP
