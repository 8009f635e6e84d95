"""From a call one step leads to the revisit that the caller still owes an answer to (CS-D1, HS-W1.3)."""

from typing import Any

import pytest

from tests.houses import MONDAY, House
from tests.orders import stages
from zhangfa.calls import actions as calls
from zhangfa.core import clock
from zhangfa.orders.models import Revisit

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-D1"), pytest.mark.postgres]


def test_a_revisit_that_is_due_is_one_step_away(client: Any) -> None:
    house = House()
    order = stages.finished(house)
    facts = {"outlet_id": order.outlet_id, "department_id": order.department_id, "due_at": order.finished_at}
    revisit = Revisit.objects.get_or_create(order=order, defaults=facts)[0]
    with clock.at(MONDAY):
        call = calls.take(phone=house.customer.phone, by=house.actor("op"), at=MONDAY)
        client.force_login(house.user("op"))
        page = client.get(call.get_absolute_url()).content.decode()
        assert f"/revisits/{revisit.pk}/" in page and "登记回访" in page
        Revisit.objects.update(status="done")
        assert f"/revisits/{revisit.pk}/" not in client.get(call.get_absolute_url()).content.decode()
