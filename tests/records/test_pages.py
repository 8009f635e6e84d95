"""Papers in the browser: files, signing, refusals, copies, prints, and 404 for whom it doesn't concern."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.houses import MONDAY, PASSWORD
from tests.records.papers import drawing, open_paper, photo
from zhangfa.audit.models import Look
from zhangfa.core import clock
from zhangfa.records import actions, queries
from zhangfa.records.models import Attachment, Comment, Signature

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 hello"


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def enter(house, client):
    def enter(name):
        client.force_login(house.user(name), backend="zhangfa.organisation.backends.Backend")
        return client

    return enter


def url(name, **kwargs):
    return reverse(f"records:{name}", kwargs=kwargs)


def attach(house, paper, data=None):
    return actions.store(paper, kind="scene", upload=data or photo(), name="a.jpg", by=house.actor("cc"), at=MONDAY)


def test_photos_go_up_and_come_back_as_copies(house, paper, enter):
    client = enter("cc")
    files = [SimpleUploadedFile("一.jpg", photo()), SimpleUploadedFile("二.pdf", PDF)]
    answer = client.post(url("upload", pk=paper.pk), {"files": files, "kind": "object", "place": "厨房", "once": "k1"})
    assert answer.status_code == 303 and answer.url.endswith("?part=files#part-files")
    image, document = Attachment.objects.order_by("content_type").reverse()
    for name in ("file_view", "file_thumb"):
        shown = client.get(url(name, pk=image.pk))
        assert shown.content.startswith(b"\xff\xd8\xff") and shown["Content-Type"] == "image/jpeg"
        assert "sandbox" in shown["Content-Security-Policy"] and shown["X-Content-Type-Options"] == "nosniff"
        again = client.get(url(name, pk=image.pk), headers={"If-None-Match": shown["ETag"]})
        assert again.status_code == 304
    assert client.get(url("file_view", pk=document.pk)).status_code == 404


def test_a_refused_file_is_named_and_nothing_is_kept(house, paper, enter):
    files = [SimpleUploadedFile("好.jpg", photo()), SimpleUploadedFile("坏.jpg", b"<html>")]
    answer = enter("cc").post(url("upload", pk=paper.pk), {"files": files, "kind": "object", "place": "厨房"})
    assert answer.status_code == 422 and "坏.jpg" in answer.content.decode() and "厨房" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_only_those_whom_it_concerns_find_anything(house, asked, enter):
    row = attach(house, asked)
    client = enter("mk")
    role = {"pk": asked.pk, "role": "manager"}
    pages = [
        url("upload", pk=asked.pk), url("comment", pk=asked.pk), url("print", pk=asked.pk), url("signed", pk=asked.pk),
        url("preview", pk=asked.pk, page=1), url("sign", **role), url("refusal", **role), url("file_view", pk=row.pk),
        url("file_thumb", pk=row.pk), url("file_original", pk=row.pk), url("file_remove", pk=row.pk),
    ]  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == 404, page
        assert client.post(page).status_code in (404, 405), page
    client.logout()
    for page in pages:
        assert client.get(page).status_code == 302, page


def test_an_original_comes_as_a_download_with_a_logged_reason(house, paper, enter):
    row = attach(house, paper, PDF)
    client = enter("cs")
    page = url("file_original", pk=row.pk)
    assert client.get(page).status_code == 200 and not Look.objects.filter(kind="original").exists()
    assert client.post(page, {"reason": ""}).status_code == 422
    answer = client.post(page, {"reason": "核对发票"})
    assert answer.content == PDF and answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "private, no-store" and "sandbox" in answer["Content-Security-Policy"]
    assert Look.objects.get(kind="original").reason == "核对发票"


def test_the_download_is_named_after_what_it_is(house, paper, enter):
    row = actions.store(paper, kind="scene", upload=PDF, name="photo.html", by=house.actor("cc"), at=MONDAY)
    answer = enter("cs").post(url("file_original", pk=row.pk), {"reason": "核对发票"})
    assert 'filename="photo.pdf"' in answer["Content-Disposition"]


def test_signing_with_the_password(house, asked, enter):
    client = enter("cs")
    page = url("sign", pk=asked.pk, role="manager")
    shown = client.get(page).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)[1]
    assert seen == queries.digest_now(asked)
    data = {"result": "agree", "opinion": "", "seen": seen}
    wrong = client.post(page, {**data, "signature_password": "wrong"})
    assert wrong.status_code == 422 and Signature.objects.get(role="manager").state == "waiting"
    assert client.post(page, {**data, "signature_password": PASSWORD}).status_code == 303
    row = Signature.objects.get(role="manager")
    assert (row.state, row.method, row.digest) == ("signed", "password", seen)


def test_signing_by_hand_for_a_worker_without_login(house, asked, enter):
    import base64

    client = enter("cc")
    page = url("sign", pk=asked.pk, role="worker")
    assert "当面手写" in client.get(page).content.decode()
    drawn = "data:image/png;base64," + base64.b64encode(drawing()).decode()
    assert client.post(page, {"result": "agree", "signature_drawn": drawn}).status_code == 303
    assert Signature.objects.get(role="worker").manner == "presence"


def test_the_page_of_a_role_that_is_not_mine_says_why(house, asked, enter):
    client = enter("oa")
    page = url("sign", pk=asked.pk, role="manager")
    assert "这一栏不由您签字" in client.get(page).content.decode()
    answer = client.post(page, {"result": "agree", "signature_password": PASSWORD})
    assert answer.status_code == 422 and Signature.objects.get(role="manager").state == "waiting"


def test_a_refusal_is_noted_by_a_witness(house, asked, enter):
    client = enter("oa")
    page = url("refusal", pk=asked.pk, role="worker")
    assert client.post(page, {"reason": "短"}).status_code == 422
    assert client.post(page, {"reason": "认为责任划分不对"}).status_code == 303
    assert Signature.objects.get(role="worker").witness_id == house.people["oa"].pk


def test_several_papers_in_one_act(house, form, enter):
    papers = [open_paper(house) for _n in range(3)]
    for paper in papers:
        actions.ask_signatures(paper, [("manager", house.people["cs"].pk)], by=house.actor("cc"), at=MONDAY)
    client = enter("cs")
    keys = re.findall(r'name="papers" value="([^"]+)"', client.get(url("batch")).content.decode())
    assert len(keys) == 3
    assert client.post(url("batch"), {"papers": keys[:2]}).status_code == 422
    assert client.post(url("batch"), {"signature_password": PASSWORD}).status_code == 422
    assert client.post(url("batch"), {"papers": keys[:2], "signature_password": PASSWORD}).status_code == 303
    assert Signature.objects.filter(state="signed").count() == 2
    assert client.post(url("batch"), {"papers": ["1:x"], "signature_password": PASSWORD}).status_code == 422


def test_copies_are_listed_read_and_acknowledged(house, paper, enter):
    actions.send_copies(paper, [house.people["fin"].pk], by=house.actor("cc"), at=MONDAY)
    client = enter("fin")
    copy = paper.copies.get()
    assert paper.number in client.get(url("copies")).content.decode()
    assert client.get(url("copy", pk=copy.pk)).status_code == 200
    assert client.post(url("copy", pk=copy.pk), {}).status_code == 303
    copy.refresh_from_db()
    assert copy.received_at == MONDAY
    assert enter("am").get(url("copy", pk=copy.pk)).status_code == 404


def test_the_form_comes_as_pdf_and_as_pictures(house, paper, enter):
    client = enter("cs")
    answer = client.get(url("print", pk=paper.pk))
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert paper.number in answer["Content-Disposition"]
    assert client.get(url("preview", pk=paper.pk, page=1))["Content-Type"] == "image/png"
    assert client.get(url("preview", pk=paper.pk, page=9)).status_code == 404
    assert Look.objects.filter(kind="print").count() == 1


def test_the_kept_print_is_for_signers_and_handlers(house, paper, enter):
    from zhangfa.records.jobs import store_print

    actions.ask_signatures(paper, [("manager", house.people["cs"].pk)], by=house.actor("cc"), at=MONDAY)
    assert enter("cs").get(url("signed", pk=paper.pk)).status_code == 404
    actions.sign(paper, role="manager", by=house.actor("cs"), at=MONDAY, is_verified=True)
    store_print.func(str(paper.pk), 1)
    assert enter("cs").get(url("signed", pk=paper.pk)).content.startswith(b"%PDF")
    assert enter("oa").get(url("signed", pk=paper.pk)).status_code == 404


def test_a_comment_is_left_and_bad_text_is_a_message(house, paper, enter):
    client = enter("cs")
    assert client.post(url("comment", pk=paper.pk), {"text": "已阅 <b>😀</b> 㛃"}).status_code == 303
    assert Comment.objects.get().text == "已阅 <b>😀</b> 㛃"
    for text in ("", " ", "\x00", "长" * 1001):
        assert client.post(url("comment", pk=paper.pk), {"text": text}).status_code == 422


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_part_of_a_paper_shows(house, asked, enter, language, rf):
    """Each block as a record page would show it."""
    from django.template.loader import render_to_string
    from django.utils import translation

    from zhangfa.records.web.parts import records_parts

    attach(house, asked)
    by = house.actor("cc")
    actions.comment(asked, text="看过了", by=by, at=MONDAY)
    actions.sign(asked, role="handler", by=by, at=MONDAY, is_verified=True)
    actions.send_copies(asked, [house.people["fin"].pk], by=by, at=MONDAY)

    class Page:
        actor, at = by, MONDAY

    with translation.override(language):
        for part in records_parts():
            template, context = part.give(Page, asked)
            html = render_to_string(template, context, request=rf.get("/"))
            assert html.strip() and "INVALID" not in html


def test_a_list_that_leaves_the_house_is_logged(house, paper, enter):
    from zhangfa.records.models import Export

    actions.send_copies(paper, [house.people["fin"].pk], by=house.actor("cc"), at=MONDAY)
    answer = enter("fin").get(url("copies"), {"export": "xlsx"})
    assert answer.status_code == 200 and answer["Content-Type"].endswith("sheet")
    row = Export.objects.get()
    assert (row.person_id, row.subject, row.rows) == (house.people["fin"].pk, "records.copy", 1)


def test_guessing_passwords_at_a_signature_locks_like_guessing_at_the_door(house, asked, enter):
    client = enter("cs")
    page = url("sign", pk=asked.pk, role="manager")
    for _n in range(8):
        client.post(page, {"result": "agree", "signature_password": "wrong"})
    assert client.post(page, {"result": "agree", "signature_password": PASSWORD}).status_code in (403, 422, 429)
    assert Signature.objects.get(role="manager").state == "waiting"
