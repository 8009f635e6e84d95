"""Words for a database or disk that can't take anything just now: the same for pages and programs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhangfa.runtime.trouble import FULL


def title(trouble: str) -> str:
    return _("存储空间已满") if trouble == FULL else _("系统暂时不可用")


def text(trouble: str) -> str:
    """What happened and what to do; nobody can know whether a lost connection still carried the last word."""
    if trouble == FULL:
        return _("服务器存不下了，这次没有办成。请告诉系统管理员腾出空间，然后再试。")
    return _("系统正在重启或正忙，这次可能没有办成。请稍后再试；一直不行时，请告诉系统管理员时间和页面。")


def headers(trouble: str) -> dict[str, str]:
    """When to come again: somebody has to make room, a restart passes by itself."""
    return {"Retry-After": "300" if trouble == FULL else "10"}
