"""What a new company still needs before its first accident can go its way: on the workbench of who can set it up (X-4, X-5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.core import clock
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Holding, Unit
from zhangfa.organisation.permissions import edit_chart, manage_users
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import Item
from zhangfa.ui.words import join, post_names

# From the call to the payment: each line is one part, whoever of it is there will do.
PARTS = (("gm",), ("am",), ("cs",), ("cc",), ("op", "ops"), ("hs", "ls"), ("oa", "sl"), ("fin",))
COMPLETE, SECONDS = "organisation.complete", 600


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """The next steps of setting up; nothing once the way from the call to the payment has its people."""
    keeps_logins = is_open(manage_users, by=actor, at=at)
    key = f"{COMPLETE}.{int(keeps_logins)}"
    if not is_open(edit_chart, by=actor, at=at) or cache.get(key):
        return []
    found = list(_steps(at, keeps_logins=keeps_logins))
    if not found:
        cache.set(key, True, SECONDS)
    return found


def _steps(at: dt.datetime, *, keeps_logins: bool) -> Iterator[Item]:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__is_active=True, person__left_on=None)
    held = held.filter(seat__post__in=[post for part in PARTS for post in part])
    rows = set(held.values_list("seat__post_id", "person__user__is_active").distinct())
    posts, reachable = {post for post, _has in rows}, {post for post, has in rows if has}
    if not ({"oa", "sl"} & posts or Unit.objects.filter(kind__in=("outlet", "site"), is_active=True).exists()):
        yield Item(
            lazy("设立部门和网点"),
            reverse("organisation:unit-new"),
            note=_("先部门，再网点；也可以从“导入”用表格一次登记。"),
        )
    if empty := [part[0] for part in PARTS if not posts.intersection(part)]:
        words = _("还没有人任职：%(posts)s。先在单位里新设席位，再登记人员、安排任职。") % {
            "posts": join(post_names(empty))
        }
        yield Item(lazy("安排任职"), reverse("organisation:chart"), note=words)
    if keeps_logins and (
        silent := [part[0] for part in PARTS if posts.intersection(part) and not reachable.intersection(part)]
    ):
        words = _("有人任职但不能登录：%(posts)s。") % {"posts": join(post_names(silent))}
        yield Item(lazy("开通登录账号"), reverse("organisation:user-new"), note=words)
