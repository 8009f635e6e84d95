"""Once-keys: the same request sent twice has one effect and gets the same answer."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError

from zhangfa.core.bulk import write
from zhangfa.core.decisions import Refusal, Refused
from zhangfa.core.text import _
from zhangfa.core.work import work
from zhangfa.runtime.models import Once

MAX_KEY = 80


@dataclass(frozen=True)
class Answer:
    """What was answered: status, body, and where a page was sent on to."""

    status: int
    body: str = ""
    location: str = ""
    is_replay: bool = False


def digest_of(*parts: bytes | str) -> str:
    """One digest over the parts of a request (method, address, body)."""
    total = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


class _Repeated(Exception):
    """The key is there already: somebody sends the same again."""


def run(
    key: str, scope: str, digest: str, fn: Callable[[], Answer], *, at: dt.datetime, expected: Answer | None = None
) -> Answer:
    """Do the work once per key and scope (who and where); a repeat gets the stored answer, another body is refused.

    The answer is stored in the work's own transaction; answers from 400 on are not kept, so that the sender can mend and repeat.
    `expected` is what the work will most likely answer: stored with the key, it is written again only if it comes out otherwise.
    """
    if not 1 <= len(key) <= MAX_KEY:
        raise Refused([Refusal("once.key", _("防重复键的长度应为1到%(max)s个字符。"), {"max": MAX_KEY})])
    try:
        with work():
            row = _take(Once(key=key, scope=scope, digest=digest, created_at=at), expected or Answer(0))
            answer = fn()
            if answer.status >= 400:
                row.delete()
            elif answer != expected:
                row.status, row.body, row.location = answer.status, answer.body, answer.location
                row.save(update_fields=["status", "body", "location"])
            return answer
    except _Repeated:
        return _stored(Once.objects.get(key=key, scope=scope), digest)


def _take(row: Once, expected: Answer) -> Once:
    row.status, row.body, row.location = expected.status, expected.body, expected.location
    try:
        write([row])
    except IntegrityError:
        raise _Repeated from None
    return row


def is_known(key: str, scope: str) -> bool:
    """Whether this key has had its effect already."""
    return Once.objects.filter(key=key, scope=scope).exists()


def _stored(row: Once, digest: str) -> Answer:
    if row.digest != digest:
        raise Refused([Refusal("once.reused", _("这次提交与先前同一编号的提交内容不同，请刷新页面后重新提交。"))])
    return Answer(row.status, row.body, row.location, is_replay=True)
