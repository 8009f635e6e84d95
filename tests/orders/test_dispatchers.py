"""The day of an outlet for other programs, and two dispatchers before one order."""

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


@pytest.mark.clause("HS-W3")
def test_the_second_dispatcher_is_told_who_was_first(house: House, client):
    for name in ("sw", "sw2"):
        stages.with_papers(house, name)
    order = stages.booked(house)
    first, second = house.people["sw"], house.people["sw2"]
    path = f"/orders/{order.pk}/do/assign/"
    client.force_login(house.user("op"))
    with clock.at(stages.MONDAY):
        assert 'name="seen" value="0"' in client.get(path).content.decode()
        stages.actions.assign(order, by=house.actor("oa"), at=stages.MONDAY, worker=first)
        refused = client.post(path, {"worker": second.pk, "seen": "0"})
        page = refused.content.decode()
        assert (
            refused.status_code == 422 and f"{house.people['oa'].shown_name}已把这张订单派给{first.shown_name}" in page
        )
        order.refresh_from_db()
        assert order.worker_id == first.pk
        # Having read it, the second may still decide otherwise.
        assert f'name="seen" value="{first.pk}"' in page
        assert client.post(path, {"worker": second.pk, "seen": first.pk}).status_code == 303
        stages.actions.unassign(order, by=house.actor("oa"), at=stages.MONDAY, reason="客户改主意")
        withdrawn = client.post(path, {"worker": first.pk, "seen": second.pk})
        assert withdrawn.status_code == 422 and "已撤回这张订单的派工" in withdrawn.content.decode()
        day = client.get(f"/dispatch/?outlet={house.units['east'].pk}&day={clock.local_date(order.served_from)}")
        assert f'data-order="{order.pk}" data-seen="0"' in day.content.decode()


@pytest.mark.clause("HS-W3")
def test_a_program_that_dispatches_is_told_who_was_first(house: House, client):
    for name in ("sw", "sw2"):
        stages.with_papers(house, name)
    order = stages.booked(house)
    first, second = house.people["sw"], house.people["sw2"]
    path = f"/api/v1/orders/{order.pk}/transitions/assign"
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('op'), at=stages.MONDAY)}"}

    def send(**body):
        return client.post(path, body, content_type="application/json", headers=headers)

    with clock.at(stages.MONDAY):
        stages.actions.assign(order, by=house.actor("oa"), at=stages.MONDAY, worker=first)
        for seen in ({}, {"seen": 0}, {"seen": second.pk}):
            refused = send(worker=second.pk, **seen)
            assert refused.status_code == 409
            reason = refused.json()["refusals"][0]
            assert reason["code"] == "dispatch.meanwhile" and house.people["oa"].shown_name in reason["text"]
        order.refresh_from_db()
        assert order.worker_id == first.pk
        assert send(worker=second.pk, seen=first.pk).status_code == 200
        assert send(worker=second.pk, seen=second.pk).json()["refusals"][0]["code"] == "dispatch.same"
