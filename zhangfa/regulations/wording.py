"""Stored codes of regulations in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhangfa.policy.wording import post_name
from zhangfa.regulations.choices import ALL, Vital
from zhangfa.ui import words


def posts_words(posts: Iterable[str]) -> str:
    """All staff, or the posts by name."""
    return words.join(_("全体员工") if code == ALL else str(post_name(code)) for code in posts)


def vital_words(codes: Iterable[str]) -> str:
    labels = dict(Vital.choices)
    return words.join(words.text(labels[code]) for code in codes if code in labels)
