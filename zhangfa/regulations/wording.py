"""Stored codes of regulations in the reader's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.policy.queries import definition_of, figure_on, in_words, words_of
from zhangfa.policy.values import typed
from zhangfa.policy.wording import language, post_name
from zhangfa.policy.wording import title as figure_title
from zhangfa.regulations.choices import ALL, Vital
from zhangfa.regulations.models import Regulation
from zhangfa.ui import words


def posts_words(posts: Iterable[str]) -> str:
    """All staff, or the posts by name."""
    return words.join(_("全体员工") if code == ALL else str(post_name(code)) for code in posts)


def vital_words(codes: Iterable[str]) -> str:
    labels = dict(Vital.choices)
    return words.join(words.text(labels[code]) for code in codes if code in labels)


def consulted_words(row: Regulation) -> str:
    """When, how and with how many the staff was consulted, and what came of it."""
    if row.consulted_on is None:
        return ""
    return _("%(day)s，%(how)s，%(count)s 人参加：%(result)s") % {
        "day": row.consulted_on, "how": row.consulted_how, "count": row.consulted_count, "result": row.consulted_result,
    }  # fmt: skip


def figure_words(row: Regulation) -> str:
    """Which figure becomes what, in words: from the value of the day before, or of the day of the draft."""
    if not row.policy_key:
        return ""
    definition = definition_of(row.policy_key)
    day = row.effective_on - dt.timedelta(days=1) if row.effective_on else clock.local_date(row.drafted_at)
    return _("%(name)s：%(old)s → %(new)s") % {
        "name": figure_title(definition), "old": in_words(figure_on(row.policy_key, day), language()),
        "new": words_of(definition, typed(definition.kind, row.policy_value), language()),
    }  # fmt: skip


def effective_words(row: Regulation) -> str:
    """The day from which it binds; before it is promulgated, the day that is planned."""
    if row.effective_on is None or row.promulgated_at is not None:
        return row.effective_on.isoformat() if row.effective_on else ""
    return _("%(day)s（拟）") % {"day": row.effective_on.isoformat()}
