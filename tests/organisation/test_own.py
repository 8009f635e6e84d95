"""One's own sign-ins and tokens: seen, ended, made and revoked by their owner alone."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.houses import MONDAY, PASSWORD, House
from zhangfa.audit.models import Event
from zhangfa.core import clock
from zhangfa.organisation.actions import own
from zhangfa.organisation.actor import actor_for
from zhangfa.organisation.jobs import prune_sign_ins
from zhangfa.organisation.models import SignIn
from zhangfa.organisation.rules import MOST_TOKENS, refuse_token
from zhangfa.organisation.signing_in import device_words
from zhangfa.runtime import tokens
from zhangfa.runtime.models import ApiToken

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("X-5")]
PAGE, NEW = "/me/access/", "/me/access/tokens/new/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
TODAY = clock.local_date(MONDAY)
GIVEN = {"label": "月底对账", "expires_on": "2026-05-31", "current_password": PASSWORD}


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def signed_in(house, who="cs", device=DESK):
    client = Client(HTTP_USER_AGENT=device)
    house.user(who)
    answer = client.post("/accounts/login/", {"login": house.user(who).username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_every_browser_is_shown_and_one_can_be_ended(house):
    here, phone = signed_in(house), signed_in(house, device=PHONE)
    page = text(here.get(PAGE))
    assert "Chrome · Windows" in page and "微信 · iPhone" in page and page.count("当前设备") == 1
    other = SignIn.objects.get(session_key=phone.session.session_key)
    answer = here.post(f"{PAGE}sessions/{other.pk}/end/", follow=True)
    assert "已退出登录" in text(answer) and "微信" not in text(here.get(PAGE))
    assert phone.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert Event.objects.filter(name="organisation.user.sessions_ended").count() == 1


def test_all_others_are_ended_at_once_and_this_one_stays(house):
    here, others = signed_in(house), [signed_in(house, device=PHONE) for _n in range(2)]
    stranger = signed_in(house, "cc")
    assert "已退出其他 2 个登录" in text(here.post(f"{PAGE}sessions/end-others/", follow=True))
    assert [one.get("/").status_code for one in (here, *others, stranger)] == [200, 302, 302, 200]
    assert SignIn.objects.count() == 2


def test_nobody_ends_or_revokes_what_is_another_s(house):
    here, stranger = signed_in(house), signed_in(house, "cc")
    row = SignIn.objects.get(session_key=stranger.session.session_key)
    assert here.post(f"{PAGE}sessions/{row.pk}/end/").status_code == 404
    made = tokens.issue(house.user("cc"), at=MONDAY, label="别人的")
    assert here.get(f"{PAGE}tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert "别人的" not in text(here.get(PAGE))
    assert stranger.get("/").status_code == 200 and tokens.authenticate(made, MONDAY)


def test_one_s_own_browser_is_not_ended_by_its_button(house):
    here = signed_in(house)
    row = SignIn.objects.get(session_key=here.session.session_key)
    assert here.post(f"{PAGE}sessions/{row.pk}/end/").status_code == 404


def test_a_changed_password_leaves_this_browser_alone_on_the_page(house):
    here, other = signed_in(house), signed_in(house, device=PHONE)
    given = {"oldpassword": PASSWORD, "password1": "bamboo-gate-77", "password2": "bamboo-gate-77"}
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert other.get("/").status_code == 302
    page = text(here.get(PAGE))
    assert "微信" not in page and page.count("当前设备") == 1


def test_a_browser_that_signed_in_unnoticed_is_shown_too(house):
    here = signed_in(house)
    SignIn.objects.all().delete()
    assert "当前设备" in text(here.get(PAGE))


def test_a_token_is_shown_once_and_works_until_its_day(house):
    here = signed_in(house)
    page = text(here.post(NEW, {**GIVEN, "once": "k1"}))
    token = next(word for word in page.replace("<", " ").replace(">", " ").split() if word.startswith(tokens.PREFIX))
    assert here.post(NEW, {**GIVEN, "once": "k1"}).status_code == 303
    assert token not in text(here.get(PAGE)) and "月底对账" in text(here.get(PAGE))
    assert ApiToken.objects.count() == 1
    last = clock.day_end(clock.day_start(dt.date(2026, 5, 31)))
    assert tokens.authenticate(token, last - dt.timedelta(seconds=1)) == house.user("cs")
    assert tokens.authenticate(token, last) is None
    assert not any(token in event.text for event in Event.objects.all())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"current_password": "rice-field-43"}, "密码不对"),
        ({"expires_on": "2026-03-02"}, "一年之内"),
        ({"expires_on": "2027-03-04"}, "一年之内"),
        ({"label": ""}, "名称"),
        ({"label": "a\x00b"}, "名称"),
    ],
)
def test_a_token_that_is_not_made_says_why(house, change, said):
    page = text(signed_in(house).post(NEW, {**GIVEN, **change}), 422)
    assert said in page and PASSWORD not in page and not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing(house):
    here, by = signed_in(house), actor_for(house.user("cs"), MONDAY)
    made = own.make_token(label="旧程序", expires_on=TODAY + dt.timedelta(days=9), by=by, at=MONDAY)
    url = f"{PAGE}tokens/{ApiToken.objects.get().pk}/revoke/"
    assert "旧程序" in text(here.get(url))
    assert "令牌已撤销" in text(here.post(url, follow=True))
    assert tokens.authenticate(made, MONDAY) is None
    assert here.get(url).status_code == 404
    assert "zf_" not in text(here.get(PAGE))


def test_names_and_number_of_tokens_have_their_limits():
    labels = [str(n) for n in range(MOST_TOKENS)]
    found = refuse_token(label="1", labels=labels, expires_on=TODAY + dt.timedelta(days=366), today=TODAY)
    assert [refusal.code for refusal in found] == ["token.label", "token.many"]


def test_browsers_without_session_are_forgotten(house):
    here = signed_in(house)
    SignIn.objects.create(user=house.user("cs"), session_key="gone", signed_in_at=MONDAY)
    assert SignIn.objects.running(MONDAY).count() == 1
    prune_sign_ins(MONDAY)
    assert SignIn.objects.get().session_key == here.session.session_key
    Session.objects.all().delete()
    assert not SignIn.objects.running(MONDAY).exists()


@pytest.mark.parametrize(
    ("device", "zh", "en"),
    [
        (PHONE, "微信 · iPhone", "WeChat · iPhone"), (DESK, "Chrome · Windows", "Chrome · Windows"), ("curl/8.5", "curl/8.5", "curl/8.5"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/18 Safari/605", "Safari · macOS", "Safari · macOS"),
    ],
)  # fmt: skip
def test_a_device_is_named_as_people_know_it(device, zh, en):
    assert (device_words(device, "zh"), device_words(device, "en")) == (zh, en)
