"""Attachments as rows and as files: kept encrypted, counted, refused, revealed, swept, re-encrypted."""

import datetime as dt
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.houses import MONDAY
from tests.records.papers import photo
from zhangfa.audit.models import Look
from zhangfa.core import crypto
from zhangfa.core.decisions import Refused
from zhangfa.core.ids import uuid7
from zhangfa.organisation.models import Person
from zhangfa.records import actions, jobs, vault
from zhangfa.records.models import Attachment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nhello\n%%EOF"


def refused(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return [refusal.code for refusal in caught.value.refusals]


def store(house, paper, data, name="a.jpg", by="cc", **more):
    return actions.store(paper, kind="scene", upload=data, name=name, by=house.actor(by), at=MONDAY, **more)


def test_a_photo_is_kept_encrypted_with_copies(house, paper):
    data = photo()
    row = store(house, paper, SimpleUploadedFile("现场 1.jpg", data), name="", place="厨房")
    assert (row.name, row.content_type, row.size, row.place) == ("现场 1.jpg", "image/jpeg", len(data), "厨房")
    assert row.sha256 == vault.sha_of(data)
    rest = vault.path_of(row.sha256).read_bytes()
    assert data[:200] not in rest and rest.startswith(b"k")
    assert vault.path_of(row.sha256).stat().st_mode & 0o077 == 0
    assert vault.get(row.view_sha256)[:3] == vault.get(row.thumb_sha256)[:3] == b"\xff\xd8\xff"


def test_the_name_is_only_shown(house, paper):
    row = store(house, paper, PDF, name="..\\..\\etc/<b>x</b>\u202e.exe" + "长" * 200)
    assert "/" not in row.name and len(row.name) <= 120
    assert row.content_type == "application/pdf" and row.view_sha256 == ""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<html>", "type"),
        (b"\xff\xd8\xffno", "unreadable"),
        (b"\xff\xd8\xff" + bytes(20 * 2**20), "too_big"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(house, paper, data, code):
    assert refused(store, house, paper, data) == [code]
    assert not Attachment.objects.exists() and not list(vault.stored())


def test_twenty_files_and_no_more(house, paper):
    prepared = actions.prepare(PDF, name="a.pdf")
    rows = [
        Attachment(
            record=paper,
            kind="other",
            name=str(n),
            content_type="application/pdf",
            size=1,
            sha256=str(n),
            created_at=MONDAY,
        )
        for n in range(20)
    ]
    Attachment.objects.bulk_create(rows)
    by = house.actor("cc")
    assert refused(actions.attach, paper, prepared, kind="other", by=by, at=MONDAY) == ["too_many"]


def test_the_same_file_twice_is_one_and_a_retry_keeps_its_id(house, paper):
    own = uuid7(MONDAY)
    first = store(house, paper, PDF, id=own)
    assert store(house, paper, PDF, id=own).pk == first.pk == own
    assert store(house, paper, PDF).pk == own
    assert Attachment.objects.count() == 1


def test_only_handlers_add_files_and_not_after_a_signature(house, asked):
    assert refused(store, house, asked, PDF, by="cs") == ["not_yours"]
    actions.sign(asked, role="handler", by=house.actor("cc"), at=MONDAY, is_verified=True)
    assert refused(store, house, asked, PDF) == ["signed"]


def test_a_file_leaves_only_a_paper_that_is_being_written(house, form):
    from tests.records.papers import open_paper

    draft = open_paper(house, number=False)
    row = store(house, draft, PDF)
    by = house.actor("cs")
    assert refused(actions.remove, row, by=by, at=MONDAY) == ["not_yours"]
    assert actions.remove(row, by=house.actor("cc"), at=MONDAY, reason="传错").removed_at == MONDAY
    assert vault.get(row.sha256) == PDF
    handed_in = store(house, open_paper(house), PDF)
    assert refused(actions.remove, handed_in, by=house.actor("cc"), at=MONDAY) == ["handed_in"]


def test_the_original_opens_with_a_reason_that_is_logged(house, paper):
    row = store(house, paper, PDF)
    by = house.actor("cs")
    assert refused(actions.reveal, row, by=by, at=MONDAY, reason=" ") == ["reason"]
    assert actions.reveal(row, by=by, at=MONDAY, reason="核对损坏部位") == PDF
    look = Look.objects.get(kind="original")
    assert (look.person_id, look.record_id, look.field, look.reason) == (
        by.person_id,
        paper.pk,
        str(row.pk),
        "核对损坏部位",
    )


def test_a_changed_file_is_noticed(house, paper):
    row = store(house, paper, PDF)
    vault.path_of(row.sha256).write_bytes(crypto.encrypt_bytes(b"%PDF-1.7 other"))
    with pytest.raises(vault.Missing):
        vault.get(row.sha256)
    vault.path_of(row.sha256).unlink()
    with pytest.raises(vault.Missing):
        vault.get(row.sha256)


def test_the_sweeper_takes_only_old_files_that_no_row_names(house, paper):
    kept = store(house, paper, photo())
    orphan, young = vault.put(b"%PDF-1.7 orphan"), vault.put(b"%PDF-1.7 young")
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=9)).timestamp()
    for sha in (orphan, kept.sha256, kept.view_sha256, kept.thumb_sha256):
        os.utime(vault.path_of(sha), (long_ago, long_ago))
    assert jobs.sweep_vault.func() == 1
    assert not vault.path_of(orphan).exists() and vault.path_of(young).exists()
    assert vault.get(kept.sha256) and vault.get(kept.view_sha256) and vault.get(kept.thumb_sha256)


def test_turning_the_key_writes_everything_anew(house, paper):
    row = store(house, paper, PDF)
    person = house.people["cc"]
    old = crypto.ring().current
    assert vault.key_of(vault.path_of(row.sha256)) == old
    new = crypto.ring().add_key(crypto.ring_path())
    counts = jobs.rotate_keys.func()
    assert counts["fields"] >= len(house.people) and counts["files"] == 1
    assert vault.key_of(vault.path_of(row.sha256)) == new
    assert vault.get(row.sha256) == PDF
    assert Person.objects.get(pk=person.pk).phone == person.phone
    assert jobs.rotate_keys.func() == {"fields": 0, "files": 0}


def test_the_doctor_finds_what_is_missing(house, asked):
    from zhangfa.records.doctor import data_problems
    from zhangfa.records.models import NumberSeries

    row = store(house, asked, PDF)
    actions.sign(asked, role="handler", by=house.actor("cc"), at=MONDAY, is_verified=True)
    assert list(data_problems()) == []
    vault.path_of(row.sha256).unlink()
    NumberSeries.objects.update(last=5)
    asked.signatures.filter(role="handler").update(digest="")
    problems = " ".join(data_problems())
    assert "counter stands at 5" in problems and "missing" in problems and "without what belongs" in problems
