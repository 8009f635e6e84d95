"""The user guide inside the product."""

import re

import pytest

from tests.claims.pages import Desk
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import guide

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-4")]


def test_every_guide_opens_and_links_only_to_guides(house):
    desk = Desk(house, "ops")
    index = desk.text("/guide/")
    assert set(guide.names()) <= set(POSTS)
    for name in guide.names():
        assert f'href="/guide/{name}/"' in index
        said = desk.text(f"/guide/{name}/")
        article = said.split("<article")[1].split("</article>")[0]
        assert "<h2>" in article and "style=" not in article and "<h1" not in article
    for target in re.findall(r'href="(\w+)/"', index.split("<article")[1]):
        assert target in guide.names()
    assert desk.get("/guide/mk/").status_code == 404
    assert desk.get("/guide/index/").status_code == 404


@pytest.mark.parametrize(
    ("who", "own"), [("ops", "op"), ("cc", "cc"), ("sl", "oa"), ("ls", "hs"), ("gm", "gm"), ("net", "net")]
)
def test_the_readers_own_guide_stands_first(house, who, own):
    desk = Desk(house, who)
    first = re.search(r'<a class="btn btn-primary" href="([^"]+)"', desk.text("/guide/"))
    assert first[1] == f"/guide/{own}/"
    assert 'href="/guide/"' in desk.text("/me/")
    assert f'href="/guide/{own}/"' in desk.text(f"/handbook/{who}/")


def test_an_english_reader_is_told_that_the_guide_is_in_chinese(house):
    desk = Desk(house, "cc")
    desk.client.cookies["language"] = "en"
    said = desk.text("/guide/cc/")
    assert "The guide is in Chinese" in said
    assert '<article class="card book guide" lang="zh-CN">' in said
