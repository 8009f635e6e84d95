"""What the demo writes is in order: by the real actions and by the bulk writer (domain.md 5.8)."""

import pytest

from tests.houses import MONDAY
from zhangfa.audit.models import Event
from zhangfa.audit.seals import seal, verify
from zhangfa.claims.demo import bulk, play
from zhangfa.claims.models import Case, Settlement
from zhangfa.config import doctor
from zhangfa.core import clock
from zhangfa.customers import demo as customers
from zhangfa.orders import demo as orders
from zhangfa.orders.models import Order
from zhangfa.organisation import demo as organisation
from zhangfa.organisation.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(monkeypatch):
    """The demo's company with few customers and orders."""
    monkeypatch.setitem(customers.COUNTS, "tiny", 90)
    monkeypatch.setitem(orders.COUNTS, "tiny", 120)
    organisation.build(3, "small", MONDAY)
    customers.build(3, "tiny", MONDAY)
    orders.build(3, "tiny", MONDAY)


def in_order():
    """What `zhangfa doctor --data` and `zhangfa audit verify` say."""
    while seal(MONDAY):
        pass
    return [*doctor.CHECKS["data"](), *verify()]


@pytest.mark.clause("X-3")
def test_cases_played_by_the_real_actions_are_in_order(company):
    player = play.Player(3, MONDAY)
    served = Order.objects.filter(status=Order.Status.FINISHED, outlet__kind="outlet").order_by("served_to")
    for number, order in enumerate(served.select_related("customer", "outlet", "worker")[:5]):
        tell = play._complaint if number == 4 else play._accident
        tell(player, order, order.served_to, number, "")
    filled = Settlement.objects.filter(record__number__isnull=False)
    assert filled and not filled.filter(customer_file="")
    assert in_order() == []


def test_no_story_goes_on_after_the_moment_at_which_the_year_ends(company):
    player = play.Player(3, MONDAY)
    order = Order.objects.filter(status=Order.Status.FINISHED, outlet__kind="outlet").order_by("served_to").last()
    for tell in (play._accident, play._complaint):
        with pytest.raises(play.Later):
            tell(player, order, MONDAY - 3 * play.HOUR, 0, "")
    assert Case.objects.count() == 2 and not Event.objects.filter(at__gt=MONDAY).exists()


@pytest.mark.postgres
@pytest.mark.clause("X-3")
def test_cases_of_the_bulk_writer_are_in_order(company, client):
    assert bulk.write(3, 80, MONDAY) == Case.objects.count() == 80
    assert Settlement.objects.filter(status="paid").count() > 60
    assert in_order() == []
    case = Case.objects.filter(status="closed").order_by("pk").last()
    client.force_login(User.objects.get(username="cs"))
    with clock.at(MONDAY):
        page = client.get(f"{case.get_absolute_url()}?part=talks")
    assert page.status_code == 200 and f"{case.satisfaction} 分" in page.content.decode()
