"""How people sign in: accounts are given by the company, never taken by a visitor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class AccountAdapter(DefaultAccountAdapter):
    """Close self-registration: an account belongs to a person on the company's books."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def locked_out(request: HttpRequest, response: Any, credentials: dict[str, Any]) -> HttpResponse:
    """Tell a locked-out visitor in words when to try again."""
    return render(request, "account/locked_out.html", status=429)


def client_address(request: HttpRequest) -> str:
    """Give the visitor's address: behind a trusted proxy the last one in its list, which the proxy itself wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
