"""No room left, in the database or for the files: said in words, nothing half-written, and the same may be sent again."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tests.claims.pages import jpeg
from tests.hardship.books import assert_in_order, assert_swept
from tests.hardship.web import report_body, report_fields
from tests.houses import MONDAY
from tests.runtime import sample_jobs
from zhangfa.audit import seals
from zhangfa.audit.models import Event
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.records import vault
from zhangfa.records.models import Attachment, Record
from zhangfa.runtime import queue, tokens
from zhangfa.runtime.models import Once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("X-3")]
# Where PostgreSQL runs out of room: at the first row, half-way, at the last row, and when all is said at the commit.
PLACES = ["records_record", "duties_occurrence", "runtime_once", "commit", "audit_look"]
FULL = """
CREATE FUNCTION zf_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
"""
AT_COMMIT = "CREATE CONSTRAINT TRIGGER zf_full AFTER INSERT ON claims_case DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION zf_full()"
AT_ROW = "CREATE TRIGGER zf_full BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION zf_full()"


@contextmanager
def full_database(place: str) -> Iterator[None]:
    """SQLite may take no further page; on PostgreSQL a trigger says what the server says when its disk is full."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Pages that an earlier test left empty would be room, too.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + PLACES.index(place)}")
        else:
            cursor.execute(FULL)
            cursor.execute(AT_COMMIT if place == "commit" else AT_ROW.format(place))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1073741823")
            else:
                cursor.execute("DROP FUNCTION zf_full() CASCADE")


@contextmanager
def full_folder() -> Iterator[None]:
    """The bytes go into the file until the disk has no more of them."""
    told = pytest.MonkeyPatch()

    def fsync(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    told.setattr(vault.os, "fsync", fsync)
    try:
        yield
    finally:
        told.undo()


class Desk:
    """A browser and a program of one person, that get what a server answers, not what a test raises."""

    def __init__(self, house, name: str) -> None:
        self.house, user = house, house.user(name)
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(user)
        self.program = Client(raise_request_exception=False)
        self.signed = {"Authorization": f"Bearer {tokens.issue(user, at=MONDAY)}"}

    def report(self, way: str, words: str, language: str = "zh-hans"):
        if way == "page":
            self.browser.cookies["language"] = language
            return self.browser.post("/cases/new/", {**report_fields(self.house, words, MONDAY), "once": words})
        body = report_body(self.house, words, MONDAY)
        headers = {**self.signed, "Idempotency-Key": words, "Accept-Language": language}
        return self.program.post("/api/v1/cases", body, content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, Record, Event, Once))


@pytest.mark.parametrize(
    ("way", "place"), [*(("page", place) for place in PLACES[:4]), ("api", PLACES[2]), ("api", "commit")]
)
def test_a_report_that_finds_no_room_leaves_nothing_and_goes_in_later(house, way, place):
    desk = Desk(house, "op")
    desk.report(way, "warm")
    with full_database(place):
        for n in itertools.count():
            before, words = rows(), f"report-{n}"
            answer = desk.report(way, words)
            if answer.status_code == 503 or n > 40:
                break
        assert rows() == before
        assert answer.status_code == 503, answer.content.decode()
        again = desk.report(way, words, language="en")
    assert answer["Retry-After"] == again["Retry-After"] == "300"
    if way == "page":
        said, english = answer.content.decode(), again.content.decode()
        assert "存储空间已满" in said and "告诉系统管理员" in said and "只生效一次" in said and 'lang="zh-CN"' in said
        assert "administrator" in english and 'lang="en"' in english
        # Good news of what was undone must not wait for the next page.
        assert f"-{Case.objects.count() + 1:03} 已登记" not in desk.browser.get("/").content.decode()
    else:
        assert answer.json()["code"] == again.json()["code"] == "unavailable"
        assert "告诉系统管理员" in answer.json()["text"] and "administrator" in again.json()["text"]
    assert rows() == before
    for _again in range(2):
        assert desk.report(way, words).status_code in (201, 303)
    assert Case.objects.filter(summary=words).count() == 1
    assert_in_order()


@pytest.mark.parametrize("way", ["page", "api"])
def test_a_photo_that_finds_no_room_leaves_no_half_file(house, way):
    case = house.report("300")
    desk = Desk(house, "oa")

    def send():
        if way == "page":
            return desk.browser.post(f"/records/{case.pk}/files/", {"kind": "scene", "files": jpeg(), "once": "photo"})
        headers = {**desk.signed, "Idempotency-Key": "photo"}
        return desk.program.post(
            f"/api/v1/records/{case.pk}/attachments", {"kind": "scene", "file": jpeg()}, headers=headers
        )

    with full_folder():
        answer = send()
        assert answer.status_code == 503
        assert "系统管理员" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not list(vault.stored()) and not list(vault.drafts())
    for _again in range(2):
        assert send().status_code in (201, 303)
    row = Attachment.objects.get()
    assert vault.get(row.sha256) and vault.get(row.view_sha256)
    assert_swept()


def test_lists_can_be_read_and_a_case_says_so_when_the_look_at_it_cannot_be_written(house):
    """Whoever opens a case is written down; where that is impossible the case stays shut, in words (CC-D3)."""
    case = house.report("300")
    desk = Desk(house, "oa")
    with full_database("audit_look"):
        assert desk.browser.get("/cases/").status_code == 200
        opened = desk.browser.get(f"/cases/{case.pk}/")
        assert opened.status_code == 200 or "再试一次" in opened.content.decode()
    assert desk.browser.get(f"/cases/{case.pk}/").status_code == 200


def test_a_job_without_room_is_tried_until_there_is_room(house, monkeypatch):
    """A disk may be full for longer than a failing job is tried."""
    sample_jobs.work.enqueue()
    now = clock.now()

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as told:
        told.setattr(sample_jobs, "_effect", full)
        for _n in range(2 * queue.ATTEMPTS):
            found = queue.take("w")
            assert found is not None and not queue.carry_out(found, now)
            DBTaskResult.objects.update(run_after=now)
    assert queue.drain(now) == 1
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert sample_jobs.effects() == 1


def test_half_a_line_of_seals_spoils_neither_the_next_nor_the_proof(house):
    house.report("300")
    seals.seal(MONDAY)
    with seals.seal_file().open("a") as handle:
        handle.write("2 0123abc")  # the disk was full, the transaction undone
    house.report("300")
    with transaction.atomic():
        assert seals.seal(MONDAY)
    lines = seals.seal_file().read_text().splitlines()
    assert lines[1] == "2 0123abc" and len(lines) == 3
    assert_in_order()
