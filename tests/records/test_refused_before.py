"""Papers stored before a status could say that they were refused get it from the trail, and only where the trail says so."""

from importlib import import_module

import pytest
from django.apps import apps

from tests.houses import MONDAY
from zhangfa.core.transitions import announce
from zhangfa.records.actions import open_record
from zhangfa.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-D1")]


def paper(house, status, *events):
    record = open_record("BM", unit=house.units["home"], by=house.actor("hs"), at=MONDAY, title="旧文件")
    for event in events:
        announce(event, record, by=house.actor("am"), at=MONDAY, record_id=record.pk)
    Record.objects.filter(pk=record.pk).update(status=status)
    return record.pk


@pytest.mark.parametrize(
    ("status", "events", "after"),
    [
        ("returned", ["duties.dutychange.proposed", "duties.dutychange.refused"], "refused"),
        ("submitted", ["people.leave.proposed", "people.leave.refused", "records.comment.added"], "refused"),
        ("approved", ["people.leave.approved", "people.leave.cancelled"], "void"),
        ("submitted", ["customers.adverserecord.noted", "customers.adverserecord.dismissed"], "void"),
        # What was sent back to be mended, and what was proposed again, stands as it stands.
        ("returned", ["administration.policychange.returned"], "returned"),
        ("submitted", ["regulations.regulation.refused", "regulations.regulation.submitted"], "submitted"),
        ("returned", [], "returned"),
        ("draft", ["duties.excuse.refused"], "draft"),
    ],
)
def test_what_the_trail_says_last_is_the_papers_status(house, status, events, after):
    pk = paper(house, status, *events)
    import_module("zhangfa.records.migrations.0005_refused_before").by_the_trail(apps, None)
    assert Record.objects.get(pk=pk).status == after
