"""The demo's rules, meetings and chains come out on a small company too."""

import datetime as dt

import pytest

from tests.claims.test_actions_learning import closed
from zhangfa.claims import actions
from zhangfa.claims.demo import chain
from zhangfa.claims.models import Study
from zhangfa.core import clock
from zhangfa.meetings import demo as meetings
from zhangfa.meetings.models import Meeting
from zhangfa.regulations import demo
from zhangfa.regulations.models import Regulation

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CC-W1.1")]
AT = dt.datetime(2026, 11, 30, 10, tzinfo=clock.TZ)


def test_the_rule_of_the_handling_of_accidents_stands_in_two_editions(house):
    demo.build(1, "small", AT)
    rows = Regulation.objects.filter(title=demo.HANDLING).order_by("edition")
    assert [row.status for row in rows] == ["replaced", "in_force"]
    assert Regulation.objects.filter(kind="handbook", status="in_force").exists()
    meetings.build(1, "small", AT)
    assert set(Meeting.objects.values_list("status", flat=True)) == {"published", "called"}
    for nature in ("systemic", "isolated"):
        when = AT - dt.timedelta(days=20)
        case = closed(house, nature, when)
        by = house.actor(house.handler_of(case), when)
        actions.submit_learning(case, by=by, at=when, analysis="原因是没有系绳", measures="写入规定")
    chain.build(1, "small", AT)
    assert Regulation.objects.filter(source_kind="claims.case", status="in_force").count() == 1
    study = Study.objects.get()
    assert study.status == "released" and study.train_by is not None
    assert [session.training.status for session in study.sessions.all()] == ["closed"]
