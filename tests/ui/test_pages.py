"""Lists, records, forms and transitions as a browser with and without scripts meets them."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ui.sample.models import Paper
from zhangfa.ui.pages import ListPage, Page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.sample.pages")]
HTMX = {"HX-Request": "true"}


def numbers(response) -> list[str]:
    return re.findall(r">(SG-20261123-\d{3})<", response.content.decode())


def test_a_page_without_permission_does_not_start():
    with pytest.raises(ImproperlyConfigured):

        class Bare(Page):
            template_name = "ui/me.html"

    with pytest.raises(ImproperlyConfigured):

        class BareList(ListPage):
            model = Paper


def test_signing_in_comes_first(client, papers):
    response = client.get("/papers/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/papers/")
    # A form sent after the session ended stays on the screen.
    assert client.post("/papers/new/", headers=HTMX).status_code == 401


def test_walking_forward_and_back_meets_every_row_once(visitor, papers):
    seen, address, pages_seen = [], "/papers/", []
    for _step in range(3):
        response = visitor.get(address)
        pages_seen.append(numbers(response))
        seen += numbers(response)
        found = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        if not found:
            break
        address = found[1].replace("&amp;", "&")
    assert seen == [paper.number for paper in reversed(papers)]
    back = re.search(r'rel="prev" href="([^"]+)"', response.content.decode())[1].replace("&amp;", "&")
    assert numbers(visitor.get(back)) == pages_seen[-2]


def test_rows_without_a_date_come_last_both_ways(visitor, papers):
    seen, address = [], "/papers/?sort=due"
    while address:
        response = visitor.get(address)
        seen += numbers(response)
        found = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        address = found and found[1].replace("&amp;", "&")
    dated = [p.number for p in papers if p.due_at]
    undated = [p.number for p in reversed(papers) if not p.due_at]
    assert seen == dated + undated
    back = re.search(r'rel="prev" href="([^"]+)"', response.content.decode())[1].replace("&amp;", "&")
    assert numbers(visitor.get(back)) == seen[5:10]


@pytest.mark.parametrize("token", ["nonsense", "W10", "%00", "bnVsbA", "WyJ4Il0", "WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ"])
def test_a_broken_paging_token_shows_the_first_page(visitor, papers, token):
    response = visitor.get(f"/papers/?after={token}")
    assert response.status_code == 200
    assert numbers(response)[0] == papers[-1].number


def test_the_fragment_is_the_list_alone(visitor, papers):
    response = visitor.get("/papers/?status=draft", headers={**HTMX, "HX-Target": "list"})
    html = response.content.decode()
    assert html.lstrip().startswith('<section id="list"')
    assert "<html" not in html
    assert "HX-Request" in response["Vary"]
    assert set(numbers(response)) <= {p.number for p in papers if p.status == "draft"}


def test_search_reads_pinyin_and_survives_nonsense(visitor, papers):
    assert len(numbers(visitor.get("/papers/?q=ouyangjianguo"))) == 5
    for odd in ("%00", "%ED%A0%80", "x" * 500, "<script>", "😀"):
        response = visitor.get(f"/papers/?q={odd}")
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().replace("<script src", "")


def test_filters_are_chips_and_a_bad_one_is_a_message(visitor, papers):
    html = visitor.get("/papers/?status=draft").content.decode()
    assert "状态：草稿" in html
    html = visitor.get("/papers/?since=abc").content.decode()
    assert "登记日期从" in html
    assert 'role="alert"' in html


def test_columns_can_be_chosen(visitor, papers):
    html = visitor.get("/papers/?col=number&col=created_at").content.decode()
    assert html.count('<th scope="col"') == 2


def test_links_that_one_may_not_open_are_not_there(visitor, papers):
    html = visitor.get("/papers/").content.decode()
    assert "登记单据" in html
    assert "只给总经理" not in html


def test_export_writes_the_rows_shown(visitor, papers):
    import io

    from python_calamine import CalamineWorkbook

    papers[0].title = "=1+1"
    papers[0].save()
    response = visitor.get("/papers/?status=draft&export=xlsx")
    assert response.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert "章敏" in rows[1][0]
    assert len(rows) == 3 + 6
    assert "=1+1" in rows[-1]


def test_the_number_of_queries_does_not_grow(visitor, papers, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        visitor.get("/papers/")


def test_hidden_is_404_and_refused_is_403_with_the_reason(visitor, papers):
    papers[0].title = "秘密"
    papers[0].save()
    papers[1].title = "限阅"
    papers[1].save()
    assert visitor.get(f"/papers/{papers[0].pk}/").status_code == 404
    response = visitor.get(f"/papers/{papers[1].pk}/")
    assert response.status_code == 403
    assert "这份单据只给经办人看。" in response.content.decode()
    assert "CC-W1.1" in response.content.decode()


def test_a_record_says_what_is_next_and_why_not(visitor, papers):
    html = visitor.get(f"/papers/{papers[0].pk}/").content.decode()
    for words in ("下一步", "到店勘察并拍照", "现在在谁手里", "提交方案", "只有总经理可以结案。", "GM-W1.1"):
        assert words in html


def test_parts_are_loaded_on_opening_and_without_scripts(visitor, papers):
    address = f"/papers/{papers[0].pk}/"
    assert "王芳登记" not in visitor.get(address).content.decode()
    assert "王芳登记" in visitor.get(f"{address}?part=trail").content.decode()
    fragment = visitor.get(f"{address}?part=trail", headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<div class="part-body" id="part-trail-body"')
    assert visitor.get(f"{address}?part=nothing", headers=HTMX).status_code == 404


def test_invalid_input_comes_back_as_422_with_what_was_typed(visitor):
    response = visitor.post("/papers/new/", {"title": "", "person": "", "amount": "很多钱", "note": "记录<b>"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "记录&lt;b&gt;" in html
    assert "很多钱" in html
    assert 'aria-invalid="true"' in html
    assert 'href="#id_title"' in html
    assert 'id="id_title_error"' in html


def test_a_refusal_stands_beside_its_field(visitor):
    response = visitor.post("/papers/new/", {"title": "重复", "person": "1"})
    assert response.status_code == 422
    assert "同一事项已经登记过。" in response.content.decode()
    assert not Paper.objects.exists()


@pytest.mark.parametrize("bad", ["a\x00b", "x" * 5000, "a\x07b"])
def test_text_that_cannot_be_kept_is_a_message(visitor, bad):
    assert visitor.post("/papers/new/", {"title": bad, "person": "1"}).status_code == 422


@pytest.mark.parametrize("amount", ["1e999", "NaN", "-1", "99999999999999999999", "1.234", "²"])
def test_amounts_that_make_no_sense_are_a_message(visitor, amount):
    assert visitor.post("/papers/new/", {"title": "事项", "person": "1", "amount": amount}).status_code == 422


def test_the_same_form_twice_makes_one_paper(visitor):
    key = re.search(r'name="once" value="([^"]+)"', visitor.get("/papers/new/").content.decode())[1]
    data = {"title": "台面破损", "person": "1", "amount": "¥1,800", "once": key}
    first, second = visitor.post("/papers/new/", data), visitor.post("/papers/new/", data)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Paper.objects.count() == 1


def test_the_search_button_works_without_scripts(visitor):
    response = visitor.post("/papers/new/", {"title": "台面", "person-q": "欧阳", "_find": "person"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "欧阳建国" in html
    assert 'value="台面"' in html
    assert "还没有提交" not in html


def test_a_choice_that_was_not_offered_is_refused(visitor):
    assert visitor.post("/papers/new/", {"title": "台面", "person": "77"}).status_code == 422


def test_lookup_answers_with_choices(visitor):
    html = visitor.get("/lookup/sample-people/?name=person&person-q=邵").content.decode()
    assert 'name="person" value="2"' in html
    assert visitor.get("/lookup/nothing/?name=person").status_code == 404
    assert visitor.get('/lookup/sample-people/?name="><script>').status_code == 404


def do(paper, name="submit") -> str:
    return f"/papers/{paper.pk}/do/{name}/"


def test_a_transition_without_scripts_redirects_to_the_record(visitor, papers):
    response = visitor.post(do(papers[0]), {"amount": "800"})
    assert (response.status_code, response["Location"]) == (303, f"/papers/{papers[0].pk}/")
    papers[0].refresh_from_db()
    assert papers[0].status == "submitted"


def test_a_transition_in_place_answers_with_the_status_block(visitor, papers):
    headers = {**HTMX, "HX-Target": "act"}
    form = visitor.get(do(papers[0]), headers=headers).content.decode()
    assert form.lstrip().startswith('<form id="act"')
    response = visitor.post(do(papers[0]), {"amount": "800"}, headers=headers)
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#status"
    html = response.content.decode()
    assert html.lstrip().startswith('<header id="status"')
    assert "待审批" in html
    assert "“提交方案”已办理。" in html


def test_a_refused_transition_keeps_the_form_and_says_who_could(visitor, papers):
    response = visitor.post(do(papers[0]), {"amount": "1800", "note": "客户要求"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "金额1,800元超过上限。" in html
    assert "客户要求" in html
    papers[0].refresh_from_db()
    assert papers[0].status == "draft"


def test_what_may_not_be_done_has_no_submit(visitor, papers):
    html = visitor.get(do(papers[0], "close")).content.decode()
    assert "只有总经理可以结案。" in html
    assert 'name="once"' not in html
    assert visitor.post(do(papers[0], "close")).status_code == 422
    assert visitor.get(do(papers[0], "fly")).status_code == 404


def test_the_second_decider_is_told(visitor, papers):
    visitor.post(do(papers[0]), {"amount": "800"})
    response = visitor.post(do(papers[0]), {"amount": "900"})
    assert response.status_code == 422
    assert "当前状态为" in response.content.decode()


def test_the_explanation_follows_what_is_typed(visitor, papers):
    html = visitor.post(do(papers[0]), {"amount": "1800", "_why": "1"}, headers=HTMX).content.decode()
    assert html.lstrip().startswith("<aside") or '<aside id="why"' in html
    assert "副总经理" in html
    papers[0].refresh_from_db()
    assert papers[0].status == "draft"


def test_files_and_signature_are_read(visitor, papers):
    png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    photos = [SimpleUploadedFile("一.jpg", b"x" * 10), SimpleUploadedFile("二.jpg", b"y" * 10)]
    response = visitor.post(do(papers[0]), {"amount": "800", "photos": photos, "signature_drawn": png})
    assert response.status_code == 303
    response = visitor.post(do(papers[2]), {"amount": "800", "signature_drawn": "data:image/png;base64,AAAA"})
    assert response.status_code == 422
