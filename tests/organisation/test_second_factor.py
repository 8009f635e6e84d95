"""Where the company demands a second factor of a post, nothing opens before it is set up, and it stays."""

import datetime as dt
import subprocess
import sys
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY, PASSWORD, House
from zhangfa.core import clock
from zhangfa.organisation.actions import users
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Absence, User

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-5")]
HOUR = dt.timedelta(hours=1)
SETUP, OFF = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"


@pytest.fixture
def house(settings):
    settings.SECOND_FACTOR_POSTS = ("fin", "admin")
    with clock.at(MONDAY):
        yield House()


def signed_in(house, who):
    client = Client()
    assert client.post("/accounts/login/", {"login": house.user(who).username, "password": PASSWORD}).status_code == 302
    return client


def set_up(client):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get(SETUP)
    right = format_hotp_value(hotp_value(client.session[SECRET_SESSION_KEY], int(time.time()) // 30))
    return client.post(SETUP, {"code": right})


def test_who_pays_comes_no_further_than_to_the_setup(house):
    client = signed_in(house, "fin")
    for address in ("/", "/settlements/?work=pay", "/me/access/"):
        assert client.get(address).headers["Location"] == SETUP
    assert client.post("/accounts/2fa/totp/deactivate/").headers["Location"] == SETUP
    assert client.get("/", HTTP_HX_REQUEST="true").headers["HX-Redirect"] == SETUP
    counts = client.get("/badges/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://testserver{SETUP}")
    assert counts.status_code == 204
    # The password once more, then the page itself; both say why.
    again = client.get(SETUP)
    assert again.headers["Location"].startswith("/accounts/reauthenticate/")
    assert "登录时用两步验证" in client.get(again.headers["Location"]).content.decode()
    refused = client.get("/api/v1/cases")
    assert refused.status_code == 403 and "second_factor.none" in refused.content.decode()
    # Out again, and to a password of one's own, leads every way.
    assert client.get("/accounts/password/change/").status_code == 200


def test_once_set_up_everything_opens_and_it_is_not_switched_off(house):
    client = signed_in(house, "fin")
    assert set_up(client).headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/settlements/").status_code == 200 and client.get("/api/v1/cases").status_code == 200
    said = client.get(OFF).content.decode()
    client.post(OFF)
    assert "不能停用" in said and Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_others_are_asked_for_nothing_and_may_switch_it_off(house):
    client = signed_in(house, "cc")
    assert client.get("/cases/").status_code == 200
    set_up(client)
    client.post(OFF)
    assert not Authenticator.objects.exists()


def test_the_technical_administrator_and_who_stands_in_are_asked_too(house):
    by = Actor(None, "admin", MONDAY, is_technical=True, user_id=99)
    users.create(username="admin-2", password=PASSWORD, is_technical=True, is_own_choice=True, by=by, at=MONDAY)
    client = Client()
    client.force_login(User.objects.get(username="admin-2"))
    assert client.get("/").headers["Location"] == SETUP
    deputy = signed_in(house, "cc")
    assert deputy.get("/").status_code == 200
    Absence.objects.create(
        person=house.people["fin"], delegate=house.people["cc"], from_at=MONDAY - HOUR, to_at=MONDAY + HOUR
    )
    assert deputy.get("/").headers["Location"] == SETUP


def test_who_has_one_is_not_looked_up_with_every_page(house, settings):
    client = signed_in(house, "fin")
    set_up(client)
    client.get("/badges/")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/badges/").status_code == 200
        return len(seen)

    demanded = queries()
    settings.SECOND_FACTOR_POSTS = ()
    assert queries() == demanded


@pytest.mark.parametrize(
    ("given", "posts"),
    [
        ("", ()),
        ("0", ()),
        ("off", ()),
        ("fin,cs", ("fin", "cs")),
        ("1", ("gm", "dgm", "am", "cs", "fin", "hs", "ls", "admin")),
    ],
)
def test_the_company_switches_it_on(given, posts):
    asked = "from zhangfa.config.settings import security as s; print(','.join(s.SECOND_FACTOR_POSTS), s.SESSION_IDLE_SECONDS)"
    env = {"ZHANGFA_SECOND_FACTOR": given, "SECRET_KEY": "x" * 50, "ZHANGFA_IDLE_MINUTES": "30" if given else "soon"}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{','.join(posts)} {1800 if given else 7200}".strip()
