"""The customer's own link: one answer, no detail, no way around (CC-W1.6)."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client

from tests.claims import stages
from tests.claims.pages import NEXT, Desk
from zhangfa.audit.actions import erase_detail
from zhangfa.audit.models import Event
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.runtime.models import Tally

pytestmark = pytest.mark.clause("CC-W1.6")


@pytest.fixture
def settled(house):
    return Case.objects.get(pk=stages.settlement(house, "accepted").case_id)


def link(house, case, name=None, at=NEXT):
    return actions.make_link(case, by=house.actor(name or house.handler_of(case)), at=at)


class Customer:
    """Somebody outside with nothing but the address."""

    def __init__(self, token, at=NEXT):
        self.client, self.address, self.at = Client(), f"/s/{token}/", at

    def open(self, **headers):
        with clock.at(self.at):
            return self.client.get(self.address, headers=headers)

    def answer(self, **fields):
        with clock.at(self.at):
            return self.client.post(self.address, fields)


def test_the_customer_scores_once_and_the_link_is_over(house, settled):
    customer = Customer(link(house, settled))
    assert customer.open().status_code == 200
    assert customer.answer(score="5", words="处理很快").status_code == 200
    settled.refresh_from_db()
    assert (settled.satisfaction, settled.satisfaction_channel, settled.satisfaction_by) == (5, "link", None)
    assert customer.open().status_code == 404
    assert customer.answer(score="1").status_code == 404
    assert Event.objects.filter(name="claims.case.rated", person_id=None).count() == 1


def test_the_page_tells_nothing_of_the_case(house, settled):
    said = Customer(link(house, settled)).open().content.decode()
    for secret in ("林知夏", "听松苑", "台面", "600", house.people["sw"].name, settled.handler.name, "厨房"):
        assert secret not in said
    assert settled.record.number in said


def test_it_speaks_the_customers_language(house, settled):
    customer = Customer(link(house, settled))
    said = customer.open(**{"accept-language": "en"}).content.decode()
    assert "satisfied" in said.lower()


@pytest.mark.parametrize("score", ["", "0", "6", "五", "5.0", "<b>5</b>"])
def test_a_score_that_is_none_is_asked_for_again(house, settled, score):
    customer = Customer(link(house, settled))
    answer = customer.answer(score=score, words="请再看看 😀")
    assert answer.status_code == 422
    assert "请再看看 😀" in answer.content.decode()
    assert Case.objects.get(pk=settled.pk).satisfaction is None
    assert customer.answer(score="4").status_code == 200


def test_a_dissatisfied_customer_opens_the_case_again(house, settled):
    Customer(link(house, settled)).answer(score="2", words="太慢")
    case = Case.objects.get(pk=settled.pk)
    assert case.status == "assessed"
    # Whoever deals with it reads why, on the page and among the talks; erased with the customer, the score alone remains.
    desk = Desk(house, house.handler_of(case))
    talks = f"{case.get_absolute_url()}?part=talks"
    assert "太慢" in desk.text(case.get_absolute_url()) and "太慢" in desk.text(talks)
    rated = Event.objects.get(name="claims.case.rated")
    erase_detail([rated.pk], at=NEXT)
    assert "太慢" not in desk.text(case.get_absolute_url()) and "2 分" in desk.text(talks)


def test_a_link_is_good_for_thirty_days_and_until_the_next_one(house, settled):
    token = link(house, settled)
    month = dt.timedelta(days=30)
    assert Customer(token, NEXT + month - dt.timedelta(minutes=1)).open().status_code == 200
    assert Customer(token, NEXT + month).open().status_code == 404
    later = token.rpartition(".")[0] + f".{int((NEXT + 3 * month).timestamp())}"
    assert Customer(later, NEXT + month).open().status_code == 404
    link(house, settled)
    assert Customer(token).open().status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "....", "AAAA.9999999999", "%F0%9F%98%80.9999999999", "a" * 500 + ".9999999999"]
)
def test_a_guessed_link_leads_nowhere(house, settled, token):
    link(house, settled)
    assert Customer(token).open().status_code == 404


def test_guessing_is_held_back(house, settled):
    token = link(house, settled)
    for _turn in range(20):
        Customer("x").open()
    # Another process has another memory: what it knows is in the database.
    cache.clear()
    assert Customer(token).open().status_code == 429
    assert not Tally.objects.filter(key__contains="127.0.0.1").exists()
    assert Customer(token, NEXT + dt.timedelta(minutes=1)).open().status_code == 200


def test_customers_behind_a_proxy_are_counted_apart(house, settled, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    token = link(house, settled)
    guesser, customer = Customer("x"), Customer(token)
    guesser.client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    customer.client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.10"
    for _turn in range(21):
        guesser.open()
    assert guesser.open().status_code == 429
    assert customer.open().status_code == 200


def test_no_link_before_the_customer_has_accepted(house):
    case = house.to_assessed(house.report())
    with pytest.raises(Refused) as caught:
        link(house, case)
    assert caught.value.refusals[0].code == "link.early"


def test_who_has_no_part_in_it_makes_no_link(house, settled):
    with pytest.raises(Refused):
        link(house, settled, "oa")
    desk = Desk(house, house.handler_of(settled))
    said = desk.post(f"/cases/{settled.pk}/link/", {})
    assert said["Cache-Control"] == "no-store"
    assert "/s/" in said.content.decode()
    assert "data:image/svg+xml;base64," in said.content.decode()
    assert Desk(house, "mk").post(f"/cases/{settled.pk}/link/", {}).status_code == 404


def test_the_made_link_can_be_copied(house, settled):
    """The button comes with scripts only; the field beside it can be selected without them."""
    said = Desk(house, house.handler_of(settled)).post(f"/cases/{settled.pk}/link/", {}).content.decode()
    assert 'id="address"' in said and 'type="button" hidden data-copy="address"' in said
