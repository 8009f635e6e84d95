"""Four workers at once, some killed with -9 on the way: no duty, notice or escalation twice or never."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.hardship.books import assert_in_order
from tests.houses import MONDAY, House
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Duty, Occurrence
from zhangfa.notices.models import Notice
from zhangfa.policy.actions import renew
from zhangfa.runtime import worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("X-1")]
DAY, HALF = dt.timedelta(days=1), dt.timedelta(hours=12)
TICKS = 24
PROGRAM = f"""
import datetime as dt, sys
import django; django.setup()
from zhangfa.runtime import worker
start = dt.datetime.fromisoformat(sys.argv[1])
for number in range({TICKS}):
    worker.tick(start + number * dt.timedelta(hours=12))
"""
SEATS = {"oa": 2, "sl": 1, "hs": 1}


def own_duty(number: int, post: str, rhythm: str, needed: int) -> Duty:
    made = {
        "post": post, "clause": "X-1", "rhythm": "rhythm", "due": {"rhythm": rhythm}, "zh": f"职责{number}", "en": "", "evidence_zh": "单据",
        "evidence_en": "", "subject": "seat", "form": "G02", **({"need": {"count": needed}} if needed > 1 else {}),
    }  # fmt: skip
    code = f"D-OWN-{number:03}"
    return Duty(
        key=f"{code}.do.1", code=code, stage="do", post=post, clause="X-1", rhythm="rhythm", name=made["zh"], name_en="", evidence="单据",
        evidence_en="", made=made, from_at=MONDAY - DAY,
    )  # fmt: skip


def started(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, MONDAY.isoformat()], env=environment)


def test_four_workers_and_kills_open_and_pass_up_each_duty_once(process_environment):
    house = House()
    load_catalogue()
    Duty.objects.bulk_create(
        own_duty(number, post, rhythm, needed)
        for number, (post, rhythm, needed) in enumerate(
            [(post, rhythm, needed) for post in SEATS for rhythm, needed in (("daily", 1), ("weekly", 2))], start=1
        )
    )
    renew(MONDAY)
    assert house.people["oa"]
    dice = random.Random(7)
    running = [started(process_environment) for _ in range(4)]
    for _kill in range(3):
        time.sleep(dice.uniform(1.5, 4))
        victim = running.pop(dice.randrange(len(running)))
        victim.kill()
        victim.wait()
        running.append(started(process_environment))
    for process in running:
        assert process.wait(300) == 0
    end = MONDAY + TICKS * HALF
    for minute in range(3):
        worker.tick(end + minute * dt.timedelta(minutes=1))
    owed = Occurrence.objects.filter(duty__code__startswith="D-OWN-").select_related("duty")
    rows = Counter((row.duty_id, row.seat_id, row.period) for row in owed)
    assert set(rows.values()) == {1}
    days = [clock.local_date(MONDAY) + number * DAY for number in range((end - MONDAY).days + 1)]
    working, mondays = [day for day in days if day.weekday() < 5], [day for day in days if day.weekday() == 0]
    assert len(rows) == sum(SEATS.values()) * (len(working) + len(mondays))
    overdue = [row for row in owed if row.due_at <= end]
    assert overdue and all(row.rung >= 1 for row in overdue)
    told = Counter()
    for event in Event.objects.filter(name="duties.occurrence.escalated"):
        told[event.chain, event.text[event.text.index('"rung"') :][:9]] += 1
    assert set(told.values()) == {1}
    assert len({chain for chain, _rung in told}) >= len(overdue)
    notices = Counter(
        (row.person_id, row.code, str(sorted(row.params.items())), row.created_at)
        for row in Notice.objects.filter(code__startswith="duties.")
    )
    assert set(notices.values()) == {1}
    assert_in_order()
