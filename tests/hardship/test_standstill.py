"""A month without a worker: at its next start everything that fell due is caught up once, late, and marked as late."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tests.claims import stages
from tests.hardship.books import assert_in_order
from tests.houses import MONDAY
from zhangfa.approvals.models import Step
from zhangfa.audit.models import Event, Head
from zhangfa.audit.seals import verify
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement
from zhangfa.core import clock
from zhangfa.duties.models import Occurrence
from zhangfa.notices import channels, jobs
from zhangfa.notices.models import Notice, Outbox
from zhangfa.policy.queries import value
from zhangfa.records.actions import sign
from zhangfa.runtime import worker
from zhangfa.runtime.models import Alarm

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-1")]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
BACK_AT = MONDAY + 30 * DAY


@pytest.fixture
def month(house):
    """Papers in every waiting state, and nobody who ticks; the worker is there again at `BACK_AT`, for three minutes."""
    worker.tick(MONDAY - DAY)
    made = {
        "accepted": stages.settlement(house, "accepted"),
        "alerted": house.report(),
        "surveyed": stages.accident(house, "surveyed"),
        "proposed": stages.settlement(house, "proposed"),
        "complaint": stages.complaint(house, "answering"),
    }
    for minute in range(3):
        worker.tick(BACK_AT + minute * MINUTE)
    return made


def duties(record):
    rows = Occurrence.objects.filter(record=record).order_by("pk")
    return {row.duty.stage: (row.state, row.rung) for row in rows.select_related("duty")}


def told(code: str) -> Counter:
    """How often each person was told of each matter."""
    notices = Notice.objects.filter(code=code)
    return Counter((n.person_id, n.record_id, n.params.get("duty"), n.params.get("number")) for n in notices)


def test_what_cases_owe_is_escalated_once_and_late_when_done(house, month):
    alerted, surveyed = month["alerted"], month["surveyed"]
    assert duties(alerted.record) == {"acknowledge": ("open", 1), "arrive": ("open", 1)}
    assert duties(surveyed.record)["register"] == ("open", 1)
    assert duties(month["accepted"].record)["sign"] == ("open", 1)
    assert duties(month["complaint"].record)["answer"] == ("open", 1)
    for code in ("duties.overdue", "duties.escalated"):
        assert told(code) and set(told(code).values()) == {1}
    handler = house.actor(house.handler_of(alerted), BACK_AT)
    actions.acknowledge(alerted, by=handler, at=BACK_AT + 5 * MINUTE)
    by = house.actor(house.handler_of(surveyed), BACK_AT)
    actions.register(Case.objects.get(pk=surveyed.pk), by=by, at=BACK_AT + 5 * MINUTE, insurer_note="未投保该险种")
    assert duties(alerted.record)["acknowledge"] == ("late", 1)
    assert duties(surveyed.record)["register"] == ("late", 1)
    event = Event.objects.get(record_id=surveyed.pk, name="claims.case.registered")
    assert '"is_late":true' in event.text
    # The second level comes after its own days, not at once for the month that was lost.
    later = BACK_AT + dt.timedelta(days=int(value("escalation.second_days", BACK_AT)), minutes=5)
    for minute in range(3):
        worker.tick(later + minute * MINUTE)
    assert duties(alerted.record)["arrive"] == ("open", 2)
    assert set(told("duties.escalated").values()) <= {1}
    assert not Alarm.objects.filter(tries__gt=0).exists()


def test_the_form_of_the_same_day_signed_a_month_later_is_late_for_good(house, month):
    settlement = month["accepted"]
    by = house.actor(house.handler_of(settlement.case), BACK_AT)
    settlement = actions.fill_form(settlement, by=by, at=BACK_AT, **stages.form())
    names = {person.pk: name for name, person in house.people.items()}
    for row in settlement.record.signatures.order_by("order"):
        signer = house.actor(names[row.signer_id], BACK_AT)
        sign(settlement.record, role=row.role, by=signer, at=BACK_AT + MINUTE, is_verified=True)
    assert Settlement.objects.get(pk=settlement.pk).is_late
    assert duties(settlement.record)["sign"] == ("late", 1)


def test_what_waits_for_a_decision_goes_up_one_level_once(house, month):
    step = Step.objects.get(record=month["proposed"].record)
    assert (step.state, step.level, len(step.escalations)) == ("waiting", 1, 1)
    assert step.due_at == BACK_AT + dt.timedelta(hours=step.escalation_hours)
    assert set(told("approvals.escalated").values()) == {1}


def test_the_bundles_and_tables_of_the_month_are_owed_each_once(house, month):
    # The week of 16 February had run out before the worker looked for the first time: nobody owes it.
    for code, periods in (
        ("D-CC-05", ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]),
        ("D-CC-04", ["2026-02-16", "2026-03-02", "2026-03-16"]),
    ):
        rows = Occurrence.objects.filter(duty__code=code).order_by("opened_at")
        assert [row.period for row in rows] == periods
        overdue = rows.filter(due_at__lt=BACK_AT)
        assert overdue and set(overdue.values_list("rung", flat=True)) == {1}


def test_everything_is_sealed_and_the_books_agree(house, month):
    assert not Head.objects.filter(is_open=True).exists()
    assert list(verify()) == []


def test_notices_that_waited_are_sent_once(house, monkeypatch, settings):
    settings.NOTICE_CHANNELS = {"mail": "mailtos://{no}@mail.example"}
    sent = []
    monkeypatch.setattr(channels, "send", lambda address, title, body: sent.append(body) or True)
    house.report("300")
    waiting = Outbox.objects.count()
    assert waiting
    with clock.at(BACK_AT):
        for _minute in range(3):
            jobs.deliver_due(BACK_AT)
    assert len(sent) == Outbox.objects.filter(state=Outbox.State.SENT).count() == waiting
    assert_in_order()
