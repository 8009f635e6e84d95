"""Pictures of a service: until when, of what, by which door; and who still sees them when others are sent."""

import datetime as dt

import pytest

from tests.claims.pages import jpeg
from tests.houses import MONDAY, House
from tests.orders.stages import HOUR, assigned, finished, started, with_papers
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.orders import actions
from zhangfa.orders.models import Order
from zhangfa.orders.photo_rules import refuse_photos
from zhangfa.records import actions as papers
from zhangfa.records.models import Attachment, Concern, Record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("HS-W3")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return [refusal.code for refusal in caught.value.refusals]


def pictures(count):
    return [jpeg(f"{n}.jpg", 40 * n) for n in range(count)]


@pytest.mark.parametrize(
    ("kind", "after", "found"),
    [
        ("before", None, []),
        ("after", None, []),
        ("before", 0, ["order.photos_before"]),
        ("after", 0, []),
        ("scene", 24 * 60, []),
        ("scene", 24 * 60 + 1, ["order.photos_over"]),
        ("before", 24 * 60 + 1, ["order.photos_over"]),
    ],
)
def test_a_picture_before_ends_with_the_work_and_every_picture_a_day_later(kind, after, found):
    ended = None if after is None else MONDAY
    at = MONDAY + dt.timedelta(minutes=after or 0)
    assert [why.code for why in refuse_photos(kind=kind, ended_at=ended, at=at, after=DAY)] == found


def test_what_was_sent_together_is_one_step_of_the_trail(house, client):
    order = started(house)
    client.force_login(house.user("sw"))
    with clock.at(order.served_from):
        sent = client.post(f"/orders/{order.pk}/photos/", {"kind": "before", "photos": pictures(3)})
    assert sent.status_code == 303 and Attachment.objects.count() == 3
    (event,) = Event.objects.filter(name="records.attachment.added")
    shas = set(Attachment.objects.values_list("sha256", flat=True))
    assert all(sha in event.text for sha in shas), "the trail proves each of them"


def test_nobody_shows_afterwards_how_it_was_before_by_any_door(house, client):
    order = started(house)
    sheet = actions.open_sheet(order, by=house.actor("sw"), at=order.served_from)
    order = actions.finish(order, by=house.actor("sw", order.served_to), at=order.served_to)
    picture = papers.prepare(jpeg().read(), name="1.jpg")
    hang = {"by": house.actor("oa", order.served_to), "at": order.served_to}
    assert refused(lambda: papers.attach(sheet, picture, kind="before", **hang)) == ["order.photos_before"]
    client.force_login(house.user("sw"))
    path = f"/orders/{order.pk}/photos/"
    with clock.at(order.served_to + HOUR):
        page = client.get(path).content.decode()
        assert 'value="after"' in page and 'value="before"' not in page
        assert client.post(path, {"kind": "after", "photos": pictures(1)}).status_code == 303
    late = order.finished_at + DAY + dt.timedelta(minutes=1)
    with clock.at(late):
        sent = client.post(path, {"kind": "after", "photos": pictures(2)})
        assert sent.status_code == 422 and "服务结束后一天" in sent.content.decode()
        part = client.get(f"{order.get_absolute_url()}?part=photos").content.decode()
        assert "请登记事故或投诉" in part and path not in part
    assert Attachment.objects.count() == 1
    assert refused(lambda: papers.attach(sheet, picture, kind="scene", by=house.actor("oa", late), at=late)) == [
        "order.photos_over"
    ]


def test_a_sheet_is_not_opened_for_what_is_long_over(house):
    order = finished(house)
    late = order.finished_at + DAY + dt.timedelta(minutes=1)
    assert refused(lambda: actions.open_sheet(order, by=house.actor("oa", late), at=late)) == ["order.photos_over"]
    assert not Record.objects.filter(form_code="FW").exists()


def concerned(order):
    return set(Concern.objects.filter(record=order.sheet, role="worker").values_list("person_id", flat=True))


def test_who_is_replaced_or_called_back_is_no_longer_concerned(house):
    """HS-D10: who doesn't go there sees no pictures of the home."""
    order = assigned(house)
    actions.open_sheet(order, by=house.actor("sw"), at=MONDAY)
    order = Order.objects.get(pk=order.pk)
    assert concerned(order) == {house.people["sw"].pk}
    house.people["sw2"].holdings.update(seat=house.seats["sw"])
    with_papers(house, "sw2")
    send = {"by": house.actor("oa"), "at": MONDAY}
    order = actions.add_member(order, **send, worker=house.people["sw2"])
    assert concerned(order) == {house.people["sw"].pk, house.people["sw2"].pk}
    # Who went along leads now: said in the trail, and whoever led is out.
    order = actions.assign(order, **send, worker=house.people["sw2"], seen=house.people["sw"].pk)
    event = Event.objects.filter(chain=f"orders.order:{order.pk}", name="orders.order.assigned").latest("n")
    assert f'"member":{house.people["sw2"].pk}' in event.text.replace(" ", "")
    assert Order.objects.get(pk=order.pk).people == [house.people["sw2"].pk] and concerned(order) == {
        house.people["sw2"].pk
    }
    assert not Order.objects.visible_to(house.actor("sw")).filter(pk=order.pk).exists()
    order = actions.unassign(order, **send, reason="客户改主意")
    assert concerned(order) == set()
