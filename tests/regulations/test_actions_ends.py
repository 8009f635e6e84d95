"""What a regulation brings with it and what ends with it: its figure to the minute, its receipts, its reports (AM-W2, X-2)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.people.test_leave import ask, decider, step_of
from tests.regulations.stages import TODAY, agree, approved, drafted, in_force
from tests.regulations.test_actions import refused
from zhangfa.core import clock
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Person
from zhangfa.policy.models import PolicyValue
from zhangfa.policy.queries import figure_on, value
from zhangfa.regulations import actions, queries
from zhangfa.regulations.models import Regulation

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W2")]
DAY = dt.timedelta(days=1)
KEY = "leave.personal.staff_days"
START = TODAY + 3 * DAY
FIGURE = {"policy_key": KEY, "policy_value": "1", "title": "请假权限调整办法"}


def repealed(house, regulation, at=MONDAY):
    actions.ask_repeal(regulation, by=house.actor("am", at), at=at, repeal_reason="情况已经改变，不再适用")
    return agree(house, regulation, "gm", at=at)


@pytest.mark.clause("X-2")
def test_a_figure_holds_from_midnight_of_its_day_in_shanghai_and_what_was_handed_in_before_keeps_the_old(house):
    in_force(house, day=START, **FIGURE)
    midnight = dt.datetime.combine(START, dt.time(), clock.TZ)
    minute = dt.timedelta(minutes=1)
    assert (value(KEY, midnight - minute), value(KEY, midnight)) == (2, 1)
    before = ask(house, "oa", "2", at=midnight - minute)
    after = ask(house, "oa2", "2", at=midnight)
    assert (decider(house, before), decider(house, after)) == ("sup", "dgm")
    kept = next(row for row in step_of(before).policy if row["key"] == KEY)
    assert kept["value"] == "2"
    assert next(row for row in step_of(after).policy if row["key"] == KEY)["value"] == "1"


@pytest.mark.clause("X-2")
def test_a_figure_whose_day_has_not_come_ends_with_its_regulation(house):
    regulation = in_force(house, day=START, **FIGURE)
    assert figure_on(KEY, START).value == 1
    written = PolicyValue.objects.get(key=KEY, effective_from=START)
    assert written.enacted_by == house.people["gm"], "who approved it, not who promulgated it"
    assert repealed(house, regulation).status == "repealed"
    assert figure_on(KEY, START).value == 2 and figure_on(KEY, START + 90 * DAY).value == 2


@pytest.mark.clause("X-2")
def test_a_figure_that_has_begun_stays_when_its_regulation_ends(house):
    regulation = in_force(house, day=START, **FIGURE)
    later = MONDAY + 4 * DAY
    repealed(house, regulation, at=later)
    assert value(KEY, later + 30 * DAY) == 1


@pytest.mark.clause("X-2")
@pytest.mark.parametrize(("days", "then"), [(-1, 2), (0, 2), (1, 1)])
def test_a_version_that_comes_first_takes_the_figure_of_the_one_before_along(house, days, then):
    first = in_force(house, day=START, **FIGURE)
    second = approved(house, revises=first, title=FIGURE["title"])
    facts = {"supervisor": house.people["hs"], "effective_on": START + days * DAY}
    actions.promulgate(second, by=house.actor("am"), at=MONDAY, **facts)
    assert figure_on(KEY, START + 9 * DAY).value == then


@pytest.mark.clause("X-2")
def test_a_rule_for_a_time_changes_no_figure(house):
    code = "regulation.policy_for_a_time"
    span = {"period": "span", "from_on": START, "to_on": START + 9 * DAY}
    refused(lambda: drafted(house, **FIGURE, **span), code)
    refused(lambda: drafted(house, **FIGURE, expires_on=START + 9 * DAY), code)
    refused(lambda: in_force(house, **FIGURE, day=START, expires_on=START + 9 * DAY), code)


def test_with_the_next_version_nobody_has_the_last_one_to_read(house):
    first = in_force(house)
    second = approved(house, revises=first)
    actions.promulgate(second, by=house.actor("am"), at=MONDAY, supervisor=house.people["hs"], effective_on=TODAY + DAY)
    assert [row.regulation for row in queries.owed_receipts(house.actor("sw"))] == [second]
    assert first.receipts.filter(at=None).exists(), "who had not read it stays to be seen"


def test_a_version_repealed_before_its_day_leaves_the_one_before_it_in_force(house):
    first = in_force(house)
    second = approved(house, revises=first)
    facts = {"supervisor": house.people["hs"], "effective_on": START}
    second = actions.promulgate(second, by=house.actor("am"), at=MONDAY, **facts)
    repealed(house, second)
    first.refresh_from_db()
    assert (first.status, first.ended_on) == ("in_force", None)
    assert [row.pk for row in queries.in_force(MONDAY + 9 * DAY)] == [first.pk]
    assert [row.regulation for row in queries.owed_receipts(house.actor("sw"))] == [first]


def test_a_version_repealed_after_its_day_brings_nothing_back(house):
    first = in_force(house)
    second = approved(house, revises=first)
    facts = {"supervisor": house.people["hs"], "effective_on": START}
    second = actions.promulgate(second, by=house.actor("am"), at=MONDAY, **facts)
    repealed(house, second, at=MONDAY + 4 * DAY)
    assert not queries.in_force(MONDAY + 9 * DAY).exists()


def test_with_repeal_nobody_owes_a_report(house):
    load_catalogue()
    regulation = in_force(house)
    owed = Occurrence.objects.get(duty__key__startswith="D-AM-04", subject_key=f"record:{regulation.pk}")
    assert queries.owed_reports(house.actor("hs"), MONDAY)
    repealed(house, regulation)
    assert not queries.owed_reports(house.actor("hs"), MONDAY)
    owed.refresh_from_db()
    assert owed.state == "done"


def test_where_no_department_has_to_report_the_file_is_closed_at_once(house):
    load_catalogue()
    regulation = in_force(house, posts=["gm", "dgm"])
    assert regulation.executed_at == MONDAY and not regulation.executions.exists()
    assert not Occurrence.objects.filter(subject_key=f"record:{regulation.pk}", state="open").exists()


def test_whoever_supervises_a_department_s_rule_may_read_it(house):
    facts = {"kind": "procedure", "level": "department", "posts": ["oa", "sw"], "title": "网点派工程序"}
    own = drafted(house, by="hs", **facts)
    actions.submit(own, by=house.actor("hs"), at=MONDAY)
    actions.promulgate(
        agree(house, own, "am"), by=house.actor("am"), at=MONDAY, supervisor=house.people["cc"], effective_on=TODAY
    )
    assert Regulation.objects.visible_to(house.actor("cc")).filter(pk=own.pk).exists()


def test_who_left_is_not_among_those_who_have_not_read(house):
    regulation = in_force(house)
    Person.objects.filter(pk=house.people["sw2"].pk).update(left_on=TODAY)
    assert queries.receipt_counts([regulation.pk])[regulation.pk] == (0, 3)
    seen = queries.receipts_seen(regulation, house.actor("am")).filter(at=None)
    assert house.people["sw2"].pk not in seen.values_list("person_id", flat=True)


def test_heads_hear_what_they_report_and_who_supervises_is_not_asked_to_sign(house):
    in_force(house)
    told = {
        code: set(Notice.objects.filter(code=f"regulations.{code}").values_list("person_id", flat=True))
        for code in ("promulgated", "supervised", "to_report")
    }
    hs = house.people["hs"].pk
    assert hs not in told["promulgated"] and house.people["oa"].pk in told["promulgated"]
    assert told["supervised"] == told["to_report"] == {hs}
    notice = Notice.objects.get(code="regulations.to_report")
    assert notice.params["due"] == "2026-03-09" and notice.url.endswith("?part=executions")
