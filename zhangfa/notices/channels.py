"""Ways out of the house: mail, WeCom, DingTalk and Feishu through Apprise, where the company has set them up."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings


def _addresses() -> dict[str, str]:
    """Channel name to Apprise address; `{no}` and `{username}` stand for the reader."""
    return dict(getattr(settings, "NOTICE_CHANNELS", {}))


def names() -> list[str]:
    return sorted(_addresses())


def address_for(channel: str, person: Any) -> str | None:
    """Where this reader is reached; None where the channel is gone or the reader has no login."""
    template = _addresses().get(channel)
    user = getattr(person, "user", None)
    if template is None or ("{username}" in template and user is None):
        return None
    return template.replace("{no}", quote(person.no, safe="")).replace(
        "{username}", quote(user.username if user else "", safe="")
    )


def send(address: str, title: str, body: str) -> bool:
    """Hand one message to its gateway; False when it was not taken."""
    from apprise import Apprise  # a megabyte of plug-ins that most installations never need

    gateway = Apprise()
    return bool(gateway.add(address) and gateway.notify(title=title, body=body))
