"""Another figure over a period that has passed: the rules that decided decide again, nothing is written."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.administration.test_activities import propose as propose_activity
from tests.duties.switched import done, lent
from tests.houses import MONDAY
from tests.people.test_leave import ask as ask_leave
from zhangfa.claims import actions as claims
from zhangfa.core import clock
from zhangfa.duties import rules, whatif, whatif_rules
from zhangfa.duties.kept import ALL, Kept
from zhangfa.duties.models import Occurrence
from zhangfa.regulations.models import Regulation
from zhangfa.runtime import worker

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
FIRST = MONDAY.date()
CAPPED = {"unit": "hours", "cap": "day_end"}


def settle(house, price):
    customer = house.make_customer(f"客户{price}")
    case = house.report(price, customer=customer, order=house.make_order(customer))
    case = house.to_assessed(case, price=price)
    claims.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
    return house.propose(case, price)


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize(
    ("limit", "moved", "posts"),
    [
        ("1499.99", 0, {"cs": 1, "dgm": 1}),
        ("1500.01", 1, {"cs": 2}),
        ("1200", 0, {"cs": 1, "dgm": 1}),
        ("1199.99", 1, {"dgm": 2}),
    ],
)
def test_a_limit_moves_who_decides_at_the_figure_and_not_below(house, limit, moved, posts):
    settle(house, "1200")
    settle(house, "1500.01")
    found = whatif.ask("claims.manager_max", Decimal(limit), since=FIRST, until=FIRST, at=MONDAY + DAY)
    ((replay, answer),) = found.decisions
    assert (replay.key, answer.total, len(answer.elsewhere)) == ("settlements", 2, moved)
    assert {post: count for post, (count, _money) in answer.after.items()} == posts
    assert sum(money for _count, money in answer.after.values()) == Decimal("2700.01")


@pytest.mark.django_db
def test_a_route_is_taken_again(house):
    house.report("499.99")
    house.report("500")
    found = whatif.ask("claims.outlet_max_estimate", Decimal("500.01"), since=FIRST, until=FIRST, at=MONDAY)
    ((_replay, answer),) = found.decisions
    assert ({p: n for p, (n, _m) in answer.before.items()}, {p: n for p, (n, _m) in answer.after.items()}) == (
        {"oa": 1, "cc": 1}, {"oa": 2},
    )  # fmt: skip


@pytest.mark.django_db
def test_a_deadline_says_which_duties_would_be_late_and_writes_nothing(house):
    case = house.report("1800")
    claims.acknowledge(case, by=house.actor(house.handler_of(case)), at=MONDAY + 10 * dt.timedelta(minutes=1))
    before = list(Occurrence.objects.order_by("pk").values())
    for minutes, on_time in ((10, 1), (9, 0)):
        found = whatif.ask("claims.alert_ack_minutes", Decimal(minutes), since=FIRST, until=FIRST, at=MONDAY + DAY)
        kept = next(one for one in found.duties if one.key.startswith("D-CC-01.acknowledge"))
        assert (kept.before.done, kept.after.done) == (1, on_time)
        # What it says of before is what the pages of compliance say, from the roll-up.
        assert kept.before == Kept(ALL, MONDAY + DAY, ["duty"]).split(FIRST, FIRST)["duty"][kept.key]
    assert list(Occurrence.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("due", "rule", "old", "new", "expected"),
    [
        (MONDAY + 2 * HOUR, {"unit": "hours"}, 2, 3, MONDAY + 3 * HOUR),
        (MONDAY + 2 * HOUR, CAPPED, 2, 20, clock.day_end(MONDAY)),
        (clock.day_end(MONDAY), CAPPED, 20, 2, MONDAY + 2 * HOUR),
        (MONDAY + 7 * DAY, {"unit": "days"}, 7, 8, MONDAY + 8 * DAY),
        (MONDAY + HOUR, {"unit": "day_end"}, 1, 2, MONDAY + HOUR),
    ],
)
def test_a_deadline_starts_where_it_started(due, rule, old, new, expected):
    assert whatif_rules.moved_due(due, MONDAY, old=Decimal(old), new=Decimal(new), rule=rule) == expected


def test_a_quota_is_reached_when_there_is_enough():
    proofs = [(MONDAY, Decimal(1)), (MONDAY + DAY, Decimal(1))]
    facts = {"due_at": MONDAY + 7 * DAY, "state": "done", "at": MONDAY + 9 * DAY}
    assert whatif_rules.quota_stands(proofs, needed=Decimal(2), **facts) == "done"
    assert whatif_rules.quota_stands(proofs, needed=Decimal(3), **facts) == "missed"
    assert whatif_rules.scaled(Decimal(36), old=Decimal(72), new=Decimal(100)) == Decimal("50.0")
    assert whatif_rules.stands(due_at=MONDAY, done_at=None, state="excused", at=MONDAY + DAY) == "excused"


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.clause("AM-W4.1")
@pytest.mark.parametrize(("key", "value", "would"), [
    ("leave.personal.staff_days", "1.5", "dgm"), ("leave.personal.staff_days", "2", "sup"), ("leave.personal.staff_days", "2.5", "sup"),
    ("leave.gm_days", "2", "gm"), ("leave.gm_days", "2.5", "sup"), ("leave.personal.supervisor_days", "0.5", "sup"),
])  # fmt: skip
def test_leave_goes_elsewhere_when_its_limit_moves(house, key, value, would):
    ask_leave(house, "oa", "2")
    found = whatif.ask(key, Decimal(value), since=FIRST, until=FIRST, at=MONDAY + DAY)
    ((replay, moved),) = found.decisions
    assert (replay.key, moved.total, moved.moved) == ("leave", 1, int(would != "sup"))
    assert {post: count for post, (count, _money) in moved.after.items()} == {would: 1}


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.clause("AM-W4.2")
def test_an_activity_goes_elsewhere_when_its_limit_moves(house):
    propose_activity(house, "4000")
    for value, would in (("4000.01", "am"), ("3999.99", "dgm"), ("4000", "dgm")):
        found = whatif.ask("activity.dgm_amount", Decimal(value), since=FIRST, until=FIRST, at=MONDAY + DAY)
        ((replay, answer),) = found.decisions
        assert (replay.key, answer.total, answer.moved) == ("activity", 1, int(would == "am"))
        assert answer.after == {would: (1, Decimal(4000))}
    # Parts of one event are taken together again.
    propose_activity(house, "1000", title="春季团建交通", begins_on=dt.date(2026, 4, 12), ends_on=dt.date(2026, 4, 12))
    found = whatif.ask("activity.gm_amount", Decimal("5000.01"), since=FIRST, until=FIRST, at=MONDAY + DAY)
    ((_replay, answer),) = found.decisions
    assert answer.before == {"dgm": (1, Decimal(4000)), "gm": (1, Decimal(1000))}
    assert answer.after == {"dgm": (2, Decimal(5000))}


WEEK_OF = whatif_rules.Owed("2026-03-02", "done", MONDAY + 9 * DAY)


@pytest.mark.parametrize(
    ("rhythm", "stands"),
    [("weekly wed 10:00", "done"), ("weekly wed 09:59", "late"), ("weekly fri", "done"), ("weekly tue 12:00", "late")],
)
def test_a_week_keeps_what_was_done_for_it_whatever_day_counts(rhythm, stands):
    turns = [p for p in rules.periods(rhythm, MONDAY - 20 * DAY, MONDAY + 20 * DAY) if p.name == WEEK_OF.name]
    facts = {"is_same": True, "is_counted": False, "at": MONDAY + 30 * DAY}
    assert whatif_rules.turned([WEEK_OF], turns, **facts) == [stands]


def test_another_rhythm_is_settled_by_what_was_done_oldest_first():
    at = MONDAY + 30 * DAY
    owed = [whatif_rules.Owed(str(n), "done", MONDAY + n * 7 * DAY) for n in range(3)]
    turns = list(rules.day_periods(3, MONDAY - DAY, MONDAY + 20 * DAY))
    states = whatif_rules.turned(owed, turns, is_same=False, is_counted=False, at=at)
    # The periods from the 4th of March; the first is late, the second too, the others never.
    assert len(states) == len(turns) and states.count("missed") == len(turns) - 2
    assert whatif_rules.turned(owed, [], is_same=False, is_counted=False, at=at) == []


@pytest.mark.django_db
def test_a_rhythm_can_be_asked_about(house):
    with lent("D-AM-13"):
        worker.tick(MONDAY)
        worker.tick(MONDAY + 8 * DAY)
        done(house, "am", "D-AM-13", MONDAY + 8 * DAY + HOUR)
        worker.tick(MONDAY + 20 * DAY)
        assert whatif.keys()["visit.bundle_admin"] == "rhythm"
        asked = {"since": FIRST, "until": FIRST + 20 * DAY, "at": MONDAY + 20 * DAY}
        found = whatif.ask("visit.bundle_admin", "weekly wed 12:00", **asked)
        (kept,) = found.duties
        assert kept.before.total == kept.after.total
        more = whatif.ask("visit.bundle_admin", "daily", **asked).duties[0]
        assert more.after.total > kept.after.total and more.needed_after == more.after.total


@pytest.mark.django_db
def test_a_quota_says_how_much_more_would_be_owed(house):
    with lent("D-HS-04"):
        worker.tick(MONDAY)
        worker.tick(MONDAY + 8 * DAY)
        found = whatif.ask("visit.per_week", 3, since=FIRST, until=FIRST + 7 * DAY, at=MONDAY + 8 * DAY)
        (kept,) = [one for one in found.duties if one.key.startswith("D-HS-04")]
        assert kept.needed_before and kept.needed_after * 2 == kept.needed_before * 3


@pytest.mark.django_db
def test_the_interface_answers_what_the_page_answers(house, client):
    settle(house, "1200")
    worker.tick(MONDAY)
    client.force_login(house.user("am"))
    asked = {"key": "claims.manager_max", "value": "1100", "since": "2026-03-01", "until": "2026-03-02"}
    with clock.at(MONDAY):
        assert "claims.manager_max" in {row["key"] for row in client.get("/api/v1/what-if/figures").json()["items"]}
        answer = client.get("/api/v1/what-if", asked).json()
        (group,) = answer["decisions"]
        assert (group["total"], group["moved"], len(group["papers"])) == (1, 1, 1)
        assert {row["post"]: (row["count_before"], row["count_after"], row["amount_after"]) for row in group["posts"]}
        assert any("1 件改由别的岗位决定" in line for line in answer["findings"])
        wrong = client.get("/api/v1/what-if", asked | {"value": "1500"})
        assert wrong.status_code == 422 and "这就是现在的数字" in wrong.content.decode()
        assert client.get("/api/v1/what-if", asked | {"key": "no.such"}).status_code == 422
    client.force_login(house.user("cc"))
    with clock.at(MONDAY):
        assert client.get("/api/v1/what-if", asked).status_code == 403
        assert client.get("/api/v1/what-if/figures").status_code == 403


@pytest.mark.django_db
@pytest.mark.clause("AM-W2")
def test_from_the_answer_a_regulation_is_drafted_with_figure_findings_and_day(house, client):
    settle(house, "1200")
    worker.tick(MONDAY)
    client.force_login(house.user("cs"))
    asked = {"key": "claims.manager_max", "value": "1100", "since": "2026-03-01", "until": "2026-03-02"}
    with clock.at(MONDAY):
        page = client.get("/duties/what-if/", asked).content.decode()
        address = re.search(r'href="(/regulations/new/[^"]+)"', page)[1].replace("&amp;", "&")
        assert len(address) < 300
        draft = client.get(address)
        initial = draft.context["form"].initial
        assert initial["policy_key"] == "claims.manager_max" and initial["policy_value"] == "1100.00"
        assert initial["effective_on"] == dt.date(2026, 4, 1) and "1 件改由别的岗位决定" in initial["reason"]
        assert {"cs", "dgm"} <= set(initial["posts"])
        answer = client.post("/regulations/new/", _typed(draft.context["form"]))
        assert answer.status_code == 303, answer.context["form"].errors
        made = Regulation.objects.get()
        assert (made.policy_value, made.effective_on) == ("1100.00", dt.date(2026, 4, 1))
        assert "2026-04-01（拟）" in client.get(made.get_absolute_url()).content.decode()
        # An address that was made up fills in nothing.
        for change in ({"value": "abc"}, {"key": "no.such"}, {"since": "x"}):
            assert "policy_key" not in client.get("/regulations/new/", asked | change).context["form"].initial
    client.force_login(house.user("cc"))
    with clock.at(MONDAY):
        assert "policy_key" not in client.get("/regulations/new/", asked).context["form"].initial


def _typed(form):
    found = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", [], False):
            found[name] = value
    return found


@pytest.mark.django_db
def test_the_page_asks_answers_and_leads_to_a_proposal(house, client):
    settle(house, "1200")
    worker.tick(MONDAY)
    client.force_login(house.user("cs"))
    asked = {"key": "claims.manager_max", "value": "1100", "since": "2026-03-01", "until": "2026-03-02"}
    with clock.at(MONDAY):
        assert "重算" in client.get("/duties/what-if/").content.decode()
        page = client.get("/duties/what-if/", asked).content.decode()
        assert "共 1 件，其中 1 件" in page and "提出修改这个数字" in page
        paper = re.search(r'href="(/policy-changes/new/[^"]+)"', page)[1].replace("&amp;", "&")
        assert (
            "共 1 件" in client.get(paper).content.decode()
            and 'value="2026-04-01"' in client.get(paper).content.decode()
        )
        proposal = client.get("/policy-changes/new/claims.manager_max/?value=1100&reason=%E9%87%8D%E7%AE%97%E5%90%8E")
        assert 'value="1100"' in proposal.content.decode() and "重算后" in proposal.content.decode()
        for change, said in (
            ({"value": "abc"}, "数"),
            ({"value": "1500"}, "这就是现在的数字"),
            ({"since": "2026-03-03", "until": "2026-03-01"}, "开始日期不能晚于结束日期"),
            ({"since": "2020-01-01"}, "一次最多重算两年"),
        ):
            refused = client.get("/duties/what-if/", asked | change)
            assert refused.status_code == 200 and said in refused.content.decode()
            assert "改动后件数" not in refused.content.decode()
    client.force_login(house.user("cc"))
    with clock.at(MONDAY):
        assert client.get("/duties/what-if/").status_code == 403
