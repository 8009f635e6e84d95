"""The figures of versions that follow each other: what never came to bind sets nothing (AM-W2, X-2)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from tests.meetings.stages import resolved
from tests.regulations.stages import TODAY, agree, approved, drafted, in_force
from tests.regulations.test_actions import refused
from zhangfa.audit.models import Event
from zhangfa.notices.models import Notice
from zhangfa.policy.actions import enact
from zhangfa.policy.queries import figure_on, history
from zhangfa.regulations import actions, queries
from zhangfa.regulations.models import Regulation
from zhangfa.regulations.web.pages import revision_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-W2"), pytest.mark.clause("X-2")]
DAY = dt.timedelta(days=1)
KEY = "leave.personal.staff_days"  # two days from the handbook
TITLE = "请假权限调整办法"
START = TODAY + 10 * DAY


def figure(value: str) -> dict[str, str]:
    return {"policy_key": KEY, "policy_value": value, "title": TITLE}


def next_version(house, last, day, at=MONDAY, **facts):
    draft = approved(house, revises=last, at=at, **({"title": TITLE} | facts))
    return actions.promulgate(
        draft, by=house.actor("am", at), at=at, supervisor=house.people["hs"], effective_on=day
    )  # fmt: skip


def repealed(house, regulation, at=MONDAY):
    actions.ask_repeal(regulation, by=house.actor("am", at), at=at, repeal_reason="情况已经改变，不再适用")
    return agree(house, regulation, "gm", at=at)


def values(*days: int, key: str = KEY) -> list[str]:
    return [figure_on(key, TODAY + day * DAY).text for day in days]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (5, ["2", "3", "3", "3"]),  # earlier: the first version never binds, nor does its figure on its day
        (10, ["2", "2", "3", "3"]),  # on the same day
        (15, ["2", "2", "1", "3"]),  # later: the first one binds for five days
    ],
)
def test_from_its_day_on_the_figure_of_the_next_version_counts(house, day, expected):
    first = in_force(house, day=START, **figure("1"))
    next_version(house, first, TODAY + day * DAY, **figure("3"))
    assert values(4, 9, 10, 15) == expected and values(40) == ["3"]


@pytest.mark.parametrize("value", ["2", "1"])
@pytest.mark.parametrize("day", [5, 10])
def test_the_next_version_may_set_the_figure_back_or_say_it_again(house, value, day):
    first = in_force(house, day=START, **figure("1"))
    second = next_version(house, first, TODAY + day * DAY, **figure(value))
    assert values(4, day, 40) == ["2", value, value] and second.status == "in_force"


def test_a_figure_that_stands_already_is_no_reason_to_draft_but_none_against_promulgating(house):
    refused(lambda: drafted(house, **figure("2")), "value.same")
    draft = approved(house, **figure("1"))
    enact(KEY, "1", TODAY + DAY, by=house.actor("gm"), at=MONDAY)
    facts = {"supervisor": house.people["hs"], "effective_on": START}
    assert actions.promulgate(draft, by=house.actor("am"), at=MONDAY, **facts).status == "in_force"
    assert values(0, 1, 10, 40) == ["2", "1", "1", "1"]


def test_after_several_versions_that_never_bound_only_the_last_one_counts(house):
    first = in_force(house, day=START, **figure("1"))
    second = next_version(house, first, TODAY + 5 * DAY, **figure("3"))
    third = next_version(house, second, TODAY + 3 * DAY, **figure("1.5"))
    assert values(2, 3, 5, 10, 40) == ["2", "1.5", "1.5", "1.5", "1.5"]
    assert repealed(house, third).status == "repealed"
    assert values(2, 3, 5, 10, 40) == ["2", "2", "3", "3", "3"], "the second one binds again"
    assert repealed(house, second).status == "repealed"
    assert values(2, 3, 5, 10, 40) == ["2", "2", "2", "1", "1"], "and the first"


def test_what_was_withdrawn_stands_in_nobody_s_way(house):
    repealed(house, in_force(house, day=START, **figure("1")))
    enact(KEY, "1.5", TODAY + 5 * DAY, by=house.actor("gm"), at=MONDAY)
    assert values(4, 5, 10, 40) == ["2", "1.5", "1.5", "1.5"]


def test_a_version_without_a_figure_takes_that_of_the_one_before_along_only_where_it_had_not_begun(house):
    first = in_force(house, day=START, **figure("1"))
    second = next_version(house, first, START)
    assert values(9, 10, 40) == ["2", "2", "2"]
    repealed(house, second)
    assert values(9, 10, 40) == ["2", "1", "1"]


def test_the_version_that_binds_again_has_it_in_its_trail(house):
    first = in_force(house, day=START, **figure("1"))
    second = next_version(house, first, START, **figure("3"))
    repealed(house, second)
    first.refresh_from_db()
    assert (first.status, first.ended_on) == ("in_force", None)
    names = list(Event.objects.filter(chain=f"record:{first.pk}").order_by("n").values_list("name", flat=True))
    wanted = ("regulations.regulation.replaced", "policy.value.withdrawn", "regulations.regulation.brought_back", "policy.value.restored")  # fmt: skip
    assert [name for name in names if name in wanted] == list(wanted)


def test_the_version_after_one_that_was_repealed_before_its_day_replaces_the_one_that_binds(house):
    first = in_force(house, title=TITLE)
    repealed(house, next_version(house, first, START))
    third = next_version(house, first, TODAY + 5 * DAY)
    first.refresh_from_db()
    assert (first.status, first.ended_on) == ("replaced", TODAY + 5 * DAY)
    assert queries.before(third) == first
    repealed(house, third)
    assert list(queries.in_force(MONDAY)) == [first]


def test_a_limit_that_has_moved_on_keeps_its_ladder_and_says_what_to_do(house):
    high, low = "claims.manager_max", "claims.specialist_max"
    first = in_force(house, day=START, policy_key=high, policy_value="3000", title=TITLE)
    enact(low, "2500", START, by=house.actor("gm"), at=MONDAY)
    actions.ask_repeal(first, by=house.actor("am"), at=MONDAY, repeal_reason="情况已经改变，不再适用")
    (refusal,) = refused(lambda: agree(house, first, "gm"), "value.left")
    assert (refusal.params["value"], refusal.params["day"]) == ("1500.00", START.isoformat())
    assert values(10, key=high) == ["3000.00"], "nothing has been written"
    second = next_version(house, first, START, policy_key=high, policy_value="2800")
    assert values(10, key=high) == ["2800.00"] and second.edition == 2


def test_a_day_of_expiry_from_an_older_draft_goes_when_it_brings_a_figure(house):
    draft = approved(house, **figure("1"))
    Regulation.objects.filter(pk=draft.pk).update(expires_on=START + DAY)
    facts = {"supervisor": house.people["hs"], "effective_on": START}
    assert actions.promulgate(draft, by=house.actor("am"), at=MONDAY, **facts).expires_on is None


@pytest.mark.parametrize("old", [{"is_urgent": True}, {"is_urgent": True, "expires_on": START}, {"period": "span"}])
def test_an_older_urgent_directive_with_a_figure_goes_back_and_comes_out_as_a_standing_rule(house, old):
    draft = approved(house, **figure("1"))
    Regulation.objects.filter(pk=draft.pk).update(**old)
    facts = {"supervisor": house.people["hs"], "effective_on": START}
    if "period" not in old:
        for day in (None, START + DAY):
            more = facts | {"expires_on": day}
            refused(lambda more=more: actions.promulgate(draft, by=house.actor("am"), at=MONDAY, **more))
    refused(
        lambda: actions.reopen(draft, by=house.actor("cc"), at=MONDAY, reason="请改成长期执行"),
        "regulation.administration",
    )
    refused(lambda: actions.reopen(draft, by=house.actor("am"), at=MONDAY, reason="改"), "regulation.short")
    draft = actions.reopen(draft, by=house.actor("am"), at=MONDAY, reason="请改成长期执行")
    assert (draft.status, draft.record.status) == ("returned", "returned")
    assert Notice.objects.filter(person=house.people["cc"], code="regulations.reopened").exists()
    refused(lambda: actions.submit(draft, by=house.actor("cc"), at=MONDAY), "regulation.policy_for_a_time")
    standing = {"is_urgent": False, "expires_on": None, "period": "daily"}
    actions.revise(draft, by=house.actor("cc"), at=MONDAY, clauses="事假一天以内由主管批准。", **standing)
    actions.submit(draft, by=house.actor("cc"), at=MONDAY)
    draft = agree(house, draft, "am", "gm")
    assert actions.promulgate(draft, by=house.actor("am"), at=MONDAY, **facts).status == "in_force"
    assert values(9, 10) == ["2", "1"]


def test_the_fast_way_with_a_figure_begins_the_day_after_it_comes_out(house):
    origin = {"source_kind": "meetings.meeting", "source_id": resolved(house).pk}
    draft = approved(house, **figure("1"), **origin, is_fast=True, effective_on=TODAY + DAY)
    tuesday = MONDAY + DAY
    facts = {"by": house.actor("am", tuesday), "at": tuesday, "supervisor": house.people["hs"]}
    refused(lambda: actions.promulgate(draft, effective_on=TODAY + DAY, **facts), "regulation.tomorrow")
    assert actions.promulgate(draft, effective_on=TODAY + 2 * DAY, **facts).status == "in_force"
    assert values(1, 2) == ["2", "1"]


@pytest.mark.clause("CS-W3.4")
@pytest.mark.parametrize(
    "origin", [("meetings.meeting", ""), ("meetings.meeting", "x"), ("care.visit", "1"), ("nothing", "1")]
)
def test_what_a_rule_is_born_of_exists_and_may_be_seen_by_the_drafter(house, origin):
    facts = dict(zip(("source_kind", "source_id"), origin, strict=True))
    refused(lambda: drafted(house, **facts, is_fast=True), "regulation.source")
    held = {"source_kind": "meetings.meeting", "source_id": resolved(house, people=("hs", "am"), votes=("yes",) * 3).pk}
    refused(lambda: drafted(house, "fin", **held, is_fast=True), "regulation.source")
    assert drafted(house, "hs", **held, is_fast=True).is_fast


def test_the_next_version_is_drafted_with_the_figure_only_while_it_is_to_come_and_without_the_last_one_s_days(house):
    first = in_force(house, day=START, **figure("1"))
    coming = revision_of(first, START - DAY)
    assert (coming["policy_value"], coming["effective_on"], coming["expires_on"]) == ("1", None, None)
    assert revision_of(first, START)["policy_key"] == ""


def test_withdrawn_figures_are_shown_as_such(house, client):
    first = in_force(house, day=START, **figure("1"))
    assert len(history(KEY)) == 2
    repealed(house, first)
    assert len(history(KEY)) == 1
    client.force_login(house.user("am"))
    assert "未生效已撤回" in client.get(f"/policy/{KEY}/?part=history").content.decode()
