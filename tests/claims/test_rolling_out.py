"""The week's improvements reach the departments by a notice or a regulation, which is administration's evidence (CC-D1, D-AM-15)."""

import datetime as dt

import pytest

from tests.claims import test_pages_complaint as complaints
from tests.claims.test_pages_complaint import DAY, NEXT_MONDAY, WEEK, closed, words
from zhangfa.core import clock
from zhangfa.duties.actions import generate, load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.records.models import Publication

browse = complaints.browse


@pytest.mark.clause("CC-D1")
def test_a_notice_rolls_the_weeks_improvements_out(house, browse):
    load_catalogue()
    closed(house)
    generate(at=NEXT_MONDAY)
    sent = {"note": "请各网点学习", "once": "018f0000-0000-7000-8000-000000000002"}
    browse("cc", WEEK, sent, at=NEXT_MONDAY, status=303)
    paper = Publication.objects.get(kind="bundle")
    owed = Occurrence.objects.get(duty__code="D-AM-15", period="2026-03-02")
    assert (owed.state, owed.due_at) == ("open", clock.day_start(dt.date(2026, 3, 12)))
    assert "还没有推行" in words(browse("am", WEEK, at=NEXT_MONDAY))
    form = browse("am", f"/bulletins/new/?about={paper.record_id}", at=NEXT_MONDAY)
    assert "完工逐项自检并拍照" in words(form)
    # Nobody rolls out what they may not see, or what is no bundle.
    assert "完工逐项自检并拍照" not in words(browse("hr", f"/bulletins/new/?about={paper.record_id}", at=NEXT_MONDAY))
    browse("am", "/bulletins/new/?about=x", at=NEXT_MONDAY)
    given = {
        "title": "推行上周的改正意见", "text": "完工逐项自检并拍照", "unit": str(house.units["home"].pk), "read_by_at": "2026-03-12T18:00",
        "about": str(paper.record_id), "once": "018f0000-0000-7000-8000-000000000003",
    }  # fmt: skip
    browse("am", "/bulletins/new/", given, at=NEXT_MONDAY + DAY, status=303)
    owed.refresh_from_db()
    assert (owed.state, owed.evidence_event) == ("done", "claims.bundle.rolled_out")
    assert "推行上周的改正意见" in words(browse("am", WEEK, at=NEXT_MONDAY + DAY))


@pytest.mark.clause("CC-D1")
def test_a_week_without_improvements_has_nothing_to_roll_out(house, browse):
    load_catalogue()
    generate(at=NEXT_MONDAY)
    browse("cc", WEEK, {"note": "", "once": "018f0000-0000-7000-8000-000000000004"}, at=NEXT_MONDAY, status=303)
    assert Occurrence.objects.get(duty__code="D-AM-15", period="2026-03-02").state == "void"
    assert Occurrence.objects.get(duty__code="D-CC-05", period="2026-03-02").state == "done"
