"""A password that somebody else set opens nothing but the page on which its owner replaces it."""

import pytest
from django.test import Client

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.organisation.actions import users
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]
GIVEN, OWN, CHANGE = "rice-field-42", "bamboo-gate-77", "/accounts/password/change/"
TECHNICAL = Actor(None, "admin", MONDAY, is_technical=True, user_id=99)


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


@pytest.fixture
def client(house):
    users.create(username="phone-1", password=GIVEN, person=house.people["op"], by=TECHNICAL, at=MONDAY)
    client = Client()
    assert client.post("/accounts/login/", {"login": "phone-1", "password": GIVEN}).status_code == 302
    return client


def change(client, new):
    return client.post(CHANGE, {"oldpassword": GIVEN, "password1": new, "password2": new})


def test_nothing_opens_before_the_owner_has_chosen(client):
    assert client.get("/cases/").headers["Location"] == CHANGE
    assert client.post("/cases/new/", {}).headers["Location"] == CHANGE
    assert client.get("/", HTTP_HX_REQUEST="true").headers["HX-Redirect"] == CHANGE
    # The counts that the page asks for by itself do not load it again under the hand of whoever types.
    counts = client.get("/badges/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{CHANGE}")
    assert counts.status_code == 204 and "HX-Redirect" not in counts.headers
    # The page is drawn whole, and what it fetches leaves no second word to be said later.
    page = client.get(CHANGE).content.decode()
    assert "请先改成只有您知道的密码" in page
    icons = page.split('<use href="/menu-')[1].split("#")[0]
    assert client.get(f"/menu-{icons}").status_code == 200
    assert client.post("/theme/", {"theme": "dark"}).headers.get("Location") != CHANGE
    assert "请先改成只有您知道的密码" not in client.get(CHANGE).content.decode()
    client.get("/cases/")
    refused = client.get("/api/v1/cases")
    assert refused.status_code == 403 and "password.given" in refused.content.decode()
    assert "请先改成只有您知道的密码" in client.get(CHANGE).content.decode()


def test_one_of_ones_own_opens_everything_and_the_same_one_is_none(client):
    assert change(client, GIVEN).status_code == 200
    assert User.objects.get(username="phone-1").has_given_password
    assert change(client, OWN).headers["Location"] == "/"
    assert client.get("/cases/").status_code == 200
    assert client.get("/api/v1/cases").status_code == 200


def test_a_reset_gives_one_again_and_ones_own_choice_is_none(client):
    user = User.objects.get(username="phone-1")
    change(client, OWN)
    users.reset_password(user, password=GIVEN, by=TECHNICAL, at=MONDAY)
    assert User.objects.get(pk=user.pk).has_given_password
    first = users.create(
        username="admin-2", password=GIVEN, is_technical=True, is_own_choice=True, by=TECHNICAL, at=MONDAY
    )
    assert not first.has_given_password
