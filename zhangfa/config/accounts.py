"""How people sign in: accounts are given by the company, never taken by a visitor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as second_factor
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.organisation.actor import actor_for
from zhangfa.organisation.second_factor import is_demanded_of
from zhangfa.runtime import tallies

CODES, CODE_SECONDS = 10, 15 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Close self-registration: an account belongs to a person on the company's books."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: Any = None) -> str:
        """A password that somebody else gave is replaced by another one."""
        if user is not None and user.has_given_password and user.check_password(password):
            raise ValidationError(_("新密码不能和别人设的密码相同。"), code="given")
        return str(super().clean_password(password, user))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to the work: the empty form again would look as if nothing had happened."""
        return "/"

    def set_password(self, user: Any, password: str) -> None:
        """From now on only its owner knows the password."""
        user.has_given_password = False
        super().set_password(user, password)


class FactorAdapter(DefaultMFAAdapter):
    """Where the company demands the second factor, its owner does not switch it off again."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": lazy("公司要求您的岗位登录时用两步验证，不能停用。手机丢失时请联系系统管理员。")
    }

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not is_demanded_of(actor_for(authenticator.user, clock.now()))


class CountedCode:
    """A code of the second factor, tried at most so often: counted in the database and so for all workers together."""

    user: Any

    def clean_code(self) -> str:
        key = f"second-factor:{self.user.pk}"
        if tallies.count(key, at=clock.now(), seconds=CODE_SECONDS) > CODES:
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()  # type: ignore[misc, no-any-return]


class CodeForm(CountedCode, second_factor.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(CountedCode, second_factor.ReauthenticateForm):
    """The code asked again before something sensitive."""


def locked_out(request: HttpRequest, response: Any, credentials: dict[str, Any]) -> HttpResponse:
    """Tell a locked-out visitor in words when to try again."""
    return render(request, "account/locked_out.html", status=429)
