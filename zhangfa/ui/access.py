"""Permissions that many pages share; a page's own live in its app's `permissions.py`.

A permission is called as `permission(obj, *, by, at)` and yields the refusals; nothing yielded means allowed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

Permission = Callable[..., Iterable[Refusal]]


class NotPermitted(PermissionDenied):
    """A page said no to somebody who may know that it exists; carries the reasons for the 403 page."""

    def __init__(self, refusals: Iterable[Refusal]):
        self.refusals = tuple(refusals)
        super().__init__(", ".join(refusal.code for refusal in self.refusals))


def everyone(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Any signed-in person."""
    return iter(())


def public(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Anybody, without signing in: a customer's own link."""
    return iter(())


def posts(*codes: str) -> Permission:
    """Only the holders of these posts, delegates included."""

    def permission(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
        if not by.holds(*codes):
            yield Refusal("post", _("这个页面只对相关岗位开放。"), who=codes)

    return permission


def technical(obj: Any = None, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
    """Only the technical administrator, who keeps users and settings."""
    if not by.is_technical:
        yield Refusal("technical", _("这个页面只对系统管理员开放。"))


def is_open(permission: Permission, *, by: Any, at: dt.datetime, obj: Any = None) -> bool:
    return not any(True for _refusal in permission(obj, by=by, at=at))
