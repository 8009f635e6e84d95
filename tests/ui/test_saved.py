"""Saved views: a list found again with its filters, columns and order."""

from __future__ import annotations

import pytest
from django.test import Client

from zhangfa.organisation.models import User
from zhangfa.ui.actions import MOST
from zhangfa.ui.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ui.sample.pages")]
KEEP = "/views/?list=/papers/%3Fstatus%3Ddraft%26sort%3Ddue%26q%3D%26after%3Dabc"


def test_a_list_is_kept_with_filters_and_order_but_not_with_the_page_turned(visitor, papers):
    answer = visitor.post(KEEP, {"name": "草稿"})
    assert answer.status_code == 303
    assert answer["Location"] == "/papers/?status=draft&sort=due"
    shown = visitor.get("/views/?list=/papers/", headers={"HX-Request": "true"}).content.decode()
    assert 'href="/papers/?status=draft&amp;sort=due">草稿</a>' in shown
    assert "<html" not in shown


def test_the_same_name_replaces(visitor):
    visitor.post(KEEP, {"name": "常看"})
    visitor.post("/views/?list=/papers/%3Fcol%3Dtitle%26col%3Damount", {"name": "常看"})
    assert SavedView.objects.get().query == "col=title&col=amount"


def test_a_view_is_its_owners_alone(visitor, user):
    visitor.post(KEEP, {"name": "草稿"})
    other = Client()
    other.force_login(User.objects.create_user(username="other", password="shell-test-2026"))
    pk = SavedView.objects.get().pk
    assert "草稿</a>" not in other.get("/views/?list=/papers/").content.decode()
    assert other.post(f"/views/{pk}/remove/").status_code == 404
    assert visitor.get(f"/views/{pk}/remove/").status_code == 405
    assert visitor.post(f"/views/{pk}/remove/")["Location"] == "/papers/"
    assert not SavedView.objects.exists()


def test_a_list_holds_only_so_many(visitor, user):
    SavedView.objects.bulk_create(SavedView(user=user, page="/papers/", name=f"视图{n}") for n in range(MOST))
    answer = visitor.post(KEEP, {"name": "多一个"})
    assert answer.status_code == 422
    assert "请先删除不用的" in answer.content.decode()
    assert 'value="多一个"' in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "/", "/nothing/", "/papers/new/", "https://evil.example/", "/papers/\x00", "//[x"]
)
def test_only_a_list_can_be_kept(visitor, asked):
    assert visitor.get("/views/", {"list": asked}).status_code == 404


def test_a_filter_too_long_to_keep_is_said(visitor):
    answer = visitor.post(f"/views/?list=/papers/%3Fq%3D{'a' * 1200}", {"name": "长"})
    assert answer.status_code == 422
    assert "请去掉一些筛选" in answer.content.decode()


def test_the_list_offers_its_views(visitor, papers):
    html = visitor.get("/papers/?status=draft").content.decode()
    assert 'hx-get="/views/?list=%2Fpapers%2F%3Fstatus%3Ddraft"' in html
