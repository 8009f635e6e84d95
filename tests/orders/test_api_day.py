"""The day of an outlet for other programs."""

import pytest

from tests.houses import House
from tests.orders import stages
from zhangfa.core import clock
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.clause("HS-W3")
def test_who_is_free_on_a_day_is_read(house: House, client):
    order, waiting = stages.assigned(house), stages.booked(house, served_from=stages.NEXT + 5 * stages.HOUR)
    path = f"/api/v1/dispatch/{house.units['east'].pk}/{clock.local_date(order.served_from)}"
    with clock.at(stages.MONDAY):
        headers = {"Authorization": f"Bearer {tokens.issue(house.user('op'), at=stages.MONDAY)}"}
        day = client.get(path, headers=headers).json()
        worker = next(row for row in day["workers"] if row["worker"] == order.worker_id)
        assert not worker["is_free"] and [one["number"] for one in worker["orders"]] == [order.number]
        assert worker["trust_code"] and worker["has_health"]
        assert [one["number"] for one in day["waiting"]] == [waiting.number]
        assert day["counts"]["free"] == sum(row["is_free"] for row in day["workers"])
        assert client.get(f"/api/v1/dispatch/{house.units['east'].pk}/2026-13-01", headers=headers).status_code == 404
        assert client.get("/api/v1/dispatch/999999/2026-03-03", headers=headers).status_code == 404
        nobody = {"Authorization": f"Bearer {tokens.issue(house.user('hr'), at=stages.MONDAY)}"}
        assert client.get(path, headers=nobody).status_code == 403
