"""Kill -9 while a report is drawn: nobody is shown a part of it, and the next draw is whole (issue 3)."""

import datetime as dt
import os
import signal
from typing import Any

import pytest
from django.db import connections

from tests.houses import House
from tests.reports.invented import invent
from tests.reports.test_pages import MONTH, NOON, UNTIL
from zhangfa.organisation.actor import system_actor
from zhangfa.reports import actions, rollup
from zhangfa.reports.actions import drawing
from zhangfa.reports.models import Draw, Listed, Touched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_draw_that_was_killed_shows_nothing_and_the_next_is_whole(
    tmp_path: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.ZHANGFA_HOME = tmp_path
    house = House()
    invent(house, 21, 20, 120, UNTIL)
    Touched.objects.all().delete()
    rollup.fill()
    by = system_actor("test", NOON)
    monkeypatch.setattr(drawing, "CHUNK", 3)
    connections.close_all()
    child = os.fork()
    if child == 0:
        seen = []

        def chunks(rows: Any) -> Any:
            for start in range(0, len(rows), 3):
                if len(seen) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                seen.append(start)
                yield rows[start : start + 3]

        drawing._chunks = chunks
        actions.draw_pack(MONTH, by=by, at=NOON, prefer="database")
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert Draw.objects.filter(state=Draw.State.DRAWN).count() == 0
    assert Draw.objects.get().state == Draw.State.DRAWING
    assert Listed.objects.count() == 6

    later = NOON + dt.timedelta(hours=3)
    whole = actions.draw_pack(MONTH, by=by, at=later, prefer="database")
    assert whole.state == Draw.State.DRAWN
    assert Listed.objects.filter(draw=whole).count() == whole.figures["listed"] == Listed.objects.count()
    assert Draw.objects.filter(state=Draw.State.BROKEN).count() == 1
