"""Database fields: money as fen, percentages as tenths, secrets encrypted; and `phone_hash__among=[…]`."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from zhangfa.core import crypto, money


class MoneyField(models.BigIntegerField):
    """CNY: Decimal with two decimals in Python, integer fen in the database, on both engines."""

    description = "CNY"
    # What the type checker takes for the attribute; the base class says int.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> Decimal | None:
        return None if value is None else money.from_fen(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return money.yuan(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else money.to_fen(money.yuan(value))


class TenthsField(models.IntegerField):
    """A percentage with one decimal in Python, integer tenths in the database."""

    description = "percent"
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-1)

    def to_python(self, value: Any) -> Decimal | None:
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        return int(Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP).scaleb(1))


class EncryptedTextField(models.TextField):
    """Text that rests encrypted; equality look-ups go through a fingerprint column beside it."""

    description = "encrypted text"

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        return crypto.decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> str | None:
        return crypto.encrypt(str(value)) if value else value


@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """One of these numbers or texts, all as one parameter: `__in` asks each of them several questions."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(self.rhs))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(list(self.rhs)))  # noqa: S608
