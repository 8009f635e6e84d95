"""One call of the interface: who asks, when, and what can stop it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from zhangfa.ui.access import NotPermitted, Permission


class Missing(Exception):
    """Not there, or not to be seen by this person: the answer is the same."""


class Unreadable(Exception):
    """The request itself can't be read: status and code of the answer."""

    def __init__(self, status: int, code: str):
        self.status, self.code = status, code
        super().__init__(code)


class InvalidInput(Exception):
    """The input has mistakes, by field; `errors` are about the whole."""

    def __init__(self, fields: Mapping[str, list[str]], errors: list[str] | None = None):
        self.fields, self.errors = dict(fields), errors or []
        super().__init__(", ".join(self.fields))


class TooMany(Exception):
    """More calls in a minute than the interface serves; `wait` in seconds."""

    def __init__(self, wait: int):
        self.wait = wait
        super().__init__(str(wait))


@dataclass(frozen=True)
class Call:
    """The facts of one call, as every operation receives them."""

    request: HttpRequest
    actor: Any
    at: dt.datetime
    path: Mapping[str, Any] = field(default_factory=dict)

    def check(self, permission: Permission, obj: Any = None) -> None:
        """Raise `NotPermitted` with the reasons."""
        if refusals := tuple(permission(obj, by=self.actor, at=self.at)):
            raise NotPermitted(refusals)

    def one(self, rows: QuerySet[Any], **lookup: Any) -> Any:
        """The row, or `Missing`: also where the address holds what can be nobody's key."""
        try:
            found = rows.filter(**lookup).first()
        except (TypeError, ValueError, ValidationError):
            raise Missing from None
        if found is None:
            raise Missing
        return found
