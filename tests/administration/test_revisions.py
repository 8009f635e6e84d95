"""The chart and the posts as versions: drafted, reviewed, approved, carried out on the day, known to those concerned (AM-D1)."""

import datetime as dt

import pytest

from tests.houses import MONDAY
from zhangfa.administration import actions, revisions
from zhangfa.administration.models import Revision
from zhangfa.approvals.actions import decide
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.models import Occurrence
from zhangfa.organisation import history
from zhangfa.organisation.actions import seats, units
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.models import Holding, Post, Seat, Unit
from zhangfa.organisation.queries import holder_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("AM-D1")]
DAY = dt.timedelta(days=1)
TODAY = clock.local_date(MONDAY)
FIRST = TODAY + DAY


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


def chart(house, by="hr", at=MONDAY, **more):
    facts = {
        "title": "设立东区",
        "reason": "东片门店多，需就近管理",
        "effective_on": clock.local_date(at) + DAY,
        **more,
    }
    return actions.draft_chart_revision(**facts, by=house.actor(by, at), at=at)


def waiting(row):
    return Step.objects.get(record=row.record, state=Step.State.WAITING)


def agree(house, row, who, at=MONDAY):
    decide(waiting(row), result="agree", by=house.actor(who, at), at=at)
    return Revision.objects.get(pk=row.pk)


def through(house, row, reviewer="am", at=MONDAY):
    """Handed in, reviewed and approved."""
    actions.submit(row, by=house.actor("hr", at), at=at)
    agree(house, row, reviewer, at)
    return agree(house, row, "gm", at)


def midnight(days=1):
    at = MONDAY + days * DAY
    return actions.bring_into_force(by=system_actor("administration", at), at=at)


def adopted(house):
    row = through(house, chart(house, title="按现状定为第一版"))
    midnight()
    return Revision.objects.get(pk=row.pk)


@pytest.mark.postgres
def test_the_chart_is_adopted_as_it_stands_and_from_then_on_changed_by_paper_only(house):
    assert adopted(house).edition == 1
    at = MONDAY + 2 * DAY
    by = house.actor("am", at)
    assert codes(lambda: units.edit(house.units["east"], name="东店", by=by, at=at)) == {"chart.by_revision"}
    assert codes(lambda: seats.retire(house.seats["oa"], by=by, at=at)) >= {"chart.by_revision"}
    second = chart(house, at=at)
    assert codes(actions.submit, second, by=house.actor("hr", at), at=at) == {"revision.empty"}


@pytest.mark.postgres
def test_lines_are_carried_out_on_the_day_and_no_earlier_and_once(house):
    row = chart(house)
    by = house.actor("hr")
    home = house.units["home"]
    actions.open_unit(row, unit_kind="outlet", code="N9", name="北店", parent=home, by=by, at=MONDAY)
    actions.add_seat(row, post=Post.objects.get(pk="oa"), new_unit=1, above=house.seats["sup"], by=by, at=MONDAY)
    actions.close_seat(row, seat=house.seats["oa2"], new_moves_to=2, by=by, at=MONDAY)
    actions.move_seat(row, seat=house.seats["sw2"], new_unit=1, new_above=2, by=by, at=MONDAY)
    actions.rename_unit(row, unit=house.units["east"], name="东城店", by=by, at=MONDAY)
    row = through(house, row)
    assert row.status == "approved" and midnight(0) == 0 and not Unit.objects.filter(code="N9").exists()
    assert midnight() == 1 and midnight() == 0
    row = Revision.objects.get(pk=row.pk)
    north = Unit.objects.get(code="N9")
    at = MONDAY + DAY
    made = Seat.objects.get(unit=north, post="oa")
    assert (row.status, row.edition) == ("in_force", 1) and made.reports_to == house.seats["sup"]
    assert holder_of(made, at) == house.people["oa2"] and not Seat.objects.get(pk=house.seats["oa2"].pk).is_active
    worker = Seat.objects.get(pk=house.seats["sw2"].pk)
    assert worker.unit == north and worker.reports_to == made and holder_of(worker, at) == house.people["sw2"]
    assert Holding.objects.get(seat=house.seats["oa2"]).to_on == TODAY
    before, after = history.chart_on(TODAY), history.chart_on(FIRST)
    assert (
        before.units[house.units["east"].pk].name == "east单位" and after.units[house.units["east"].pk].name == "东城店"
    )
    assert (
        north.pk not in before.units
        and house.seats["oa2"].pk in before.seats
        and house.seats["oa2"].pk not in after.seats
    )
    assert before.seats[worker.pk].unit == house.units["west"].pk and after.seats[worker.pk].unit == north.pk
    assert [change.kind for change in history.changes_between(before, after)] == [
        "unit_renamed", "unit_opened", "seat_closed", "seat_moved", "seat_line", "seat_added",
    ]  # fmt: skip


