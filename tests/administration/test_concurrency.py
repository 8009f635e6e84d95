"""Two who begin the same paper at one instant: one has it, the other is told which or whose."""

import datetime as dt

import pytest

from tests.houses import MONDAY, House
from tests.turns import one_is_refused
from zhangfa.administration import actions
from zhangfa.administration.models import Filing, PolicyChange, Revision, StatutoryDate
from zhangfa.organisation.models import Post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
TODAY = MONDAY.date()


@pytest.fixture
def house():
    return House()


@pytest.mark.clause("X-2")
def test_one_change_of_a_figure_is_under_way(house):
    def propose(value):
        facts = {"key": "claims.specialist_max", "value": value, "effective_from": TODAY + dt.timedelta(days=9)}
        return lambda: actions.propose(**facts, reason="物价上涨，权限太低", by=house.actor("am"), at=MONDAY)

    refused = one_is_refused("change.waiting", propose("1100"), propose("1200"))
    assert refused.params == {"number": PolicyChange.objects.get().record.number}


@pytest.mark.clause("AM-D1")
def test_one_revision_of_a_post_is_under_way(house):
    def draft(who):
        facts = {
            "title": "修订话务员岗位说明",
            "reason": "接听标准已经改变",
            "effective_on": TODAY + dt.timedelta(days=9),
        }
        post = Post.objects.get(pk="op")
        return lambda: actions.draft_post_revision(post=post, **facts, by=house.actor(who), at=MONDAY)

    one_is_refused("revision.running", draft("am"), draft("hr"))
    assert Revision.objects.count() == 1


@pytest.mark.clause("AM-D6")
def test_a_statutory_matter_is_filed_once_a_year(house):
    actions.files.install_statutory()
    matter = StatutoryDate.objects.get(key="annual_report")

    def file(who):
        matter_ = StatutoryDate.objects.get(pk=matter.pk)
        facts = {"year": 2026, "filed_on": TODAY, "receipt": "回执 1001"}
        return lambda: actions.file_matter(matter_, **facts, by=house.actor(who), at=MONDAY)

    refused = one_is_refused("filing.twice", file("am"), file("hr"))
    assert refused.params == {"name": Filing.objects.get().entered_by.shown_name}
