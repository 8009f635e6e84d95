"""What every answer carries, who may come in, and what stands in the way of a guesser."""

import re
import subprocess
import sys
import time

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.staticfiles import finders
from django.core import checks
from django.core.cache import cache
from django.test import Client, override_settings

from zhangfa.config.accounts import CODES
from zhangfa.organisation.models import User
from zhangfa.ui.visitor import client_address

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def user(db):
    return User.objects.create_user(username="oa", password=PASSWORD)


def sign_in(client, password, username="oa"):
    return client.post("/accounts/login/", {"login": username, "password": password})


@pytest.mark.parametrize("address", ["/accounts/login/", "/no-such-page/", "/api/v1/openapi.json"])
def test_every_answer_carries_the_content_policy(db, client, address):
    response = client.get(address)
    assert response.headers["Content-Security-Policy"] == CONTENT_POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_signing_in_and_out(user, client):
    assert sign_in(client, PASSWORD).status_code == 302
    assert client.get("/").status_code == 200
    # Leaving by a mere link would let another site sign people out.
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(db, client):
    answer = client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 404
    assert not User.objects.exists()


def test_a_guesser_is_locked_out_with_words(user):
    guesser, owner = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    answers = [sign_in(guesser, f"guess-{n}").status_code for n in range(8)]
    assert answers[0] == 200
    assert answers[-1] == 429
    locked = sign_in(guesser, PASSWORD)
    assert locked.status_code == 429
    assert "再试" in locked.content.decode()
    # The lock is on the guesser's address with the name: the owner elsewhere is not shut out.
    assert sign_in(owner, PASSWORD).status_code == 302


def test_codes_of_the_second_factor_cannot_be_guessed_through(user, client):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert sign_in(client, PASSWORD).headers["Location"].startswith("/accounts/2fa/authenticate/")
    for _try in range(CODES):
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post("/accounts/2fa/authenticate/", {"code": right})
    assert "_auth_user_id" not in client.session


def test_a_right_code_opens_the_door(user, client):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    sign_in(client, PASSWORD)
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post("/accounts/2fa/authenticate/", {"code": right})
    assert "_auth_user_id" in client.session


def test_whoever_turns_the_second_factor_on_is_shown_the_recovery_codes(user, client):
    """With nothing on the page that this installation does not serve: a missing script would be an error and no page."""
    sign_in(client, PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session[SECRET_SESSION_KEY]
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    shown = client.post("/accounts/2fa/totp/activate/", {"code": right}, follow=True)
    said = shown.content.decode()
    assert shown.status_code == 200 and "恢复代码" in said
    codes = re.search(r'<textarea[^>]*id="recovery_codes"[^>]*>([^<]+)<', said)[1].split()
    assert len(codes) == 10
    for path in re.findall(r'(?:src|href)="/static/([^"?]+)"', said):
        assert finders.find(path), path


@pytest.mark.parametrize("address", ["email/", "signup/", "password/reset/", "password/set/", "confirm-email/"])
def test_only_the_doors_that_lead_somewhere_are_there(user, client, address):
    """No account by mail, no password by mail: such a page would promise what the company does not send."""
    client.force_login(user)
    assert client.get(f"/accounts/{address}").status_code == 404


def test_the_page_for_a_new_password_promises_no_mail(user, client):
    client.force_login(user)
    page = client.get("/accounts/password/change/")
    assert page.status_code == 200
    assert "/password/reset/" not in page.content.decode()


def test_pages_are_not_kept_by_the_browser(user, client):
    client.force_login(user)
    for address in ("/", "/cases/", "/api/v1/me"):
        assert "no-store" in client.get(address).headers["Cache-Control"]


def test_the_address_behind_a_proxy_is_the_one_it_wrote(rf, settings):
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.44"}, REMOTE_ADDR="127.0.0.1")
    assert client_address(request) == "127.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "192.0.2.44"


def test_the_way_back_leads_to_this_site_only(user, client):
    response = client.post("/accounts/login/?next=https://evil.example/", {"login": "oa", "password": PASSWORD})
    assert response.status_code == 302
    assert "evil" not in response.headers["Location"]
    response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in response.headers.get("Location", "")


def test_a_foreign_form_is_refused(user):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, PASSWORD).status_code == 403


def test_cookies_are_closed_to_scripts(user, client):
    sign_in(client, PASSWORD)
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_the_django_administration_is_not_mounted(db, client):
    assert client.get("/admin/").status_code == 404


def test_production_settings_pass_the_deployment_checks(tmp_path):
    """The variables that docs/operations.md names are enough."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={
            "DJANGO_SETTINGS_MODULE": "zhangfa.config.settings",
            "ZHANGFA_HOME": str(tmp_path),
            "ZHANGFA_TLS": "1",
            "ALLOWED_HOSTS": "zf.example",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_only_this_host_can_set_the_cookies_of_an_installation_with_tls():
    """Under TLS the names begin so that a browser takes them from no other host and from no unsafe answer."""
    asked = "from zhangfa.config.settings import security as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env={"ZHANGFA_TLS": "1", "SECRET_KEY": "x" * 50}, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken"]


@override_settings(DEBUG=True)
def test_the_security_checks_can_fail():
    assert checks.run_checks(include_deployment_checks=True, tags=[checks.Tags.security])


def test_whoever_tries_too_often_is_told_so_in_words(user, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "login_failed": False}
    cache.clear()
    answers = [sign_in(client, "wrong-horse-battery") for _try in range(2)]
    assert answers[1].status_code == 429 and "请等几分钟" in answers[1].content.decode()
    cache.clear()


def test_a_whole_office_signs_in_behind_one_address(db):
    for n in range(40):
        User.objects.create_user(username=f"op{n}", password=PASSWORD)
        assert sign_in(Client(REMOTE_ADDR="192.0.2.55"), PASSWORD, f"op{n}").status_code == 302
