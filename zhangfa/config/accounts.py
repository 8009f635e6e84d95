"""How people sign in: accounts are given by the company, never taken by a visitor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class AccountAdapter(DefaultAccountAdapter):
    """Close self-registration: an account belongs to a person on the company's books."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def locked_out(request: HttpRequest, response: Any, credentials: dict[str, Any]) -> HttpResponse:
    """Tell a locked-out visitor in words when to try again."""
    return render(request, "account/locked_out.html", status=429)