def test_a_line_that_cant_be_carried_out_says_why_before_anybody_decides(house):
    row = chart(house)
    by = house.actor("hr")
    actions.close_seat(row, seat=house.seats["sup"], by=by, at=MONDAY)
    actions.move_seat(row, seat=house.seats["hs"], above=house.seats["oa"], by=by, at=MONDAY)
    actions.close_unit(row, unit=house.units["home"], by=by, at=MONDAY)
    found = {seq: [one.code for one in refusals] for seq, refusals in revisions.problems_of(row, MONDAY).items()}
    assert found == {1: ["seat.held", "seat.subordinates"], 2: ["seat.loop"], 3: ["unit.children", "unit.seats"]}
    assert codes(actions.submit, row, by=by, at=MONDAY) == {"revision.lines"}
    for line in (1, 2, 3):
        actions.drop_line(row, line=line, by=by, at=MONDAY)
    assert codes(actions.drop_line, row, line=1, by=by, at=MONDAY) == {"revision.no_line"}


def test_nobody_reviews_or_approves_their_own_and_the_reviewer_does_not_approve(house):
    row = chart(house)
    actions.submit(row, by=house.actor("hr"), at=MONDAY)
    assert waiting(row).seat.post_id == "am"
    with pytest.raises(Refused):
        decide(waiting(row), result="agree", by=house.actor("hr"), at=MONDAY)
    agree(house, row, "am")
    step = waiting(row)
    assert step.seat.post_id == "gm" and set(step.involved) == {house.people["hr"].pk, house.people["am"].pk}
    own = chart(house, by="am")
    actions.submit(own, by=house.actor("am"), at=MONDAY)
    assert waiting(own).seat.post_id == "dgm"


@pytest.mark.parametrize(("days", "refused"), [(0, {"revision.day"}), (1, set())])
def test_it_takes_effect_tomorrow_at_the_earliest(house, days, refused):
    if refused:
        assert codes(chart, house, effective_on=TODAY) == refused
    else:
        assert chart(house, effective_on=TODAY + days * DAY).effective_on == FIRST


def test_what_is_approved_late_begins_the_day_after_the_approval(house):
    row = chart(house)
    actions.submit(row, by=house.actor("hr"), at=MONDAY)
    at = MONDAY + 3 * DAY
    agree(house, row, "am", at)
    assert agree(house, row, "gm", at).effective_on == TODAY + 4 * DAY


def test_a_day_that_finds_a_hindrance_changes_nothing_and_is_tried_again(house):
    row = chart(house)
    by = house.actor("hr")
    actions.rename_unit(row, unit=house.units["west"], name="西城店", by=by, at=MONDAY)
    actions.open_unit(row, unit_kind="outlet", code="N9", name="北店", parent=house.units["home"], by=by, at=MONDAY)
    row = through(house, row)
    taken = Unit.objects.create(code="N9", name="别的", kind="outlet", parent=house.units["home"])
    assert midnight() == 0 and midnight() == 0
    row = Revision.objects.get(pk=row.pk)
    assert [one["code"] for one in row.trouble] == ["unit.code"] and row.status == "approved"
    assert Unit.objects.get(pk=house.units["west"].pk).name == "west单位"
    assert [item.note for item in revisions.todo(house.actor("hr", MONDAY + DAY), MONDAY + DAY)] == ["到期未能生效"]
    taken.delete()
    assert midnight(2) == 1 and Unit.objects.get(pk=house.units["west"].pk).name == "西城店"


def describe(house, row, by="hr", at=MONDAY, **more):
    texts = {
        "purpose": "让每位客户的投诉有人负责到底",
        "duties": "受理投诉\n当天到场",
        "powers": "在限额内决定赔付",
        "requirements": "大专以上，两年经验",
        **more,
    }
    return actions.describe(row, superior=Post.objects.get(pk="cs"), **texts, by=house.actor(by, at), at=at)


def described(house, at=MONDAY, **more):
    facts = {"title": "投诉专员岗位说明", "reason": "与新流程一致", "effective_on": clock.local_date(at) + DAY}
    row = actions.draft_post_revision(post=Post.objects.get(pk="cc"), **facts, by=house.actor("hr", at), at=at)
    return describe(house, row, at=at, **more)


