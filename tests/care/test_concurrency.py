"""Two at the same stock at once: one gets the last piece, the other is told."""

import threading

import pytest
from django.db import close_old_connections

from tests.care import stages
from tests.houses import MONDAY, House
from zhangfa.care import actions
from zhangfa.care.models import GiftItem
from zhangfa.core.decisions import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("CS-W3.2")]


def test_the_last_piece_leaves_stock_once():
    house = House()
    item = stages.gift(house, count=1)
    cs = house.actor("cs")
    gate, came = threading.Barrier(2), []

    def take():
        try:
            gate.wait(timeout=30)
            actions.stock(item, kind="lost", count=1, note="受潮报废", by=cs, at=MONDAY)
            came.append("taken")
        except Refused as refused:
            came.append(refused.refusals[0].code)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=take) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(came) == ["gift.stock", "taken"]
    assert GiftItem.objects.get().on_hand == 0
