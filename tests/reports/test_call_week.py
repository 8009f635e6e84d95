"""RPT-20 is drawn by itself when the week is over, is the same when published, and leaves as xlsx (CS-D1)."""

import datetime as dt
from typing import Any

import pytest

from tests.houses import House
from zhangfa.calls import actions as calls
from zhangfa.core import clock
from zhangfa.records.models import Export, Publication
from zhangfa.records.prints import Rows
from zhangfa.reports.models import Draw
from zhangfa.reports.prints import calls as calls_form
from zhangfa.runtime import queue, schedule, tokens

pytestmark = [pytest.mark.clause("CS-D1"), pytest.mark.django_db, pytest.mark.postgres]
CALL = dt.datetime(2026, 3, 4, 10, 0, tzinfo=clock.TZ)
AFTER = dt.datetime(2026, 3, 9, 1, 45, tzinfo=clock.TZ)
WEEK = "/reports/calls/2026-03-02/"


def test_the_week_is_drawn_published_and_exported(client: Any) -> None:
    house = House()
    with clock.at(CALL):
        calls.take(phone=house.customer.phone, by=house.actor("op"), at=CALL)
    with clock.at(AFTER):
        schedule.run_due(AFTER)
        queue.drain(AFTER)
        schedule.run_due(AFTER + dt.timedelta(days=1))
        queue.drain(AFTER)
        drawn = Draw.objects.get(kind="RPT-20")
        assert drawn.period == "2026-03-02" and drawn.figures["total"]["calls"] == 1
        client.force_login(house.user("ops"))
        page = client.get(WEEK).content.decode()
        assert "数据截至" in page and "2026-03-09 01:45" in page
        assert client.get(f"{WEEK}?export=xlsx")["Content-Type"].startswith("application/vnd")
        assert Export.objects.get().subject == "reports.calls"
        assert client.post(f"{WEEK}publish/", {}).status_code == 303
    paper = Publication.objects.get(kind="RPT-20")
    with clock.at(AFTER):
        printed = calls_form(paper.record, actor=house.actor("ops"), at=AFTER)
    by_kind = next(section for section in printed.sections if isinstance(section, Rows))
    assert (
        by_kind.rows[-1] == ["合计", "1", "1", "1", "100.0", "0", "0.0"] and by_kind.rows[-1][1:] == by_kind.rows[0][1:]
    )
    assert "截止" not in {field.label for field in printed.head}
    assert {key: paper.figures[key] for key in drawn.figures} == drawn.figures and Draw.objects.filter(
        kind="RPT-20"
    ).count() == 1


def test_other_programs_read_and_publish_the_week(client: Any) -> None:
    house = House()
    with clock.at(CALL):
        calls.take(phone=house.customer.phone, by=house.actor("op"), at=CALL)
    with clock.at(AFTER):
        path = "/api/v1/reports/calls/2026-03-02"
        headers = {"Authorization": f"Bearer {tokens.issue(house.user('ops'), at=AFTER)}"}
        read = client.get(path, headers=headers).json()
        assert not read["is_published"] and read["figures"]["total"]["calls"] == 1
        made = client.post(path, "", content_type="application/json", headers=headers)
        assert made.status_code == 201 and made.json()["is_published"], made.content
        assert client.get("/api/v1/reports/calls/2026-03-03", headers=headers).status_code == 404
        other = {"Authorization": f"Bearer {tokens.issue(house.user('hr'), at=AFTER)}"}
        assert client.get(path, headers=other).status_code == 403
