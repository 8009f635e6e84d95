"""Who is signed in with which browser: noted when somebody signs in, so that they know it again and may end it."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.organisation.models import SignIn
from zhangfa.ui.visitor import client_address

# The first that fits: most browsers also name those whom they resemble.
BROWSERS = (
    ("MicroMessenger", "微信", "WeChat"), ("DingTalk", "钉钉", "DingTalk"), ("Lark|Feishu", "飞书", "Feishu"), ("Edg", "Edge", "Edge"),
    ("Firefox", "Firefox", "Firefox"), ("Chrome|CriOS", "Chrome", "Chrome"), ("Safari", "Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS|OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def note(request: Any, user: Any, **_signal: Any) -> None:
    """Django's signal of a sign-in."""
    if request.session.session_key is None:
        request.session.save()
    SignIn.objects.update_or_create(session_key=request.session.session_key, defaults=facts_of(request, user))


def renew(request: Any, user: Any, **_signal: Any) -> None:
    """A changed password ended every other session and gave this one a new key."""
    SignIn.objects.filter(user=user).delete()
    note(request, user)


def facts_of(request: Any, user: Any) -> dict[str, Any]:
    """What is kept of a browser; its own words may say anything, so they are cut and shown as text."""
    device = request.META.get("HTTP_USER_AGENT", "").encode("utf-8", "replace").decode()[:200].replace("\x00", "")
    address = client_address(request)[:45]
    return {"user": user, "signed_in_at": clock.now(), "device": device, "address": address}


def device_words(device: str, lang: str) -> str:
    """`Chrome · Windows`: what a person recognises."""
    browser = next((en if lang == "en" else zh for mark, zh, en in BROWSERS if re.search(mark, device)), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, device)), "")
    return " · ".join(part for part in (browser, system) if part) or device[:40] or _("未知设备")