@pytest.mark.postgres
def test_a_post_has_its_description_in_versions_and_its_holders_confirm_it(house):
    row = through(house, described(house))
    assert {reader.person for reader in row.readers.all()} == {house.people["cc"], house.people["cc2"]}
    assert codes(actions.confirm, row, by=house.actor("oa"), at=MONDAY) == {"revision.not_yours"}
    actions.confirm(row, by=house.actor("cc"), at=MONDAY)
    assert codes(actions.confirm, row, by=house.actor("cc"), at=MONDAY) == {"revision.read"}
    assert revisions.receipt_counts(row) == (1, 2) and not revisions.todo(house.actor("cc"), MONDAY)
    midnight()
    at = MONDAY + 2 * DAY
    second = described(house, at=at, duties="受理投诉\n半小时内到场")
    texts = {
        one.name: one
        for one in revisions.text_changes(second.description.texts(), revisions.description_in_force("cc").texts())
    }
    assert [name for name, one in texts.items() if one.is_changed] == ["duties"]
    through(house, second, at=at)
    midnight(3)
    assert [one.edition for one in revisions.editions_of("post", "cc")] == [2, 1]
    assert revisions.description_on("cc", FIRST).revision_id == row.pk
    assert revisions.description_on("cc", FIRST + 2 * DAY).revision_id == second.pk
    assert Revision.objects.get(pk=row.pk).status == "replaced"


def test_a_description_begins_with_the_handbook_and_says_something_new(house):
    row = actions.draft_post_revision(
        post=Post.objects.get(pk="cc"), title="首版", reason="按手册整理成文", effective_on=FIRST, by=house.actor("hr"), at=MONDAY
    )  # fmt: skip
    assert row.description.duties and row.description.superior_id == "cs" and "1,500" in row.description.limits
    assert codes(actions.submit, row, by=house.actor("hr"), at=MONDAY) == {
        "description.purpose", "description.powers", "description.requirements",
    }  # fmt: skip
    assert codes(
        actions.draft_post_revision, post=Post.objects.get(pk="cc"), title="再来", reason="按手册整理成文", effective_on=FIRST,
        by=house.actor("hr"), at=MONDAY,
    ) == {"revision.running"}  # fmt: skip
    through(house, describe(house, row))
    midnight()
    at = MONDAY + 2 * DAY
    same = actions.draft_post_revision(
        post=Post.objects.get(pk="cc"), title="不变", reason="没有改动什么", effective_on=TODAY + 3 * DAY, by=house.actor("hr", at), at=at
    )  # fmt: skip
    assert codes(actions.submit, same, by=house.actor("hr", at), at=at) == {"description.same"}


def test_whoever_comes_into_the_post_is_asked_to_confirm_it_once(house):
    row = through(house, described(house))
    midnight()
    Holding.objects.filter(seat=house.seats["cc2"]).update(to_on=TODAY)
    Holding.objects.create(person=house.people["cm"], seat=house.seats["cc2"], from_on=TODAY + 2 * DAY)
    assert (midnight(2), midnight(2)) == (0, 0)
    assert row.readers.filter(person=house.people["cm"]).count() == 1


def test_an_approved_revision_comes_back_before_its_day(house):
    row = chart(house)
    actions.rename_unit(row, unit=house.units["west"], name="西城店", by=house.actor("hr"), at=MONDAY)
    row = through(house, row)
    assert codes(actions.call_back, row, opinion="等", by=house.actor("gm"), at=MONDAY) == {"revision.opinion"}
    assert codes(actions.call_back, row, opinion="改到下月一日", by=house.actor("am"), at=MONDAY) == {"revision.author"}
    row = actions.call_back(row, opinion="改到下月一日", by=house.actor("gm"), at=MONDAY)
    assert midnight() == 0 and row.status == "returned"
    assert actions.withdraw_revision(row, by=house.actor("hr"), at=MONDAY).status == "withdrawn"


def test_drafts_are_seen_by_managers_and_versions_by_everybody(house):
    row = chart(house)
    assert (
        not Revision.objects.visible_to(house.actor("oa")).exists()
        and Revision.objects.visible_to(house.actor("fin")).exists()
    )
    through(house, row)
    assert Revision.objects.visible_to(house.actor("sw")).exists()


def receipts_owed():
    return list(Occurrence.objects.filter(duty__code="D-X-11").select_related("seat").order_by("pk"))


def test_a_departments_head_owes_that_everybody_there_confirms(house):
    row = through(house, described(house))
    (owed,) = receipts_owed()
    assert (owed.seat, owed.state, owed.due_at - owed.opened_at) == (house.seats["cs"], "open", 7 * DAY)
    row = actions.confirm(row, by=house.actor("cc"), at=MONDAY)
    assert receipts_owed()[0].state == "open"
    actions.confirm(row, by=house.actor("cc2"), at=MONDAY)
    assert receipts_owed()[0].state == "done"


def test_what_is_taken_back_need_not_be_confirmed(house):
    row = through(house, described(house))
    actions.call_back(row, by=house.actor("gm"), at=MONDAY, opinion="先不改，再商量")
    assert [owed.state for owed in receipts_owed()] == ["void"]
