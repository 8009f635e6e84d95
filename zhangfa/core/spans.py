"""Time between two instants as the database counts it itself."""

from __future__ import annotations

from typing import Any

from django.db.models import FloatField, Func


class DaysBetween(Func):
    """Days, with their fraction, from the first instant to the second: Django's own difference calls Python for every row of SQLite."""

    arity = 2
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **_rest: Any) -> tuple[str, Any]:
        return self._written("(julianday({end}) - julianday({begin}))", compiler)

    def as_postgresql(self, compiler: Any, connection: Any, **_rest: Any) -> tuple[str, Any]:
        return self._written("(EXTRACT(EPOCH FROM ({end} - {begin})) / 86400.0)", compiler)

    def _written(self, form: str, compiler: Any) -> tuple[str, Any]:
        (begin, first), (end, second) = (compiler.compile(one) for one in self.source_expressions)
        return form.format(begin=begin, end=end), (*second, *first)
