"""What a person keeps about the pages themselves."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.ui.models import SavedView

MOST, LONGEST = 20, 1000


def save_view(*, page: str, query: str, name: str, by: Any) -> SavedView:
    """Keep a list's filters, columns and order; the same name again replaces what it held."""
    if len(query) > LONGEST:
        demand([Refusal("view.long", _("筛选的内容太长，不能保存。请去掉一些筛选。"))])
    with transaction.atomic():
        mine = SavedView.objects.filter(user_id=by.user_id, page=page)
        if not mine.filter(name=name).exists() and mine.count() >= MOST:
            demand([Refusal("view.many", _("一个列表最多保存 %(most)s 个视图，请先删除不用的。"), {"most": MOST})])
        view, _is_new = SavedView.objects.update_or_create(
            user_id=by.user_id, page=page, name=name, defaults={"query": query}
        )
    return view


def remove_view(view: SavedView) -> None:
    """Forget a saved view; the list itself stays as it is."""
    view.delete()
