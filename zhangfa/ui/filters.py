"""Filters that live in the address of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import django_filters as df
from django.db import connections
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.core.text import TextError, clean
from zhangfa.ui.forms import DateField, LookupField


class FilterSet(df.FilterSet):
    """django-filter's set; invalid input is a message beside the filter and leaves the list unfiltered by it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for one in self.filters.values():
            if isinstance(one, df.ChoiceFilter | df.ModelChoiceFilter):
                one.extra.setdefault("empty_label", _("全部"))


class RareChoiceFilter(df.ChoiceFilter):  # type: ignore[misc]
    """A choice of which some values are rare: those have an index of their own, whose condition the question then says.

    In such a scope PostgreSQL is not told: it sees by itself that the condition holds, and would think the rows fewer than they are.
    `unless`: columns that narrow more than the choice does; where the reader's scope is one of them, their index leads,
    for the values of `near` the one that holds only those.
    """

    def __init__(
        self, *args: Any, rare: Sequence[str], unless: Sequence[str] = (), near: Sequence[str] = (), **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.rare, self.near, self.unless = tuple(rare), tuple(near), frozenset(unless)

    def filter(self, qs: Any, value: Any) -> Any:
        found = super().filter(qs, value)
        targets = (getattr(getattr(part, "lhs", None), "target", None) for part in qs.query.where.children)
        is_narrow = any(target is not None and target.attname in self.unless for target in targets)
        if is_narrow and connections[qs.db].vendor != "sqlite":
            return found
        listed = self.near if is_narrow else self.rare
        return found.filter(**{f"{self.field_name}__listed": listed}) if value in listed else found


class LookupFilter(df.Filter):  # type: ignore[misc]
    """One row of a long table, found by typing."""

    field_class = LookupField


class BoundFilterSet(FilterSet):
    """A set whose typed-search fields know who asks."""

    @property
    def form(self) -> Any:
        form = super().form
        for field in form.fields.values():
            if isinstance(field, LookupField):
                field.bind(getattr(self.request, "actor", None), clock.now())
        return form


class DayFrom(df.DateFilter):
    """Rows whose instant falls on this day or later; compares instants, so that an index serves it."""

    field_class = DateField

    def __init__(self, field_name: str, *, label: Any = None):
        super().__init__(field_name=field_name, label=label or _("从"))

    def filter(self, qs: Any, value: dt.date | None) -> Any:
        return qs.filter(**{f"{self.field_name}__gte": clock.day_start(value)}) if value else qs


class DayTo(DayFrom):
    """Rows whose instant falls on this day or earlier."""

    def __init__(self, field_name: str, *, label: Any = None):
        super().__init__(field_name, label=label or _("到"))

    def filter(self, qs: Any, value: dt.date | None) -> Any:
        return qs.filter(**{f"{self.field_name}__lt": clock.day_start(value + dt.timedelta(days=1))}) if value else qs


def typed_query(data: QueryDict) -> tuple[str, bool]:
    """The search text of the address, and whether it could be read."""
    try:
        return clean(data.get("q", ""), max_length=60), True
    except TextError:
        return "", False


def chips(filterset: Any, data: QueryDict) -> list[tuple[str, str, str]]:
    """The filters that are on: name, value in words, address without it."""
    if filterset is None or not filterset.form.is_bound:
        return []
    filterset.form.is_valid()
    found = []
    for name, value in filterset.form.cleaned_data.items():
        if value in (None, "", [], False):
            continue
        bound = filterset.form[name]
        # Choices that are only worked out when they are asked for have no length: whether there are any can't be asked.
        choices = dict(getattr(bound.field, "choices", ()))
        known = bound.field.widget.known if isinstance(bound.field, LookupField) else None
        shown = (
            (known and known.label)
            or choices.get(value)
            or choices.get(str(value))
            or (str(_("是")) if value is True else str(value))
        )
        rest = data.copy()
        for key in (name, f"{name}-q", "after", "before"):
            rest.pop(key, None)
        found.append((str(bound.label), str(shown), "?" + rest.urlencode()))
    return found
