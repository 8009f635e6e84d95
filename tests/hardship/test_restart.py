"""The database restarts or is held by another: people are told in words, processes go on, what is sent again has one effect."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django_tasks_db.models import DBTaskResult

from tests import postgres
from tests.conftest import address_of_database
from tests.hardship.books import assert_in_order
from tests.hardship.outages import PATIENCE, Postgres, Sqlite, during
from tests.hardship.web import Answer, Somebody, Web, report_fields, wait_until
from tests.houses import House
from tests.runtime import sample_jobs
from zhangfa.claims.models import Case, Talk
from zhangfa.runtime.models import Beat

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("X-3")]
IS_SQLITE = connection.vendor == "sqlite"
WORKER = """
import django; django.setup()
from zhangfa.runtime import worker
worker.BEAT_SECONDS = worker.POLL_SECONDS = 0.1
worker.run(dead_seconds=30)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server | None]:
    folder = None if IS_SQLITE else postgres.binaries()
    found = postgres.Server(folder).start() if folder else None
    yield found
    if found:
        found.stop()


@pytest.fixture
def outage(transactional_db: None, server: postgres.Server | None) -> Iterator[Any]:
    made = Postgres(server, f"copy{uuid.uuid4().hex[:8]}") if server else Sqlite()
    yield made
    made.over()


def said(answer: Answer | None, status: int, *words: str) -> Answer:
    assert answer is not None and answer.status == status, answer
    for word in words:
        assert word in answer.text
    return answer


def test_people_are_told_and_what_they_send_again_has_one_effect(outage, start_zhangfa):
    house = House()
    op, case = Somebody(house, "op"), house.report("300")
    oa = Somebody(house, "oa")
    web = Web(start_zhangfa, workers=1, ZHANGFA_TEST_PATIENCE=PATIENCE)
    said(op.page(web, "/cases/new/", report_fields(house, "before"), "before"), 303)
    outage.blink()
    said(op.page(web, "/cases/new/", report_fields(house, "after"), "after"), 303)
    with during(outage):
        told = said(op.page(web, "/cases/new/", report_fields(house, "page"), "page"), 503, "稍后再试", "只生效一次")
        said(op.page(web, "/cases/new/", report_fields(house, "page"), "page", "en"), 503, "try again", 'lang="en"')
        program = said(
            oa.api(web, f"/cases/{case.pk}/transitions/log_call", {"content": "api"}, "api"), 503, "稍后再试"
        )
        # Opening a case is written down, so that it can't be opened now; a look has nothing to send again.
        looked = said(oa.look(web, f"/cases/{case.pk}/"), 503, "再试一次")
    assert told.headers["Retry-After"] == program.headers["Retry-After"] == "10"
    assert program.json["code"] == "unavailable"
    assert "只生效一次" not in looked.text
    for _again in range(2):
        said(op.page(web, "/cases/new/", report_fields(house, "page"), "page"), 303)
        said(oa.api(web, f"/cases/{case.pk}/transitions/log_call", {"content": "api"}, "api"), 200)
        said(oa.look(web, f"/cases/{case.pk}/"), 200)
    assert Case.objects.filter(summary="page").count() == Talk.objects.filter(content="api").count() == 1
    if not IS_SQLITE:
        cut_in_the_middle(outage, web, oa, case)
    assert_in_order()


def cut_in_the_middle(outage: Postgres, web: Web, oa: Somebody, case: Case) -> None:
    """The step waits for a lock inside its transaction when the server goes down under it."""
    answers: list[Answer | None] = []
    step = (web, f"/cases/{case.pk}/transitions/log_call", {"content": "cut"}, "cut")
    sender = threading.Thread(target=lambda: answers.append(oa.api(*step)))
    with pytest.raises(OperationalError), transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        sender.start()
        wait_until(_somebody_waits, what="the wait for the lock")
        outage.server.restart()
        Case.objects.count()
    connection.close()
    sender.join(60)
    said(answers[0], 503, "稍后再试")
    assert not Talk.objects.filter(content="cut").exists()
    for _again in range(2):
        said(oa.api(*step), 200)
    assert Talk.objects.filter(content="cut").count() == 1


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("kind", ["apart"] if IS_SQLITE else ["apart", "whole"])
def test_the_worker_goes_on_and_the_job_at_hand_happens_once(outage, process_environment, tmp_path, kind):
    halves = sample_jobs.work_apart_in_two_halves if kind == "apart" else sample_jobs.work_in_two_halves
    halves.enqueue(str(tmp_path))
    log = tmp_path / "log"
    with log.open("wb") as output:
        environment = {**process_environment, "ZHANGFA_TEST_PATIENCE": PATIENCE}
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stderr=output)
    try:
        wait_until((tmp_path / "half-way").exists, what="the first half")
        with during(outage):
            (tmp_path / "go").touch()
            wait_until(lambda: _complains(log), what="the worker's complaint")
        sample_jobs.work.enqueue()
        mine = DBTaskResult.objects.filter(task_path__startswith="tests.", status="SUCCESSFUL")
        wait_until(lambda: mine.count() == 2, what="both jobs")
        assert sample_jobs.effects() == 2
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(30) == 0
        assert not Beat.objects.exists()
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


def _complains(log: Path) -> bool:
    return "the database did not answer" in log.read_text(errors="replace")


@pytest.mark.skipif(IS_SQLITE, reason="a file has no connection to lose")
def test_a_lost_connection_is_seen_without_asking(transactional_db):
    url = address_of_database()
    with psycopg.connect(url, autocommit=True) as beside, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
        cursor.execute("SELECT 'the last that was asked'")
        assert connection.is_usable()
        [asked] = beside.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [mine]).fetchone() or [""]
        assert asked == "SELECT 'the last that was asked'"
        beside.execute("SELECT pg_terminate_backend(%s)", [mine])
        wait_until(lambda: not connection.is_usable())
    connection.close()
