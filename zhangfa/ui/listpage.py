"""The list page: filters, search, order, pages and export of a model's rows, as a domain declares them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from zhangfa.ui import exports, filters, paging, tables, words
from zhangfa.ui.page import Page
from zhangfa.ui.tables import Column, Empty, Link


class ListPage(Page, abstract=True):
    """Rows that the actor may see: filtered and searched in the address, paged by key, exported as shown."""

    template_name = "ui/list.html"
    model: type[Model]
    columns: Sequence[Column] = ()
    sorts: dict[str, tuple[Any, ...]] = {"new": ("", "-pk")}
    filterset_class: Any = None
    select_related: Sequence[str] = ()
    prefetch_related: Sequence[str] = ()
    only: Sequence[str] = ()  # what the default columns read, where a row holds much more
    links: Sequence[Link] = ()
    empty = Empty("")
    is_searchable = True
    is_exportable = True
    per_page = 25

    def rows(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.actor)  # type: ignore[attr-defined]

    def search(self, rows: QuerySet[Any], q: str) -> QuerySet[Any]:
        return rows.search(q) if q and hasattr(rows, "search") else rows

    def row_url(self, row: Any) -> str:
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_exportable and request.GET.get("export") == "xlsx":
            return exports.answer(self)
        context = self.get_context_data(**kwargs)
        wants_list = self.is_fragment and request.headers.get("HX-Target") == "list"
        return self.response_class(request, "ui/parts/list.html" if wants_list else self.get_template_names(), context)

    @cached_property
    def filterset(self) -> Any:
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET, queryset=self.model._default_manager.none(), request=self.request)

    @cached_property
    def query(self) -> tuple[str, bool]:
        return filters.typed_query(self.request.GET) if self.is_searchable else ("", True)

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns that the reader chose, or all that are not optional."""
        chosen = set(self.request.GET.getlist("col"))
        known = {column.name for column in self.columns}
        return [c for c in self.columns if (c.name in chosen if chosen & known else not c.optional)]

    @property
    def can_be_kept(self) -> bool:
        """Whether there is anything to choose that a saved view could bring back."""
        return bool(self.filterset_class or len(self.sorts) > 1 or any(c.optional for c in self.columns))

    @cached_property
    def sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        return asked if asked in self.sorts else next(iter(self.sorts))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.filterset is not None and self.filterset.is_bound:
            self.filterset.form.is_valid()
            rows = self.filterset.filter_queryset(rows)
        return self.search(rows, self.query[0])

    @property
    def is_narrowed(self) -> bool:
        return self.filterset is not None and self.filterset.is_bound and any(self.filterset.form.cleaned_data.values())

    def branches(self) -> list[QuerySet[Any]]:
        own = type(self).rows is not ListPage.rows
        rows = self.rows() if own else self.model._default_manager.all()
        # The branches are what may be seen: asking `visible_to` besides would look at every row twice.
        parts = rows.branches(self.actor) if hasattr(rows, "branches") else [rows if own else self.rows()]
        return [self.narrow(part) for part in parts]

    def keys(self) -> list[paging.Key]:
        return paging.keys_for(self.model, self.sorts[self.sort][1:])

    def load(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with what their cells need, so that a page costs the same number of queries at any size."""
        rows = rows.select_related(*self.select_related).prefetch_related(*self.prefetch_related)
        # A reader's own columns may read anything: then the whole row is loaded.
        is_default = self.only and all(not column.optional for column in self.shown_columns)
        return rows.only(*self.only) if is_default else rows

    def complete(self, rows: Sequence[Any]) -> None:
        """What the cells of these rows need besides, in reads of their own."""

    def window(self) -> paging.Window:
        parts = self.branches()
        rows = self.load(parts[0] if len(parts) == 1 else self.model._default_manager.all())
        data = self.request.GET
        found = paging.window(
            parts, rows, self.keys(), self.per_page, after=data.get("after", ""), before=data.get("before", ""),
            is_searched=bool(self.query[0]), is_narrowed=self.is_narrowed,
        )  # fmt: skip
        self.complete(found.rows)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        window, columns = self.window(), self.shown_columns
        q, is_readable = self.query
        return super().get_context_data(
            window=window, columns=columns, q=q, is_readable=is_readable, filterset=self.filterset,
            table=tables.body(columns, window.rows, self),
            chips=filters.chips(self.filterset, self.request.GET), optional=[c for c in self.columns if c.optional],
            sorts=[(key, words.text(spec[0])) for key, spec in self.sorts.items() if spec[0]], sort=self.sort,
            links=[(link, link.reasons(self.actor, self.at)) for link in self.links if link.is_open(self.actor, self.at)],
            export_address=self.address(export="xlsx"), next_address=self.address(after=window.after),
            previous_address=self.address(before=window.before), **kwargs,
        )  # fmt: skip

    def empty_text(self) -> Any:
        return self.empty.said_to(self.actor, self.at)

    def address(self, **changes: str) -> str:
        """This list's address with some parameters changed; an empty value drops one, paging starts afresh."""
        data = self.request.GET.copy()
        for key in ("after", "before", "export", *changes):
            data.pop(key, None)
        for key, value in changes.items():
            if value:
                data[key] = value
        return "?" + data.urlencode()
