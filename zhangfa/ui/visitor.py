"""Where a request comes from, and whether whoever sends it is who signed in."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Give the visitor's address: behind a trusted proxy the last one in its list, which the proxy itself wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def knows_password(request: HttpRequest, password: str) -> bool:
    """Whether this is the signed-in person's password; wrong ones count towards the lock-out like those at sign-in."""
    name = request.user.get_username()
    user = authenticate(request, username=name, login=name, password=password)
    return user is not None and user.pk == request.user.pk
